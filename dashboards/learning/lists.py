"""The rows of the lists of training and commendations, each a queryset that starts at what somebody may see."""

from collections.abc import Iterable

from django.db.models import Count, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.utils import timezone

from cells.models.grants import scope_of
from dashboards.learning.filters import CommendationFilter, CourseFilter, LearningFilter, NeverFilter, within
from leaders.models import Course, Participation, Person, Tenure
from sheets.text import fold


def courses(narrowed: CourseFilter) -> QuerySet:
    """Return the courses, the latest first; ``with_counts`` says how many took part."""
    rows = Course.objects.visible_to(narrowed.user).filter(within(narrowed.unit, "unit"))
    if narrowed.cleaned_data["nam"]:
        rows = rows.filter(starts_on__year=int(narrowed.cleaned_data["nam"]))
    for word in fold(narrowed.cleaned_data["q"]).split():
        # Names of courses have no search key: there are some dozens a year.
        rows = rows.filter(pk__in=_courses_with(word, narrowed.user))
    return rows.select_related("unit").order_by("-starts_on", "name", "pk")


def with_counts(courses: Iterable[Course], user) -> list[Course]:
    """Give these courses how many took part, and completed, of those the reader sees: one query for all.

    Beside each course, as a condition of its count, the people seen would be looked for again and again.
    """
    courses = list(courses)
    taken = Participation.objects.visible_to(user).filter(course__in=[one.pk for one in courses])
    counts = (
        taken.order_by()
        .values_list("course")
        .annotate(people=Count("pk"), completed=Count("pk", filter=Q(completed=True)))
    )
    found = {course: numbers for course, *numbers in counts}
    for one in courses:
        one.people, one.completed = found.get(one.pk, (0, 0))
    return courses


def _courses_with(word: str, user) -> list[int]:
    names = Course.objects.visible_to(user).order_by().values_list("pk", "name", "organiser")
    return [pk for pk, name, organiser in names if word in fold(f"{name} {organiser}")]


def in_office(narrowed: LearningFilter, offices) -> QuerySet:
    """Return the people who hold one of these offices today, by given name."""
    return Person.objects.filter(pk__in=holders(narrowed, offices)).order_by("sort_key", "pk")


def holders(narrowed: LearningFilter, offices) -> QuerySet:
    """Return the same people by their keys, each once: who holds a seat that the user sees, and so is seen as well."""
    seats = Tenure.objects.on(timezone.localdate()).filter(office__in=offices)
    seats = seats.filter(within(narrowed.unit, "person__keeper"))
    if words := narrowed.cleaned_data["q"]:
        seats = seats.filter(person__in=Person.objects.matching(words))
    if scope_of(narrowed.user).everywhere:
        return seats.order_by().values("person").distinct()
    first, *others = (way.order_by().values("person") for way in seats.each_way("visible_to", narrowed.user))
    return first.union(*others)


def without_course(people: QuerySet, since: int | None) -> QuerySet:
    """Return of these people those without a completed course (since the year); not known is not completed."""
    taken = Participation.objects.filter(person=OuterRef("pk"), completed=True)
    if since is not None:
        taken = taken.filter(course__starts_on__year__gte=since)
    # Looked up beside each person: asked whether there is none, PostgreSQL reads who took part in the whole country.
    return people.alias(taken=Subquery(taken.order_by().values("pk")[:1])).filter(taken__isnull=True)


def never_trained(narrowed: NeverFilter) -> QuerySet:
    return without_course(in_office(narrowed, narrowed.offices), narrowed.since)


def with_seats(people: QuerySet, user) -> QuerySet:
    """Load what a line prints: the seats of today, the last completed course, who keeps the record."""
    seats = Tenure.objects.visible_to(user).on(timezone.localdate()).select_related("cell", "hamlet")
    taken = (
        Participation.objects.filter(completed=True).select_related("course").order_by("-course__starts_on")
    )
    return people.select_related("keeper").prefetch_related(
        Prefetch("tenures", seats.order_by("office", "pk"), to_attr="seats_today"),
        Prefetch("participations", taken, to_attr="courses_completed"),
    )


def commendations(narrowed: CommendationFilter) -> QuerySet:
    """Return the commendations, the latest first."""
    chosen = narrowed.cleaned_data
    rows = narrowed.seen.filter(within(narrowed.unit, "person__keeper", "cell__commune"))
    for word in fold(chosen["q"]).split():
        rows = rows.filter(Q(person__search_key__contains=word) | Q(cell__search_key__contains=word))
    if chosen["loai"]:
        rows = rows.filter(person__isnull=chosen["loai"] == "chi-bo")
    if chosen["nam"]:
        rows = rows.filter(year=chosen["nam"])
    if chosen["hinh_thuc"]:
        rows = rows.filter(form=chosen["hinh_thuc"])
    if chosen["nhieu_nam"]:
        rows = rows.filter(streak_years__isnull=False)
    return in_list_order(rows)


def in_list_order(commendations: QuerySet) -> QuerySet:
    """Return commendations as their list shows them, the latest first, with what it names."""
    return commendations.select_related("person__keeper", "cell__commune", "decision").order_by(
        "-year", "-decision__date", "person__sort_key", "cell__sort_key", "pk"
    )
