"""What officers did in the hamlets and communes they follow: visits and inspections."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.changes import TracedRecords
from cells.models import Unit
from cells.models.grants import SeenThrough
from leaders.models.assignments import Assignment


class VisitQuerySet(SeenThrough):
    THROUGH = ("unit",)

    def for_list(self):
        return self.select_related("unit__commune", "assignment__person")


class Visit(models.Model):
    """One visit of an officer, or one inspection by a team, with what was seen and promised."""

    class Kind(models.TextChoices):
        VISIT = "visit", _("visit")
        INSPECTION = "inspection", _("inspection")

    kind = models.CharField(_("kind"), max_length=10, choices=Kind, default=Kind.VISIT)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="visits", verbose_name=_("hamlet or commune"))
    assignment = models.ForeignKey(
        Assignment,
        models.PROTECT,
        related_name="visits",
        null=True,
        blank=True,
        verbose_name=_("who follows it"),
    )
    # Of an inspection: the team in the words of its paper.
    team = models.CharField(_("inspection team"), max_length=300, blank=True)
    day = models.DateField(_("day"))
    attended = models.BooleanField(_("attended the cell meeting"), null=True, blank=True)
    remark = models.TextField(_("remark"), blank=True, max_length=4000)
    conclusion = models.TextField(_("conclusion"), blank=True, max_length=4000)
    promise = models.CharField(_("what was promised"), max_length=500, blank=True)
    promise_due = models.DateField(_("promised by"), null=True, blank=True)
    promise_kept_on = models.DateField(_("done on"), null=True, blank=True)
    # What the minutes of the cell say; the officer's own word stands beside it.
    minutes_attended = models.BooleanField(_("attended, by the minutes"), null=True, blank=True)
    reported_at = models.DateTimeField(_("recorded at"), auto_now_add=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        related_name="+",
        null=True,
        editable=False,
        verbose_name=_("recorded by"),
    )
    revision = models.PositiveIntegerField(default=1, editable=False)

    objects = VisitQuerySet.as_manager()
    history = TracedRecords()

    class Meta:
        ordering = ["-day", "-pk"]
        verbose_name = _("visit or inspection")
        verbose_name_plural = _("visits and inspections")
        permissions = [("log_visits", _("Can log own visits"))]
        indexes = [models.Index(fields=["unit", "day"]), models.Index(fields=["assignment", "day"])]
        constraints = [
            models.CheckConstraint(
                name="visit_is_of_an_officer_or_a_team",
                condition=Q(kind="visit", assignment__isnull=False, team="", conclusion="")
                | Q(kind="inspection") & ~Q(team=""),
                violation_error_message=_("A visit is that of an officer, an inspection that of a team."),
            ),
            models.UniqueConstraint(
                name="visit_one_per_officer_and_day",
                fields=["assignment", "day"],
                condition=Q(kind="visit"),
                violation_error_message=_("The visit of this day is recorded already. Open it to change it."),
            ),
            models.CheckConstraint(
                name="visit_promise_is_whole",
                condition=~Q(promise="") | Q(promise_due__isnull=True, promise_kept_on__isnull=True),
                violation_error_message=_("Write what was promised."),
            ),
            models.CheckConstraint(
                name="visit_promise_kept_after_it_was_given",
                condition=Q(promise_kept_on__isnull=True) | Q(promise_kept_on__gte=F("day")),
                violation_error_message=_(
                    "It was promised on the day of the visit; it is done on or after it."
                ),
            ),
        ]

    def __str__(self):
        return f"{self.unit} {self.day:%d/%m/%Y}"
