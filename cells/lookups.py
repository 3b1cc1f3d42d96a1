"""Finding units, cells and decisions by what a workbook calls them: by code, else by the exact name.

Everything is looked up once per file, among what the user keeps. What several rows answer to is
asked back with all of them, never decided by taking the first.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from difflib import get_close_matches
from functools import cached_property

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts.history import batches, create_many
from accounts.sheet_lines import Refusal
from cells.kinds import Level
from cells.models import Cell, CellPeriod, Decision, Unit, UnitPeriod
from sheets.text import fold, nfc

MOST_SHOWN = 5
MOST_OFFERED = 3
ALIKE = 0.75  # of 1; below it a name is of something else


class Names:
    """Rows of one kind, found by code or by name (with or without the word for its kind)."""

    def __init__(self):
        self.by_code: dict[str, list] = defaultdict(list)
        self.by_name: dict[str, list] = defaultdict(list)
        self.spoken: dict[str, str] = {}

    def add(self, row, *, code: str, names: Iterable[str]):
        self.by_code[code.upper()].append(row)
        for name in dict.fromkeys(names):
            self.by_name[fold(name)].append(row)
            self.spoken.setdefault(fold(name), name)

    def with_code(self, code: str):
        return _only(self.by_code.get(str(code).upper(), []), code)

    def with_name(self, name: str):
        return _only(self.by_name.get(fold(name), []), name)

    def nearest(self, name: str) -> list[str]:
        """Return the names most like this one, each row of theirs once."""
        close = get_close_matches(fold(name), self.by_name, n=2 * MOST_OFFERED, cutoff=ALIKE)
        told_by = {self.by_name[key][0]: self.spoken[key] for key in reversed(close)}
        return list(reversed(told_by.values()))[:MOST_OFFERED]


def _only(rows: list, what):
    """Return the one row, or none; refuse several."""
    rows = list(dict.fromkeys(rows))
    if len(rows) > 1:
        shown = ", ".join(_told_apart(row) for row in rows[:MOST_SHOWN]) + (
            " …" if len(rows) > MOST_SHOWN else ""
        )
        raise Refusal(
            _("“%(what)s” means several: %(rows)s. Enter the code.") % {"what": what, "rows": shown},
            cause=_("Several bear this name"),
            nearest=[row.code for row in rows[:MOST_SHOWN]],
        )
    return rows[0] if rows else None


def _told_apart(row) -> str:
    return f"{getattr(row, 'choice_label', row)} ({row.code})"


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


class Places:
    """The communes a user keeps as they were on a day, and the hamlets and cells in them."""

    def __init__(self, user, day: date):
        self.user, self.day = user, day
        self._hamlets: dict[int, Names] = {}
        self._cells: dict[int, Names] = {}

    @cached_property
    def communes(self) -> Names:
        found = Names()
        periods = UnitPeriod.objects.kept_by(self.user).on(self.day).at_level(Level.COMMUNE)
        for period in periods.select_related("unit__province"):
            found.add(period.unit, code=period.code, names=[period.name, period.full_name])
        return found

    def commune(self, code, name) -> Unit:
        """Return the commune of this code or name; a code and a name that disagree are refused."""
        if code is not None:
            unit = self.communes.with_code(code)
            if unit is None:
                raise not_found(code, where=your_scope())
            if name is not None and unit not in self.communes.by_name.get(fold(name), []):
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
        keys = self._new(communes, self._hamlets)
        # Scope is judged by today: what has moved to a neighbour since is the neighbour's.
        periods = UnitPeriod.objects.kept_by(self.user).on(self.day).hamlets().filter(parent__in=keys)
        for period in periods.select_related("unit__commune", "unit__parent"):
            self._hamlets[period.parent_id].add(
                period.unit, code=period.code, names=[period.name, period.full_name]
            )

    def load_cells(self, communes: Iterable[Unit]) -> None:
        keys = self._new(communes, self._cells)
        periods = CellPeriod.objects.kept_by(self.user).on(self.day).filter(commune__in=keys)
        for period in periods.select_related("cell__commune"):
            self._cells[period.commune_id].add(period.cell, code=period.cell.code, names=[period.name])

    @staticmethod
    def _new(communes, known: dict[int, Names]) -> set[int]:
        keys = {commune.pk for commune in communes} - known.keys()
        for key in keys:
            known[key] = Names()
        return keys

    def hamlets_of(self, commune: Unit) -> Names:
        return self._hamlets[commune.pk]

    def cells_of(self, commune: Unit) -> Names:
        return self._cells[commune.pk]


def kept_by_code(queryset, user, codes: Iterable[str]) -> dict[str, object]:
    """Return the rows of these codes that the user keeps."""
    wanted = sorted({str(code).upper() for code in codes if code is not None})
    return {
        row.code: row
        for some in batches(wanted, 1000)
        for row in queryset.kept_by(user).filter(code__in=some)
    }


def cells_by_code(user, codes) -> dict[str, Cell]:
    return kept_by_code(Cell.objects.select_related("commune"), user, codes)


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
                self.known[_key(row.number, row.date, row.issuing_body)].append(row)

    def get(self, number: str, day: date, body: str, *, unit: Unit | None) -> Decision:
        """Return the decision of this paper; ``unit`` is whose body issues a new one."""
        key = _key(number, day, body)
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
            new = Decision(number=nfc(number), date=day, issuing_body=nfc(body), unit=unit)
            new.clean_fields(exclude=["unit", "file"])
            self.new[of_unit] = new
        return self.new[of_unit]

    def write_new(self) -> None:
        """Record the new decisions that were asked for."""
        for decision in self.new.values():
            decision.prepare()
        create_many(Decision, list(self.new.values()))
        self.new = {}


def _key(number: str, day: date, body: str) -> tuple:
    return fold(number), day, fold(body)
