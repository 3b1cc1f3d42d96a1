"""Why one person does not hold both seats in a hamlet: the first reason that applies."""

from datetime import date

from django.db.models import Case, CharField, Exists, OuterRef, Q, QuerySet, TextChoices, Value, When
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cells.dated import on_day
from cells.models import CellArea
from dashboards.figures.frames import Frame
from leaders.models import MembershipStatus, Office, Tenure
from leaders.models.tenures import known_to_run_on, perhaps_running_on


class Reason(TextChoices):
    NO_CELL = "no_cell", _("no cell yet")
    NO_SECRETARY = "no_secretary", _("no secretary")
    NO_HEAD = "no_head", _("no hamlet head")
    NOT_KNOWN = "not_known", _("not known on that day")
    HEAD_NO_MEMBER = "head_no_member", _("the head is not a Party member")
    FRONT_HEAD = "front_head", _("the secretary is head of the Front committee")
    DIFFERENT = "different", _("two different people")


def reason_in_words(code: str, words) -> str:
    """Return the reason in the words of the hamlets: "khuyết trưởng ấp"."""
    if code == Reason.NO_HEAD:
        return gettext("no %(head)s") % {"head": words.head}
    if code == Reason.HEAD_NO_MEMBER:
        return gettext("%(head)s not yet a Party member") % {"head": words.head}
    return str(Reason(code).label)


def head_is_no_member(day: date) -> Q:
    """Return the condition of the hamlets whose head is known not to be a Party member on the day."""
    return Q(head__person__membership=MembershipStatus.NO) | Q(head__person__left_on__lte=day)


def with_reason(rows: QuerySet, frame: Frame) -> QuerySet:
    """Add ``reason`` to hamlet rows; empty where the role is merged."""
    day = frame.day
    of_the_hamlet = Q(office=Office.SECRETARY, cell__areas__hamlet=OuterRef("unit")) & on_day(
        day, "cell__areas__"
    )
    secretaries = Tenure.objects.filter(of_the_hamlet & known_to_run_on(day))
    unknown_secretary = Tenure.objects.filter(of_the_hamlet & perhaps_running_on(day))
    cells = CellArea.objects.on(day).filter(hamlet=OuterRef("unit"))
    return rows.annotate(
        has_cell=Exists(cells),
        has_secretary=Exists(secretaries),
        secretary_is_unknown=Exists(unknown_secretary),
    ).annotate(
        reason=Case(
            When(merged=True, then=Value("")),
            When(has_cell=False, then=Value(Reason.NO_CELL)),
            When(has_secretary=False, secretary_is_unknown=False, then=Value(Reason.NO_SECRETARY)),
            When(no_head=True, then=Value(Reason.NO_HEAD)),
            When(Q(has_secretary=False) | Q(head__isnull=True), then=Value(Reason.NOT_KNOWN)),
            When(head_is_no_member(day), then=Value(Reason.HEAD_NO_MEMBER)),
            When(front_merged=True, then=Value(Reason.FRONT_HEAD)),
            default=Value(Reason.DIFFERENT),
            output_field=CharField(),
        )
    )
