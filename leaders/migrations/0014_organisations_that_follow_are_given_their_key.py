from django.db import migrations

from sheets.text import fold


def give_keys(apps, schema_editor):
    """What is recorded gets its key, and its history too, from which rows are put back."""
    for name in ("Assignment", "HistoricalAssignment"):
        rows = apps.get_model("leaders", name).objects.exclude(organisation="")
        for text in set(rows.values_list("organisation", flat=True)):
            rows.filter(organisation=text).update(organisation_key=fold(text))


class Migration(migrations.Migration):
    """Apart from the columns: PostgreSQL changes no table whose rows have just been written."""

    dependencies = [
        ("leaders", "0013_organisations_that_follow_have_a_key"),
    ]

    operations = [
        migrations.RunPython(give_keys, migrations.RunPython.noop),
    ]
