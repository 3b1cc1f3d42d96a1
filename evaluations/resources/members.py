"""How the members of cells were rated: one row of counts for each cell and year, no names."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.columns import SheetColumn, count_column, year_column
from accounts.history import batches, create_many, update_many
from accounts.resources import model_of
from accounts.sheet_lines import Line
from cells.resources.bodies import Bodies, cell_row, columns_of_cell, commune_row, drop_place
from evaluations.models import CellRating, MemberLevels
from evaluations.resources.filling import FillingResource
from evaluations.resources.years import Years

COUNTS = ("excellent", "good", "completed", "not_completed", "not_rated")
# A heading of two rows says whose level it is: "Đảng viên / HTXSNV".
GROUPS = ("Đảng viên", "Đảng viên được xếp loại", "Xếp loại đảng viên", "Kết quả xếp loại đảng viên")


# Over the counts where they stand beside the level of their cell.
HEADS = ("Đảng viên được xếp loại", "Xếp loại đảng viên", "Đảng viên", "Mức xếp loại đảng viên")
_BESIDE = {
    "excellent": ("XS", "HTXSNV"),
    "good": ("T", "HTTNV"),
    "completed": ("HT", "HTNV"),
    "not_completed": ("KHT", "KHTNV"),
    "not_rated": ("Chưa xếp loại",),
}


def _count(key: str, header: str, *heads: str) -> SheetColumn:
    grouped = tuple(f"{group} / {head}" for group in GROUPS for head in heads)
    return count_column(key, header, synonyms=(*heads, *grouped))


class MemberLevelsResource(FillingResource):
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

    FIELDS = TOLD = COUNTS

    def rows(self, queryset) -> Iterator[dict]:
        for levels in queryset.select_related("cell__commune", "cycle").iterator(chunk_size=2000):
            yield self.row(levels)

    def row(self, levels: MemberLevels) -> dict:
        return {
            "records": ((MemberLevels, levels.pk),),
            "year": levels.cycle.year,
            **commune_row(levels.cell.commune),
            **cell_row(levels.cell),
            **{name: getattr(levels, name) for name in COUNTS},
        }

    def drop_names(self, line: Line) -> None:
        drop_place(line)

    @staticmethod
    def row_of(line: Line) -> CellRating | None:
        """The counts stand beside the rating of their cell and go with it."""
        return line.rating

    def look_up(self, lines: list[Line]) -> None:
        bodies = Bodies(self.user, lines)
        dated = [line for line in lines if self.require(line, "year")]
        years = Years(self.user, (line["year"] for line in dated))
        for line in lines:
            line.cell = line.known = line.cycle = line.rating = None
            line.is_hidden = False
        self.find_cells(bodies, years, dated)
        found = [line for line in dated if line.cell]
        self.find_recorded(found)
        for line in found:
            if line.known:
                line.cycle = line.known.cycle
        years.place(line for line in found if line.known is None)
        self._find_ratings(found)
        self.compare(found)
        self.fill_in(found)
        for line in found:
            if not line.faults:
                self._check_counts(line)
                if line.known:
                    # Counted here, once: what the database refuses is written again without its fault.
                    line.known.revision += 1

    def find_recorded(self, lines: list[Line], *, locked: bool = False) -> None:
        recorded = {}
        years = {line["year"] for line in lines}
        for some in batches(sorted({line.cell.pk for line in lines}), 1000):
            rows = MemberLevels.objects.filter(cell__in=some, cycle__year__in=years)
            rows = rows.select_related("cell__commune", "cycle")
            for levels in rows.select_for_update(of=("self",)).order_by("pk") if locked else rows:
                recorded[levels.cell_id, levels.cycle.year] = levels
        for line in lines:
            line.known = recorded.get((line.cell.pk, line["year"]))
        if locked:
            self._find_ratings(lines)

    @staticmethod
    def _find_ratings(lines: list[Line]) -> None:
        """Set the rating beside which the counts stand, where their review goes step by step."""
        cycles = {
            line.cycle.pk for line in lines if line.cycle and line.cycle.state != line.cycle.State.RECORDED
        }
        rated = {}
        for some in batches(sorted({line.cell.pk for line in lines}) if cycles else [], 1000):
            rows = CellRating.objects.filter(cycle__in=cycles, cell__in=some).latest_editions()
            rated |= {(row.cell_id, row.cycle_id): row for row in rows.order_by()}
        for line in lines:
            line.rating = rated.get((line.cell.pk, line.cycle.pk)) if line.cycle else None

    def _check_counts(self, line: Line) -> None:
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
        withheld = line.rating is not None and line.rating.withheld
        levels = line.known or MemberLevels(cell=line.cell, cycle=line.cycle, withheld=withheld)
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
        update_many(MemberLevels, _objects(lines, are_known=True), [*COUNTS, "revision"])


def columns_beside_levels() -> Iterator[SheetColumn]:
    """Yield the columns of the counts as they stand beside the level of their cell."""
    for column in MemberLevelsResource.columns:
        if column.kind == "count":
            heads = [f"{head} / {leaf}" for head in HEADS for leaf in _BESIDE[column.key]]
            yield replace(column, header=heads[0], synonyms=tuple(heads[1:]))


def joined_marks(*marks: str) -> str:
    """Return the mark of a row that shows several records."""
    return " ".join(marks)


def mark_apart(joined: str | None, model) -> str | None:
    """Return what the mark of a row says of the record of this model; None where it says nothing."""
    marks = {model_of(mark): mark for mark in (joined or "").split()}
    return marks.get(model._meta.model_name)


def _objects(lines: Iterable[Line], *, are_known: bool) -> list[MemberLevels]:
    return [line.obj for line in lines if (line.known is not None) == are_known]
