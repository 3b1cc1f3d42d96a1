from django.db import migrations

from cells.exclusion import no_shared_days

# Where the start is not known, a tenure is known from the day it was seen.
FIRST = "coalesce(starts_on, seen_on)"


def one_holder(name: str, body: str, office: str):
    return no_shared_days(
        "leaders_tenure", f"{name}_overlap", (body,), where=f"office = '{office}'", first=FIRST
    )


class Migration(migrations.Migration):
    dependencies = [("leaders", "0001_initial")]

    operations = [
        one_holder("tenure_one_open_secretary_per_cell", "cell_id", "secretary"),
        one_holder("tenure_one_open_head_per_hamlet", "hamlet_id", "hamlet_head"),
        one_holder("tenure_one_open_front_head_per_hamlet", "hamlet_id", "front_head"),
    ]
