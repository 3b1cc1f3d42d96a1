"""What the pages about seats have in common: one act in one change set, and the question before it."""

from contextlib import contextmanager

from django.contrib.auth.decorators import permission_required
from django.core.exceptions import ValidationError
from django.db import transaction
from django.shortcuts import render

from accounts.changes import ChangeSet, recording

changes_seats = permission_required(["leaders.add_tenure", "leaders.change_tenure"], raise_exception=True)


@contextmanager
def _one_act(request, reason: str, form):
    """Put all that is saved inside into one change set with a reason people understand."""
    reason = "; ".join(filter(None, [reason, form.cleaned_data.get("reason")]))
    with transaction.atomic(), recording(by=request.user, kind=ChangeSet.Kind.PAGE, reason=reason):
        yield


def saved(request, form, reason: str, save) -> bool:
    """Save; where the model refuses, say why beside the form and leave everything as it was."""
    try:
        with _one_act(request, reason, form):
            save()
    except ValidationError as error:
        form.add_error(None, error.messages)
        return False
    return True


def is_sent(request, form) -> bool:
    """Whether the form is right and its sender does not want to change it once more."""
    return form.is_valid() and "change" not in request.POST


def question(request, form, title: str, **more):
    """Show what saving will record; nothing is saved before the answer."""
    context = {"form": form, "title": title, "consequences": form.consequences(), **more}
    return render(request, "entry/seats_confirm.html", context)
