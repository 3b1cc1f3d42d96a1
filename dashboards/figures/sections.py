"""The rows that figures count: one queryset per kind of thing, with what is known about each row.

Which day decides: a *state* (seats, titles held, officers) is counted in the unit that holds the
hamlet or cell on the frame's day; a *result* (levels, congresses) in the unit that held it on
the result's own day.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date, timedelta

from django.conf import settings
from django.db.models import (
    BooleanField,
    Case,
    Count,
    Exists,
    ExpressionWrapper,
    F,
    FilteredRelation,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce, Least
from django.db.models.lookups import Exact

from cells.dated import on_day
from cells.meetings.months import full_months
from cells.models import (
    CellArea,
    CellKind,
    CellPeriod,
    Confirmation,
    HouseholdCount,
    Meeting,
    MemberCount,
    UnitPeriod,
)
from dashboards.figures.frames import PLACES_THEN, Borders, Frame, cells_now, places_now
from evaluations.models import CellRating, LeaderRating, Level, ReviewCycle, TitleCase
from evaluations.models.ratings import in_force_on
from evaluations.models.titles import held_on, newly_recognised
from leaders.models import Assignment, Candidacy, Contest, MembershipStatus, Office, Tenure, WayIn
from leaders.models.tenures import known_to_run_on, perhaps_running_on

# "Confirmed" means: the commune gave its word within this many days.
CONFIRMED_WITHIN = timedelta(days=30)
STREAK_YEARS = 3
LEVEL_CODES = {
    Level.EXCELLENT: "level_excellent",
    Level.GOOD: "level_good",
    Level.COMPLETED: "level_completed",
    Level.NOT_COMPLETED: "level_not_completed",
}


@dataclass(frozen=True, eq=False)
class Section:
    """One kind of rows: how to get them for a frame, and which columns say where they stand."""

    code: str
    build: Callable[..., QuerySet]
    now: dict[str, str]
    # The rule by which rows may be counted; a commune's draft counts before it may be read.
    seen_by: str = "visible_to"

    def places(self, frame: Frame) -> dict[str, str]:
        return self.now if frame.borders == Borders.NOW else PLACES_THEN

    def rows(self, frame: Frame, **options) -> QuerySet:
        """Return the rows of the frame that the user may see."""
        rows = frame.visible(self.build(frame, **options), self.seen_by)
        return frame.within(rows, self.places(frame))


def flag(condition: Q) -> ExpressionWrapper:
    """Return a condition as a column, so that it is judged once per row, however often it is counted."""
    return ExpressionWrapper(condition, output_field=BooleanField())


def _seat(day: date, body: str, office: str) -> FilteredRelation:
    """Return who held the one seat of the body on the day."""
    path = f"{body}__tenures"
    holds = Q(**{f"{path}__office": office})
    return FilteredRelation(path, condition=known_to_run_on(day, f"{path}__") & holds)


def _is_secretary_here(day: date, person: str) -> Q:
    """Return the condition that this person is on the day also secretary of a cell that covers the row's hamlet.

    Asked from the person, who has few seats: whether the hamlet is in a list, rather than whether there is a row,
    keeps PostgreSQL from looking up every secretary of the country for one province. In two steps: by way of the cell
    Django would also read each cell, of which nothing is asked.
    """
    secretaries = Tenure.objects.filter(
        known_to_run_on(day), office=Office.SECRETARY, person=OuterRef(OuterRef(person))
    )
    covered = CellArea.objects.on(day).filter(cell__in=secretaries.values("cell"))
    return Q(unit__in=covered.order_by().values("hamlet"))


def _is_head_here(day: date, person: str) -> Q:
    """Return the condition that this person is on the day also head of a hamlet that the row's cell covers."""
    heads = Tenure.objects.filter(
        known_to_run_on(day), office=Office.HAMLET_HEAD, person=OuterRef(OuterRef(person))
    )
    covering = CellArea.objects.on(day).filter(hamlet__in=heads.values("hamlet"))
    return Q(cell__in=covering.order_by().values("cell"))


def told(rows: QuerySet, only: Collection[str] | None, **flags) -> QuerySet:
    """Return the rows with what is asked of each (None: everything): what nobody reads is not looked up."""
    return rows.annotate(**{name: one for name, one in flags.items() if only is None or name in only})


def officers_of_hamlets(day: date) -> QuerySet:
    """Return who follows a hamlet on the day."""
    return Assignment.objects.on(day).filter(kind=Assignment.Kind.HAMLET_OFFICER)


def officers_of_communes(day: date) -> QuerySet:
    """Return the committee members who support a commune on the day."""
    kinds = (Assignment.Kind.COMMITTEE_MEMBER, Assignment.Kind.STANDING_MEMBER)
    return Assignment.objects.on(day).filter(kind__in=kinds)


def confirmed_until(day: date) -> QuerySet:
    """Return the word that communes had given by the day."""
    return Confirmation.objects.filter(confirmed_at__date__lte=day)


def _hamlets(frame: Frame, *, only: Collection[str] | None = None) -> QuerySet:
    """Return the hamlets of the day, each with its head and whether one person holds both seats."""
    day = frame.day
    counts_as_merged = Q() if settings.INTERIM_COUNTS else ~Q(head__way_in=WayIn.INTERIM)
    unknown = Tenure.objects.filter(
        perhaps_running_on(day), office=Office.HAMLET_HEAD, hamlet=OuterRef("unit")
    )
    officers = officers_of_hamlets(day).filter(unit=OuterRef("unit"))
    known = HouseholdCount.objects.filter(households__isnull=False, day__lte=day)
    latest = known.filter(hamlet=OuterRef("unit")).order_by("-day")
    is_member = Q(head__person__membership=MembershipStatus.YES) & (
        Q(head__person__left_on__isnull=True) | Q(head__person__left_on__gt=day)
    )
    rows = UnitPeriod.objects.on(day).hamlets()
    rows = rows.annotate(
        head=_seat(day, "unit", Office.HAMLET_HEAD), front=_seat(day, "unit", Office.FRONT_HEAD)
    )
    return told(
        rows,
        only,
        merged=flag(counts_as_merged & _is_secretary_here(day, "head__person")),
        front_merged=flag(Q(front__isnull=False) & _is_secretary_here(day, "front__person")),
        interim_head=flag(Q(head__way_in=WayIn.INTERIM)),
        member_head=flag(is_member),
        no_head=flag(Q(head__isnull=True) & ~Exists(unknown)),
        has_officer=Exists(officers),
        households=Subquery(latest.values("households")[:1]),
        counted_on=Subquery(latest.values("day")[:1]),
    )


def _cells(frame: Frame, *, only: Collection[str] | None = None) -> QuerySet:
    """Return the cells of the day, each with its secretary and whether that one heads a hamlet of it."""
    day = frame.day
    unknown = Tenure.objects.filter(perhaps_running_on(day), office=Office.SECRETARY, cell=OuterRef("cell"))
    known = MemberCount.objects.filter(total__isnull=False, day__lte=day)
    latest = known.filter(cell=OuterRef("cell")).order_by("-day")
    is_hamlet_cell = Q(cell__kind=CellKind.HAMLET)
    rows = CellPeriod.objects.on(day).annotate(secretary=_seat(day, "cell", Office.SECRETARY))
    return told(
        rows,
        only,
        hamlet_cell=flag(is_hamlet_cell),
        merged=flag(is_hamlet_cell & _is_head_here(day, "secretary__person")),
        no_secretary=flag(is_hamlet_cell & Q(secretary__isnull=True) & ~Exists(unknown)),
        members=Subquery(latest.values("total")[:1]),
        counted_on=Subquery(latest.values("day")[:1]),
    )


def _titles(frame: Frame) -> QuerySet:
    """Return the titles recognised by the day, each once per period of its cell.

    A cell has one period on each day, so whoever asks where it stood on a day (``stood_on``)
    meets each title once: in the unit that held the cell on that day.
    """
    return (
        TitleCase.objects.filter(recognised_on__lte=frame.day)
        .annotate(
            stood=F("cell__periods"),
            stood_starts_on=F("cell__periods__starts_on"),
            stood_ends_on=F("cell__periods__ends_on"),
            province=F("cell__periods__province"),
            district=F("cell__periods__district"),
            commune=F("cell__periods__commune"),
        )
        .filter(stood__isnull=False)
    )


def recognised_in(year: int) -> Q:
    """Return the condition of the titles won in the year: a result, counted where it was won."""
    return Q(recognised_on__year=year) & newly_recognised() & on_day(F("recognised_on"), "stood_")


def title_held_on(day: date) -> Q:
    """Return the condition of the titles held on the day: a state, counted where the cell stands then."""
    return held_on(day) & on_day(day, "stood_")


def _communes(frame: Frame, *, only: Collection[str] | None = None) -> QuerySet:
    """Return the communes of the day, with whether they confirmed lately, have an officer, and have hamlets."""
    confirmed = confirmed_until(frame.day).filter(
        commune=OuterRef("unit"), confirmed_at__date__gt=frame.day - CONFIRMED_WITHIN
    )
    officers = officers_of_communes(frame.day).filter(unit=OuterRef("unit"))
    hamlets = UnitPeriod.objects.on(frame.day).hamlets().filter(commune=OuterRef("unit"))
    return told(
        UnitPeriod.objects.on(frame.day).at_level("commune"),
        only,
        confirmed=Exists(confirmed),
        has_officer=Exists(officers),
        has_hamlets=Exists(hamlets),
    )


def _ratings(frame: Frame, *, year: int | None = None, since: int | None = None) -> QuerySet:
    """Return the ratings of a year (or of all years since one) as they stood on the day.

    From the roster day to its first decision a cell is on the list and not rated yet; that stays
    true of those days when the decision has come. To whoever may not see what the commune has not sent,
    it is not rated yet either.
    """
    day = frame.day
    awaited = Q(decided_on__isnull=True, superseded_on__isnull=True) | Q(decided_on__gt=day, edition=1)
    shown = CellRating.objects.shown_to(frame.user)
    is_decided = Q(decided_on__lte=day) & shown
    rows = CellRating.objects.filter(in_force_on(day) | (awaited & Q(cycle__roster_day__lte=day))).annotate(
        level=Case(When(is_decided, then="decided_level"), default=Value("")),
        rated=flag(is_decided & ~Q(decided_level="")),
        subject=flag(Q(not_subject_reason="")),
        is_shown=flag(shown),
        **{code: flag(is_decided & Q(decided_level=level)) for level, code in LEVEL_CODES.items()},
    )
    if since is not None:
        rows = rows.filter(cycle__year__gte=since)
    return rows.filter(_of_ended_review(day)) if year is None else rows.filter(cycle__year=year)


def _of_ended_review(day: date) -> Q:
    """Return the condition of the years whose review was over on the day.

    While a year is open its levels come in commune by commune; its own pages say how far it is.
    """
    return Q(cycle__state=ReviewCycle.State.RECORDED) | Q(cycle__closed_on__lte=day)


def _streaks(frame: Frame, *, year: int | None = None, since: int | None = None) -> QuerySet:
    """Return the people rated in office, with whether they were excellent then and the two years before.

    Of one year, or of all whose review is over (since one).
    """
    in_office = LeaderRating.objects.visible_of_seen(frame.user).in_force_on(frame.day).filter(basis="office")
    # Counted, and not asked year by year: for that PostgreSQL reads the ratings of the whole country, once a year.
    before = in_office.filter(
        decided_level=Level.EXCELLENT,
        person=OuterRef("person"),
        cycle__year__lt=OuterRef("cycle__year"),
        cycle__year__gt=OuterRef("cycle__year") - STREAK_YEARS,
    )
    years = before.order_by().values("person").annotate(years=Count("cycle__year", distinct=True))
    goes_on = Exact(Subquery(years.values("years")), STREAK_YEARS - 1)
    rows = in_office.annotate(streak=flag(Q(decided_level=Level.EXCELLENT) & Q(goes_on)))
    if since is not None:
        rows = rows.filter(cycle__year__gte=since)
    return rows.filter(_of_ended_review(frame.day)) if year is None else rows.filter(cycle__year=year)


def names_the_elected(kind: str) -> Q:
    """Whether it is recorded who was elected head, or secretary: among those who stood, or by the seat."""
    seat = {"office": Office.SECRETARY} if kind == Contest.Kind.CONGRESS else {}
    stood = Candidacy.objects.filter(contest=OuterRef("pk"), elected=True, **seat)
    return Q(Exists(stood)) | Q(Exists(Tenure.objects.filter(contest=OuterRef("pk"), **seat)))


def _contests(kind: str, body: str):
    def build(frame: Frame, *, term: str | None = None) -> QuerySet:
        """Return the contests of a term, each placed where its body stood on its own day.

        What is not held by the frame's day is looked for where its body stands then: what becomes of it later is not known.
        """
        placed = on_day(Least("at", Value(frame.day)), f"{body}__periods__")
        # One that failed is run again as another one; until then it stands for the body, which is still called.
        siblings = Contest.objects.filter(kind=kind, term=OuterRef("term"), **{body: OuterRef(body)})
        goes_on = siblings.exclude(outcome=Contest.Outcome.FAILED)
        failed_later = siblings.filter(outcome=Contest.Outcome.FAILED, pk__gt=OuterRef("pk"))
        # Of an election it is to be known who was elected; a congress has others to elect besides the secretary.
        has_taken_place = Q() if kind == Contest.Kind.CONGRESS else names_the_elected(kind)
        rows = (
            Contest.objects.filter(kind=kind)
            .filter(~Q(outcome=Contest.Outcome.FAILED) | (~Exists(goes_on) & ~Exists(failed_later)))
            .annotate(at=Coalesce("held_on", "planned_on"))
            .filter(placed, at__isnull=False)
            .annotate(
                province=F(f"{body}__periods__province"),
                district=F(f"{body}__periods__district"),
                commune=F(f"{body}__periods__commune"),
                held=flag(has_taken_place & Q(outcome=Contest.Outcome.HELD, held_on__lte=frame.day)),
            )
        )
        return rows if term is None else rows.filter(term=term)

    return build


def _meetings(frame: Frame) -> QuerySet:
    """Return the regular meetings of the full months of the year up to the day of which both numbers are known.

    Each is placed where its cell stood on the day of the meeting. What is not known is in no sum.
    """
    first, last = full_months(frame.day)
    return (
        Meeting.objects.with_numbers()
        .of_months(first, last)
        .annotate(at=F("day"))
        .filter(on_day(F("day"), "cell__periods__"), day__lte=frame.day)
        .annotate(
            province=F("cell__periods__province"),
            district=F("cell__periods__district"),
            commune=F("cell__periods__commune"),
        )
    )


HAMLETS = Section("hamlets", _hamlets, places_now("unit"))
CELLS = Section("cells", _cells, cells_now("cell__"))
TITLES = Section("titles", _titles, cells_now("cell__"))
COMMUNES = Section("communes", _communes, places_now("unit"))
RATINGS = Section("ratings", _ratings, cells_now("cell__"), seen_by="counted_for")
STREAKS = Section("streaks", _streaks, places_now("commune"), seen_by="visible_beside")
CONGRESSES = Section(
    "congresses",
    _contests(Contest.Kind.CONGRESS, "cell"),
    cells_now("cell__"),
    seen_by="congresses_visible_to",
)
MEETINGS = Section("meetings", _meetings, cells_now("cell__"), seen_by="visible_along")
ELECTIONS = Section(
    "elections",
    _contests(Contest.Kind.HEAD_ELECTION, "hamlet"),
    places_now("hamlet"),
    seen_by="elections_visible_to",
)
