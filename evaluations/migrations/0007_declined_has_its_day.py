from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    """A title that was not recognised says since when; nothing was declined before."""

    dependencies = [("evaluations", "0006_criteria_and_cases")]

    operations = [
        migrations.RemoveConstraint(model_name="titlecase", name="titlecase_declined_has_its_reason"),
        migrations.AddField(
            model_name="historicaltitlecase",
            name="declined_on",
            field=models.DateField(blank=True, null=True, verbose_name="not recognised on"),
        ),
        migrations.AddField(
            model_name="titlecase",
            name="declined_on",
            field=models.DateField(blank=True, null=True, verbose_name="not recognised on"),
        ),
        migrations.AddConstraint(
            model_name="titlecase",
            constraint=models.CheckConstraint(
                name="titlecase_declined_has_its_reason",
                condition=Q(state="declined", declined_on__isnull=False) & ~Q(declined_reason="")
                | ~Q(state="declined") & Q(declined_on__isnull=True, declined_reason=""),
                violation_error_message="Say when and why the title was not recognised.",
            ),
        ),
    ]
