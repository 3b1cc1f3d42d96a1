"""Party cells: where they stand and which hamlets they cover, as periods."""

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.admin_base import ReadOnlyAdmin, ScopedAdmin, ScopedInline
from accounts.admin_sheets import SheetAdmin
from cells.admin.filters import StandingFilter, place_filter, year_filter
from cells.checks import lacks_a_hamlet
from cells.codes import next_cell_codes
from cells.copies import rebuild_cells
from cells.models import Cell, CellArea, CellPeriod, Confirmation, HouseholdCount, MemberCount
from cells.models.lifetimes import refuse_left_outside
from cells.resources import HouseholdCountResource, MemberCountResource


class CellPeriodInline(ScopedInline):
    model = CellPeriod
    min_num = 1
    validate_min = True
    fields = ["name", "commune", "starts_on", "ends_on"]


class CellAreaInline(ScopedInline):
    model = CellArea
    fields = ["hamlet", "starts_on", "ends_on"]


@admin.register(Cell)
class CellAdmin(ScopedAdmin):
    inlines = [CellPeriodInline, CellAreaInline]
    fields = ["code", "kind", "is_grassroots", "parent_organisation", "position", "note", "change_reason"]
    list_display = ["shown_name", "code", "kind", "commune", "closed_on"]
    list_filter = ["kind", StandingFilter, place_filter("commune")]
    list_select_related = ["commune"]
    search_help_text = gettext_lazy("Name or code, with or without diacritics.")

    @admin.display(description=gettext_lazy("name"), ordering="sort_key")
    def shown_name(self, cell):
        return str(cell)

    def has_delete_permission(self, request, obj=None):
        # A cell ends by its last period; one entered in error is taken back with its change set.
        return False

    def save_model(self, request, obj, form, change):
        obj.code = obj.code or next_cell_codes(1)[0]
        super().save_model(request, obj, form, change)

    def after_saving(self, request, obj):
        rebuild_cells([obj.pk])
        refuse_left_outside(obj)
        if lacks_a_hamlet(obj):
            raise ValidationError(
                _(
                    "A hamlet cell covers at least one hamlet on every day. Enter the hamlets below, with their days."
                )
            )
        # The name comes with the first period; the message and the log are to say it.
        obj.refresh_from_db()


@admin.register(MemberCount)
class MemberCountAdmin(SheetAdmin, ScopedAdmin):
    resource_classes = [MemberCountResource]
    list_display = ["cell", "commune", "day", "total", "official", "probationary", "active", "exempt", "away"]
    list_filter = [place_filter("cell__commune"), year_filter("day__year")]
    list_select_related = ["cell__commune"]
    search_fields = ["cell__search_key"]

    @admin.display(description=gettext_lazy("commune"), ordering="cell__commune__sort_key")
    def commune(self, count):
        return count.cell.commune


@admin.register(HouseholdCount)
class HouseholdCountAdmin(SheetAdmin, ScopedAdmin):
    resource_classes = [HouseholdCountResource]
    list_display = ["hamlet", "commune", "day", "households", "people", "poor", "near_poor"]
    list_filter = [place_filter("hamlet__commune"), year_filter("day__year")]
    list_select_related = ["hamlet__commune"]
    search_fields = ["hamlet__search_key"]

    @admin.display(description=gettext_lazy("commune"), ordering="hamlet__commune__sort_key")
    def commune(self, count):
        return count.hamlet.commune


@admin.register(Confirmation)
class ConfirmationAdmin(ReadOnlyAdmin):
    # The commune confirms on its own page; nobody confirms in its place.
    list_display = ["commune", "month", "confirmed_at", "confirmed_by", "note"]
    list_filter = [place_filter("commune"), year_filter("month__year")]
    list_select_related = ["commune", "confirmed_by"]
    search_fields = ["commune__search_key"]
