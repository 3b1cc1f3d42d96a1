"""Meetings of cells, for whoever keeps the data."""

from django.contrib import admin
from django.utils.translation import gettext_lazy

from accounts.admin_base import ScopedAdmin
from accounts.admin_sheets import SheetAdmin
from cells.admin.filters import place_filter, year_filter
from cells.models import Meeting
from cells.resources import MeetingResource


@admin.register(Meeting)
class MeetingAdmin(SheetAdmin, ScopedAdmin):
    resource_classes = [MeetingResource]
    list_display = ["cell", "commune", "month", "kind", "day", "was_held", "expected", "present", "grade"]
    list_filter = ["kind", "was_held", "grade", place_filter("cell__commune"), year_filter("month__year")]
    list_select_related = ["cell__commune"]
    search_fields = ["cell__search_key"]

    @admin.display(description=gettext_lazy("commune"), ordering="cell__commune__sort_key")
    def commune(self, meeting):
        return meeting.cell.commune

    def save_model(self, request, obj, form, change):
        if change:
            # Whoever has its row open on the page of the month is told.
            obj.revision += 1
        super().save_model(request, obj, form, change)
