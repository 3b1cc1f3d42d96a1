"""What long work tells while it runs, and whether anybody is working at it.

The work sits in one transaction, into which nobody else can look. So it speaks beside it:

- on PostgreSQL through a connection of its own, which writes at once into the row of the job and
  holds an advisory lock named after it;
- on SQLite, where the work itself is the one writer, through a small file, and by holding the lock
  of a second one. All processes of a SQLite site are on one machine.

Both locks end with the process that holds them, however it ends: no clock has to guess who is dead.
"""

import json
import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import NamedTuple
from uuid import UUID

from django.conf import settings
from django.core.files import locks
from django.db import DatabaseError, connection

logger = logging.getLogger(__name__)

# Seconds between two reports of one step; nobody reads faster.
INTERVAL = 0.3


class Told(NamedTuple):
    """A step in words, and how many of how many are done; a total of 0 is not known."""

    step: str = ""
    done: int = 0
    total: int = 0


class Progress:
    """How far the work is. Without a channel (in a shell, in a test) nobody listens."""

    def __init__(self, channel=None):
        self._channel = channel
        self._step = None
        self._next = 0.0

    def report(self, step: str, done: int = 0, total: int = 0) -> None:
        """Tell where the work is; may be called for every row."""
        if self._channel is None or (step == self._step and time.monotonic() < self._next):
            return
        self._step, self._next = step, time.monotonic() + INTERVAL
        try:
            self._channel.write(Told(str(step)[:200], done, total))
        except (DatabaseError, OSError):
            # The work goes on, whether or not it is heard of.
            logger.warning("Progress could not be told", exc_info=True)


@contextmanager
def held(pk: UUID) -> Iterator[Progress | None]:
    """Hold the job as long as the block runs; gives None where somebody else holds it."""
    with _channels().hold(pk) as channel:
        yield channel and Progress(channel)


def is_held(pk: UUID) -> bool:
    """Whether a living process is working at the job."""
    return _channels().is_held(pk)


def told(job) -> Told:
    """Return what the work said last, as seen from any other connection."""
    return _channels().read(job)


def forget(pks) -> None:
    """Remove what ended jobs have left behind."""
    for pk in pks:
        _channels().forget(pk)


def _channels():
    return PostgreSQLChannel if connection.vendor == "postgresql" else FileChannel


class PostgreSQLChannel:
    """A second connection, without a transaction: what it writes is seen at once."""

    def __init__(self, pk: UUID, own):
        self.pk, self._own = pk, own

    @classmethod
    @contextmanager
    def hold(cls, pk: UUID):
        own = connection.copy("progress")
        try:
            with own.cursor() as cursor:
                # The row may be locked by the very work that reports: better unheard than for ever waiting.
                cursor.execute("SET lock_timeout = '1s'")
                cursor.execute("SELECT pg_try_advisory_lock(%s)", [_lock_key(pk)])
                is_ours = cursor.fetchone()[0]
            yield cls(pk, own) if is_ours else None
        finally:
            # Closing alone would give it back as well, but only when the server has noticed.
            with suppress(DatabaseError), own.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock_all()")
            own.close()

    @staticmethod
    def is_held(pk: UUID) -> bool:
        key = _lock_key(pk) % 2**64
        with connection.cursor() as cursor:
            # Looked up, not tried: trying would take it for a moment from the worker.
            cursor.execute(
                "SELECT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND granted AND objsubid = 1"
                " AND classid::bigint = %s AND objid::bigint = %s"
                " AND database = (SELECT oid FROM pg_database WHERE datname = current_database()))",
                [key >> 32, key % 2**32],
            )
            return cursor.fetchone()[0]

    def write(self, new: Told) -> None:
        with self._own.cursor() as cursor:
            cursor.execute(
                "UPDATE desk_job SET step = %s, done = %s, total = %s WHERE id = %s", [*new, self.pk]
            )

    @staticmethod
    def read(job) -> Told:
        return Told(job.step, job.done, job.total)

    @staticmethod
    def forget(pk: UUID) -> None:
        """Nothing lies beside the row."""


def _lock_key(pk: UUID) -> int:
    return int.from_bytes(pk.bytes[:8], "big", signed=True)


class FileChannel:
    """A file that is replaced with every report, and another whose lock is held meanwhile."""

    def __init__(self, pk: UUID):
        self.pk = pk

    @classmethod
    @contextmanager
    def hold(cls, pk: UUID):
        settings.JOBS_ROOT.mkdir(parents=True, exist_ok=True)
        with _file(pk, "lock").open("ab") as file:
            yield cls(pk) if _try_lock(file, locks.LOCK_EX, seconds=1) else None

    @staticmethod
    def is_held(pk: UUID) -> bool:
        try:
            with _file(pk, "lock").open("rb") as file:
                # Shared and at once given back: two who look do not take each other for a worker.
                return not _try_lock(file, locks.LOCK_SH)
        except FileNotFoundError:
            return False

    def write(self, new: Told) -> None:
        draft = _file(self.pk, "new")
        draft.write_text(json.dumps(new), encoding="utf-8")
        draft.replace(_file(self.pk, "json"))

    @staticmethod
    def read(job) -> Told:
        try:
            return Told(*json.loads(_file(job.pk, "json").read_text(encoding="utf-8")))
        except (OSError, ValueError):
            return Told()

    @staticmethod
    def forget(pk: UUID) -> None:
        for suffix in ("lock", "json", "new"):
            with suppress(OSError):
                _file(pk, suffix).unlink()


def _file(pk: UUID, suffix: str):
    return settings.JOBS_ROOT / f"{pk}.{suffix}"


def _try_lock(file, kind, *, seconds: float = 0) -> bool:
    """Lock the file, or give up after so long: somebody may just be looking whether it is locked."""
    until = time.monotonic() + seconds
    while not locks.lock(file, kind | locks.LOCK_NB):
        if time.monotonic() >= until:
            return False
        time.sleep(0.02)
    return True
