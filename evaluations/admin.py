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

from accounts.admin_base import (
    REFUSALS,
    ReadOnlyAdmin,
    ScopedAdmin,
    ScopedInline,
    year_column,
)
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
    Step,
    Submission,
    Target,
    TargetStep,
)
from evaluations.resources import (
    CellRatingResource,
    LeaderRatingResource,
    MemberLevelsResource,
)
from evaluations.roster import place
from evaluations.titling import admin as titles  # noqa: F401 -- registers the screens of titles

YEAR = year_column("cycle__year", gettext_lazy("year"))


@admin.register(RuleSet)
class RuleSetAdmin(ScopedAdmin):
    """How a stretch of years is judged; editable until a year is judged by it."""

    fieldsets = [
        (None, {"fields": ["code", "legal_basis", ("first_year", "last_year"), "source"]}),
        (
            gettext_lazy("Points and conditions"),
            {
                "fields": [
                    "uses_points",
                    ("excellent_points", "good_points", "completed_points"),
                    "uses_conditions",
                    ("above_percent", "late_percent"),
                    "conditions",
                ]
            },
        ),
        (
            gettext_lazy("Share of excellent ones"),
            {"fields": [("excellent_share", "outstanding_share"), "share_base", "share_rounding"]},
        ),
        (None, {"fields": ["change_reason"]}),
    ]
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
    """Past years taken in from papers; a year that is run step by step is only read here: it has its own pages."""

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

    def is_closed(self, obj) -> bool:
        return obj.pk is not None and obj.state != ReviewCycle.State.RECORDED


@admin.register(Submission)
class SubmissionAdmin(ReadOnlyAdmin):
    """How far communes are. What goes with results (votes, reasons for the share) is on the pages of the review."""

    fields = [
        "cycle",
        "commune",
        "state",
        "deadline",
        "list_confirmed_at",
        "is_outstanding",
        "decision",
        "sent_at",
        "received_at",
    ]
    list_display = ["commune", YEAR, "state", "deadline", "sent_at", "received_at"]
    list_filter = ["state", year_filter("cycle__year"), place_filter("commune")]
    list_select_related = ["commune", "cycle"]
    search_fields = ["commune__search_key"]
    ordering = ["-cycle__year", "commune__sort_key", "pk"]

    def may_see_history(self, request, obj) -> bool:
        # Its history tells of votes and reasons, which are the commune's own until they are sent.
        return obj.is_with_province


@admin.register(Step)
class StepAdmin(ReadOnlyAdmin):
    """Everything that happened to the files, the latest first."""

    fields = ["submission", "number", "kind", "at", "by_name", "text", "cell", "person", "decision"]
    list_display = ["at", "file", "kind", "by_name", "text"]
    list_filter = ["kind", year_filter("submission__cycle__year"), place_filter("submission__commune")]
    list_select_related = ["submission__commune", "submission__cycle"]
    search_fields = ["submission__commune__search_key"]
    ordering = ["-pk"]

    @admin.display(description=gettext_lazy("file of a commune"), ordering="submission__commune__sort_key")
    def file(self, step):
        return step.submission


class OfPastYears:
    """Rows of years taken in from papers; those of a year that is run step by step are only read here."""

    def is_closed(self, obj) -> bool:
        return obj.cycle.state != ReviewCycle.State.RECORDED

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        if db_field.name == "cycle":
            field.queryset = field.queryset.filter(state=ReviewCycle.State.RECORDED)
            field.error_messages["invalid_choice"] = _(
                "The review of this year goes step by step, on pages of its own. Choose a past year."
            )
        return field


class RatingAdmin(OfPastYears, ScopedAdmin):
    """What ratings of cells and of people share: decided ones are read only, and corrected by an edition."""

    change_form_template = "admin/rating.html"

    def is_closed(self, obj) -> bool:
        return obj.is_decided or super().is_closed(obj)

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
        is_in_force = obj.is_decided and obj.superseded_on is None
        return permitted and is_in_force and not OfPastYears.is_closed(self, obj) and self.keeps(request, obj)

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
class MemberLevelsAdmin(SheetAdmin, OfPastYears, ScopedAdmin):
    resource_classes = [MemberLevelsResource]
    list_display = ["cell", YEAR, "excellent", "good", "completed", "not_completed", "not_rated"]
    list_filter = [year_filter("cycle__year"), place_filter("cell__commune")]
    list_select_related = ["cell", "cycle"]
    search_fields = ["cell__search_key"]


class TargetStepInline(ScopedInline):
    model = TargetStep

    def has_add_permission(self, request, obj=None):
        return False


@admin.register(Target)
class TargetAdmin(ReadOnlyAdmin):
    """Targets as they stand and stood. They are set, and changed by a new decision alone, on their own pages."""

    inlines = [TargetStepInline]
    list_display = ["unit", "term", "title", "goal", "base", "deadline", "resolution", "edition"]
    list_filter = ["title", place_filter("unit__province", "province")]
    list_select_related = ["unit", "title", "resolution"]
    search_fields = ["unit__search_key"]
