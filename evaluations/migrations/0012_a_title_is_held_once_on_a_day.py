from django.db import migrations

from cells.exclusion import no_shared_days


class Migration(migrations.Migration):
    """A cell holds a title once on a day; what was revoked no longer holds on the day of the revocation."""

    dependencies = [
        ('evaluations', '0011_fewer_may_be_none_at_all'),
    ]

    operations = [
        no_shared_days(
            "evaluations_titlecase",
            "titlecase_one_running_per_cell_and_title_overlap",
            ("cell_id + 0", "title_id + 0"),
            where="recognised_on IS NOT NULL",
            first="recognised_on",
            last="revoked_on",
            bounds="[)",
        ),
    ]
