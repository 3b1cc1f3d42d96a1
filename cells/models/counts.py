"""Counts of members and households on a day, and the commune's monthly word that they hold."""

from datetime import date

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.changes import TracedRecords
from cells.models.cells import Cell, seen_along
from cells.models.grants import SeenThrough
from cells.models.lifetimes import refuse_outside_life
from cells.models.units import Unit
from sheets.numbers import format_count


def _count(label, **options):
    """Return a field for a count. Unknown is empty, never zero."""
    return models.PositiveIntegerField(label, null=True, blank=True, **options)


class OfCellQuerySet(SeenThrough):
    """Rows that belong to a cell, and are seen by whoever sees the cell."""

    THROUGH = ("cell",)

    def visible_along(self, user):
        """Return what ``visible_to`` does, for rows that are asked with the place of their cell."""
        return seen_along(self, user)


def _known_within(total: str, *parts: str) -> Q:
    """Return the condition that parts, as far as they are known, are no more than the total where that is known."""
    known = Coalesce(F(parts[0]), 0)
    for part in parts[1:]:
        known += Coalesce(F(part), 0)
    return Q(**{f"{total}__isnull": True}) | Q(**{f"{total}__gte": known})


class MemberCount(models.Model):
    """How many members a cell had on a day. Unknown is empty, never zero."""

    # The members add up two ways: by standing, and by whether they take part.
    WAYS_TO_ADD_UP = (("official", "probationary"), ("active", "exempt", "away"))

    cell = models.ForeignKey(Cell, models.PROTECT, related_name="member_counts", verbose_name=_("cell"))
    day = models.DateField(_("as of"))
    total = _count(_("members"))
    official = _count(_("official members"))
    probationary = _count(_("probationary members"))
    active = _count(_("taking part in activities"))
    exempt = _count(_("exempt from activities"))
    away = _count(_("working away"))
    women = _count(_("women"))
    admitted = _count(_("admitted this year"))
    residence_linked = _count(
        _("linked by residence"), help_text=_("Members of other cells who live here (213). Never added in.")
    )

    objects = OfCellQuerySet.as_manager()
    history = TracedRecords()

    class Meta:
        ordering = ["cell", "-day"]
        verbose_name = _("member count")
        verbose_name_plural = _("member counts")
        constraints = [
            models.UniqueConstraint(
                name="membercount_one_per_cell_and_day",
                fields=["cell", "day"],
                violation_error_message=_("There is a count for this day already. Change that one."),
            ),
            models.CheckConstraint(
                name="membercount_official_and_probationary_add_up",
                condition=Q(total__isnull=True)
                | Q(official__isnull=True)
                | Q(probationary__isnull=True)
                | Q(total=F("official") + F("probationary")),
                violation_error_message=_("Official and probationary members do not add up to the total."),
            ),
            models.CheckConstraint(
                name="membercount_active_exempt_away_add_up",
                condition=Q(total__isnull=True)
                | Q(active__isnull=True)
                | Q(exempt__isnull=True)
                | Q(away__isnull=True)
                | Q(total=F("active") + F("exempt") + F("away")),
                violation_error_message=_("Active, exempt and away members do not add up to the total."),
            ),
            models.CheckConstraint(
                name="membercount_known_parts_within_total",
                condition=_known_within("total", "official", "probationary")
                & _known_within("total", "active", "exempt", "away"),
                violation_error_message=_(
                    "The members by standing or by activity are more than all members."
                ),
            ),
            models.CheckConstraint(
                name="membercount_women_are_members",
                condition=Q(total__isnull=True) | Q(women__isnull=True) | Q(women__lte=F("total")),
                violation_error_message=_("There are more women than members."),
            ),
        ]

    def __str__(self):
        return f"{self.cell} {self.day:%d/%m/%Y}"

    @property
    def days_in_life(self) -> tuple[date, date]:
        return self.day, self.day

    def clean(self):
        self.clean_alone()
        if self.cell_id and self.day:
            refuse_outside_life([(self.cell, self.day, self.day)])

    def clean_alone(self):
        """Check what can be checked without asking the database."""
        self.fill_missing_parts()
        wrong = [self._does_not_add_up(parts) for parts in self.WAYS_TO_ADD_UP]
        if any(wrong):
            raise ValidationError({"total": [sentence for sentence in wrong if sentence]})

    def _does_not_add_up(self, parts: tuple[str, ...]) -> str:
        values = [getattr(self, part) for part in parts]
        if self.total is None:
            return ""
        if None in values:
            return self._are_too_many([value for value in values if value is not None])
        if self.total == sum(values):
            return ""
        return gettext(
            "Total %(total)s differs from %(sum)s = %(added)s. Check again, or leave empty what is not known."
        ) % {
            "total": format_count(self.total),
            "sum": " + ".join(format_count(value) for value in values),
            "added": format_count(sum(values)),
        }

    def _are_too_many(self, known: list[int]) -> str:
        """Some of the parts are not known; those that are cannot be more than the whole."""
        if sum(known) <= self.total:
            return ""
        return gettext(
            "%(added)s is more than the total %(total)s. Check again, or leave empty what is not known."
        ) % {"total": format_count(self.total), "added": " + ".join(map(format_count, known))}

    def fill_missing_parts(self) -> None:
        """Fill the one number that follows from the others; what does not follow stays empty."""
        for parts in self.WAYS_TO_ADD_UP:
            values = {part: getattr(self, part) for part in parts}
            unknown = [part for part, value in values.items() if value is None]
            known = sum(value for value in values.values() if value is not None)
            if not unknown and self.total is None:
                self.total = known
            elif len(unknown) == 1 and self.total is not None and self.total >= known:
                setattr(self, unknown[0], self.total - known)


class HouseholdCountQuerySet(SeenThrough):
    THROUGH = ("hamlet",)


class HouseholdCount(models.Model):
    """How many households and people a hamlet had on a day. Unknown is empty, never zero."""

    hamlet = models.ForeignKey(
        Unit, models.PROTECT, related_name="household_counts", verbose_name=_("hamlet")
    )
    day = models.DateField(_("as of"))
    households = _count(_("households"))
    people = _count(_("residents"))
    poor = _count(_("poor households"))
    near_poor = _count(_("near-poor households"))
    with_member_in_charge = _count(_("households with a member in charge"))

    objects = HouseholdCountQuerySet.as_manager()
    history = TracedRecords()

    class Meta:
        ordering = ["hamlet", "-day"]
        verbose_name = _("household count")
        verbose_name_plural = _("household counts")
        constraints = [
            models.UniqueConstraint(
                name="householdcount_one_per_hamlet_and_day",
                fields=["hamlet", "day"],
                violation_error_message=_("There is a count for this day already. Change that one."),
            ),
            models.CheckConstraint(
                name="householdcount_poor_are_households",
                condition=Q(households__isnull=True)
                | (
                    (Q(poor__isnull=True) | Q(poor__lte=F("households")))
                    & (Q(near_poor__isnull=True) | Q(near_poor__lte=F("households")))
                ),
                violation_error_message=_("There are more poor households than households."),
            ),
        ]

    def __str__(self):
        return f"{self.hamlet} {self.day:%d/%m/%Y}"

    @property
    def days_in_life(self) -> tuple[date, date]:
        return self.day, self.day

    def clean(self):
        self.clean_alone()
        if self.hamlet_id and self.day:
            refuse_outside_life([(self.hamlet, self.day, self.day)])

    def clean_alone(self):
        """Check what can be checked without asking the database."""
        if self.hamlet_id and self.hamlet.level != "hamlet":
            raise ValidationError({"hamlet": _("Households are counted by hamlet. Choose a hamlet.")})


class ConfirmationQuerySet(SeenThrough):
    THROUGH = ("commune",)


class Confirmation(models.Model):
    """A commune's word that its records hold for a month."""

    commune = models.ForeignKey(Unit, models.PROTECT, related_name="confirmations", verbose_name=_("commune"))
    month = models.DateField(_("month"), help_text=_("First day of the month."))
    confirmed_at = models.DateTimeField(_("confirmed at"))
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        related_name="+",
        null=True,
        verbose_name=_("confirmed by"),
    )
    note = models.CharField(
        _("what changed"), max_length=500, blank=True, help_text=_("Empty: no change this month.")
    )

    objects = ConfirmationQuerySet.as_manager()
    history = TracedRecords()

    class Meta:
        ordering = ["-month", "commune"]
        verbose_name = _("monthly confirmation")
        verbose_name_plural = _("monthly confirmations")
        constraints = [
            models.UniqueConstraint(
                name="confirmation_one_per_commune_and_month",
                fields=["commune", "month"],
                violation_error_message=_("The commune has confirmed this month already."),
            ),
            models.CheckConstraint(
                name="confirmation_month_is_its_first_day",
                condition=Q(month__day=1),
                violation_error_message=_("Give the first day of the month."),
            ),
        ]

    def __str__(self):
        return f"{self.commune} {self.month:%m/%Y}"
