"""Steps asked about before they are taken, and the decision that recognises many cells at once."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.access import form_page
from accounts.acts import saved
from accounts.asked import revision_in
from cells.kinds import province_committee
from evaluations.forms import PaperForm
from evaluations.models import Title, TitleCase
from evaluations.titling.forms import ReasonForm, RevokeForm, WhyForm
from evaluations.titling.score import scores_of
from evaluations.titling.steps import ACTS, RECOGNISE, Kind, recognise_many, take
from evaluations.titling.views.acting import about, kept_case
from sheets.text import nfc, nfc_lines

# Steps with a page of their own kind are taken there.
ASKED = set(Kind) - {Kind.APPRAISED, Kind.RECOGNISED}


def _consequence(kind: str) -> str:
    return {
        Kind.REOPENED: _("The points are open again, and the appraisal has to be recorded anew."),
        Kind.WITHDRAWN: _("The cell is not on its way to this title any more. It may be registered anew."),
        Kind.DECLINED: _("The cell is not recognised. It may be registered anew for another year."),
        Kind.REVOKED: _(
            "The title is not held from the day of the decision on; figures of earlier days stay as they were."
        ),
        Kind.RECOGNITION_CORRECTED: _(
            "The decision and its day take the place of those recorded; figures from that day on follow."
        ),
        Kind.REVOCATION_CORRECTED: _(
            "The decision and its day take the place of those recorded; figures from that day on follow."
        ),
        Kind.UNDONE: _("The case stands where it stood before; figures of the days since then change."),
    }[kind]


@form_page
def step(request, pk, kind):
    """Ask what a step needs, say what it means, take it."""
    if kind not in ASKED:
        raise Http404
    act = ACTS[kind]
    if not request.user.has_perm(act.permission):
        raise PermissionDenied
    case = kept_case(request, pk)
    if case.state not in act.sources:
        messages.error(
            request,
            _("The case is %(state)s. This step is not taken from there.")
            % {"state": case.get_state_display()},
        )
        return redirect(case)
    form = _form(request, case, kind)
    label = Kind(kind).label
    if form.is_valid():
        data = form.cleaned_data
        case.revision = data["revision"]
        paper = form.paper() if act.needs_paper else None
        day = paper.day if paper else data.get("day") or timezone.localdate()
        if saved(
            request,
            form,
            about(case, label),
            lambda: take(case, kind, by=request.user, day=day, text=nfc_lines(data["reason"]), paper=paper),
        ):
            messages.success(request, _("Done: %(step)s.") % {"step": label})
            return redirect(case)
    context = {"form": form, "case": case, "heading": label, "text": _consequence(kind)}
    return render(request, "titles/step.html", context)


def _form(request, case: TitleCase, kind: str):
    """Return what is asked: a paper, a day, or the reason alone; a correction begins with what is recorded."""
    if kind == Kind.UNDONE:
        return WhyForm(request.POST or None, initial={"revision": case.revision})
    if not ACTS[kind].needs_paper:
        return ReasonForm(
            request.POST or None, initial={"revision": case.revision, "day": timezone.localdate()}
        )
    initial = {"revision": case.revision, "body": _body(case)}
    recorded = {Kind.RECOGNITION_CORRECTED: case.recognition, Kind.REVOCATION_CORRECTED: case.revocation}
    if paper := recorded.get(kind):
        said = {"number": paper.number, "day": paper.date, "body": paper.issuing_body, "signer": paper.signer}
        initial |= said
    return RevokeForm(request.POST or None, initial=initial)


def _body(case: TitleCase) -> str:
    if case.recognition_id:
        return case.recognition.issuing_body
    province = case.cell.commune and case.cell.commune.province
    return _committee(province) if province else ""


def _committee(province) -> str:
    return _("Standing committee of %(committee)s") % {
        "committee": f"{province_committee(province.kind)} {province.name}"
    }


@form_page
@permission_required(RECOGNISE, raise_exception=True)
def recognise(request):
    """One decision for many: all appraised cells of a title are ticked, exceptions are left out or explained."""
    titles = list(Title.objects.visible_to(request.user))
    title = _title(request, titles)
    cases = list(_appraised(request.user, title)) if title else []
    scores = scores_of(cases)
    form = PaperForm(request.POST or None, initial={"body": _committee_of(cases)})
    rows = [_row(case, scores[case.pk], request.POST) for case in cases]
    if form.is_valid():
        chosen = [row for row in rows if row["is_ticked"]]
        recognised = []

        def save():
            recognised.extend(
                recognise_many(
                    {row["case"].pk: row["revision"] for row in chosen},
                    form.paper(),
                    by=request.user,
                    reasons={row["case"].pk: row["reason"] for row in chosen},
                )
            )

        what = _("Recognised: “%(title)s”, decision %(number)s") % {
            "title": title,
            "number": form.cleaned_data["number"],
        }
        if saved(request, form, what, save):
            said = ngettext(
                "%(count)d cell is recognised.", "%(count)d cells are recognised.", len(recognised)
            )
            messages.success(request, said % {"count": len(recognised)})
            return redirect("titles:board")
    context = {"form": form, "title": title, "titles": titles, "rows": rows}
    return render(request, "titles/recognise.html", context)


def _title(request, titles: list[Title]) -> Title | None:
    text = request.GET.get("danh_hieu", "")
    found = [one for one in titles if text in (str(one.pk), one.code)]
    if text and not found:
        raise Http404
    return found[0] if found else next(iter(titles), None)


def _appraised(user, title: Title):
    cases = TitleCase.objects.kept_by(user).filter(title=title, state__in=ACTS[Kind.RECOGNISED].sources)
    return cases.select_related("cell__commune__province", "title").order_by(
        "cell__commune__sort_key", "cell__commune", "cell__sort_key", "pk"
    )


def _committee_of(cases: list[TitleCase]) -> str:
    provinces = {case.cell.commune.province for case in cases if case.cell.commune_id}
    return _committee(provinces.pop()) if len(provinces) == 1 else ""


def _row(case: TitleCase, score, posted) -> dict:
    """Return a line of the page; what speaks against a cell leaves it unticked until somebody ticks it."""
    return {
        "case": case,
        "score": score,
        "is_ticked": f"c{case.pk}" in posted if posted else not score.objections,
        "reason": nfc(posted.get(f"c{case.pk}-reason", ""))[:400],
        "revision": revision_in(posted.get(f"c{case.pk}-revision", "")) if posted else case.revision,
    }
