"""The pages of papers: which there are of a unit and a year, what each says, and what was issued."""

from django.contrib.auth.decorators import permission_required
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from accounts.asked import number_in
from cells.models import Unit
from cells.models.grants import scope_of
from dashboards.models import IssuedReport
from dashboards.papers.asking import Asked, asked_for, cycles_of, own_units, units_for
from dashboards.papers.forms import CONTENT_TYPES, FORMS, KIND_NAMES, Form, forms_of
from dashboards.papers.issuing import differences, may_issue
from dashboards.papers.making import Paper, without_private
from dashboards.papers.paragraphs import paragraph
from dashboards.papers.province_figures import communes_of
from dashboards.papers.setting import set_out
from dashboards.papers.streak_list import StreakList
from evaluations.models import ReviewCycle

ROWS_ON_A_PAGE = 50
# A page shows the beginning of a long list; the file has all of it.
ROWS_SHOWN = 300
READ = "evaluations.view_cellrating"
YEARS = "so_nam"
MANY_YEARS = frozenset(map(str, range(2, 21)))


@require_safe
@permission_required(READ, raise_exception=True)
def index(request):
    """Lead to the papers of the unit somebody works for, or let them choose among several."""
    if scope_of(request.user).everywhere:
        units = units_for(request.user).filter(pk__in=ReviewCycle.objects.values("province"))
    else:
        units = own_units(request.user)
    units = list(units.order_by("sort_key", "pk"))
    if len(units) == 1:
        return redirect("papers:unit", units[0].pk)
    return render(request, "papers/index.html", {"units": units})


@require_safe
@permission_required(READ, raise_exception=True)
def unit_papers(request, pk, year=None):
    """Show every paper of a unit and a year, the paragraph for a report, and what was issued."""
    unit = get_object_or_404(units_for(request.user), pk=pk)
    if (chosen := number_in(request, "nam")) is not None:
        return redirect("papers:year", pk, chosen)
    if (chosen := number_in(request, "xa")) is not None:
        commune = get_object_or_404(units_for(request.user), pk=chosen)
        return redirect("papers:year", commune.pk, year) if year else redirect("papers:unit", commune.pk)
    years = list(cycles_of(unit, request.user).values_list("year", flat=True))
    if not years and year is None:
        return render(request, "papers/unit.html", {"unit": unit, "years": []})
    asked = asked_for(request.user, unit, year or years[0])
    issued = IssuedReport.objects.visible_to(request.user).filter(unit=unit, year=asked.year)
    context = {
        "unit": unit,
        "asked": asked,
        "years": years,
        "forms": forms_of(unit.level),
        "kinds": KIND_NAMES,
        "paragraph": "" if asked.is_withheld else paragraph(asked),
        "issued": issued.defer("figures"),
        "communes": _communes(asked),
        "may_issue": may_issue(asked),
    }
    return render(request, "papers/unit.html", context)


def _communes(asked: Asked) -> list[tuple[int, str]]:
    """Return the communes whose own papers may be looked at from the province's page."""
    return [] if asked.is_commune else list(communes_of(asked).names.items())


def form_of(code: str, unit: Unit) -> Form:
    """Return the paper of this word, or raise Http404 where a unit of this level has none."""
    form = FORMS.get(code)
    if form is None or unit.level not in form.levels:
        raise Http404
    return form


def years_of(request) -> int:
    """Return how many years running are asked for: three, or another number between two and twenty."""
    text = request.GET.get(YEARS, request.POST.get(YEARS, ""))
    return int(text) if text in MANY_YEARS else 3


def asked_of(request, pk: int, year: int, code: str) -> tuple[Form, Asked]:
    """Return the form and the question of an address; 404 where the reader has nothing to see there."""
    unit = get_object_or_404(units_for(request.user), pk=pk)
    form = form_of(code, unit)
    asked = asked_for(request.user, unit, year, years=years_of(request))
    if asked.is_withheld:
        raise Http404
    return form, asked


@require_safe
@permission_required(READ, raise_exception=True)
def paper(request, pk, year, form):
    """Show what a paper says, before it is printed."""
    form, asked = asked_of(request, pk, year, form)
    made = Paper.of(form, asked)
    context = {
        "unit": asked.unit,
        "asked": asked,
        "form": form,
        "kinds": [(kind, KIND_NAMES[kind]) for kind in form.kinds],
        "paper": made,
        "may_issue": form.is_issued and may_issue(asked),
        "asks_years": form.code == "xuat-sac-nhieu-nam",
        **_shown(form, made.figures),
    }
    return render(request, "papers/paper.html", context)


def _shown(form: Form, figures) -> dict:
    blocks = set_out(form.layout, figures)
    cut = sum(max(0, len(block.rows) - ROWS_SHOWN) for block in blocks)
    pages = [number for number, block in enumerate(blocks) if block.kind == "break"]
    if pages and not form.layout.numbers_pages:
        # Papers of their own are all alike: the first shows what they look like.
        blocks = blocks[: pages[0]]
    for block in blocks:
        block.rows = block.rows[:ROWS_SHOWN]
    return {"blocks": blocks, "cut": cut}


@require_safe
@permission_required("dashboards.view_issuedreport", raise_exception=True)
def issued(request, pk):
    """Show an issued paper as it was, and what would be different today."""
    report = get_object_or_404(IssuedReport.objects.visible_to(request.user).select_related("unit"), pk=pk)
    form = FORMS.get(report.form)
    figures = without_private(form, report.figures, request.user) if form else report.figures
    context = {
        "report": report,
        "form": form,
        "kinds": [(kind, KIND_NAMES.get(kind, kind)) for kind in report.files.values_list("kind", flat=True)],
        **(_shown(form, figures) if form else {}),
        **_since(form, report, figures, request.user),
    }
    return render(request, "papers/issued.html", context)


def _since(form: Form | None, report: IssuedReport, figures, user) -> dict:
    """Return the differences since the day it was issued, or why they cannot be told."""
    if form is None:
        return {"cannot_compare": True}
    try:
        asked = asked_for(user, report.unit, report.year, years=report.years)
    except Http404:
        return {"cannot_compare": True}
    return {"differences": differences(form, figures, form.figures_for(asked))}


@require_safe
@permission_required("dashboards.view_issuedreport", raise_exception=True)
def issued_file(request, pk, kind):
    """Hand out a file as it was kept; without private fields to who may not see them."""
    report = get_object_or_404(IssuedReport.objects.visible_to(request.user).select_related("unit"), pk=pk)
    kept = get_object_or_404(report.files, kind=kind)
    form = FORMS.get(report.form)
    name = f"{report.title} – {report.unit}"
    paper = Paper(form, report.figures, report.unit.province_id, name) if form else None
    content = bytes(kept.content)
    if form and form.private and not request.user.sees_private_data:
        figures = without_private(form, report.figures, request.user)
        content = Paper(form, figures, report.unit.province_id, name).write(kind)
    if paper:
        paper.note(by=request.user, kind=kind)
    return file_response(content, kind, paper.file_name(kind) if paper else f"{pk}.{kind}")


def file_response(content: bytes, kind: str, name: str) -> HttpResponse:
    """Return a file to be saved under this name."""
    headers = {"Content-Disposition": content_disposition_header(True, name)}
    return HttpResponse(content, content_type=CONTENT_TYPES[kind], headers=headers)


@require_safe
@permission_required("evaluations.view_leaderrating", raise_exception=True)
def streaks(request):
    """Show the cells or people with several years running at a level, with what proves each year."""
    found = StreakList.of(request)
    page = Paginator(found.rows, ROWS_ON_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "filter": found.filter,
        "found": found,
        "page": page,
        "export_url": reverse("exporting:streaks"),
        "list_url": reverse("papers:streaks"),
    }
    return render(request, "papers/streaks.html", context)
