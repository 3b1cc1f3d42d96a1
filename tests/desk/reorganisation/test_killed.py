"""Applying is killed in the middle, again and again, and leaves either nothing or everything.

Real processes on a database of their own; each attempt begins with a fresh copy of it.
"""

import pytest

from tests.desk.killing import finish, killed_after, killed_again_and_again, own_databases, state

PREPARE = """
from django.core.management import call_command
call_command("migrate", verbosity=0)
from desk.reorganisation.applying import check
from tests.desk.reorganisation.acting import choose_first
from tests.desk.reorganisation.provinces import draft, write_province
event = draft(write_province(300))
choose_first(event)
check(event, seen=event.revision)
"""
APPLY = """
from cells.models import Reorganisation
from desk.reorganisation.applying import apply
event = Reorganisation.objects.get()
print("begun", flush=True)
apply(event, seen=event.revision)
"""


@pytest.mark.soak
@pytest.mark.without_database
def test_applying_that_is_killed_leaves_nothing_or_everything(tmp_path):
    with own_databases(tmp_path) as databases:
        left, after = killed_again_and_again(databases, PREPARE, APPLY)

        # What was broken off can be done once more. PostgreSQL gives no number twice, so new rows have others.
        assert "nothing" in left
        url = databases.copy("prepared", "killed")
        killed_after(APPLY, 0, url)
        finish(APPLY, url)
        assert state(url)["cells.Reorganisation"] == after["cells.Reorganisation"]
