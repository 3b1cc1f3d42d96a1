"""The databases of the tests: what takes long to make is made once, kept as a template and copied.

A template is named by what it is made of, so a change of that makes another one. Templates of SQLite are files
in var/, those of PostgreSQL are databases beside the ones of the tests. A clean checkout has none: there, and
wherever a migration has changed, the migrations run from zero.
"""

import hashlib
import sqlite3
from contextlib import closing, contextmanager
from functools import cache
from io import StringIO
from pathlib import Path

from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from cells.loading import load_country

ROOT = Path(__file__).resolve().parent.parent
HOME = ROOT / "var" / "test-templates"
CODE = [
    f"{app}/**/*.*" for app in ("accounts", "cells", "leaders", "evaluations", "dashboards", "desk", "sheets")
]


def _migrate():
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)


def _load_samples():
    call_command("load_samples", stdout=StringIO())


# Each stage goes on from the one before it: how it is made, and which files decide what it holds.
STAGES = {
    "migrated": (_migrate, ["*/migrations/*.py", "cells/exclusion.py", "requirements.txt"]),
    "country": (load_country, CODE),
    "samples": (_load_samples, CODE),
}


_shown = "migrated"


def show(stage: str, *, anew: bool = False) -> None:
    """Let the connection see a copy of this stage of its own; anew: whatever was committed to it is gone."""
    global _shown
    if anew:
        store().throw_away()
    store().show(_template(stage), stage)
    _shown = stage


def show_again() -> None:
    """Let the connection see another copy of what it saw."""
    show(_shown, anew=True)


def file_of(stage: str) -> Path:
    """Return this stage as a file of SQLite, for a site of its own."""
    assert connection.vendor == "sqlite"
    file = HOME / f"{_template(stage)}.sqlite3"
    show("migrated")
    return file


def _template(stage: str) -> str:
    """Return the name of this stage's template, which is made where nobody has made it yet."""
    before = _before(stage) and _template(_before(stage))
    name, make = _name(stage), STAGES[stage][0]
    if store().has(name):
        return name
    with _alone():
        if not store().has(name):
            store().begin(before)
            make()
            store().keep(name)
            store().forget([old for old in store().all() if old.startswith(stage) and old != name])
    return name


def _before(stage: str) -> str | None:
    stages = list(STAGES)
    return stages[stages.index(stage) - 1] if stage != stages[0] else None


@cache
def _name(stage: str) -> str:
    # Samples are told from today, and whatever is loaded is loaded by today's code.
    patterns = STAGES[stage][1]
    made_of = [_name(_before(stage)), str(timezone.localdate())] if _before(stage) else []
    total = hashlib.sha256(" ".join(made_of).encode())
    for path in sorted({path for pattern in patterns for path in ROOT.glob(pattern)}):
        if "__pycache__" not in path.parts:
            total.update(path.relative_to(ROOT).as_posix().encode() + path.read_bytes())
    return f"{stage}_{total.hexdigest()[:12]}"


@contextmanager
def _alone():
    """Hold off whoever makes templates here meanwhile; SQLite lets go of its locks when a process dies."""
    HOME.mkdir(parents=True, exist_ok=True)
    with closing(sqlite3.connect(HOME / "lock", timeout=600, isolation_level=None)) as lock:
        lock.execute("BEGIN EXCLUSIVE")
        yield


class _Files:
    """Templates of SQLite are files; the database of the tests lies in memory and is written over."""

    def all(self) -> list[str]:
        return [path.stem for path in HOME.glob("*.sqlite3")]

    def has(self, name: str) -> bool:
        return name in self.all()

    def begin(self, template: str | None):
        if template:
            self.show(template)

    def keep(self, name: str):
        unfinished = HOME / f"{name}.new"
        with closing(sqlite3.connect(unfinished)) as file:
            connection.connection.backup(file)
        unfinished.replace(HOME / f"{name}.sqlite3")

    def forget(self, names: list[str]):
        for name in names:
            (HOME / f"{name}.sqlite3").unlink(missing_ok=True)

    def show(self, name: str, stage: str = ""):
        _name_in_settings(connection.creation._get_test_db_name())
        connection.ensure_connection()
        with closing(sqlite3.connect((HOME / f"{name}.sqlite3").as_uri() + "?mode=ro", uri=True)) as file:
            file.backup(connection.connection)

    def throw_away(self):
        connection.close()


class _Databases:
    """Templates of PostgreSQL are databases; each stage has a database of the tests of its own."""

    def __init__(self):
        self.base = connection.settings_dict["NAME"]
        self.own = connection.creation._get_test_db_name()
        self.shown = set()

    def all(self) -> list[str]:
        begins = f"{self.base}_template_"
        with connection._nodb_cursor() as cursor:
            cursor.execute("SELECT datname FROM pg_database")
            return [name.removeprefix(begins) for (name,) in cursor if name.startswith(begins)]

    def has(self, name: str) -> bool:
        return name in self.all()

    def begin(self, template: str | None):
        making = f"{self.base}_making"
        # What is still open would write what is made into the database that was shown before.
        connection.close()
        connection.settings_dict["TEST"]["NAME"] = making
        if template:
            self._copy(template, making)
            _name_in_settings(making)

    def keep(self, name: str):
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")
        connection.close()
        self._execute('ALTER DATABASE "{}" RENAME TO "{}"', f"{self.base}_making", self._database(name))

    def forget(self, names: list[str]):
        for name in names:
            self._execute('DROP DATABASE IF EXISTS "{}" WITH (FORCE)', self._database(name))

    def show(self, name: str, stage: str):
        connection.close()
        own = f"{self.own}_{stage}"
        if own not in self.shown:
            self._copy(name, own)
            self.shown.add(own)
        _name_in_settings(own)

    def throw_away(self):
        connection.close()
        while self.shown:
            self._execute('DROP DATABASE IF EXISTS "{}" WITH (FORCE)', self.shown.pop())

    def _database(self, name: str) -> str:
        return f"{self.base}_template_{name}"

    def _copy(self, template: str, name: str):
        self._execute('DROP DATABASE IF EXISTS "{}" WITH (FORCE)', name)
        self._execute('CREATE DATABASE "{}" TEMPLATE "{}"', name, self._database(template))
        # Nobody needs it after a power cut: what is committed need not have reached the disk.
        self._execute('ALTER DATABASE "{}" SET synchronous_commit TO off', name)

    def _execute(self, statement: str, *names: str):
        with connection._nodb_cursor() as cursor:
            cursor.execute(statement.format(*names))


@cache
def store() -> _Files | _Databases:
    return _Databases() if connection.vendor == "postgresql" else _Files()


def _name_in_settings(name: str):
    connection.settings_dict["NAME"] = name
