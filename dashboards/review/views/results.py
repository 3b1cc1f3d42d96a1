"""Lists of the results of a year: of cells, of people."""

from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from dashboards.key_pages import KeyPages
from dashboards.review.access import reads, year_of
from dashboards.review.results import PeopleResults, Results
from dashboards.review.views.board import frame


@require_safe
@reads
def results(request, year):
    return _list(request, year, Results, "results")


@require_safe
@reads
def people(request, year):
    return _list(request, year, PeopleResults, "people")


def _list(request, year: int, kind: type[Results], name: str):
    cycle, cycles = year_of(request, year, also_communes=True)
    found = kind(request, cycle)
    page = KeyPages(found.rows()).get_page(request.GET.get("page"))
    page.object_list = found.of_page(page.object_list)
    context = {
        **frame(request, cycle, cycles),
        "results": found,
        "page": page,
        "filter": found.filter,
        "list_url": reverse(f"review_board:{name}", args=[cycle.year]),
        "export_url": reverse(f"exporting:review_{name}", args=[cycle.year]),
    }
    return render(request, f"review_board/{name}.html", context)
