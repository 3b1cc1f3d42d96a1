"""The list behind a figure: the rows it counts, by the very conditions it counts them by."""

from dataclasses import dataclass, field, replace

from django.db.models import Exists, F, OuterRef, Q, QuerySet, TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cells.kinds import Level as UnitLevel
from cells.models import UnitPeriod
from dashboards.figures.board import Board
from dashboards.figures.definitions import DEFINITIONS, TARGET_EXPLANATIONS, TARGET_LABELS, Definition, Kind
from dashboards.figures.frames import Frame
from dashboards.figures.list_rows import columns_of, records_of
from dashboards.figures.reasons import with_reason
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
from evaluations.models import LeaderRating, Target, TitleCase
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
        return records_of(
            self.section, list(rows), self.frame, self.definition.flag if self.definition else ""
        )

    @property
    def definition(self) -> Definition | None:
        """What is counted; None of the cells that hold a title."""
        if self.code not in TARGET_LABELS:
            return DEFINITIONS[self.code]
        return DEFINITIONS[self.target.figure] if _counts_a_figure(self.target) else None

    @property
    def section(self):
        return self.definition.section if self.definition else CELLS


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
        columns_of(section, words, definition.flag),
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
        columns_of(CELLS, HamletWords()),
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
