"""What must be true of seats as a whole; each finding is one sentence."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from leaders.models import SINGLE_SEATS, Tenure, two_in_one_seat


def problems() -> Iterator[str]:
    """Find two people in one seat on one day."""
    rows = Tenure.objects.filter(office__in=SINGLE_SEATS).select_related("person", "cell", "hamlet")
    for one, other in two_in_one_seat(rows.iterator(chunk_size=2000)):
        yield _("Two people in one seat: %(one)s; %(other)s") % {"one": one, "other": other}
