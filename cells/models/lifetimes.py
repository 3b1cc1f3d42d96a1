"""What is recorded of a unit or a cell lies within its life; locks keep it so while units end."""

from collections.abc import Iterable, Iterator
from datetime import date
from itertools import islice

from django.core.exceptions import ValidationError
from django.db import connection
from django.utils.translation import gettext as _

from accounts.history import batches
from cells.dated import ONE_DAY
from cells.models.cells import Cell, CellPeriod
from cells.models.units import Unit, UnitPeriod

# Of something recorded: what it is about, the first day known, the last one (date.max: it runs on).
Recorded = tuple[Unit | Cell, date | None, date]
# How rows name what they are about. Their ``days_in_life`` are the first known day, or None, and the last; None: no day.
BODIES = {"cell": Cell, "hamlet": Unit, "unit": Unit}


def lock(units: Iterable[int] = (), cells: Iterable[int] = ()) -> None:
    """Let whoever else ends these units and cells, or records something of them, wait for this transaction.

    Everybody locks units before cells, and each by their keys, before the rows that hang on them:
    so no two wait for each other. SQLite's writers stand in line anyway.
    """
    if not connection.features.has_select_for_update:
        return
    for model, keys in ((Unit, units), (Cell, cells)):
        for some in batches(sorted(set(keys) - {None})):
            rows = model.objects.select_for_update(no_key=True).filter(pk__in=some).order_by("pk")
            list(rows.values_list("pk"))


def lock_bodies(rows: Iterable) -> None:
    """Lock the hamlets and cells of tenures, contests or counts."""
    if not connection.features.has_select_for_update:
        return
    rows = list(rows)
    lock(
        units={getattr(row, "hamlet_id", None) for row in rows},
        cells={getattr(row, "cell_id", None) for row in rows},
    )


def lives(model: type[Unit] | type[Cell], wanted) -> dict[int, tuple[date, date]]:
    """Return first and last day of these units or cells (keys, or a query that gives them)."""
    periods, column = (UnitPeriod, "unit") if model is Unit else (CellPeriod, "cell")
    rows = periods.objects.order_by().filter(**{f"{column}__in": wanted})
    found: dict[int, tuple[date, date]] = {}
    for pk, starts_on, ends_on in rows.values_list(column, "starts_on", "ends_on").iterator():
        first, last = starts_on or date.min, ends_on or date.max
        known = found.get(pk, (first, last))
        found[pk] = (min(first, known[0]), max(last, known[1]))
    return found


def outside_life(rows: Iterable[Recorded]) -> Iterator[str]:
    """Say of each row that reaches out of the life of what it is about on which day that did not exist."""
    rows = list(rows)
    known = {
        model: lives(model, {thing.pk for thing, *_days in rows if isinstance(thing, model)})
        for model in (Unit, Cell)
    }
    for thing, first, last in rows:
        life = known[type(thing)].get(thing.pk)
        day = day_outside(life, first, last) if life else None
        if day is not None:
            yield _("%(body)s did not exist on %(day)s. Check the day.") % {
                "body": thing,
                "day": f"{day:%d/%m/%Y}",
            }


def refuse_outside_life(rows: Iterable[Recorded]) -> None:
    """Raise ValidationError with a sentence for each row that reaches out of a life."""
    if faults := list(outside_life(rows)):
        raise ValidationError(list(dict.fromkeys(faults)))


def day_outside(life: tuple[date, date], first: date | None, last: date) -> date | None:
    """Return a day of the stretch on which the life had not begun, or was over; an unknown first day is none."""
    begins, ends = life
    if (first or last) < begins:
        return first or last
    if last > ends:
        return max(first or ends + ONE_DAY, ends + ONE_DAY)
    return None


def reaching_out(rows) -> Iterator[str]:
    """Find the rows that reach out of the life of their cell, hamlet or unit (see their ``days_in_life``)."""
    known = {
        name: lives(model, rows.order_by().values(name))
        for name, model in BODIES.items()
        if hasattr(rows.model, name)
    }
    for row in rows.select_related(*known).iterator(chunk_size=2000):
        days = row.days_in_life
        for name, of_bodies in known.items():
            life = of_bodies.get(getattr(row, f"{name}_id"))
            day = day_outside(life, *days) if life and days else None
            if day is not None:
                yield _("Recorded for %(day)s, when what it is about did not exist: %(row)s (%(key)s)") % {
                    "day": f"{day:%d/%m/%Y}",
                    "row": row,
                    "key": row.pk,
                }


def refuse_left_outside(thing: Unit | Cell) -> None:
    """Refuse that a life is made so short that something recorded of it, in any app, lies outside."""
    faults: list[str] = []
    for relation in type(thing)._meta.related_objects:
        model, name = relation.related_model, relation.field.name
        if name in BODIES and hasattr(model, "days_in_life"):
            faults += islice(reaching_out(model._default_manager.filter(**{name: thing})), 20)
    if faults:
        advice = _("End that first, or enter the change as a reorganisation, which asks what becomes of it.")
        raise ValidationError([*faults, advice])
