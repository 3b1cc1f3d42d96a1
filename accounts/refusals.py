"""Why the database refused a write, in the sentence of the constraint that stood in the way."""

import re
from functools import cache

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, models
from django.db.models import ProtectedError, RestrictedError, UniqueConstraint
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

# What an exclusion constraint (see cells/exclusion.py) is called after the one it completes.
_OVERLAP = "_overlap"
_SQLITE_CHECK = re.compile(r"CHECK constraint failed: (\w+)")
_SQLITE_UNIQUE = re.compile(r"UNIQUE constraint failed: (.+)")


def sentences_for(error: Exception) -> list[str]:
    """Return what to tell the person whose write was refused."""
    if isinstance(error, ValidationError):
        return list(error.messages)
    if isinstance(error, ProtectedError | RestrictedError):
        return [_needed_by(error)]
    return [sentence_for(error)]


def sentence_for(error: IntegrityError) -> str:
    """Return the sentence of the constraint that the database says was violated."""
    return str(
        _sentence(error) or _("What was entered contradicts what is recorded. Check it and save again.")
    )


def check_deferred() -> None:
    """Let constraints that wait for the end of the transaction speak now, while a form can answer."""
    if connection.vendor == "postgresql":
        connection.check_constraints()


def _sentence(error: IntegrityError):
    name = getattr(getattr(error.__cause__, "diag", None), "constraint_name", None)
    if name:
        return _by_name().get(name.removesuffix(_OVERLAP)) or _by_unique_field_on_postgresql(error)
    text = str(error)
    if match := _SQLITE_CHECK.search(text):
        return _by_name().get(match[1])
    if match := _SQLITE_UNIQUE.search(text):
        # Several constraints may watch the same columns; then each of them may be meant.
        return " / ".join(dict.fromkeys(map(str, _by_columns().get(_columns(match[1]), []))))
    if "FOREIGN KEY constraint failed" in text:
        return _REFERENCE
    return None


def _by_unique_field_on_postgresql(error):
    diag = error.__cause__.diag
    if "foreign key" in str(error):
        return _REFERENCE
    return _TAKEN if (diag.constraint_name or "").endswith(("_key", "_uniq", "_like")) else None


_REFERENCE = gettext_lazy("Something else still refers to it, or what it refers to is gone.")
_TAKEN = gettext_lazy("This code or name is taken. Choose another one.")


def _needed_by(error) -> str:
    needing = getattr(error, "protected_objects", None) or error.restricted_objects
    shown = sorted(f"{row._meta.verbose_name} “{row}”" for row in list(needing)[:5])
    return _("It cannot be deleted, because this depends on it: %(what)s.") % {
        "what": ", ".join(shown) + (" …" if len(needing) > 5 else "")
    }


def constraints() -> list[tuple[type[models.Model], models.BaseConstraint]]:
    """Return every constraint of our models, history aside."""
    return [(model, constraint) for model in apps.get_models() for constraint in model._meta.constraints]


@cache
def _by_name() -> dict[str, str]:
    return {constraint.name: constraint.violation_error_message for _model, constraint in constraints()}


@cache
def _by_columns() -> dict[frozenset[str], list]:
    known: dict[frozenset[str], list] = {}
    for model, constraint in constraints():
        if isinstance(constraint, UniqueConstraint) and constraint.fields:
            known.setdefault(_watched(model, constraint.fields), []).append(
                constraint.violation_error_message
            )
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            if field.unique:
                known.setdefault(_watched(model, [field.name]), []).append(_TAKEN)
    return known


def _watched(model, fields) -> frozenset[str]:
    table = model._meta.db_table
    return frozenset(f"{table}.{model._meta.get_field(name).column}" for name in fields)


def _columns(text: str) -> frozenset[str]:
    return frozenset(column.strip() for column in text.split(","))
