"""How the members of cells were rated: one row of counts for each cell and year, no names."""

from collections.abc import Iterable, Iterator

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.columns import SheetColumn, count_column, year_column
from accounts.history import batches, create_many, update_many
from accounts.resources import SheetResource
from accounts.sheet_lines import Line
from cells.resources.bodies import CELL, Bodies, cell_row, columns_of_cell, commune_row, drop_place
from evaluations.models import CellRating, MemberLevels, ReviewCycle
from evaluations.resources.years import Years, check_state, is_step

COUNTS = ("excellent", "good", "completed", "not_completed", "not_rated")
# A heading of two rows says whose level it is: "Đảng viên / HTXSNV".
GROUPS = ("Đảng viên", "Đảng viên được xếp loại", "Xếp loại đảng viên", "Kết quả xếp loại đảng viên")


def _count(key: str, header: str, *heads: str) -> SheetColumn:
    grouped = tuple(f"{group} / {head}" for group in GROUPS for head in heads)
    return count_column(key, header, synonyms=(*heads, *grouped))


class MemberLevelsResource(SheetResource):
    model = MemberLevels
    title = gettext_lazy("Levels of the members of cells")
    columns = [
        year_column("year", gettext_lazy("Year"), required=True),
        *columns_of_cell(),
        _count("excellent", "HTXSNV", "HTXSNV", "HTXS", "XS", "Hoàn thành xuất sắc"),
        _count("good", "HTTNV", "HTTNV", "HTTTNV", "HTT", "T", "Hoàn thành tốt"),
        _count("completed", "HTNV", "HTNV", "HT"),
        _count("not_completed", "KHTNV", "KHTNV", "KHT", "Không hoàn thành"),
        _count(
            "not_rated", gettext_lazy("Not rated"), "Chưa xếp loại", "Chưa được xếp loại", "Không xếp loại"
        ),
    ]

    def rows(self, queryset) -> Iterator[dict]:
        for levels in queryset.select_related("cell__commune", "cycle").iterator(chunk_size=2000):
            yield _levels_row(levels)

    def is_own_step(self, line: Line) -> bool:
        return is_step(line)

    def look_up(self, lines: list[Line]) -> None:
        bodies = Bodies(self.user, lines)
        dated = [line for line in lines if self.require(line, "year")]
        years = Years(self.user, (line["year"] for line in dated))
        bodies.find((line, CELL, years.roster_day(line["year"])) for line in dated)
        for line in lines:
            line.cell, line.known, line.cycle = line.body, None, None
        found = [line for line in dated if line.cell]
        self._find_recorded(found)
        years.place(line for line in found if line.known is None)
        rated = self._rosters(found)
        for line in found:
            if line.cycle is not None:
                check_state(line, is_on_roster=(line.cell.pk, line.cycle.pk) in rated)
            if not line.faults:
                self._check(line)

    def _find_recorded(self, lines: list[Line]) -> None:
        recorded = {}
        years = {line["year"] for line in lines}
        for some in batches(sorted({line.cell.pk for line in lines}), 1000):
            rows = MemberLevels.objects.filter(cell__in=some, cycle__year__in=years)
            for levels in rows.select_related("cell__commune", "cycle"):
                recorded[levels.cell_id, levels.cycle.year] = levels
        for line in lines:
            line.known = recorded.get((line.cell.pk, line["year"]))
            if line.known:
                drop_place(line)
                line.current, line.cycle = _levels_row(line.known), line.known.cycle

    @staticmethod
    def _rosters(lines: list[Line]) -> set[tuple[int, int]]:
        """Return which cells are on the list of their open review."""
        cycles = {
            line.cycle.pk for line in lines if line.cycle and line.cycle.state == ReviewCycle.State.OPEN
        }
        cells = sorted({line.cell.pk for line in lines}) if cycles else []
        return {
            row
            for some in batches(cells, 1000)
            for row in CellRating.objects.filter(cycle__in=cycles, cell__in=some).values_list("cell", "cycle")
        }

    def _check(self, line: Line) -> None:
        levels = self._levels(line)
        if all(getattr(levels, name) is None for name in COUNTS):
            line.fault(COUNTS[0], _("Enter at least one number."))
        try:
            levels.clean_fields(exclude=["cell", "cycle"])
        except ValidationError as error:
            self.note(line, error)

    @staticmethod
    def _levels(line: Line) -> MemberLevels:
        """Return the counts as the line wants them, unsaved."""
        levels = line.known or MemberLevels(cell=line.cell, cycle=line.cycle)
        for name in COUNTS:
            if name in line.changed:
                setattr(levels, name, line.changed[name])
        return levels

    def identity(self, line: Line):
        return line.cell.pk, line["year"]

    def write(self, lines: list[Line]) -> None:
        for line in lines:
            line.obj = self._levels(line)
        create_many(MemberLevels, _objects(lines, are_known=False))
        update_many(MemberLevels, _objects(lines, are_known=True), list(COUNTS))


def _objects(lines: Iterable[Line], *, are_known: bool) -> list[MemberLevels]:
    return [line.obj for line in lines if (line.known is not None) == are_known]


def _levels_row(levels: MemberLevels) -> dict:
    return {
        "records": ((MemberLevels, levels.pk),),
        "year": levels.cycle.year,
        **commune_row(levels.cell.commune),
        **cell_row(levels.cell),
        **{name: getattr(levels, name) for name in COUNTS},
    }
