"""What is entered for one case: its criteria, its appraisal, a line a month, plan and pilot."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.access import form_page
from accounts.acts import one_act, saved
from accounts.guard import Guard
from evaluations.models import CaseMonth, TitleCase
from evaluations.titling.appraising import APPRAISED, ASSIGNED, open_fields, rows_of, save_rows, score_of_rows
from evaluations.titling.forms import AppraisalForm, CaseForm, MonthForm, months_back
from evaluations.titling.keeping import change_case, sets_for, write_month
from evaluations.titling.steps import ACTS, Kind, take
from evaluations.titling.views.acting import about, kept_case
from leaders.models import Person, Tenure

MOST_CANDIDATES = 30
GRID = "evaluations.change_casecriterion"


@form_page
@permission_required("evaluations.change_titlecase", raise_exception=True)
def edit(request, pk):
    case = kept_case(request, pk)
    form = CaseForm(request.POST or None, instance=case, sets=sets_for(case))
    if form.is_valid() and saved(
        request,
        form,
        about(case, _("plan, pilot, notes")),
        lambda: change_case(case, form.values, revision=form.cleaned_data["revision"]),
    ):
        messages.success(request, _("Saved."))
        return redirect(case)
    return render(request, "titles/edit.html", {"form": form, "case": case})


# --- criteria ----------------------------------------------------------------------------


@form_page
@permission_required(GRID, raise_exception=True)
def criteria(request, pk):
    """Who looks after each criterion, and the points the cell gives itself."""
    case = kept_case(request, pk)
    names = open_fields(case, ASSIGNED)
    rows, faults = _grid(request, case, names, _("criteria: who is in charge, own points"))
    if rows is None:
        return redirect(case)
    candidates = _candidates(request, case, rows)
    offered = {person.pk for person in candidates}
    for row in rows:
        # A name nobody may read here; what stands there is kept when the page is saved.
        if row.entered.in_charge_id not in offered:
            row.out_of_sight = f"{row.entered.in_charge_id or ''}"
    context = {
        "case": case,
        "rows": rows,
        "faults": faults,
        "names": names,
        "score": score_of_rows(case, rows),
        "candidates": candidates,
        "tim": _words(request),
    }
    return render(request, "titles/criteria.html", context)


def _grid(request, case: TitleCase, names, what: str):
    """Save what was typed. Return (None, []) where all of it is saved, else the rows and what is wrong."""
    if request.method != "POST":
        return rows_of(case), []
    try:
        with one_act(request, about(case, what)):
            rows = save_rows(case, names, request.POST, user=request.user)
    except ValidationError as error:
        return rows_of(case), error.messages
    open_rows = [row for row in rows if row.faults or row.conflict]
    done = sum(row.is_saved for row in rows)
    if done or not open_rows:
        messages.success(
            request, ngettext("%(count)d row is saved.", "%(count)d rows are saved.", done) % {"count": done}
        )
    if not open_rows:
        return None, []
    left = ngettext("%(count)d row is not saved yet.", "%(count)d rows are not saved yet.", len(open_rows))
    return rows, [left % {"count": len(open_rows)}]


def _words(request) -> str:
    return request.GET.get("tim", "").strip()[:100]


def _candidates(request, case: TitleCase, rows) -> list[Person]:
    """Return whom to offer: those with a seat in the cell or its hamlets, those found by name, those chosen."""
    today = timezone.localdate()
    seen = Person.objects.visible_to(request.user)
    hamlets = case.cell.areas.on(today).values("hamlet")
    seats = Tenure.objects.visible_to(request.user).on(today)
    seats = seats.filter(Q(cell=case.cell_id) | Q(hamlet__in=hamlets))
    near = seen.filter(pk__in=seats.values("person")).order_by("sort_key", "pk")
    found = seen.none()
    if words := _words(request):
        found = seen.matching(words).nearest_first(words)[:MOST_CANDIDATES]
    # Who was chosen and is out of sight since is not named here either.
    chosen = seen.filter(pk__in=[row.entered.in_charge_id for row in rows if row.entered.in_charge_id])
    people = {person.pk: person for person in (*near, *found, *chosen)}
    return sorted(people.values(), key=lambda person: (person.sort_key, person.pk))


# --- appraisal ---------------------------------------------------------------------------


@form_page
@permission_required(["evaluations.change_titlecase", GRID], raise_exception=True)
def appraise(request, pk):
    """Points and remarks row by row, who was there; saved as a draft, or recorded as the appraisal."""
    case = kept_case(request, pk)
    if case.state not in ACTS[Kind.APPRAISED].sources:
        messages.error(
            request,
            _("The case is %(state)s. Its points are closed.") % {"state": case.get_state_display()},
        )
        return redirect(case)
    initial = {
        "day": timezone.localdate(),
        "team": case.appraisal_team,
        "remark": case.appraisal_remark,
        "revision": case.revision,
    }
    form = AppraisalForm(request.POST or None, initial=initial)
    names = open_fields(case, APPRAISED)
    rows, faults = rows_of(case), []
    if form.is_valid():
        rows, faults = _save_appraisal(request, case, form, names)
        if rows is None:
            return redirect(case)
    context = {
        "case": case,
        "form": form,
        "rows": rows,
        "faults": faults,
        "names": names,
        "score": score_of_rows(case, rows),
    }
    return render(request, "titles/appraise.html", context)


def _save_appraisal(request, case: TitleCase, form: AppraisalForm, names):
    """Save team, remark and points; then take the step where it was asked for and nothing stands against it."""
    data = form.cleaned_data
    said = {"appraisal_team": data["team"], "appraisal_remark": data["remark"]}
    if any(getattr(case, name) != value for name, value in said.items()):
        if not saved(
            request,
            form,
            about(case, _("team and remark of the appraisal")),
            lambda: change_case(case, said, revision=data["revision"]),
        ):
            return rows_of(case), []
        case = kept_case(request, case.pk)
    else:
        case.revision = data["revision"]
    rows, faults = (
        _grid(request, case, names, _("points of the appraisal")) if case.criteria_set_id else (None, [])
    )
    # What comes back is about the case as it is by now.
    form.data = form.data.copy()
    form.data["revision"] = str(case.revision)
    if rows is not None or "record" not in request.POST:
        return rows, faults
    day = data["day"] or timezone.localdate()
    try:
        with one_act(request, about(case, _("appraised"))):
            take(case, Kind.APPRAISED, by=request.user, day=day)
    except ValidationError as error:
        return rows_of(case), error.messages
    messages.success(request, _("The appraisal is recorded."))
    return None, []


# --- a line a month ----------------------------------------------------------------------


@form_page
@permission_required("evaluations.change_casemonth", raise_exception=True)
@transaction.atomic
def month(request, pk):
    if request.method == "POST":
        # Two who write the same month stand in line.
        TitleCase.objects.select_for_update(of=("self",)).filter(pk=pk).first()
    case = kept_case(request, pk)
    offered = {day.isoformat(): day for day in months_back()}
    asked = request.POST.get("month") or f"{request.GET.get('thang', '')}-01"
    day = offered.get(asked, next(iter(offered.values())))
    written = CaseMonth.objects.filter(case=case, month=day).first()
    form = MonthForm(
        request.POST or None,
        initial={"month": day.isoformat(), "line": written.line if written else ""},
        guard=Guard(CaseMonth.history.filter(case=case, month=day)),
    )
    if form.is_valid():
        data = form.cleaned_data
        what = _("month %(month)s") % {"month": f"{data['month']:%m/%Y}"}
        if saved(request, form, about(case, what), lambda: write_month(case, data["month"], data["line"])):
            messages.success(
                request, _("The line of %(month)s is saved.") % {"month": f"{data['month']:%m/%Y}"}
            )
            return redirect(case)
    return render(request, "titles/month.html", {"form": form, "case": case, "written": written})
