"""The province says which figures each role sees first."""

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from accounts.access import form_page, get_kept_or_404, locked
from accounts.guard import Guard, GuardedFormMixin
from accounts.roles import Role
from cells.models import Unit
from dashboards.figures.definitions import DEFINITIONS
from dashboards.models import Tiles
from dashboards.tiles import ON_FIRST_PAGE, ROLES, USUAL, arrange, known
from dashboards.wording import words_for


class TilesForm(GuardedFormMixin, forms.Form):
    """The place of each figure: 1 stands first, what has none is not shown."""

    def __init__(self, *args, chosen: list[str], words, **kwargs):
        super().__init__(*args, **kwargs)
        for code, definition in DEFINITIONS.items():
            self.fields[code] = forms.IntegerField(
                label=words.phrase(definition.label),
                required=False,
                min_value=1,
                max_value=len(DEFINITIONS),
                initial=chosen.index(code) + 1 if code in chosen else None,
            )
            self.fields[code].explanation = words.phrase(definition.explanation)

    @property
    def rows(self) -> list:
        """Return the fields as they are listed: what is shown first, in its order, then the others."""
        fields = [self[code] for code in DEFINITIONS]
        return sorted(fields, key=lambda field: (field.initial is None, field.initial or 0))

    def clean(self):
        cleaned = super().clean()
        if not self.errors and not self.codes:
            raise ValidationError(_("Give at least one figure a place, or take the usual ones."))
        return cleaned

    @property
    def codes(self) -> list[str]:
        places = {code: self.cleaned_data.get(code) for code in DEFINITIONS}
        # Two with the same place stand in the order of the list.
        return sorted((code for code, place in places.items() if place), key=lambda code: places[code])


@form_page
@permission_required("dashboards.change_tiles", raise_exception=True)
@transaction.atomic
def arrange_tiles(request, pk, role):
    """Put the figures of one role of the province in order."""
    if role not in ROLES:
        raise Http404
    # The province's row is locked: of two who arrange at once the second is told.
    provinces = locked(request, Unit.objects.standing().filter(level="province"))
    province = get_kept_or_404(provinces, request.user, pk=pk)
    recorded = Tiles.objects.filter(province=province, role=role).first()
    chosen = known(recorded.figures) if recorded else []
    here = redirect("figures:tiles", pk, role)
    if request.method == "POST" and "usual" in request.POST:
        arrange(province, role, [])
        messages.success(request, _("The usual figures are shown again."))
        return here
    guard = Guard(Tiles.history.filter(province=province, role=role))
    words = words_for(request.user)
    form = TilesForm(request.POST or None, chosen=chosen or list(USUAL), words=words, guard=guard)
    if form.is_valid():
        arrange(province, role, form.codes)
        messages.success(request, _("Saved. The overview shows these figures from now on."))
        return here
    context = {
        "form": form,
        "province": province,
        "role": Role(role),
        "roles": [(one.value, one.label, one == role) for one in ROLES],
        "is_chosen": bool(recorded),
        "on_first_page": ON_FIRST_PAGE,
    }
    return render(request, "figures/tiles.html", context)
