"""Titles in the administration: what comes from papers, and the sets of criteria; steps have their own pages."""

from django.contrib import admin
from django.utils.translation import gettext_lazy

from accounts.admin_base import ReadOnlyAdmin, ReasonedForm, ScopedAdmin, ScopedInline, year_column
from accounts.admin_sheets import SheetAdmin
from cells.admin.filters import place_filter, year_filter
from evaluations.models import CaseCheck, CriteriaSet, Criterion, Title, TitleCase
from evaluations.resources import TitleCaseResource
from evaluations.titling.criteria import refuse_least_beyond_reach
from evaluations.titling.steps import RECOGNISE
from evaluations.titling.twice import refuse_held_twice


@admin.register(Title)
class TitleAdmin(ScopedAdmin):
    list_display = ["code", "name"]
    search_fields = ["code"]

    def get_search_results(self, request, queryset, search_term):
        # A handful of rows without a search key.
        return queryset.filter(code__icontains=search_term.strip()), False


class PastTitleForm(ReasonedForm):
    """A title of a past year, taken in from its paper; what is on its way goes step by step on pages of its own."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk is None:
            self.instance.state = TitleCase.State.RECOGNISED
            if "recognition" in self.fields:
                self.fields["recognition"].required = True


@admin.register(TitleCase)
class TitleCaseAdmin(SheetAdmin, ScopedAdmin):
    """Titles of past years are added with their decision. Steps are taken on the pages of titles alone."""

    form = PastTitleForm
    resource_classes = [TitleCaseResource]
    fields = [
        ("cell", "title"),
        "year",
        "state",
        ("registered_on", "appraised_on", "recognised_on"),
        "recognition",
        ("revoked_on", "revocation", "revocation_reason"),
        ("declined_on", "declined_reason"),
        "criteria_set",
        "is_pilot",
        "keep_plan",
        "learned",
        "note",
        "change_reason",
    ]
    list_display = ["cell", "commune", "title", "state", "recognised_on", "recognition", "is_pilot"]
    list_filter = [
        "title",
        "state",
        "is_pilot",
        year_filter("recognised_on__year"),
        place_filter("cell__commune"),
    ]
    list_select_related = ["cell__commune", "title", "recognition"]
    search_fields = ["cell__search_key"]
    STEPS = (
        "state",
        "appraised_on",
        "revoked_on",
        "revocation",
        "revocation_reason",
        "declined_on",
        "declined_reason",
        "criteria_set",
    )
    DECIDED = ("cell", "title", "year", "registered_on", "recognised_on", "recognition")

    def get_readonly_fields(self, request, obj=None):
        return self.STEPS if obj is None else (*self.STEPS, *self.DECIDED)

    def has_add_permission(self, request):
        return super().has_add_permission(request) and request.user.has_perm(RECOGNISE)

    def has_delete_permission(self, request, obj=None):
        # What was decided ends by another decision, and what was declined stays as it was.
        is_open = obj is None or obj.state == TitleCase.State.REGISTERED
        return is_open and super().has_delete_permission(request, obj)

    def save_model(self, request, obj, form, change):
        if change:
            obj.revision += 1
        super().save_model(request, obj, form, change)

    def after_saving(self, request, obj):
        super().after_saving(request, obj)
        refuse_held_twice([obj])

    @admin.display(description=gettext_lazy("commune"), ordering="cell__commune__sort_key")
    def commune(self, case):
        return case.cell.commune


class CriterionInline(ScopedInline):
    model = Criterion
    fields = ["position", "group", "text", "points", "least_points"]


@admin.register(CriteriaSet)
class CriteriaSetAdmin(ScopedAdmin):
    """What a title asks for in a province; closed once a cell is registered by it. Examples are copied, on their page."""

    inlines = [CriterionInline]
    fields = [
        ("title", "province"),
        "name",
        "legal_basis",
        "least_points",
        ("starts_on", "ends_on"),
        "change_reason",
    ]
    list_display = ["name", "title", "province", "starts_on", "ends_on", "least_points"]
    list_filter = ["title"]
    list_select_related = ["title", "province"]
    search_fields = ["province__search_key"]

    def rows_to_see(self, request, queryset):
        return super().rows_to_see(request, queryset).exclude(province=None)

    def is_closed(self, obj) -> bool:
        return obj.pk is not None and obj.cases.exists()

    def after_saving(self, request, obj):
        super().after_saving(request, obj)
        refuse_least_beyond_reach(obj, obj.criteria.values_list("points", flat=True))

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change=change, **kwargs)
        if "province" in form.base_fields:
            form.base_fields["province"].required = True
        return form


@admin.register(CaseCheck)
class CaseCheckAdmin(ReadOnlyAdmin):
    """What was found each year about titles that are held; recorded on the pages of titles."""

    fields = ["case", "year", "outcome", "found", "remark", "checked_on"]
    list_display = ["case", year_column("year", gettext_lazy("year")), "outcome", "checked_on"]
    list_filter = ["outcome", year_filter("year"), place_filter("case__cell__commune")]
    list_select_related = ["case__cell", "case__title"]
    search_fields = ["case__cell__search_key"]
    ordering = ["-year", "-pk"]
