"""Who looked at whose record, and who took people out in a list: written as it is shown, counted by the day."""

from collections.abc import Iterable

from django.db import connection
from django.db.models import Count, QuerySet
from django.utils import timezone

from leaders.models import Access, Person

_COLUMNS = ("kind", "keeper", "person", "by", "by_name", "day", "last_at", "count", "what")
# In the words of the partial index: SQLite takes no other order for the same.
_TARGET = ("person", "by", "kind", "day")
_WHERE = ("by", "person")


def note_look(user, people: Iterable[Person], kind: str = Access.Kind.OPENED) -> None:
    """Record that this person looked at these records today, once more where they did before.

    One statement, so that of two requests at a time neither is lost and neither is refused.
    """
    # In one order, so that two who look at the same two records do not wait for each other.
    people = sorted(people, key=lambda person: person.pk)
    if not people:
        return
    now = timezone.now()
    day = timezone.localdate(now)
    rows = [
        (kind, person.keeper_id, person.pk, user.pk, str(user)[:200], day, now, 1, "") for person in people
    ]
    fields = [Access._meta.get_field(name) for name in _COLUMNS]
    values = [
        field.get_db_prep_save(value, connection)
        for row in rows
        for field, value in zip(fields, row, strict=True)
    ]
    with connection.cursor() as cursor:
        cursor.execute(_upsert(len(rows)), values)


def _upsert(count: int) -> str:
    quote = connection.ops.quote_name
    named = {name: quote(Access._meta.get_field(name).column) for name in _COLUMNS}
    table = quote(Access._meta.db_table)
    line = f"({', '.join(['%s'] * len(_COLUMNS))})"
    known = " AND ".join(f"{named[name]} IS NOT NULL" for name in _WHERE)
    # Names come from the model, values are parameters.
    return (
        f"INSERT INTO {table} ({', '.join(named.values())}) VALUES {', '.join([line] * count)}"  # noqa: S608
        f" ON CONFLICT ({', '.join(named[name] for name in _TARGET)}) WHERE {known}"
        f" DO UPDATE SET {named['count']} = {table}.{named['count']} + 1,"
        f" {named['last_at']} = excluded.{named['last_at']}"
    )


def note_taken_out(user, people: QuerySet, what: str) -> None:
    """Record that this person took these people out in a list: for each commune that keeps some, how many."""
    kept = people.order_by().values_list("keeper").annotate(people=Count("pk", distinct=True))
    day, by_name = timezone.localdate(), str(user)[:200]
    Access.objects.bulk_create(
        Access(
            kind=Access.Kind.EXPORTED,
            keeper_id=keeper,
            by=user,
            by_name=by_name,
            day=day,
            count=count,
            what=what[:200],
        )
        for keeper, count in kept
    )
