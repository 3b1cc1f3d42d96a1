"""Meetings of cells, month by month. Their grade is a scale of its own, never a level of the year."""

from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.changes import TracedRecords
from cells.models.cells import Cell
from cells.models.counts import OfCellQuerySet
from cells.models.lifetimes import refuse_outside_life
from cells.months import last_day_of, month_of

# The meeting of a month may be held some days before it or after it, around the lunar new year for one.
MOST_DAYS_ASIDE = timedelta(days=15)


class MeetingQuerySet(OfCellQuerySet):
    def regular(self):
        return self.filter(kind=Meeting.Kind.REGULAR)

    def with_numbers(self):
        """Return the regular meetings that were held and of which it is known who came of how many."""
        return self.regular().filter(was_held=True, expected__gt=0, present__isnull=False)

    def of_months(self, first: date, last: date):
        """Return the meetings of the months from one to another, each named by its first day."""
        return self.filter(month__gte=first, month__lte=last)


class Meeting(models.Model):
    """One meeting of a cell, or the word that the regular one of a month was not held."""

    class Kind(models.TextChoices):
        REGULAR = "regular", _("monthly regular meeting")
        THEMATIC = "thematic", _("thematic meeting")
        EXTRAORDINARY = "extraordinary", _("extraordinary meeting")

    class Grade(models.TextChoices):
        """How good the meeting was (Tốt, Khá, Trung bình, Kém)."""

        GOOD = "good", _("Good (meeting)")
        FAIR = "fair", _("Fair (meeting)")
        AVERAGE = "average", _("Average (meeting)")
        WEAK = "weak", _("Weak (meeting)")

    cell = models.ForeignKey(Cell, models.PROTECT, related_name="meetings", verbose_name=_("cell"))
    kind = models.CharField(_("kind"), max_length=13, choices=Kind, default=Kind.REGULAR)
    day = models.DateField(
        _("day"), help_text=_("Of a meeting that was not held: the first day of its month.")
    )
    # Of which month the meeting is: not always the one of its day.
    month = models.DateField(_("month"), help_text=_("First day of the month."))
    was_held = models.BooleanField(_("held"), default=True)
    expected = models.PositiveIntegerField(_("expected"), null=True, blank=True)
    present = models.PositiveIntegerField(_("present"), null=True, blank=True)
    committee_met = models.BooleanField(_("the committee met before"), null=True, blank=True)
    grade = models.CharField(_("grade of the meeting"), max_length=7, choices=Grade, blank=True)
    note = models.CharField(_("note"), max_length=500, blank=True)
    revision = models.PositiveIntegerField(default=1, editable=False)

    objects = MeetingQuerySet.as_manager()
    history = TracedRecords()

    class Meta:
        ordering = ["-day", "cell", "pk"]
        verbose_name = _("cell meeting")
        verbose_name_plural = _("cell meetings")
        indexes = [
            models.Index(fields=["cell", "kind", "day"]),
            models.Index(fields=["month", "kind"]),
        ]
        constraints = [
            models.CheckConstraint(
                name="meeting_month_is_its_first_day",
                condition=Q(month__day=1),
                violation_error_message=_("Give the first day of the month."),
            ),
            models.UniqueConstraint(
                name="meeting_one_regular_per_cell_and_month",
                fields=["cell", "month"],
                condition=Q(kind="regular"),
                violation_error_message=_("The regular meeting of this month is recorded already."),
            ),
            # The day of one that was not held is no day of a meeting.
            models.UniqueConstraint(
                name="meeting_one_per_cell_kind_and_day",
                fields=["cell", "kind", "day"],
                condition=Q(was_held=True),
                violation_error_message=_("This meeting of the cell is recorded already."),
            ),
            models.CheckConstraint(
                name="meeting_present_were_expected",
                condition=Q(expected__isnull=True) | Q(present__isnull=True) | Q(present__lte=F("expected")),
                violation_error_message=_("More were present than were expected."),
            ),
            models.CheckConstraint(
                name="meeting_not_held_has_no_result",
                condition=Q(was_held=True)
                | Q(
                    day=F("month"), kind="regular", present__isnull=True, committee_met__isnull=True, grade=""
                ),
                violation_error_message=_("A meeting that was not held has nobody present and no grade."),
            ),
        ]

    def __str__(self):
        return f"{self.cell} {self.day:%d/%m/%Y}"

    def save(self, *args, **kwargs):
        self.prepare()
        super().save(*args, **kwargs)

    @property
    def days_in_life(self) -> tuple[date, date] | None:
        """Of a month without a meeting no day is told."""
        return (self.day, self.day) if self.was_held else None

    @property
    def is_regular(self) -> bool:
        return self.kind == self.Kind.REGULAR

    def prepare(self) -> None:
        """Fill in the month where it is that of the day; bulk writers call it themselves."""
        if self.day and (self.month is None or not self.is_regular):
            self.month = month_of(self.day)

    def clean(self):
        self.prepare()
        self.clean_alone()
        if self.cell_id and self.day and self.was_held:
            refuse_outside_life([(self.cell, self.day, self.day)])

    def clean_alone(self):
        """Check what can be checked without asking the database."""
        if self.day is None or self.month is None or not self.is_regular or not self.was_held:
            return
        last = last_day_of(self.month)
        if not self.month - MOST_DAYS_ASIDE <= self.day <= last + MOST_DAYS_ASIDE:
            raise ValidationError(
                {
                    "day": gettext(
                        "%(day)s is too far from %(month)s to be its regular meeting. Check the day."
                    )
                    % {"day": f"{self.day:%d/%m/%Y}", "month": f"{self.month:%m/%Y}"}
                }
            )
