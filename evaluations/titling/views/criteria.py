"""Sets of criteria: the list, one set, copying it into the province, changing its rows."""

from decimal import Decimal

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.access import form_page, get_kept_or_404, locked
from accounts.acts import saved
from accounts.guard import Guard
from cells.kinds import Level
from cells.models import Unit
from evaluations.models import CriteriaSet, Criterion
from evaluations.titling.criteria import Wanted, copy_set, is_used, write_criteria
from evaluations.titling.forms import CopySetForm, SetForm
from sheets.errors import SheetError
from sheets.numbers import format_decimal, parse_decimal
from sheets.text import nfc_lines

ADD, CHANGE = "evaluations.add_criteriaset", "evaluations.change_criteriaset"
EMPTY_ROWS, MOST_ROWS = 5, 100
MOST_POINTS = 1000
COLUMNS = ("group", "text", "points", "least_points")


def _sets(user):
    return CriteriaSet.objects.visible_to(user).select_related("title", "province")


def _provinces(user):
    kept = Unit.objects.kept_by(user).filter(level=Level.PROVINCE, closed_on__isnull=True)
    return kept.order_by("sort_key", "pk")


@require_safe
@permission_required("evaluations.view_criteriaset", raise_exception=True)
def sets(request):
    return render(
        request,
        "titles/sets.html",
        {"sets": _sets(request.user), "may_copy": request.user.has_perm(ADD), "today": timezone.localdate()},
    )


@require_safe
@permission_required("evaluations.view_criteriaset", raise_exception=True)
def one_set(request, pk):
    found = get_object_or_404(_sets(request.user), pk=pk)
    criteria = list(found.criteria.all())
    is_kept = CriteriaSet.objects.kept_by(request.user).filter(pk=pk).exists()
    context = {
        "set": found,
        "criteria": criteria,
        "most": sum((one.points for one in criteria), Decimal(0)),
        "cases": found.cases.visible_to(request.user).count(),
        "may_copy": request.user.has_perm(ADD) and _provinces(request.user).exists(),
        "may_change": is_kept
        and not found.is_example
        and request.user.has_perm(CHANGE)
        and not is_used(found),
    }
    return render(request, "titles/set.html", context)


@form_page
@permission_required(ADD, raise_exception=True)
def copy(request, pk):
    source = get_object_or_404(_sets(request.user), pk=pk)
    provinces = _provinces(request.user)
    name = source.name.removeprefix(_("Example:")).strip() if source.is_example else source.name
    initial = {
        "name": name[:1].upper() + name[1:],
        "legal_basis": "" if source.is_example else source.legal_basis,
        "starts_on": timezone.localdate(),
        "province": provinces.first(),
    }
    form = CopySetForm(request.POST or None, initial=initial, provinces=provinces)
    made = []
    if form.is_valid() and saved(
        request,
        form,
        _("Set of criteria copied: %(name)s") % {"name": source},
        lambda: made.append(copy_set(source, **form.cleaned_data)),
    ):
        messages.success(request, _("Copied. Now change the criteria to those of the province."))
        return redirect("titles:edit_set", made[0].pk)
    return render(request, "titles/set_copy.html", {"form": form, "set": source})


@form_page
@permission_required(CHANGE, raise_exception=True)
def edit(request, pk):
    """The set as one grid; where cases go by it, a new set from a later day is made instead."""
    kept = locked(request, CriteriaSet.objects.exclude(province=None).select_related("title", "province"))
    found = get_kept_or_404(kept, request.user, pk=pk)
    if is_used(found):
        messages.error(
            request,
            _("Cells are registered by this set. Copy it into a new one that begins on a later day."),
        )
        return redirect("titles:set", pk)
    guard = Guard(CriteriaSet.history.filter(id=pk), Criterion.history.filter(criteria_set=pk))
    form = SetForm(request.POST or None, instance=found, guard=guard)
    rows = _posted(request.POST) if request.method == "POST" else _recorded(found)
    wanted, faults = _read(rows)
    if request.method == "POST" and form.is_valid() and not faults:

        def save():
            form.save()
            write_criteria(found, wanted)

        if saved(request, form, _("Set of criteria changed: %(name)s") % {"name": found}, save):
            messages.success(request, _("The criteria are saved."))
            return redirect("titles:set", pk)
    rows += [dict.fromkeys(COLUMNS, "") for _n in range(max(0, EMPTY_ROWS - rows.count(_EMPTY)))]
    context = {
        "form": form,
        "set": found,
        "rows": [{"number": number, **row} for number, row in enumerate(rows, 1)],
        "faults": faults if request.method == "POST" else [],
        "most": sum((one.points for one in wanted), Decimal(0)),
    }
    return render(request, "titles/set_edit.html", context)


_EMPTY = dict.fromkeys(COLUMNS, "")


def _recorded(found: CriteriaSet) -> list[dict]:
    return [
        {
            "group": one.group,
            "text": one.text,
            "points": format_decimal(one.points),
            "least_points": format_decimal(one.least_points),
        }
        for one in found.criteria.all()
    ]


def _posted(posted) -> list[dict]:
    """Return the rows as they were typed, without those that were left or made empty."""
    rows = [
        {name: nfc_lines(posted.get(f"r{number}-{name}", "")) for name in COLUMNS}
        for number in range(1, MOST_ROWS + 1)
    ]
    return [row for row in rows if row != _EMPTY]


def _read(rows: list[dict]) -> tuple[list[Wanted], list[str]]:
    """Return the criteria as they are meant, and what of them cannot be."""
    wanted, faults = [], []
    for number, row in enumerate(rows, 1):
        try:
            points = _points(row["points"])
            least = _points(row["least_points"])
        except SheetError:
            faults.append(_("Row %(number)d: points are a number, for example 8,5.") % {"number": number})
            continue
        if not row["text"] or points is None:
            faults.append(_("Row %(number)d: enter the criterion and its points.") % {"number": number})
        elif points <= 0:
            faults.append(_("Row %(number)d: a criterion has more than 0 points.") % {"number": number})
        elif least is not None and not 0 <= least <= points:
            faults.append(
                _("Row %(number)d: the least points are more than the points of the criterion.")
                % {"number": number}
            )
        else:
            wanted.append(Wanted(row["text"], points, row["group"], least))
    return wanted, faults


def _points(text: str) -> Decimal | None:
    if not text:
        return None
    points = parse_decimal(text)
    # How large it is comes first: what has too many digits cannot be rounded.
    if abs(points) > MOST_POINTS or points != points.quantize(Decimal("0.1")):
        raise SheetError("not_a_number", value=text)
    return points
