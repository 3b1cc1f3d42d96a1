"""The table in which counts of the whole country are kept (see CACHES in the settings)."""

from django.core.management import call_command
from django.db import migrations


def make_table(apps, schema_editor):
    call_command("createcachetable", database=schema_editor.connection.alias, verbosity=0)


class Migration(migrations.Migration):
    dependencies = [("dashboards", "0001_tables"), ("accounts", "0003_cache_table")]

    operations = [
        # Going back leaves an empty table that nothing reads.
        migrations.RunPython(make_table, migrations.RunPython.noop),
    ]
