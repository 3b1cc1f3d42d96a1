from datetime import date

from django.db import migrations, models
from django.db.models.functions import TruncMonth


def fill_months(apps, schema_editor):
    for name in ("Meeting", "HistoricalMeeting"):
        apps.get_model("cells", name).objects.update(month=TruncMonth("day"))


class Migration(migrations.Migration):
    dependencies = [("cells", "0007_meetings_notes_limits")]

    operations = [
        migrations.RemoveConstraint(model_name="meeting", name="meeting_not_held_has_no_result"),
        *[
            migrations.AddField(
                model_name=name,
                name="month",
                field=models.DateField(
                    default=date(2000, 1, 1), help_text="First day of the month.", verbose_name="month"
                ),
                preserve_default=False,
            )
            for name in ("historicalmeeting", "meeting")
        ],
        migrations.RunPython(fill_months, migrations.RunPython.noop),
        migrations.AddIndex(
            model_name="meeting",
            index=models.Index(fields=["month", "kind"], name="cells_meeti_month_be79f9_idx"),
        ),
        migrations.AddConstraint(
            model_name="meeting",
            constraint=models.CheckConstraint(
                condition=models.Q(month__day=1),
                name="meeting_month_is_its_first_day",
                violation_error_message="Give the first day of the month.",
            ),
        ),
        migrations.AddConstraint(
            model_name="meeting",
            constraint=models.UniqueConstraint(
                condition=models.Q(kind="regular"),
                fields=("cell", "month"),
                name="meeting_one_regular_per_cell_and_month",
                violation_error_message="The regular meeting of this month is recorded already.",
            ),
        ),
        migrations.AddConstraint(
            model_name="meeting",
            constraint=models.CheckConstraint(
                condition=models.Q(was_held=True)
                | models.Q(
                    committee_met__isnull=True,
                    day=models.F("month"),
                    grade="",
                    kind="regular",
                    present__isnull=True,
                ),
                name="meeting_not_held_has_no_result",
                violation_error_message="A meeting that was not held has nobody present and no grade.",
            ),
        ),
    ]
