"""A workbook with lines of an event goes to the import desk, which knows the event; and the form to fill in."""

import io

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from cells.models import Reorganisation
from dashboards.exports import CONTENT_TYPE
from desk.importing import batches
from desk.importing.forms.reorganisation import REORGANISATION
from desk.importing.views.access import uses
from desk.importing.views.batch import go_on
from desk.models import ImportBatch
from desk.reorganisation.drafting.sheet_columns import template_columns
from desk.reorganisation.views.access import drafts
from desk.reorganisation.views.drafts import draft_or_404, on_drafts
from sheets.limits import Limits
from sheets.writing import write_table


class SheetForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("file"),
        help_text=gettext_lazy(".xlsx, .xls, .ods or .csv, at most %(limit)d MB.")
        % {"limit": Limits().file_mb},
        error_messages={
            "required": gettext_lazy("Choose a file."),
            "empty": gettext_lazy("The file is empty."),
        },
    )

    def clean_file(self):
        file, limit = self.cleaned_data["file"], Limits().file_mb
        if file.size > limit * 1024 * 1024:
            raise ValidationError(_("The file is larger than %(limit)d MB.") % {"limit": limit})
        return file


@uses
@on_drafts
def upload(request, pk):
    """Hand the workbook in at the import desk, for this event; what it says is shown there before it is written."""
    event = draft_or_404(request, pk)
    form = SheetForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            batch = _handed_in(request, event, form.cleaned_data["file"])
        except ValidationError as error:
            form.add_error("file", error)
        else:
            return go_on(request, batch)
    context = {"form": form, "event": event, "columns": template_columns()[1:]}
    return render(request, "reorganisations/sheet.html", context)


def _handed_in(request, event: Reorganisation, file) -> ImportBatch:
    batch = batches.receive(request.user, name=file.name, data=file.read(), kind=REORGANISATION.key)
    batches.answer(batch, seen=batch.revision, asked={"event": str(event.pk), "commune": ""})
    return batch


@require_safe
@drafts
def template(request):
    """The form to fill in."""
    out = io.BytesIO()
    title = "Danh sách sắp xếp ấp, khóm, thôn, tổ dân phố"
    write_table(
        out,
        columns=template_columns(),
        rows=[],
        sheet_name="Sắp xếp",
        title_lines=[title.upper()],
        foot_lines=[
            "Ghi chú: Mỗi dòng một ấp, khóm cũ; các dòng cùng một tên mới là một lần nhập. Hoặc ghi các ấp,"
            " khóm cũ vào một ô, cách nhau bằng dấu phẩy.",
            "* Để trống ngày hiệu lực và văn bản: lấy theo đợt sắp xếp.",
        ],
    )
    response = HttpResponse(out.getvalue(), content_type=CONTENT_TYPE)
    response["Content-Disposition"] = 'attachment; filename="mau-sap-xep-ap-khom.xlsx"'
    return response
