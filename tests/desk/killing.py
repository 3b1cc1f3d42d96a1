"""Real processes on databases of their own, killed in the middle of what they do."""

import json
import logging
import os
import random
import shutil
import subprocess
import sys
import time
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import quote

import psycopg2
from django.db import connections

logger = logging.getLogger(__name__)

ROOT = Path(__file__).resolve().parents[2]
TIMES = 10

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
    # PostgreSQL gives bytes as a view, which is shown by its address.
    found = model._base_manager.values_list(*fields)
    return sorted(repr([bytes(v) if isinstance(v, memoryview) else v for v in row]) for row in found)
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


@contextmanager
def own_databases(folder: Path):
    """Yield where databases are made that go with the test."""
    default = connections["default"]
    kept = OnPostgreSQL(default.settings_dict) if default.vendor == "postgresql" else OnSQLite(folder)
    try:
        yield kept
    finally:
        kept.remove()


def killed_after(script: str, seconds: float, url: str) -> None:
    """Begin the script, and kill its process that long after it has said that it begins."""
    process = start(script, url)
    assert process.stdout.readline() == "begun\n", process.stderr.read()
    time.sleep(seconds)
    process.kill()
    process.communicate()


def killed_again_and_again(databases, prepare: str, script: str) -> tuple[list[str], dict[str, str]]:
    """Kill the script once in each tenth of its time; return what was left each time, and a whole run's state.

    Each time there must be left either nothing or everything. The script prints "begun" when it begins.
    """
    before_url = databases.new("prepared")
    finish(prepare, before_url)
    before = state(before_url)
    whole_url = databases.copy("prepared", "whole")
    process = start(script, whole_url)
    assert process.stdout.readline() == "begun\n", process.stderr.read()
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
        killed_after(script, moment, url)
        found = state(url)
        different = {"before": _differing(found, before), "after": _differing(found, after)}
        assert found in (before, after), (moment, duration, different)
        left.append("everything" if found == after else "nothing")
    logger.info("Killed %d times within %.1f s; left: %s", TIMES, duration, ", ".join(left))
    return left, after


def _differing(one: dict, other: dict) -> list[str]:
    return sorted(label for label in other if one.get(label) != other[label])
