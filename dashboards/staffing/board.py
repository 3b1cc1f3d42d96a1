"""How many seats deserve a look in a unit and in each unit below: one query for hamlets, cells and people each."""

from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property

from django.db.models import Count, F
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from cells.kinds import Kind as HamletKind
from cells.models import UnitPeriod
from dashboards.basis import Basis, LeftOut, frame_query, page_address
from dashboards.figures.frames import Borders, Frame
from dashboards.figures.sections import CELLS, HAMLETS
from dashboards.staffing.items import BY_SLUG, ITEMS, Item, Of
from dashboards.staffing.limits import LimitsOf
from dashboards.staffing.rules import cell_rows, count_people, hamlet_rows
from dashboards.wording import HamletWords
from sheets.numbers import format_count

_SECTIONS = {Of.HAMLETS: HAMLETS, Of.CELLS: CELLS}


def items_of(kind: str) -> list[Item]:
    return [item for item in ITEMS if item.of == kind]


def board_url(frame: Frame, unit: int | None = None) -> str:
    """Return the address of the board of the frame's unit, or of a unit below it."""
    pk = unit or (frame.unit.pk if frame.unit else None)
    address = page_address("seats:board_unit", pk) if pk else page_address("seats:board")
    return address + frame_query(frame)


def item_url(frame: Frame, slug: str, unit: int | None = None, **more) -> str:
    """Return the address of the list behind a number."""
    pk = unit or (frame.unit.pk if frame.unit else None)
    name, args = ("seats:list", [pk, slug]) if pk else ("seats:list_country", [slug])
    return page_address(name, *args) + frame_query(frame, **more)


@dataclass(frozen=True)
class Counted:
    """An item with its number, and the list behind it."""

    item: Item
    label: str
    explanation: str
    count: int
    url: str
    note: str = ""


@dataclass(frozen=True)
class BoardRow:
    name: str
    url: str
    cells: list[tuple[str, int, str]]


class SeatBoard:
    """The counts of a frame, each asked for once."""

    def __init__(self, frame: Frame):
        self.frame = frame
        self.limits = LimitsOf(frame.unit)

    def _grouped(self, rows, kind: str, *more: str):
        """Return {unit below: {flag: count}}; rows alike in every flag are counted together."""
        flags = [item.flag for item in items_of(kind)]
        place = self.frame.child_column(_SECTIONS[kind].places(self.frame))
        counted = rows.order_by().values(*flags, *more, place_key=F(place)).annotate(n=Count("pk"))
        groups: dict[int | None, dict[str, int]] = defaultdict(lambda: defaultdict(int))
        for row in counted:
            group = groups[row["place_key"]]
            group["all"] += row["n"]
            for name in (*flags, *more):
                if name == "kind":
                    group[f"kind_{row[name]}"] += row["n"]
                elif row[name] is None:  # neither true nor false: what it is judged by is not known
                    group[f"{name}_unknown"] += row["n"]
                elif row[name]:
                    group[name] += row["n"]
        return groups

    @cached_property
    def hamlets(self):
        return self._grouped(hamlet_rows(self.frame, self.limits), Of.HAMLETS, "kind")

    @cached_property
    def cells(self):
        return self._grouped(cell_rows(self.frame, self.limits), Of.CELLS)

    @cached_property
    def people(self) -> tuple[int, int]:
        """How many people hold several seats, and how many seats these are."""
        return count_people(self.frame)

    @cached_property
    def words(self) -> HamletWords:
        total = self._total(Of.HAMLETS)
        kinds = [(-total[f"kind_{kind}"], kind) for kind in HamletKind.values if total[f"kind_{kind}"]]
        return HamletWords.of([kind for _count, kind in sorted(kinds)])

    def _groups(self, kind: str):
        return self.hamlets if kind == Of.HAMLETS else self.cells

    def _total(self, kind: str) -> dict[str, int]:
        return self._totals[kind]

    @cached_property
    def _totals(self) -> dict[str, dict[str, int]]:
        totals: dict[str, dict[str, int]] = {kind: defaultdict(int) for kind in _SECTIONS}
        for kind, total in totals.items():
            for group in self._groups(kind).values():
                for key, count in group.items():
                    total[key] += count
        return totals

    def total_of(self, slug: str) -> int:
        """Return how many rows of hamlets or cells an item counts."""
        item = BY_SLUG[slug]
        return self._total(item.of)[item.flag]

    @property
    def is_empty(self) -> bool:
        return not (self._total(Of.HAMLETS)["all"] or self._total(Of.CELLS)["all"])

    def say(self, item: Item) -> tuple[str, str]:
        """Return label and explanation of an item in the words of the unit."""
        return say(item, self.words, self.limits)

    @property
    def counted(self) -> list[Counted]:
        """Every item with its number, in the order of the board."""
        found = []
        for item in ITEMS:
            label, explanation = self.say(item)
            count, note = self._count(item)
            found.append(Counted(item, label, explanation, count, item_url(self.frame, item.slug), note))
        return found

    def _count(self, item: Item) -> tuple[int, str]:
        if item.of == Of.PEOPLE:
            people, tenures = self.people
            return people, _("%(people)s people in %(tenures)s seats") % {
                "people": format_count(people),
                "tenures": format_count(tenures),
            }
        total = self._total(item.of)
        if item.flag == "few_official" and (unknown := total["few_official_unknown"]):
            note = _("not known of %(count)s cells") % {"count": format_count(unknown)}
            return total[item.flag], note
        return total[item.flag], ""

    # --- by unit below ------------------------------------------------------------------

    @cached_property
    def columns(self) -> list[Item]:
        """The items of the table by unit: a person with seats in two units would be counted in both."""
        return [item for item in ITEMS if item.of != Of.PEOPLE]

    @cached_property
    def headers(self) -> list[str]:
        return [str(item.brief) for item in self.columns]

    def rows(self, children: list[UnitPeriod]) -> list[BoardRow]:
        """Return a row for each unit below with anything to look at, and one for what stands in none of them."""
        found = [
            BoardRow(child.full_name, board_url(self.frame, child.unit_id), self._cells(child.unit_id))
            for child in children
        ]
        if self.left_out:
            found.append(BoardRow(_("Cannot be placed"), "", self._cells(None)))
        return [row for row in found if any(count for _label, count, _url in row.cells)]

    def _cells(self, key: int | None) -> list[tuple[str, int, str]]:
        return [
            (
                header,
                (count := self._groups(item.of)[key][item.flag]),
                item_url(self.frame, item.slug, key) if count and key else "",
            )
            for header, item in zip(self.headers, self.columns, strict=True)
        ]

    @property
    def total(self) -> BoardRow:
        cells = [
            (header, self._total(item.of)[item.flag], item_url(self.frame, item.slug))
            for header, item in zip(self.headers, self.columns, strict=True)
        ]
        return BoardRow(_("Total"), "", cells)

    @property
    def left_out(self) -> list[LeftOut]:
        """What stands in no unit below in today's borders."""
        if self.frame.borders != Borders.NOW:
            return []
        words = {Of.HAMLETS: self.words.hamlet, Of.CELLS: _("cells")}
        return [
            LeftOut(f"{format_count(count)} {words[kind]}")
            for kind in words
            if (count := self._groups(kind).get(None, {}).get("all", 0))
        ]

    @property
    def basis(self) -> Basis:
        return Basis(self.frame, self.left_out)


def say(item: Item, words: HamletWords, limits: LimitsOf) -> tuple[str, str]:
    """Return label and explanation of an item in these words, with the limit that holds."""
    limit = limits.words(item.limit) if item.limit else ""
    said = {"hamlets": words.hamlet, "head": words.head, "limit": limit or _("that of each province")}
    return capfirst(str(item.label) % said), capfirst(str(item.explanation) % said)
