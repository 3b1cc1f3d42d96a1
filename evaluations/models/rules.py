"""The rules a year is judged by, and the year itself in one province."""

from decimal import Decimal

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.changes import TracedRecords
from cells.kinds import Level as UnitLevel
from cells.models import Unit
from cells.models.grants import scope_of

FIRST_YEAR, LAST_YEAR = 1930, 2100


def year_field(label, **options):
    """Return a field for a year of four digits."""
    return models.PositiveSmallIntegerField(
        label, validators=[MinValueValidator(FIRST_YEAR), MaxValueValidator(LAST_YEAR)], **options
    )


class ShareBase(models.TextChoices):
    """What the share of excellent cells is taken of; three bases are in use."""

    OF_GOOD = "of_good", _("of those rated good")
    OF_GOOD_OR_BETTER = "of_good_or_better", _("of those rated good or better")
    OF_ALL_RATED = "of_all_rated", _("of all rated")


class Rounding(models.TextChoices):
    DOWN = "down", _("down")
    HALF_UP = "half_up", _("half up")
    UP = "up", _("up")


class RuleSetQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Rules are no secret: everybody who signs in may read them."""
        return self if user.is_authenticated else self.none()

    kept_by = visible_to

    def for_year(self, year: int) -> "RuleSet":
        """Return the rules a year is judged by."""
        return self.get(Q(last_year__isnull=True) | Q(last_year__gte=year), first_year__lte=year)


class RuleSet(models.Model):
    """How ratings are judged in a stretch of years, with the papers that say so."""

    code = models.CharField(_("code"), max_length=20, unique=True)
    legal_basis = models.CharField(_("legal basis"), max_length=500)
    first_year = year_field(_("first year"))
    last_year = year_field(_("last year"), null=True, blank=True)
    uses_points = models.BooleanField(_("uses points"), default=False)
    excellent_points = models.PositiveSmallIntegerField(_("points for excellent"), null=True, blank=True)
    good_points = models.PositiveSmallIntegerField(_("points for good"), null=True, blank=True)
    completed_points = models.PositiveSmallIntegerField(_("points for completed"), null=True, blank=True)
    excellent_share = models.DecimalField(
        _("share of excellent (%)"), max_digits=5, decimal_places=2, default=Decimal(20)
    )
    share_base = models.CharField(
        _("share taken of"), max_length=17, choices=ShareBase, default=ShareBase.OF_GOOD_OR_BETTER
    )
    share_rounding = models.CharField(_("rounding"), max_length=7, choices=Rounding, default=Rounding.DOWN)
    outstanding_share = models.DecimalField(
        _("share of excellent in outstanding units (%)"),
        max_digits=5,
        decimal_places=2,
        null=True,
        blank=True,
    )
    # The yes/no conditions of QĐ 366-QĐ/TW; years before it know none.
    uses_conditions = models.BooleanField(_("uses conditions"), default=False)
    above_percent = models.PositiveSmallIntegerField(
        _("tasks above what was asked, for excellent (%)"), default=30
    )
    late_percent = models.PositiveSmallIntegerField(
        _("tasks that may be late, for completed (%)"), default=20
    )
    conditions = models.TextField(_("conditions"), blank=True)
    source = models.TextField(_("source and remarks"), blank=True)

    objects = RuleSetQuerySet.as_manager()
    history = TracedRecords()

    class Meta:
        ordering = ["-first_year"]
        verbose_name = _("rule set")
        verbose_name_plural = _("rule sets")
        constraints = [
            models.CheckConstraint(
                name="ruleset_years_in_order",
                condition=Q(last_year__isnull=True) | Q(last_year__gte=F("first_year")),
                violation_error_message=_("The last year is before the first year."),
            ),
            models.CheckConstraint(
                name="ruleset_points_are_whole",
                condition=Q(uses_points=False)
                | Q(
                    excellent_points__gt=F("good_points"),
                    good_points__gt=F("completed_points"),
                    completed_points__isnull=False,
                ),
                violation_error_message=_("Enter the three thresholds, from the highest to the lowest."),
            ),
            models.CheckConstraint(
                name="ruleset_share_is_a_percentage",
                condition=Q(excellent_share__gte=0, excellent_share__lte=100),
                violation_error_message=_("The share is a percentage between 0 and 100."),
            ),
            models.CheckConstraint(
                name="ruleset_outstanding_share_is_higher",
                condition=Q(outstanding_share__isnull=True)
                | Q(outstanding_share__gte=F("excellent_share"), outstanding_share__lte=100),
                violation_error_message=_(
                    "The share of outstanding units lies between the usual share and 100."
                ),
            ),
            models.CheckConstraint(
                name="ruleset_conditions_are_percentages",
                condition=Q(above_percent__lte=100, late_percent__lte=100),
                violation_error_message=_("The conditions are percentages between 0 and 100."),
            ),
        ]

    def __str__(self):
        return self.code

    def clean(self):
        others = RuleSet.objects.exclude(pk=self.pk).filter(
            Q(last_year__isnull=True) | Q(last_year__gte=self.first_year)
        )
        if self.last_year is not None:
            others = others.filter(first_year__lte=self.last_year)
        if others.exists():
            raise ValidationError(_("Another rule set holds in some of these years."))


class ReviewCycleQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Return the cycles of provinces in which the user sees something."""
        if scope_of(user).everywhere:
            return self
        provinces = Unit.objects.provinces_seen_by(user)
        return self.filter(Q(province__in=provinces) | Q(province__province__in=provinces))

    def kept_by(self, user):
        scope = scope_of(user, keeping=True)
        return self if scope.everywhere else self.filter(province__province__in=scope.provinces)


class ReviewCycle(models.Model):
    """The review of one year in one province."""

    class State(models.TextChoices):
        RECORDED = "recorded", _("recorded from papers")
        PREPARING = "preparing", _("in preparation")
        OPEN = "open", _("open")
        CLOSED = "closed", _("figures locked")

    class Leaders(models.TextChoices):
        """Which people a review rates beside the cells."""

        NONE = "none", _("nobody")
        SECRETARY_HEADS = "heads", _("secretaries who are also hamlet heads")
        SECRETARIES = "secretaries", _("all secretaries of cells")

    year = year_field(_("year"))
    province = models.ForeignKey(
        Unit, models.PROTECT, related_name="review_cycles", verbose_name=_("province")
    )
    rule_set = models.ForeignKey(RuleSet, models.PROTECT, related_name="cycles", verbose_name=_("rule set"))
    roster_day = models.DateField(
        _("roster day"), help_text=_("The day that decides which cells are rated, and in which commune.")
    )
    list_deadline = models.DateField(_("deadline for the list"), null=True, blank=True)
    deadline = models.DateField(_("deadline"), null=True, blank=True)
    leaders = models.CharField(_("people rated"), max_length=11, choices=Leaders, default=Leaders.SECRETARIES)
    state = models.CharField(_("state"), max_length=9, choices=State, default=State.RECORDED)
    closed_on = models.DateField(_("figures locked on"), null=True, blank=True, editable=False)

    objects = ReviewCycleQuerySet.as_manager()
    history = TracedRecords()

    class Meta:
        ordering = ["-year", "province"]
        verbose_name = _("review year")
        verbose_name_plural = _("review years")
        constraints = [
            models.UniqueConstraint(
                name="reviewcycle_one_per_province_and_year",
                fields=["province", "year"],
                violation_error_message=_("The review of this year is in the list already."),
            ),
            models.CheckConstraint(
                name="reviewcycle_locked_says_when",
                condition=Q(state="closed", closed_on__isnull=False)
                | (~Q(state="closed") & Q(closed_on__isnull=True)),
                violation_error_message=_("A review whose figures are locked says since when."),
            ),
        ]

    def __str__(self):
        return f"{self.year} – {self.province}"

    def clean(self):
        if self.province_id and self.province.level != UnitLevel.PROVINCE:
            raise ValidationError({"province": _("Choose a province.")})
        if self.rule_set_id and self.year and not self.rule_set_fits():
            raise ValidationError({"rule_set": _("This rule set does not hold in that year.")})

    def need_state(self, *states: str) -> None:
        """Refuse, in the one sentence there is for it, what may be done in these states only."""
        if self.state not in states:
            raise ValidationError(self.not_open)

    @property
    def not_open(self) -> str:
        """What is said to who would work on a year that is not being worked on."""
        return gettext("The review of %(year)s is not open.") % {"year": self.year}

    def rule_set_fits(self) -> bool:
        rules = self.rule_set
        return rules.first_year <= self.year and (rules.last_year is None or self.year <= rules.last_year)
