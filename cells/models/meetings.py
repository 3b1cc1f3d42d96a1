"""Meetings of cells, month by month. Their grade is a scale of its own, never a level of the year."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.changes import TracedRecords
from cells.models.cells import Cell
from cells.models.counts import OfCellQuerySet


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
    was_held = models.BooleanField(_("held"), default=True)
    expected = models.PositiveIntegerField(_("expected"), null=True, blank=True)
    present = models.PositiveIntegerField(_("present"), null=True, blank=True)
    committee_met = models.BooleanField(_("the committee met before"), null=True, blank=True)
    grade = models.CharField(_("grade of the meeting"), max_length=7, choices=Grade, blank=True)
    note = models.CharField(_("note"), max_length=500, blank=True)
    revision = models.PositiveIntegerField(default=1, editable=False)

    objects = OfCellQuerySet.as_manager()
    history = TracedRecords()

    class Meta:
        ordering = ["-day", "cell", "pk"]
        verbose_name = _("cell meeting")
        verbose_name_plural = _("cell meetings")
        indexes = [models.Index(fields=["cell", "kind", "day"])]
        constraints = [
            models.UniqueConstraint(
                name="meeting_one_per_cell_kind_and_day",
                fields=["cell", "kind", "day"],
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
                | Q(day__day=1, kind="regular", present__isnull=True, committee_met__isnull=True, grade=""),
                violation_error_message=_("A meeting that was not held has nobody present and no grade."),
            ),
        ]

    def __str__(self):
        return f"{self.cell} {self.day:%d/%m/%Y}"
