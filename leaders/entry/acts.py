"""What the pages about seats have in common: one act in one change set, and the question before it."""

from django.contrib.auth.decorators import permission_required
from django.shortcuts import render

from accounts import acts

changes_seats = permission_required(["leaders.add_tenure", "leaders.change_tenure"], raise_exception=True)


def saved(request, form, reason: str, save) -> bool:
    """Save as one act; what the form was told for the history stands behind its reason."""
    return acts.saved(request, form, "; ".join(filter(None, [reason, form.cleaned_data.get("reason")])), save)


def is_sent(request, form) -> bool:
    """Whether the form is right and its sender does not want to change it once more."""
    return form.is_valid() and "change" not in request.POST


def question(request, form, title: str, **more):
    """Show what saving will record; nothing is saved before the answer."""
    context = {"form": form, "title": title, "consequences": form.consequences(), **more}
    return render(request, "entry/seats_confirm.html", context)
