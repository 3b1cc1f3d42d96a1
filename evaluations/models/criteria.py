"""What a title asks for: sets of criteria with their days, and what one case has of each."""

from decimal import Decimal

from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.changes import TracedRecords
from cells.dated import Dated, DatedQuerySet, days_in_order
from cells.models import Unit, UnitPeriod
from cells.models.grants import SeenThrough, scope_of
from evaluations.models.titles import Title, TitleCase
from leaders.models import Person
from sheets.numbers import format_decimal


def points_field(label, **options) -> models.DecimalField:
    """Return a field for points: halves are given, so one decimal."""
    return models.DecimalField(
        label, max_digits=5, decimal_places=1, validators=[MinValueValidator(Decimal(0))], **options
    )


class CriteriaSetQuerySet(DatedQuerySet):
    def visible_to(self, user):
        """Return the shipped examples and the sets of the provinces in which the user works."""
        scope = scope_of(user)
        if scope.everywhere:
            return self
        if scope.is_empty:
            return self.none()
        units = Unit.objects.visible_to(user).order_by()
        # By what it counts as today: the sets of a province that has ended are read where it went.
        theirs = Q(province__isnull=True) | Q(province__province__in=units.values("province"))
        if scope.hamlets:
            # Titles of a hamlet's cell may be older than its province of today.
            theirs |= Q(
                province__in=UnitPeriod.objects.filter(unit__in=units.values("pk")).values("province")
            )
        return self.filter(theirs)

    def kept_by(self, user):
        """Return the sets of the user's own provinces; a shipped example is copied, never changed."""
        scope = scope_of(user, keeping=True)
        if scope.everywhere:
            return self
        return self.filter(province__in=scope.provinces)


class CriteriaSet(Dated):
    """The criteria of a title in a province from a day on. The official points are the province's."""

    title = models.ForeignKey(Title, models.PROTECT, related_name="criteria_sets", verbose_name=_("title"))
    province = models.ForeignKey(
        Unit,
        models.PROTECT,
        related_name="criteria_sets",
        null=True,
        blank=True,
        verbose_name=_("province or city"),
        help_text=_("Empty: an example that is shipped, to be copied and changed."),
    )
    name = models.CharField(_("name"), max_length=200)
    legal_basis = models.CharField(_("legal basis"), max_length=500, blank=True)
    least_points = points_field(_("least points to be recognised"), null=True, blank=True)

    objects = CriteriaSetQuerySet.as_manager()
    history = TracedRecords()

    class Meta:
        ordering = ["title", F("province").asc(nulls_last=True), F("starts_on").desc(nulls_last=True), "pk"]
        verbose_name = _("set of criteria")
        verbose_name_plural = _("sets of criteria")
        constraints = [
            days_in_order("criteriaset"),
            models.UniqueConstraint(
                name="criteriaset_one_per_province_title_and_day",
                fields=["province", "title", "starts_on"],
                violation_error_message=_("A set of criteria that begins on this day is recorded already."),
            ),
        ]

    def __str__(self):
        return self.name

    def clean(self):
        """Refuse a set that holds on days on which another one of the province holds; examples never hold."""
        if self.province_id is None or self.title_id is None:
            return
        others = CriteriaSet.objects.filter(title=self.title_id, province=self.province_id)
        if others.exclude(pk=self.pk).overlapping(self.starts_on, self.ends_on).exists():
            raise ValidationError(
                gettext("Two sets of criteria of one title share days. Check first and last days.")
            )

    @property
    def is_example(self) -> bool:
        return self.province_id is None


class CriterionQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(criteria_set__in=CriteriaSet.objects.visible_to(user))

    def kept_by(self, user):
        return self.filter(criteria_set__in=CriteriaSet.objects.kept_by(user))


class Criterion(models.Model):
    """One criterion of a set: what is asked, and for how many points."""

    criteria_set = models.ForeignKey(
        CriteriaSet, models.CASCADE, related_name="criteria", verbose_name=_("set of criteria")
    )
    position = models.PositiveSmallIntegerField(_("number"))
    group = models.CharField(_("group"), max_length=200, blank=True)
    text = models.CharField(_("criterion"), max_length=1000)
    points = points_field(_("points"))
    # Below this the title is not recognised, whatever the sum.
    least_points = points_field(_("least points"), null=True, blank=True)

    objects = CriterionQuerySet.as_manager()
    history = TracedRecords()

    class Meta:
        ordering = ["criteria_set", "position", "pk"]
        verbose_name = _("criterion")
        verbose_name_plural = _("criteria")
        constraints = [
            models.UniqueConstraint(
                name="criterion_one_per_number",
                fields=["criteria_set", "position"],
                violation_error_message=_("This number is taken in this set."),
            ),
            models.CheckConstraint(
                name="criterion_points_are_positive",
                condition=Q(points__gt=0),
                violation_error_message=_("A criterion has more than 0 points."),
            ),
            models.CheckConstraint(
                name="criterion_least_within_points",
                condition=Q(least_points__isnull=True) | Q(least_points__lte=F("points")),
                violation_error_message=_("The least points are more than the points of the criterion."),
            ),
        ]

    def __str__(self):
        return self.text[:80]


class OfCaseQuerySet(SeenThrough):
    """Rows that belong to a case, and are seen by whoever sees its cell."""

    THROUGH = ("case",)


class CaseCriterion(models.Model):
    """One criterion of one case: who looks after it, its own points and those of the appraisal."""

    case = models.ForeignKey(
        TitleCase, models.CASCADE, related_name="criteria", verbose_name=_("title of a cell")
    )
    criterion = models.ForeignKey(
        Criterion, models.PROTECT, related_name="cases", verbose_name=_("criterion")
    )
    in_charge = models.ForeignKey(
        Person,
        models.PROTECT,
        related_name="criteria_in_charge",
        null=True,
        blank=True,
        verbose_name=_("member in charge"),
    )
    organisation = models.CharField(_("organisation in charge"), max_length=200, blank=True)
    self_points = points_field(_("points by the cell itself"), null=True, blank=True)
    appraised_points = points_field(_("points of the appraisal"), null=True, blank=True)
    remark = models.CharField(_("remark of the appraisal"), max_length=1000, blank=True)
    revision = models.PositiveIntegerField(default=1, editable=False)

    objects = OfCaseQuerySet.as_manager()
    history = TracedRecords()

    class Meta:
        ordering = ["case", "criterion__position", "pk"]
        verbose_name = _("criterion of a case")
        verbose_name_plural = _("criteria of cases")
        constraints = [
            models.UniqueConstraint(
                name="casecriterion_one_per_case_and_criterion",
                fields=["case", "criterion"],
                violation_error_message=_("This criterion is in the case already."),
            ),
            models.CheckConstraint(
                name="casecriterion_points_not_negative",
                condition=(Q(self_points__isnull=True) | Q(self_points__gte=0))
                & (Q(appraised_points__isnull=True) | Q(appraised_points__gte=0)),
                violation_error_message=_("Points are 0 or more."),
            ),
        ]

    def __str__(self):
        return f"{self.case}: {self.criterion}"

    def clean(self):
        """Refuse more points than the criterion has."""
        faults = {
            name: gettext("At most %(most)s points.") % {"most": format_decimal(self.criterion.points)}
            for name in ("self_points", "appraised_points")
            if (value := getattr(self, name)) is not None and value > self.criterion.points
        }
        if faults:
            raise ValidationError(faults)


class CaseMonth(models.Model):
    """A line about one month: how the cell gets on, or keeps what it has won."""

    case = models.ForeignKey(
        TitleCase, models.CASCADE, related_name="months", verbose_name=_("title of a cell")
    )
    month = models.DateField(_("month"), help_text=_("First day of the month."))
    line = models.CharField(_("how it goes"), max_length=1000)

    objects = OfCaseQuerySet.as_manager()
    history = TracedRecords()

    class Meta:
        ordering = ["case", "-month"]
        verbose_name = _("month of a case")
        verbose_name_plural = _("months of cases")
        constraints = [
            models.UniqueConstraint(
                name="casemonth_one_per_case_and_month",
                fields=["case", "month"],
                violation_error_message=_("This month has its line already. Change it."),
            ),
            models.CheckConstraint(
                name="casemonth_month_is_its_first_day",
                condition=Q(month__day=1),
                violation_error_message=_("Give the first day of the month."),
            ),
        ]

    def __str__(self):
        return f"{self.case} {self.month:%m/%Y}"


class CaseCheck(models.Model):
    """The look of one year at a title that is held: kept, or at risk, with what was found."""

    class Outcome(models.TextChoices):
        KEPT = "kept", _("kept")
        AT_RISK = "at_risk", _("at risk")

    case = models.ForeignKey(
        TitleCase, models.CASCADE, related_name="checks", verbose_name=_("title of a cell")
    )
    year = models.PositiveSmallIntegerField(_("year"))
    outcome = models.CharField(_("outcome"), max_length=7, choices=Outcome)
    # What the software found on the day of the check, in words; it stays what it was.
    found = models.TextField(_("what was found"), blank=True)
    remark = models.CharField(_("remark"), max_length=1000, blank=True)
    checked_on = models.DateField(_("checked on"))
    revision = models.PositiveIntegerField(default=1, editable=False)

    objects = OfCaseQuerySet.as_manager()
    history = TracedRecords()

    class Meta:
        ordering = ["case", "-year"]
        verbose_name = _("yearly check of a title")
        verbose_name_plural = _("yearly checks of titles")
        constraints = [
            models.UniqueConstraint(
                name="casecheck_one_per_case_and_year",
                fields=["case", "year"],
                violation_error_message=_("The title was checked in this year already."),
            ),
            models.CheckConstraint(
                name="casecheck_risk_has_its_cause",
                condition=Q(outcome="kept") | (Q(outcome="at_risk") & (~Q(found="") | ~Q(remark=""))),
                violation_error_message=_("Say why the title is at risk."),
            ),
        ]

    def __str__(self):
        return f"{self.case} {self.year}"
