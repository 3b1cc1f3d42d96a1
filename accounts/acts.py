"""One act on a page: one change set with a reason that people understand, all of it or nothing."""

from collections.abc import Callable
from contextlib import contextmanager

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import IntegrityError, transaction

from accounts.changes import ChangeSet, recording
from accounts.refusals import sentences_for


@contextmanager
def one_act(request, reason: str):
    """Put all that is saved inside into one change set, or save nothing of it."""
    with transaction.atomic(), recording(by=request.user, kind=ChangeSet.Kind.PAGE, reason=reason):
        yield


def saved(request, form, reason: str, save: Callable[[], object]) -> bool:
    """Save; where something refuses, say why beside the form and leave everything as it was."""
    try:
        with one_act(request, reason):
            save()
    except ValidationError as error:
        _say_beside(form, error)
        return False
    except IntegrityError as error:
        # What two write in the same moment is refused by the database alone.
        form.add_error(None, sentences_for(error))
        return False
    return True


def _say_beside(form, error: ValidationError) -> None:
    """Put each sentence beside the field it is about, and above the form where it has no such field."""
    by_field = getattr(error, "error_dict", None) or {NON_FIELD_ERRORS: error.error_list}
    for name, sentences in by_field.items():
        form.add_error(name if name in form.fields else None, sentences)
