"""Everything that is recorded about one case, and its sheet as a file."""

from django.contrib.auth.decorators import permission_required
from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from dashboards.histories import changes_of
from dashboards.papers.views import file_response
from dashboards.titling import papers
from evaluations.models import CaseCheck, CaseCriterion, CaseMonth, TitleCase
from evaluations.titling.appraising import ASSIGNED, Row, open_fields, rows_of, score_of_rows
from evaluations.titling.checking import to_check
from evaluations.titling.steps import Kind, acts_for
from leaders.models import Person

READ = "evaluations.view_titlecase"


def _seen_case(request, pk: int) -> TitleCase:
    cases = TitleCase.objects.visible_to(request.user).select_related(
        "cell__commune__province",
        "title",
        "criteria_set",
        "recognition",
        "revocation",
        "inherited_from__cell",
    )
    return get_object_or_404(cases, pk=pk)


def _names_in_charge(user, rows: list[Row]) -> dict[int, str]:
    """Return the names of those in charge whom this reader may see."""
    keys = {row.entered.in_charge_id for row in rows if row.entered.in_charge_id}
    seen = Person.objects.visible_to(user).filter(pk__in=keys) if keys else ()
    return {person.pk: str(person) for person in seen}


@require_safe
@permission_required(READ, raise_exception=True)
def case(request, pk):
    case = _seen_case(request, pk)
    user, today = request.user, timezone.localdate()
    rows = rows_of(case)
    is_kept = TitleCase.objects.kept_by(user).filter(pk=pk).exists()
    acts = acts_for(user, case, is_kept=is_kept)
    is_running = case.state in (
        TitleCase.State.REGISTERED,
        TitleCase.State.APPRAISED,
        TitleCase.State.RECOGNISED,
    )
    names = _names_in_charge(user, rows)
    for row in rows:
        row.in_charge = names.get(row.entered.in_charge_id, "")
    context = {
        "case": case,
        "rows": rows,
        "score": score_of_rows(case, rows),
        "months": case.months.all(),
        "checks": case.checks.all(),
        "heirs": case.heirs.visible_to(user).select_related("cell"),
        "inherited_visible": _sees(user, case.inherited_from_id),
        "acts": [(act.value, act.label) for act in acts if act not in (Kind.APPRAISED, Kind.RECOGNISED)],
        "may_appraise": Kind.APPRAISED in acts,
        "may_recognise": Kind.RECOGNISED in acts,
        "may_change": is_kept and user.has_perm("evaluations.change_titlecase"),
        "may_enter": is_kept
        and bool(rows)
        and bool(open_fields(case, ASSIGNED))
        and user.has_perm("evaluations.change_casecriterion"),
        "may_write_month": is_kept and is_running and user.has_perm("evaluations.change_casemonth"),
        "may_check": is_kept
        and user.has_perm("evaluations.change_casecheck")
        and to_check(user, today.year, today).filter(pk=pk).exists(),
        "kinds": papers.KINDS,
        "today": today,
        "changes": _changes(case, user) if is_kept else None,
    }
    return render(request, "titles/case.html", context)


def _sees(user, pk: int | None) -> bool:
    return pk is not None and TitleCase.objects.visible_to(user).filter(pk=pk).exists()


def _changes(case: TitleCase, reader):
    return changes_of(
        [
            TitleCase.history.filter(id=case.pk),
            CaseCriterion.history.filter(case=case),
            CaseMonth.history.filter(case=case),
            CaseCheck.history.filter(case=case),
        ],
        reader=reader,
    )


@require_safe
@permission_required(READ, raise_exception=True)
def sheet(request, pk, kind):
    if kind not in papers.KINDS:
        raise Http404
    case = _seen_case(request, pk)
    rows = rows_of(case)
    figures = papers.sheet_figures(
        case, rows, score_of_rows(case, rows), _names_in_charge(request.user, rows)
    )
    name = f"Phiếu danh hiệu – {case.cell} – {case.year or case.title}"
    papers.note(name, kind, figures, by=request.user)
    content = papers.write(papers.SHEET, figures, name=name, kind=kind)
    return file_response(content, kind, papers.file_name(name, kind))
