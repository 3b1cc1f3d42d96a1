"""The file a page is about: 404 outside what somebody sees, 403 where they take no part in it."""

from contextlib import contextmanager

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.asked import revision_in
from accounts.changes import ChangeSet, recording
from evaluations.models import Submission
from evaluations.review.authority import receives, works_on


def seen_file(request, year: int, pk: int) -> Submission:
    """Return the file, or 404 where it is none of this person's."""
    files = Submission.objects.visible_to(request.user).select_related(
        "cycle__rule_set", "cycle__province", "commune", "decision"
    )
    return get_object_or_404(files, pk=pk, cycle__year=year)


def worked_file(request, year: int, pk: int) -> Submission:
    """Return the file for entering and deciding; 403 for whoever only reads it."""
    file = seen_file(request, year, pk)
    if not works_on(request.user, file):
        raise PermissionDenied
    return file


def taking_part(request, year: int, pk: int) -> Submission:
    """Return the file for those on either side of it; 403 for whoever only reads it."""
    file = seen_file(request, year, pk)
    if not (works_on(request.user, file) or receives(request.user, file)):
        raise PermissionDenied
    return file


def grid_url(file: Submission) -> str:
    return reverse("review:grid", args=[file.cycle.year, file.pk])


def as_read(request, file: Submission) -> Submission:
    """Return the file as the person read it: the revision that the page shows."""
    number = request.POST.get("revision", "")
    file.revision = revision_in(number)
    return file


@contextmanager
def act(request, file: Submission, what: str):
    """Put what is changed inside into one change set with a reason people understand."""
    reason = _("Annual review %(year)s, %(commune)s: %(what)s") % {
        "year": file.cycle.year,
        "commune": file.commune,
        "what": what,
    }
    with recording(by=request.user, kind=ChangeSet.Kind.PAGE, reason=reason):
        yield


def say_why(request, error: ValidationError) -> None:
    """Show every reason why something was not done."""
    for sentence in error.messages:
        messages.error(request, sentence)
