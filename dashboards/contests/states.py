"""The states of congresses and elections in a term, and of the pairs they make, as conditions a database counts."""

from datetime import date

from django.db.models import F, Max, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from cells.dated import on_day
from cells.models import Cell, CellArea, CellKind, Unit
from leaders.models import Candidacy, Contest, Office, Tenure

Kind, Outcome = Contest.Kind, Contest.Outcome
BODY = {Kind.HEAD_ELECTION: "hamlet", Kind.CONGRESS: "cell"}
# By the words of the address: what a list may be narrowed to.
STATES = {
    "du-kien": _("planned"),
    "da-to-chuc": _("held"),
    "khong-thanh": _("failed, not run again yet"),
    "to-chuc-lai": _("to be run again, planned"),
    "sau-lan-dau": _("held when run again"),
    "chua-ke-hoach": _("not planned"),
}
PAIRS = {
    "dai-hoi-xong": _("congress done"),
    "bau-xong": _("election done"),
    "ca-hai": _("both done"),
    "mot-nguoi": _("one person in both"),
    "dan-tin-dang-cu": _("one person in both, elected by the households first"),
    "khac-nguoi": _("two people"),
    "chua-ro": _("both done, not known who was elected"),
}


def contests(kind: str, term: str, user) -> QuerySet[Contest]:
    """Return the contests of the term; what was planned for a body that has ended is not awaited any more."""
    body = BODY[kind]
    rows = Contest.objects.visible_to(user).filter(kind=kind, term=term)
    return rows.filter(Q(**{f"{body}__closed_on__isnull": True}) | ~Q(outcome=Outcome.PLANNED))


def conditions(kind: str, term: str) -> dict[str, Q]:
    """Return for each state of a list its condition; each body is in one of the first four."""
    body = BODY[kind]
    of_term = Contest.objects.filter(kind=kind, term=term)
    has_failed = Q(**{f"{body}__in": of_term.filter(outcome=Outcome.FAILED).values(body)})
    goes_on = Q(**{f"{body}__in": of_term.exclude(outcome=Outcome.FAILED).values(body)})
    # Of several failed attempts the last one stands for the body.
    last = of_term.filter(outcome=Outcome.FAILED).order_by().values(body)
    return {
        "du-kien": Q(outcome=Outcome.PLANNED) & ~has_failed,
        "da-to-chuc": Q(outcome=Outcome.HELD),
        "khong-thanh": Q(outcome=Outcome.FAILED)
        & ~goes_on
        & Q(pk__in=last.annotate(last=Max("pk")).values("last")),
        "to-chuc-lai": Q(outcome=Outcome.PLANNED) & has_failed,
        "sau-lan-dau": Q(outcome=Outcome.HELD) & has_failed,
    }


def unplanned(kind: str, term: str, user) -> QuerySet:
    """Return the hamlets, or hamlet cells, that stand and have nothing planned for the term."""
    called = Contest.objects.filter(kind=kind, term=term).values(BODY[kind])
    if kind == Kind.CONGRESS:
        rows = Cell.objects.visible_to(user).standing().filter(kind=CellKind.HAMLET)
    else:
        rows = Unit.objects.visible_to(user).hamlets().standing()
    return rows.exclude(pk__in=called)


# --- Pairs ------------------------------------------------------------------------------


def pairs(term: str, user) -> QuerySet[Unit]:
    """Return the hamlets that are called to elect and whose cell is called to its congress in the term."""
    of_term = Contest.objects.filter(term=term)
    elections = of_term.filter(kind=Kind.HEAD_ELECTION)
    congresses = of_term.filter(kind=Kind.CONGRESS)
    covered = CellArea.objects.filter(cell__in=congresses.values("cell"))
    rows = Unit.objects.visible_to(user).hamlets()
    rows = rows.filter(pk__in=elections.values("hamlet")).filter(pk__in=covered.values("hamlet"))
    # What ended before it was held makes no pair.
    return rows.filter(
        Q(closed_on__isnull=True) | Q(pk__in=elections.filter(outcome=Outcome.HELD).values("hamlet"))
    )


def pair_conditions(term: str, today: date) -> dict[str, Q]:
    """Return for each state of a pair its condition on the hamlet."""
    of_term = Contest.objects.filter(term=term)
    held = of_term.filter(outcome=Outcome.HELD)
    congresses = of_term.filter(kind=Kind.CONGRESS)
    held_cells = held.filter(kind=Kind.CONGRESS).values("cell")
    has_held = CellArea.objects.filter(
        on_day(F("cell__contests__held_on")),
        cell__contests__term=term,
        cell__contests__kind=Kind.CONGRESS,
        cell__contests__outcome=Outcome.HELD,
    )
    waiting = (
        CellArea.objects.on(today).filter(cell__in=congresses.values("cell")).exclude(cell__in=held_cells)
    )
    congress = _in(has_held) & ~_in(waiting)
    election = Q(pk__in=held.filter(kind=Kind.HEAD_ELECTION).values("hamlet"))
    one = _in(_same_by_seats(term)) | Q(pk__in=_same_by_votes(term).values("contest__hamlet"))
    known = _heads_known(term) & _secretaries_known(term)
    # In one condition with the rest: another one would ask of any other tenure of the person.
    first = _in(_same_by_seats(term, contest__held_on__lte=F("person__tenures__contest__held_on")))
    by_votes = _same_by_votes(term, contest__held_on__lte=F("person__candidacies__contest__held_on"))
    first |= Q(pk__in=by_votes.values("contest__hamlet"))
    both = congress & election
    return {
        "dai-hoi-xong": congress,
        "bau-xong": election,
        "ca-hai": both,
        "mot-nguoi": both & one,
        "dan-tin-dang-cu": both & first,
        "khac-nguoi": both & known & ~one,
        "chua-ro": both & ~known & ~one,
    }


def _in(rows: QuerySet) -> Q:
    return Q(pk__in=rows.values("hamlet"))


def _same_by_seats(term: str, **more) -> QuerySet[Tenure]:
    """Return the headships by an election of whoever became secretary of a cell there by a congress."""
    return Tenure.objects.filter(
        office=Office.HAMLET_HEAD,
        contest__term=term,
        person__tenures__office=Office.SECRETARY,
        person__tenures__contest__term=term,
        person__tenures__cell__areas__hamlet=F("hamlet"),
        **more,
    )


def _same_by_votes(term: str, **more) -> QuerySet[Candidacy]:
    """The same by what was recorded of the votes, where it moved no seat."""
    return Candidacy.objects.filter(
        elected=True,
        contest__kind=Kind.HEAD_ELECTION,
        contest__term=term,
        person__candidacies__elected=True,
        person__candidacies__office=Office.SECRETARY,
        person__candidacies__contest__term=term,
        person__candidacies__contest__cell__areas__hamlet=F("contest__hamlet"),
        **more,
    )


def _heads_known(term: str) -> Q:
    seats = Tenure.objects.filter(office=Office.HAMLET_HEAD, contest__term=term)
    votes = Candidacy.objects.filter(
        elected=True, person__isnull=False, contest__kind=Kind.HEAD_ELECTION, contest__term=term
    )
    return _in(seats) | Q(pk__in=votes.values("contest__hamlet"))


def _secretaries_known(term: str) -> Q:
    seats = Tenure.objects.filter(office=Office.SECRETARY, contest__term=term)
    votes = Candidacy.objects.filter(
        elected=True, person__isnull=False, office=Office.SECRETARY, contest__term=term
    )
    return Q(pk__in=seats.values("cell__areas__hamlet")) | Q(
        pk__in=votes.values("contest__cell__areas__hamlet")
    )
