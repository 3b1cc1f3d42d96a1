"""The first page of the desk: a file in, and what came in lately."""

from django import forms
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import Http404
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from accounts.access import form_page
from cells.models.grants import scope_of
from desk.importing import batches
from desk.importing.files import sheet_response, template_of
from desk.importing.forms import FORMS
from desk.importing.views.access import uses
from desk.importing.views.batch import go_on
from desk.models import ImportBatch
from sheets.limits import Limits

BATCHES_ON_A_PAGE, WAITING_SHOWN = 25, 50
State = ImportBatch.State
# How the states are called in addresses.
STATES = {
    "dang-lam": State.OPEN,
    "cho-tinh": State.SUBMITTED,
    "da-ghi": State.DONE,
    "da-hoan-tac": State.UNDONE,
    "da-bo": State.DROPPED,
}


class FileForm(forms.Form):
    """The file, and which form it is, where somebody knows."""

    file = forms.FileField(
        label=gettext_lazy("file"),
        help_text=gettext_lazy(".xlsx, .xls, .ods or .csv, at most %(limit)d MB.")
        % {"limit": Limits().file_mb},
        error_messages={
            "required": gettext_lazy("Choose a file."),
            "empty": gettext_lazy("The file is empty."),
        },
    )
    kind = forms.ChoiceField(label=gettext_lazy("form"), required=False)

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        known = [(key, form.label) for key, form in batches.forms_of(user).items()]
        self.fields["kind"].choices = [("", gettext_lazy("the software finds out")), *known]

    def clean_file(self):
        file, limit = self.cleaned_data["file"], Limits().file_mb
        if file.size > limit * 1024 * 1024:
            raise ValidationError(_("The file is larger than %(limit)d MB.") % {"limit": limit})
        return file


@form_page
@uses
def desk(request):
    form = FileForm(request.POST or None, request.FILES or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            batch = batches.receive(
                request.user, name=file.name, data=file.read(), kind=form.cleaned_data["kind"]
            )
        except ValidationError as error:
            form.add_error("file", error)
        else:
            return go_on(request, batch)
    seen = ImportBatch.objects.visible_to(request.user)
    state = STATES.get(request.GET.get("trang_thai"))
    rows = (seen.in_state(state) if state else seen).select_related("by", "unit", "change_set__taken_back_by")
    page = Paginator(rows, BATCHES_ON_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "forms": batches.forms_of(request.user).values(),
        "page": page,
        "batches": [_told(batch) for batch in page.object_list],
        "states": _states(seen, state),
        "state": state,
        "waiting": _waiting(request.user),
    }
    return render(request, "importing/desk.html", context)


def _told(batch: ImportBatch) -> ImportBatch:
    batch.form_label = FORMS[batch.kind].label if batch.kind in FORMS else ""
    return batch


def _states(seen, chosen) -> list[dict]:
    counts = seen.order_by().aggregate(
        all=Count("pk"),
        **{
            slug.replace("-", "_"): Count("pk", filter=seen.condition_of(state))
            for slug, state in STATES.items()
        },
    )
    tabs = [{"slug": "", "label": _("all"), "count": counts["all"], "current": chosen is None}]
    return tabs + [
        {
            "slug": slug,
            "label": state.label,
            "count": counts[slug.replace("-", "_")],
            "current": state == chosen,
        }
        for slug, state in STATES.items()
    ]


def _waiting(user) -> list[ImportBatch]:
    """Return what this user is asked to confirm: files of communes, where they keep the province."""
    scope = scope_of(user, keeping=True)
    if not (scope.everywhere or scope.provinces):
        return []
    rows = ImportBatch.objects.visible_to(user).waiting().select_related("by", "unit")[:WAITING_SHOWN]
    return [_told(batch) for batch in rows if batches.may_write(user, batch)]


@require_safe
@uses
def template(request, kind):
    """The form to fill in."""
    form = batches.forms_of(request.user).get(kind)
    if form is None:
        raise Http404
    return sheet_response(template_of(form), f"bieu-mau-{kind}.xlsx")
