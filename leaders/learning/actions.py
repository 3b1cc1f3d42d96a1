"""Recording who took part in a course, and who was commended: many at once, or none."""

from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.history import batches, create_many
from accounts.validation import clean_many, load_related
from cells.models import Unit
from leaders.models import Commendation, Course, Participation, Person

MOST_NAMED = 5


@transaction.atomic
def add_participants(course: Course, people: Iterable[Person], *, completed: bool | None = None) -> list:
    """Let these people take part; who is among the participants already stays as recorded."""
    Course.objects.select_for_update().get(pk=course.pk)
    there = set(course.participations.values_list("person", flat=True))
    new = {person.pk: person for person in people if person.pk not in there}
    return create_many(
        Participation,
        [Participation(course=course, person=person, completed=completed) for person in new.values()],
    )


@transaction.atomic
def commend(commendations: Iterable[Commendation]) -> list[Commendation]:
    """Record commendations; nobody is commended twice by one decision."""
    commendations = list(commendations)
    load_related(commendations, "person", "cell", "decision")
    clean_many(commendations)
    _refuse_second_of_a_decision(commendations)
    return create_many(Commendation, commendations)


def _refuse_second_of_a_decision(new: list[Commendation]) -> None:
    for field in ("person", "cell"):
        subjects = {getattr(one, f"{field}_id"): one for one in new if getattr(one, f"{field}_id")}
        there = [
            key
            for some in batches(sorted(subjects), 500)
            for key in Commendation.objects.filter(
                decision__in={one.decision_id for one in new}, **{f"{field}__in": some}
            ).values_list(field, flat=True)
        ]
        if there:
            names = ", ".join(str(getattr(subjects[key], field)) for key in there[:MOST_NAMED])
            raise ValidationError(
                _("Commended by this decision already: %(names)s. Nothing was recorded.")
                % {"names": names + (" …" if len(there) > MOST_NAMED else "")}
            )


def deciding_unit(user, home: Unit | None) -> Unit | None:
    """Return whose body a user records decisions of: the province's, or the commune's where only that is kept."""
    if home is None:
        return None
    kept = Unit.objects.kept_by(user).filter(pk__in=[home.pk, home.province_id])
    by_level = {unit.pk: unit for unit in kept}
    return by_level.get(home.province_id) or by_level.get(home.pk)
