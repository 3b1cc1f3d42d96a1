"""Rows of a list as the form of the import desk knows them: what is taken out comes back without a difference."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from django.db.models import Model, QuerySet

from accounts.resources import REVISION, SheetResource, mark_of_nothing, marks_of
from sheets.writing import Column

REVISION_COLUMN = REVISION.key


class FormRows:
    """Some columns of a form, with what is recorded in them now, and the mark of that record.

    Of a past day a list shows names of then: these stand in columns of their own, which the form
    passes over, because what is taken in is compared with what is recorded.
    """

    def __init__(self, resource: type[SheetResource], user, keys: Sequence[str]):
        self._resource = resource(user=user)
        self._keys = (*keys, REVISION_COLUMN)

    def columns(self, *keys: str) -> list[Column]:
        by_key = self._resource.by_key
        return [by_key[key].layout for key in keys]

    def by(self, key: str, queryset: QuerySet) -> dict[object, list[dict]]:
        """Return the rows of these records by what stands in one column, in a few queries for all of them."""
        found = defaultdict(list)
        for row in self._resource.exported(queryset):
            found[row[key]].append({name: row[name] for name in self._keys})
        return found

    def blank(self) -> dict:
        return dict.fromkeys(self._keys) | {REVISION_COLUMN: mark_of_nothing(self._resource.model)}


def revision_column() -> Column:
    return REVISION.layout


def marks(model: type[Model], keys: Iterable) -> list[str]:
    """Return the mark of each record of a list whose rows are one record each; nothing where there is none."""
    found = marks_of([[(model, key)] if key else [] for key in keys])
    return [mark or mark_of_nothing(model) for mark in found]
