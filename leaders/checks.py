"""What must be true of seats as a whole; each finding is one sentence."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from cells.models.lifetimes import reaching_out
from leaders.follow_up.grants import grant_faults
from leaders.follow_up.rules import followed_after_death
from leaders.models import (
    SINGLE_SEATS,
    Assignment,
    Candidacy,
    Contest,
    Person,
    Tenure,
    Visit,
    WayOut,
    two_in_one_seat,
)
from leaders.models.gone import gone_before, left_running


def _after_death() -> Iterator[str]:
    dead = Tenure.objects.filter(way_out=WayOut.DIED).values("person")
    rows = Tenure.objects.filter(person__in=dead).select_related("person", "cell", "hamlet")
    for _one, sentence in gone_before(one.taking for one in rows.order_by("pk")):
        yield sentence
    for _person, sentence in left_running(dead.values_list("person", flat=True)):
        yield sentence
    followed = Assignment.objects.filter(person__in=dead).select_related("person", "unit")
    yield from followed_after_death(followed.order_by("pk"))


def problems() -> Iterator[str]:
    """Find two people in one seat on one day, and what is recorded of bodies that did not exist."""
    rows = Tenure.objects.filter(office__in=SINGLE_SEATS).select_related("person", "cell", "hamlet")
    for one, other in two_in_one_seat(rows.iterator(chunk_size=2000)):
        yield _("Two people in one seat: %(one)s; %(other)s") % {"one": one, "other": other}
    yield from reaching_out(Tenure.objects.select_related("person"))
    yield from reaching_out(Contest.objects.all())
    yield from reaching_out(Assignment.objects.select_related("person"))
    yield from reaching_out(Visit.objects.select_related("assignment__person"))
    for one in Candidacy.objects.select_related("contest", "person").elected_beside_another():
        yield _("Several are marked as elected head: %(one)s") % {"one": one}
    yield from _after_death()
    for person in Person.objects.filter(keeper__closed_on__isnull=False).select_related("keeper"):
        yield _("Record kept by a unit that has ended: %(one)s, %(unit)s") % {
            "one": f"N{person.pk} {person}",
            "unit": person.keeper,
        }
    yield from grant_faults()
    for one in Contest.objects.before_what_failed().select_related("cell", "hamlet"):
        yield _("Run again before the day of the attempt that failed: %(one)s") % {"one": one}
