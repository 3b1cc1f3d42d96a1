"""What officers did in the hamlets and communes they follow: visits and inspections."""

from datetime import date, timedelta

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import TruncDate
from django.db.models.lookups import GreaterThan
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.changes import TracedRecords
from accounts.roles import Role
from cells.models import Unit
from cells.models.grants import SeenThrough
from leaders.models.assignments import Assignment

_UNTOLD = Q(kind="visit", attended__isnull=True, remark="", promise="")


def told_late(days: int) -> Q:
    """Return the condition of visits that were told more than so many days after their day."""
    taken = models.ExpressionWrapper(TruncDate("reported_at") - F("day"), models.DurationField())
    return Q(kind="visit") & ~_UNTOLD & Q(GreaterThan(taken, timedelta(days=days)))


def open_on(day: date) -> Q:
    """Return the condition of a promise that was given, and not kept by the day."""
    return ~Q(promise="") & (Q(promise_kept_on__isnull=True) | Q(promise_kept_on__gt=day))


class VisitQuerySet(SeenThrough):
    THROUGH = ("unit",)

    def visible_to(self, user):
        """An officer goes on seeing own visits to what has ended since: who follows the heir follows on."""
        if user.role != Role.FOLLOW_UP_OFFICER or user.is_superuser:
            return super().visible_to(user)
        own = Visit.objects.of_account(user).filter(unit__closed_on__isnull=False)
        there = super().visible_to(user)
        return self.filter(Q(pk__in=there.order_by().values("pk")) | Q(pk__in=own.order_by().values("pk")))

    def for_list(self):
        return self.select_related("unit__commune", "unit__parent", "assignment__person", "recorded_by")

    def of_account(self, user):
        """Return the visits of the officer who signs in with this account."""
        return self.filter(kind="visit", assignment__person__account=user)

    def told(self):
        """Return what officers and teams have told; of the others only the minutes say something so far."""
        return self.exclude(_UNTOLD)

    def late(self, days: int):
        """Return the visits that were told more than so many days after their day."""
        return self.filter(told_late(days))

    def promising(self):
        return self.exclude(promise="")

    def open(self):
        """Return the visits with a promise that is not kept yet."""
        return self.promising().filter(promise_kept_on__isnull=True)

    def contradicted(self):
        """Return the visits of which the officer and the minutes say different things."""
        return self.filter(attended__isnull=False, minutes_attended__isnull=False).exclude(
            attended=F("minutes_attended")
        )


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
    remark = models.TextField(_("what was seen"), blank=True, max_length=4000)
    conclusion = models.TextField(_("conclusion"), blank=True, max_length=4000)
    promise = models.CharField(_("what was promised"), max_length=500, blank=True)
    promise_due = models.DateField(_("promised by"), null=True, blank=True)
    promise_undated = models.BooleanField(_("no day was named"), default=False)
    promise_kept_on = models.DateField(_("done on"), null=True, blank=True)
    # What the minutes of the cell say; the officer's own word stands beside it.
    minutes_attended = models.BooleanField(_("attended, by the minutes"), null=True, blank=True)
    # When the officer (or who records for one) said so; until then, when the minutes were ticked.
    reported_at = models.DateTimeField(_("recorded at"), default=timezone.now, editable=False)
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
        permissions = [
            ("log_visits", _("Can log own visits")),
            ("inspect_in_commune", _("Can record inspections in the own commune")),
        ]
        indexes = [models.Index(fields=["unit", "day"]), models.Index(fields=["assignment", "day"])]
        constraints = [
            models.CheckConstraint(
                name="visit_is_of_an_officer_or_a_team",
                condition=Q(kind="visit", assignment__isnull=False, team="", conclusion="")
                | Q(kind="inspection") & ~Q(team=""),
                violation_error_message=_("A visit is that of an officer, an inspection that of a team."),
            ),
            models.UniqueConstraint(
                # Who follows a whole commune may visit two of its hamlets on one day.
                name="visit_one_per_officer_and_day",
                fields=["assignment", "unit", "day"],
                condition=Q(kind="visit"),
                violation_error_message=_("The visit of this day is recorded already. Open it to change it."),
            ),
            models.CheckConstraint(
                name="visit_promise_is_whole",
                condition=~Q(promise="")
                | Q(promise_due__isnull=True, promise_undated=False, promise_kept_on__isnull=True),
                violation_error_message=_("Write what was promised."),
            ),
            models.CheckConstraint(
                name="visit_promise_has_a_day_or_none_was_named",
                condition=Q(promise="")
                | Q(promise_due__isnull=False, promise_undated=False)
                | Q(promise_due__isnull=True, promise_undated=True),
                violation_error_message=_("Enter by when it was promised, or tick that no day was named."),
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

    @property
    def days_in_life(self) -> tuple[date, date]:
        return self.day, self.day

    def clean(self):
        if self.day and self.day > timezone.localdate():
            raise ValidationError({"day": _("That day has not come yet. Enter today or an earlier day.")})
        if self.promise_kept_on and self.promise_kept_on > timezone.localdate():
            raise ValidationError(
                {"promise_kept_on": _("That day has not come yet. Enter today or an earlier day.")}
            )
        if self.assignment_id and self.day and not self.assignment.holds_on(self.day):
            raise ValidationError({"day": self.outside_assignment})
        as_recorded = self.pk and Visit.objects.filter(
            pk=self.pk, unit=self.unit_id, assignment=self.assignment_id, day=self.day
        )
        # Where a hamlet went since, entered late, takes nobody the word about a visit that is recorded.
        if (
            self.assignment_id
            and self.unit_id
            and self.day
            and not (as_recorded and as_recorded.exists())
            and not self.assignment.reaches(self.unit, self.day)
        ):
            raise ValidationError(
                {
                    "unit": _("%(who)s does not follow %(unit)s. Choose the assignment to it.")
                    % {"who": self.assignment.who, "unit": self.unit}
                }
            )

    @property
    def outside_assignment(self) -> str:
        """Say that the officer does not follow the place on the day of the visit."""
        return str(
            _("%(who)s does not follow %(unit)s on %(day)s. Check the day.")
            % {"who": self.assignment.who, "unit": self.assignment.unit, "day": f"{self.day:%d/%m/%Y}"}
        )

    @property
    def who(self) -> str:
        return self.team or (self.assignment.who if self.assignment else "")

    @property
    def is_told(self) -> bool:
        return (
            self.kind == self.Kind.INSPECTION
            or self.attended is not None
            or bool(self.remark or self.promise)
        )

    @property
    def is_overdue(self) -> bool:
        return bool(
            self.promise
            and self.promise_kept_on is None
            and self.promise_due
            and self.promise_due < timezone.localdate()
        )

    @property
    def days_until_told(self) -> int:
        return (timezone.localdate(self.reported_at) - self.day).days
