"""The one convention for days.

``starts_on`` is the first day in, ``ends_on`` the last day in. An empty end means "running
on", an empty start "since before our records". Adjacent means ``ends_on + 1 = starts_on``.
"""

from datetime import date, timedelta

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

ONE_DAY = timedelta(days=1)


def on_day(day, prefix: str = "") -> Q:
    """Return the condition that a dated row holds on the day (a date, F or OuterRef)."""
    return (Q(**{f"{prefix}starts_on__isnull": True}) | Q(**{f"{prefix}starts_on__lte": day})) & (
        Q(**{f"{prefix}ends_on__isnull": True}) | Q(**{f"{prefix}ends_on__gte": day})
    )


def overlapping(starts_on: date | None, ends_on: date | None, prefix: str = "") -> Q:
    """Return the condition that a dated row shares at least one day with this stretch."""
    condition = Q()
    if ends_on is not None:
        condition &= Q(**{f"{prefix}starts_on__isnull": True}) | Q(**{f"{prefix}starts_on__lte": ends_on})
    if starts_on is not None:
        condition &= Q(**{f"{prefix}ends_on__isnull": True}) | Q(**{f"{prefix}ends_on__gte": starts_on})
    return condition


class DatedQuerySet(models.QuerySet):
    """Rows that hold from one day to another."""

    def on(self, day: date):
        """Return the rows that hold on this day. First and last day count."""
        return self.filter(on_day(day))

    def overlapping(self, starts_on: date | None, ends_on: date | None):
        """Return the rows that share at least one day with this stretch."""
        return self.filter(overlapping(starts_on, ends_on))

    def by_day(self):
        """Order by first day; those since before our records come first."""
        return self.order_by(F("starts_on").asc(nulls_first=True), "pk")


class Dated(models.Model):
    """A fact that is true from one day to another, both included."""

    starts_on = models.DateField(
        _("from"), null=True, blank=True, help_text=_("Empty: since before our records.")
    )
    ends_on = models.DateField(_("until"), null=True, blank=True, help_text=_("Last day. Empty: running on."))

    class Meta:
        abstract = True

    @property
    def days(self) -> tuple[date, date]:
        """First and last day, to be compared: what is open reaches to the end of time."""
        return self.starts_on or date.min, self.ends_on or date.max

    def holds_on(self, day: date) -> bool:
        first, last = self.days
        return first <= day <= last


def days_in_order(model: str) -> models.CheckConstraint:
    """Return the constraint that no fact ends before it starts."""
    return models.CheckConstraint(
        name=f"{model}_days_in_order",
        condition=Q(starts_on__isnull=True) | Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
        violation_error_message=_("The last day is before the first day. Check both days."),
    )
