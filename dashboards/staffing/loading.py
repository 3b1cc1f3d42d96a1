"""What the monitor computes from, read in a few queries for any unit: hamlets, and people in two seats."""

from datetime import date

from django.conf import settings
from django.db.models import F, Q, Value
from django.db.models.functions import Coalesce, Greatest, Least

from cells.models import CellArea, UnitPeriod
from dashboards.figures.frames import Frame
from dashboards.figures.sections import HAMLETS
from dashboards.staffing.monitor import Held, Monitor, Pair
from leaders.models import Contest, Office, Tenure, WayIn

_SEAT = ("pk", "starts_on", "seen_on", "ends_on", "way_in", "way_out", "term", "is_extended")
_SECRETARY = "person__tenures__"
_AREA = f"{_SECRETARY}cell__areas__"


_LONG_AGO, _OPEN = Value(date.min), Value(date.max)


def _first(prefix: str) -> Coalesce:
    """Return the first day known of a tenure."""
    return Coalesce(f"{prefix}starts_on", f"{prefix}seen_on", _LONG_AGO)


def _days(first: date | None, last: date | None) -> tuple[date, date]:
    return first or date.min, last or date.max


def _placed(frame: Frame):
    """Return the periods of hamlets in the frame's unit, of all days, in the frame's borders."""
    periods = frame.visible(UnitPeriod.objects.hamlets())
    return frame.within(periods, HAMLETS.places(frame)).order_by()


def load_monitor(frame: Frame, since: date = date.min) -> Monitor:
    """Return the monitor of a unit in two queries: of all days, or of those since a day."""
    places = [
        (unit, *_days(first, last))
        for unit, first, last in _placed(frame).values_list("unit", "starts_on", "ends_on")
    ]
    heads, fronts = [], []
    for office, pair in _pairs(frame, since):
        if office == Office.FRONT_HEAD:
            fronts.append(pair)
        elif settings.INTERIM_COUNTS or pair.seat.way_in != WayIn.INTERIM:
            heads.append(pair)
    return Monitor(places, heads, fronts)


def _pairs(frame: Frame, since: date):
    """Yield each seat of a hamlet with a seat as secretary, of the same person, in a cell that covers the hamlet.

    The three share days, some of them since the day: most who follow each other in seats do not.
    """
    rows = Tenure.objects.filter(
        Q(
            person__tenures__office=Office.SECRETARY,
            person__tenures__cell__areas__hamlet=F("hamlet"),
        ),
        office__in=(Office.HAMLET_HEAD, Office.FRONT_HEAD),
        # Each once: left to join as it likes, PostgreSQL reads the periods of the whole country.
        hamlet__in=_placed(frame).values("unit").distinct(),
    ).order_by()
    rows = rows.alias(
        first=Greatest(
            *(_first(prefix) for prefix in ("", _SECRETARY)), Coalesce(f"{_AREA}starts_on", _LONG_AGO)
        ),
        last=Least(*(Coalesce(f"{prefix}ends_on", _OPEN) for prefix in ("", _SECRETARY, _AREA))),
    ).filter(last__gte=Greatest("first", Value(since)))
    columns = (
        *("office", "hamlet", "person", f"{_SECRETARY}cell"),
        *_SEAT,
        *(f"{_SECRETARY}{name}" for name in _SEAT),
        *(f"{_AREA}starts_on", f"{_AREA}ends_on"),
    )
    held = _Seats()
    seat, area = 4, 4 + 2 * len(_SEAT)
    secretary = seat + len(_SEAT)
    for row in rows.values_list(*columns).iterator(chunk_size=2000):
        office, hamlet, person, cell = row[:seat]
        yield (
            office,
            Pair(
                hamlet,
                person,
                cell,
                held.of(row[seat:secretary]),
                held.of(row[secretary:area]),
                _days(*row[area:]),
            ),
        )


class _Seats(dict):
    """Each tenure once, however many it is paired with."""

    def of(self, columns: tuple) -> Held:
        key, starts_on, seen_on, ends_on, way_in, way_out, term, is_extended = columns
        if key not in self:
            days = starts_on or seen_on or date.min, ends_on or date.max
            self[key] = Held(key, days, way_in, way_out, term, is_extended)
        return self[key]


def planned_contests(monitor: Monitor, frame: Frame) -> tuple[dict[int, date], dict[int, date]]:
    """Return the next planned election of each hamlet and congress of each cell of the pairs of the day."""
    pairs = monitor.on(frame.day)
    planned = Contest.objects.filter(outcome=Contest.Outcome.PLANNED, planned_on__gte=frame.day).order_by()
    # As a question about what stands here, not as a list of keys: 3.000 are more than some databases take.
    here = _placed(frame).filter(unit__closed_on__isnull=True).values("unit")
    covering = CellArea.objects.filter(hamlet__in=here).order_by().values("cell")
    # Each by its own index: of one or the other PostgreSQL reads every contest of the country.
    rows = planned.filter(hamlet__in=here).union(
        planned.filter(cell__closed_on__isnull=True, cell__in=covering), all=True
    )
    rows = rows.order_by("-planned_on").values_list("hamlet", "cell", "planned_on")
    hamlets, cells = {pair.hamlet for pair in pairs}, {pair.cell for pair in pairs}
    elections, congresses = {}, {}
    for hamlet, cell, planned_on in rows:
        if hamlet in hamlets:
            elections[hamlet] = planned_on
        elif cell in cells:
            congresses[cell] = planned_on
    return elections, congresses
