"""The rules of 2025 ask three yes/no conditions beside the points."""

from django.db import migrations


def ask_conditions(apps, schema_editor):
    apps.get_model("evaluations", "RuleSet").objects.filter(code="366-QĐ/TW").update(uses_conditions=True)


class Migration(migrations.Migration):
    dependencies = [("evaluations", "0004_review_by_steps")]

    operations = [
        # Going back drops the column.
        migrations.RunPython(ask_conditions, migrations.RunPython.noop),
    ]
