"""Checking many rows at once, as a form would check each, without a query per row."""

from collections.abc import Callable, Iterable
from datetime import date
from enum import Enum

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.expressions import DatabaseDefault
from django.utils.translation import gettext as _

# Of these, values that are equal are the same in every respect; not so 1.5 and 1.50.
_SAME_WHERE_EQUAL = (str, int, bool, date, type(None))


def clean_many(rows: Iterable[models.Model], *, clean: Callable | None = None) -> None:
    """Refuse the rows with every fault named: each field by itself, then what ``clean`` says.

    ``clean`` replaces the model's own where that one asks the database. What a row refers to
    and what only one row may have is left to the database's own constraints.
    """
    faults = []
    fields = CleanFields()
    for row in rows:
        try:
            _clean_fields(row, fields)
            clean(row) if clean else row.clean()
        except ValidationError as error:
            faults += [f"{row}: {message}" for message in error.messages]
    if faults:
        raise ValidationError(faults)


def _clean_fields(row: models.Model, fields: "CleanFields") -> None:
    for field in fields.needed_relations(type(row)):
        if getattr(row, field.attname) is None:
            raise ValidationError(_("Choose: %(field)s.") % {"field": field.verbose_name})
    fields.clean(row)


class CleanFields:
    """Cleans the fields of many rows as ``clean_fields`` does, references aside.

    Rows of one list say the same in most columns, so what a field answers to a value is
    remembered: it depends on nothing else. Use one for each list, not longer.
    """

    def __init__(self):
        self._known: dict[tuple, object] = {}
        self._fields: dict[tuple, list[models.Field]] = {}
        self._needed: dict[type[models.Model], list[models.Field]] = {}

    def clean(self, row: models.Model, *, editable_only: bool = False) -> None:
        """Clean the row in place, or raise ValidationError with the faults by field."""
        faults = {}
        for field in self._fields_of(type(row), editable_only):
            value = getattr(row, field.attname)
            if not value and field.blank and value in field.empty_values:
                continue
            if isinstance(value, DatabaseDefault):
                continue
            try:
                setattr(row, field.attname, self._cleaned(field, value, row))
            except ValidationError as error:
                faults[field.name] = error.error_list
        if faults:
            raise ValidationError(faults)

    def needed_relations(self, model: type[models.Model]) -> list[models.Field]:
        """Return the references that no row of the model may leave empty."""
        if model not in self._needed:
            self._needed[model] = [
                field for field in model._meta.concrete_fields if field.is_relation and not field.null
            ]
        return self._needed[model]

    def _fields_of(self, model: type[models.Model], editable_only: bool) -> list[models.Field]:
        key = model, editable_only
        if key not in self._fields:
            self._fields[key] = [
                field
                for field in model._meta.concrete_fields
                if not (field.is_relation or field.generated) and (field.editable or not editable_only)
            ]
        return self._fields[key]

    def _cleaned(self, field: models.Field, value, row: models.Model):
        kind = type(value)
        if kind not in _SAME_WHERE_EQUAL and not isinstance(value, Enum):
            return field.clean(value, row)
        key = field.attname, type(row), kind, value
        if key not in self._known:
            self._known[key] = field.clean(value, row)
        return self._known[key]


def load_related(rows: Iterable[models.Model], *names: str) -> None:
    """Give the rows the objects they refer to by key: one query for each name, none per row."""
    rows = list(rows)
    for name in names if rows else ():
        field = rows[0]._meta.get_field(name)
        missing = [row for row in rows if getattr(row, field.attname) and not field.is_cached(row)]
        wanted = {getattr(row, field.attname) for row in missing}
        known = field.related_model._base_manager.order_by().in_bulk(wanted) if wanted else {}
        for row in missing:
            if (there := known.get(getattr(row, field.attname))) is not None:
                setattr(row, name, there)
