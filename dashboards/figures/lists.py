"""The list behind a figure: the rows it counts, by the very conditions it counts them by."""

from dataclasses import dataclass, field, replace
from datetime import date

from django.db.models import Exists, F, OuterRef, Q, QuerySet, TextChoices
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cells.kinds import Level as UnitLevel
from cells.models import CellArea, Unit, UnitPeriod
from dashboards.figures.board import Board
from dashboards.figures.definitions import DEFINITIONS, TARGET_EXPLANATIONS, TARGET_LABELS, Kind
from dashboards.figures.frames import Borders, Frame
from dashboards.figures.late import late_in_cells, late_in_hamlets
from dashboards.figures.names import unit_names
from dashboards.figures.reasons import Reason, with_reason
from dashboards.figures.sections import (
    CELLS,
    COMMUNES,
    CONGRESSES,
    ELECTIONS,
    HAMLETS,
    MEETINGS,
    RATINGS,
    STREAKS,
)
from dashboards.wording import HamletWords, words_of
from evaluations.models import CellRating, LeaderRating, Target, TitleCase
from evaluations.models.ratings import SHORT_FORMS
from leaders.models import Office, Tenure
from sheets.writing import Column


class Part(TextChoices):
    """Which of a figure's rows: those counted, all they are counted of, what is left, or lies nowhere."""

    COUNTED = "dat", gettext_lazy("counted")
    ALL = "tat-ca", gettext_lazy("all of them")
    LEFT = "con-lai", gettext_lazy("the others")
    # In today's borders: in the unit, but in none of the units below.
    UNPLACED = "chua-xep", gettext_lazy("cannot be placed")


@dataclass
class FigureList:
    """Rows behind a figure, with the columns they are shown and exported in."""

    code: str
    label: str
    explanation: str
    part: str
    frame: Frame
    rows: QuerySet
    # Of these rows, those that stand in no unit below in today's borders.
    left_out: QuerySet
    columns: list[Column] = field(default_factory=list)
    target: Target | None = None
    # Of ratings: the year that was asked for; None is the latest decided one.
    year: int | None = None

    def records(self, rows) -> list[dict]:
        """Return these rows (one page, one batch) as plain values by column key, with addresses."""
        return _RECORDS[self.section](list(rows), self.frame)

    @property
    def section(self):
        if self.code not in TARGET_LABELS:
            return DEFINITIONS[self.code].section
        return DEFINITIONS[self.target.figure].section if _counts_a_figure(self.target) else CELLS


def _counts_a_figure(target: Target | None) -> bool:
    return target is not None and target.figure in DEFINITIONS


def commune_today(row) -> int | None:
    """Return the key of the commune in which what a row is about stands today: whose clerk keeps its data."""
    if isinstance(row, LeaderRating):
        return row.person.keeper_id
    return next(
        body.commune_id
        for name in ("cell", "unit", "hamlet")
        if (body := getattr(row, name, None)) is not None
    )


def has_years(code: str) -> bool:
    """Whether the rows of the figure belong to a year, so that earlier years have lists as well."""
    return code in DEFINITIONS and DEFINITIONS[code].section is RATINGS


def figure_list(
    frame: Frame, code: str, part: str, target: Target | None = None, year: int | None = None
) -> FigureList:
    """Return the list behind one part of a figure; of ratings, those of the year (None: the latest decided)."""
    if code in TARGET_LABELS and _counts_a_figure(target):
        # The rows of the figure itself; their heading says against what they are counted.
        found = figure_list(frame, target.figure, part)
        label = f"{TARGET_LABELS[code]} – {found.label}"
        return replace(found, code=code, label=label, target=target)
    if code in TARGET_LABELS:
        return _target_list(frame, code, part, target)
    definition = DEFINITIONS[code]
    section = definition.section
    rows = section.rows(frame, **({"year": year} if year else _options(frame, section)))
    place = frame.child_column(section.places(frame))
    whole = definition.of() if definition.kind == Kind.SHARE else definition.counted()
    left_out = rows.filter(whole, **{f"{place}__isnull": True})
    rows = _of_part(
        part,
        rows,
        counted=definition.counted(),
        of=definition.of(),
        left_out=left_out,
        left=definition.left(),
    )
    if section is HAMLETS:
        rows = with_reason(rows, frame)
    words = words_of(frame.within(UnitPeriod.objects.on(frame.day).hamlets(), HAMLETS.places(frame)))
    label, explanation = words.phrase(definition.label), words.phrase(definition.explanation)
    if year:
        label = _("%(figure)s, year %(year)s") % {"figure": label, "year": year}
    return FigureList(
        code,
        label,
        explanation,
        part,
        frame,
        _ordered(section, rows, frame),
        left_out,
        _columns(section, words),
        year=year,
    )


def _of_part(
    part: str, rows: QuerySet, *, counted: Q, of: Q, left_out: QuerySet, left: Q | None = None
) -> QuerySet:
    if part == Part.COUNTED:
        return rows.filter(counted)
    if part == Part.ALL:
        return rows.filter(of)
    if part == Part.UNPLACED:
        return left_out
    if left is not None:
        return rows.filter(of & left)
    return rows.filter(of).exclude(pk__in=rows.filter(counted).order_by().values("pk"))


def hamlets_of(frame: Frame) -> tuple[list[Column], list[dict]]:
    """Return the hamlets of a commune with who holds their seats, and the columns to show them in."""
    found = figure_list(frame, "merged_role", Part.ALL)
    return found.columns, found.records(found.rows)


def _target_list(frame: Frame, code: str, part: str, target: Target | None) -> FigureList:
    title = target.title if target else None
    held = TitleCase.objects.held_on(frame.day).filter(cell=OuterRef("cell"), title=title)
    # A resolution counts hamlet cells; another cell that holds the title counts towards it all the same.
    rows = (
        CELLS.rows(frame).annotate(holds_title=Exists(held)).filter(Q(hamlet_cell=True) | Q(holds_title=True))
    )
    left_out = rows.filter(**{f"{frame.child_column(CELLS.places(frame))}__isnull": True})
    rows = _of_part(part, rows, counted=Q(holds_title=True), of=Q(), left_out=left_out)
    label = f"{TARGET_LABELS[code]} – {title or ''}"
    return FigureList(
        code,
        label,
        str(TARGET_EXPLANATIONS[code]),
        part,
        frame,
        _ordered(CELLS, rows, frame),
        left_out,
        _columns(CELLS, HamletWords()),
        target,
    )


def _options(frame: Frame, section) -> dict:
    board = Board(frame)
    if section is RATINGS:
        return {"year": board.rating_year or frame.day.year}
    if section is STREAKS:
        return {"year": board.streaks[0] or frame.day.year}
    if section in (CONGRESSES, ELECTIONS):
        code = "congress_held" if section is CONGRESSES else "head_elected"
        return {"term": board.contests[code][0] or ""}
    return {}


# What names the row itself; before it the rows are in the order of their communes.
_BODY = {
    HAMLETS: "unit",
    CELLS: "cell",
    COMMUNES: "unit",
    RATINGS: "cell",
    STREAKS: "person",
    CONGRESSES: "cell",
    ELECTIONS: "hamlet",
    MEETINGS: "cell",
}
_LOADED = {RATINGS: ("decision", "cycle"), STREAKS: ("decision", "cycle"), COMMUNES: ("unit__province",)}
_ONE_BY_ONE = (COMMUNES, CONGRESSES, ELECTIONS, MEETINGS)


def _ordered(section, rows: QuerySet, frame: Frame) -> QuerySet:
    """Load the rows with the commune they stand in, in the frame's borders, and put them in its order."""
    body, place = _BODY[section], section.places(frame)[UnitLevel.COMMUNE]
    order = () if section in _ONE_BY_ONE else (f"{place}__sort_key", place)
    rows = rows.annotate(place_key=F(place)).select_related(body, *_LOADED.get(section, ()))
    within = ("month",) if section is MEETINGS else ()
    return rows.order_by(*order, f"{body}__sort_key", *within, "pk")


def _communes(rows: list, frame: Frame) -> list[str]:
    """Return what the commune of each row is called: today, or on the day that decided where it is counted."""
    if frame.borders == Borders.NOW:
        units = Unit.objects.in_bulk({row.place_key for row in rows if row.place_key})
        return [units[row.place_key].full_name if row.place_key else "" for row in rows]
    places = [(row.place_key, _own_day(row, frame)) for row in rows]
    names = unit_names(places)
    return [names.get(place, "") for place in places]


def _own_day(row, frame: Frame) -> date:
    """Return the day that decides where a row is counted: of a result its own, of a state the frame's."""
    if isinstance(row, CellRating | LeaderRating):
        return row.cycle.roster_day
    return getattr(row, "at", frame.day)


def _columns(section, words: HamletWords) -> list[Column]:
    commune = Column("commune", _("Commune"), 28)
    return {
        HAMLETS: [
            Column("hamlet", capfirst(words.hamlet), 26),
            commune,
            Column("head", capfirst(words.head), 28),
            Column("head_since", _("in office since"), 14),
            Column("secretary", _("Cell secretary"), 28),
            Column("remark", _("Remark"), 36),
            Column("households", _("Households"), 10, "int"),
        ],
        CELLS: [
            Column("cell", _("Party cell"), 32),
            commune,
            Column("hamlets", _("Hamlets it covers"), 28),
            Column("secretary", _("Cell secretary"), 28),
            Column("members", _("Members"), 10, "int"),
            Column("titles", _("Titles"), 40),
        ],
        COMMUNES: [Column("commune", _("Commune"), 28), Column("parent", _("Belongs to"), 28)],
        RATINGS: [
            Column("cell", _("Party cell"), 32),
            commune,
            Column("year", _("Year"), 8, "int"),
            Column("level", _("Decided level"), 14),
            Column("decision", _("Decision"), 30),
            Column("remark", _("Reason, note"), 36),
        ],
        STREAKS: [
            Column("person", _("Full name"), 28),
            commune,
            Column("years", _("Years"), 20),
            Column("decision", _("Decision"), 30),
        ],
        CONGRESSES: _contest_columns(Column("cell", _("Party cell"), 32), commune),
        MEETINGS: [
            Column("cell", _("Party cell"), 32),
            commune,
            Column("month", _("Month"), 10),
            Column("day", _("Day of the meeting"), 14, "date"),
            Column("expected", _("Expected to come"), 10, "int"),
            Column("present", _("Present there"), 10, "int"),
            Column("absent", _("Absent"), 10, "int"),
        ],
        ELECTIONS: _contest_columns(Column("hamlet", capfirst(words.hamlet), 26), commune),
    }[section]


def _contest_columns(body: Column, commune: Column) -> list[Column]:
    return [
        body,
        commune,
        Column("term", _("Term"), 12),
        Column("held_on", _("Held on"), 14, "date"),
        Column("outcome", _("Outcome"), 20),
    ]


# --- rows as plain values ---------------------------------------------------------------


def _hamlet_records(rows: list, frame: Frame) -> list[dict]:
    keys = [row.unit_id for row in rows]
    heads = _holders(Tenure.objects.filter(hamlet__in=keys, office=Office.HAMLET_HEAD), frame, "hamlet_id")
    areas = CellArea.objects.on(frame.day).filter(hamlet__in=keys).values_list("hamlet", "cell")
    secretaries = _secretaries({cell for _hamlet, cell in areas}, frame)
    of_hamlet: dict[int, list[str]] = {}
    late: dict[int, list[str]] = {key: [] for key in keys}
    late_of_cells = late_in_cells(secretaries, {cell for _hamlet, cell in areas}, frame.day)
    for hamlet, cell in areas:
        if cell in secretaries:
            of_hamlet.setdefault(hamlet, []).append(str(secretaries[cell].person))
        if cell in late_of_cells:
            late[hamlet].append(late_of_cells[cell])
    for hamlet, words in late_in_hamlets(heads, keys, frame.day).items():
        late[hamlet].append(words)
    return [
        {
            "hamlet": row.full_name,
            "hamlet_url": row.unit.get_absolute_url(),
            "commune": commune,
            "head": _holder_name(heads.get(row.unit_id)),
            "head_since": _since(heads.get(row.unit_id)),
            "secretary": ", ".join(of_hamlet.get(row.unit_id, [])),
            "remark": capfirst("; ".join(_hamlet_remarks(row, late[row.unit_id]))),
            "households": row.households,
        }
        for row, commune in zip(rows, _communes(rows, frame), strict=True)
    ]


def _hamlet_remarks(row, late: list[str]) -> list[str]:
    """Return why two people hold the seats, and what about them was entered late, each once."""
    reason = [str(Reason(row.reason).label)] if row.reason else []
    return [*reason, *dict.fromkeys(late)]


def _cell_records(rows: list, frame: Frame) -> list[dict]:
    keys = [row.cell_id for row in rows]
    secretaries = _secretaries(keys, frame)
    late = late_in_cells(secretaries, keys, frame.day)
    hamlets: dict[int, list[str]] = {}
    names = UnitPeriod.objects.on(frame.day).filter(level=UnitLevel.HAMLET)
    by_unit = {
        period.unit_id: period.full_name
        for period in names.filter(unit__cell_areas__cell__in=keys).only("unit", "kind", "name")
    }
    for cell, hamlet in CellArea.objects.on(frame.day).filter(cell__in=keys).values_list("cell", "hamlet"):
        if hamlet in by_unit:
            hamlets.setdefault(cell, []).append(by_unit[hamlet])
    titles: dict[int, list[str]] = {}
    for case in TitleCase.objects.held_on(frame.day).filter(cell__in=keys).select_related("title"):
        titles.setdefault(case.cell_id, []).append(f"{case.title} ({case.recognised_on:%d/%m/%Y})")
    return [
        {
            "cell": row.name,
            "cell_url": row.cell.get_absolute_url(),
            "commune": commune,
            "hamlets": ", ".join(hamlets.get(row.cell_id, [])),
            "secretary": "; ".join(
                filter(None, [_holder_name(secretaries.get(row.cell_id)), late.get(row.cell_id)])
            ),
            "members": row.members,
            "titles": "; ".join(titles.get(row.cell_id, [])),
        }
        for row, commune in zip(rows, _communes(rows, frame), strict=True)
    ]


def _commune_records(rows: list, frame: Frame) -> list[dict]:
    return [
        {"commune": row.full_name, "commune_url": row.unit.get_absolute_url(), "parent": above}
        for row, above in zip(rows, _above(rows, frame), strict=True)
    ]


def _above(rows: list, frame: Frame) -> list[str]:
    """Return what each commune belonged to on the day, or which commune and province hold it today."""
    if frame.borders == Borders.NOW:
        return [
            ", ".join(name for name in (commune, str(row.unit.province or "")) if name)
            for row, commune in zip(rows, _communes(rows, frame), strict=True)
        ]
    names = unit_names((row.parent_id, frame.day) for row in rows)
    return [names.get((row.parent_id, frame.day), "") for row in rows]


def _rating_records(rows: list, frame: Frame) -> list[dict]:
    return [
        {
            "cell": str(row.cell),
            "cell_url": row.cell.get_absolute_url(),
            "commune": commune,
            "year": row.cycle.year,
            "level": SHORT_FORMS.get(row.level, ""),
            "level_key": row.level,
            "decision": str(row.decision or "") if row.level else "",
            "remark": _remark(row) if row.is_shown else "",
        }
        for row, commune in zip(rows, _communes(rows, frame), strict=True)
    ]


def _remark(row: CellRating) -> str:
    return row.get_not_subject_reason_display() or row.reason or row.note


def _streak_records(rows: list, frame: Frame) -> list[dict]:
    return [
        {
            "person": str(row.person),
            "person_url": row.person.get_absolute_url(),
            "commune": commune,
            "years": f"{row.cycle.year - 2}, {row.cycle.year - 1}, {row.cycle.year}",
            "decision": str(row.decision or ""),
        }
        for row, commune in zip(rows, _communes(rows, frame), strict=True)
    ]


def _contest_records(rows: list, frame: Frame) -> list[dict]:
    records = []
    for row, commune in zip(rows, _communes(rows, frame), strict=True):
        body = row.cell or row.hamlet
        key = "cell" if row.cell_id else "hamlet"
        records.append(
            {
                key: str(body),
                f"{key}_url": body.get_absolute_url(),
                "commune": commune,
                "term": row.term,
                "held_on": row.held_on,
                "outcome": row.get_outcome_display(),
            }
        )
    return records


def _meeting_records(rows: list, frame: Frame) -> list[dict]:
    return [
        {
            "cell": str(row.cell),
            "cell_url": row.cell.get_absolute_url(),
            "commune": commune,
            "month": f"{row.month:%m/%Y}",
            "day": row.day,
            "expected": row.expected,
            "present": row.present,
            "absent": row.expected - row.present,
        }
        for row, commune in zip(rows, _communes(rows, frame), strict=True)
    ]


_RECORDS = {
    HAMLETS: _hamlet_records,
    CELLS: _cell_records,
    COMMUNES: _commune_records,
    RATINGS: _rating_records,
    STREAKS: _streak_records,
    CONGRESSES: _contest_records,
    ELECTIONS: _contest_records,
    MEETINGS: _meeting_records,
}


def _secretaries(cells, frame: Frame) -> dict[int, Tenure]:
    return _holders(Tenure.objects.filter(cell__in=cells, office=Office.SECRETARY), frame, "cell_id")


def _holders(tenures: QuerySet, frame: Frame, key: str) -> dict[int, Tenure]:
    """Return who holds each seat on the day."""
    return {getattr(t, key): t for t in tenures.on(frame.day).select_related("person")}


def _holder_name(tenure: Tenure | None) -> str:
    if tenure is None:
        return ""
    return f"{tenure.person} ({_('interim')})" if tenure.is_interim else str(tenure.person)


def _since(tenure: Tenure | None) -> str:
    return f"{tenure.starts_on:%d/%m/%Y}" if tenure and tenure.starts_on else ""
