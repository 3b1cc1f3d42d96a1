"""Lines of an event out of a workbook, and the form to fill in."""

import io

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_safe

from accounts.changes import ChangeSet, recording
from accounts.guard import GuardedFormMixin
from cells.models import LineKind
from dashboards.exports import CONTENT_TYPE
from desk.reorganisation.drafting.workbooks import LIMITS, add_from_workbook, template_columns
from desk.reorganisation.views.access import drafts
from desk.reorganisation.views.drafts import draft_or_404, guard_of, on_drafts
from sheets.writing import write_table

MOST_FAULTS = 200


class SheetForm(GuardedFormMixin):
    """The file, and what the file cannot say."""

    file = forms.FileField(
        label=gettext_lazy("file"),
        help_text=gettext_lazy(".xlsx, .xls, .ods or .csv, at most %(limit)d MB.")
        % {"limit": LIMITS.file_mb},
    )
    same_name = forms.ChoiceField(
        label=gettext_lazy("where the new name is that of one of the old hamlets"),
        choices=[
            (LineKind.ABSORB, gettext_lazy("that hamlet stands on and takes the others in")),
            (LineKind.FOUND, gettext_lazy("a new hamlet is founded that bears the old name")),
        ],
        widget=forms.RadioSelect,
    )

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file.size > LIMITS.file_mb * 1024 * 1024:
            raise ValidationError(_("The file is larger than %(limit)d MB.") % {"limit": LIMITS.file_mb})
        return file


@on_drafts
def upload(request, pk):
    """Add the lines of a workbook, or tell everything that is wrong with it."""
    event = draft_or_404(request, pk)
    form = SheetForm(request.POST or None, request.FILES or None, guard=guard_of(event))
    faults = []
    if form.is_valid():
        try:
            lines = _added(request, event, form.cleaned_data)
        except ValidationError as error:
            faults = error.messages
        else:
            messages.success(
                request,
                ngettext("%(count)d line was added.", "%(count)d lines were added.", len(lines))
                % {"count": len(lines)},
            )
            return redirect(event)
    context = {
        "form": form,
        "event": event,
        "faults": faults[:MOST_FAULTS],
        "more_faults": max(0, len(faults) - MOST_FAULTS),
        "columns": template_columns()[1:],
    }
    return render(request, "reorganisations/sheet.html", context)


def _added(request, event, cleaned: dict) -> list:
    file = cleaned["file"]
    with transaction.atomic(), recording(by=request.user, kind=ChangeSet.Kind.IMPORT, reason=file.name):
        return add_from_workbook(
            event, request.user, data=file.read(), filename=file.name, same_name=cleaned["same_name"]
        )


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
            "Mỗi dòng một ấp, khóm cũ; các dòng cùng một tên mới là một lần nhập. Hoặc ghi các ấp, khóm cũ"
            " vào một ô, cách nhau bằng dấu phẩy.",
            "Để trống ngày hiệu lực và văn bản: lấy theo đợt sắp xếp.",
        ],
    )
    response = HttpResponse(out.getvalue(), content_type=CONTENT_TYPE)
    response["Content-Disposition"] = 'attachment; filename="mau-sap-xep-ap-khom.xlsx"'
    return response
