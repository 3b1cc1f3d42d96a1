"""What an import has written, as links to the pages of the people, cells and hamlets it is about."""

from django.db.models import Model

from cells.models import Cell, CellPeriod, HouseholdCount, MemberCount, Reorganisation, Unit
from desk.models import ImportBatch
from evaluations.models import CellRating, LeaderRating, MemberLevels, TitleCase
from leaders.models import Assignment, Contest, Person, Tenure

SHOWN = 50
# Events have no names by which to sort them.
ORDER = {Reorganisation: ("-effective_on", "pk")}
# What has a page of its own, and through which column a record of a list leads there.
LEADS_TO = (
    (Reorganisation, ((Reorganisation, "id"),)),
    (Person, ((Person, "id"), (Tenure, "person_id"), (LeaderRating, "person_id"))),
    (
        Unit,
        ((Unit, "id"), (HouseholdCount, "hamlet_id"), (Contest, "hamlet_id"), (Assignment, "unit_id")),
    ),
    (
        Cell,
        (
            (Cell, "id"),
            (CellPeriod, "cell_id"),
            (MemberCount, "cell_id"),
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


def _keys(batch: ImportBatch, model: type[Model], column: str):
    rows = model.history.filter(change_set=batch.change_set, **{f"{column}__isnull": False})
    return rows.order_by(column).values_list(column, flat=True).distinct()[:SHOWN]
