"""Everything that is recorded about one person."""

from django.contrib.auth.decorators import permission_required
from django.db.models import Q
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.changes import ChangeSet
from cells.models import Cell, Unit
from dashboards.histories import changes_of
from dashboards.people.record import PersonRecord
from dashboards.wording import HamletWords
from leaders.accesses import note_look
from leaders.models import Commendation, Participation, Person, Tenure
from leaders.privacy import may_see_private


@require_safe
@permission_required("leaders.view_person", raise_exception=True)
def person(request, pk):
    people = Person.objects.visible_to(request.user).select_related("keeper")
    one = get_object_or_404(people, pk=pk)
    record = PersonRecord(one, request.user, timezone.localdate())
    is_kept = _keeps(request.user, one)
    vacant_seats = _vacant_seats(request.user, one)
    context = {
        "person": one,
        "record": record,
        "row": record.row,
        "seats": record.seats,
        "open_seats": record.open_seats,
        "vacant_seats": vacant_seats,
        "left_hamlets": HamletWords.of_each(seat.hamlet.kind for seat in vacant_seats if seat.hamlet_id),
        "ratings": record.ratings,
        "is_kept": is_kept,
        "changes": _changes(request.user, one) if is_kept else None,
        "merges": _merges(request.user, one),
        "day": record.day,
    }
    response = render(request, "dashboards/person.html", context)
    if request.method == "GET":
        note_look(request.user, [one])
    return response


def _keeps(user, one: Person) -> bool:
    return user.has_perm("leaders.change_person") and Person.objects.kept_by(user).filter(pk=one.pk).exists()


def _vacant_seats(user, one: Person):
    """Return the seats this person has left empty, for who may fill them: each is another decision."""
    if not user.has_perms(["leaders.add_tenure", "leaders.change_tenure"]):
        return []
    left = Tenure.objects.kept_by(user).filter(person=one).left_vacant()
    return left.select_related("cell", "hamlet").order_by("office", "pk")


def _changes(user, one: Person):
    # A seat that was taken back has no row any more; its history still names the body.
    seen = Q(cell__in=Cell.objects.visible_to(user)) | Q(hamlet__in=Unit.objects.visible_to(user))
    return changes_of(
        [
            Person.history.filter(id=one.pk),
            Tenure.history.filter(seen, person=one),
            Participation.history.filter(person=one),
            Commendation.history.filter(person=one),
        ],
        shows_private=may_see_private(user, one),
    )


def _merges(user, one: Person) -> list[ChangeSet]:
    """Return the acts by which other records went into this one, for who may take them back."""
    if not user.has_perm("leaders.merge_people"):
        return []
    rows = Person.history.filter(id=one.pk).values("change_set")
    merges = ChangeSet.objects.filter(pk__in=rows, kind=ChangeSet.Kind.PERSON_MERGE)
    return list(merges.filter(taken_back_by__isnull=True))
