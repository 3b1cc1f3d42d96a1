"""Opening a year, its days and its notice, fixing its lists, taking it back, locking it."""

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from accounts.access import form_page
from accounts.changes import ChangeSet, recording
from cells.models.grants import scope_of
from dashboards.review.access import receives_reviews, year_to_run
from dashboards.review.board import ReviewBoard
from dashboards.review.forms import DaysForm, OpenForm
from dashboards.review.notice import notice
from dashboards.review.views.board import frame
from dashboards.wording import words_for
from evaluations.models import CommuneRating, ReviewCycle
from evaluations.naming import named
from evaluations.review.days import change_days
from evaluations.review.opening import close_year, discard_year, fix_lists, not_received, open_year

State = ReviewCycle.State


def carried_out(request, deed: Callable, *, reason: str, form=None) -> bool:
    """Do the deed in one transaction and one change set; say why where it is refused, and leave all as it was."""
    try:
        with transaction.atomic(), recording(by=request.user, kind=ChangeSet.Kind.PAGE, reason=reason):
            deed()
    except ValidationError as error:
        _say(request, error, form)
        return False
    return True


def _say(request, error: ValidationError, form) -> None:
    if form is None:
        for sentence in error.messages:
            messages.error(request, sentence)
        return
    faults = getattr(error, "error_dict", {"": [error]})
    for name, errors in faults.items():
        for one in errors:
            form.add_error(name if name in form.fields else None, one.messages)


@form_page
@receives_reviews
def open_page(request):
    """Open the review of a year."""
    if not scope_of(request.user, keeping=True).provinces:
        raise Http404
    hamlets = words_for(request.user).hamlet
    form = OpenForm(request.POST or None, user=request.user, hamlets=hamlets)
    if form.is_valid():
        made = []
        province, plan = form.cleaned_data["province"], form.plan()
        reason = _("Review of %(year)s opened") % {"year": plan.year}
        if carried_out(
            request,
            lambda: made.append(open_year(province, plan, by=request.user)),
            reason=reason,
            form=form,
        ):
            messages.success(request, _("Opened. Send the notice, then watch who confirms the list."))
            return redirect(_address(request, made[0], "notice"))
    return render(request, "review_board/open.html", {"form": form})


def _address(request, cycle: ReviewCycle, name: str = "board") -> str:
    kept = f"?tinh={cycle.province_id}" if "tinh" in request.GET else ""
    return reverse(f"review_board:{name}", args=[cycle.year]) + kept


@form_page
@receives_reviews
def days(request, year):
    """Change the days of a running year."""
    cycle = year_to_run(request, year)
    form = DaysForm(request.POST or None, cycle=cycle)
    if form.is_valid() and carried_out(
        request,
        lambda: change_days(cycle, by=request.user, **form.cleaned_data),
        reason=_("Deadlines of the review of %(year)s changed") % {"year": year},
        form=form,
    ):
        messages.success(request, _("Saved. Send the notice again so that the communes know."))
        return redirect(_address(request, cycle))
    context = {**frame(request, cycle, [cycle]), "form": form}
    return render(request, "review_board/days.html", context)


@require_safe
@receives_reviews
def notice_page(request, year):
    """The text for the group chat, ready to be copied."""
    cycle = year_to_run(request, year)
    address = request.build_absolute_uri(reverse("review_board:year", args=[cycle.year]))
    context = {**frame(request, cycle, [cycle]), "text": notice(cycle, address, request.user)}
    return render(request, "review_board/notice.html", context)


@form_page
@receives_reviews
def fix(request, year):
    """Fix the lists of all communes, after saying how many have not confirmed theirs."""
    cycle = year_to_run(request, year)
    if request.method == "POST":
        counted = []
        if carried_out(
            request,
            lambda: counted.append(fix_lists(cycle, by=request.user)),
            reason=_("Lists of the review of %(year)s fixed") % {"year": year},
        ):
            sentence = ngettext(
                "The list is fixed: %(count)d cell.", "The lists are fixed: %(count)d cells.", counted[0]
            )
            messages.success(request, sentence % {"count": counted[0]})
        return redirect(_address(request, cycle))
    waiting = ReviewBoard(cycle, request.user, timezone.localdate()).narrowed(
        "chua-xac-nhan" if cycle.state == State.PREPARING else ""
    )
    return _ask(
        request,
        cycle,
        heading=_("Fix the list of cells"),
        text=_(
            "The cells that stand on %(day)s become the list of the year, each in the commune of that day. Afterwards a"
            " cell is added or taken off only with a reason."
        )
        % {"day": f"{cycle.roster_day:%d/%m/%Y}"},
        consequences=_not_confirmed(waiting) if cycle.state == State.PREPARING else [],
        action_label=_("Fix the list of cells"),
    )


def _not_confirmed(rows) -> list[str]:
    if not rows:
        return [_("All communes have confirmed their lists.")]
    sentence = ngettext(
        "%(count)d commune has not confirmed its list: %(names)s.",
        "%(count)d communes have not confirmed their lists: %(names)s.",
        len(rows),
    )
    names = [str(row.file.commune) for row in rows]
    return [sentence % {"count": len(rows), "names": named(names, most=12)}]


@form_page
@receives_reviews
def discard(request, year):
    """Take back a year opened in error, as long as nothing is fixed."""
    cycle = year_to_run(request, year)
    if request.method == "POST":
        if carried_out(
            request,
            lambda: discard_year(cycle, by=request.user),
            reason=_("Review of %(year)s taken back") % {"year": year},
        ):
            messages.success(request, _("Taken back. The year can be opened again."))
            return redirect("review_board:years")
        return redirect(_address(request, cycle))
    confirmed = cycle.submissions.filter(list_confirmed_at__isnull=False).count()
    consequences = [_("What the communes corrected in their cells stays.")]
    if confirmed:
        sentence = ngettext(
            "%(count)d commune has confirmed its list; that is lost.",
            "%(count)d communes have confirmed their lists; that is lost.",
            confirmed,
        )
        consequences.insert(0, sentence % {"count": confirmed})
    return _ask(
        request,
        cycle,
        heading=_("Take this year back"),
        text=_("The communes no longer see the review of %(year)s. It can be opened again.") % {"year": year},
        consequences=consequences,
        action_label=_("Take this year back"),
    )


@form_page
@receives_reviews
def close(request, year):
    """Lock the figures of the year."""
    cycle = year_to_run(request, year)
    if request.method == "POST":
        if carried_out(
            request,
            lambda: close_year(cycle, by=request.user),
            reason=_("Figures of %(year)s locked") % {"year": year},
        ):
            messages.success(request, _("The figures of %(year)s are locked.") % {"year": year})
        return redirect(_address(request, cycle))
    missing = not_received(cycle).count()
    return _ask(
        request,
        cycle,
        heading=_("Lock the figures of %(year)s") % {"year": year},
        text=_("Afterwards a level is changed only by a correction with its decision."),
        consequences=_undecided(request, cycle),
        hindrance=_not_received(missing) if missing else "",
        action_label=_("Lock the figures"),
    )


def _not_received(missing: int) -> str:
    sentence = ngettext(
        "The file of %(count)d commune is not received yet. Receive it first.",
        "The files of %(count)d communes are not received yet. Receive them first.",
        missing,
    )
    return sentence % {"count": missing}


def _undecided(request, cycle: ReviewCycle) -> list[str]:
    ratings = CommuneRating.objects.visible_to(request.user).filter(
        cycle=cycle, decided_level="", not_subject_reason="", superseded_on__isnull=True
    )
    count = ratings.count()
    if not count:
        return []
    sentence = ngettext(
        "The level of %(count)d committee is not decided; it cannot be entered afterwards.",
        "The levels of %(count)d committees are not decided; they cannot be entered afterwards.",
        count,
    )
    return [sentence % {"count": count}]


def _ask(request, cycle: ReviewCycle, **texts):
    context = {
        **frame(request, cycle, [cycle]),
        **texts,
        "cancel_url": _address(request, cycle),
        "form": None,
    }
    return render(request, "review_board/confirm.html", context)
