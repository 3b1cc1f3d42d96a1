"""Who is on the list of a year: the rows of the ratings, made once, changed later only with a reason."""

from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from accounts.history import create_many, delete_many
from accounts.validation import load_related
from cells.models import Cell, CellArea, CellPeriod
from evaluations.models import Basis, CellRating, LeaderRating, MemberLevels, ReviewCycle, Step, Submission
from evaluations.models.ratings import NotSubject
from evaluations.review.authority import need_receiver
from evaluations.review.steps import Changes, write
from evaluations.roster import place
from leaders.models import Office, Person, Tenure
from leaders.models.tenures import WayOut

Leaders = ReviewCycle.Leaders


def cells_in(file: Submission):
    """Return the cells that stand in the commune on the roster day: the list before it is fixed."""
    periods = CellPeriod.objects.on(file.cycle.roster_day).filter(commune=file.commune_id)
    return Cell.objects.filter(pk__in=periods.values("cell")).in_order()


def dissolved_in(file: Submission):
    """Return the cells of the commune that were dissolved in the year before the roster day.

    They are shown as such, and never as not yet rated.
    """
    day = file.cycle.roster_day
    ended = CellPeriod.objects.filter(
        commune=file.commune_id, ends_on__gte=day.replace(month=1, day=1), ends_on__lt=day
    )
    gone = Cell.objects.filter(pk__in=ended.values("cell"), closed_on__lt=day)
    return gone.in_order()


def make_rows(cycle: ReviewCycle) -> int:
    """Make the rows of a year that is being opened; return the number of cells."""
    periods = CellPeriod.objects.on(cycle.roster_day).under(cycle.province)
    cells = [
        CellRating(cycle=cycle, cell_id=pk, withheld=True)
        for pk in sorted(set(periods.order_by().values_list("cell", flat=True)))
    ]
    place(cycle, cells)
    create_many(CellRating, cells)
    people = _people(cycle, [row.cell_id for row in cells])
    place(cycle, people)
    create_many(LeaderRating, people)
    return len(cells)


def people_in(file: Submission, cells: Iterable[Cell]) -> list[LeaderRating]:
    """Return the rows that people of these cells would get if the list were fixed now; none is saved."""
    rows = _people(file.cycle, [cell.pk for cell in cells])
    load_related(rows, "person", "cell")
    return rows


def _people(cycle: ReviewCycle, cells: list[int]) -> list[LeaderRating]:
    """Return the rows of the people a year rates: those in office, and who died in it, each once."""
    if cycle.leaders == Leaders.NONE:
        return []
    rows: dict[int, LeaderRating] = {}
    for person, cell in _secretaries(cycle).filter(cell__in=cells).values_list("person", "cell"):
        rows.setdefault(person, _person_row(cycle, person, cell))
    for person, cell in _died(cycle).filter(cell__in=cells).values_list("person", "cell"):
        rows.setdefault(person, _person_row(cycle, person, cell, not_subject_reason=NotSubject.DIED))
    return list(rows.values())


def _person_row(cycle: ReviewCycle, person: int, cell: int, **values) -> LeaderRating:
    return LeaderRating(
        cycle=cycle,
        person_id=person,
        cell_id=cell,
        basis=Basis.OFFICE,
        office=Office.SECRETARY,
        withheld=True,
        **values,
    )


def _secretaries(cycle: ReviewCycle):
    seats = Tenure.objects.on(cycle.roster_day).filter(office=Office.SECRETARY).order_by("cell", "pk")
    if cycle.leaders == Leaders.SECRETARY_HEADS:
        areas = CellArea.objects.on(cycle.roster_day).filter(cell=OuterRef(OuterRef("cell")))
        heads = Tenure.objects.on(cycle.roster_day).filter(
            office=Office.HAMLET_HEAD, person=OuterRef("person"), hamlet__in=areas.values("hamlet")
        )
        seats = seats.filter(Exists(heads))
    return seats


def _died(cycle: ReviewCycle):
    day = cycle.roster_day
    return Tenure.objects.filter(
        office=Office.SECRETARY,
        way_out=WayOut.DIED,
        ends_on__gte=day.replace(month=1, day=1),
        ends_on__lte=day,
    ).order_by("cell", "pk")


@transaction.atomic
def add_cell(file: Submission, cell: Cell, *, reason: str, by) -> CellRating:
    """Put a cell on a list that is fixed, with the reason."""
    return _add(file, CellRating(cell=cell), reason=reason, by=by, changes=Changes(text=reason, cell=cell))


@transaction.atomic
def add_person(file: Submission, person: Person, cell: Cell, *, reason: str, by) -> LeaderRating:
    """Put a person on a list that is fixed, with the reason; counted where the cell stood."""
    row = _person_row(file.cycle, person.pk, cell.pk)
    return _add(file, row, reason=reason, by=by, changes=Changes(text=reason, person=person, cell=cell))


def _add(file: Submission, row, *, reason: str, by, changes: Changes):
    current = _open_for_changes(file, reason, by)
    row.cycle, row.roster_reason = current.cycle, reason.strip()
    row.withheld = not current.is_with_province
    place(current.cycle, [row])
    if row.commune_id != current.commune_id:
        raise ValidationError(
            _("On the roster day %(day)s this stood in another commune. Add it to that one's list.")
            % {"day": f"{current.cycle.roster_day:%d/%m/%Y}"}
        )
    row.full_clean(exclude=["commune"])
    row.save()
    write(current, Step.Kind.ADDED, values={}, by=by, changes=changes)
    return row


@transaction.atomic
def exclude(file: Submission, row: CellRating | LeaderRating, *, reason: str, by) -> None:
    """Take a row off the list, with the reason: it came there in error. The timeline keeps it."""
    current = _open_for_changes(file, reason, by)
    row = type(row).objects.select_for_update(of=("self",)).get(pk=row.pk, commune=current.commune_id)
    if row.is_decided:
        raise ValidationError(
            _("This was decided already. It is corrected with a decision, not taken off the list.")
        )
    changes = Changes(text=reason, cell=row.cell, person=getattr(row, "person", None))
    write(current, Step.Kind.EXCLUDED, values={}, by=by, changes=changes)
    if isinstance(row, CellRating):
        # The members' levels stand beside the rating of their cell and go with it; the history keeps both.
        delete_many(MemberLevels.objects.filter(cycle=row.cycle_id, cell=row.cell_id))
    row.delete()


def _open_for_changes(file: Submission, reason: str, by) -> Submission:
    current = Submission.objects.select_for_update(of=("self",)).select_related("cycle").get(pk=file.pk)
    need_receiver(by, current.cycle)
    if not reason.strip():
        raise ValidationError(_("Say why, in a sentence."))
    if current.cycle.state != ReviewCycle.State.OPEN or current.state == Submission.State.LOCKED:
        raise ValidationError(_("The list changes only between its fixing and the locking of the figures."))
    return current
