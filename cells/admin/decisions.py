"""Decisions: the papers that changes rest on."""

from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from accounts.admin_base import ScopedAdmin
from cells.admin.filters import TextFilter, year_filter
from cells.forms import DecisionForm
from cells.models import Decision
from sheets.text import fold


class BodyFilter(TextFilter):
    """Decisions of the bodies whose name holds the words."""

    title, parameter_name = _("Issuing body"), "co_quan"

    def queryset(self, request, queryset):
        for word in fold(self.value() or "").split():
            queryset = queryset.filter(search_key__contains=word)
        return queryset


@admin.register(Decision)
class DecisionAdmin(ScopedAdmin):
    form = DecisionForm
    fields = [
        "number",
        "date",
        "issuing_body",
        "unit",
        "signer",
        "subject",
        "file",
        "recorded_file",
        "change_reason",
    ]
    readonly_fields = ["recorded_file"]
    list_display = ["number", "date", "issuing_body", "unit", "subject", "recorded_file"]
    list_filter = [year_filter("date__year"), BodyFilter]
    list_select_related = ["unit"]
    ordering = ["-date", "number", "pk"]

    @admin.display(description=_("recorded file"))
    def recorded_file(self, decision):
        if not decision or not decision.pk or not decision.file:
            return ""
        address = reverse("cells:decision_file", args=[decision.pk])
        return format_html('<a href="{}">{}</a>', address, _("Save the file"))
