"""What a resolution asks for: so many of so many, in a term.

Goal and base are as resolved: another decision makes a new edition and leaves the old one as it was.
"""

from collections import defaultdict
from datetime import date

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, OuterRef, Q, Subquery
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.changes import TracedRecords
from accounts.history import CHANGED, record_many
from cells.dated import Dated, DatedQuerySet, days_in_order
from cells.models import Decision, Unit, UnitPeriod
from cells.models.grants import SeenThrough
from evaluations.models.rules import year_field
from evaluations.models.titles import Title
from sheets.numbers import format_count

# Codes of the figures of which there should be fewer: their goal is "at most so many", none at all included.
FALLING = ("interim_heads", "level_not_completed", "vacant_heads", "vacant_secretaries")


class TargetQuerySet(SeenThrough, DatedQuerySet):
    THROUGH = ("unit",)

    def in_force_on(self, day: date):
        """Return the targets whose term runs on the day, each in the edition of that day."""
        return self.on(day).filter(
            Q(superseded_on__isnull=True) | Q(superseded_on__gt=day),
            Q(resolved_on__isnull=True) | Q(resolved_on__lte=day),
        )

    def latest_editions(self):
        return self.filter(superseded_on__isnull=True)

    def editions_of(self, target: "Target"):
        """Return every edition of what this target is an edition of, the latest first."""
        same = self.filter(unit=target.unit_id, term=target.term, figure=target.figure, title=target.title_id)
        # A commune may have a target of its own beside its part of that of the unit above.
        same = same.filter(part_of__isnull=target.part_of_id is None)
        return same.order_by("-edition", "-pk")

    def parts_of(self, target: "Target"):
        """Return the targets that this one, in whatever edition, is broken down into."""
        return self.filter(part_of__in=Target.objects.editions_of(target).order_by().values("pk"))

    def told_to(self, units):
        """Return the targets of the units above that whoever works below is told: what was resolved, no count."""
        return self.filter(unit__in=units)

    def with_life(self):
        """Say since when the unit of each stands (``unit_began``): before it nothing could be counted."""
        first = UnitPeriod.objects.filter(unit=OuterRef("unit")).by_day().values("starts_on")[:1]
        return self.annotate(unit_began=Subquery(first))

    def for_list(self):
        return self.select_related("unit", "title", "resolution")

    def with_steps(self) -> list["Target"]:
        """Return the targets with the steps of their paths, both in one query."""
        found: dict[int, Target] = {}
        steps: dict[int, list[TargetStep]] = defaultdict(list)
        joined = {"step": F("steps"), "step_year": F("steps__year"), "step_planned": F("steps__planned")}
        for row in self.annotate(**joined).order_by(*self.query.order_by, "steps__year"):
            target = found.setdefault(row.pk, row)
            if row.step:
                step = TargetStep(pk=row.step, target=target, year=row.step_year, planned=row.step_planned)
                steps[row.pk].append(step)
        for target in found.values():
            target._prefetched_objects_cache = {"steps": steps[target.pk]}
        return list(found.values())


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
    # A target of a commune may be its part of that of the unit above; they are taken back together or not at all.
    part_of = models.ForeignKey(
        "self",
        models.RESTRICT,
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
                condition=Q(goal__gt=0) | Q(figure__in=FALLING),
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
                condition=Q(superseded_on__isnull=True, part_of__isnull=True),
                violation_error_message=_("This target is in the list already."),
            ),
            models.UniqueConstraint(
                name="target_one_edition_in_force",
                fields=["unit", "term", "figure"],
                condition=Q(superseded_on__isnull=True, part_of__isnull=True, title__isnull=True),
                violation_error_message=_("This target is in the list already."),
            ),
            # A part stands beside a target of the unit's own, which its own congress has resolved.
            models.UniqueConstraint(
                name="target_one_part_in_force_per_title",
                fields=["unit", "term", "figure", "title"],
                condition=Q(superseded_on__isnull=True, part_of__isnull=False),
                violation_error_message=_("This target is in the list already."),
            ),
            models.UniqueConstraint(
                name="target_one_part_in_force",
                fields=["unit", "term", "figure"],
                condition=Q(superseded_on__isnull=True, part_of__isnull=False, title__isnull=True),
                violation_error_message=_("This target is in the list already."),
            ),
            models.CheckConstraint(
                name="target_later_edition_has_a_reason",
                condition=Q(edition=1) | ~Q(edition_reason=""),
                violation_error_message=_("A new edition needs its reason."),
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
        if self.ends_on and self.deadline and self.deadline < (self.starts_on or self.deadline):
            raise ValidationError({"deadline": _("The deadline is before the term begins. Check both days.")})

    def get_absolute_url(self):
        return reverse("targets:target", args=[self.pk])

    @property
    def falls(self) -> bool:
        """Whether there should be fewer of what is counted: then the goal is the most there may be."""
        return self.figure in FALLING

    @property
    def goal_words(self) -> str:
        """The goal as it is read: "59", or "at most 5"."""
        return self.planned_words(self.goal)

    def planned_words(self, planned: int) -> str:
        count = format_count(planned)
        if not self.falls:
            return count
        return gettext("at most %(count)s") % {"count": count} if planned else gettext("none at all")

    def lacks(self, done: int, planned: int) -> int:
        """Return by how much what is counted falls short of what was planned; none where it is reached."""
        return max(done - planned if self.falls else planned - done, 0)

    @property
    def is_part(self) -> bool:
        return self.part_of_id is not None

    @property
    def is_closed(self) -> bool:
        """Whether a later decision has taken its place: then it stays as it was resolved."""
        return self.superseded_on is not None

    @property
    def due_on(self) -> date:
        """The day by which the goal is to be reached: its deadline, or the last day of its term."""
        return self.deadline or self.ends_on

    @property
    def path(self) -> dict[int, int]:
        """What is planned by the end of each year."""
        return {step.year: step.planned for step in self.steps.all()}

    def check_replaced_on(self, day: date) -> None:
        """Refuse a decision of an earlier day than the one it is to replace."""
        if self.resolved_on and day < self.resolved_on:
            raise ValidationError(
                _("The new decision is of %(new)s, the one it replaces of %(old)s. Check the day.")
                % {"new": f"{day:%d/%m/%Y}", "old": f"{self.resolved_on:%d/%m/%Y}"}
            )

    def supersede(self, *, on: date) -> None:
        """Close this edition: from the day on another decision holds, or none.

        Refused where somebody else has closed it meanwhile; then nothing is touched.
        """
        self.check_replaced_on(on)
        in_force = Target.objects.filter(pk=self.pk).latest_editions()
        if not in_force.update(superseded_on=on):
            raise ValidationError(_("Somebody else has changed this target meanwhile. Open it again."))
        record_many(Target.objects.filter(pk=self.pk), CHANGED)
        self.superseded_on = on

    def resolve_anew(
        self,
        *,
        goal: int,
        base: int | None,
        decision: Decision,
        reason: str,
        deadline: date | None = None,
        part_of: "Target | None" = None,
    ) -> "Target":
        """Replace goal and base by those of another decision; this edition stays as it was resolved."""
        self.supersede(on=decision.date)
        new = Target.objects.get(pk=self.pk)
        new.pk, new._state.adding = None, True
        new.goal, new.base, new.deadline = goal, base, deadline or self.deadline
        new.resolution, new.resolved_on = decision, decision.date
        new.part_of = part_of or self.part_of
        new.edition, new.edition_reason, new.superseded_on = self.edition + 1, reason, None
        new.full_clean()
        new.save()
        return new


class TargetStepQuerySet(SeenThrough):
    THROUGH = ("target",)


class TargetStep(models.Model):
    """How far a target should be at the end of a year: its path."""

    target = models.ForeignKey(Target, models.CASCADE, related_name="steps", verbose_name=_("target"))
    year = year_field(_("year"))
    planned = models.PositiveIntegerField(_("planned by the end of the year"))

    objects = TargetStepQuerySet.as_manager()
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
