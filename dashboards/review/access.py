"""Which year of review a page is about, and who may look at it or run it."""

from functools import wraps
from urllib.parse import urlencode

from django.contrib.auth.decorators import permission_required
from django.core.exceptions import PermissionDenied
from django.db.models import F
from django.http import Http404
from django.shortcuts import get_object_or_404

from accounts.asked import number_in
from cells.models.grants import scope_of
from dashboards.basis import page_address
from evaluations.models import ReviewCycle, Submission
from evaluations.review.authority import RECEIVE, may

READ = "evaluations.view_submission"
# The word of the address that names the province, where somebody sees several.
PROVINCE = "tinh"

reads = permission_required(READ, raise_exception=True)


def receives_reviews(view):
    """Let only those in who run a province's review. An administrator does not."""

    @wraps(view)
    def guarded(request, *args, **kwargs):
        if not may(request.user, RECEIVE):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return guarded


def sees_board(user) -> bool:
    """Whether the person looks at a province or the country, and not at single communes."""
    scope = scope_of(user)
    return scope.everywhere or bool(scope.provinces)


def works_for_communes(user) -> bool:
    """Whether the person looks at communes, standing or closed ones."""
    scope = scope_of(user)
    return bool(scope.communes or scope.closed)


def cycles_of(user, year: int | None = None):
    """Return the reviews the person sees, today's provinces first."""
    cycles = ReviewCycle.objects.visible_to(user).select_related("province", "rule_set")
    if year is not None:
        cycles = cycles.filter(year=year)
    return cycles.order_by(
        "-year", F("province__closed_on").desc(nulls_first=True), "province__sort_key", "pk"
    )


def year_of(asked, year: int, *, also_communes: bool = False) -> tuple[ReviewCycle, list[ReviewCycle]]:
    """Return the review a page is about, and all of that year that the person may look at.

    Where there are several the address names the province; otherwise it is the first. Pages of a province
    are not there for whoever looks after communes alone.
    """
    if not (sees_board(asked.user) or (also_communes and works_for_communes(asked.user))):
        raise Http404
    cycles = list(cycles_of(asked.user, year))
    wanted = number_in(asked, PROVINCE)
    for cycle in cycles:
        if wanted in (None, cycle.province_id):
            return cycle, cycles
    raise Http404


def year_to_run(request, year: int) -> ReviewCycle:
    """Return the review for running it: 404 outside what the person sees, 403 where they only read it."""
    cycle, _all = year_of(request, year)
    if not ReviewCycle.objects.kept_by(request.user).filter(pk=cycle.pk).exists():
        raise PermissionDenied
    return cycle


def file_of(request, year: int, pk: int) -> Submission:
    """Return a commune's file of the year for looking at it."""
    if not sees_board(request.user):
        raise Http404
    files = Submission.objects.visible_to(request.user).filter(cycle__year=year)
    return get_object_or_404(
        files.select_related("cycle__rule_set", "cycle__province", "commune", "decision"), pk=pk
    )


def file_to_run(request, year: int, pk: int) -> Submission:
    """Return the file for changing what the province grants or asks: 403 where the person only reads it."""
    file = file_of(request, year, pk)
    if not Submission.objects.kept_by(request.user).filter(pk=file.pk).exists():
        raise PermissionDenied
    return file


def address(name: str, cycle: ReviewCycle, *args, several: bool = False, **words) -> str:
    """Return the address of a page of the year; with the province where the year has several reviews."""
    query = {key: value for key, value in words.items() if value not in (None, "")}
    if several:
        query[PROVINCE] = cycle.province_id
    url = page_address(f"review_board:{name}", cycle.year, *args)
    return f"{url}?{urlencode(query)}" if query else url
