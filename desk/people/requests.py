"""A commune asks for somebody's record; the province gives it, or says why not."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Case, IntegerField, Q, QuerySet, Value, When
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.changes import ChangeSet, recording
from desk.people.keeping import refuse_withheld_elsewhere
from leaders.models import Person, PersonRequest
from sheets.text import fold

MOST_CANDIDATES = 20


def candidates_for(asked: PersonRequest, people: QuerySet, words: str = "") -> QuerySet:
    """Return who may be meant, the likeliest first: the name and the year, or the words somebody tries instead."""
    likeness = Value(0)
    if asked.birth_year:
        likeness = Case(
            When(born_on__year=asked.birth_year, then=Value(0)),
            When(born_on__isnull=True, then=Value(1)),
            default=Value(2),
            output_field=IntegerField(),
        )
    if words:
        people = people.matching(words)
    else:
        people = people.filter(search_key=fold(asked.full_name))
        if asked.birth_year:
            people = people.filter(Q(born_on__year=asked.birth_year) | Q(born_on__isnull=True))
    people = people.exclude(keeper=asked.asked_by_id)
    return people.annotate(likeness=likeness).order_by("likeness", "sort_key", "pk")


@transaction.atomic
def assign(asked: PersonRequest, person: Person, *, by) -> None:
    """Give the record to the commune that asks. Both rows are locked, and as the page showed them."""
    _refuse_answered(asked)
    if asked.asked_by.closed_on is not None:
        raise ValidationError(_("%(unit)s has ended and keeps no records.") % {"unit": asked.asked_by})
    refuse_withheld_elsewhere([person], asked.asked_by)
    reason = _("Record of %(person)s assigned to %(commune)s, which asked for it") % {
        "person": person,
        "commune": asked.asked_by,
    }
    with recording(by=by, kind=ChangeSet.Kind.PAGE, reason=reason):
        before = person.keeper
        person.keeper = asked.asked_by
        person.full_clean()
        person.save()
        _answer(asked, PersonRequest.State.ASSIGNED, by, person=person, taken_from=before)


@transaction.atomic
def decline(asked: PersonRequest, *, answer: str, by) -> None:
    """Say why the record is not given."""
    _refuse_answered(asked)
    _answer(asked, PersonRequest.State.DECLINED, by, answer=answer)


@transaction.atomic
def recall(asked: PersonRequest, *, by) -> None:
    """Take a request back that nobody has answered yet."""
    _refuse_answered(asked)
    _answer(asked, PersonRequest.State.RECALLED, by)


def _refuse_answered(asked: PersonRequest) -> None:
    if asked.state != PersonRequest.State.OPEN:
        raise ValidationError(
            _("This request was answered already: %(state)s.") % {"state": asked.get_state_display()}
        )


def _answer(asked: PersonRequest, state: str, by, **fields) -> None:
    asked.state, asked.answered_by, asked.answered_at = state, by, timezone.now()
    for name, value in fields.items():
        setattr(asked, name, value)
    asked.full_clean()
    asked.save()
