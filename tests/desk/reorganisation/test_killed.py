"""Applying is killed in the middle, again and again, and leaves either nothing or everything.

Real processes on a database of their own; each attempt begins with a fresh copy of it.
"""

import json
import logging
import os
import random
import shutil
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

import psycopg2
import pytest
from django.db import connections

logger = logging.getLogger(__name__)

ROOT = Path(__file__).resolve().parents[3]
TIMES = 10

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
# Every row of every table, histories too; only the moment at which it was written may differ.
LOOK = """
import hashlib, json
from itertools import chain
from django.apps import apps
from django.db.models import DateTimeField
from cells import checks as places
from evaluations import checks as ratings
from leaders import checks as seats
def rows(model):
    fields = [f.attname for f in model._meta.concrete_fields if not isinstance(f, DateTimeField)]
    return sorted(map(repr, model._base_manager.values_list(*fields)))
print(json.dumps({
    "problems": list(map(str, chain(places.problems(), seats.problems(), ratings.problems()))),
    "tables": {
        model._meta.label: hashlib.sha256("".join(rows(model)).encode()).hexdigest()
        for model in apps.get_models()
    },
}))
"""


def start(script: str, url: str) -> subprocess.Popen:
    environment = os.environ | {
        "DATABASE_URL": url,
        "SECRET_KEY": "only-for-tests",
        "DEBUG": "off",
        # Sets of words are gone through in the same order in every process.
        "PYTHONHASHSEED": "0",
    }
    command = [sys.executable, "manage.py", "shell", "--no-imports", "-c", script]
    return subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def finish(script: str, url: str) -> str:
    process = start(script, url)
    out, errors = process.communicate(timeout=300)
    assert process.returncode == 0, errors
    return out.strip()


def state(url: str) -> dict[str, str]:
    """Return what lies in each table; refuse what does not agree."""
    seen = json.loads(finish(LOOK, url))
    assert seen["problems"] == []
    return seen["tables"]


class OnSQLite:
    def __init__(self, folder: Path):
        self.folder = folder

    def url(self, name: str) -> str:
        return f"sqlite:///{(self.folder / name).as_posix()}"

    def copy(self, name: str, to: str) -> str:
        for file in self.folder.glob(f"{to}*"):
            file.unlink()
        shutil.copy(self.folder / name, self.folder / to)
        return self.url(to)

    def new(self, name: str) -> str:
        return self.url(name)

    def remove(self) -> None:
        """The folder goes with the test."""


class OnPostgreSQL:
    def __init__(self, settings: dict):
        self.settings = settings
        self.made: set[str] = set()

    def _full(self, name: str) -> str:
        return f"{self.settings['NAME']}_{name}"

    def _execute(self, statement: str) -> None:
        access = {key.lower(): self.settings[key] or None for key in ("HOST", "PORT", "USER", "PASSWORD")}
        with closing(psycopg2.connect(dbname="postgres", **access)) as connection:
            # No transaction makes or drops a database.
            connection.autocommit = True
            connection.cursor().execute(statement)

    def url(self, name: str) -> str:
        of = {key: quote(str(self.settings[key])) for key in ("USER", "PASSWORD", "HOST", "PORT")}
        return "postgres://{USER}:{PASSWORD}@{HOST}:{PORT}/".format(**of) + self._full(name)

    def new(self, name: str) -> str:
        self._create(name)
        return self.url(name)

    def copy(self, name: str, to: str) -> str:
        self._create(to, f'TEMPLATE "{self._full(name)}"')
        return self.url(to)

    def _create(self, name: str, how: str = "") -> None:
        self._execute(f'DROP DATABASE IF EXISTS "{self._full(name)}" WITH (FORCE)')
        self._execute(f'CREATE DATABASE "{self._full(name)}" {how}')
        self.made.add(name)

    def remove(self) -> None:
        for name in self.made:
            self._execute(f'DROP DATABASE IF EXISTS "{self._full(name)}" WITH (FORCE)')


@pytest.fixture
def databases(tmp_path):
    default = connections["default"]
    kept = OnPostgreSQL(default.settings_dict) if default.vendor == "postgresql" else OnSQLite(tmp_path)
    yield kept
    kept.remove()


def killed_after(seconds: float, url: str) -> None:
    """Begin to apply, and kill the process that long after it has begun."""
    process = start(APPLY, url)
    assert process.stdout.readline() == "begun\n", process.stderr.read()
    time.sleep(seconds)
    process.kill()
    process.communicate()


@pytest.mark.soak
@pytest.mark.django_db(databases=[])
def test_applying_that_is_killed_leaves_nothing_or_everything(databases):
    before_url = databases.new("prepared")
    finish(PREPARE, before_url)
    before = state(before_url)
    whole_url = databases.copy("prepared", "whole")
    process = start(APPLY, whole_url)
    assert process.stdout.readline() == "begun\n"
    begun = time.monotonic()
    _out, errors = process.communicate(timeout=300)
    assert process.returncode == 0, errors
    duration = time.monotonic() - begun
    after = state(whole_url)
    assert after != before

    left = []
    for turn in range(TIMES):
        # One moment, at random, in each tenth of the time it takes.
        moment = (turn + random.random()) / TIMES * duration  # noqa: S311 -- chance, no secret
        url = databases.copy("prepared", "killed")
        killed_after(moment, url)
        found = state(url)
        different = {"before": _differing(found, before), "after": _differing(found, after)}
        assert found in (before, after), (moment, duration, different)
        left.append("everything" if found == after else "nothing")
    logger.info("Killed %d times within %.1f s; left: %s", TIMES, duration, ", ".join(left))

    # What was broken off can be done once more. PostgreSQL gives no number twice, so new rows have others.
    assert "nothing" in left
    url = databases.copy("prepared", "killed")
    killed_after(0, url)
    finish(APPLY, url)
    assert state(url)["cells.Reorganisation"] == after["cells.Reorganisation"]


def _differing(one: dict, other: dict) -> list[str]:
    return sorted(label for label in other if one.get(label) != other[label])
