"""Four processes write to one SQLite file at the same time and nothing is lost."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PROCESSES, EACH = 4, 15

PREPARE = """
from django.core.management import call_command
call_command("migrate", verbosity=0)
from cells.actions import NewUnit, open_units
(province,) = open_units([NewUnit(parent=None, kind="tinh", level="province", name="Tỉnh", code="01")])
open_units([NewUnit(parent=province, kind="xa", level="commune", name="Xã", code="00001")])
"""
WRITE = f"""
from cells.actions import NewCell, NewUnit, found_cells, open_units
from cells.models import Unit
commune = Unit.objects.get(level="commune")
for number in range({EACH}):
    (hamlet,) = open_units([NewUnit(parent=commune, kind="ap", name=str(number))])
    found_cells([NewCell(commune=commune, name=f"Chi bộ {{number}}", hamlets=[hamlet])])
"""
COUNT = """
from cells.models import Cell, Unit
from cells.checks import problems
hamlets = Unit.objects.hamlets()
print(hamlets.count(), hamlets.values("code").distinct().count(), Cell.objects.count(), len(list(problems())))
"""


def start(script: str, database: Path) -> subprocess.Popen:
    environment = os.environ | {
        "DATABASE_URL": f"sqlite:///{database}",
        "SECRET_KEY": "writers",
        "DEBUG": "off",
    }
    command = [sys.executable, "manage.py", "shell", "--no-imports", "-c", script]
    return subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def finish(process: subprocess.Popen) -> str:
    out, errors = process.communicate(timeout=120)
    assert process.returncode == 0, errors
    return out.strip()


@pytest.mark.soak
@pytest.mark.without_database
def test_four_processes_write_at_once_and_lose_nothing(tmp_path):
    database = tmp_path / "written.sqlite3"
    finish(start(PREPARE, database))

    for process in [start(WRITE, database) for _ in range(PROCESSES)]:
        finish(process)

    written = PROCESSES * EACH
    assert finish(start(COUNT, database)) == f"{written} {written} {written} 0"
