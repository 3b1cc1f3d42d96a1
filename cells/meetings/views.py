"""The page of one commune and month: its grid, what is saved there, what others have saved meanwhile."""

from datetime import date

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import Http404, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_POST, require_safe

from accounts.access import form_page, get_kept_or_404
from accounts.changes import ChangeSet, recording
from accounts.history import delete_many
from cells.access import seen_commune
from cells.entry.forms import DayInput, past_day
from cells.meetings.grid import CHANGE, Grid, changed_since, load
from cells.meetings.places import cells_of
from cells.meetings.posted import entries_of
from cells.meetings.rows import is_over, record_meeting, save_rows
from cells.meetings.script import script_data
from cells.meetings.wording import field_text, labels, row_state, state_words
from cells.models import Cell, Meeting, Unit
from cells.months import last_day_of, month_before, next_month

FIRST_YEAR = 2000
sees = permission_required("cells.view_meeting", raise_exception=True)
enters = permission_required(CHANGE, raise_exception=True)


def asked_month(year: int, month: int) -> date:
    """Return the month of an address; 404 where there is none, or it has not come yet."""
    if not (FIRST_YEAR <= year <= 2100 and 1 <= month <= 12):
        raise Http404
    asked = date(year, month, 1)
    if not is_over(asked):
        raise Http404
    return asked


def month_url(commune: Unit, month: date) -> str:
    return reverse("meetings:month", args=[commune.pk, month.year, month.month])


@require_safe
@sees
@gzip_page
def month_page(request, pk: int, year: int, month: int):
    commune, asked = seen_commune(request, pk), asked_month(year, month)
    return _grid_page(request, load(commune, asked, request.user))


def _grid_page(request, grid: Grid, *, form=None, faults: int = 0):
    month, following = grid.month, next_month(grid.month)
    kept = list(grid.kept_cells.values())
    if form is None and kept:
        form = OtherMeetingForm(cells=kept, month=month)
    context = {
        "grid": grid,
        "commune": grid.commune,
        "month": month,
        "before": month_before(month),
        "after": following if is_over(following) else None,
        "labels": labels(),
        "state": state_words(grid),
        "faults": faults,
        "refused": [row for row in grid.all_rows if row.needs_a_look],
        "form": form,
        "may_take_away": request.user.has_perm("accounts.take_back"),
        "script_data": script_data(request, grid) if grid.is_open else None,
    }
    return render(request, "meetings/month.html", context)


@require_POST
@enters
@gzip_page
def save(request, pk: int, year: int, month: int):
    """Save what was entered: the rows a script sends, or all rows of a page that is sent whole."""
    commune, asked = seen_commune(request, pk), asked_month(year, month)
    by_script = request.headers.get("X-Requested-With") == "fetch"
    if by_script and request.POST.get("user") != str(request.user.pk):
        # Another person has signed in at this machine meanwhile: nothing is saved in a wrong name.
        return JsonResponse({"message": _("Somebody else has signed in on this computer.")}, status=403)
    sent = {name.removesuffix("-mark") for name in request.POST if name.endswith("-mark")}
    shown = load(commune, asked, request.user, keys=sent)
    if not shown.is_open and not any(row.is_open for row in shown.extra):
        raise PermissionDenied
    results = _save(request, shown)
    fresh = load(commune, asked, request.user, keys=sent if by_script else None)
    refused = _keep_what_was_refused(shown, fresh)
    if by_script:
        return JsonResponse(_answer(fresh, load(commune, asked, request.user)))
    if changed := sum(one.changed and one.is_saved for one in results):
        said = ngettext("Saved: %(n)d row.", "Saved: %(n)d rows.", changed)
        messages.success(request, said % {"n": changed})
    elif not refused:
        messages.info(request, _("Nothing had been changed."))
    if refused:
        return _grid_page(request, fresh, faults=refused)
    return redirect(month_url(commune, asked))


def _save(request, shown: Grid) -> list:
    entries = entries_of(shown, request.POST)
    if not entries:
        return []
    cells = {row.cell.pk: row.cell for row in shown.all_rows if row.is_open}
    with _act(request, shown.commune, shown.month):
        results = save_rows(cells, shown.month, entries)
    rows = shown.by_key()
    for one in results:
        key = f"m{one.entry.meeting}" if one.entry.meeting else f"c{one.entry.cell}"
        row = rows[key]
        row.conflict = one.conflict
        for name, sentences in one.faults.items():
            row.faults.setdefault(name, []).extend(map(str, sentences))
    return results


def _act(request, commune: Unit, month: date):
    reason = _("Meetings of %(commune)s, %(month)s") % {"commune": commune, "month": f"{month:%m/%Y}"}
    return recording(by=request.user, kind=ChangeSet.Kind.PAGE, reason=reason)


def _keep_what_was_refused(shown: Grid, fresh: Grid) -> int:
    """Put on the rows as they are now what was typed and not saved; return how many such rows there are."""
    now = fresh.by_key()
    refused = [row for row in shown.all_rows if row.needs_a_look and row.key in now]
    for row in refused:
        there = now[row.key]
        there.faults, there.conflict, there.typed = row.faults, row.conflict, row.typed
    return len(refused)


def _answer(fresh: Grid, whole: Grid) -> dict:
    """Return what the script shows after a save."""
    return {"rows": {row.key: _row(row) for row in fresh.all_rows}, "state": state_words(whole)}


def _row(row) -> dict:
    conflict, row.conflict = row.conflict, ""
    kind, words = row_state(row)
    told = {
        "mark": row.mark,
        "is": kind,
        "words": words,
        "values": {name: field_text(row.value(name)) for name in row.fields},
        "faults": {name: " ".join(some) for name, some in row.faults.items()},
        "conflict": conflict,
    }
    return {name: value for name, value in told.items() if value or name in ("mark", "values")}


@require_safe
@enters
@gzip_page
def changes(request, pk: int, year: int, month: int):
    """Return the rows that were changed since the stamp, by whomever."""
    commune, asked = seen_commune(request, pk), asked_month(year, month)
    keys, stamp = changed_since(commune, asked, request.user, request.GET.get("since", ""))
    answer = {"stamp": stamp, "revision": 0}
    if keys:
        whole = load(commune, asked, request.user)
        answer["rows"] = {row.key: _row(row) for row in whole.all_rows if row.key in keys}
        answer["state"] = state_words(whole)
    return JsonResponse(answer)


# --- other meetings ----------------------------------------------------------------------


class OtherMeetingForm(forms.ModelForm):
    """A thematic or an extraordinary meeting, which was held."""

    kind = forms.ChoiceField(
        label=gettext_lazy("kind"),
        choices=[(k.value, k.label) for k in Meeting.Kind if k != Meeting.Kind.REGULAR],
    )

    class Meta:
        model = Meeting
        fields = ["cell", "kind", "day", "expected", "present", "committee_met", "grade", "note"]

    def __init__(self, *args, cells: list[Cell], month: date, **kwargs):
        super().__init__(*args, **kwargs)
        self.month = month
        self.fields["cell"].queryset = Cell.objects.filter(pk__in=[cell.pk for cell in cells]).in_order()
        # The cells are loaded already.
        self.fields["cell"].widget.choices = [("", "–"), *((cell.pk, str(cell)) for cell in cells)]
        self.fields["day"] = forms.DateField(
            label=gettext_lazy("day"), widget=DayInput(), validators=[past_day]
        )
        self.fields["day"].widget.attrs |= {"min": month.isoformat(), "max": last_day_of(month).isoformat()}

    def clean_day(self) -> date:
        day = self.cleaned_data["day"]
        if not self.month <= day <= last_day_of(self.month):
            raise ValidationError(
                _("%(day)s does not lie in %(month)s. Open the month of that day.")
                % {"day": f"{day:%d/%m/%Y}", "month": f"{self.month:%m/%Y}"}
            )
        return day


@form_page
@enters
@transaction.atomic
def add(request, pk: int, year: int, month: int):
    """Record a thematic or extraordinary meeting of one of the cells."""
    commune, asked = seen_commune(request, pk), asked_month(year, month)
    cells = cells_of(commune, asked, request.user)
    kept = list(Cell.objects.kept_by(request.user).filter(pk__in=[cell.pk for cell in cells]))
    if cells and not kept:
        raise PermissionDenied
    form = OtherMeetingForm(request.POST or None, cells=kept, month=asked)
    if form.is_valid():
        try:
            with transaction.atomic(), _act(request, commune, asked):
                record_meeting(form.instance)
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            messages.success(request, _("Recorded: %(what)s.") % {"what": form.instance})
            return redirect(month_url(commune, asked))
    return render(request, "meetings/add.html", {"form": form, "commune": commune, "month": asked})


@form_page
@permission_required([CHANGE, "accounts.take_back"], raise_exception=True)
@transaction.atomic
def remove(request, pk: int):
    """Take away a thematic or extraordinary meeting that was recorded in error."""
    others = Meeting.objects.exclude(kind=Meeting.Kind.REGULAR).select_related("cell__commune")
    if request.method == "POST":
        others = others.select_for_update(of=("self",))
    meeting = get_kept_or_404(others, request.user, pk=pk)
    if request.method == "POST":
        asked, commune = meeting.month, meeting.cell.commune
        reason = _("Recorded in error: %(what)s") % {"what": meeting}
        with recording(by=request.user, kind=ChangeSet.Kind.PAGE, reason=reason):
            delete_many(Meeting.objects.filter(pk=meeting.pk))
        messages.success(request, _("Taken away: %(what)s.") % {"what": meeting})
        return redirect(month_url(commune, asked))
    return render(request, "meetings/remove.html", {"meeting": meeting, "today": timezone.localdate()})
