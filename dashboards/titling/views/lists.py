"""The board of titles, the list behind its numbers, and what is to be looked at again this year."""

from django.contrib.auth.decorators import permission_required
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from cells.models.grants import scope_of
from dashboards.basis import basis_context
from dashboards.key_pages import ROWS_ON_A_PAGE, KeyPages
from dashboards.letterhead import office_of
from dashboards.list_exports import filtered
from dashboards.papers.views import file_response
from dashboards.titling import papers
from dashboards.titling.board import COLUMNS, TitleBoard
from dashboards.titling.cases import CaseFilter, case_rows
from dashboards.titling.yearly import Yearly
from evaluations.models import Title, TitleCase
from evaluations.titling.checking import CHECK
from evaluations.titling.score import scores_of
from evaluations.titling.steps import RECOGNISE, State

READ = "evaluations.view_titlecase"


def _keeps_something(user) -> bool:
    scope = scope_of(user, keeping=True)
    return scope.everywhere or bool(scope.provinces or scope.communes)


def _acts(user) -> dict:
    """Return what the person may begin from the board and the list."""
    keeps = _keeps_something(user)
    return {
        "may_register": keeps and user.has_perm("evaluations.add_titlecase"),
        "may_recognise": keeps and user.has_perm(RECOGNISE),
    }


@require_safe
@permission_required(READ, raise_exception=True)
def board(request):
    narrowed = filtered(request, CaseFilter)
    context = {
        "filter": narrowed,
        "board": TitleBoard(narrowed),
        "columns": COLUMNS,
        **_acts(request.user),
        **basis_context(request, narrowed.basis),
    }
    return render(request, "titles/board.html", context)


@require_safe
@permission_required(READ, raise_exception=True)
def case_list(request):
    narrowed = filtered(request, CaseFilter)
    page = KeyPages(narrowed.rows()).get_page(request.GET.get("page"))
    cases = case_rows(narrowed.rows().filter(pk__in=page.object_list), narrowed.frame)
    scores = scores_of(cases)
    for case in cases:
        case.score = scores[case.pk]
    page.object_list = cases
    context = {
        "filter": narrowed,
        "page": page,
        **_acts(request.user),
        **basis_context(request, narrowed.basis),
    }
    return render(request, "titles/list.html", context)


@require_safe
@permission_required("evaluations.view_casecheck", raise_exception=True)
def checks(request):
    """The titles won before the year and held now, each with what the software finds about it."""
    try:
        yearly = Yearly(request.user, request.GET)
    except ValidationError as error:
        raise Http404 from error
    page = Paginator(yearly.rows, ROWS_ON_A_PAGE).get_page(request.GET.get("page"))
    page.object_list = yearly.with_cases(page.object_list)
    kept = TitleCase.objects.kept_by(request.user).filter(pk__in=[row.key for row in page.object_list])
    context = {
        "yearly": yearly,
        "page": page,
        "kept": set(kept.values_list("pk", flat=True)) if request.user.has_perm(CHECK) else set(),
    }
    return render(request, "titles/checks.html", context)


@require_safe
@permission_required(RECOGNISE, raise_exception=True)
def decision_list(request, pk, kind):
    """The list of the cells that were appraised for a title, as it goes with the draft of the decision."""
    if kind not in papers.KINDS:
        raise Http404
    title = get_object_or_404(Title.objects.visible_to(request.user), pk=pk)
    cases = TitleCase.objects.kept_by(request.user).filter(title=title, state=State.APPRAISED)
    cases = list(
        cases.select_related("cell__commune").order_by(
            "cell__commune__sort_key", "cell__commune", "cell__sort_key", "pk"
        )
    )
    name = f"Danh sách đề nghị công nhận – {title}"
    figures = papers.list_figures(title, office_of(request.user), cases, scores_of(cases))
    papers.note(name, kind, figures, by=request.user)
    content = papers.write(papers.TO_DECIDE, figures, name=name, kind=kind)
    return file_response(content, kind, papers.file_name(name, kind))
