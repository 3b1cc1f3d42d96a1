"""Who follows which hamlets and communes."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.changes import TracedRecords
from cells.dated import Dated, DatedQuerySet, days_in_order
from cells.models import Unit
from cells.models.grants import SeenThrough
from leaders.models.people import Person


class AssignmentQuerySet(SeenThrough, DatedQuerySet):
    THROUGH = ("unit",)


class Assignment(Dated):
    """A person or an organisation follows and supports a hamlet or a commune."""

    class Kind(models.TextChoices):
        STANDING_MEMBER = "standing_member", _("standing-committee member for a cluster")
        COMMITTEE_MEMBER = "committee_member", _("committee member for a commune")
        HAMLET_OFFICER = "hamlet_officer", _("officer for hamlets")

    kind = models.CharField(_("kind"), max_length=16, choices=Kind)
    person = models.ForeignKey(
        Person,
        models.PROTECT,
        related_name="assignments",
        null=True,
        blank=True,
        verbose_name=_("person"),
    )
    organisation = models.CharField(_("organisation"), max_length=200, blank=True)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="assignments", verbose_name=_("unit"))

    objects = AssignmentQuerySet.as_manager()
    history = TracedRecords()

    class Meta:
        ordering = ["unit", F("starts_on").asc(nulls_first=True), "pk"]
        verbose_name = _("follow-up assignment")
        verbose_name_plural = _("follow-up assignments")
        constraints = [
            days_in_order("assignment"),
            models.CheckConstraint(
                name="assignment_names_somebody",
                condition=Q(person__isnull=False) | ~Q(organisation=""),
                violation_error_message=_("Name the person or the organisation that follows the unit."),
            ),
        ]

    def __str__(self):
        return f"{self.person or self.organisation} – {self.unit}"
