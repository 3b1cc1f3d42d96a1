from django.db import migrations
from django.db.models import OuterRef, Subquery


def tell(apps, schema_editor):
    """Every cell stands where its commune counts as standing today, as cells/copies.py says."""
    cells, units = apps.get_model("cells", "Cell").objects, apps.get_model("cells", "Unit").objects
    commune = units.filter(pk=OuterRef("commune"))
    cells.update(province=Subquery(commune.values("province")[:1]))


class Migration(migrations.Migration):
    """Apart from the columns: PostgreSQL changes no table whose rows have just been written."""

    dependencies = [
        ("cells", "0010_cells_know_their_province"),
    ]

    operations = [
        migrations.RunPython(tell, migrations.RunPython.noop),
    ]
