"""Báo sai số liệu: whose clerk is told, what they answer, and who is still waited for."""

from datetime import timedelta

from django.db import transaction
from django.db.models import Count, Q
from django.utils import timezone

from cells.kinds import Level, commune_board, province_committee
from cells.models import Cell, CellPeriod, Unit, UnitPeriod
from dashboards.figures.figure import Figure
from dashboards.figures.frames import Frame
from dashboards.models import FigureReport

# An answer stays on the first page of whoever asked for so long.
ANSWER_SHOWN = timedelta(days=14)
LONGEST = FigureReport._meta.get_field("text").max_length


def addressees(frame: Frame) -> list[Unit]:
    """Return whose clerks may be told of a figure of this frame: the unit itself first, then what is in it.

    Of a unit that stands no more they are what it counts as standing in today, and the communes and provinces that
    hold its hamlets and cells.
    """
    seen = Unit.objects.visible_to(frame.user).standing()
    if frame.unit is None:
        found = seen.filter(level=Level.PROVINCE)
    elif frame.unit.closed_on is None and frame.unit.level == Level.COMMUNE:
        found = seen.filter(pk=frame.unit.pk)
    elif frame.unit.closed_on is None:
        found = seen.filter(Q(pk=frame.unit.pk) | Q(level=Level.COMMUNE, province=frame.unit))
    else:
        found = seen.filter(_holding_what_stood_in(frame.unit))
    return sorted(found, key=lambda unit: (unit.level != Level.PROVINCE, unit.sort_key, unit.pk))


def _holding_what_stood_in(unit: Unit) -> Q:
    """Return the condition of what holds today a unit that has ended, or hamlets and cells that stood in it."""
    hamlets = UnitPeriod.objects.hamlets().once_under([unit.pk])
    cells = CellPeriod.objects.once_under([unit.pk])
    condition = Q(pk__in=[unit.commune_id, unit.province_id])
    for rows in (
        Unit.objects.filter(pk__in=hamlets.values("unit")),
        Cell.objects.filter(pk__in=cells.values("cell")),
    ):
        condition |= Q(pk__in=rows.values("commune")) | Q(pk__in=rows.values("province"))
    return condition


def clerk_of(unit: Unit) -> str:
    """Return whose clerk it is in words: "Ban Xây dựng Đảng xã Phú Túc"."""
    if unit.level == Level.PROVINCE:
        return f"Ban Tổ chức {province_committee(unit.kind)} {unit.name}"
    return f"{commune_board(unit.kind)} {str(unit)[:1].lower()}{str(unit)[1:]}"


@transaction.atomic
def report(figure: Figure, *, text: str, to: Unit, by) -> FigureReport:
    """Record that somebody holds a figure to be wrong.

    Who says more about the same figure on the same day, before it is answered, adds to what was said; what
    no longer fits there is another report.
    """
    frame, now = figure.frame, timezone.localtime()
    same = FigureReport.objects.select_for_update().filter(
        figure=figure.code,
        target=figure.target,
        unit=frame.unit,
        day=frame.day,
        borders=frame.borders,
        addressed_to=to,
        reported_by=by,
        reported_at__gte=now.replace(hour=0, minute=0, second=0, microsecond=0),
        answer="",
    )
    record = next((one for one in same if len(_both(one.text, text)) <= LONGEST), None) or FigureReport(
        figure=figure.code,
        target=figure.target,
        unit=frame.unit,
        day=frame.day,
        borders=frame.borders,
        addressed_to=to,
        reported_by=by,
        reported_by_name=str(by),
    )
    record.text = _both(record.text, text)
    record.numerator, record.denominator = figure.numerator, figure.denominator
    record.save()
    return record


def _both(said: str, text: str) -> str:
    """Return what was said and what is said now, on lines of their own; what was said already is said once."""
    if f"\n{text}\n" in f"\n{said}\n":
        return said
    return f"{said}\n{text}" if said else text


def answer(record: FigureReport, text: str, *, by) -> None:
    """Answer in words; a second answer replaces the first, which stays in the history."""
    record.answer = text
    record.answered_at = timezone.now()
    record.answered_by_name = str(by)
    record.save()


def waiting(user, unit: Unit | None) -> dict[str, int]:
    """Count what waits for an answer: of the unit itself, and of the communes below it."""
    reports = FigureReport.objects.kept_by(user).filter(answer="")
    if unit is None:
        return reports.aggregate(own=Count("pk", filter=Q(pk__in=[])), below=Count("pk"))
    own, below = Q(addressed_to=unit), Q(addressed_to__province=unit) & ~Q(addressed_to=unit)
    return reports.aggregate(own=Count("pk", filter=own), below=Count("pk", filter=below))


def lately_answered(user) -> list[FigureReport]:
    """Return the answers somebody got of late, newest first."""
    since = timezone.now() - ANSWER_SHOWN
    answered = FigureReport.objects.visible_to(user).filter(reported_by=user, answered_at__gte=since)
    return list(answered.select_related("addressed_to").order_by("-answered_at", "-pk")[:3])
