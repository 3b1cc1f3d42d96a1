"""Codes of our own for hamlets and cells: they have no official one, and keep theirs for life."""

from django.db import connection
from django.db.models import Max

from cells.models import Cell, UnitPeriod

HAMLET_PREFIX, CELL_PREFIX = "T", "C"
DIGITS = 7


def next_hamlet_codes(count: int) -> list[str]:
    """Return this many new codes; call inside the transaction that uses them."""
    return _next(UnitPeriod.objects, HAMLET_PREFIX, count)


def next_cell_codes(count: int) -> list[str]:
    """Return this many new codes; call inside the transaction that uses them."""
    return _next(Cell.objects, CELL_PREFIX, count)


def _next(rows, prefix: str, count: int) -> list[str]:
    _one_at_a_time(prefix)
    ours = rows.filter(code__regex=rf"^{prefix}[0-9]{{{DIGITS}}}$")
    last = ours.aggregate(last=Max("code"))["last"]
    first = int(last.removeprefix(prefix)) + 1 if last else 1
    return [f"{prefix}{number:0{DIGITS}}" for number in range(first, first + count)]


def _one_at_a_time(prefix: str):
    """Let one transaction at a time hand out codes; SQLite's writers stand in line anyway."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"codes-{prefix}"])
