"""Titles and ratings after a reorganisation: inherited, appraised again, ended; placed where they belong."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.history import create_many, update_many
from cells.fates import Case, CaseKind, Fates, Option
from cells.models import Cell, CellPeriod, Line
from cells.rearranging import Outcome
from evaluations.models import CellRating, LeaderRating, ReviewCycle, Submission, TitleCase
from evaluations.models.ratings import NotSubject
from evaluations.roster import Place, places_of_cells, places_of_communes

INHERIT, APPRAISE, END = "inherit", "appraise", "end"
KEEP, DISSOLVED = "keep", "dissolved"
RECOGNISED, REVOKED = TitleCase.State.RECOGNISED, TitleCase.State.REVOKED


def settle_titles(outcome: Outcome, fates: Fates) -> None:
    """Hand on, or let end, the titles of cells that are joined or dissolved.

    The case of the cell that ended stays as it was: it is counted as long as its cell stood. What
    is handed on begins on the day of the reorganisation, by its decision.
    """
    takers = {cell.pk for cell in outcome.cells.values()}
    rows = TitleCase.objects.filter(Q(cell__in=outcome.cells_ended) | Q(cell__in=takers)).select_related(
        "cell", "title"
    )
    # What was revoked after the day was held on it.
    held = rows.running() | rows.filter(revoked_on__gt=outcome.day)
    titles = _Titles(outcome, list(held.select_for_update(of=("self",)).order_by("pk")))
    titles.refuse_later_ones()
    for case in titles.of_ended:
        titles.settle(case, fates)
    titles.save()


class _Titles:
    def __init__(self, outcome: Outcome, rows: list[TitleCase]):
        self.outcome = outcome
        self.of_ended = [row for row in rows if row.cell_id in outcome.cells_ended]
        # What the cells that take others in have themselves, or are given here.
        takers = (row for row in rows if row.cell_id not in outcome.cells_ended)
        self.running = {
            (row.cell_id, row.title_id): row for row in sorted(takers, key=lambda row: not row.revoked_on)
        }
        self.changed: list[TitleCase] = []
        self.new: list[TitleCase] = []

    def refuse_later_ones(self):
        faults = [
            _("%(title)s was recognised on %(day)s, after the cell had ended. Take that back first.")
            % {"title": case, "day": f"{case.recognised_on:%d/%m/%Y}"}
            for case in self.of_ended
            if case.recognised_on and case.recognised_on >= self.outcome.day
        ]
        faults += [
            _("%(title)s was revoked on %(day)s, after the cell had ended. Take that back first.")
            % {"title": case, "day": f"{case.revoked_on:%d/%m/%Y}"}
            for case in self.of_ended
            if case.revoked_on
        ]
        if faults:
            raise ValidationError(faults)

    def settle(self, case: TitleCase, fates: Fates):
        line = self.outcome.cells_ended[case.cell_id]
        into = self.outcome.cells[line.pk] if line else None
        choice = fates.choose(self._case(case, into))
        if choice == INHERIT and line.decision_id:
            self._inherit(case, line, into)
        elif choice == APPRAISE and (into.pk, case.title_id) not in self.running:
            self._add(self._begun(case, into))

    def _case(self, case: TitleCase, into: Cell | None) -> Case:
        options, detail = [], f"{case.title} – {case.get_state_display()}"
        if into is not None:
            held = self.running.get((into.pk, case.title_id))
            words = {"cell": into}
            is_later = held is not None and (held.registered_on or self.outcome.day) > self.outcome.day
            if is_later:
                # What was registered after the day cannot have been won on it.
                registered = _("%(cell)s was registered for it on %(day)s, and inherits it only without that")
                detail += "; " + registered % {**words, "day": f"{held.registered_on:%d/%m/%Y}"}
            elif case.state == RECOGNISED and (held is None or held.state not in (RECOGNISED, REVOKED)):
                options.append(Option(INHERIT, _("%(cell)s inherits the title") % words, INHERIT))
            if held is None:
                options.append(Option(APPRAISE, _("%(cell)s is appraised again") % words, APPRAISE))
        return Case(
            kind=CaseKind.TITLE,
            key=f"{CaseKind.TITLE}:{case.pk}",
            subject=str(case.cell),
            detail=detail,
            options=(*options, Option(END, _("the title ends with the cell"))),
            day=self.outcome.day,
            url=case.cell.get_absolute_url(),
        )

    def _inherit(self, case: TitleCase, line: Line, into: Cell):
        held = self.running.get((into.pk, case.title_id))
        if held is None:
            held = self._add(self._begun(case, into))
            held.keep_plan = case.keep_plan
        elif held.state == RECOGNISED:
            return
        elif held.pk:
            held.revision += 1
            self.changed.append(held)
        held.state, held.recognised_on = RECOGNISED, self.outcome.day
        held.recognition, held.inherited_from = line.decision, case

    def _begun(self, case: TitleCase, into: Cell) -> TitleCase:
        """Return a case of the cell that takes the other in, which has none before the reorganisation."""
        day = self.outcome.day
        return TitleCase(cell=into, title=case.title, registered_on=day, year=day.year)

    def _add(self, case: TitleCase) -> TitleCase:
        self.running[case.cell_id, case.title_id] = case
        self.new.append(case)
        return case

    def save(self):
        written = ["state", "recognised_on", "recognition", "inherited_from", "revision"]
        update_many(TitleCase, self.changed, written)
        create_many(TitleCase, self.new)


def settle_ratings(outcome: Outcome, fates: Fates) -> None:
    """Ask about entries still open of cells that end; count each rating where its cell then stood.

    A roster that was fixed before the day stays as it is.
    """
    _refuse_ratings_after_the_end(outcome)
    _refuse_open_files_of_ended(outcome)
    _settle_open_entries(outcome, fates)
    _give_files([moved for model in (CellRating, LeaderRating) for moved in _place_anew(model, outcome)])


def _refuse_ratings_after_the_end(outcome: Outcome) -> None:
    """Refuse to end a cell before the roster day of a year in which it was given a level.

    What is not decided yet in an open year is asked about instead: its list stays as it was fixed. Of a year
    that is locked what was decided is counted as it was decided then.
    """
    rows = (
        CellRating.objects.filter(cell__in=outcome.cells_ended, cycle__roster_day__gte=outcome.day)
        .latest_editions()
        .exclude(decided_level="")
        .exclude(cycle__state=ReviewCycle.State.CLOSED)
        .select_related("cell", "cycle")
    )
    faults = [
        _way_back(row) % {"cell": row.cell, "year": row.cycle.year, "day": f"{row.cycle.roster_day:%d/%m/%Y}"}
        for row in rows[:20]
    ]
    if faults:
        raise ValidationError(faults)


def _way_back(row: CellRating) -> str:
    """Return what is to be done first about a level that was given to a cell after its end."""
    if row.cycle.state == ReviewCycle.State.OPEN:
        return _(
            "%(cell)s: its level of %(year)s, on the list of %(day)s, was decided after it had ended. Enter this once"
            " the figures are locked, or have the record of the decision taken back first: the province returns the"
            " file if it has received it, the commune sends it again, withdraws it and takes the record back."
        )
    return _(
        "%(cell)s was rated in %(year)s, on the list of %(day)s, after it had ended. Take that back first."
    )


def _refuse_open_files_of_ended(outcome: Outcome) -> None:
    """A commune whose list was fixed for a day cannot have ended before that day."""
    files = Submission.objects.filter(
        commune__in=list(outcome.ended),
        cycle__roster_day__gte=outcome.day,
        cycle__state=ReviewCycle.State.OPEN,
    ).select_related("commune", "cycle")
    faults = [
        _(
            "%(commune)s: the list of %(year)s was fixed for %(day)s and is at work. Enter this once it is locked."
        )
        % {"commune": file.commune, "year": file.cycle.year, "day": f"{file.cycle.roster_day:%d/%m/%Y}"}
        for file in files[:20]
    ]
    if faults:
        raise ValidationError(faults)


def _settle_open_entries(outcome: Outcome, fates: Fates) -> None:
    rows = CellRating.objects.filter(
        cell__in=outcome.cells_ended,
        cycle__state__in=[ReviewCycle.State.PREPARING, ReviewCycle.State.OPEN],
        decided_level="",
        not_subject_reason="",
        superseded_on__isnull=True,
    ).select_related("cell", "cycle")
    changed = []
    for row in rows.select_for_update(of=("self",)).order_by("pk"):
        case = Case(
            kind=CaseKind.REVIEW,
            key=f"{CaseKind.REVIEW}:{row.pk}",
            subject=str(row.cell),
            detail=str(row.cycle.year),
            options=(
                Option(KEEP, _("is rated with the list that was fixed")),
                Option(DISSOLVED, _("is not rated: dissolved in the year")),
            ),
            day=outcome.day,
            url=row.cell.get_absolute_url(),
        )
        if fates.choose(case) == DISSOLVED:
            row.not_subject_reason = NotSubject.DISSOLVED
            row.self_level = row.proposed_level = ""
            row.revision += 1
            changed.append(row)
    update_many(CellRating, changed, ["not_subject_reason", "self_level", "proposed_level", "revision"])


# What says how far a file came: one that rows of a locked year come to has it from the files they leave.
FATE_OF_A_FILE = ("state", "decision_id", "sent_at", "received_at")
# A rating that is counted in another commune now, with the key of the one it was counted in.
Moved = tuple[CellRating | LeaderRating, int]


def _place_anew(model, outcome: Outcome) -> list[Moved]:
    """Entered late, a reorganisation may change in which commune a cell stood on a roster day.

    The list of a year that is open stays as it was fixed: its communes are at work on it.
    """
    units = list(outcome.lives.units)
    cells = CellPeriod.objects.once_under(units).values("cell")
    rows = model.objects.filter(
        Q(cell__in=list(outcome.lives.cells)) | Q(cell__in=cells) | Q(cell=None, commune__in=units),
        cycle__roster_day__gte=outcome.day,
    ).exclude(cycle__state=ReviewCycle.State.OPEN)
    by_day: dict[date, list] = defaultdict(list)
    for row in rows.select_related("cycle"):
        by_day[row.cycle.roster_day].append(row)
    moved = [one for day, ratings in by_day.items() for one in _misplaced(ratings, day, outcome)]
    update_many(model, [row for row, _former in moved], ["commune", "district", "province"])
    return moved


def _misplaced(ratings: list, day: date, outcome: Outcome) -> Iterator[Moved]:
    """Put each rating where its cell stood on the day; return those that moved.

    Where there is none, or none any more on that day, it is the heir of its commune that counts it.
    """
    heirs = {pk: outcome.heirs(pk)[0].pk for pk in outcome.ended if len(outcome.heirs(pk)) == 1}
    of_cells = places_of_cells({row.cell_id for row in ratings if row.cell_id}, day)
    communes = {
        row: heirs.get(row.commune_id, row.commune_id) for row in ratings if row.cell_id not in of_cells
    }
    of_communes = places_of_communes(communes.values(), day)
    for row in ratings:
        there = of_cells.get(row.cell_id) or of_communes.get(communes[row])
        if there and there != Place(row.commune_id, row.district_id, row.province_id):
            former = row.commune_id
            row.commune_id, row.district_id, row.province_id = there.commune, there.district, there.province
            yield row, former


def _give_files(moved: list[Moved]) -> None:
    """Give a commune that came to rows of a locked year its file: levels are corrected there.

    It was founded by what is entered only now, or nothing was on its list and its own file never received.
    Its file is locked like those in which the rows were.
    """
    came_from: dict[tuple[int, int], set[int]] = defaultdict(set)
    for row, former in moved:
        if row.cycle.state == ReviewCycle.State.CLOSED:
            came_from[row.cycle_id, row.commune_id].add(former)
    found = Submission.objects.filter(cycle__in={cycle for cycle, _commune in came_from})
    files = {(file.cycle_id, file.commune_id): file for file in found} if came_from else {}
    new, empty = [], []
    for (cycle, commune), former in sorted(came_from.items()):
        theirs = [files[cycle, pk] for pk in sorted(former) if (cycle, pk) in files]
        file = files.get((cycle, commune))
        if theirs and file is None:
            is_outstanding = all(one.is_outstanding for one in theirs)
            file = Submission(cycle_id=cycle, commune_id=commune, is_outstanding=is_outstanding)
            new.append(_as_the_last_of(theirs, file))
        elif theirs and file.state != Submission.State.LOCKED:
            file.revision += 1
            empty.append(_as_the_last_of(theirs, file))
    create_many(Submission, new)
    update_many(Submission, empty, [*FATE_OF_A_FILE, "revision"])


def _as_the_last_of(files: list[Submission], file: Submission) -> Submission:
    """Return the file of a commune to which rows of others came, standing as the last of theirs; unsaved."""
    last = max(files, key=lambda one: one.received_at)
    for name in FATE_OF_A_FILE:
        setattr(file, name, getattr(last, name))
    return file
