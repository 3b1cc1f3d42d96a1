"""The limits of a province: from when on something is marked as deserving a look."""

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.db import transaction
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.access import form_page, get_kept_or_404, locked
from accounts.guard import Guard, GuardedFormMixin
from cells.models import Limits, Unit

changes_limits = permission_required(["cells.add_limits", "cells.change_limits"], raise_exception=True)


class LimitsForm(GuardedFormMixin, forms.ModelForm):
    """The numbers of one province."""

    class Meta:
        model = Limits
        fields = [
            "interim_days",
            "term_ends_days",
            "least_official",
            "report_days",
            "most_hamlets",
            "least_attendance",
        ]


@require_safe
@changes_limits
def limits_index(request):
    """Lead to the only province somebody keeps; where there are several, let one be chosen."""
    provinces = Unit.objects.kept_by(request.user).standing().filter(level="province")
    provinces = list(provinces.order_by("sort_key", "pk"))
    if not provinces:
        raise Http404
    if len(provinces) == 1:
        return redirect("entry:limits", provinces[0].pk)
    return render(request, "entry/limits_index.html", {"provinces": provinces})


@form_page
@changes_limits
@transaction.atomic
def limits(request, pk):
    provinces = locked(request, Unit.objects.standing().filter(level="province"))
    province = get_kept_or_404(provinces, request.user, pk=pk)
    recorded = Limits.objects.of(province)
    guard = Guard(Limits.history.filter(province=province))
    form = LimitsForm(request.POST or None, instance=recorded, guard=guard)
    if form.is_valid():
        form.save()
        messages.success(request, _("The limits of %(province)s are saved.") % {"province": province})
        return redirect("entry:limits", pk)
    context = {"form": form, "province": province, "is_own": recorded.pk is not None, "usual": Limits()}
    return render(request, "entry/limits.html", context)
