"""What a list behind a figure says of each of its rows: the columns, and the values in them."""

from datetime import date

from django.db.models import QuerySet
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from cells.kinds import Level as UnitLevel
from cells.models import CellArea, Unit, UnitPeriod
from dashboards.figures.frames import Borders, Frame
from dashboards.figures.late import late_in_cells, late_in_hamlets
from dashboards.figures.names import unit_names
from dashboards.figures.proof import columns_that_prove, proofs
from dashboards.figures.reasons import Reason
from dashboards.figures.sections import (
    CELLS,
    COMMUNES,
    CONGRESSES,
    ELECTIONS,
    HAMLETS,
    MEETINGS,
    RATINGS,
    STREAKS,
    Section,
)
from dashboards.wording import HamletWords
from evaluations.models import CellRating, LeaderRating, TitleCase
from evaluations.models.ratings import SHORT_FORMS
from leaders.models import Office, Tenure
from sheets.writing import Column


def columns_of(section: Section, words: HamletWords, flag: str = "") -> list[Column]:
    """Return the columns in which the rows of a section are shown and exported; those counted by the flag prove it."""
    return _columns_of(section, words) + columns_that_prove(section, flag)


def _columns_of(section: Section, words: HamletWords) -> list[Column]:
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


def records_of(section: Section, rows: list, frame: Frame, flag: str = "") -> list[dict]:
    """Return these rows as plain values by column key, with addresses."""
    records = _RECORDS[section](rows, frame)
    for name, said in proofs(section, flag, rows, frame).items():
        for row, record in zip(rows, records, strict=True):
            record[name] = said.get(row.unit_id, "")
    return records


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
