from django.db import migrations


def mark_applied(apps, schema_editor):
    """What was recorded before reorganisations had states is what had happened."""
    Reorganisation = apps.get_model("cells", "Reorganisation")
    Reorganisation.objects.filter(lines__isnull=True).update(state="applied")


class Migration(migrations.Migration):
    dependencies = [("cells", "0003_reorganisations_have_lines")]

    operations = [
        # Without the column there is nothing to put back.
        migrations.RunPython(mark_applied, migrations.RunPython.noop),
    ]
