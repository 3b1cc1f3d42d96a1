"""What a year brought: the levels of cells, of those who lead them, of their members.

Self, proposed and decided level stand side by side; nothing overwrites another. A decided
row is closed: changing it makes a new edition with its own decision and reason.
"""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from accounts.changes import TracedRecords
from cells.models import Cell, Decision, Unit
from cells.models.cells import seen_along
from cells.models.grants import SeenThrough, scope_of
from evaluations.models.review import Submission, came_about_late, reasons_to_keep_rows
from evaluations.models.rules import ReviewCycle
from evaluations.models.withheld import WithheldQuerySet
from leaders.models import Office, Person
from leaders.models.people import seen_in_turn


class Level(models.TextChoices):
    """The four levels of the year, always in this order, each beginning with its short form."""

    EXCELLENT = "EXCELLENT", _("HTXSNV – excellent")
    GOOD = "GOOD", _("HTTNV – good")
    COMPLETED = "COMPLETED", _("HTNV – completed")
    NOT_COMPLETED = "NOT_COMPLETED", _("KHTNV – not completed")

    @property
    def short(self) -> str:
        """The short form every office uses: HTXSNV, HTTNV, HTNV, KHTNV."""
        return SHORT_FORMS[self.value]


SHORT_FORMS = {
    "EXCELLENT": "HTXSNV",
    "GOOD": "HTTNV",
    "COMPLETED": "HTNV",
    "NOT_COMPLETED": "KHTNV",
}


class NotSubject(models.TextChoices):
    """Why somebody is not rated at all; not the same as not yet rated, nor as the lowest level."""

    EXEMPT = "exempt", _("exempt")
    NEW = "new", _("newly founded (under 6 months)")
    SUSPENDED = "suspended", _("suspended")
    DISSOLVED = "dissolved", _("dissolved in the year")
    DIED = "died", _("died")
    OTHER = "other", _("other reason")


class Basis(models.TextChoices):
    MEMBER = "member", _("as Party member")
    OFFICE = "office", _("in office")


def in_force_on(day: date) -> Q:
    """Return the condition of the editions decided on or before the day and not yet replaced on it."""
    return Q(decided_on__lte=day) & (Q(superseded_on__isnull=True) | Q(superseded_on__gt=day))


class RatingQuerySet(WithheldQuerySet):
    def in_force_on(self, day: date):
        """Return the editions in force on the day."""
        return self.filter(in_force_on(day))

    def latest_editions(self):
        return self.filter(superseded_on__isnull=True)

    def under(self, unit: Unit):
        """Return the ratings given while their cell stood under this unit on the roster day."""
        return self.filter(**{unit.level: unit})

    def visible_beside(self, user):
        """Return what ``visible_to`` does, for rows that are found otherwise and few: of a year, of some people."""
        return self.visible_to(user)

    def visible_of_seen(self, user):
        """Return what ``visible_to`` does, for rows about what is known already to be seen, wherever it stands."""
        return self.filter(self.shown_to(user))

    def of_files_kept_by(self, user):
        """Return the rows of the files that somebody keeps, wherever what they are about has moved since."""
        files = Submission.objects.kept_by(user).filter(cycle=OuterRef("cycle"), commune=OuterRef("commune"))
        return self.filter(Exists(files))


class CellRatingQuerySet(RatingQuerySet):
    THROUGH = ("cell",)

    def visible_beside(self, user):
        return seen_along(self, user).filter(self.shown_to(user))

    def counted_for(self, user):
        return seen_along(self, user)

    def for_list(self):
        return self.select_related("cell", "cycle", "commune", "decision")


class LeaderRatingQuerySet(RatingQuerySet):
    THROUGH = ("person",)

    def visible_beside(self, user):
        # Put together first, the people somebody sees take longer than the rows of a year.
        return self.filter(seen_in_turn(user, "person", joined=True), self.shown_to(user))


class Rating(models.Model):
    """What cell and leader ratings have in common."""

    cycle = models.ForeignKey(ReviewCycle, models.PROTECT, related_name="%(class)ss", verbose_name=_("year"))
    # Where the cell stood on the roster day, with the units above: this is where it is counted.
    commune = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("commune"))
    district = models.ForeignKey(
        Unit, models.PROTECT, related_name="+", null=True, editable=False, verbose_name=_("district")
    )
    province = models.ForeignKey(
        Unit, models.PROTECT, related_name="+", null=True, editable=False, verbose_name=_("province")
    )
    self_level = models.CharField(_("own level"), max_length=13, choices=Level, blank=True)
    proposed_level = models.CharField(_("proposed level"), max_length=13, choices=Level, blank=True)
    decided_level = models.CharField(_("decided level"), max_length=13, choices=Level, blank=True)
    points = models.DecimalField(_("points"), max_digits=5, decimal_places=2, null=True, blank=True)
    disciplined = models.BooleanField(_("disciplined in the year"), null=True, blank=True)
    not_subject_reason = models.CharField(
        _("not subject to rating"), max_length=9, choices=NotSubject, blank=True
    )
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    note = models.CharField(_("note"), max_length=500, blank=True)
    decision = models.ForeignKey(
        Decision, models.PROTECT, related_name="+", null=True, blank=True, verbose_name=_("decision")
    )
    decided_on = models.DateField(_("decided on"), null=True, blank=True)
    edition = models.PositiveSmallIntegerField(_("edition"), default=1, editable=False)
    edition_reason = models.CharField(_("reason of the edition"), max_length=500, blank=True, editable=False)
    # The day of the next edition's decision: a copy that makes "in force on" one comparison.
    superseded_on = models.DateField(null=True, editable=False)
    votes = models.PositiveSmallIntegerField(_("votes for the decided level"), null=True, blank=True)
    # Why it came to the list after the list was fixed.
    roster_reason = models.CharField(_("reason of the addition"), max_length=500, blank=True, editable=False)
    # A copy of whether the commune's file has not been sent yet (see Submission); check_data compares it.
    withheld = models.BooleanField(default=False, editable=False)
    revision = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        abstract = True

    @property
    def year(self) -> int:
        return self.cycle.year

    @classmethod
    def reasons_to_keep(cls, keys: set) -> list[str]:
        """Say why rows are not undone with a change set: their file is on its way."""
        # What put a row into a file that came about late takes it out again.
        return reasons_to_keep_rows(cls._base_manager.all(), keys, but_for=came_about_late())

    @property
    def is_decided(self) -> bool:
        return self.decided_on is not None

    @property
    def lacks_reason(self) -> bool:
        """Whether the lowest level was decided without saying why."""
        return self.decided_level == Level.NOT_COMPLETED and not self.reason

    def clean(self):
        if self.decision_id and self.decided_on is None:
            self.decided_on = self.decision.date
        if self.decided_level and not self.decision_id:
            raise ValidationError(
                {"decision": _("A decided level needs its decision: number, day, issuing body.")}
            )
        if Level.NOT_COMPLETED in (self.decided_level, self.proposed_level) and not self.reason:
            raise ValidationError({"reason": _("The level KHTNV needs a reason.")})


def _rating_constraints(model: str) -> list:
    known = ["", *Level.values]
    return [
        models.CheckConstraint(
            name=f"{model}_levels_are_on_the_list",
            condition=Q(self_level__in=known, proposed_level__in=known, decided_level__in=known),
            violation_error_message=_("Choose one of the four levels: HTXSNV, HTTNV, HTNV, KHTNV."),
        ),
        models.CheckConstraint(
            name=f"{model}_decided_is_whole",
            condition=Q(decided_level="", decision__isnull=True, decided_on__isnull=True)
            | (~Q(decided_level="") & Q(decision__isnull=False, decided_on__isnull=False)),
            violation_error_message=_("A decided level needs its decision: number, day, issuing body."),
        ),
        models.CheckConstraint(
            name=f"{model}_not_subject_has_no_level",
            condition=Q(not_subject_reason="") | Q(decided_level=""),
            violation_error_message=_(
                "Who is not subject to rating has no level. Leave one of the two empty."
            ),
        ),
        models.CheckConstraint(
            name=f"{model}_not_completed_has_a_reason",
            condition=~Q(decided_level=Level.NOT_COMPLETED) | ~Q(reason=""),
            violation_error_message=_("The level KHTNV needs a reason."),
        ),
        models.CheckConstraint(
            name=f"{model}_points_between_0_and_100",
            condition=Q(points__isnull=True) | Q(points__gte=0, points__lte=100),
            violation_error_message=_("Points lie between 0 and 100."),
        ),
        models.CheckConstraint(
            name=f"{model}_later_edition_has_a_reason",
            condition=Q(edition=1) | ~Q(edition_reason=""),
            violation_error_message=_("A correction needs its reason."),
        ),
    ]


class CellRating(Rating):
    """The level of one cell in one year. The roster of a cycle is these rows."""

    cell = models.ForeignKey(Cell, models.PROTECT, related_name="ratings", verbose_name=_("cell"))
    # The three conditions of QĐ 366-QĐ/TW; detail of tasks is optional.
    tasks_on_time = models.BooleanField(_("all tasks on time"), null=True, blank=True)
    tasks_above = models.BooleanField(
        _("30 percent of the tasks above what was asked"), null=True, blank=True
    )
    tasks_late_within_fifth = models.BooleanField(_("at most 20% late"), null=True, blank=True)
    tasks_assigned = models.PositiveSmallIntegerField(_("tasks assigned"), null=True, blank=True)
    tasks_done = models.PositiveSmallIntegerField(_("tasks done"), null=True, blank=True)
    tasks_late = models.PositiveSmallIntegerField(_("tasks late"), null=True, blank=True)
    tasks_exceeded = models.PositiveSmallIntegerField(_("tasks above what was asked"), null=True, blank=True)

    objects = CellRatingQuerySet.as_manager()
    history = TracedRecords()

    class Meta:
        ordering = ["-cycle__year", "cell__sort_key", "pk"]
        verbose_name = _("rating of a cell")
        verbose_name_plural = _("ratings of cells")
        indexes = [
            models.Index(fields=["cycle", "commune"]),
            models.Index(fields=["cycle", "district"]),
            models.Index(fields=["cycle", "decided_level"]),
        ]
        constraints = [
            *_rating_constraints("cellrating"),
            models.UniqueConstraint(
                name="cellrating_one_edition_in_force",
                fields=["cycle", "cell"],
                condition=Q(superseded_on__isnull=True),
                violation_error_message=_("This cell already has a rating in that year."),
            ),
            models.UniqueConstraint(
                name="cellrating_editions_are_numbered",
                fields=["cycle", "cell", "edition"],
                violation_error_message=_("This edition of the rating is recorded already."),
            ),
        ]

    def __str__(self):
        return f"{self.cell} {self.cycle.year}"


class LeaderRating(Rating):
    """The level of one person in one year, as Party member or in office."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="ratings", verbose_name=_("person"))
    basis = models.CharField(_("rated"), max_length=6, choices=Basis, default=Basis.OFFICE)
    office = models.CharField(_("office"), max_length=16, choices=Office, blank=True)
    cell = models.ForeignKey(
        Cell,
        models.PROTECT,
        related_name="leader_ratings",
        null=True,
        blank=True,
        verbose_name=_("cell"),
    )

    objects = LeaderRatingQuerySet.as_manager()
    history = TracedRecords()

    class Meta:
        ordering = ["-cycle__year", "person__sort_key", "pk"]
        verbose_name = _("rating of a person")
        verbose_name_plural = _("ratings of people")
        indexes = [models.Index(fields=["cycle", "commune"], name="leaderrating_cycle_commune")]
        constraints = [
            *_rating_constraints("leaderrating"),
            models.UniqueConstraint(
                name="leaderrating_one_edition_in_force",
                fields=["cycle", "person", "basis"],
                condition=Q(superseded_on__isnull=True),
                violation_error_message=_("This person already has a rating in that year."),
            ),
            models.UniqueConstraint(
                name="leaderrating_editions_are_numbered",
                fields=["cycle", "person", "basis", "edition"],
                violation_error_message=_("This edition of the rating is recorded already."),
            ),
        ]

    def __str__(self):
        return f"{self.person} {self.cycle.year}"


class CommuneRatingQuerySet(RatingQuerySet):
    THROUGH = ("commune",)

    def visible_to(self, user):
        """A commune learns of its own level when it is decided; until then it is the province's."""
        rows = SeenThrough.visible_to(self, user)
        scope = scope_of(user)
        if scope.everywhere:
            return rows
        return rows.filter(Q(decided_on__isnull=False) | Q(commune__province__in=scope.provinces))

    def kept_by(self, user):
        """Only the province rates the committees of communes."""
        rows = SeenThrough.kept_by(self, user)
        scope = scope_of(user, keeping=True)
        return rows if scope.everywhere else rows.filter(commune__province__in=scope.provinces)


class CommuneRating(Rating):
    """The level that the province gives the committee of a commune in one year."""

    objects = CommuneRatingQuerySet.as_manager()
    history = TracedRecords()

    class Meta:
        ordering = ["-cycle__year", "commune__sort_key", "pk"]
        verbose_name = _("rating of a commune committee")
        verbose_name_plural = _("ratings of commune committees")
        constraints = [
            *_rating_constraints("communerating"),
            models.UniqueConstraint(
                name="communerating_one_edition_in_force",
                fields=["cycle", "commune"],
                condition=Q(superseded_on__isnull=True),
                violation_error_message=_("This commune committee already has a rating in that year."),
            ),
            models.UniqueConstraint(
                name="communerating_editions_are_numbered",
                fields=["cycle", "commune", "edition"],
                violation_error_message=_("This edition of the rating is recorded already."),
            ),
        ]

    def __str__(self):
        return f"{self.commune} {self.cycle.year}"
