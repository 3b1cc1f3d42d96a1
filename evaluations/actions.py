"""Changes to the year that touch several rows and happen together, or not at all."""

from collections.abc import Iterable
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from accounts.changes import ChangeSet, recording
from accounts.history import CHANGED, create_many, record_many
from accounts.validation import clean_many, load_related
from cells.models import Decision, Unit
from cells.models.lifetimes import lock_bodies
from evaluations.models import CellRating, LeaderRating, Level, ReviewCycle, RuleSet, TitleCase
from evaluations.roster import place


@transaction.atomic
def record_cycle(
    *, province: Unit, year: int, roster_day: date | None = None, deadline: date | None = None
) -> ReviewCycle:
    """Take in a past year of a province, judged by the rules of that year."""
    try:
        rules = RuleSet.objects.for_year(year)
    except RuleSet.DoesNotExist as error:
        raise ValidationError(_("No rule set holds in %(year)s. Add it first.") % {"year": year}) from error
    cycle = ReviewCycle(
        year=year,
        province=province,
        rule_set=rules,
        roster_day=roster_day or date(year, 12, 31),
        deadline=deadline,
        state=ReviewCycle.State.RECORDED,
    )
    cycle.full_clean()
    cycle.save()
    return cycle


def record_cell_ratings(cycle: ReviewCycle, rows: Iterable[CellRating]) -> list[CellRating]:
    """Take in the ratings of cells of a past year, each counted where its cell then stood."""
    return _record(CellRating, cycle, rows, "cell", "decision")


def record_leader_ratings(cycle: ReviewCycle, rows: Iterable[LeaderRating]) -> list[LeaderRating]:
    """Take in the ratings of people of a past year, each counted where their cell then stood."""
    return _record(LeaderRating, cycle, rows, "person", "cell", "decision")


@transaction.atomic
def _record(model, cycle: ReviewCycle, rows: Iterable, *related: str) -> list:
    rows = list(rows)
    if cycle.state != ReviewCycle.State.RECORDED:
        raise ValidationError(
            _("The review of %(year)s goes step by step; only past years are taken in from papers.")
            % {"year": cycle.year}
        )
    load_related(rows, *related)
    for row in rows:
        row.cycle = cycle
    place(cycle, rows)
    clean_many(rows)
    return create_many(model, rows)


@transaction.atomic
def record_title_cases(cases: Iterable[TitleCase]) -> list[TitleCase]:
    """Take in cells on their way to a title, each in the state its papers say."""
    cases = list(cases)
    load_related(cases, "cell", "title", "recognition", "revocation")
    lock_bodies(cases)
    clean_many(cases)
    return create_many(TitleCase, cases)


@transaction.atomic
def correct_rating(
    rating: CellRating | LeaderRating, *, level: str, decision: Decision, reason: str, by, told: str = ""
) -> CellRating | LeaderRating:
    """Replace a decided level by a new edition; the old one stays as it was decided.

    The rating must still be as the person read it, otherwise nothing is touched. ``told`` is what the change
    set says instead of the reason, where more people read of changes than may read the reason.
    """
    if not rating.is_decided:
        raise ValidationError(_("This rating is not decided yet. Change it instead of correcting it."))
    if decision.date < rating.decided_on:
        raise ValidationError(
            _("The correcting decision is of %(new)s, the one it corrects of %(old)s. Check the day.")
            % {"new": f"{decision.date:%d/%m/%Y}", "old": f"{rating.decided_on:%d/%m/%Y}"}
        )
    with recording(by=by, kind=ChangeSet.Kind.PAGE, reason=told or reason):
        _supersede(rating, on=decision.date)
        return _next_edition(rating, level=level, decision=decision, reason=reason)


def _supersede(rating, *, on: date) -> None:
    as_read = type(rating).objects.filter(pk=rating.pk, revision=rating.revision, superseded_on__isnull=True)
    if not as_read.update(superseded_on=on, revision=F("revision") + 1):
        raise ValidationError(_("Somebody else has changed this rating meanwhile. Open it again."))
    record_many(type(rating).objects.filter(pk=rating.pk), CHANGED)


def _next_edition(rating, *, level: str, decision: Decision, reason: str):
    new = type(rating).objects.get(pk=rating.pk)
    new.pk, new._state.adding = None, True
    new.edition, new.revision, new.superseded_on = rating.edition + 1, 1, None
    new.decided_level, new.decision, new.decided_on = level, decision, decision.date
    new.edition_reason = reason
    # What was counted and said of the level that is replaced is not true of the new one.
    new.votes = None
    if Level.NOT_COMPLETED in (level, rating.decided_level):
        new.reason = reason
    new.full_clean(exclude=["commune"])
    new.save()
    return new
