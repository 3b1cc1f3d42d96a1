"""What a page that changes data asks before it shows or does anything."""

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_http_methods

# A page with a form on it: shown by GET, sent by POST.
form_page = require_http_methods(["GET", "HEAD", "POST"])


def get_kept_or_404(queryset, user, **lookup):
    """Return the row for changing: 404 outside what the user sees, 403 where they may only read it."""
    kept = queryset.kept_by(user).filter(**lookup).first()
    if kept is None:
        get_object_or_404(queryset.visible_to(user), **lookup)
        raise PermissionDenied
    return kept


def locked(request, rows):
    """Lock the row that a form is about while it is saved, so that two savers stand in line."""
    return rows.select_for_update(of=("self",)) if request.method == "POST" else rows
