"""What a resolution asks for: so many of so many, in a term."""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.changes import TracedRecords
from cells.dated import Dated, DatedQuerySet, days_in_order
from cells.models import Decision, Unit
from cells.models.grants import SeenThrough
from evaluations.models.rules import year_field
from evaluations.models.titles import Title


class TargetQuerySet(SeenThrough, DatedQuerySet):
    THROUGH = ("unit",)

    def in_force_on(self, day: date):
        """Return the targets whose term runs on the day, each in the edition of that day."""
        return self.on(day).filter(
            Q(superseded_on__isnull=True) | Q(superseded_on__gt=day),
            Q(resolved_on__isnull=True) | Q(resolved_on__lte=day),
        )


class Target(Dated):
    """A goal of a resolution for a unit and a term: goal and base as resolved, never recounted."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="targets", verbose_name=_("unit"))
    term = models.CharField(_("term"), max_length=9, help_text=_("For example 2020-2025."))
    figure = models.CharField(
        _("figure"),
        max_length=40,
        default="title_of_goal",
        help_text=_("Code of the figure that counts towards the goal."),
    )
    title = models.ForeignKey(
        Title, models.PROTECT, related_name="targets", null=True, blank=True, verbose_name=_("title")
    )
    # A target of a commune may be its part of that of the unit above.
    part_of = models.ForeignKey(
        "self",
        models.PROTECT,
        related_name="parts",
        null=True,
        blank=True,
        verbose_name=_("part of the target"),
    )
    goal = models.PositiveIntegerField(_("goal"))
    base = models.PositiveIntegerField(_("base as resolved"), null=True, blank=True)
    deadline = models.DateField(_("deadline"), null=True, blank=True)
    resolution = models.ForeignKey(
        Decision,
        models.PROTECT,
        related_name="targets",
        null=True,
        blank=True,
        verbose_name=_("resolution"),
    )
    resolved_on = models.DateField(_("resolved on"), null=True, blank=True)
    edition = models.PositiveSmallIntegerField(_("edition"), default=1, editable=False)
    edition_reason = models.CharField(_("reason of the edition"), max_length=500, blank=True, editable=False)
    superseded_on = models.DateField(null=True, editable=False)

    objects = TargetQuerySet.as_manager()
    history = TracedRecords()

    class Meta:
        ordering = ["unit", "-term", "figure"]
        verbose_name = _("target")
        verbose_name_plural = _("targets")
        constraints = [
            days_in_order("target"),
            models.CheckConstraint(
                name="target_goal_is_positive",
                condition=Q(goal__gt=0),
                violation_error_message=_("The goal is at least 1."),
            ),
            models.CheckConstraint(
                name="target_goal_within_base",
                condition=Q(base__isnull=True) | Q(base__gte=F("goal")),
                violation_error_message=_("The goal is larger than its base."),
            ),
            models.CheckConstraint(
                name="target_title_figure_names_its_title",
                condition=~Q(figure="title_of_goal") | Q(title__isnull=False),
                violation_error_message=_("Choose the title that is counted."),
            ),
            models.CheckConstraint(
                name="target_term_is_two_years",
                condition=Q(term__regex=r"^(19|20)[0-9][0-9]-(19|20)[0-9][0-9]$"),
                violation_error_message=_("A term is two years of four digits, for example 2020-2025."),
            ),
            # Two, because SQLite holds two empty titles for different ones.
            models.UniqueConstraint(
                name="target_one_edition_in_force_per_title",
                fields=["unit", "term", "figure", "title"],
                condition=Q(superseded_on__isnull=True),
                violation_error_message=_("This target is in the list already."),
            ),
            models.UniqueConstraint(
                name="target_one_edition_in_force",
                fields=["unit", "term", "figure"],
                condition=Q(superseded_on__isnull=True, title__isnull=True),
                violation_error_message=_("This target is in the list already."),
            ),
        ]

    def __str__(self):
        return f"{self.unit} {self.term}: {self.goal}"

    def clean(self):
        if self.term and (self.starts_on is None or self.ends_on is None):
            first, _dash, last = self.term.partition("-")
            if not (first.isdigit() and last.isdigit()):
                raise ValidationError(
                    {"term": _("A term is two years of four digits, for example 2020-2025.")}
                )
            self.starts_on = self.starts_on or date(int(first), 1, 1)
            self.ends_on = self.ends_on or date(int(last), 12, 31)
        if self.resolution_id and self.resolved_on is None:
            self.resolved_on = self.resolution.date


class TargetStep(models.Model):
    """How far a target should be at the end of a year: its path."""

    target = models.ForeignKey(Target, models.CASCADE, related_name="steps", verbose_name=_("target"))
    year = year_field(_("year"))
    planned = models.PositiveIntegerField(_("planned by the end of the year"))

    history = TracedRecords()

    class Meta:
        ordering = ["target", "year"]
        verbose_name = _("step of a target")
        verbose_name_plural = _("steps of targets")
        constraints = [
            models.UniqueConstraint(
                name="targetstep_one_per_year",
                fields=["target", "year"],
                violation_error_message=_("This year is in the path already."),
            ),
        ]

    def __str__(self):
        return f"{self.year}: {self.planned}"
