"""One box for everything: communes, hamlets, cells, people, without diacritics."""

from dataclasses import dataclass
from functools import reduce
from operator import and_

from django.contrib.auth.decorators import permission_required
from django.core.paginator import Page, Paginator
from django.db.models import (
    Case,
    CharField,
    F,
    IntegerField,
    Q,
    QuerySet,
    Value,
    When,
    prefetch_related_objects,
)
from django.db.models.functions import Concat
from django.db.models.lookups import Contains
from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from cells.kinds import Level
from cells.models import Cell, PracticeNote, Unit
from dashboards.citing.codes import read_code
from dashboards.fates import tell_fates, tell_fates_of_cells
from dashboards.former_names import recall
from dashboards.models import Quote
from dashboards.rows import load_people, with_former_place, with_place
from dashboards.wording import words_for
from leaders.models import Person
from sheets.text import fold

MOST_FOUND = 20
ROWS_PER_PAGE = 50


@dataclass
class Kind:
    """One kind of what is found: its name in addresses, and its rows in order."""

    slug: str
    heading: str
    rows: QuerySet


@dataclass
class Finding:
    """What was found of one kind: the first rows and where all are, or one page of all."""

    slug: str
    heading: str
    rows: list
    all_url: str = ""
    page: Page | None = None


@require_safe
@permission_required(["cells.view_unit", "leaders.view_person"], raise_exception=True)
def search(request):
    """Show the first of each kind, or all of one, by any name they ever had; what is closed says what became of it."""
    text = request.GET.get("q", "").strip()[:100]
    context = {"q": text}
    # Signs alone would match everything.
    if fold(text):
        context["findings"] = _find(request, text)
        # Who types digits may be looking for a code.
        context["shows_codes"] = any(char.isdigit() for char in text)
        context["practice"] = _practice(request, text)
        context["quoted"] = _quoted(request.user, text)
        context["found_any"] = (
            any(finding.rows for finding in context["findings"]) or context["practice"] or context["quoted"]
        )
    return render(request, "dashboards/search.html", context)


def _find(request, text: str) -> list[Finding]:
    kinds = _kinds(request.user, text)
    if asked := request.GET.get("loai"):
        kind = next((kind for kind in kinds if kind.slug == asked), None)
        if kind is None:
            raise Http404
        findings = [_all(kind, request.GET.get("page"))]
    else:
        findings = [_first(kind, text) for kind in kinds]
    _tell(findings, request.user, text)
    return findings


def _practice(request, text: str) -> dict | None:
    """Return how many notes of good practice have these words, and where they are read."""
    if request.GET.get("loai"):
        return None
    count = PracticeNote.objects.visible_to(request.user).matching(text).count()
    url = f"{reverse('dashboards:practice_list')}?{urlencode({'q': text})}"
    return {"count": count, "url": url} if count else None


def _quoted(user, text: str) -> Quote | None:
    """Return the figure that is quoted by this code; words that are none ask nothing."""
    code = read_code(text)
    return Quote.objects.visible_to(user).filter(code=code).first() if code else None


def _kinds(user, text: str) -> list[Kind]:
    # Nearest by name first; of those alike, what stands comes before what is closed.
    standing_first = (nearness(text), F("closed_on").desc(nulls_first=True), "sort_key", "pk")
    units = with_former_place(Unit.objects.visible_to(user).matching(text)).order_by(*standing_first)
    cells = with_place(Cell.objects.visible_to(user).matching(text)).order_by(*standing_first)
    people = load_people(Person.objects.visible_to(user).matching(text), day=timezone.localdate(), user=user)
    return [
        Kind("don-vi", _("Provinces, districts, communes"), units.exclude(level="hamlet")),
        Kind("thon", _("Hamlets"), units.hamlets()),
        Kind("chi-bo", _("Party cells"), cells),
        Kind(
            "nhan-su",
            _("Secretaries, %(heads)s, officers") % {"heads": words_for(user).head},
            people.order_by(nearness(text), "sort_key", "pk"),
        ),
    ]


def nearness(text: str) -> Case:
    """Return how near the names of a row come to the words, nearest 0.

    The words in a row, each a word of its own, or only parts of words: "an khánh" is also found
    in "Khánh Bình An" and in "Vân Khánh", which must not push xã An Khánh off the page.
    """
    words = fold(text).split()
    key = Concat(Value(" "), "search_key", Value(" "), output_field=CharField())
    # Words of names stand between spaces, one key after the other; each word stands in a key once.
    in_a_row = Contains(key, Value(f" {' '.join(words)} "))
    one_by_one = reduce(and_, (Q(Contains(key, Value(f" {word} "))) for word in words))
    return Case(When(in_a_row, then=0), When(one_by_one, then=1), default=2, output_field=IntegerField())


def _first(kind: Kind, text: str) -> Finding:
    found = list(kind.rows[: MOST_FOUND + 1])
    has_more = len(found) > MOST_FOUND
    all_url = f"?{urlencode({'q': text, 'loai': kind.slug})}" if has_more else ""
    return Finding(kind.slug, kind.heading, found[:MOST_FOUND], all_url)


def _all(kind: Kind, number: str | None) -> Finding:
    page = Paginator(kind.rows, ROWS_PER_PAGE).get_page(number)
    return Finding(kind.slug, kind.heading, list(page.object_list), page=page)


def _tell(findings: list[Finding], user, text: str) -> None:
    """Say of what was found which former name was meant, and what became of it."""
    units = [row for finding in findings if finding.slug in ("don-vi", "thon") for row in finding.rows]
    cells = [row for finding in findings if finding.slug == "chi-bo" for row in finding.rows]
    recall(units, text)
    recall(cells, text)
    _tell_provinces([unit for unit in units if unit.level == Level.COMMUNE])
    tell_fates(units, user)
    tell_fates_of_cells(cells, user)


def _tell_provinces(communes: list[Unit]) -> None:
    """Put on each commune that stood in a district the province of then: many a province had a Châu Thành.

    Their periods are loaded by ``recall``.
    """
    last = [max(commune.periods.all(), key=lambda period: period.days) for commune in communes]
    prefetch_related_objects(last, "province")
    for commune, period in zip(communes, last, strict=True):
        commune.province_then = period.province if period.district_id else None
