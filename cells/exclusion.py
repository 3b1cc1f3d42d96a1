"""Exclusion constraints for PostgreSQL: no two rows of one thing share a day.

SQLite knows none, so they stand in migrations, not in ``Meta``; there, and on every other
path, the same rule is kept by ``clean()``, by the import and by ``manage.py check_data``.
"""

from functools import partial

from django.db import migrations


def no_shared_days(
    table: str, name: str, same: tuple[str, ...], *, where: str = "", first: str = "starts_on"
) -> migrations.RunPython:
    """Return the operation that refuses rows alike in these columns on one day.

    The constraint is checked at the end of the transaction, so that two rows can trade days.
    """
    columns = ", ".join(f"{column} WITH =" for column in same)
    sql = (
        f"ALTER TABLE {table} ADD CONSTRAINT {name} EXCLUDE USING gist "
        f"({columns}, daterange({first}, ends_on, '[]') WITH &&) "
        f"{f'WHERE ({where}) ' if where else ''}DEFERRABLE INITIALLY DEFERRED"
    )
    return migrations.RunPython(
        partial(_on_postgresql, sql),
        partial(_on_postgresql, f"ALTER TABLE {table} DROP CONSTRAINT {name}"),
    )


def _on_postgresql(sql: str, apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("CREATE EXTENSION IF NOT EXISTS btree_gist")
        schema_editor.execute(sql)
