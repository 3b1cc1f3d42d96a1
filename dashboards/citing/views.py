"""Quoting a figure and finding it again; saying that one is wrong, and answering."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.paginator import Paginator
from django.db import transaction
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.access import form_page, get_kept_or_404, locked
from accounts.guard import Guard
from cells.models import Unit
from cells.models.grants import scope_of
from dashboards.citing import reports
from dashboards.citing.asked import COMMUNE, FIGURE, ROW, TARGET, FigureKey, asked_figure, asked_frame
from dashboards.citing.codes import read_code
from dashboards.citing.forms import AnswerForm, CodeForm, ReportForm
from dashboards.citing.quotes import Cited, quote
from dashboards.models import FigureReport, Quote
from dashboards.overview import unit_url

ROWS_PER_PAGE = 50
MOST_OWN = 20
# The tabs of the list of reports, and what each holds.
WAITING, ANSWERED, OWN = "cho-tra-loi", "da-tra-loi", "cua-toi"


@require_safe
@permission_required("dashboards.view_quote", raise_exception=True)
def index(request):
    """A box for the code on a paper; below it what the reader has quoted."""
    form = CodeForm(request.GET if "ma" in request.GET else None)
    if form.is_valid():
        code = read_code(form.cleaned_data["ma"])
        found = Quote.objects.visible_to(request.user).filter(code=code).first() if code else None
        if found:
            return redirect("figures:quoted", found.code)
        form.add_error(
            "ma", _("No figure of what you look after is quoted by this code. Compare it with the paper.")
        )
    own = (
        Quote.objects.visible_to(request.user)
        .filter(quoted_by=request.user)
        .select_related("unit", "target__title")
    )
    context = {"form": form, "quotes": [Cited(one, request.user) for one in own[:MOST_OWN]]}
    return render(request, "figures/index.html", context)


@require_POST
@permission_required("dashboards.add_quote", raise_exception=True)
def make_quote(request, pk=None):
    """Quote the figure of the button that was pressed."""
    figure = asked_figure(asked_frame(request, pk), FigureKey.read(request.POST.get(FIGURE, "")))
    made = quote(figure, by=request.user)
    return redirect("figures:quoted", made.code)


@require_safe
@permission_required("dashboards.view_quote", raise_exception=True)
def quoted(request, code):
    """The figure as it was quoted, and as it is counted now for the same day."""
    quotes = Quote.objects.visible_to(request.user).select_related("unit", "target__title", "quoted_by")
    wanted = read_code(code)
    if wanted != code:
        # A code typed into the address as it stands on the paper.
        return redirect("figures:quoted", get_object_or_404(quotes, code=wanted).code)
    found = get_object_or_404(quotes, code=code)
    return render(request, "figures/quoted.html", {"quote": found, "cited": Cited(found, request.user)})


# --- a figure that is held to be wrong ----------------------------------------------------


@form_page
@permission_required("dashboards.add_figurereport", raise_exception=True)
def report(request, code, pk=None):
    """Say what is wrong with a figure; it goes to whoever keeps its data."""
    frame = asked_frame(request, pk)
    target = request.GET.get(TARGET, "")
    figure = asked_figure(frame, FigureKey.read(f"{code}:{target}" if target else code))
    units = reports.addressees(frame)
    if not units:
        raise Http404
    form = ReportForm(request.POST or None, units=units, initial=_begun(request, units))
    if form.is_valid():
        record = reports.report(figure, text=form.cleaned_data["text"], to=form.addressee, by=request.user)
        messages.success(
            request,
            _("Sent to %(clerk)s. The answer will be shown here.")
            % {"clerk": reports.clerk_of(form.addressee)},
        )
        return redirect("figures:reported", record.pk)
    context = {
        "form": form,
        "figure": figure,
        "clerk": reports.clerk_of(units[0]) if len(units) == 1 else "",
        "back_url": unit_url(frame, frame.unit.pk if frame.unit else None),
    }
    return render(request, "figures/report.html", context)


def _begun(request, units) -> dict:
    """Return what the address says of the row that is wrong: its commune, and its name to begin with."""
    begun = {"to": units[0].pk}
    commune = request.GET.get(COMMUNE, "")
    if chosen := next((unit for unit in units if str(unit.pk) == commune), None):
        begun["to"] = chosen.pk
    if row := request.GET.get(ROW, "")[:200]:
        begun["text"] = f"{row}: "
    return begun


@require_safe
@permission_required("dashboards.view_figurereport", raise_exception=True)
def report_list(request):
    """What was said to be wrong within what the reader looks after, and what the reader has said."""
    tab = request.GET.get("loc", WAITING)
    found = FigureReport.objects.visible_to(request.user).select_related(
        "unit", "addressed_to", "target__title"
    )
    tabs = {
        WAITING: (_("waiting for an answer"), found.filter(answer="")),
        ANSWERED: (_("answered"), found.exclude(answer="")),
        OWN: (_("said by me"), found.filter(reported_by=request.user)),
    }
    if tab not in tabs:
        raise Http404
    page = Paginator(tabs[tab][1].order_by("-pk"), ROWS_PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": [Cited(one, request.user) for one in page.object_list],
        "tabs": [(slug, label, slug == tab) for slug, (label, _rows) in tabs.items()],
    }
    return render(request, "figures/reports.html", context)


@require_safe
@permission_required("dashboards.view_figurereport", raise_exception=True)
def reported(request, pk):
    """One report with its answer; below it whoever keeps the data answers."""
    record = get_object_or_404(_shown(FigureReport.objects.visible_to(request.user)), pk=pk)
    form = _answer_form(request, record) if _may_answer(request.user, record) else None
    return render(request, "figures/reported.html", _of_report(request, record, form))


@form_page
@permission_required("dashboards.change_figurereport", raise_exception=True)
@transaction.atomic
def answer(request, pk):
    """Answer in words; who has answered meanwhile is not written over."""
    record = get_kept_or_404(locked(request, _shown(FigureReport.objects)), request.user, pk=pk)
    form = _answer_form(request, record)
    if form.is_valid():
        reports.answer(record, form.cleaned_data["answer"], by=request.user)
        messages.success(request, _("Answered. Whoever asked sees it on the first page."))
        return redirect("figures:reported", pk)
    return render(request, "figures/reported.html", _of_report(request, record, form))


def _shown(records):
    return records.select_related("unit", "addressed_to", "target__title")


def _answer_form(request, record: FigureReport) -> AnswerForm:
    guard = Guard(FigureReport.history.filter(id=record.pk))
    return AnswerForm(request.POST or None, guard=guard, initial={"answer": record.answer})


def _of_report(request, record: FigureReport, form: AnswerForm | None) -> dict:
    return {
        "record": record,
        "cited": Cited(record, request.user),
        "clerk": reports.clerk_of(record.addressed_to),
        "form": form,
        # The number of a province is not for a commune that was told of one row of it.
        "sees_number": _sees(request.user, record),
    }


def _sees(user, record: FigureReport) -> bool:
    if record.unit is None:
        return scope_of(user).everywhere
    return Unit.objects.visible_to(user).filter(pk=record.unit_id).exists()


def _may_answer(user, record: FigureReport) -> bool:
    kept = FigureReport.objects.kept_by(user).filter(pk=record.pk)
    return user.has_perm("dashboards.change_figurereport") and kept.exists()
