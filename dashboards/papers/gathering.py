"""What the papers of a year are made of, read in a number of queries that does not grow with the rows."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import F

from accounts.history import batches
from cells.models import CellPeriod, MemberCount
from dashboards.papers.asking import Asked
from evaluations.models import CellRating, LeaderRating, Level, MemberLevels
from evaluations.models.ratings import NotSubject
from leaders.models import Office
from leaders.privacy import may_see_private

FIELD_OF_LEVEL = {
    Level.EXCELLENT: "xs",
    Level.GOOD: "t",
    Level.COMPLETED: "ht",
    Level.NOT_COMPLETED: "kht",
}
CELL_ORDER = (F("cell__position").asc(nulls_last=True), "cell__sort_key", "cell_id", "pk")
NOT_RATED = "chưa xếp loại"


def short(level: str) -> str:
    return Level(level).short if level else ""


def reason_of(rating: CellRating | LeaderRating) -> str:
    """Return why somebody has no level, why a level is what it is, and what was noted."""
    parts = (
        [f"Không thuộc diện: {NotSubject(rating.not_subject_reason).label}"]
        if rating.not_subject_reason
        else []
    )
    if rating.edition > 1:
        parts.append(f"Đính chính lần {rating.edition - 1}")
    return "; ".join([*parts, *filter(None, (rating.reason, rating.note))])


def paper_of(rating) -> str:
    """Return the decision of a rating as it is cited."""
    return f"QĐ số {rating.decision.number}, ngày {rating.decision.date:%d/%m/%Y}" if rating.decision else ""


def levels_before(asked: Asked, model, subject: str, keys: Iterable[int]) -> dict:
    """Return the level of the year before of these cells, or (with the basis) of these people."""
    found = {}
    rows = model.objects.visible_of_seen(asked.user).latest_editions().filter(cycle__year=asked.year - 1)
    names = (subject, "basis") if subject == "person" else (subject,)
    for some in batches(sorted(set(keys))):
        for *key, level in (
            rows.filter(**{f"{subject}__in": some}).order_by().values_list(*names, "decided_level")
        ):
            found[tuple(key) if len(key) > 1 else key[0]] = level
    return found


@dataclass
class CommuneYear:
    """Everything the papers of one commune show, in its own order."""

    asked: Asked
    cells: list[CellRating]
    people: list[LeaderRating]
    members: dict[int, MemberLevels]
    names: dict[int, str]
    before: dict[int, str]
    people_before: dict[tuple[int, str], str]
    counts: dict[int, MemberCount] = field(default_factory=dict)

    def name(self, rating) -> str:
        """Return what the cell of a rating was called on the roster day."""
        return self.names.get(rating.cell_id) or (str(rating.cell) if rating.cell else "")

    def levels(self, name: str) -> Counter:
        """Return how many cells subject to rating have each level of this kind ("" where there is none)."""
        return Counter(getattr(row, name) for row in self.cells if not row.not_subject_reason)


def gather_commune(asked: Asked) -> CommuneYear:
    """Read the year of a commune: its cells, its people, their members and the year before."""
    cells = list(asked.ratings(CellRating).select_related("cell", "decision").order_by(*CELL_ORDER))
    people = list(
        asked.ratings(LeaderRating).select_related("person__keeper", "cell", "decision").order_by(*CELL_ORDER)
    )
    keys = [row.cell_id for row in cells]
    known = {*keys, *(row.cell_id for row in people if row.cell_id)}
    return CommuneYear(
        asked=asked,
        cells=cells,
        people=people,
        members={one.cell_id: one for one in asked.members(keys)},
        names=names_on(asked, known),
        before=levels_before(asked, CellRating, "cell", keys),
        people_before=levels_before(asked, LeaderRating, "person", [row.person_id for row in people]),
    )


def names_on(asked: Asked, cells: Iterable[int]) -> dict[int, str]:
    """Return what these cells were called on the roster day."""
    found = {}
    for some in batches(sorted(set(cells))):
        periods = CellPeriod.objects.on(asked.cycle.roster_day).filter(cell__in=some)
        found |= dict(periods.order_by().values_list("cell", "name"))
    return found


def counts_of(asked: Asked, cells: Iterable[int]) -> dict[int, MemberCount]:
    """Return the latest member count of each cell on or before the roster day."""
    found: dict[int, MemberCount] = {}
    for some in batches(sorted(set(cells))):
        rows = MemberCount.objects.filter(cell__in=some, day__lte=asked.cycle.roster_day, total__isnull=False)
        for one in rows.order_by("day"):
            found[one.cell_id] = one
    return found


def person_row(row: LeaderRating, before: dict, *, user, cell: str) -> dict:
    """Return the fields of one person, the same on every paper; the year of birth where it may be seen."""
    born = row.person.born
    return {
        "khoa": f"nguoi:{row.person_id}:{row.basis}",
        "ho_ten": str(row.person),
        "nam_sinh": str(born.year) if born and may_see_private(user, row.person) else "",
        "chuc_vu": str(Office(row.office).label) if row.office else "",
        "chi_bo": cell,
        "dien": str(row.get_basis_display()),
        "nam_truoc": short(before.get((row.person_id, row.basis), "")),
        "tu_xep_loai": short(row.self_level),
        "de_xuat": short(row.proposed_level),
        "quyet_dinh": short(row.decided_level),
        "muc": short(row.decided_level or row.proposed_level),
        "ly_do": reason_of(row),
        "so_phieu": row.votes,
    }
