"""Entering counts, changing a cell's data. Who may: `kept_by` and the role."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import ValidationError
from django.db import transaction
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.access import form_page, get_kept_or_404, locked
from accounts.guard import Guard
from cells.entry.forms import CellForm, HouseholdCountForm, MemberCountForm
from cells.models import Cell, CellPeriod, Unit
from sheets.text import lower_first


@form_page
@permission_required("cells.change_membercount", raise_exception=True)
@transaction.atomic
def member_count(request, pk):
    standing = locked(request, Cell.objects.standing().select_related("commune"))
    cell = get_kept_or_404(standing, request.user, pk=pk)
    return _count(
        request, MemberCountForm, of=cell, title=_("Members of %(cell)s") % {"cell": lower_first(str(cell))}
    )


@form_page
@permission_required("cells.change_householdcount", raise_exception=True)
@transaction.atomic
def household_count(request, pk):
    standing = locked(request, Unit.objects.hamlets().standing())
    hamlet = get_kept_or_404(standing, request.user, pk=pk)
    title = _("Households of %(hamlet)s") % {"hamlet": lower_first(str(hamlet))}
    return _count(request, HouseholdCountForm, of=hamlet, title=title)


def _count(request, form_class, *, of, title: str):
    """Show the latest count as a start for the new one; save the new one."""
    model = form_class._meta.model
    latest = model.objects.filter(**{form_class.OF: of}).order_by("-day").first()
    start = {name: getattr(latest, name) for name in form_class._meta.fields} if latest else {}
    start["day"] = timezone.localdate()
    guard = Guard(model.history.filter(**{form_class.OF: of}))
    form = form_class(request.POST or None, initial=start, guard=guard, of=of)
    if form.is_valid():
        form.save()
        messages.success(
            request, _("The numbers of %(day)s are saved.") % {"day": f"{form.instance.day:%d/%m/%Y}"}
        )
        return redirect(of)
    context = {"form": form, "title": title, "latest": latest, "back": of, "place": of.commune}
    return render(request, "entry/count_form.html", context)


@form_page
@permission_required("cells.change_cell", raise_exception=True)
@transaction.atomic
def cell_edit(request, pk):
    standing = locked(request, Cell.objects.standing().select_related("commune"))
    cell = get_kept_or_404(standing, request.user, pk=pk)
    guard = Guard(Cell.history.filter(id=pk), CellPeriod.history.filter(cell=pk))
    form = CellForm(request.POST or None, instance=cell, guard=guard)
    if form.is_valid() and _saved(form):
        messages.success(
            request, _("The data of %(cell)s is saved.") % {"cell": lower_first(form.cleaned_data["name"])}
        )
        return redirect(cell)
    context = {
        "form": form,
        "cell": cell,
        "periods": cell.periods.select_related("commune").by_day().reverse(),
    }
    return render(request, "entry/cell_form.html", context)


def _saved(form) -> bool:
    """Save; where the model refuses, say why beside the form and leave everything as it was."""
    try:
        with transaction.atomic():
            form.save()
    except ValidationError as error:
        form.add_error(None, error)
        return False
    return True
