"""Reconciling a year: what its printed report stated of each commune beside what is recorded."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Count
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from accounts.history import create_many, delete_many, update_many
from accounts.sheet_errors import sentence_of
from cells.models import Unit, UnitPeriod
from dashboards.basis import frame_query
from dashboards.figures.board import Board
from dashboards.figures.definitions import DEFINITIONS
from dashboards.figures.lists import Part
from dashboards.figures.sections import RATINGS
from desk.importing.provinces import ByCommune
from desk.models import StatedTotal
from sheets.errors import SheetError
from sheets.numbers import format_count, parse_count

What = StatedTotal.What
# What the database holds in a number; a printed report has fewer.
LARGEST = 2_147_483_647

# Where each number is counted: the figure, and which of its rows. States are those of 31/12, results of the year.
STATES = {
    What.HAMLETS: ("merged_role", Part.ALL),
    What.CELLS: ("cells", Part.COUNTED),
    What.MEMBERS: ("members", Part.COUNTED),
    What.SECRETARY_HEADS: ("merged_role", Part.COUNTED),
}
RESULTS = {
    What.EXCELLENT: ("level_excellent", Part.COUNTED),
    What.GOOD: ("level_good", Part.COUNTED),
    What.COMPLETED: ("level_completed", Part.COUNTED),
    What.NOT_COMPLETED: ("level_not_completed", Part.COUNTED),
    What.NOT_RATED: ("rated", Part.LEFT),
}
Key = tuple[int, str]


def field_name(unit: int, what: str) -> str:
    return f"so-{unit}-{what}"


@dataclass
class Compared:
    """One number of one commune (or of all): as stated, as recorded, and whether they agree."""

    what: str
    stated: int | None
    # None: nobody has entered it, which is not the same as none.
    recorded: int | None
    url: str = ""
    name: str = ""
    # What somebody typed and could not be saved, and why.
    typed: str | None = None
    error: str = ""
    # Of a total: how many communes state it, where that is not all.
    stated_by: int | None = None

    @property
    def label(self) -> str:
        return capfirst(str(What(self.what).label))

    @property
    def shown(self) -> str:
        """Return what stands in the field."""
        if self.typed is not None:
            return self.typed
        return "" if self.stated is None else str(self.stated)

    @property
    def recorded_text(self) -> str:
        return "–" if self.recorded is None else format_count(self.recorded)

    @property
    def is_comparable(self) -> bool:
        return self.stated is not None and self.stated_by is None

    @property
    def difference(self) -> int | None:
        """Return by how much more is recorded than was stated."""
        return self.recorded - self.stated if self.is_comparable and self.recorded is not None else None

    @property
    def agrees(self) -> bool:
        return self.difference == 0

    @property
    def is_off(self) -> bool:
        return self.is_comparable and not self.agrees

    @property
    def verdict(self) -> str:
        if not self.is_comparable:
            return ""
        if self.agrees:
            return _("agrees")
        if self.difference is None:
            return _("does not agree (nothing recorded)")
        return _("does not agree (difference %(number)s)") % {"number": signed(self.difference)}


def signed(number: int) -> str:
    """Write a difference as people do: +3, −3."""
    return f"{'+' if number > 0 else '−'}{format_count(abs(number))}"


@dataclass
class Row:
    """The numbers of one commune."""

    unit: int
    name: str
    above: str
    cells: list[Compared] = field(default_factory=list)

    @property
    def is_off(self) -> bool:
        return any(cell.is_off for cell in self.cells)

    @property
    def has_error(self) -> bool:
        return any(cell.error for cell in self.cells)

    @property
    def verdict(self) -> str:
        """Return what is to be said of the line as a whole; nothing where nothing is stated."""
        if self.is_off:
            return _("does not agree")
        return _("agrees") if any(cell.agrees for cell in self.cells) else ""


class Reconciliation:
    """The communes of a province as they stood at the end of a year, with what was stated of them."""

    def __init__(self, province: Unit, year: int, user):
        self.province, self.year, self.user = province, year, user
        self.frame = ByCommune(province, date(year, 12, 31), user)
        # Results are as they stand today: most are decided after the year has ended.
        self.results = ByCommune(province, timezone.localdate(), user)

    @cached_property
    def communes(self) -> list[UnitPeriod]:
        return list(self.frame.children().kept_by(self.user).select_related("district"))

    @cached_property
    def stated(self) -> dict[Key, int]:
        """Return {(commune, what): number} of what was entered."""
        rows = StatedTotal.objects.kept_by(self.user).filter(year=self.year)
        rows = rows.filter(unit__in=[commune.unit_id for commune in self.communes])
        return {(unit, what): number for unit, what, number in rows.values_list("unit", "what", "number")}

    @cached_property
    def recorded(self) -> dict[Key, int | None]:
        return self._states() | self._results()

    def _states(self) -> dict[Key, int | None]:
        by_commune = Board(self.frame).child_figures(list({code for code, _part in STATES.values()}))
        found: dict[Key, int | None] = {}
        for commune in self.communes:
            figures = by_commune.get(commune.unit_id, {})
            for what, (code, part) in STATES.items():
                figure = figures.get(code)
                if figure is None:
                    # Without cells there are no members to count; without any hamlet, none.
                    found[commune.unit_id, what] = 0
                elif not figure.is_known:
                    found[commune.unit_id, what] = None
                else:
                    number = figure.denominator if part == Part.ALL else figure.numerator
                    found[commune.unit_id, what] = number
        return found

    def _results(self) -> dict[Key, int | None]:
        """Count the ratings of the year by the conditions of the lists behind the figures."""
        counts = {}
        for what, (code, part) in RESULTS.items():
            definition = DEFINITIONS[code]
            condition = (
                definition.counted() if part == Part.COUNTED else definition.of() & ~definition.counted()
            )
            counts[what] = Count("pk", filter=condition)
        rows = RATINGS.rows(self.results, year=self.year).order_by()
        by_commune = {row["commune"]: row for row in rows.values("commune").annotate(**counts)}
        return {
            (commune.unit_id, what): by_commune.get(commune.unit_id, {}).get(what, 0)
            for commune in self.communes
            for what in RESULTS
        }

    # --- The table ------------------------------------------------------------------------

    def rows(
        self, typed: Mapping[Key, str] | None = None, errors: Mapping[Key, str] | None = None
    ) -> list[Row]:
        """Return one row for each commune, with what could not be saved as it was typed."""
        typed, errors = typed or {}, errors or {}
        return [
            Row(
                commune.unit_id,
                commune.full_name,
                commune.district.full_name if commune.district else "",
                [
                    Compared(
                        what,
                        self.stated.get((commune.unit_id, what)),
                        self.recorded[commune.unit_id, what],
                        self._url(commune.unit_id, what),
                        field_name(commune.unit_id, what),
                        typed.get((commune.unit_id, what)),
                        errors.get((commune.unit_id, what), ""),
                    )
                    for what in What
                ],
            )
            for commune in self.communes
        ]

    def totals(self, rows: list[Row]) -> list[Compared]:
        """Add the rows up; a sum of some communes is compared with nothing."""
        found = []
        for place, what in enumerate(What):
            cells = [row.cells[place] for row in rows]
            stated = [cell.stated for cell in cells if cell.stated is not None]
            known = [cell.recorded for cell in cells if cell.recorded is not None]
            found.append(
                Compared(
                    what,
                    sum(stated) if stated else None,
                    sum(known) if known else None,
                    self._url(self.province.pk, what),
                    stated_by=len(stated) if 0 < len(stated) < len(rows) else None,
                )
            )
        return found

    def _url(self, unit: int, what: str) -> str:
        """Return the address of the list behind a recorded number."""
        code, part = (STATES | RESULTS)[what]
        more = {} if part == Part.COUNTED else {"phan": part.value}
        frame = self.frame if what in STATES else self.results
        if what in RESULTS:
            more["nam"] = self.year
        return reverse("dashboards:figure_rows", args=[unit, code]) + frame_query(frame, **more)

    # --- Saving ---------------------------------------------------------------------------

    def read(
        self, sent: Mapping[str, str], seen: Mapping[str, int]
    ) -> tuple[dict[Key, int | None], dict[Key, str]]:
        """Return what is to be changed, and what is wrong with the numbers that were sent.

        What somebody else has entered since the page was opened is never written over unseen.
        """
        changes: dict[Key, int | None] = {}
        errors: dict[Key, str] = {}
        for commune in self.communes:
            for what in What:
                key, name = (commune.unit_id, what), field_name(commune.unit_id, what)
                if name not in sent:
                    continue
                try:
                    number = _number(sent[name])
                except ValidationError as error:
                    errors[key] = error.message
                    continue
                now, then = self.stated.get(key), seen.get(name)
                if number in (now, then):
                    continue
                if now != then:
                    errors[key] = _changed_meanwhile(now)
                else:
                    changes[key] = number
        return changes, errors


def _number(text: str) -> int | None:
    if not text.strip():
        return None
    try:
        number = parse_count(text)
    except SheetError as error:
        raise ValidationError(sentence_of(error)) from None
    if number > LARGEST:
        raise ValidationError(_("The number is too large."))
    return number


def _changed_meanwhile(now: int | None) -> str:
    if now is None:
        return _("Somebody else has emptied this meanwhile. Save again to keep your number.")
    return _("Somebody else has entered %(number)s meanwhile. Save again to keep your number.") % {
        "number": format_count(now)
    }


@transaction.atomic
def record(year: int, changes: Mapping[Key, int | None]) -> None:
    """Write these totals of printed reports; None takes away what was stated."""
    rows = StatedTotal.objects.filter(year=year, unit__in={unit for unit, _what in changes})
    before = {(row.unit_id, row.what): row for row in rows}
    new, changed, gone = [], [], []
    for (unit, what), number in changes.items():
        row = before.get((unit, what))
        if number is None:
            gone += [row.pk] if row else []
        elif row is None:
            new.append(StatedTotal(unit_id=unit, year=year, what=what, number=number))
        else:
            row.number = number
            changed.append(row)
    create_many(StatedTotal, new)
    if changed:
        update_many(StatedTotal, changed, ["number"])
    if gone:
        delete_many(StatedTotal.objects.filter(pk__in=gone))
