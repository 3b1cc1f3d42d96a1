"""How the rows of a workbook tell a target: its unit, what it counts, its path, in the words of an office."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import cached_property
from itertools import permutations

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts.sheet_lines import Line, Refusal
from cells.kinds import KINDS_OF_LEVEL, Level
from cells.lookups import not_found, your_scope
from cells.models import Unit
from cells.names import Names
from dashboards.targets.measures import MEASURES, TITLE, measure_label
from dashboards.targets.rules import MOST
from dashboards.wording import HamletWords
from evaluations.models import Title
from sheets.numbers import parse_count
from sheets.text import fold, nfc

FIGURES = tuple(code for code in MEASURES if code != TITLE)


def path_in(text) -> dict[int, int]:
    """Read a path as it is written in one cell: "2026: 40; 2027: 59"."""
    path = {}
    for step in filter(None, map(str.strip, nfc(str(text)).replace("\n", ";").split(";"))):
        year, colon, planned = (part.strip() for part in step.partition(":"))
        if not (colon and year.isascii() and year.isdecimal() and len(year) == 4 and int(year) not in path):
            raise ValidationError(
                _('“%(step)s” is no step of a path. Write each year once, as in "2026: 40; 2027: 59".')
                % {"step": step}
            )
        path[int(year)] = count_in(planned)
    return path


def count_in(text: str) -> int:
    count = parse_count(text)
    if count > MOST:
        raise ValidationError(_("The number is too large. Check it."))
    return count


def path_words(path: Mapping[int, int]) -> str:
    return "; ".join(f"{year}: {planned}" for year, planned in sorted(path.items()))


class Measures:
    """What a target may count, found by what pages call it, in the words of whatever hamlets."""

    def __init__(self, titles: Iterable[Title], words: HamletWords):
        self.titles = list(titles)
        kinds = KINDS_OF_LEVEL[Level.HAMLET]
        spoken = [(), *((kind,) for kind in kinds), *permutations(kinds, 2)]
        # A file mostly speaks in the words of whoever takes it in: the others are tried after them.
        self._spoken = [words, *map(HamletWords, spoken)]
        self._figures: dict[HamletWords, dict[str, str]] = {}

    def named(self, text: str) -> tuple[str, Title | None]:
        """Return code and title of what is called so, or raise Refusal with what there is."""
        name = fold(text)
        if name in self._named_titles:
            return TITLE, self._named_titles[name]
        for words in self._spoken:
            if name in (figures := self._in(words)):
                return figures[name], None
        raise Refusal(
            _("“%(value)s” is no target that the software counts. Choose what is counted.") % {"value": text},
            nearest=self._labels(),
        )

    @cached_property
    def _named_titles(self) -> dict[str, Title]:
        return {
            fold(name): title
            for title in self.titles
            for name in (_title_label(title), title.name, title.code)
        }

    def _in(self, words: HamletWords) -> dict[str, str]:
        if words not in self._figures:
            self._figures[words] = {
                fold(name): code for code in FIGURES for name in (measure_label(code, None, words), code)
            }
        return self._figures[words]

    def _labels(self) -> list[str]:
        return [
            *(measure_label(code, None, self._spoken[0]) for code in FIGURES),
            *map(_title_label, self.titles),
        ]


def _title_label(title: Title) -> str:
    return measure_label(TITLE, title, HamletWords())


class Units:
    """The provinces and communes that a user keeps, by code or name; what has ended only where nothing else fits."""

    def __init__(self, user):
        self._kept = Unit.objects.kept_by(user).exclude(level=Level.HAMLET).order_by("sort_key", "pk")

    @cached_property
    def _standing(self) -> Names:
        return self._names(self._kept.standing())

    @cached_property
    def _ended(self) -> Names:
        return self._names(self._kept.filter(closed_on__isnull=False))

    @staticmethod
    def _names(units) -> Names:
        names = Names()
        for unit in units:
            names.add_place(unit, code=unit.code, kind=unit.kind, name=unit.name)
        return names

    def of(self, line: Line, code_key: str, name_key: str) -> Unit | None:
        """Return the unit that a line names, or note why none is found."""
        code, name = line[code_key], line[name_key]
        if code is None and name is None:
            if not line.faults.keys() & {code_key, name_key}:
                line.fault(name_key, _("Fill in this column."))
            return None
        try:
            return self._by_code(code, name) if code is not None else self.named(name)
        except ValidationError as error:
            line.fault(name_key if code is None else code_key, error)
            return None

    def _by_code(self, code: str, name: str | None) -> Unit:
        # A code may go on in what came of a unit: then the name says which of them is meant.
        same = [*self._standing.by_code.get(code.upper(), []), *self._ended.by_code.get(code.upper(), [])]
        if not same:
            raise not_found(code, where=your_scope())
        named = defaultdict(list)
        for unit in same:
            named[fold(name or "") in (fold(unit.full_name), fold(unit.name))].append(unit)
        if name is not None and not named[True]:
            raise ValidationError(
                _("The code %(code)s is %(unit)s, not “%(name)s”. Correct one of the two.")
                % {"code": code, "unit": same[0], "name": name}
            )
        return (named[True] or same)[0]

    def named(self, name: str) -> Unit:
        unit = self._standing.with_name(name) or self._ended.with_name(name)
        if unit is None:
            raise not_found(name, where=your_scope(), nearest=self._standing.nearest(name))
        return unit
