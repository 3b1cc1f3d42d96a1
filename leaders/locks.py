"""In which order seats are locked: the hamlets and cells they belong to before the rows that hang on them."""

from collections.abc import Iterable
from itertools import chain

from django.db import connection

from cells.models.lifetimes import lock
from leaders.models import Assignment, Tenure


def lock_seats(seats: Iterable[Tenure], *, dying: Iterable[int]) -> None:
    """Lock the hamlets and cells of these seats, and those in which the death of people (keys) ends something.

    All of them at once, as everybody locks them, and before a row of the seats is touched.
    """
    if not connection.features.has_select_for_update:
        return
    seats, dying = list(seats), list(dying)
    held = Tenure.objects.filter(person__in=dying, ends_on__isnull=True)
    followed = Assignment.objects.filter(person__in=dying)
    lock(
        units=chain(
            (seat.hamlet_id for seat in seats),
            held.values_list("hamlet", flat=True),
            followed.values_list("unit", flat=True),
        ),
        cells=chain((seat.cell_id for seat in seats), held.values_list("cell", flat=True)),
    )


def lock_what_ends(people: Iterable[int]) -> None:
    """Lock, as everybody does it, in what the death of these people (keys) ends something."""
    lock_seats((), dying=people)
