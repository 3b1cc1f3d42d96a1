"""What the pages of titles share: the case for changing, and how an act on it is called."""

from django.utils.translation import gettext as _

from accounts.access import get_kept_or_404
from evaluations.models import TitleCase


def kept_case(request, pk: int) -> TitleCase:
    """Return the case for changing: 404 outside what the user sees, 403 where they may only read it."""
    cases = TitleCase.objects.select_related(
        "cell__commune__province", "title", "criteria_set", "recognition", "revocation"
    )
    return get_kept_or_404(cases, request.user, pk=pk)


def about(case: TitleCase, what: str) -> str:
    """Return the reason of a change set: which title of which cell, and what was done."""
    return _("Title “%(title)s”, %(cell)s: %(what)s") % {
        "title": case.title,
        "cell": case.cell,
        "what": what,
    }
