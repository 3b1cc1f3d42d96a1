"""The page on which somebody watches the work they have started."""

from datetime import timedelta

from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts.access import get_kept_or_404
from desk.jobs.progress import told
from desk.jobs.work import look_after, start_again
from desk.models import Job

# Work that has waited this long has probably no worker.
LONG_WAIT = timedelta(minutes=1)


@require_safe
def job(request, pk):
    found = get_object_or_404(Job.objects.visible_to(request.user).select_related("by"), pk=pk)
    (found,) = look_after([found])
    if found.state == Job.State.DONE and found.result_url:
        return redirect(found.result_url)
    context = {
        "job": found,
        "told": told(found),
        "waits_long": found.state == Job.State.QUEUED and found.asked_at < timezone.now() - LONG_WAIT,
        "may_start_again": found.is_interrupted and Job.objects.kept_by(request.user).filter(pk=pk).exists(),
    }
    return render(request, "desk/job.html", context)


@require_POST
def again(request, pk):
    """Start interrupted work again; whoever clicks second finds it waiting already."""
    start_again(get_kept_or_404(Job.objects, request.user, pk=pk))
    return redirect("jobs:job", pk)
