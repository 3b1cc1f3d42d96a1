"""What a stock admin list asks for a page of the same rows: Django's own change list, with its two counts.

Rows are chosen as an administrator chooses them there, by the words of the address. What no field says (two people in
the seats of a hamlet, a cell below its attendance) cannot be chosen so: the list then holds the model's rows of the
province, and the rival has less to find out than ours.
"""

from collections.abc import Callable

from django.contrib.admin import ModelAdmin, site
from django.db import connection
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from bench.country.life import TERM
from cells.kinds import Level
from cells.models import Cell, Unit
from evaluations.models import CellRating, LeaderRating, TitleCase
from leaders.models import Assignment, Commendation, Contest, Course, Office, Person, Tenure, Visit

_OF_CELLS, _HERE, _KEPT = "cell__commune__province", "province", "keeper__province"
_HAMLETS = {"level": Level.HAMLET, "closed_on__isnull": "1"}
_HELD = {"term": TERM, "kind": Contest.Kind.HEAD_ELECTION, "outcome": Contest.Outcome.HELD}

# The model behind the rows of each list, the way from it to the province, and what the rows have in common.
LISTS = {
    "elections held, list": (Contest, "hamlet__province", _HELD),
    "pairs of two people, list": (Unit, _HERE, _HAMLETS),
    "hamlets without a head, list": (Unit, _HERE, _HAMLETS),
    "people with several seats, list": (Person, _KEPT, {"tenures__ends_on__isnull": "1"}),
    "merged role, changes": (Tenure, _OF_CELLS, {"office": Office.SECRETARY}),
    "officers, list": (Assignment, "unit__province", {"ends_on__isnull": "1"}),
    "hamlets not followed, list": (Unit, _HERE, _HAMLETS | {"assignments__isnull": "1"}),
    "visits, list": (Visit, "unit__province", {}),
    "cells under attendance, list": (Cell, "commune__province", {"closed_on__isnull": "1"}),
    "titles held, list": (TitleCase, _OF_CELLS, {"state": TitleCase.State.RECOGNISED}),
    "courses": (Course, "unit__province", {}),
    "never trained, list": (Person, _KEPT, {"participations__isnull": "1"}),
    "commendations": (Commendation, "person__keeper__province", {}),
    "review, cells, list": (CellRating, _HERE, {"cycle__year": timezone.localdate().year}),
    "review, people, list": (LeaderRating, _HERE, {"cycle__year": timezone.localdate().year}),
}


class StockAdmin(ModelAdmin):
    """As it comes, but for the page of 50 and the things named in a row, which are joined."""

    list_per_page = 50
    list_select_related = True

    def lookup_allowed(self, lookup, value, request=None) -> bool:
        return True


def stock_list(what: str, province: Unit) -> Callable[[], float] | None:
    """Return what asks for a page of the stock list, and says how long the database took; none for no list."""
    if what not in LISTS:
        return None
    model, way, chosen = LISTS[what]
    request = RequestFactory().get(reverse("admin:index"), {f"{way}__id__exact": province.pk, **chosen})
    request.user = User(is_superuser=True, is_active=True)
    admin = StockAdmin(model, site)

    def database_time() -> float:
        with CaptureQueriesContext(connection) as captured:
            list(admin.get_changelist_instance(request).result_list)
        return sum(float(query["time"]) for query in captured.captured_queries)

    return database_time
