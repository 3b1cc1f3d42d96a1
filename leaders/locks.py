"""In which order seats and assignments are locked: hamlets and cells, then people, then the rows that hang on them.

Who has died is told by the seats alone. Whoever tells it looks for what the person holds and follows, whoever gives
the person something looks for a death: so both lock the person before they look, and the second sees the first.
"""

from collections.abc import Iterable
from itertools import chain

from django.db import connection
from django.db.models import Q

from accounts.history import batches
from cells.models.lifetimes import lock
from leaders.models import Assignment, Person, Tenure, WayOut


def lock_people(people: Iterable[int | None]) -> None:
    """Let whoever else tells the death of these people (keys), or gives them something, wait for this transaction.

    Rows that only name them may be written meanwhile.
    """
    if not connection.features.has_select_for_update:
        return
    for some in batches(sorted(set(people) - {None})):
        rows = Person.objects.select_for_update(no_key=True).filter(pk__in=some).order_by("pk")
        list(rows.values_list("pk"))


def lock_seats(seats: Iterable[Tenure], *, dying: Iterable[int]) -> None:
    """Lock hamlets, cells and holders of these seats, and in what the death of people (keys) ends something.

    All of them at once, as everybody locks them, and before a row of the seats is touched.
    """
    if not connection.features.has_select_for_update:
        return
    seats, dying = list(seats), list(dying)
    # Those that the death has ended already follow where its day is corrected.
    held = Tenure.objects.filter(Q(ends_on__isnull=True) | Q(way_out=WayOut.DIED), person__in=dying)
    bodies = [*((seat.hamlet_id, seat.cell_id) for seat in seats), *held.values_list("hamlet", "cell")]
    followed = Assignment.objects.filter(person__in=dying).values_list("unit", flat=True)
    lock(
        units=chain((hamlet for hamlet, _cell in bodies), followed),
        cells=(cell for _hamlet, cell in bodies),
    )
    lock_people([*dying, *(seat.person_id for seat in seats)])


def lock_what_ends(people: Iterable[int]) -> None:
    """Lock, as everybody does it, in what the death of these people (keys) ends something."""
    lock_seats((), dying=people)


def lock_assignments(assignments: Iterable[Assignment]) -> None:
    """Lock the units that are followed, and those who follow them."""
    assignments = list(assignments)
    lock(units=[one.unit_id for one in assignments])
    lock_people(one.person_id for one in assignments)
