"""The page on which a commune reads who opened and took out the records it keeps."""

from django.contrib.auth.decorators import permission_required
from django.core.paginator import Paginator
from django.shortcuts import render
from django.views.decorators.http import require_safe

from desk.people.accesses import READ, access_rows, narrowed_log

ROWS_ON_A_PAGE = 50


@require_safe
@permission_required(READ, raise_exception=True)
def accesses(request):
    """Show the log, narrowed and page by page."""
    narrowed = narrowed_log(request)
    page = Paginator(narrowed.rows(), ROWS_ON_A_PAGE).get_page(request.GET.get("page"))
    page.object_list = access_rows(page.object_list, request.user)
    return render(request, "people/accesses.html", {"filter": narrowed, "page": page})
