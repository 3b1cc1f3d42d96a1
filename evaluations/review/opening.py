"""A year of review in a province: opened, its list confirmed by the communes and fixed, at last locked."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.history import create_many, delete_many
from cells.models import CellPeriod, Unit
from evaluations.models import CellRating, KindGroup, LeaderRating, ReviewCycle, RuleSet, Step, Submission
from evaluations.naming import named
from evaluations.review.authority import RECEIVE, may, need_receiver, need_worker
from evaluations.review.communes import make_commune_rows
from evaluations.review.listing import cells_in, make_rows
from evaluations.review.steps import Changes, write, write_all

Cycle = ReviewCycle.State
Kind = Step.Kind
State = Submission.State


@dataclass(frozen=True)
class Plan:
    """What the province decides when it opens a year."""

    year: int
    roster_day: date
    deadline: date
    list_deadline: date | None = None
    leaders: str = ReviewCycle.Leaders.SECRETARIES
    # The group of like function of each kind of cell; a kind left out is a group of its own.
    groups: Mapping[str, str] = field(default_factory=dict)


@transaction.atomic
def open_year(province: Unit, plan: Plan, *, by) -> ReviewCycle:
    """Open the review of a year: its communes may now look through their lists."""
    if not (may(by, RECEIVE) and Unit.objects.kept_by(by).filter(pk=province.pk).exists()):
        raise PermissionDenied
    try:
        rules = RuleSet.objects.for_year(plan.year)
    except RuleSet.DoesNotExist as error:
        raise ValidationError(
            _("No rule set holds in %(year)s. Add it first.") % {"year": plan.year}
        ) from error
    cycle = ReviewCycle(
        year=plan.year,
        province=province,
        rule_set=rules,
        roster_day=plan.roster_day,
        list_deadline=plan.list_deadline,
        deadline=plan.deadline,
        leaders=plan.leaders,
        state=Cycle.PREPARING,
    )
    check_days(cycle)
    cycle.full_clean()
    cycle.save()
    create_many(
        KindGroup,
        [
            KindGroup(cycle=cycle, kind=kind, name=name.strip())
            for kind, name in plan.groups.items()
            if name.strip()
        ],
    )
    _make_files(cycle)
    return cycle


def check_days(cycle: ReviewCycle) -> None:
    """Refuse days that cannot be meant: a roster outside its year, deadlines in the wrong order."""
    faults = {}
    if cycle.roster_day.year != cycle.year:
        faults["roster_day"] = _("The roster day lies in the year that is reviewed.")
    if cycle.list_deadline and cycle.list_deadline > cycle.deadline:
        faults["list_deadline"] = _(
            "The list is confirmed before the results are sent. Check the two deadlines."
        )
    if cycle.deadline < cycle.roster_day:
        faults["deadline"] = _("The deadline lies before the roster day. Check the two days.")
    if faults:
        raise ValidationError(faults)


def _make_files(cycle: ReviewCycle) -> None:
    """Give every commune that has cells on the roster day (or today, while that day is to come) its file."""
    day = min(cycle.roster_day, timezone.localdate())
    communes = CellPeriod.objects.on(day).under(cycle.province).values_list("commune", flat=True)
    there = set(cycle.submissions.values_list("commune", flat=True))
    create_many(
        Submission,
        [Submission(cycle=cycle, commune_id=pk) for pk in sorted(set(communes.order_by()) - there)],
    )


@transaction.atomic
def confirm_list(file: Submission, *, by) -> Submission:
    """Take the commune's word that its list of cells is right."""
    need_worker(by, file)
    current = Submission.objects.select_for_update(of=("self",)).select_related("cycle").get(pk=file.pk)
    if current.cycle.state != Cycle.PREPARING:
        raise ValidationError(
            _("The list has been fixed already. Ask the province to add or take off a cell.")
        )
    values = {
        "list_confirmed_at": timezone.now(),
        "list_confirmed_by": by,
        "list_confirmed_cells": cells_in(current).count(),
    }
    return write(current, Kind.LIST_CONFIRMED, values=values, by=by, changes=Changes())


@transaction.atomic
def fix_lists(cycle: ReviewCycle, *, by) -> int:
    """Fix the lists of all communes: the rows of the ratings themselves. Return how many cells are on them."""
    need_receiver(by, cycle)
    if cycle.roster_day > timezone.localdate():
        raise ValidationError(
            _("The roster day %(day)s has not come yet. Fix the list on that day, or choose an earlier one.")
            % {"day": f"{cycle.roster_day:%d/%m/%Y}"}
        )
    _turn(cycle, Cycle.PREPARING, Cycle.OPEN)
    _make_files(cycle)
    count = make_rows(cycle)
    make_commune_rows(cycle)
    write_all(cycle, Kind.LIST_FIXED, source=State.ENTERING, target=State.ENTERING, by=by)
    return count


def _turn(cycle: ReviewCycle, old: str, new: str) -> None:
    """Change the state of the year if it is still what the person saw."""
    current = ReviewCycle.objects.select_for_update(of=("self",)).get(pk=cycle.pk)
    if current.state != old:
        raise ValidationError(
            _("The review of %(year)s has moved on: %(state)s. Look at its page again.")
            % {"year": cycle.year, "state": current.get_state_display()}
        )
    current.state = new
    current.closed_on = timezone.localdate() if new == Cycle.CLOSED else None
    current.save(update_fields=["state", "closed_on"])
    cycle.state, cycle.closed_on = current.state, current.closed_on


def not_received(cycle: ReviewCycle):
    """Return the files without which the year is not locked; where nothing is on the list nothing is sent.

    A commune may have ended, or all its cells, between the opening and the roster day.
    """
    return cycle.submissions.filter(has_a_list(cycle)).exclude(state__in=[State.RECEIVED, State.LOCKED])


def has_a_list(cycle: ReviewCycle) -> Q:
    """Return the condition of the files of this year on whose lists anything stands."""
    cells, people = (model.objects.filter(cycle=cycle.pk) for model in (CellRating, LeaderRating))
    return Q(commune__in=cells.values("commune")) | Q(commune__in=people.values("commune"))


@transaction.atomic
def close_year(cycle: ReviewCycle, *, by) -> None:
    """Lock the figures of a year; every commune's file has been received."""
    need_receiver(by, cycle)
    # Locked, so that no file goes back while the year is closed.
    list(cycle.submissions.select_for_update(of=("self",)).order_by("pk").values_list("pk"))
    waiting = not_received(cycle).select_related("commune").order_by("commune__sort_key")
    names = [str(file.commune) for file in waiting]
    if names:
        raise ValidationError(
            ngettext(
                "The file of %(count)d commune is not received yet: %(names)s.",
                "The files of %(count)d communes are not received yet: %(names)s.",
                len(names),
            )
            % {"count": len(names), "names": named(names)}
        )
    write_all(cycle, Kind.LOCKED, source=State.RECEIVED, target=State.LOCKED, by=by)
    _turn(cycle, Cycle.OPEN, Cycle.CLOSED)


@transaction.atomic
def discard_year(cycle: ReviewCycle, *, by) -> None:
    """Take back a year that was opened in error, as long as its list is not fixed."""
    need_receiver(by, cycle)
    _turn(cycle, Cycle.PREPARING, Cycle.PREPARING)
    delete_many(Step.objects.filter(submission__cycle=cycle))
    delete_many(cycle.submissions.all())
    delete_many(cycle.kind_groups.all())
    cycle.delete()
