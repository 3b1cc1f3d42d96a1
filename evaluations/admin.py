"""The year: rules, ratings, titles, targets."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.admin_base import REFUSALS, ScopedAdmin, ScopedInline, year_column
from accounts.admin_sheets import SheetAdmin
from accounts.refusals import sentences_for
from cells.admin.filters import place_filter, year_filter
from evaluations.actions import correct_rating
from evaluations.forms import CorrectionForm
from evaluations.models import (
    CellRating,
    LeaderRating,
    MemberLevels,
    ReviewCycle,
    RuleSet,
    Target,
    TargetStep,
    Title,
    TitleCase,
)
from evaluations.resources import (
    CellRatingResource,
    LeaderRatingResource,
    MemberLevelsResource,
    TitleCaseResource,
)
from evaluations.roster import place

YEAR = year_column("cycle__year", gettext_lazy("year"))


@admin.register(RuleSet)
class RuleSetAdmin(ScopedAdmin):
    list_display = [
        "code",
        "legal_basis",
        year_column("first_year", gettext_lazy("first year")),
        year_column("last_year", gettext_lazy("last year")),
        "excellent_share",
        "share_base",
    ]
    search_fields = ["code"]
    ordering = ["-first_year"]

    def is_closed(self, obj) -> bool:
        return obj.pk is not None and obj.cycles.exists()

    def get_search_results(self, request, queryset, search_term):
        # A handful of rows without a search key.
        return queryset.filter(code__icontains=search_term.strip()), False


@admin.register(ReviewCycle)
class ReviewCycleAdmin(ScopedAdmin):
    fields = ["year", "province", "rule_set", "roster_day", "deadline", "state", "change_reason"]
    # The state of a review is changed by its steps.
    readonly_fields = ["state"]
    list_display = [
        year_column("year", gettext_lazy("year")),
        "province",
        "rule_set",
        "roster_day",
        "deadline",
        "state",
    ]
    list_filter = ["state", year_filter("year")]
    list_select_related = ["province", "rule_set"]
    search_fields = ["province__search_key"]


class RatingAdmin(ScopedAdmin):
    """What ratings of cells and of people share: decided ones are read only, and corrected by an edition."""

    change_form_template = "admin/rating.html"

    def is_closed(self, obj) -> bool:
        return obj.is_decided

    def has_delete_permission(self, request, obj=None):
        return super().has_delete_permission(request, obj) and (obj is None or obj.edition == 1)

    def save_model(self, request, obj, form, change):
        place(obj.cycle, [obj])
        if change:
            obj.revision += 1
        super().save_model(request, obj, form, change)

    def get_urls(self):
        name = f"{self.opts.app_label}_{self.opts.model_name}_correct"
        view = self.admin_site.admin_view(self.correct_view)
        return [path("<int:pk>/dinh-chinh/", view, name=name), *super().get_urls()]

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        context["may_correct"] = bool(obj) and self._may_correct(request, obj)
        context["correct_url"] = f"admin:{self.opts.app_label}_{self.opts.model_name}_correct"
        return super().render_change_form(request, context, add, change, form_url, obj)

    def _may_correct(self, request, obj) -> bool:
        permitted = request.user.has_perm(f"{self.opts.app_label}.change_{self.opts.model_name}")
        return permitted and obj.is_decided and obj.superseded_on is None and self.keeps(request, obj)

    def correct_view(self, request, pk):
        rating = get_object_or_404(self.get_queryset(request), pk=pk)
        if not self._may_correct(request, rating):
            raise PermissionDenied
        initial = {"revision": rating.revision, "level": rating.decided_level}
        form = CorrectionForm(request.POST or None, user=request.user, site=self.admin_site, initial=initial)
        if form.is_valid() and (new := self._correct(request, rating, form)):
            messages.success(request, _("Corrected: edition %(edition)s.") % {"edition": new.edition})
            name = f"admin:{self.opts.app_label}_{self.opts.model_name}_change"
            return HttpResponseRedirect(reverse(name, args=[new.pk]))
        context = {
            **self.admin_site.each_context(request),
            "title": _("Correct with a decision"),
            "opts": self.opts,
            "original": rating,
            "form": form,
            "media": self.media + form.media,
        }
        return TemplateResponse(request, "admin/correct_rating.html", context)

    def _correct(self, request, rating, form):
        rating.revision = form.cleaned_data["revision"]
        try:
            with transaction.atomic():
                return correct_rating(
                    rating,
                    level=form.cleaned_data["level"],
                    decision=form.cleaned_data["decision"],
                    reason=form.cleaned_data["reason"],
                    by=request.user,
                )
        except REFUSALS as error:
            form.add_error(None, ValidationError(sentences_for(error)))
            return None


RATING_FIELDS = [
    "self_level",
    "proposed_level",
    "decided_level",
    "decision",
    "decided_on",
    "points",
    "disciplined",
    "not_subject_reason",
    "reason",
    "note",
    "change_reason",
]


@admin.register(CellRating)
class CellRatingAdmin(SheetAdmin, RatingAdmin):
    resource_classes = [CellRatingResource]
    fields = ["cycle", "cell", "tasks_on_time", "tasks_above", "tasks_late_within_fifth", *RATING_FIELDS]
    list_display = ["cell", "commune", YEAR, "decided_level", "not_subject_reason", "decision", "edition"]
    list_filter = [year_filter("cycle__year"), place_filter("commune"), "decided_level", "not_subject_reason"]
    list_select_related = ["cell", "commune", "cycle", "decision"]
    search_fields = ["cell__search_key"]


@admin.register(LeaderRating)
class LeaderRatingAdmin(SheetAdmin, RatingAdmin):
    resource_classes = [LeaderRatingResource]
    fields = ["cycle", "person", "basis", "office", "cell", *RATING_FIELDS]
    list_display = ["person", "commune", YEAR, "basis", "decided_level", "decision", "edition"]
    list_filter = [year_filter("cycle__year"), place_filter("commune"), "basis", "decided_level"]
    list_select_related = ["person", "commune", "cycle", "decision"]
    search_fields = ["person__search_key"]

    def save_model(self, request, obj, form, change):
        if not obj.cell_id:
            obj.commune_id = obj.person.keeper_id
        super().save_model(request, obj, form, change)


@admin.register(MemberLevels)
class MemberLevelsAdmin(SheetAdmin, ScopedAdmin):
    resource_classes = [MemberLevelsResource]
    list_display = ["cell", YEAR, "excellent", "good", "completed", "not_completed", "not_rated"]
    list_filter = [year_filter("cycle__year"), place_filter("cell__commune")]
    list_select_related = ["cell", "cycle"]
    search_fields = ["cell__search_key"]


@admin.register(Title)
class TitleAdmin(ScopedAdmin):
    list_display = ["code", "name"]
    search_fields = ["code"]

    def get_search_results(self, request, queryset, search_term):
        # A handful of rows without a search key.
        return queryset.filter(code__icontains=search_term.strip()), False


@admin.register(TitleCase)
class TitleCaseAdmin(SheetAdmin, ScopedAdmin):
    resource_classes = [TitleCaseResource]
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

    @admin.display(description=gettext_lazy("commune"), ordering="cell__commune__sort_key")
    def commune(self, case):
        return case.cell.commune


class TargetStepInline(ScopedInline):
    model = TargetStep


@admin.register(Target)
class TargetAdmin(ScopedAdmin):
    inlines = [TargetStepInline]
    list_display = ["unit", "term", "title", "goal", "base", "deadline", "resolution", "edition"]
    list_filter = ["title", place_filter("unit__province", "province")]
    list_select_related = ["unit", "title", "resolution"]
    search_fields = ["unit__search_key"]
