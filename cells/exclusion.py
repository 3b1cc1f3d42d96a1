"""Exclusion constraints for PostgreSQL: no two rows of one thing share a day.

SQLite knows none, so they stand in migrations, not in ``Meta``; there, and on every other
path, the same rule is kept by ``clean()``, by the import and by ``manage.py check_data``.
"""

from functools import partial

from django.db import migrations


def no_shared_days(
    table: str,
    name: str,
    same: tuple[str, ...],
    *,
    where: str = "",
    first: str = "starts_on",
    last: str = "ends_on",
    bounds: str = "[]",
) -> migrations.RunPython:
    """Return the operation that refuses rows alike in these expressions on one day.

    ``bounds`` are those of PostgreSQL's ranges: "[)" where ``last`` is the first day on which it holds no longer.

    The constraint is checked at the end of the transaction, so that two rows can trade days. What must be alike is
    written as an expression ("cell_id + 0"): of a plain column PostgreSQL takes this index (GiST) to be the
    cheapest way to any row, and reads it several times slower than the plain one.
    """
    return migrations.RunPython(
        partial(_on_postgresql, _added(table, name, same, where, f"daterange({first}, {last}, '{bounds}')")),
        partial(_on_postgresql, f"ALTER TABLE {table} DROP CONSTRAINT {name}"),
    )


def no_shared_days_anew(table: str, name: str, same: tuple[str, ...], **rest) -> migrations.RunPython:
    """Return the operation that makes the constraint again where it was made in another way."""
    dropped = partial(_on_postgresql, f"ALTER TABLE {table} DROP CONSTRAINT {name}")
    added = no_shared_days(table, name, same, **rest).code

    def make_anew(apps, schema_editor):
        dropped(apps, schema_editor)
        added(apps, schema_editor)

    return migrations.RunPython(make_anew, migrations.RunPython.noop)


def _added(table: str, name: str, same: tuple[str, ...], where: str, days: str) -> str:
    alike = ", ".join(f"({one}) WITH =" for one in same)
    return (
        f"ALTER TABLE {table} ADD CONSTRAINT {name} EXCLUDE USING gist "
        f"({alike}, {days} WITH &&) "
        f"{f'WHERE ({where}) ' if where else ''}DEFERRABLE INITIALLY DEFERRED"
    )


def _on_postgresql(sql: str, apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("CREATE EXTENSION IF NOT EXISTS btree_gist")
        schema_editor.execute(sql)
