"""Ratings of cells of past years."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.columns import SheetColumn, choice_column, decimal_column, labels_of, year_column
from accounts.history import batches, update_many
from accounts.sheet_lines import Line
from cells.columns import DECISION_KEYS, decision_columns, decision_row
from cells.models import Unit
from cells.resources.bodies import columns_of_cell
from evaluations.actions import record_cell_ratings, record_cycle
from evaluations.models import CellRating, ReviewCycle
from evaluations.models.ratings import NotSubject
from evaluations.reading import level_column
from evaluations.resources.of_cells import OfCellResource
from evaluations.roster import places_of_cells

DECIDED_HEADS = (
    "Mức xếp loại",
    "Mức XL",
    "KQXL",
    "Kết quả xếp loại",
    "Kết quả",
    "Xếp loại",
    "Quyết định xếp loại",
    "Ban Thường vụ Đảng ủy quyết định",
    "BTV quyết định",
)
RATING_FIELDS = (
    "self_level",
    "proposed_level",
    "decided_level",
    "points",
    "not_subject_reason",
    "reason",
    "note",
)


class CellRatingResource(OfCellResource):
    model = CellRating
    title = gettext_lazy("Ratings of cells")
    columns = [
        year_column("year", gettext_lazy("Year"), required=True),
        *columns_of_cell(),
        level_column(
            "self_level",
            gettext_lazy("Own level"),
            synonyms=("Tự xếp loại", "Chi bộ tự xếp loại", "CB tự XL", "Tự XL", "Chi bộ tự xếp"),
        ),
        level_column(
            "proposed_level",
            gettext_lazy("Proposed level"),
            synonyms=(
                "Đề xuất xếp loại",
                "Đề xuất",
                "Mức đề xuất",
                "Đề xuất của Ban Xây dựng Đảng",
                "Đề xuất XL",
            ),
        ),
        level_column("decided_level", gettext_lazy("Decided level"), synonyms=DECIDED_HEADS),
        decimal_column("points", gettext_lazy("Points"), synonyms=("Số điểm", "Tổng điểm")),
        choice_column(
            "not_subject_reason",
            gettext_lazy("Not subject to rating"),
            labels_of(NotSubject),
            show=lambda value: str(NotSubject(value).label) if value else "",
            width=20,
        ),
        SheetColumn("reason", gettext_lazy("Reason"), synonyms=("Nguyên nhân",), width=26),
        SheetColumn("note", gettext_lazy("Note"), width=26),
        *decision_columns(),
    ]

    def rows(self, queryset) -> Iterator[dict]:
        for rating in queryset.latest_editions().for_list().select_related("cell").iterator(chunk_size=2000):
            yield _rating_row(rating)

    def look_up(self, lines: list[Line]) -> None:
        self.start(lines)
        dated = [line for line in lines if self.require(line, "year")]
        self.find_cells(dated, lambda line: date(line["year"], 12, 31))
        self._find_cycles(dated)
        self._find_ratings(dated)
        self._find_decisions(dated)
        for line in dated:
            if not line.faults:
                self.clean(line, self._rating(line))

    def _find_cycles(self, lines: list[Line]) -> None:
        """The year of a cell is that of the province in which it stood on the roster day."""
        found = [line for line in lines if line.cell]
        years = {line["year"] for line in found}
        cycles = {
            (cycle.province_id, cycle.year): cycle
            for cycle in ReviewCycle.objects.kept_by(self.user)
            .filter(year__in=years)
            .select_related("rule_set")
        }
        stood = {year: self._places(found, year) for year in years}
        provinces = Unit.objects.in_bulk(
            {place.province for places in stood.values() for place in places.values()}
        )
        for line in found:
            place = stood[line["year"]].get(line.cell.pk)
            if place is None:
                line.fault("cell", _("The cell did not exist on the roster day of that year."))
                continue
            line.commune = place.commune
            key = (place.province, line["year"])
            try:
                line.cycle = cycles.get(key) or record_cycle(
                    province=provinces[place.province], year=line["year"]
                )
            except ValidationError as error:
                line.fault("year", " ".join(error.messages))
                continue
            cycles[key] = line.cycle
            if line.cycle.state != ReviewCycle.State.RECORDED:
                line.fault(
                    "year",
                    _("The review of %(year)s goes step by step; only past years are taken in from papers.")
                    % {"year": line["year"]},
                )

    @staticmethod
    def _places(lines: list[Line], year: int) -> dict:
        return places_of_cells((line.cell.pk for line in lines if line["year"] == year), date(year, 12, 31))

    def _find_ratings(self, lines: list[Line]) -> None:
        found = [line for line in lines if not line.faults]
        recorded = {}
        cells = sorted({line.cell.pk for line in found})
        years = {line["year"] for line in found}
        for some in batches(cells, 1000):
            rows = CellRating.objects.filter(cell__in=some, cycle__year__in=years).latest_editions()
            for rating in rows.for_list().select_related("cell"):
                recorded[rating.cell_id, rating.cycle.year] = rating
        communes = Unit.objects.in_bulk({line.commune for line in found})
        for line in found:
            line.home = communes[line.commune]
            line.known = recorded.get((line.cell.pk, line["year"]))
            self.drop_place(line)
            if line.known:
                line.current = _rating_row(line.known)

    def _find_decisions(self, lines: list[Line]) -> None:
        for line in lines:
            if line.faults:
                continue
            if line.known and line.known.is_decided:
                self._refuse_change(line)
            elif line.known is None or line.changed.keys() & set(DECISION_KEYS):
                self.find_decision(line, line.home)
        self.decisions.write_new()

    @staticmethod
    def _refuse_change(line: Line) -> None:
        for key in line.changed:
            line.fault(
                key,
                _(
                    "The result was decided by %(decision)s. To change it, press “Correct” and enter the new decision."
                )
                % {"decision": line.known.decision},
            )

    def _rating(self, line: Line) -> CellRating:
        """Return the rating as the line wants it, unsaved."""
        rating = line.known or CellRating(cell=line.cell, cycle=line.cycle)
        for name in RATING_FIELDS:
            if name in line.changed:
                setattr(rating, name, line.changed[name])
        if line.decision is not None:
            rating.decision, rating.decided_on = line.decision, line.decision.date
        return rating

    def identity(self, line: Line):
        return line.cell.pk, line["year"]

    def write(self, lines: list[Line]) -> None:
        by_cycle = defaultdict(list)
        for line in lines:
            line.obj = self._rating(line)
            if line.known is None:
                by_cycle[line.cycle].append(line.obj)
        for cycle, ratings in by_cycle.items():
            record_cell_ratings(cycle, ratings)
        known = [line.obj for line in lines if line.known]
        for rating in known:
            rating.revision += 1
        update_many(CellRating, known, [*RATING_FIELDS, "decision", "decided_on", "revision"])


def _rating_row(rating: CellRating) -> dict:
    return {
        "records": ((CellRating, rating.pk),),
        "year": rating.cycle.year,
        "commune_code": rating.commune.code,
        "commune": str(rating.commune),
        "cell_code": rating.cell.code,
        "cell": rating.cell.name,
        **{name: getattr(rating, name) for name in RATING_FIELDS},
        **decision_row(rating.decision),
    }
