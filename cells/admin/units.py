"""Places: today's names and parents are copies, so what is edited are their periods."""

from django import forms
from django.contrib import admin
from django.db.models import F, Q
from django.forms import BaseInlineFormSet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.admin_base import ReadOnlyAdmin, ScopedAdmin, ScopedInline
from accounts.admin_sheets import SheetAdmin
from cells.actions import refuse_areas_without_hamlet, refuse_what_stands_under
from cells.admin.filters import StandingFilter, place_filter
from cells.codes import next_hamlet_codes
from cells.copies import rebuild
from cells.kinds import KINDS_OF_LEVEL, Kind, Level
from cells.models import CellArea, Reorganisation, Succession, Unit, UnitPeriod
from cells.models.lifetimes import refuse_left_outside
from cells.resources import HamletResource

# What a picker of this name may hold; others hold any unit.
LEVEL_OF_FIELD = {"hamlet": Level.HAMLET, "commune": Level.COMMUNE, "province": Level.PROVINCE}


class UnitPeriodForm(forms.ModelForm):
    """A period. The code of a hamlet is ours, so it may be left to us."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "code" in self.fields:
            self.fields["code"].required = False
            self.fields["code"].help_text = _("Hamlets: leave empty, the code is given.")


class UnitPeriodFormSet(BaseInlineFormSet):
    def save_new(self, form, commit=True):
        _give_code(form.instance, self.instance)
        return super().save_new(form, commit)

    def save_existing(self, form, obj, commit=True):
        _give_code(form.instance, self.instance)
        return super().save_existing(form, obj, commit)


def _give_code(period: UnitPeriod, unit: Unit) -> None:
    """Keep the unit's code where none was entered; a hamlet that never had one gets one of ours."""
    if not period.code:
        period.code = unit.code or (next_hamlet_codes(1)[0] if unit.level == Level.HAMLET else "")


class UnitPeriodInline(ScopedInline):
    model = UnitPeriod
    fk_name = "unit"
    form = UnitPeriodForm
    formset = UnitPeriodFormSet
    min_num = 1
    validate_min = True
    fields = ["kind", "name", "code", "parent", "starts_on", "ends_on"]

    def get_formset(self, request, obj=None, **kwargs):
        formset = super().get_formset(request, obj, **kwargs)
        if obj is not None and "kind" in formset.form.base_fields:
            kinds = [(kind, Kind(kind).label) for kind in KINDS_OF_LEVEL[obj.level]]
            formset.form.base_fields["kind"].choices = [("", "---------"), *kinds]
        return formset


@admin.register(Unit)
class UnitAdmin(SheetAdmin, ScopedAdmin):
    resource_classes = [HamletResource]
    inlines = [UnitPeriodInline]
    fields = ["level", "position", "latitude", "longitude", "area_km2", "note", "change_reason"]
    list_display = ["shown_name", "level", "code", "commune", "province", "closed_on"]
    list_filter = [
        "level",
        StandingFilter,
        place_filter("province", Level.PROVINCE),
        place_filter("commune"),
    ]
    list_select_related = ["commune", "province"]
    search_help_text = _("Name or code, with or without diacritics.")

    @admin.display(description=_("name"), ordering="sort_key")
    def shown_name(self, unit):
        return str(unit)

    def get_readonly_fields(self, request, obj=None):
        # A hamlet does not become a commune.
        return ["level"] if obj else []

    def has_delete_permission(self, request, obj=None):
        # A unit ends by its last period; one entered in error is taken back with its change set.
        return False

    def get_search_results(self, request, queryset, search_term):
        queryset, may_repeat = super().get_search_results(request, queryset, search_term)
        if request.path == reverse("admin:autocomplete"):
            # Of two units with one name the one that stands is nearly always meant.
            queryset = queryset.order_by(F("closed_on").desc(nulls_first=True), "sort_key", "pk")
            if level := LEVEL_OF_FIELD.get(request.GET.get("field_name")):
                queryset = queryset.filter(level=level)
        return queryset, may_repeat

    def after_saving(self, request, obj):
        rebuild([obj.pk])
        refuse_left_outside(obj)
        # The name comes with the first period; the message and the log are to say it.
        obj.refresh_from_db()
        if obj.closed_on:
            refuse_what_stands_under(obj, obj.closed_on)
        refuse_areas_without_hamlet(CellArea.objects.filter(hamlet=obj))


@admin.register(Succession)
class SuccessionAdmin(ReadOnlyAdmin):
    list_display = ["predecessor", "successor", "on", "part"]
    list_filter = ["part"]
    list_select_related = ["predecessor", "successor"]
    search_fields = ["predecessor__search_key", "successor__search_key"]

    def rows_to_see(self, request, queryset):
        units = Unit.objects.visible_to(request.user).values("pk")
        return queryset.filter(Q(predecessor__in=units) | Q(successor__in=units))


@admin.register(Reorganisation)
class ReorganisationAdmin(ReadOnlyAdmin):
    list_display = ["title", "effective_on", "unit", "decision"]
    list_select_related = ["unit", "decision"]
    search_fields = ["unit__search_key", "decision__search_key"]
