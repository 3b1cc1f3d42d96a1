"""What the commune's page shows: every row of its file beside the year before, in a constant number of queries."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import F, Max, Q
from django.utils.translation import gettext as _

from accounts.history import CREATED
from cells.models.cells import CellKind
from evaluations.models import CellRating, LeaderRating, MemberLevels, ReviewCycle, Submission
from evaluations.models.ratings import NotSubject
from evaluations.models.withheld import communes_of
from evaluations.review.authority import works_on
from evaluations.review.marks import marks_of
from evaluations.review.progress import Progress
from evaluations.review.required import members_of, ratings_of
from evaluations.review.rows import FIELDS, MEMBERS, mark_of, open_fields
from leaders.models.gone import deaths_of

PREFIXES = {CellRating: "c", LeaderRating: "p"}
MODELS = {prefix: model for model, prefix in PREFIXES.items()}
_CELL_ORDER = (F("cell__position").asc(nulls_last=True), "cell__sort_key", "cell")


@dataclass
class Row:
    """One line of the grid: a rating with its members' levels, and what a save said of it."""

    rating: CellRating | LeaderRating
    members: MemberLevels | None = None
    last_level: str = ""
    open: frozenset[str] = frozenset()
    marks: list[str] = field(default_factory=list)
    changed_at: datetime | None = None
    # What was typed and is not saved, by field; why not, by field ("" for the row); whose change was first.
    typed: dict[str, str] = field(default_factory=dict)
    faults: dict[str, list[str]] = field(default_factory=dict)
    conflict: str = ""

    @property
    def key(self) -> str:
        return key_of(type(self.rating), self.rating.pk)

    @property
    def mark(self) -> str:
        return mark_of(self.rating, self.members)

    @property
    def fields(self) -> tuple[str, ...]:
        return (*FIELDS[type(self.rating)], *(MEMBERS if self.is_cell else ()))

    @property
    def is_cell(self) -> bool:
        return type(self.rating) is CellRating

    @property
    def title(self) -> str:
        return str(self.rating.cell if self.is_cell else self.rating.person)

    @property
    def lacks_level(self) -> bool:
        return not (self.rating.proposed_level or self.rating.not_subject_reason)

    @property
    def is_empty(self) -> bool:
        return all(self.value(name) in ("", None) for name in self.fields)

    @property
    def row_faults(self) -> str:
        """What is wrong with the row as a whole."""
        return " ".join(self.faults.get("", ()))

    @property
    def needs_a_look(self) -> bool:
        return bool(self.marks or self.faults or self.conflict)

    def value(self, name: str):
        """Return what is recorded in one field, members' levels included."""
        if name in MEMBERS:
            return getattr(self.members, name) if self.members else None
        return getattr(self.rating, name)


@dataclass
class Grid:
    """The rows of a file in the commune's own order."""

    file: Submission
    rows: list[Row]
    # The last change that the page has seen, of each of the three histories.
    stamp: str = ""

    @property
    def hamlet_cells(self) -> list[Row]:
        return [row for row in self.rows if row.is_cell and row.rating.cell.kind == CellKind.HAMLET]

    @property
    def other_cells(self) -> list[Row]:
        return [row for row in self.rows if row.is_cell and row.rating.cell.kind != CellKind.HAMLET]

    @property
    def people(self) -> list[Row]:
        return [row for row in self.rows if not row.is_cell]

    @property
    def to_be_looked_at(self) -> list[Row]:
        """The rows without a level, and those of which something does not fit."""
        return [row for row in self.rows if row.lacks_level or row.needs_a_look]

    @property
    def is_open(self) -> bool:
        return any(row.open for row in self.rows)

    @property
    def progress(self) -> Progress:
        cells = [row.rating for row in self.rows if row.is_cell]
        subject = [one for one in cells if not one.not_subject_reason]
        return Progress(
            cells=len(cells),
            subject=len(subject),
            entered=sum(bool(one.proposed_level) for one in subject),
            decided=sum(bool(one.decided_level) for one in subject),
        )

    def by_key(self) -> dict[str, Row]:
        return {row.key: row for row in self.rows}


def key_of(model: type, pk: int) -> str:
    """Return the name of a row on the page: c12 is a cell's rating, p7 a person's."""
    return f"{PREFIXES[model]}{pk}"


def shows_levels(file: Submission, user) -> bool:
    """Whether the person may see what the rows say: the commune always, others once the file was sent."""
    if file.is_with_province:
        return True
    own = {file.commune_id, file.commune.commune_id} & communes_of(user)
    return bool(own) or works_on(user, file)


def load(file: Submission, user, *, keys: Collection[str] | None = None) -> Grid:
    """Return the rows of the file (or those named) for somebody who may see what they say.

    The number of queries does not depend on the number of rows.
    """
    may_enter = file.cycle.state == ReviewCycle.State.OPEN and works_on(user, file)
    cells, people = (_ratings(file, model, keys) for model in (CellRating, LeaderRating))
    members = {one.cell_id: one for one in members_of(file).filter(cell__in=[row.cell_id for row in cells])}
    rows = [
        *(
            Row(row, members.get(row.cell_id), last)
            for row, last in _with_last_year(file, user, cells, "cell")
        ),
        *(Row(row, None, last) for row, last in _with_last_year(file, user, people, "person")),
    ]
    for row in rows:
        row.rating.cycle = file.cycle
        row.open = open_fields(file, row.rating) if may_enter else frozenset()
        row.marks = marks_of(row.rating, file.cycle.rule_set)
    _propose_for_dead(rows, file.cycle.year)
    return Grid(file, rows, _stamp(file, rows))


def _propose_for_dead(rows: list[Row], year: int) -> None:
    """Fill in for who has died that the person is not rated; it stays a proposal until the row is saved."""
    waiting = [
        row for row in rows if not row.is_cell and row.lacks_level and "not_subject_reason" in row.open
    ]
    deaths = deaths_of(row.rating.person_id for row in waiting)
    for row in waiting:
        died_on = deaths.get(row.rating.person_id)
        if died_on is None or died_on.year > year:
            continue
        row.marks.append(
            _("Died on %(day)s: “not rated” with this reason is proposed. Save the row.")
            % {"day": f"{died_on:%d/%m/%Y}"}
        )
        if not row.rating.self_level:
            row.typed["not_subject_reason"] = NotSubject.DIED


def _ratings(file: Submission, model, keys: Collection[str] | None) -> list:
    rows = ratings_of(file, model)
    if keys is not None:
        wanted = [int(key[1:]) for key in keys if MODELS.get(key[:1]) is model and key[1:].isdecimal()]
        rows = rows.filter(pk__in=wanted)
    if model is CellRating:
        return list(rows.order_by(*_CELL_ORDER))
    return list(rows.order_by(*_CELL_ORDER, "person__sort_key", "pk"))


def _with_last_year(file: Submission, user, rows: list, about: str) -> Iterable[tuple]:
    """Pair each row with the level decided a year before, wherever that was, if the user may be told it."""
    if not rows:
        return []
    key = f"{about}_id"
    before = (
        type(rows[0])
        .objects.visible_of_seen(user)
        .latest_editions()
        .filter(cycle__year=file.cycle.year - 1, **{f"{about}__in": [getattr(row, key) for row in rows]})
        .exclude(decided_level="")
        .order_by("decided_on", "pk")
    )
    levels = dict(before.values_list(about, "decided_level"))
    return [(row, levels.get(getattr(row, key), "")) for row in rows]


def _stamp(file: Submission, rows: list[Row]) -> str:
    """Give each row the hour of its last change; return the last change of all."""
    last = {}
    for model in (CellRating, LeaderRating):
        ours = {row.rating.pk: row for row in rows if type(row.rating) is model}
        last[model] = _note_changes(model.history.filter(id__in=ours), "id", ours)
    ours = {row.rating.cell_id: row for row in rows if row.is_cell}
    counts = MemberLevels.history.filter(cycle=file.cycle_id, cell__in=ours)
    last[MemberLevels] = _note_changes(counts, "cell", ours, even_first=True)
    return ".".join(str(number) for number in last.values())


def _note_changes(history, key: str, rows: dict[int, Row], *, even_first: bool = False) -> int:
    """Rows of ratings are made empty, so making them is no change; counts are made with what they say."""
    changed = None if even_first else ~Q(history_type=CREATED)
    newest = 0
    grouped = history.order_by().values_list(key)
    last = {"number": Max("history_id"), "at": Max("history_date", filter=changed)}
    for pk, number, at in grouped.annotate(**last):
        newest = max(newest, number)
        row = rows[pk]
        row.changed_at = max(filter(None, (row.changed_at, at)), default=None)
    return newest


def changed_since(file: Submission, stamp: str) -> tuple[set[str], str]:
    """Return the keys of the rows that were changed after the stamp, and the stamp of now."""
    parts = stamp.split(".")
    if len(parts) != 3 or not all(part.isdecimal() and len(part) < 19 for part in parts):
        parts = ["0"] * 3
    since = dict(zip((CellRating, LeaderRating, MemberLevels), map(int, parts), strict=True))
    found: set[str] = set()
    for model in (CellRating, LeaderRating):
        rows = model.history.filter(history_id__gt=since[model], cycle=file.cycle_id, commune=file.commune_id)
        for number, pk in rows.order_by("history_id").values_list("history_id", "id"):
            since[model] = number
            found.add(key_of(model, pk))
    rating_of = dict(ratings_of(file, CellRating).values_list("cell", "pk"))
    counts = MemberLevels.history.filter(
        history_id__gt=since[MemberLevels], cycle=file.cycle_id, cell__in=rating_of
    )
    for number, cell in counts.order_by("history_id").values_list("history_id", "cell"):
        since[MemberLevels] = number
        found.add(key_of(CellRating, rating_of[cell]))
    return found, ".".join(str(number) for number in since.values())
