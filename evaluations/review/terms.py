"""What the province grants one commune in a year: a deadline of its own, the share of outstanding units."""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from evaluations.models import ReviewCycle, Step, Submission
from evaluations.review.authority import need_receiver
from evaluations.review.steps import Changes, write
from sheets.numbers import format_decimal


@transaction.atomic
def set_deadline(file: Submission, day: date | None, *, by) -> Submission:
    """Give a commune its own deadline; None gives it that of the year again."""
    current = _of_running_year(file, by)
    words = f"{day:%d/%m/%Y}" if day else str(_("as all others"))
    return write(current, Step.Kind.DEADLINE, values={"deadline": day}, by=by, changes=Changes(text=words))


@transaction.atomic
def set_outstanding(file: Submission, is_outstanding: bool, *, by) -> Submission:
    """Grant a commune the higher share of its rule set, or take it back."""
    current = _of_running_year(file, by)
    if is_outstanding and current.cycle.rule_set.outstanding_share is None:
        raise ValidationError(_("The rules of this year know no higher share for outstanding units."))
    rules = current.cycle.rule_set
    share = rules.outstanding_share if is_outstanding else rules.excellent_share
    words = _("at most %(share)s%% excellent") % {"share": format_decimal(share)}
    return write(
        current,
        Step.Kind.OUTSTANDING,
        values={"is_outstanding": is_outstanding},
        by=by,
        changes=Changes(text=words),
    )


def _of_running_year(file: Submission, by) -> Submission:
    current = (
        Submission.objects.select_for_update(of=("self",)).select_related("cycle__rule_set").get(pk=file.pk)
    )
    need_receiver(by, current.cycle)
    current.cycle.need_state(ReviewCycle.State.PREPARING, ReviewCycle.State.OPEN)
    return current
