"""People, the seats they hold, congresses and elections, follow-up."""

from django.conf import settings
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.forms import BaseInlineFormSet
from django.utils.translation import gettext_lazy as _

from accounts.admin_base import ScopedAdmin, ScopedInline, ScopedStack
from accounts.admin_sheets import SheetAdmin
from accounts.models import User
from cells.admin.accounts import AccountAdmin
from cells.admin.filters import RunningFilter, TextFilter, place_filter, year_filter
from cells.models import Unit
from cells.models.lifetimes import refuse_outside_life
from leaders.accesses import note_look
from leaders.actions import end_by_death, move_death, refuse_taken_seats
from leaders.contests.checking import faults
from leaders.contests.results import is_recorded_only
from leaders.contests.seats import take_office
from leaders.follow_up.grants import follow_grants
from leaders.follow_up.rules import refuse_dead, refuse_twice, refuse_visits_outside
from leaders.follow_up.visits import may_correct
from leaders.forms import PersonForm
from leaders.locks import lock_assignments, lock_seats, lock_what_ends
from leaders.models import (
    ONE_HEAD,
    Assignment,
    Candidacy,
    Commendation,
    Contest,
    Course,
    Participation,
    Person,
    Tenure,
    Visit,
    WayOut,
)
from leaders.models.gone import refuse_left_running
from leaders.privacy import may_see_private
from leaders.resources import (
    AssignmentResource,
    CommendationResource,
    ContestResource,
    ParticipationResource,
    PersonResource,
)

# Shown again from here: what an officer's account reads is known where officers are.
admin.site.unregister(User)


@admin.register(User)
class OfficersAccountAdmin(AccountAdmin):
    """Whoever becomes an officer reads what is followed, and whoever is none any more does not."""

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        if "role" in form.changed_data:
            follow_grants(Person.objects.filter(account=form.instance).values_list("pk", flat=True))


def _carry_death(form) -> None:
    """Where this form gave a death another day, let it be that of all that ended by it."""
    seat, before = form.instance, form.initial.get("ends_on")
    if "ends_on" in form.changed_data and seat.way_out == form.initial.get("way_out") == WayOut.DIED:
        move_death(seat, before=before)


class TenureInline(ScopedStack):
    model = Tenure
    fields = [
        ("office", "cell", "hamlet"),
        ("starts_on", "seen_on", "ends_on"),
        ("way_in", "way_out", "is_extended"),
        ("term", "decision"),
    ]

    def get_queryset(self, request):
        return super().get_queryset(request).visible_to(request.user)


@admin.register(Person)
class PersonAdmin(SheetAdmin, ScopedAdmin):
    form = PersonForm
    resource_classes = [PersonResource]
    inlines = [TenureInline]
    list_display = ["full_name", "year_of_birth", "gender", "membership", "theory_level", "keeper"]
    list_filter = ["membership", "gender", place_filter("keeper")]
    list_select_related = ["keeper__province"]
    search_help_text = _("Full name, with or without diacritics.")

    # Not to be sorted by: the place in the order would tell what is masked.
    @admin.display(description=_("born in"))
    def year_of_birth(self, person):
        return str(person.born_on.year) if person.born_on and person.shows_private else ""

    def get_fields(self, request, obj=None):
        fields = [
            "full_name",
            "gender",
            "born",
            *(["ethnicity"] if settings.KEEP_ETHNICITY else []),
            "education",
            "profession",
            "theory_level",
            "membership",
            "admitted",
            "official",
            "left",
            "phone",
            "keeper",
            "note",
            "change_reason",
        ]
        if obj is None or may_see_private(request.user, obj):
            return fields
        # Who only sees a seat of the person sees the name and what the seat needs.
        return ["full_name", "gender", "membership", "theory_level", "keeper"]

    def label_of(self, request, obj) -> str:
        return obj.choice_label if may_see_private(request.user, obj) else obj.masked_label

    def may_see_history(self, request, obj) -> bool:
        return may_see_private(request.user, obj)

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        if obj is not None and request.method == "GET":
            note_look(request.user, [obj])
        return super().render_change_form(request, context, add, change, form_url, obj)

    def lock_before(self, obj):
        lock_what_ends([obj.pk])

    def save_formset(self, request, form, formset, change):
        super().save_formset(request, form, formset, change)
        for row in formset.initial_forms:
            if row not in formset.deleted_forms:
                _carry_death(row)

    def after_saving(self, request, obj):
        """Seats written together are compared with each other too; a death that is told of one is that of all."""
        super().after_saving(request, obj)
        refuse_taken_seats(list(obj.tenures.for_list()))
        end_by_death(obj.tenures.all())
        refuse_left_running([obj.pk])

    def get_changelist_instance(self, request):
        changelist = super().get_changelist_instance(request)
        for person in changelist.result_list:
            person.shows_private = may_see_private(request.user, person)
        return changelist


class CommuneOfSeat(place_filter("cell__commune")):
    """Seats of the cells and of the hamlets of a commune."""

    def queryset(self, request, queryset):
        if not self.value():
            return queryset
        communes = Unit.objects.visible_to(request.user).communes().matching(self.value()).values("pk")
        return queryset.filter(Q(cell__commune__in=communes) | Q(hamlet__commune__in=communes))


class TermFilter(TextFilter):
    title, parameter_name = _("Term"), "nhiem_ky"

    def queryset(self, request, queryset):
        return queryset.filter(term=self.value().strip()) if self.value() else queryset


@admin.register(Tenure)
class TenureAdmin(ScopedAdmin):
    list_display = ["person", "office_title", "cell", "hamlet", "starts_on", "ends_on", "term"]
    list_filter = [
        "office",
        RunningFilter,
        CommuneOfSeat,
        year_filter("starts_on__year"),
    ]
    list_select_related = ["person", "cell", "hamlet"]
    search_fields = ["person__search_key", "cell__search_key", "hamlet__search_key"]

    @admin.display(description=_("office"), ordering="office")
    def office_title(self, tenure):
        return tenure.office_title

    def lock_before(self, obj):
        lock_what_ends([obj.person_id])

    def save_model(self, request, obj, form, change):
        lock_seats([obj], dying=[obj.person_id] if obj.way_out == WayOut.DIED else [])
        super().save_model(request, obj, form, change)
        if change:
            _carry_death(form)

    def after_saving(self, request, obj):
        """Nobody holds one seat twice; a death that is told of one seat is that of all."""
        super().after_saving(request, obj)
        refuse_taken_seats([obj])
        end_by_death([obj])
        refuse_left_running([obj.person_id])


class CandidacyFormSet(BaseInlineFormSet):
    """Candidates are checked against the contest as it is being entered above them."""

    def _construct_form(self, i, **kwargs):
        form = super()._construct_form(i, **kwargs)
        form.instance.contest = self.instance
        return form

    def clean(self):
        super().clean()
        elected = [
            form
            for form in self.forms
            if form.cleaned_data.get("elected") and not form.cleaned_data.get("DELETE")
        ]
        if self.instance.kind == Contest.Kind.HEAD_ELECTION and len(elected) > 1:
            for form in elected:
                form.add_error("elected", str(ONE_HEAD))


class CandidacyInline(ScopedInline):
    model = Candidacy
    formset = CandidacyFormSet
    fields = ["person", "name", "office", "votes", "elected"]


@admin.register(Contest)
class ContestAdmin(SheetAdmin, ScopedAdmin):
    resource_classes = [ContestResource]
    inlines = [CandidacyInline]
    list_display = ["kind", "cell", "hamlet", "term", "planned_on", "held_on", "outcome"]
    list_filter = ["kind", "outcome", CommuneOfSeat, TermFilter, year_filter("held_on__year")]
    list_select_related = ["cell", "hamlet"]
    search_fields = ["cell__search_key", "hamlet__search_key"]

    def save_model(self, request, obj, form, change):
        recorded = Contest.objects.filter(pk=obj.pk).first() if change else None
        obj.moves_seats = recorded is None or not is_recorded_only(recorded)
        if change:
            obj.revision += 1
        super().save_model(request, obj, form, change)

    def after_saving(self, request, obj):
        """What is entered here moves the seats as it does on the pages."""
        super().after_saving(request, obj)
        if found := faults(obj, obj.candidacies.select_related("person")):
            raise ValidationError([sentence for _at, sentence in found])
        if obj.moves_seats:
            take_office([obj])


@admin.register(Assignment)
class AssignmentAdmin(SheetAdmin, ScopedAdmin):
    resource_classes = [AssignmentResource]
    list_display = ["kind", "person", "organisation", "unit", "starts_on", "ends_on"]
    list_filter = ["kind", RunningFilter, place_filter("unit__commune")]
    list_select_related = ["person", "unit"]
    search_fields = ["person__search_key", "unit__search_key"]

    def lock_before(self, obj):
        lock_assignments([obj])

    def save_model(self, request, obj, form, change):
        lock_assignments([obj])
        refuse_outside_life([(obj.unit, *obj.days)])
        refuse_twice([obj])
        refuse_dead([obj])
        if change:
            refuse_visits_outside([obj])
        super().save_model(request, obj, form, change)
        # What the accounts of the officers read follows, that of the one before as well.
        follow_grants([obj.person_id, form.initial.get("person")])

    def delete_model(self, request, obj):
        super().delete_model(request, obj)
        follow_grants([obj.person_id])


@admin.register(Visit)
class VisitAdmin(ScopedAdmin):
    list_display = [
        "day",
        "kind",
        "unit",
        "who",
        "attended",
        "minutes_attended",
        "promise_due",
        "promise_kept_on",
    ]
    list_filter = [
        "kind",
        "attended",
        "minutes_attended",
        place_filter("unit__commune"),
        year_filter("day__year"),
    ]
    list_select_related = ["unit", "assignment__person"]
    search_fields = ["unit__search_key", "assignment__person__search_key"]
    fields = [
        "kind",
        "unit",
        "assignment",
        "team",
        "day",
        "attended",
        "minutes_attended",
        "remark",
        "conclusion",
        ("promise", "promise_due", "promise_undated", "promise_kept_on"),
        "change_reason",
    ]

    def has_change_permission(self, request, obj=None):
        # Nobody rewrites the word of somebody else: it is ticked, or corrected, on its own pages.
        may = obj is None or may_correct(request.user, obj)
        return may and super().has_change_permission(request, obj)

    @admin.display(description=_("officer, team"))
    def who(self, visit):
        return visit.who

    def save_model(self, request, obj, form, change):
        if change:
            obj.revision += 1
        else:
            obj.recorded_by = request.user
        refuse_outside_life([(obj.unit, *obj.days_in_life)])
        super().save_model(request, obj, form, change)


@admin.register(Course)
class CourseAdmin(ScopedAdmin):
    list_display = ["name", "unit", "starts_on", "ends_on", "organiser", "place"]
    list_filter = [year_filter("starts_on__year")]
    list_select_related = ["unit"]
    search_fields = ["unit__search_key"]


@admin.register(Participation)
class ParticipationAdmin(SheetAdmin, ScopedAdmin):
    resource_classes = [ParticipationResource]
    list_display = ["person", "course", "completed", "result"]
    list_filter = ["completed", place_filter("person__keeper"), year_filter("course__starts_on__year")]
    list_select_related = ["person", "course"]
    search_fields = ["person__search_key"]


@admin.register(Commendation)
class CommendationAdmin(SheetAdmin, ScopedAdmin):
    resource_classes = [CommendationResource]
    list_display = ["person", "cell", "year", "form", "merit", "decision", "streak_years"]
    list_filter = ["form", year_filter("year")]
    list_select_related = ["person", "cell", "decision"]
    search_fields = ["person__search_key", "cell__search_key"]
