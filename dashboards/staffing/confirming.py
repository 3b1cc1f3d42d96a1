"""Which communes gave their monthly word: of one month commune by commune, and month by month."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django.db.models import Count, Exists, OuterRef, QuerySet, Subquery
from django.urls import reverse
from django.utils.translation import gettext as _

from cells.models import Confirmation, UnitPeriod
from cells.months import last_day_of, month_of, months_back, read_month
from dashboards.figures.frames import Frame
from dashboards.figures.lists import Part
from dashboards.figures.sections import COMMUNES
from dashboards.overview import rows_url
from dashboards.staffing.stretches import Running
from sheets.numbers import format_count, format_percent

MONTHS_BACK = 12
MONTH = "thang"


@dataclass(frozen=True)
class Confirmed:
    """How many communes confirmed, of how many."""

    count: int
    of: int
    url: str = ""

    @property
    def fraction(self) -> str:
        return f"{format_count(self.count)}/{format_count(self.of)}"

    @property
    def percent(self) -> str:
        return format_percent(self.count, self.of)

    @property
    def missing(self) -> int:
        return self.of - self.count


def confirmed_within(frame: Frame) -> Confirmed | None:
    """Return how many communes confirmed within 30 days of the frame's day; a commune does not ask itself."""
    if frame.unit is not None and frame.unit.level == "commune":
        return None
    rows = COMMUNES.rows(frame).order_by().values("confirmed").annotate(n=Count("pk"))
    counts = {bool(row["confirmed"]): row["n"] for row in rows}
    return Confirmed(
        counts.get(True, 0), sum(counts.values()), rows_url(frame, "communes_confirmed", Part.COUNTED)
    )


def confirmations_url(frame: Frame, **more) -> str:
    """Return the address of the list of communes and their word; it names a month, not a day."""
    args = [frame.unit.pk] if frame.unit else []
    address = reverse("seats:confirmations_unit" if args else "seats:confirmations", args=args)
    return f"{address}?{urlencode(more)}" if more else address


def communes_of(frame: Frame, month: date) -> QuerySet:
    """Return the communes of the month's last day (or of today) with their word for it, in order."""
    day = min(last_day_of(month), frame.day)
    words = Confirmation.objects.filter(commune=OuterRef("unit"), month=month)
    before = Confirmation.objects.filter(commune=OuterRef("unit"), month__lt=month).order_by("-month")
    rows = frame.within(frame.visible(UnitPeriod.objects.on(day).at_level("commune")), COMMUNES.places(frame))
    return (
        rows.annotate(
            has_word=Exists(words),
            word=Subquery(words.order_by().values("pk")[:1]),
            month_before=Subquery(before.values("month")[:1]),
        )
        .select_related("unit__province")
        .order_by("province__sort_key", "unit__sort_key", "pk")
    )


def words_of(rows: Iterable) -> dict[int, Confirmation]:
    """Return the confirmations of these rows by their key."""
    return Confirmation.objects.select_related("confirmed_by").in_bulk({row.word for row in rows if row.word})


@dataclass(frozen=True)
class MonthCount:
    """How many communes confirmed one month."""

    month: date
    confirmed: Confirmed


def month_counts(frame: Frame) -> list[MonthCount]:
    """Return the last months, newest first, in two queries; communes are those of each month's last day."""
    months = months_back(month_of(frame.day), MONTHS_BACK)
    periods = frame.within(frame.visible(UnitPeriod.objects.at_level("commune")), COMMUNES.places(frame))
    given = Confirmation.objects.filter(month__gte=months[-1], month__lte=months[0])
    given = given.filter(commune__in=periods.order_by().values("unit")).order_by()
    # A commune that stood in the unit only before or after that month is not one of its communes then.
    placed: dict[int, list[tuple[date, date]]] = {}
    for unit, first, last in periods.values_list("unit", "starts_on", "ends_on"):
        placed.setdefault(unit, []).append((first or date.min, last or date.max))
    standing = Running(days for some in placed.values() for days in some)
    counts = dict.fromkeys(months, 0)
    for month, commune in given.values_list("month", "commune"):
        day = min(last_day_of(month), frame.day)
        counts[month] += any(first <= day <= last for first, last in placed[commune])
    return [
        MonthCount(
            month,
            Confirmed(
                counts[month],
                standing.on(min(last_day_of(month), frame.day)),
                confirmations_url(frame, **{MONTH: f"{month:%Y-%m}"}),
            ),
        )
        for month in months
    ]


def month_asked(text: str, today: date) -> tuple[date, str]:
    """Return the month an address names (2026-03), and a sentence where it names none that has come."""
    current = month_of(today)
    if not text:
        return current, ""
    try:
        month = read_month(text)
    except ValueError:
        return current, _('"%(text)s" is not a month. Shown is the current one.') % {"text": text[:20]}
    if month > current:
        return current, _("That month has not come yet. Shown is the current one.")
    return month, ""
