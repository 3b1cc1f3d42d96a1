"""Registering cells of a commune for a year: choose the commune, tick the cells, save once."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.access import form_page
from accounts.acts import saved
from accounts.asked import key_in
from cells.kinds import Level
from cells.models import Cell, Unit
from evaluations.models import Title
from evaluations.titling.criteria import set_in_force
from evaluations.titling.forms import RegisterForm
from evaluations.titling.registering import offers_in, register

ADD = "evaluations.add_titlecase"


@form_page
@permission_required(ADD, raise_exception=True)
def register_page(request):
    communes = Unit.objects.kept_by(request.user).filter(level=Level.COMMUNE, closed_on__isnull=True)
    communes = list(communes.select_related("province").order_by("province__sort_key", "sort_key", "pk"))
    commune = _chosen(request, communes)
    if commune is None:
        return render(request, "titles/register_commune.html", {"communes": communes})
    return _register(request, commune, several=len(communes) > 1)


def _chosen(request, communes: list[Unit]) -> Unit | None:
    text = request.GET.get("xa", "")
    if not text:
        return communes[0] if len(communes) == 1 else None
    found = [one for one in communes if str(one.pk) == text]
    if not found:
        raise Http404
    return found[0]


def _register(request, commune: Unit, *, several: bool):
    today = timezone.localdate()
    titles = list(Title.objects.visible_to(request.user))
    title = _title(request, titles)
    form = RegisterForm(request.POST or None, initial={"title": title, "year": today.year, "day": today})
    form.fields["title"].queryset = Title.objects.visible_to(request.user)
    ticked = set(request.POST.getlist("cell"))
    if form.is_valid() and not ticked:
        form.add_error(None, _("Choose at least one cell."))
    if form.is_valid():
        chosen = _cells(request, commune, ticked)
        data, made = form.cleaned_data, []
        what = _("Registered for “%(title)s” in %(year)d") % {"title": data["title"], "year": data["year"]}
        if saved(
            request,
            form,
            what,
            lambda: made.extend(register(chosen, title=data["title"], year=data["year"], day=data["day"])),
        ):
            said = ngettext("%(count)d cell is registered.", "%(count)d cells are registered.", len(made))
            messages.success(request, said % {"count": len(made)})
            return redirect(f"{reverse('titles:list')}?loc=da-dang-ky")
    context = {
        "form": form,
        "commune": commune,
        "several": several,
        "title": title,
        "titles": titles,
        "offers": offers_in(commune, title, request.user) if title else [],
        "criteria_set": set_in_force(title, commune.province, today) if title else None,
        "ticked": ticked,
    }
    return render(request, "titles/register.html", context)


def _title(request, titles: list[Title]) -> Title | None:
    text = request.POST.get("title") or request.GET.get("danh_hieu", "")
    found = [one for one in titles if text in (str(one.pk), one.code)]
    return found[0] if found else next(iter(titles), None)


def _cells(request, commune: Unit, ticked: set[str]) -> list[Cell]:
    keys = [pk for key in ticked if (pk := key_in(key)) is not None]
    cells = Cell.objects.kept_by(request.user).standing().filter(commune=commune, pk__in=keys)
    found = list(cells.select_related("commune__province").in_order())
    if len(found) != len(ticked):
        raise Http404
    return found
