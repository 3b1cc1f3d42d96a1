"""Who changed what, when and why: the history of recording, told with names instead of keys."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from django.db import models
from django.utils.formats import localize
from django.utils.translation import gettext as _

from accounts.history import CREATED, DELETED
from cells.models import Unit
from leaders.models import Person, Tenure
from sheets.text import lower_first

MOST_SHOWN = 40
# Copies and keys follow from what is shown anyway.
NOT_SHOWN = frozenset(
    {"id", "search_key", "sort_key", "province", "district", "closed_on", "superseded_on", "revision"}
)
PRIVATE = frozenset({"born_on", "born_on_precision", "phone"})


@dataclass
class FieldChange:
    """One field before and after, in words."""

    label: str
    before: str
    after: str


@dataclass
class Change:
    """One recorded change of one row."""

    at: datetime
    by: str
    reason: str
    act: str
    is_new: bool
    fields: list[FieldChange] = field(default_factory=list)


def changes_of(histories: Iterable, *, shows_private: bool = False, reader=None) -> list[Change]:
    """Return the last changes of these rows (history querysets), newest first.

    Of the people they refer to only those the reader sees are named, where a reader is given.
    """
    pairs = []
    for history in histories:
        pairs += _with_predecessor(history.select_related("change_set").order_by("history_id"))
    pairs.sort(key=lambda pair: (pair[1].history_date, pair[1].history_id), reverse=True)
    pairs = pairs[:MOST_SHOWN]
    names = _names_of_keys(pairs)
    if reader is not None and (people := names.get(Person)):
        seen = set(Person.objects.visible_to(reader).filter(pk__in=people).values_list("pk", flat=True))
        names[Person] = {
            key: name if key in seen else _("somebody out of your sight") for key, name in people.items()
        }
    hidden = NOT_SHOWN if shows_private else NOT_SHOWN | PRIVATE
    return [_told(before, row, names, hidden) for before, row in pairs]


def _with_predecessor(rows) -> list[tuple]:
    """Pair each history row with the one before it of the same object."""
    last: dict = {}
    pairs = []
    for row in rows:
        key = row.id
        pairs.append((last.get(key), row))
        last[key] = row
    return pairs


def _fields(row) -> list[models.Field]:
    return [f for f in row.tracked_fields if f.concrete]


def _names_of_keys(pairs) -> dict[type, dict[int, object]]:
    """Find every row that the changed fields refer to: one query per model, two where some were undone."""
    keys = defaultdict(set)
    for pair in pairs:
        for row in filter(None, pair):
            for one in _fields(row):
                if one.is_relation and (value := getattr(row, one.attname)) is not None:
                    keys[one.related_model].add(value)
    return {model: _named(model, wanted) for model, wanted in keys.items()}


def _named(model: type[models.Model], keys: set[int]) -> dict[int, object]:
    names = dict(model._base_manager.in_bulk(keys))
    gone = keys - names.keys()
    return names | _names_once_borne(model, gone) if gone else names


def _names_once_borne(model: type[models.Model], keys: set[int]) -> dict[int, str]:
    """Return what rows that have been taken back were called last; their own history still tells."""
    if not hasattr(model, "history"):
        return {}
    rows = model.history.filter(id__in=keys).order_by("history_id")
    return {row.id: _("%(name)s (undone)") % {"name": row.instance} for row in rows}


def _act(row) -> str:
    what = {"what": lower_first(str(row.instance_type._meta.verbose_name))}
    if row.history_type == CREATED:
        return _("recorded %(what)s") % what
    if row.history_type == DELETED:
        return _("took back %(what)s") % what
    return _("changed %(what)s") % what


def _told(before, row, names, hidden) -> Change:
    reason = row.change_set.reason
    return Change(
        at=row.history_date,
        by=row.change_set.by_name or row.change_set.get_kind_display(),
        # A page that asks for no reason leaves its address.
        reason="" if reason.startswith("/") else reason,
        act=_act(row),
        is_new=before is None,
        fields=[] if row.history_type == DELETED else list(_differences(before, row, names, hidden)),
    )


def _differences(before, row, names, hidden):
    for one in _fields(row):
        # How much of a date is known shows in the date itself.
        if one.name in hidden or one.name.endswith("_precision"):
            continue
        old, new = (_in_words(one, state, names) for state in (before, row))
        if new != old and not (before is None and not getattr(row, one.attname)):
            yield FieldChange(str(one.verbose_name), old, new)


def _in_words(one, row, names) -> str:
    """Return what the row (or nothing before the first) says in this field."""
    value = getattr(row, one.attname) if row else None
    if value in ("", None):
        return "–"
    if one.is_relation:
        return str(names[one.related_model].get(value) or _("(undone)"))
    if hasattr(row, f"{one.name}_precision"):
        return str(row.instance.partial_date(one.name.removesuffix("_on")))
    if one.name == "office" and isinstance(hamlet := names.get(Unit, {}).get(row.hamlet_id), Unit):
        return Tenure(office=value, hamlet=hamlet).office_title
    if one.choices:
        return str(dict(one.flatchoices).get(value, value))
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    # A year is a name and no quantity: 2026, never 2.026.
    return str(value) if one.name == "year" else str(localize(value))
