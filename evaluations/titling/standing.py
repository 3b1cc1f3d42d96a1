"""What stands on a step of a title that was taken: why it cannot be corrected to a day, or taken back."""

from collections.abc import Iterator
from datetime import date, timedelta

from django.utils.translation import gettext as _

from evaluations.models import TitleCase

State = TitleCase.State


def state_before(case: TitleCase) -> str:
    """Return where the case stood before its last step. One that was never appraised was registered."""
    if case.state == State.REVOKED:
        return State.RECOGNISED
    return State.REGISTERED if case.state == State.DECLINED and not case.appraised_on else State.APPRAISED


def refusals_to_undo(case: TitleCase) -> list[str]:
    """Return what depends on the last step, and must be taken back before."""
    faults = list(_of_reorganisations(case))
    if case.state != State.RECOGNISED:
        return faults
    if not (case.registered_on or case.appraised_on):
        faults.append(
            _(
                "The title came in with its decision, without registration. There is no step before: correct it."
            )
        )
    if years := list(case.checks.order_by("year").values_list("year", flat=True)):
        faults.append(
            _("The title was looked at in %(years)s. Those looks stand on the recognition.")
            % {"years": ", ".join(map(str, years))}
        )
    return faults


def refusals_to_correct_recognition(case: TitleCase) -> list[str]:
    return list(_given_by_reorganisation(case))


def last_day_of_recognition(case: TitleCase) -> date | None:
    """Return the last day on which the title can have been recognised, by what came after."""
    later = [case.revoked_on, *case.heirs.values_list("recognised_on", flat=True)]
    days = [day - timedelta(days=1) for day in later if day]
    days += case.checks.values_list("checked_on", flat=True)
    return min(days, default=None)


def _of_reorganisations(case: TitleCase) -> Iterator[str]:
    yield from _given_by_reorganisation(case)
    if case.cell.closed_on:
        yield _("%(cell)s has ended. Its cases stay as they were on that day.") % {"cell": case.cell}


def _given_by_reorganisation(case: TitleCase) -> Iterator[str]:
    if case.inherited_from_id and case.state == State.RECOGNISED:
        yield _("A reorganisation passed the title on. It is corrected with the reorganisation.")
