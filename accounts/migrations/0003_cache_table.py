"""The table of the cache that all workers share (see CACHES in the settings)."""

from django.core.management import call_command
from django.db import migrations


def make_table(apps, schema_editor):
    call_command("createcachetable", database=schema_editor.connection.alias, verbosity=0)


class Migration(migrations.Migration):
    dependencies = [("accounts", "0002_second_factor_proxy")]

    operations = [
        # Going back leaves an empty table that nothing reads.
        migrations.RunPython(make_table, migrations.RunPython.noop),
    ]
