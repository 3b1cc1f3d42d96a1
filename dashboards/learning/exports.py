"""Courses, participants, who never had one, and commendations as files; most of them are forms of the import desk."""

from collections.abc import Iterator

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _

from dashboards.basis import Basis
from dashboards.exports import Asked, Export, exported, in_batches, numbered
from dashboards.figures.frames import Frame
from dashboards.learning.filters import CommendationFilter, CourseFilter, LearningFilter, NeverFilter
from dashboards.learning.lists import commendations, courses, never_trained, with_counts, with_seats
from dashboards.list_exports import number_column
from dashboards.wording import words_for
from leaders.models import Course, Participation
from leaders.resources import CommendationResource, ParticipationResource
from leaders.resources.of_people import OfPeopleResource
from sheets.writing import Column


def _basis(asked: Asked, unit) -> Basis:
    return Basis(Frame(unit, timezone.localdate(), asked.user))


def _of_resource(
    resource: OfPeopleResource, rows: QuerySet, *, title: str, basis: Basis, filters: str
) -> Export:
    """Describe a list laid out as a form of the import desk: what is taken out can come in again."""
    return Export(
        title=title,
        columns=[number_column(), *resource.layout],
        rows=numbered(resource.exported(rows)),
        count=rows.count(),
        basis=basis,
        filters=filters,
        people=resource.people(rows),
    )


@exported
def courses_export(asked: Asked) -> Export:
    """Describe the list of courses with how many took part."""
    asked.require("leaders.view_course")
    narrowed = CourseFilter(asked.GET, user=asked.user).checked()
    rows = courses(narrowed)
    columns = [
        number_column(),
        Column("name", _("Training course"), 44),
        Column("unit", _("Held for"), 24),
        Column("starts_on", _("First day of the course"), 14, "date"),
        Column("ends_on", _("Last day of the course"), 14, "date"),
        Column("organiser", _("Organised by"), 26),
        Column("place", _("Place of the course"), 20),
        Column("people", _("Participants"), 10, "int"),
        Column("completed", _("Completed"), 10, "int"),
    ]
    return Export(
        title=_("Training courses (list)"),
        columns=columns,
        rows=numbered(_course_lines(rows, asked.user)),
        count=rows.count(),
        basis=_basis(asked, narrowed.unit),
        filters=narrowed.in_words(),
    )


def _course_lines(rows: QuerySet, user) -> Iterator[dict]:
    names = ("name", "starts_on", "ends_on", "organiser", "place", "people", "completed")
    for some in in_batches(rows):
        for one in with_counts(some, user):
            yield {name: getattr(one, name) for name in names} | {"unit": str(one.unit)}


@exported
def participants_export(asked: Asked, pk: int) -> Export:
    """Describe who took part in one course."""
    asked.require("leaders.view_participation")
    course = get_object_or_404(Course.objects.visible_to(asked.user).select_related("unit"), pk=pk)
    rows = Participation.objects.visible_to(asked.user).filter(course=course)
    return _of_resource(
        ParticipationResource(user=asked.user),
        rows.order_by("person__sort_key", "pk"),
        title=_("Participants of a training course"),
        basis=_basis(asked, course.unit),
        filters=str(course),
    )


@exported
def never_export(asked: Asked) -> Export:
    """Describe who of today's secretaries and heads never completed a course (since a year)."""
    asked.require("leaders.view_person")
    narrowed = NeverFilter(asked.GET, user=asked.user).checked()
    rows = never_trained(narrowed)
    columns = [
        number_column(),
        Column("person", _("Full name"), 28),
        Column("seats", _("Seats today"), 44),
        Column("commune", _("Record kept by"), 26),
        Column("last", _("Last completed course"), 40),
    ]
    return Export(
        title=_("Secretaries, %(heads)s without a completed course") % {"heads": words_for(asked.user).head},
        columns=columns,
        rows=numbered(_never_lines(rows, narrowed)),
        count=rows.count(),
        basis=_basis(asked, narrowed.unit),
        filters=narrowed.in_words(),
        people=rows,
    )


def _never_lines(rows: QuerySet, narrowed: LearningFilter) -> Iterator[dict]:
    for some in in_batches(with_seats(rows, narrowed.user).iterator(chunk_size=500)):
        for person in some:
            yield {
                "person": str(person),
                "seats": "; ".join(seat.seat_name for seat in person.seats_today),
                "commune": str(person.keeper),
                "last": str(person.courses_completed[0].course) if person.courses_completed else "",
            }


@exported
def commendations_export(asked: Asked) -> Export:
    """Describe the list of commendations."""
    asked.require("leaders.view_commendation")
    narrowed = CommendationFilter(asked.GET, user=asked.user).checked()
    return _of_resource(
        CommendationResource(user=asked.user),
        commendations(narrowed),
        title=_("Commendations (list)"),
        basis=_basis(asked, narrowed.unit),
        filters=narrowed.in_words(),
    )
