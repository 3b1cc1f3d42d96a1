"""What is kept about a case beside its steps: plan, pilot, what was learned, a line a month."""

from collections.abc import Mapping
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.history import CHANGED, record_many
from evaluations.models import CaseCriterion, CaseMonth, CriteriaSet, TitleCase

KEPT = ("year", "criteria_set", "is_pilot", "keep_plan", "learned", "note")
RUNNING = (TitleCase.State.REGISTERED, TitleCase.State.APPRAISED, TitleCase.State.RECOGNISED)


def sets_for(case: TitleCase):
    """Return the sets of criteria the case may go by: those of its province, as long as nothing is entered."""
    province = case.cell.commune and case.cell.commune.province_id
    sets = CriteriaSet.objects.filter(title=case.title_id, province=province)
    if case.state != TitleCase.State.REGISTERED or CaseCriterion.objects.filter(case=case).exists():
        return sets.filter(pk=case.criteria_set_id)
    return sets


@transaction.atomic
def change_case(case: TitleCase, values: Mapping, *, revision: int) -> None:
    """Change what is kept about a case, where it is still as it was read."""
    as_read = TitleCase.objects.filter(pk=case.pk, revision=revision)
    if not as_read.update(**values, revision=F("revision") + 1):
        raise ValidationError(told_changed(case))
    record_many(TitleCase.objects.filter(pk=case.pk), CHANGED)


def told_changed(case: TitleCase) -> str:
    """Say who changed the case after the page was opened, and what to do now."""
    last = TitleCase.history.filter(id=case.pk).select_related("change_set").order_by("history_id").last()
    return _(
        "%(who)s changed this at %(time)s, after the page was opened. Nothing was saved. Compare with what is"
        " recorded now, then save again."
    ) % {
        "who": (last and last.change_set.by_name) or _("Somebody"),
        "time": f"{timezone.localtime(last.history_date):%H:%M %d/%m/%Y}" if last else "",
    }


def write_month(case: TitleCase, month: date, line: str) -> CaseMonth:
    """Write the line of a month, or put it in the place of the one there is."""
    if month > timezone.localdate():
        raise ValidationError(_("That day has not come yet. Enter today or an earlier day."))
    written = CaseMonth.objects.filter(case=case, month=month).first() or CaseMonth(case=case, month=month)
    written.line = line
    written.full_clean(exclude=["case"])
    written.save()
    return written
