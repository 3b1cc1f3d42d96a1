"""Lines that fill in an open review: into which file, what it lets them change, what is not told of it.

Pages and workbooks obey one rule (``review.rows``). What a commune has not sent is its own: whoever takes in
its workbook for the province sees what the workbook says, and never what is recorded.
"""

from collections.abc import Iterable

from django.core.exceptions import NON_FIELD_ERRORS
from django.utils.translation import gettext as _

from accounts.history import batches
from accounts.resources import SheetResource, marks_of
from accounts.sheet_lines import Line
from cells.columns import DECISION_KEYS
from cells.resources.bodies import CELL, Bodies
from evaluations.models import CellRating, LeaderRating, ReviewCycle, Submission
from evaluations.resources.years import Years, check_state, is_step
from evaluations.review.authority import filled_in_by
from evaluations.review.rows import FIELDS, MEMBERS, open_fields, refusal, why_closed

DECIDED_KEYS = frozenset({"decided_level", *DECISION_KEYS})
ENTERED = {*FIELDS[CellRating], *FIELDS[LeaderRating], *MEMBERS}


class FillingResource(SheetResource):
    """A list whose lines may fill in rows of an open review.

    A subclass says which row of the list a line is about (``row_of``), reads what is recorded
    (``find_recorded``) and says it as it is exported (``row``).
    """

    # The fields of the model that have a column of the same name.
    FIELDS: tuple[str, ...] = ()
    # Those of them that say how somebody is rated: not told to whom the row is not shown.
    TOLD: tuple[str, ...] = ()

    @staticmethod
    def row_of(line: Line) -> CellRating | LeaderRating | None:
        """Return the row of the review's list that the line is about."""
        raise NotImplementedError

    def find_recorded(self, lines: list[Line], *, locked: bool = False) -> None:
        """Set ``known`` of the lines that are about something recorded; ``locked`` until all is written."""
        raise NotImplementedError

    def row(self, recorded) -> dict:
        """Return what is exported of a recorded row."""
        raise NotImplementedError

    def drop_names(self, line: Line) -> None:
        """Forget the words by which things were found: they are no change."""
        raise NotImplementedError

    def is_own_step(self, line: Line) -> bool:
        """What an open review asks of a commune; the papers of past years are the province's to confirm."""
        return is_step(line)

    # --- What the lines are about ---------------------------------------------------------

    def find_cells(self, bodies: Bodies, years: Years, lines: Iterable[Line]) -> None:
        """Set the cell of each line: one that is kept, or one of a file that is, wherever it has moved since."""
        lines = list(lines)
        self._find_on_lists(bodies, lines)
        bodies.find((line, CELL, years.roster_day(line["year"])) for line in lines if line.body is None)
        for line in lines:
            line.cell = line.body

    def _find_on_lists(self, bodies: Bodies, lines: list[Line]) -> None:
        """Set the body of the lines that name by its code what is on an open list and kept by others today."""
        codes = {code.upper() for line in lines if (code := line["cell_code"]) is not None}
        listed = {}
        for some in batches(sorted(codes - bodies.by_code[CELL].keys())):
            rows = CellRating.objects.of_files_kept_by(self.user).latest_editions()
            rows = rows.filter(cycle__state=ReviewCycle.State.OPEN, cell__code__in=some)
            listed |= {
                (row.cycle.year, row.cell.code): row.cell
                for row in rows.select_related("cell__commune", "cycle")
            }
        for line in lines:
            line.body = listed.get((line["year"], (line["cell_code"] or "").upper()))

    # --- What is recorded, as far as it is told -----------------------------------------

    def compare(self, lines: Iterable[Line]) -> None:
        """Set what the lines are compared with; of hidden rows that is only what they are about."""
        lines = list(lines)
        hidden = self._hidden(lines)
        for line in lines:
            row = self.row_of(line)
            line.is_hidden = row is not None and (type(row), row.pk) in hidden
            if line.known is None:
                line.current = None
                continue
            self.drop_names(line)
            line.current = self.row(line.known)
            if line.is_hidden:
                line.current = {key: said for key, said in line.current.items() if key not in self._untold}

    @property
    def _untold(self) -> frozenset[str]:
        return DECIDED_KEYS | frozenset(self.TOLD)

    def _hidden(self, lines: list[Line]) -> set[tuple]:
        found = set()
        rows = {row for line in lines if (row := self.row_of(line)) is not None and row.withheld}
        for model in {type(row) for row in rows}:
            for some in batches(sorted(row.pk for row in rows if type(row) is model)):
                keys = model.objects.filter(pk__in=some).hidden_from(self.user).order_by()
                found |= {(model, pk) for pk in keys.values_list("pk", flat=True)}
        return found

    # --- What may be written --------------------------------------------------------------

    def fill_in(self, lines: list[Line]) -> None:
        """Lock what the lines would change in open reviews, read it anew, and note what they may not change.

        A page that saves takes the same lock: of two who write at once, the later sees what the first has written.
        """
        for line in lines:
            check_state(line, is_on_roster=self.row_of(line) is not None)
        wanted = [line for line in lines if self._fills_in(line)]
        files = _locked_files(map(self.row_of, wanted))
        self.find_recorded(wanted, locked=True)
        self.compare(wanted)
        mine = filled_in_by(self.user, files.values()) if files else frozenset()
        for line in wanted:
            row = self.row_of(line)
            # Taken off the list meanwhile, or a year that is open without files.
            if (file := row and files.get((row.cycle_id, row.commune_id))) is None:
                check_state(line, is_on_roster=False)
            else:
                self._check(line, file, mine)
        _refuse_what_the_commune_has_entered([line for line in wanted if line.is_hidden and not line.faults])

    def _fills_in(self, line: Line) -> bool:
        return is_step(line) and not line.faults and self.row_of(line) is not None and bool(line.changed)

    def _check(self, line: Line, file: Submission, mine: frozenset[int]) -> None:
        if file.pk not in mine:
            line.fault(
                NON_FIELD_ERRORS,
                _(
                    "What %(commune)s is rated by is entered by the commune itself, or taken in from its workbook by"
                    " its province."
                )
                % {"commune": file.commune},
            )
            return
        open_ones = open_fields(file, self.row_of(line))
        if not open_ones and why_closed(file):
            line.fault(NON_FIELD_ERRORS, why_closed(file))
            return
        for key in sorted((line.changed.keys() & (DECIDED_KEYS | set(self.FIELDS))) - open_ones):
            line.fault(key, _why_not(key, file))

    def _refuse_outside_scope(self, lines: list[Line]) -> None:
        """Of a review that is open it was asked who fills in the file: its rows stay there, whatever moves."""
        super()._refuse_outside_scope([line for line in lines if not is_step(line)])


def _locked_files(rows: Iterable) -> dict[tuple[int, int], Submission]:
    """Return the files of these rows by review and commune, locked in the order that everybody keeps."""
    places = {(row.cycle_id, row.commune_id) for row in rows}
    if not places:
        return {}
    found = Submission.objects.filter(
        cycle__in={cycle for cycle, _commune in places}, commune__in={commune for _cycle, commune in places}
    )
    found = found.select_related("cycle", "commune").select_for_update(of=("self",)).order_by("pk")
    return {(file.cycle_id, file.commune_id): file for file in found}


def _why_not(key: str, file: Submission) -> str:
    if key in ENTERED:
        return refusal(file)
    if key in DECIDED_KEYS:
        return _("The decided level is recorded with the decision of the standing committee, not by a file.")
    return _("While the review is open this is entered on its page, not by a file.")


def _refuse_what_the_commune_has_entered(lines: list[Line]) -> None:
    """Let a file write over what is hidden only where it was made of just that."""
    known = [line for line in lines if line.known is not None]
    for line, now in zip(known, marks_of(line.current["records"] for line in known), strict=True):
        if _is_entered(line.known) and line.seen != now:
            line.fault(
                NON_FIELD_ERRORS,
                _(
                    "The commune has entered something here meanwhile, which it has not sent yet. Let the commune"
                    " take in this row itself."
                ),
            )
        # What is told of a conflict, and that it may be overridden, is for those who see both sides.
        line.seen = None


def _is_entered(recorded) -> bool:
    names = FIELDS.get(type(recorded), MEMBERS)
    return any(getattr(recorded, name) not in ("", None) for name in names)
