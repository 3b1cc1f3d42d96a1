"""Who follows which hamlets and communes."""

from datetime import date

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.changes import TracedRecords
from accounts.fields import KeyField
from cells.dated import Dated, DatedQuerySet, days_in_order
from cells.models import Unit
from cells.models.grants import SeenThrough
from leaders.models.people import Person
from sheets.text import fold


class AssignmentQuerySet(SeenThrough, DatedQuerySet):
    THROUGH = ("unit",)

    def of_officer(self, one: "Assignment"):
        """Return the assignments of the same person, or of the same organisation where it names nobody."""
        if one.person_id:
            return self.filter(person=one.person_id)
        return self.filter(person__isnull=True, organisation_key=one.organisation_key)

    def changed_by(self, user):
        """Return those this user changes: of the province all it keeps, of a commune those it made itself."""
        kept = self.kept_by(user)
        if user.has_perm("leaders.change_assignment"):
            return kept
        return kept.filter(by_commune=True) if user.has_perm("leaders.assign_in_commune") else kept.none()

    def of_account(self, user):
        """Return the assignments of the officer who signs in with this account."""
        return self.filter(person__account=user)

    def for_list(self):
        return self.select_related("person", "unit__commune", "unit__parent")


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
    # "Phòng Nội vụ" and "Phòng nội vụ" are one.
    organisation_key = KeyField()
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="assignments", verbose_name=_("unit"))
    # What the province assigned is the province's: the commune reads it, and changes what it assigned itself.
    by_commune = models.BooleanField(_("assigned by the commune"), default=False, editable=False)

    objects = AssignmentQuerySet.as_manager()
    history = TracedRecords()

    class Meta:
        ordering = ["unit", F("starts_on").asc(nulls_first=True), "pk"]
        verbose_name = _("follow-up assignment")
        verbose_name_plural = _("follow-up assignments")
        permissions = [("assign_in_commune", _("Can assign officers to the hamlets of the own commune"))]
        constraints = [
            days_in_order("assignment"),
            models.CheckConstraint(
                name="assignment_communes_assign_to_hamlets",
                condition=Q(by_commune=False) | Q(kind="hamlet_officer"),
                violation_error_message=_("A commune assigns officers to its hamlets."),
            ),
            models.CheckConstraint(
                name="assignment_names_somebody",
                condition=Q(person__isnull=False) | ~Q(organisation=""),
                violation_error_message=_("Name the person or the organisation that follows the unit."),
            ),
        ]

    def __str__(self):
        return f"{self.who} – {self.unit}"

    def save(self, *args, **kwargs):
        self.prepare()
        super().save(*args, **kwargs)

    def prepare(self) -> None:
        """Fill the key; bulk writers call it themselves."""
        self.organisation_key = fold(self.organisation)

    @property
    def days_in_life(self) -> tuple[date | None, date]:
        """First day known, if any is, and last day."""
        return self.starts_on, self.ends_on or date.max

    @property
    def who(self) -> str:
        """The person who follows the unit, or the organisation where it names nobody."""
        return str(self.person) if self.person_id else self.organisation

    @property
    def spoken_kind(self) -> str:
        """Return the kind in the word of the place: "cán bộ theo dõi ấp"."""
        if self.kind == self.Kind.HAMLET_OFFICER and self.unit.kind:
            return gettext("officer for the %(hamlet)s") % {"hamlet": self.unit.get_kind_display()}
        return self.get_kind_display()

    @property
    def officer_key(self) -> tuple:
        """What the assignments of one officer have in common."""
        return (self.person_id, "") if self.person_id else (None, fold(self.organisation))

    def reaches(self, unit: Unit, day: date) -> bool:
        """Whether it is about the unit on the day: the one it names, or a hamlet of the commune it names."""
        return unit.pk == self.unit_id or unit.periods.on(day).filter(commune=self.unit_id).exists()
