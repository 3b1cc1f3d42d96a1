"""What must be true of seats as a whole; each finding is one sentence."""

from collections.abc import Iterator
from datetime import date

from django.utils.translation import gettext as _

from leaders.models import SINGLE_SEATS, Tenure


def problems() -> Iterator[str]:
    """Find two people in one seat on one day."""
    seats: dict[tuple, list[Tenure]] = {}
    rows = Tenure.objects.filter(office__in=SINGLE_SEATS).select_related("person", "cell", "hamlet")
    for row in rows.iterator(chunk_size=2000):
        seats.setdefault((row.office, row.cell_id, row.hamlet_id), []).append(row)
    for tenures in seats.values():
        tenures.sort(key=_days)
        for one, other in zip(tenures, tenures[1:], strict=False):
            if _days(other)[0] <= _days(one)[1]:
                yield _("Two people in one seat: %(one)s; %(other)s") % {"one": one, "other": other}


def _days(tenure: Tenure) -> tuple[date, date]:
    return tenure.starts_on or tenure.seen_on or date.min, tenure.ends_on or date.max
