"""Ratings of cells of past years, and titles of cells, as lists out and in."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.history import batches, update_many
from accounts.resources import (
    Line,
    SheetColumn,
    SheetResource,
    day_column,
    decimal_column,
    one_of,
    read_yes,
    show_yes,
    year_column,
)
from cells.lookups import Decisions, Places, cells_by_code, not_found, your_scope
from cells.models import Cell, Unit
from evaluations.actions import record_cell_ratings, record_cycle, record_title_cases
from evaluations.models import CellRating, Level, ReviewCycle, Title, TitleCase
from evaluations.models.ratings import NotSubject
from evaluations.reading import parse_level
from evaluations.roster import places_of_cells
from sheets.text import fold

DECISION_KEYS = ("decision_number", "decision_day", "decision_body")


def _decision_columns() -> list[SheetColumn]:
    return [
        SheetColumn("decision_number", gettext_lazy("Decision number"), width=16),
        day_column("decision_day", gettext_lazy("Decision day")),
        SheetColumn("decision_body", gettext_lazy("Issuing body"), width=26),
    ]


def _cell_columns() -> list[SheetColumn]:
    return [
        SheetColumn("commune_code", gettext_lazy("Commune code"), width=10),
        SheetColumn("commune", gettext_lazy("Commune"), width=24),
        SheetColumn("cell_code", gettext_lazy("Cell code"), width=12),
        SheetColumn("cell", gettext_lazy("Party cell"), width=30, required=True),
    ]


def _level_column(key: str, header: str) -> SheetColumn:
    return SheetColumn(key, header, read=parse_level, show=lambda v: Level(v).short if v else "", width=12)


class OfCellResource(SheetResource):
    """Lists whose rows are about a cell, named by code or by commune and name of a day."""

    PLACE_KEYS = ("commune_code", "commune", "cell_code", "cell")

    def start(self, lines: list[Line]) -> None:
        self.places: dict[date, Places] = {}
        self.cells = cells_by_code(self.user, (line["cell_code"] for line in lines))
        self.decisions = Decisions(self.user)
        self.decisions.load(line["decision_day"] for line in lines if line["decision_day"])
        for line in lines:
            line.cell = line.known = line.decision = None

    def find_cells(self, lines: list[Line], day_of) -> None:
        """Find the cell of each line, in the communes of the day the line is about."""
        asked: dict[date, list[tuple[Line, Unit]]] = defaultdict(list)
        for line in lines:
            if line["cell_code"] is not None:
                self._by_code(line)
            elif self.require(line, "cell"):
                commune = self._commune(line, day_of(line))
                if commune is not None:
                    asked[day_of(line)].append((line, commune))
        for day, some in asked.items():
            places = self.places[day]
            places.load_cells(commune for _line, commune in some)
            for line, commune in some:
                self._by_name(line, places.cells_of(commune), commune)

    def _by_code(self, line: Line) -> None:
        line.cell = self.cells.get(line["cell_code"].upper())
        if line.cell is None:
            line.fault("cell_code", not_found(line["cell_code"], where=your_scope(), nearest=None).message)

    def _commune(self, line: Line, day: date) -> Unit | None:
        if line["commune_code"] is None and line["commune"] is None:
            line.fault("commune", _("Enter the commune, by name or code."))
            return None
        if day not in self.places:
            self.places[day] = Places(self.user, day)
        try:
            return self.places[day].commune(line["commune_code"], line["commune"])
        except ValidationError as error:
            line.fault("commune" if line["commune_code"] is None else "commune_code", error.message)
            return None

    @staticmethod
    def _by_name(line: Line, names, commune: Unit) -> None:
        try:
            line.cell = names.with_name(line["cell"])
            if line.cell is None:
                raise not_found(line["cell"], where=commune, nearest=names.nearest(line["cell"]))
        except ValidationError as error:
            line.fault("cell", error.message)

    def find_decision(self, line: Line, unit: Unit | None) -> None:
        if all(line[key] is None for key in DECISION_KEYS):
            return
        if self.require(line, *DECISION_KEYS):
            try:
                line.decision = self.decisions.get(*(line[key] for key in DECISION_KEYS), unit=unit)
            except ValidationError as error:
                line.fault("decision_number", " ".join(error.messages))

    def drop_place(self, line: Line) -> None:
        """The words by which the cell was found are no change of the row."""
        for key in self.PLACE_KEYS:
            line.values.pop(key, None)


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
        *_cell_columns(),
        _level_column("self_level", gettext_lazy("Own level")),
        _level_column("proposed_level", gettext_lazy("Proposed level")),
        _level_column("decided_level", gettext_lazy("Decided level")),
        decimal_column("points", gettext_lazy("Points")),
        SheetColumn(
            "not_subject_reason",
            gettext_lazy("Not subject to rating"),
            read=one_of(
                lambda: {fold(str(reason.label)): reason for reason in NotSubject},
                gettext_lazy("“%(value)s” is not on the list. Choose one of: %(known)s."),
            ),
            show=lambda value: str(NotSubject(value).label) if value else "",
            width=20,
        ),
        SheetColumn("reason", gettext_lazy("Reason"), width=26),
        SheetColumn("note", gettext_lazy("Note"), width=26),
        *_decision_columns(),
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
        "year": rating.cycle.year,
        "commune_code": rating.commune.code,
        "commune": str(rating.commune),
        "cell_code": rating.cell.code,
        "cell": rating.cell.name,
        **{name: getattr(rating, name) for name in RATING_FIELDS},
        **_decision_row(rating.decision),
    }


def _decision_row(decision) -> dict:
    return {
        "decision_number": decision and decision.number,
        "decision_day": decision and decision.date,
        "decision_body": decision and decision.issuing_body,
    }


CASE_FIELDS = ("registered_on", "appraised_on", "recognised_on", "is_pilot", "note")


class TitleCaseResource(OfCellResource):
    """Titles of cells. An appraisal or a revocation has its own page; a recognition needs its decision."""

    model = TitleCase
    title = gettext_lazy("Titles of cells")
    columns = [
        SheetColumn("title", gettext_lazy("Title"), width=14, required=True),
        *_cell_columns(),
        SheetColumn(
            "state",
            gettext_lazy("State"),
            read=one_of(
                lambda: {fold(str(state.label)): state for state in TitleCase.State},
                gettext_lazy("“%(value)s” is not on the list. Choose one of: %(known)s."),
            ),
            show=lambda value: str(TitleCase.State(value).label),
        ),
        day_column("registered_on", gettext_lazy("Registered on")),
        day_column("appraised_on", gettext_lazy("Appraised on")),
        day_column("recognised_on", gettext_lazy("Recognised on")),
        *_decision_columns(),
        day_column("revoked_on", gettext_lazy("Revoked on")),
        SheetColumn("is_pilot", gettext_lazy("Pilot cell"), read=read_yes, show=show_yes, width=10),
        SheetColumn("note", gettext_lazy("Note"), width=26),
    ]

    def rows(self, queryset) -> Iterator[dict]:
        for case in queryset.for_list().iterator(chunk_size=2000):
            yield _case_row(case)

    def look_up(self, lines: list[Line]) -> None:
        self.start(lines)
        self.titles = {}
        for title in Title.objects.visible_to(self.user):
            self.titles |= {fold(title.code): title, fold(title.name): title}
        today = timezone.localdate()
        self.find_cells(lines, lambda line: line["recognised_on"] or line["decision_day"] or today)
        for line in lines:
            line.meant = self.titles.get(fold(line["title"] or ""))
            if line.meant is None and self.require(line, "title"):
                known = ", ".join(sorted({title.code for title in self.titles.values()}))
                line.fault(
                    "title",
                    _("“%(value)s” is not on the list. Choose one of: %(known)s.")
                    % {"value": line["title"], "known": known},
                )
        self._find_cases([line for line in lines if not line.faults])
        for line in lines:
            if not line.faults:
                self._check_state(line)
        self.decisions.write_new()
        for line in lines:
            if not line.faults:
                self.clean(line, self._case(line))

    def _find_cases(self, lines: list[Line]) -> None:
        recorded: dict[tuple, list[TitleCase]] = defaultdict(list)
        for some in batches(sorted({line.cell.pk for line in lines}), 1000):
            for case in TitleCase.objects.filter(cell__in=some).for_list():
                recorded[case.cell_id, case.title_id].append(case)
        cells = Cell.objects.prefetch_related("periods").select_related("commune__province")
        self.standing = cells.in_bulk({line.cell.pk for line in lines})
        for line in lines:
            line.cell = self.standing[line.cell.pk]
            cases = recorded[line.cell.pk, line.meant.pk]
            same_day = [
                c for c in cases if line["recognised_on"] and c.recognised_on == line["recognised_on"]
            ]
            running = [c for c in cases if c.state != TitleCase.State.REVOKED]
            line.known = next(iter(same_day or running), None)
            self.drop_place(line)
            line.values.pop("title", None)
            if line.known:
                line.current = _case_row(line.known)

    def _check_state(self, line: Line) -> None:
        recorded = line.known.state if line.known else None
        decided = recorded in (TitleCase.State.RECOGNISED, TitleCase.State.REVOKED)
        for key in ("appraised_on", "revoked_on"):
            if key in line.changed:
                line.fault(key, _("This step is recorded on the page of the title, not by a file."))
        if decided:
            for key in line.changed.keys() & {"state", "recognised_on", *DECISION_KEYS}:
                line.fault(
                    key,
                    _("The title was decided by %(decision)s; a file does not change it.")
                    % {"decision": line.known.recognition},
                )
        else:
            self._check_new_state(line, recorded)

    def _check_new_state(self, line: Line, recorded: str | None) -> None:
        unit = line.cell.commune and line.cell.commune.province
        self.find_decision(line, unit)
        recognised = TitleCase.State.RECOGNISED
        if line["state"] == recognised and line.decision is None:
            self.require(line, *DECISION_KEYS)
        allowed = {None, recorded, recognised if line.decision else TitleCase.State.REGISTERED}
        if recorded == TitleCase.State.APPRAISED and not line.decision:
            allowed -= {TitleCase.State.REGISTERED}
        if line["state"] not in allowed:
            line.fault(
                "state",
                _(
                    "A file records registrations, and recognitions with their decision. Other steps have their page."
                ),
            )
        if line["recognised_on"] and line.decision is None:
            self.require(line, *DECISION_KEYS)

    def _case(self, line: Line) -> TitleCase:
        """Return the case as the line wants it, unsaved."""
        case = line.known or TitleCase(title=line.meant)
        case.cell = line.cell  # with its periods loaded
        for name in CASE_FIELDS:
            if name in line.changed:
                setattr(case, name, line.changed[name])
        if line.decision is not None:
            case.state = TitleCase.State.RECOGNISED
            case.recognition = line.decision
            case.recognised_on = line["recognised_on"] or line.decision.date
        return case

    def identity(self, line: Line):
        return line.cell.pk, line.meant.pk, line.known.pk if line.known else line["recognised_on"]

    def write(self, lines: list[Line]) -> None:
        for line in lines:
            line.obj = self._case(line)
        record_title_cases(line.obj for line in lines if line.known is None)
        update_many(
            TitleCase,
            [line.obj for line in lines if line.known],
            [*CASE_FIELDS, "state", "recognition"],
        )


def _case_row(case: TitleCase) -> dict:
    return {
        "title": case.title.code,
        "commune_code": case.cell.commune and case.cell.commune.code,
        "commune": case.cell.commune and str(case.cell.commune),
        "cell_code": case.cell.code,
        "cell": case.cell.name,
        "state": case.state,
        **{name: getattr(case, name) for name in CASE_FIELDS},
        **_decision_row(case.recognition),
        "revoked_on": case.revoked_on,
    }
