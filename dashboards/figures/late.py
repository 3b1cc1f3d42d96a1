"""Which rows of a figure's list rest on something about their seats that was entered late, and when it was."""

from collections.abc import Iterable, Mapping
from datetime import date

from django.db.models import Q
from django.utils.translation import gettext as _

from leaders.late import tell_late
from leaders.models import Office, Tenure


def late_in_hamlets(heads: Mapping[int, Tenure], keys: Iterable[int], day: date) -> dict[int, str]:
    """Return, by hamlet, when its head's beginning was entered, or the end of the last one, where that was late."""
    return _late(Office.HAMLET_HEAD, "hamlet", heads, keys, day)


def late_in_cells(secretaries: Mapping[int, Tenure], keys: Iterable[int], day: date) -> dict[int, str]:
    """Return the same of cells and their secretaries."""
    return _late(Office.SECRETARY, "cell", secretaries, keys, day)


def _late(office: str, body: str, holders: Mapping[int, Tenure], keys, day: date) -> dict[int, str]:
    """Judge each seat by its holder of the day, or by whoever left it last. Four queries, however many rows."""
    empty = set(keys) - holders.keys()
    ended = Tenure.objects.filter(Q(**{f"{body}__in": empty}), office=office, ends_on__lt=day)
    last = {getattr(tenure, f"{body}_id"): tenure for tenure in ended.order_by("ends_on", "pk")}
    tell_late([*holders.values(), *last.values()])
    days = {key: tenure.late_start for key, tenure in holders.items()} | {
        key: tenure.late_end for key, tenure in last.items()
    }
    return {
        key: _("entered later, on %(day)s") % {"day": f"{entered:%d/%m/%Y}"}
        for key, entered in days.items()
        if entered
    }
