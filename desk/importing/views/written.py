"""What an import has written, as links to the pages of the people, cells and hamlets it is about."""

from dataclasses import dataclass

from django.db.models import Model

from accounts.history import Obstacle
from cells.models import (
    Cell,
    CellPeriod,
    HouseholdCount,
    Meeting,
    MemberCount,
    Reorganisation,
    Unit,
    UnitPeriod,
)
from cells.taking_back import obstacles_for
from desk.models import ImportBatch
from evaluations.models import CellRating, LeaderRating, MemberLevels, TitleCase
from leaders.models import Assignment, Commendation, Contest, Participation, Person, Tenure

SHOWN, LINKED = 50, 20
# Events have no names by which to sort them.
ORDER = {Reorganisation: ("-effective_on", "pk")}
# What has a page of its own, and through which column a record of a list leads there.
LEADS_TO = (
    (Reorganisation, ((Reorganisation, "id"),)),
    (
        Person,
        (
            (Person, "id"),
            (Tenure, "person_id"),
            (LeaderRating, "person_id"),
            (Participation, "person_id"),
            (Commendation, "person_id"),
        ),
    ),
    (
        Unit,
        (
            (Unit, "id"),
            (UnitPeriod, "unit_id"),
            (HouseholdCount, "hamlet_id"),
            (Contest, "hamlet_id"),
            (Assignment, "unit_id"),
        ),
    ),
    (
        Cell,
        (
            (Cell, "id"),
            (CellPeriod, "cell_id"),
            (MemberCount, "cell_id"),
            (Meeting, "cell_id"),
            (Commendation, "cell_id"),
            (MemberLevels, "cell_id"),
            (CellRating, "cell_id"),
            (TitleCase, "cell_id"),
            (Contest, "cell_id"),
        ),
    ),
)


def written_things(batch: ImportBatch, user) -> list[Model]:
    """Return the first things with a page that the batch has written something about and the user sees."""
    found: list[Model] = []
    for page, sources in LEADS_TO:
        keys = {key for model, column in sources for key in _keys(batch, model, column)}
        if keys and len(found) < SHOWN:
            rows = page._default_manager.visible_to(user).filter(pk__in=keys)
            found += rows.order_by(*ORDER.get(page, ("sort_key", "pk")))[: SHOWN - len(found)]
    return found


@dataclass(frozen=True)
class Standing:
    """What stands in the way of undoing, with the pages on which it may be seen and changed."""

    sentence: str
    pages: list[Model]


def standing_in_the_way(batch: ImportBatch, user) -> list[Standing]:
    """Return for what reasons an undo of the batch would be refused by now."""
    return [Standing(str(one), _pages_of(one, user)) for one in obstacles_for(batch.change_set, by=user)]


def _pages_of(obstacle: Obstacle, user) -> list[Model]:
    """Return the first pages of what the obstacle is about, as far as the user sees them."""
    if obstacle.model is None:
        return []
    rows = obstacle.model._base_manager.filter(pk__in=sorted(obstacle.keys)[:LINKED])
    found: list[Model] = []
    for page, sources in LEADS_TO:
        columns = [column for model, column in sources if model is obstacle.model]
        keys = {key for column in columns for key in rows.values_list(column, flat=True)} - {None}
        if keys:
            pages = page._default_manager.visible_to(user).filter(pk__in=keys)
            found += pages.order_by(*ORDER.get(page, ("sort_key", "pk")))
    return found


def _keys(batch: ImportBatch, model: type[Model], column: str):
    rows = model.history.filter(change_set=batch.change_set, **{f"{column}__isnull": False})
    return rows.order_by(column).values_list(column, flat=True).distinct()[:SHOWN]
