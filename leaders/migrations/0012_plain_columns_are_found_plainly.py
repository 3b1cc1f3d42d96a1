from django.db import migrations

from cells.exclusion import no_shared_days_anew

FIRST = "coalesce(starts_on, seen_on)"


def one_holder(name: str, body: str, office: str):
    return no_shared_days_anew(
        "leaders_tenure", f"{name}_overlap", (body,), where=f"office = '{office}'", first=FIRST
    )


class Migration(migrations.Migration):
    """The constraints of sites whose tables came about before no look-up was to go by them."""

    dependencies = [
        ('leaders', '0011_communes_assign_their_own_officers'),
    ]

    operations = [
        one_holder("tenure_one_open_secretary_per_cell", "cell_id + 0", "secretary"),
        one_holder("tenure_one_open_head_per_hamlet", "hamlet_id + 0", "hamlet_head"),
        one_holder("tenure_one_open_front_head_per_hamlet", "hamlet_id + 0", "front_head"),
    ]
