"""The commune looks through its list before it is fixed: cells, hamlets, secretaries, people to be rated."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Prefetch
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.access import form_page
from cells.models import CellArea
from evaluations.models import ReviewCycle, Submission
from evaluations.review.authority import works_on
from evaluations.review.listing import cells_in, dissolved_in, people_in
from evaluations.review.opening import confirm_list
from evaluations.review.progress import flag_of
from evaluations.views.files import act, grid_url, say_why, seen_file, worked_file
from evaluations.views.grid import sees_files
from leaders.models import Office, Tenure


@form_page
@sees_files
def review_list(request, year: int, pk: int):
    """The list as it stands now; a POST confirms it."""
    if request.method == "POST":
        return _confirm(request, worked_file(request, year, pk))
    file = seen_file(request, year, pk)
    if file.cycle.state != ReviewCycle.State.PREPARING:
        return redirect(grid_url(file))
    cells = list(_with_holders(file))
    people = people_in(file, cells)
    context = {
        "file": file,
        "cells": cells,
        "people": people,
        "dissolved": dissolved_in(file),
        "flag": flag_of(file, timezone.localdate()),
        "is_mine": works_on(request.user, file),
        "changed_by": len(cells) - file.list_confirmed_cells if file.list_confirmed_at else 0,
    }
    return render(request, "review/list.html", context)


def _with_holders(file: Submission):
    day = file.cycle.roster_day
    secretaries = Tenure.objects.on(day).filter(office=Office.SECRETARY).select_related("person")
    return cells_in(file).prefetch_related(
        Prefetch("areas", CellArea.objects.on(day).select_related("hamlet"), to_attr="areas_then"),
        Prefetch("tenures", secretaries, to_attr="secretaries_then"),
    )


def _confirm(request, file: Submission):
    try:
        with act(request, file, _("list confirmed as right")):
            confirm_list(file, by=request.user)
    except ValidationError as error:
        say_why(request, error)
    else:
        messages.success(request, _("The list is confirmed. The province fixes it; then the rating begins."))
    return redirect(reverse("review:list", args=[file.cycle.year, file.pk]))
