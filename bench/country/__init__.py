"""A whole country to measure on: some 100 000 hamlets, what stands there and what happens in them.

Written by hand in SQL for PostgreSQL, because it only has to be there: nothing of it is real, and
it lives in a database of its own.
"""

from django.core.management import call_command
from django.db import connection

from accounts.changes import recording
from bench.country import ground, life, names
from cells.models import Unit
from leaders.models import Contest


def ensure() -> None:
    """Make the country in this database, unless it is there."""
    call_command("migrate", verbosity=0)
    with recording(reason="bench"):
        call_command("load_units", verbosity=0)
    if not Unit.objects.hamlets().exists():
        _run(ground.STEPS)
    if not Contest.objects.exists():
        names.prepare()
        _run(life.STEPS)


def _run(steps: list[str]) -> None:
    with connection.cursor() as cursor:
        for step in steps:
            cursor.execute(step)
