"""What a stock admin list asks for a page of the same rows: Django's own change list, with its two counts.

Rows are chosen as an administrator chooses them there, by the words of the address. What no field says (two people in
the seats of a hamlet, a cell below its attendance) is chosen by a filter of the list, written as it comes to the mind
of whoever writes one: ``Exists`` and ``Count``, neither tuned nor made slow (CHOOSING). So the stock list finds the same
rows; it still shows of each the model's own line alone, where ours says who, since when and why. Of the changes of a
merged role it lists the seats that began or ended: that one person held on through a new term takes days joined. Courses
say how many took part, as ours do, by an annotation; commendations are those of people alone.
"""

from collections.abc import Callable

from django.contrib.admin import ModelAdmin, SimpleListFilter, site
from django.contrib.admin.views.main import ChangeList
from django.db import connection
from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Sum
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from bench.country.life import TERM
from cells.kinds import Level
from cells.meetings.months import full_months_of, last_full_month
from cells.models import Cell, Limits, Meeting, Unit
from evaluations.models import CellRating, LeaderRating, TitleCase
from leaders.models import (
    Candidacy,
    Commendation,
    Contest,
    Course,
    Office,
    Participation,
    Person,
    Tenure,
    Visit,
)

_OF_CELLS, _HERE, _KEPT = "cell__province", "province", "keeper__province"
_HAMLETS = {"level": Level.HAMLET, "closed_on__isnull": "1"}
_HELD = {"term": TERM, "kind": Contest.Kind.HEAD_ELECTION, "outcome": Contest.Outcome.HELD}

_HEADS = Tenure.objects.filter(office=Office.HAMLET_HEAD)
_SECRETARIES = Tenure.objects.filter(office=Office.SECRETARY)
# The word in the address that turns on a filter of CHOOSING.
CHOSEN = "chosen"

# The model behind the rows of each list, the way from it to the province, and what the rows have in common.
LISTS = {
    "elections held, list": (Contest, "hamlet__province", _HELD),
    "pairs of two people, list": (Unit, _HERE, _HAMLETS),
    "hamlets without a head, list": (Unit, _HERE, _HAMLETS),
    "people with several seats, list": (Person, _KEPT, {}),
    "merged role, changes": (Tenure, "hamlet__province", {"office": Office.HAMLET_HEAD}),
    "officers, list": (Person, _KEPT, {}),
    "hamlets not followed, list": (Unit, _HERE, _HAMLETS | {"assignments__isnull": "1"}),
    "visits, list": (Visit, "unit__province", {}),
    "cells under attendance, list": (Cell, "province", {"closed_on__isnull": "1"}),
    "titles held, list": (TitleCase, _OF_CELLS, {"state": TitleCase.State.RECOGNISED}),
    "courses": (Course, "unit__province", {}),
    "never trained, list": (Person, _KEPT, {}),
    "commendations": (Commendation, "person__keeper__province", {}),
    "review, cells, list": (CellRating, _HERE, {"cycle__year": timezone.localdate().year}),
    "review, people, list": (LeaderRating, _HERE, {"cycle__year": timezone.localdate().year}),
}


def _in_office(prefix: str = "") -> Q:
    today = timezone.localdate()
    ends = Q(**{f"{prefix}ends_on": None}) | Q(**{f"{prefix}ends_on__gte": today})
    return Q(**{f"{prefix}starts_on__lte": today}) & ends


def _without_head(hamlets: QuerySet) -> QuerySet:
    return hamlets.exclude(Exists(_HEADS.filter(_in_office(), hamlet=OuterRef("pk"))))


def _of_two_people(hamlets: QuerySet) -> QuerySet:
    elected = Candidacy.objects.filter(contest__term=TERM, elected=True)
    heads = elected.filter(contest__hamlet=OuterRef("pk"))
    secretaries = elected.filter(office=Office.SECRETARY, contest__cell__areas__hamlet=OuterRef("pk"))
    both = heads.filter(
        person__candidacies__contest__term=TERM,
        person__candidacies__elected=True,
        person__candidacies__office=Office.SECRETARY,
        person__candidacies__contest__cell__areas__hamlet=F("contest__hamlet"),
    )
    return hamlets.filter(Exists(heads), Exists(secretaries)).exclude(Exists(both))


def _with_several_seats(people: QuerySet) -> QuerySet:
    return people.annotate(seats=Count("tenures", filter=_in_office("tenures__"))).filter(seats__gt=1)


def _begun_or_ended_merged(heads: QuerySet) -> QuerySet:
    since = timezone.localdate().replace(year=timezone.localdate().year - 2, month=1, day=1)
    its = _SECRETARIES.filter(person=OuterRef("person"), cell__areas__hamlet=OuterRef("hamlet"))
    return heads.filter(Exists(its), Q(starts_on__gte=since) | Q(ends_on__gte=since))


def _following(people: QuerySet) -> QuerySet:
    running = Q(assignments__ends_on=None) | Q(assignments__ends_on__gte=timezone.localdate())
    followed = Count("assignments__unit", filter=running, distinct=True)
    return people.annotate(followed=followed).filter(followed__gt=0)


def _under_attendance(cells: QuerySet) -> QuerySet:
    today = timezone.localdate()
    months = full_months_of(last_full_month(today).year, today)
    known = Q(
        meetings__kind=Meeting.Kind.REGULAR,
        meetings__was_held=True,
        meetings__present__isnull=False,
        meetings__month__range=(months[0], months[-1]),
    )
    least = Limits._meta.get_field("least_attendance").default
    summed = cells.annotate(
        came=Sum("meetings__present", filter=known), asked=Sum("meetings__expected", filter=known)
    )
    return summed.filter(came__lt=F("asked") * least / 100.0)


def _with_participants(courses: QuerySet) -> QuerySet:
    # Ours count whom the reader sees; here those whose record is kept in the province of the course.
    kept = Q(participations__person__keeper__province=F("unit__province"))
    completed = Count("participations", filter=kept & Q(participations__completed=True))
    return courses.annotate(people=Count("participations", filter=kept), completed=completed)


def _never_trained(people: QuerySet) -> QuerySet:
    offices = [Office.SECRETARY, Office.HAMLET_HEAD]
    leading = Tenure.objects.filter(_in_office(), person=OuterRef("pk"), office__in=offices)
    completed = Participation.objects.filter(person=OuterRef("pk"), completed=True)
    return people.filter(Exists(leading)).exclude(Exists(completed))


# How the rows are chosen of which no field says that they are of the list.
CHOOSING: dict[str, Callable[[QuerySet], QuerySet]] = {
    "pairs of two people, list": _of_two_people,
    "hamlets without a head, list": _without_head,
    "people with several seats, list": _with_several_seats,
    "merged role, changes": _begun_or_ended_merged,
    "officers, list": _following,
    "cells under attendance, list": _under_attendance,
    "courses": _with_participants,
    "never trained, list": _never_trained,
}


def _filter_of(choose: Callable[[QuerySet], QuerySet]) -> type[SimpleListFilter]:
    """Return a filter of a list as the admin takes it, which this word in the address turns on."""

    class Chosen(SimpleListFilter):
        title = parameter_name = CHOSEN

        def lookups(self, request, model_admin):
            return [("1", CHOSEN)]

        def queryset(self, request, queryset):
            return choose(queryset) if self.value() else queryset

    return Chosen


class StockAdmin(ModelAdmin):
    """As it comes, but for the page of 50 and the things named in a row, which are joined."""

    list_per_page = 50
    list_select_related = True

    def __init__(self, what: str):
        super().__init__(LISTS[what][0], site)
        self.list_filter = [_filter_of(CHOOSING[what])] if what in CHOOSING else []

    def lookup_allowed(self, lookup, value, request=None) -> bool:
        return True


def stock_page(what: str, province: Unit) -> ChangeList:
    """Open a page of the stock list."""
    _model, way, words = LISTS[what]
    words = words | {CHOSEN: "1"} if what in CHOOSING else words
    request = RequestFactory().get(reverse("admin:index"), {f"{way}__id__exact": province.pk, **words})
    request.user = User(is_superuser=True, is_active=True)
    return StockAdmin(what).get_changelist_instance(request)


def stock_list(what: str, province: Unit) -> Callable[[], float] | None:
    """Return what asks for a page of the stock list, and says how long the database took; none for no list."""
    if what not in LISTS:
        return None

    def database_time() -> float:
        with CaptureQueriesContext(connection) as captured:
            list(stock_page(what, province).result_list)
        return sum(float(query["time"]) for query in captured.captured_queries)

    return database_time
