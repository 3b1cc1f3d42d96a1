"""What the pages of titles share: the case for changing, one change set with a reason, refusals shown."""

from contextlib import contextmanager

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.access import get_kept_or_404
from accounts.changes import ChangeSet, recording
from accounts.refusals import sentences_for
from evaluations.models import TitleCase


def kept_case(request, pk: int) -> TitleCase:
    """Return the case for changing: 404 outside what the user sees, 403 where they may only read it."""
    cases = TitleCase.objects.select_related(
        "cell__commune__province", "title", "criteria_set", "recognition", "revocation"
    )
    return get_kept_or_404(cases, request.user, pk=pk)


@contextmanager
def act(request, what: str):
    """Put what is changed inside into one change set with a reason people understand, all or nothing."""
    with transaction.atomic(), recording(by=request.user, kind=ChangeSet.Kind.PAGE, reason=what):
        yield


def saved(request, form, what: str, save) -> bool:
    """Save; where it is refused, say why beside the form and leave everything as it was."""
    try:
        with act(request, what):
            save()
    except (ValidationError, IntegrityError) as error:
        # What two write in the same moment is refused by the database alone.
        form.add_error(None, sentences_for(error))
        return False
    return True


def about(case: TitleCase, what: str) -> str:
    """Return the reason of a change set: which title of which cell, and what was done."""
    return _("Title “%(title)s”, %(cell)s: %(what)s") % {
        "title": case.title,
        "cell": case.cell,
        "what": what,
    }
