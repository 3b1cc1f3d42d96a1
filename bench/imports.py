"""5 000 ratings out of a workbook, new and changed, against the plain package and against work by hand.

All three read one file, write one table and its history in one change set, and run in turns in one
process; every turn is rolled back, so each finds what the one before it found. Ours checks
everything it checks at any import, and reports row by row.

The plain rival is what a developer writes with django-import-export in ten lines; the year, the cells and
the decisions that its file names are there already. It checks what its widgets check, and is measured
once more with the checks of the model, which is what ours has to do. As it goes row by row it takes in
a tenth of the file, and that time is brought up to the whole: somewhat less than the whole would take, as more is
held in memory then. The one by hand looks up by dictionaries,
checks nothing but the levels, and writes with one upsert and one INSERT … SELECT.
"""

import gc
import io
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median
from time import perf_counter, process_time

import python_calamine
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from import_export.fields import Field
from import_export.formats.base_formats import XLSX
from import_export.resources import ModelResource
from import_export.widgets import DateWidget, DecimalWidget, ForeignKeyWidget, Widget
from tablib import Dataset

from accounts.changes import ChangeSet, current_change_set, recording
from accounts.refusals import check_deferred
from accounts.resources import dataset_of
from bench import province
from cells.models import Cell, Decision, Unit
from evaluations.actions import record_cell_ratings
from evaluations.models import CellRating, ReviewCycle
from evaluations.models import Level as Rated
from evaluations.models.ratings import SHORT_FORMS
from evaluations.resources import CellRatingResource
from sheets.reading import read_workbook
from sheets.writing import write_table

ROWS = 5_000
TURNS = 5
PLAIN_TURNS = 3
PART = 10  # of the file, for those that go row by row
LEVELS = {short: level for level, short in SHORT_FORMS.items()}
HEADS = {column.key: str(column.header) for column in CellRatingResource.columns}


@dataclass(frozen=True)
class Time:
    """Seconds by the clock, and those of the processor in this process: without what another server does."""

    clock: float
    processor: float

    def __add__(self, other: "Time") -> "Time":
        return Time(self.clock + other.clock, self.processor + other.processor)

    def __mul__(self, times: int) -> "Time":
        return Time(self.clock * times, self.processor * times)


@dataclass
class Result:
    what: str
    ours: Time
    plain: Time
    checked: Time  # the plain one with the checks of the model
    by_hand: Time
    queries: int


def measure() -> list[Result]:
    """Return the median time of each, for new and for changed rows."""
    return [_measure("new", _nothing_recorded), _measure("changed", _proposed)]


# --- What is taken in -----------------------------------------------------------------


def _nothing_recorded(cycle: ReviewCycle, cells: list[Cell]) -> list[dict]:
    return [
        {
            "year": cycle.year,
            "commune_code": cell.commune.code,
            "commune": str(cell.commune),
            "cell_code": cell.code,
            "cell": cell.name,
        }
        for cell in cells
    ]


def _proposed(cycle: ReviewCycle, cells: list[Cell]) -> list[dict]:
    """Record what the cells were proposed for, and return the list of it as it is exported."""
    record_cell_ratings(
        cycle, [CellRating(cell=cell, self_level=Rated.GOOD, proposed_level=Rated.GOOD) for cell in cells]
    )
    return list(CellRatingResource(province.officer()).exported(CellRating.objects.filter(cycle=cycle)))


def _filled_in(rows: list[dict], decisions: dict[str, Decision]) -> bytes:
    """Return the workbook in which an office has entered the results of the year."""
    for number, row in enumerate(rows):
        level = (Rated.EXCELLENT, Rated.GOOD, Rated.GOOD, Rated.COMPLETED)[number % 4]
        decision = decisions[row["commune_code"]]
        row |= {
            "self_level": "HTTNV",
            "proposed_level": SHORT_FORMS[level],
            "decided_level": SHORT_FORMS[level],
        }
        row |= {"note": f"Theo biên bản số {number}", "decision_number": decision.number}
        row |= {"decision_day": decision.date, "decision_body": decision.issuing_body}
    layout = CellRatingResource(None).layout
    whole = [{column.key: row.get(column.key) for column in layout} for row in rows]
    out = io.BytesIO()
    write_table(out, columns=layout, rows=whole, sheet_name="Ratings")
    return out.getvalue()


# --- The three ------------------------------------------------------------------------


def _ours(file: bytes, cycle: ReviewCycle) -> None:
    resource = CellRatingResource(province.officer())
    result = resource.import_data(dataset_of(read_workbook(file, "ratings.xlsx")))
    assert result.totals["new"] + result.totals["update"] == ROWS, result.totals
    gc.collect()  # what it has put off is its own


class LevelWidget(Widget):
    def clean(self, value, row=None, **kwargs):
        return LEVELS[value] if value else ""


class PlainRatings(ModelResource):
    cycle = Field("cycle", HEADS["year"], ForeignKeyWidget(ReviewCycle, "year"))
    cell = Field("cell", HEADS["cell_code"], ForeignKeyWidget(Cell, "code"))
    commune = Field("commune", HEADS["commune_code"], ForeignKeyWidget(Unit, "code"))
    self_level = Field("self_level", HEADS["self_level"], LevelWidget())
    proposed_level = Field("proposed_level", HEADS["proposed_level"], LevelWidget())
    decided_level = Field("decided_level", HEADS["decided_level"], LevelWidget())
    points = Field("points", HEADS["points"], DecimalWidget())
    note = Field("note", HEADS["note"])
    decision = Field("decision", HEADS["decision_number"], ForeignKeyWidget(Decision, "number"))
    decided_on = Field("decided_on", HEADS["decision_day"], DateWidget("%d/%m/%Y"))

    class Meta:
        model = CellRating
        import_id_fields = ("cycle", "cell")

    def before_save_instance(self, instance, row, **kwargs):
        instance.province = instance.commune.province


class PlainRatingsOfYear(PlainRatings):
    """The same beside other provinces and years, whose years and numbers of papers are alike."""

    def __init__(self, cycle: ReviewCycle, *, checked: bool):
        super().__init__()
        self._meta.clean_model_instances = checked
        day = province.decision_day(cycle.year)
        self.fields["cycle"].widget = _Among(ReviewCycle.objects.filter(pk=cycle.pk), "year")
        self.fields["decision"].widget = _Among(Decision.objects.filter(date=day), "number")


class _Among(ForeignKeyWidget):
    def __init__(self, queryset, field: str):
        super().__init__(queryset.model, field)
        self.queryset = queryset

    def get_queryset(self, value, row, *args, **kwargs):
        return self.queryset.all()


def _plain(dataset: Dataset, cycle: ReviewCycle) -> None:
    _import_plainly(dataset, cycle, checked=False)


def _checked(dataset: Dataset, cycle: ReviewCycle) -> None:
    _import_plainly(dataset, cycle, checked=True)


def _import_plainly(dataset: Dataset, cycle: ReviewCycle, *, checked: bool) -> None:
    result = PlainRatingsOfYear(cycle, checked=checked).import_data(dataset, raise_errors=True)
    assert result.totals["new"] + result.totals["update"] == len(dataset), result.totals


def _by_hand(file: bytes, cycle: ReviewCycle) -> None:
    header, *rows = python_calamine.load_workbook(io.BytesIO(file)).get_sheet_by_index(0).to_python()
    at = {name: header.index(heading) for name, heading in HEADS.items()}
    codes = [row[at["cell_code"]] for row in rows]
    cells = {cell.code: cell for cell in Cell.objects.filter(code__in=codes).order_by()}
    day = province.decision_day(cycle.year)
    papers = {paper.unit_id: paper for paper in Decision.objects.filter(date=day)}
    ratings = []
    for row in rows:
        cell = cells[row[at["cell_code"]]]
        ratings.append(
            CellRating(
                cycle=cycle,
                cell=cell,
                commune_id=cell.commune_id,
                province_id=cycle.province_id,
                self_level=LEVELS[row[at["self_level"]]],
                proposed_level=LEVELS[row[at["proposed_level"]]],
                decided_level=LEVELS[row[at["decided_level"]]],
                points=row[at["points"]] or None,
                note=row[at["note"]],
                decision=papers[cell.commune_id],
                decided_on=row[at["decision_day"]],
            )
        )
    CellRating.objects.bulk_create(
        ratings,
        update_conflicts=True,
        unique_fields=["cycle", "cell", "edition"],
        update_fields=[
            "self_level",
            "proposed_level",
            "decided_level",
            "points",
            "note",
            "decision",
            "decided_on",
        ],
    )
    _history_by_hand(cycle)
    assert CellRating.objects.filter(cycle=cycle, decision__isnull=False).count() == ROWS


def _history_by_hand(cycle: ReviewCycle) -> None:
    history = CellRating.history.model
    names = ", ".join(f'"{field.column}"' for field in history.tracked_fields)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {history._meta.db_table} ({names}, history_date, history_type, change_set_id) "
            f"SELECT {names}, CURRENT_TIMESTAMP, '+', {current_change_set().pk} "
            f"FROM {CellRating._meta.db_table} WHERE cycle_id = %s",
            [cycle.pk],
        )


# --- Side by side ---------------------------------------------------------------------


def _measure(what: str, recorded: Callable) -> Result:
    cycle = ReviewCycle.objects.get(province=province.province(), year=province.YEAR)
    with transaction.atomic(), recording(kind=ChangeSet.Kind.COMMAND, reason="bench"):
        cells = province.cells()[:ROWS]
        file = _filled_in(recorded(cycle, cells), province.decisions_of(cycle.year))
        with CaptureQueriesContext(connection) as captured:
            _rolled_back(_ours, file, cycle)
        dataset, reading = _timed(lambda: XLSX().create_dataset(file))
        part = dataset.subset(rows=range(ROWS // PART))
        ours, by_hand, plain, checked = [], [], [], []
        for turn in range(TURNS):
            ours.append(_rolled_back(_ours, file, cycle))
            by_hand.append(_rolled_back(_by_hand, file, cycle))
            if turn < PLAIN_TURNS:
                plain.append(reading + _rolled_back(_plain, part, cycle) * PART)
                checked.append(reading + _rolled_back(_checked, part, cycle) * PART)
        transaction.set_rollback(True)
    return Result(what, *map(_median, (ours, plain, checked, by_hand)), len(captured))


def _median(times: list[Time]) -> Time:
    return Time(median(time.clock for time in times), median(time.processor for time in times))


def _rolled_back(work: Callable, file: bytes | Dataset, cycle: ReviewCycle) -> Time:
    """Return the time of the work, done as for good and then undone."""

    def done():
        with recording(kind=ChangeSet.Kind.IMPORT, reason="bench"):
            work(file, cycle)
        check_deferred()  # what PostgreSQL would check at the commit

    with transaction.atomic():
        _nothing, time = _timed(done)
        transaction.set_rollback(True)
    return time


def _timed(work: Callable) -> tuple[object, Time]:
    """Return what the work gives, and its time."""
    gc.collect()
    start, start_of_processor = perf_counter(), process_time()
    result = work()
    return result, Time(perf_counter() - start, process_time() - start_of_processor)
