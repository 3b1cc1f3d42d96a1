"""Day and borders of a page: read from its address, kept in its links, said in its foot."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from urllib.parse import urlencode

from django.contrib import messages
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from cells.kinds import Level
from cells.models import Unit
from dashboards.figures.frames import Borders, Frame
from dashboards.figures.kept import Kept
from sheets.numbers import format_count

# Long before anything recorded; figures count years and days back from a day, which the calendar must know.
FIRST_YEAR = 1900
DAY, BORDERS = "ngay", "dia_gioi"
BORDERS_IN_ADDRESSES = {"thoi-diem": Borders.THEN, "hien-nay": Borders.NOW}


def frame_of(request, unit: Unit | None = None) -> Frame:
    """Return the frame the address asks for; an impossible day is today, with a word about it."""
    day, warning = _day_of(request)
    if warning:
        messages.warning(request, warning)
    return Frame(unit, day, request.user, _borders_of(request))


def _borders_of(request) -> str:
    return BORDERS_IN_ADDRESSES.get(request.GET.get(BORDERS, ""), Borders.THEN)


def _day_of(request) -> tuple[date, str]:
    today, text = timezone.localdate(), request.GET.get(DAY, "")
    if not text:
        return today, ""
    try:
        day = date.fromisoformat(text)
        if day.year < FIRST_YEAR:
            raise ValueError
    except ValueError:
        return today, _('"%(text)s" is not a day. Shown as of today.') % {"text": text[:20]}
    if day > today:
        return today, _("That day has not come yet. Shown as of today.")
    return day, ""


@lru_cache(maxsize=20_000)
def page_address(name: str, *args) -> str:
    """Return the address of a page: looked for anew, the thousands in a table take longer than its figures."""
    return reverse(name, args=args)


def frame_query(frame: Frame, **more) -> str:
    """Return the part of an address that keeps day and borders; nothing where they are the usual ones."""
    if not more and frame.is_today and frame.borders == Borders.THEN:
        return ""
    query = dict(more)
    if not frame.is_today:
        query[DAY] = frame.day.isoformat()
    if frame.borders == Borders.NOW:
        query[BORDERS] = "hien-nay"
    return f"?{urlencode(query)}" if query else ""


_NARROWED_BY = {Level.PROVINCE: "tinh", Level.DISTRICT: "huyen", Level.COMMUNE: "xa"}


def narrowed_url(name: str, frame: Frame, **chosen) -> str:
    """Return the address of a list of this name narrowed to the frame's unit, on its day, in its borders."""
    query = {key: value for key, value in chosen.items() if value}
    if frame.unit is not None:
        query[_NARROWED_BY[frame.unit.level]] = frame.unit.pk
    return reverse(f"dashboards:{name}") + frame_query(frame, **query)


def kept_query(request) -> str:
    """Return what a link to another page needs to show it as of the same day, in the same borders."""
    return frame_query(Frame(None, _day_of(request)[0], borders=_borders_of(request)))


@dataclass(frozen=True)
class LeftOut:
    """How many rows cannot be placed in a unit of today, and where they are listed."""

    text: str
    url: str = ""


@dataclass(frozen=True)
class Basis:
    """What the figures of a page or a file rest on, in words: day, borders, and what these leave out."""

    frame: Frame
    left_out: Sequence[LeftOut] = ()
    # Where the counts are those of the country: since when they were kept.
    kept: Kept | None = None

    @classmethod
    def of_rows(cls, frame: Frame, count: int, url: str = "") -> "Basis":
        """Return the basis of one list, of which so many rows cannot be placed."""
        return cls(frame, [LeftOut(format_count(count), url)] if count else [])

    @property
    def is_now(self) -> bool:
        return self.frame.borders == Borders.NOW

    @property
    def day_and_borders(self) -> str:
        words = {"day": f"{self.frame.day:%d/%m/%Y}", "borders": Borders(self.frame.borders).label}
        return _("Figures as of %(day)s, %(borders)s") % words

    @property
    def since(self) -> str:
        """Say when counts were made that were kept; empty where all were made just now."""
        return self.kept.in_words if self.kept else ""

    def __str__(self):
        if not self.is_now:
            return "; ".join(filter(None, [self.day_and_borders, self.since]))
        left_out = ", ".join(one.text for one in self.left_out) or "0"
        placed = _("re-placed into today's units; cannot be placed: %(left_out)s") % {"left_out": left_out}
        return "; ".join(filter(None, [f"{self.day_and_borders} ({placed})", self.since]))


def basis_context(request, basis: Basis) -> dict:
    """Return what the day picker, the choice of borders and the foot of a table need."""
    today = timezone.localdate()
    return {
        "basis": basis,
        "day": basis.frame.day,
        "today": today,
        "is_today": basis.frame.day == today,
        "last_year_end": date(today.year, 1, 1) - timedelta(days=1),
        "is_now": basis.is_now,
        # What links to other pages carry, and what the filter of a list must not lose.
        "kept": frame_query(basis.frame),
        "fixed": [(name, request.GET[name]) for name in (DAY, BORDERS) if request.GET.get(name)],
        # What else the address says stays when another day is chosen.
        "keep": [
            (name, value)
            for name, values in request.GET.lists()
            for value in values
            if name not in (DAY, "page")
        ],
    }
