"""The states of congresses and elections in a term, and of the pairs they make, as conditions a database counts."""

from datetime import date

from django.db.models import Case, Exists, F, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from cells.dated import on_day
from cells.models import Cell, CellArea, CellKind, Unit
from dashboards.figures.sections import flag, names_the_elected
from dashboards.wording import words_for
from leaders.models import Candidacy, Contest, Office, Tenure

Kind, Outcome = Contest.Kind, Contest.Outcome
BODY = {Kind.HEAD_ELECTION: "hamlet", Kind.CONGRESS: "cell"}


def kind_labels(user) -> dict[str, str]:
    """Return what each kind is called where the reader works."""
    return {
        Kind.HEAD_ELECTION: _("Election of the %(head)s") % {"head": words_for(user).head},
        Kind.CONGRESS: _("Cell congresses"),
    }


# By the words of the address: what a list may be narrowed to.
STATES = {
    "du-kien": _("planned"),
    "da-to-chuc": _("held"),
    "khong-thanh": _("failed, not run again yet"),
    "to-chuc-lai": _("to be run again, planned"),
    "sau-lan-dau": _("held when run again"),
    "qua-ngay": _("past the planned day, no result recorded"),
    "chua-ghi-nguoi": _("held, not recorded who was elected"),
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


# What a contest has to be for each state; each body is in one of the first four.
IS = {
    "du-kien": {"outcome": Outcome.PLANNED, "has_failed": False},
    "da-to-chuc": {"outcome": Outcome.HELD},
    "khong-thanh": {"outcome": Outcome.FAILED, "is_followed": False},
    "to-chuc-lai": {"outcome": Outcome.PLANNED, "has_failed": True},
    "sau-lan-dau": {"outcome": Outcome.HELD, "has_failed": True},
    "qua-ngay": {"outcome": Outcome.PLANNED, "is_overdue": True},
    "chua-ghi-nguoi": {"outcome": Outcome.HELD, "is_named": False},
}
# Who was elected in the two contests of a pair.
ONE_HOUSEHOLDS_FIRST, ONE_PERSON, TWO, UNKNOWN = "one, households first", "one", "two", "unknown"
# The same of a pair.
_BOTH = {"congress_done": True, "election_done": True}
IS_OF_PAIR = {
    "dai-hoi-xong": {"congress_done": True},
    "bau-xong": {"election_done": True},
    "ca-hai": _BOTH,
    "mot-nguoi": _BOTH | {"elected": (ONE_HOUSEHOLDS_FIRST, ONE_PERSON)},
    "dan-tin-dang-cu": _BOTH | {"elected": (ONE_HOUSEHOLDS_FIRST,)},
    "khac-nguoi": _BOTH | {"elected": (TWO,)},
    "chua-ro": _BOTH | {"elected": (UNKNOWN,)},
}


def flags_of(states: dict[str, dict]) -> list[str]:
    """Return what the states ask of a row; rows alike in all of it are counted together."""
    return sorted({name for state in states.values() for name in state})


def counted(states: dict[str, dict], row: dict) -> dict[str, int]:
    """Return the count of a row of flags for each state that it is in."""
    return {
        slug: row["n"]
        for slug, state in states.items()
        if all(
            row[name] in wanted if isinstance(wanted, tuple) else row[name] == wanted
            for name, wanted in state.items()
        )
    }


def condition(state: dict) -> Q:
    """Return what a state asks of a row as a condition."""
    return Q(
        **{f"{name}__in" if isinstance(wanted, tuple) else name: wanted for name, wanted in state.items()}
    )


def contests(kind: str, term: str, user, today: date) -> QuerySet[Contest]:
    """Return the contests of the term; what was planned for a body that has ended is not awaited any more."""
    body = BODY[kind]
    # Seen as their bodies are; those of one kind have bodies of one kind, which an index leads to.
    model = Cell if kind == Kind.CONGRESS else Unit
    bodies = model.objects.visible_to(user).order_by()
    rows = Contest.objects.filter(kind=kind, term=term, **{f"{body}__in": bodies.values("pk")})
    rows = rows.filter(Q(**{f"{body}__closed_on__isnull": True}) | ~Q(outcome=Outcome.PLANNED))
    of_body = Contest.objects.filter(kind=kind, term=term, **{body: OuterRef(body)})
    failed = of_body.filter(outcome=Outcome.FAILED)
    # Of several failed attempts the last one stands for the body.
    followed = Exists(of_body.exclude(outcome=Outcome.FAILED)) | Exists(failed.filter(pk__gt=OuterRef("pk")))
    return rows.annotate(
        has_failed=Exists(failed),
        # Each looked up only of those of which it is asked.
        is_followed=flag(Q(outcome=Outcome.FAILED) & Q(followed)),
        is_overdue=flag(Q(planned_on__isnull=False, planned_on__lt=today)),
        is_named=flag(~Q(outcome=Outcome.HELD) | names_the_elected(kind)),
    )


def unplanned(kind: str, term: str, user) -> QuerySet:
    """Return the hamlets, or hamlet cells, that stand and have nothing planned for the term."""
    called = Contest.objects.filter(kind=kind, term=term, **{BODY[kind]: OuterRef("pk")})
    if kind == Kind.CONGRESS:
        rows = Cell.objects.visible_to(user).standing().filter(kind=CellKind.HAMLET)
    else:
        rows = Unit.objects.visible_to(user).hamlets().standing()
    return rows.filter(~Exists(called))


# --- Pairs ------------------------------------------------------------------------------


def pairs(term: str, user, today: date) -> QuerySet[Unit]:
    """Return the hamlets that are called to elect and whose cell is called to its congress in the term."""
    elections = Contest.objects.filter(kind=Kind.HEAD_ELECTION, term=term, hamlet=OuterRef("pk"))
    election_done = Exists(elections.filter(outcome=Outcome.HELD))
    rows = Unit.objects.visible_to(user).hamlets()
    rows = rows.filter(Exists(elections), Exists(_areas(Exists(_congresses(term)))))
    # What ended before it was held makes no pair.
    rows = rows.filter(Q(closed_on__isnull=True) | election_done)
    # The first that is known: of each only what those before it leave open is looked up.
    elected = Coalesce(
        _same_by_seats(term),
        _same_by_votes(term),
        Case(When(_head_known(term) & _secretary_known(term), then=Value(TWO)), default=Value(UNKNOWN)),
    )
    return rows.annotate(
        congress_done=flag(_congress_done(term, user, today)),
        election_done=election_done,
        elected=Case(When(election_done, then=elected), default=Value("")),
    )


def _areas(*conditions, **more) -> QuerySet[CellArea]:
    """Return the areas by which cells cover, or covered, the hamlet that is asked about."""
    return CellArea.objects.filter(*conditions, hamlet=OuterRef("pk"), **more)


def _congresses(term: str) -> QuerySet[Contest]:
    """Return the congresses of the cell of an area: asked beside it, for a path would lead by way of the cell."""
    return Contest.objects.filter(kind=Kind.CONGRESS, term=term, cell=OuterRef("cell"))


def _congress_done(term: str, user, today: date) -> Q:
    """A cell that covered the hamlet on the day has held its congress, and none that covers it now awaits one."""
    congresses = _congresses(term)
    held = _areas(
        on_day(F("cell__contests__held_on")),
        cell__contests__term=term,
        cell__contests__kind=Kind.CONGRESS,
        cell__contests__outcome=Outcome.HELD,
    )
    # The hamlet that is asked about is one of these; unless it is said, all areas of the country may be read for it.
    here = Q(hamlet__in=Unit.objects.visible_to(user).hamlets())
    waiting = _areas(here, Exists(congresses), ~Exists(congresses.filter(outcome=Outcome.HELD))).on(today)
    return Q(Exists(held)) & ~Q(Exists(waiting))


def _same_by_seats(term: str) -> Subquery:
    """Say of the head by an election who became secretary of a cell there by a congress.

    Asked of each head by the person, who has few seats: joined, all secretaries there ever were are looked up.
    """
    congresses = Tenure.objects.filter(
        office=Office.SECRETARY,
        person=OuterRef("person"),
        contest__term=term,
        cell__areas__hamlet=OuterRef("hamlet"),
    )
    later = congresses.filter(contest__held_on__gte=OuterRef("contest__held_on"))
    heads = Tenure.objects.filter(office=Office.HAMLET_HEAD, hamlet=OuterRef("pk"), contest__term=term)
    first = Case(
        When(Exists(later), then=Value(ONE_HOUSEHOLDS_FIRST)),
        When(Exists(congresses), then=Value(ONE_PERSON)),
    )
    heads = heads.order_by().annotate(first=first).order_by(F("first").desc(nulls_last=True))
    return Subquery(heads.values("first")[:1])


def _same_by_votes(term: str) -> Subquery:
    """Say the same by what was recorded of the votes, where it moved no seat."""
    votes = Candidacy.objects.filter(
        contest__hamlet=OuterRef("pk"),
        elected=True,
        contest__kind=Kind.HEAD_ELECTION,
        contest__term=term,
        person__candidacies__elected=True,
        person__candidacies__office=Office.SECRETARY,
        person__candidacies__contest__term=term,
        person__candidacies__contest__cell__areas__hamlet=F("contest__hamlet"),
    )
    households_first = When(
        contest__held_on__lte=F("person__candidacies__contest__held_on"), then=Value(ONE_HOUSEHOLDS_FIRST)
    )
    first = Case(households_first, default=Value(ONE_PERSON))
    return Subquery(votes.order_by().annotate(first=first).order_by("-first").values("first")[:1])


def _head_known(term: str) -> Q:
    seats = Tenure.objects.filter(office=Office.HAMLET_HEAD, hamlet=OuterRef("pk"), contest__term=term)
    votes = Candidacy.objects.filter(
        contest__hamlet=OuterRef("pk"),
        contest__kind=Kind.HEAD_ELECTION,
        contest__term=term,
        elected=True,
        person__isnull=False,
    )
    return Q(Exists(seats)) | Q(Exists(votes))


def _secretary_known(term: str) -> Q:
    secretaries = Tenure.objects.filter(office=Office.SECRETARY, contest__term=term, cell=OuterRef("cell"))
    seats = _areas(Exists(secretaries))
    votes = Candidacy.objects.filter(
        contest__cell__areas__hamlet=OuterRef("pk"),
        contest__term=term,
        elected=True,
        person__isnull=False,
        office=Office.SECRETARY,
    )
    return Q(Exists(seats)) | Q(Exists(votes))
