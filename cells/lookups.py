"""Finding units, cells and decisions by what a workbook calls them: by code, else by name (see ``names``).

Everything is looked up once per file, among what the user keeps. What several rows answer to is
asked back with all of them, never decided by taking the first.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date
from functools import cached_property

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts.history import batches, create_many
from accounts.sheet_lines import Refusal
from accounts.validation import load_related
from cells.kinds import Level
from cells.models import Cell, CellPeriod, Decision, Unit, UnitPeriod
from cells.names import MOST_SHOWN, Names
from sheets.text import fold, nfc


def not_found(name: str, *, where, nearest: Iterable[str] = ()) -> Refusal:
    """Return the refusal of a name that nothing bears there, with those it may have meant."""
    nearest = list(nearest)
    words = {"name": nfc(str(name)), "where": where, "nearest": "; ".join(nearest)}
    if nearest:
        said = _("There is no “%(name)s” in %(where)s. Nearest: %(nearest)s. Correct it or remove this row.")
    else:
        said = _("There is no “%(name)s” in %(where)s.")
    return Refusal(said % words, cause=_("Not found in %(where)s") % words, nearest=nearest)


def your_scope() -> str:
    return _("your scope")


class _Periods:
    """What a user keeps between two days: the periods of communes, and those of their hamlets and cells."""

    def __init__(self, user, first: date, last: date):
        self.user, self.first, self.last = user, first, last
        self._hamlets: dict[int, list[UnitPeriod]] = {}
        self._cells: dict[int, list[CellPeriod]] = {}

    @cached_property
    def communes(self) -> list[UnitPeriod]:
        return list(self._kept(UnitPeriod).at_level(Level.COMMUNE).select_related("unit__province"))

    def hamlets_of(self, communes: set[int]) -> dict[int, list[UnitPeriod]]:
        # Scope is judged by today: what has moved to a neighbour since is the neighbour's.
        rows = self._kept(UnitPeriod).hamlets().select_related("unit__commune", "unit__parent")
        return self._load(rows, "parent", communes, self._hamlets)

    def cells_of(self, communes: set[int]) -> dict[int, list[CellPeriod]]:
        rows = self._kept(CellPeriod).select_related("cell__commune")
        return self._load(rows, "commune", communes, self._cells)

    def _kept(self, model):
        return model.objects.kept_by(self.user).overlapping(self.first, self.last)

    @staticmethod
    def _load(rows, above: str, communes: set[int], known: dict[int, list]) -> dict[int, list]:
        new = sorted(communes - known.keys())
        known |= {key: [] for key in new}
        for some in batches(new, 900):
            for period in rows.filter(**{f"{above}__in": some}):
                known[getattr(period, f"{above}_id")].append(period)
        return known


class Places:
    """The communes a user keeps as they were on a day, and the hamlets and cells in them."""

    def __init__(self, user, day: date, periods: _Periods | None = None):
        self.day = day
        self._periods = periods or _Periods(user, day, day)
        self._hamlets: dict[int, Names] = {}
        self._cells: dict[int, Names] = {}

    @cached_property
    def communes(self) -> Names:
        found = Names()
        for period in self._of_the_day(self._periods.communes):
            found.add_place(period.unit, code=period.code, kind=period.kind, name=period.name)
        return found

    def commune(self, code, name) -> Unit:
        """Return the commune of this code or name; a code and a name that disagree are refused."""
        if code is not None:
            unit = self.communes.with_code(code)
            if unit is None:
                raise not_found(code, where=your_scope())
            if name is not None and unit not in self.communes.named(name):
                raise ValidationError(
                    _("The code %(code)s is %(unit)s, not “%(name)s”. Correct one of the two.")
                    % {"code": code, "unit": unit, "name": name}
                )
            return unit
        unit = self.communes.with_name(name)
        if unit is None:
            raise not_found(name, where=your_scope(), nearest=self.communes.nearest(name))
        return unit

    def load_hamlets(self, communes: Iterable[Unit]) -> None:
        new = {commune.pk for commune in communes} - self._hamlets.keys()
        periods = self._periods.hamlets_of(new)
        for key in new:
            self._hamlets[key] = names = Names()
            for period in self._of_the_day(periods[key]):
                names.add_place(period.unit, code=period.code, kind=period.kind, name=period.name)

    def load_cells(self, communes: Iterable[Unit]) -> None:
        new = {commune.pk for commune in communes} - self._cells.keys()
        periods = self._periods.cells_of(new)
        for key in new:
            self._cells[key] = names = Names()
            for period in self._of_the_day(periods[key]):
                names.add_cell(period.cell, name=period.name)

    def _of_the_day(self, periods: Iterable) -> Iterator:
        return (period for period in periods if period.holds_on(self.day))

    def hamlets_of(self, commune: Unit) -> Names:
        return self._hamlets[commune.pk]

    def cells_of(self, commune: Unit) -> Names:
        return self._cells[commune.pk]


class PlacesOfDays:
    """The same for lists whose rows are each about a day of their own: loaded once, whatever the days."""

    def __init__(self, user, days: Iterable[date]):
        self.user, days = user, list(days)
        self._periods = _Periods(user, min(days), max(days)) if days else None
        self._places: dict[date, Places] = {}

    def on(self, day: date) -> Places:
        if day not in self._places:
            self._places[day] = Places(self.user, day, self._periods)
        return self._places[day]

    def load_hamlets(self, communes: Iterable[Unit]) -> None:
        """Load the hamlets of all communes at once; each day then takes its own from them."""
        self._periods.hamlets_of({commune.pk for commune in communes})

    def load_cells(self, communes: Iterable[Unit]) -> None:
        self._periods.cells_of({commune.pk for commune in communes})


def kept_by_code(queryset, user, codes: Iterable[str]) -> dict[str, object]:
    """Return the rows of these codes that the user keeps."""
    wanted = sorted({str(code).upper() for code in codes if code is not None})
    return {
        row.code: row
        for some in batches(wanted)
        for row in queryset.kept_by(user).filter(code__in=some).order_by()
    }


def cells_by_code(user, codes) -> dict[str, Cell]:
    found = kept_by_code(Cell.objects, user, codes)
    load_related(found.values(), "commune")  # thousands of cells stand in a few communes
    return found


def hamlets_by_code(user, codes) -> dict[str, Unit]:
    return kept_by_code(Unit.objects.hamlets().select_related("commune", "parent"), user, codes)


class Decisions:
    """Decisions named by number, day and issuing body: the recorded ones, and new ones to be written."""

    def __init__(self, user):
        self.user = user
        self.known: dict[tuple, list[Decision]] = defaultdict(list)
        self.new: dict[tuple, Decision] = {}

    def load(self, days: Iterable[date]) -> None:
        for some in batches(sorted(set(days)), 500):
            rows = Decision.objects.visible_to(self.user).filter(date__in=some).select_related("unit")
            for row in rows:
                self.known[paper_key(row.number, row.date, row.issuing_body)].append(row)

    def get(self, number: str, day: date, body: str, *, unit: Unit | None) -> Decision:
        """Return the decision of this paper; ``unit`` is whose body issues a new one."""
        key = paper_key(number, day, body)
        rows = self.known[key]
        own = [row for row in rows if row.unit_id == (unit and unit.pk)]
        if own or len(rows) == 1:
            return (own or rows)[0]
        if rows:
            raise ValidationError(
                _("Decision %(number)s is recorded for several units: %(units)s. Choose it on the form.")
                % {"number": number, "units": ", ".join(str(row.unit or "–") for row in rows[:MOST_SHOWN])}
            )
        of_unit = (*key, unit and unit.pk)
        if of_unit not in self.new:
            if (recorded := self._recorded(key, day, unit)) is not None:
                rows.append(recorded)
                return recorded
            new = Decision(number=nfc(number), date=day, issuing_body=nfc(body), unit=unit)
            new.clean_fields(exclude=["unit", "file"])
            self.new[of_unit] = new
        return self.new[of_unit]

    @staticmethod
    def _recorded(key: tuple, day: date, unit: Unit | None) -> Decision | None:
        """Return the paper of this very unit, also of one whose papers the user does not read: it is there once."""
        rows = Decision.objects.filter(date=day, unit=unit).order_by("pk")
        return next((row for row in rows if paper_key(row.number, row.date, row.issuing_body) == key), None)

    def write_new(self) -> None:
        """Record the new decisions that were asked for."""
        for decision in self.new.values():
            decision.prepare()
        create_many(Decision, list(self.new.values()))
        self.new = {}


def paper_key(number: str, day: date, body: str) -> tuple:
    """Return what is alike in two ways of writing the same paper."""
    return fold(number), day, fold(body)
