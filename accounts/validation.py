"""Checking many rows at once, as a form would check each, without a query per row."""

from collections.abc import Callable, Iterable

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _


def clean_many(rows: Iterable[models.Model], *, clean: Callable | None = None) -> None:
    """Refuse the rows with every fault named: each field by itself, then what ``clean`` says.

    ``clean`` replaces the model's own where that one asks the database. What a row refers to
    and what only one row may have is left to the database's own constraints.
    """
    faults = []
    for row in rows:
        try:
            _clean_fields(row)
            clean(row) if clean else row.clean()
        except ValidationError as error:
            faults += [f"{row}: {message}" for message in error.messages]
    if faults:
        raise ValidationError(faults)


def _clean_fields(row: models.Model) -> None:
    relations = [field for field in row._meta.concrete_fields if field.is_relation]
    for field in relations:
        if not field.null and getattr(row, field.attname) is None:
            raise ValidationError(_("Choose: %(field)s.") % {"field": field.verbose_name})
    row.clean_fields(exclude={field.name for field in relations})


def load_related(rows: Iterable[models.Model], *names: str) -> None:
    """Give the rows the objects they refer to by key: one query for each name, none per row."""
    rows = list(rows)
    for name in names if rows else ():
        field = rows[0]._meta.get_field(name)
        missing = [row for row in rows if getattr(row, field.attname) and not field.is_cached(row)]
        known = field.related_model._base_manager.in_bulk({getattr(row, field.attname) for row in missing})
        for row in missing:
            if (there := known.get(getattr(row, field.attname))) is not None:
                setattr(row, name, there)
