"""Titles of cells."""

from collections import defaultdict
from collections.abc import Iterator

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.columns import SheetColumn, choice_column, labels_of, past_day_column, year_column, yes_column
from accounts.history import batches, update_many
from accounts.sheet_lines import Line
from cells.columns import DECISION_KEYS, decision_columns, decision_row
from cells.models import Cell
from cells.resources.bodies import columns_of_cell
from evaluations.actions import record_title_cases
from evaluations.models import Title, TitleCase
from evaluations.resources.of_cells import OfCellResource
from evaluations.titling.criteria import set_in_force
from evaluations.titling.score import scores_of
from evaluations.titling.twice import held_twice
from sheets.text import fold

CASE_FIELDS = ("year", "registered_on", "appraised_on", "recognised_on", "is_pilot", "note")
State = TitleCase.State


class TitleCaseResource(OfCellResource):
    """Titles of cells: registrations, titles of past years, and the decision on those that were appraised.

    A file takes no step that people take one by one: who is registered is appraised on the page first.
    """

    model = TitleCase
    title = gettext_lazy("Titles of cells")
    columns = [
        SheetColumn("title", gettext_lazy("Title"), width=14, required=True),
        *columns_of_cell(),
        choice_column(
            "state",
            gettext_lazy("State"),
            labels_of(TitleCase.State),
            show=lambda value: str(TitleCase.State(value).label),
        ),
        year_column("year", gettext_lazy("Registered for the year")),
        past_day_column("registered_on", gettext_lazy("Registered on")),
        past_day_column("appraised_on", gettext_lazy("Appraised on")),
        past_day_column("recognised_on", gettext_lazy("Recognised on")),
        *decision_columns(),
        past_day_column("revoked_on", gettext_lazy("Revoked on")),
        yes_column("is_pilot", gettext_lazy("Pilot cell")),
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
                    _("“%(value)s” is not on the list. Choose one of: %(choices)s.")
                    % {"value": line["title"], "choices": known},
                )
        self._find_cases([line for line in lines if not line.faults])
        known = (line.known for line in lines if not line.faults and line.known)
        self.scores = scores_of(case for case in known if case.state == State.APPRAISED)
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
            running = [c for c in cases if c.state not in (State.REVOKED, State.DECLINED)]
            declined = [
                c
                for c in cases
                if line["state"] == c.state == State.DECLINED
                and (c.year, c.registered_on) == (line["year"], line["registered_on"])
            ]
            line.known = next(iter(same_day or declined or running), None)
            if line.known:
                self.drop_place(line)
                del line.values["title"]
                line.current = _case_row(line.known)

    def _check_state(self, line: Line) -> None:
        recorded = line.known.state if line.known else None
        decided = recorded in (State.RECOGNISED, State.REVOKED)
        for key in ("appraised_on", "revoked_on"):
            if key in line.changed:
                line.fault(key, _("This step is recorded on the page of the title, not by a file."))
        if decided:
            for key in line.changed.keys() & {
                "state",
                "year",
                "registered_on",
                "recognised_on",
                *DECISION_KEYS,
            }:
                line.fault(
                    key,
                    _("The title was decided by %(decision)s; a file does not change it.")
                    % {"decision": line.known.recognition},
                )
        else:
            self._check_new_state(line, recorded)
        if recorded == State.APPRAISED:
            self._check_appraised(line)

    def _check_appraised(self, line: Line) -> None:
        """What was appraised is recognised as on the page: not before, and with a reason where points say otherwise."""
        appraised_on = line.known.appraised_on
        if appraised_on and (line.changed.get("registered_on") or appraised_on) > appraised_on:
            line.fault("registered_on", _("It was appraised on %s.") % f"{appraised_on:%d/%m/%Y}")
        if line.decision is None:
            return
        if appraised_on and (line["recognised_on"] or line.decision.date) < appraised_on:
            line.fault("recognised_on", _("It was appraised on %s.") % f"{appraised_on:%d/%m/%Y}")
        objections = self.scores[line.known.pk].objections
        if objections and not line["note"]:
            told = " ".join(objections)
            line.fault("note", _("%s Enter here why it is recognised all the same.") % told)

    def _check_new_state(self, line: Line, recorded: str | None) -> None:
        unit = line.cell.commune and line.cell.commune.province
        self.find_decision(line, unit)
        if recorded is None and line.decision is None and line.cell.closed_on is not None:
            line.fault("cell", _("%(cell)s has ended: it is registered for nothing.") % {"cell": line.cell})
        if line["state"] == State.RECOGNISED and line.decision is None:
            self.require(line, *DECISION_KEYS)
        if line.decision and recorded == State.REGISTERED:
            line.fault(
                "decision_number",
                _("The cell is registered. Record its appraisal on the page of the title first."),
            )
        allowed = {None, recorded, State.RECOGNISED if line.decision else State.REGISTERED}
        if recorded == State.APPRAISED and not line.decision:
            allowed -= {State.REGISTERED}
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
            case.state = State.RECOGNISED
            case.recognition = line.decision
            case.recognised_on = line["recognised_on"] or line.decision.date
        return case

    def is_own_step(self, line: Line) -> bool:
        """A commune registers its cells itself; what was decided is confirmed by the province."""
        return line.decision is None and (line.known is None or line.known.state == State.REGISTERED)

    def identity(self, line: Line):
        return line.cell.pk, line.meant.pk, line.known.pk if line.known else line["recognised_on"]

    def write(self, lines: list[Line]) -> None:
        for line in lines:
            line.obj = self._case(line)
        new = [line.obj for line in lines if line.known is None]
        self._give_criteria(new)
        record_title_cases(new)
        known = [line.obj for line in lines if line.known]
        for case in known:
            case.revision += 1
        update_many(TitleCase, known, [*CASE_FIELDS, "state", "recognition", "revision"])

    def check_written(self, lines: list[Line]) -> None:
        twice = held_twice(line.obj for line in lines)
        for line in lines:
            if line.obj.pk in twice:
                line.fault("recognised_on", twice[line.obj.pk])

    @staticmethod
    def _give_criteria(cases: list[TitleCase]) -> None:
        """What is registered goes by the criteria that hold in its province on the day."""
        known: dict[tuple, object] = {}
        for case in cases:
            province = case.cell.commune and case.cell.commune.province
            if case.state != State.REGISTERED or province is None:
                continue
            case.registered_on = case.registered_on or timezone.localdate()
            case.year = case.year or case.registered_on.year
            key = (case.title_id, province.pk, case.registered_on)
            if key not in known:
                known[key] = set_in_force(case.title, province, case.registered_on)
            case.criteria_set = known[key]


def _case_row(case: TitleCase) -> dict:
    return {
        "records": ((TitleCase, case.pk),),
        "title": case.title.code,
        "commune_code": case.cell.commune and case.cell.commune.code,
        "commune": case.cell.commune and str(case.cell.commune),
        "cell_code": case.cell.code,
        "cell": case.cell.name,
        "state": case.state,
        **{name: getattr(case, name) for name in CASE_FIELDS},
        **decision_row(case.recognition),
        "revoked_on": case.revoked_on,
    }
