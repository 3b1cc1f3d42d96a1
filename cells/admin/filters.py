"""Filters of the lists. A place is typed, not picked: no list of ten thousand communes."""

import re

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from cells.kinds import Level
from cells.models import Unit


class TextFilter(admin.SimpleListFilter):
    """A filter with a text box. Subclasses say what the text narrows."""

    template = "admin/filters/text.html"

    def lookups(self, request, model_admin):
        return ()

    def has_output(self):
        return True

    def choices(self, changelist):
        # The other filters of the address travel along as hidden fields.
        others = changelist.get_filters_params()
        yield {
            "parameter": self.parameter_name,
            "value": self.value() or "",
            "others": [
                (name, value)
                for name, values in others.items()
                if name != self.parameter_name
                for value in values
            ],
        }


def place_filter(path: str, level: str = Level.COMMUNE) -> type[TextFilter]:
    """Return a filter by the name or code of the commune (or province) that the path leads to."""
    word, parameter = {
        Level.COMMUNE: (_("Commune (name or code)"), "xa"),
        Level.PROVINCE: (_("Province (name or code)"), "tinh"),
    }[level]

    class PlaceFilter(TextFilter):
        title, parameter_name = word, parameter

        def __init__(self, request, *args):
            super().__init__(request, *args)
            self.user = request.user

        def queryset(self, request, queryset):
            if not self.value():
                return queryset
            places = Unit.objects.visible_to(self.user).filter(level=level).matching(self.value())
            return queryset.filter(**{f"{path}__in": places.values("pk")})

    return PlaceFilter


class StandingFilter(admin.SimpleListFilter):
    """Those that stand today, or those that are closed."""

    title = _("standing")
    parameter_name = "con"

    def lookups(self, request, model_admin):
        return [("co", _("standing today")), ("khong", _("closed"))]

    def queryset(self, request, queryset):
        if self.value() is None:
            return queryset
        return queryset.filter(closed_on__isnull=self.value() == "co")


class RunningFilter(admin.SimpleListFilter):
    """Dated rows that run on, or those that have ended."""

    title = _("running on")
    parameter_name = "con"

    def lookups(self, request, model_admin):
        return [("co", _("running on")), ("khong", _("ended"))]

    def queryset(self, request, queryset):
        if self.value() is None:
            return queryset
        return queryset.filter(ends_on__isnull=self.value() == "co")


def year_filter(path: str) -> type[TextFilter]:
    """Return a filter by a year of four digits; the path leads to a date."""

    class YearFilter(TextFilter):
        title, parameter_name = _("Year"), "nam"

        def queryset(self, request, queryset):
            if not self.value():
                return queryset
            if not re.fullmatch("[1-9][0-9]{3}", self.value()):
                return queryset.none()
            return queryset.filter(**{path: int(self.value())})

    return YearFilter
