"""Writing a file is killed in the middle, again and again, and leaves either nothing or everything.

Real processes on a database of their own; each attempt begins with a fresh copy of it.
"""

import pytest

from tests.desk.killing import finish, killed_after, killed_again_and_again, own_databases, state

PREPARE = """
from django.core.management import call_command
call_command("migrate", verbosity=0)
call_command("createcachetable", verbosity=0)
from accounts.changes import recording
from tests import factories
from tests.desk.importing.desk import answer, check, hand_in, workbook
with recording(reason="test"):
    province = factories.province(name="Vĩnh Long", code="86")
    factories.commune(parent=province, name="Tam Phước", code="28831")
    officer = factories.user(username="officer", keeps=[province])
rows = [[n, f"Ấp {n}", f"Chi bộ ấp {n}", 100 + n, n % 90, 20 + n % 9] for n in range(1, 301)]
head = ["TT", "Ấp", "Chi bộ", "Số hộ", "Hộ nghèo", "Đảng viên"]
batch = hand_in(officer, workbook(head, *rows), kind="hamlets")
answer(batch, asked={"day": "31/12/2021", "commune": "Xã Tam Phước"})
shown = check(batch, officer)
assert shown["counts"]["new"] == 300, shown
"""
WRITE = """
from accounts.models import User
from desk.models import ImportBatch
from tests.desk.importing.desk import write
batch = ImportBatch.objects.get()
officer = User.objects.get(username="officer")
print("begun", flush=True)
write(batch, officer)
"""
COUNT = """
from cells.models import Cell, HouseholdCount, MemberCount, Unit
from desk.models import ImportBatch
facts = (Unit.objects.hamlets(), Cell.objects, HouseholdCount.objects, MemberCount.objects)
print(ImportBatch.objects.get().state, *(one.count() for one in facts))
"""


@pytest.mark.soak
@pytest.mark.without_database
def test_an_import_that_is_killed_leaves_nothing_or_everything(tmp_path):
    with own_databases(tmp_path) as databases:
        left, _after = killed_again_and_again(databases, PREPARE, WRITE)

        # Begun once more it ends well. PostgreSQL gives no number twice, so new rows have others there.
        assert "nothing" in left
        url = databases.copy("prepared", "killed")
        killed_after(WRITE, 0.2, url)
        finish(WRITE, url)
        state(url)
        assert finish(COUNT, url) == "done 300 300 300 300"
