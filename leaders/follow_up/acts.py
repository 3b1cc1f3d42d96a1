"""Handing over what an officer follows, ending it, and linking an officer with an account: each one act."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from itertools import chain

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.history import update_many
from accounts.models import User
from cells.dated import ONE_DAY
from cells.models.lifetimes import lock
from leaders.actions import assign, correct_assignments
from leaders.follow_up.grants import end_grants, follow_grants
from leaders.follow_up.rules import free_stretches, same_work
from leaders.locks import lock_people
from leaders.models import Assignment, Person, Visit


@dataclass(frozen=True)
class Officer:
    """Who follows: a person, or an organisation that names nobody."""

    person: Person | None = None
    organisation: str = ""

    def __str__(self):
        return str(self.person) if self.person else self.organisation

    def assignment(self, **fields) -> Assignment:
        return Assignment(person=self.person, organisation=self.organisation, **fields)


@dataclass
class HandOver:
    """What a hand-over of one officer's work to another on a day brings about."""

    on: date
    to: Officer
    ending: list[Assignment] = field(default_factory=list)
    beginning: list[Assignment] = field(default_factory=list)
    # What the other one follows on that day already.
    followed_already: list[Assignment] = field(default_factory=list)
    # What begins on that day or later cannot end before it.
    too_late: list[Assignment] = field(default_factory=list)
    # What the officer visited on that day or later was visited under an assignment that would have ended.
    visited_later: list[Visit] = field(default_factory=list)

    @property
    def mark(self) -> str:
        """What the page shows; another mark means that something has changed since."""
        return "-".join(str(one.pk) for one in self.ending)


def plan_hand_over(assignments: Iterable[Assignment], *, to: Officer, on: date) -> HandOver:
    """Return what handing over these assignments would bring about; nothing is written."""
    plan = HandOver(on, to)
    running = [one for one in assignments if one.days[1] >= on]
    plan.too_late = [one for one in running if one.days[0] >= on]
    plan.ending = sorted(
        (one for one in running if one not in plan.too_late), key=lambda one: (one.unit_id, one.pk)
    )
    visits = Visit.objects.filter(assignment__in=[one.pk for one in plan.ending], day__gte=on)
    plan.visited_later = list(visits.select_related("unit").order_by("day", "pk"))
    taken = _followed_by(to, plan.ending)
    for old in plan.ending:
        work = {"kind": old.kind, "unit": old.unit, "by_commune": old.by_commune}
        new = to.assignment(**work)
        others = [other for other in taken if same_work(other) == same_work(new)]
        plan.followed_already += [other for other in others if other.holds_on(on)]
        for first, last in free_stretches((on, old.days[1]), [other.days for other in others]):
            ends_on = None if last == date.max else last
            plan.beginning.append(to.assignment(**work, starts_on=first, ends_on=ends_on))
    return plan


def _followed_by(officer: Officer, ending: list[Assignment]) -> list[Assignment]:
    rows = Assignment.objects.filter(unit__in=[one.unit_id for one in ending]).select_related("unit")
    if officer.person:
        return list(rows.filter(person=officer.person))
    return list(rows.filter(person__isnull=True))


@transaction.atomic
def hand_over(assignments, *, to: Officer, on: date, seen: str) -> HandOver:
    """End the work of one officer the day before and let the other begin it: all of it, or nothing.

    ``assignments`` is the query of the officer's work, ``seen`` the mark of what the page has shown of it.
    """
    lock(units=assignments.values_list("unit", flat=True))
    lock_people(chain(assignments.values_list("person", flat=True), [to.person and to.person.pk]))
    rows = assignments.select_for_update(of=("self",)).select_related("person", "unit").order_by("pk")
    plan = plan_hand_over(rows, to=to, on=on)
    if plan.too_late:
        raise ValidationError([too_late(one, on) for one in plan.too_late])
    if not plan.ending:
        raise ValidationError(
            _("Nothing is left to hand over on that day. It may have been handed over already.")
        )
    if plan.mark != seen:
        raise ValidationError(
            _("What the officer follows was changed meanwhile. Nothing was saved. Look at the list again.")
        )
    for one in plan.ending:
        if one.officer_key == to.assignment().officer_key:
            raise ValidationError(_("Choose somebody else: %(who)s follows this already.") % {"who": to})
        one.ends_on = on - ONE_DAY
    correct_assignments(plan.ending, ["ends_on"])
    assign(plan.beginning)
    return plan


def too_late(one: Assignment, on: date) -> str:
    return _("%(unit)s is followed from %(first)s only. Choose a later day, or change that assignment.") % {
        "unit": one.unit,
        "first": f"{one.starts_on:%d/%m/%Y}" if one.starts_on else "…",
    }


@transaction.atomic
def link_account(person: Person, account: User | None) -> None:
    """Say with which account an officer signs in; what the account may read follows at once."""
    before = person.account_id
    person.account = account
    update_many(Person, [person], ["account"])
    if before and (account is None or before != account.pk):
        end_grants(before)
    follow_grants([person.pk])
