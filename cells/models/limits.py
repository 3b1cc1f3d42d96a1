"""From when on something deserves a look: numbers a province sets, because the rules give none that hold."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.changes import TracedRecords
from cells.models.grants import SeenThrough
from cells.models.units import Unit


class LimitsQuerySet(SeenThrough):
    THROUGH = ("province",)

    def of(self, province: Unit | None) -> "Limits":
        """Return what the province has set, or what the product proposes."""
        # By its key: the province must not take for its own limits what nobody has set.
        return self.filter(province=province).first() or Limits(province_id=province and province.pk)


def _days(label, default: int, help_text="") -> models.PositiveSmallIntegerField:
    return models.PositiveSmallIntegerField(
        label,
        default=default,
        validators=[MinValueValidator(1), MaxValueValidator(3650)],
        help_text=help_text,
    )


class Limits(models.Model):
    """The limits of one province. None of them forbids anything; each marks rows that deserve a look."""

    province = models.OneToOneField(
        Unit, models.PROTECT, related_name="limits", verbose_name=_("province or city")
    )
    # The circular of 2012 said six months, Decree 59/2023 names no end (see docs/decisions).
    interim_days = _days(_("an interim head is long in office after (days)"), 180)
    term_ends_days = _days(_("a term is about to end within (days)"), 90)
    report_days = _days(
        _("a visit is reported late after (days)"), 7, _("Days between the visit and its record.")
    )
    least_attendance = models.PositiveSmallIntegerField(
        _("least attendance of cell meetings (percent)"),
        default=85,
        validators=[MinValueValidator(1), MaxValueValidator(100)],
    )
    most_hamlets = models.PositiveSmallIntegerField(
        _("most hamlets of one officer"),
        default=3,
        validators=[MinValueValidator(1), MaxValueValidator(100)],
    )
    least_official = models.PositiveSmallIntegerField(
        _("fewest official members of a cell"),
        default=3,
        validators=[MinValueValidator(1), MaxValueValidator(100)],
    )

    objects = LimitsQuerySet.as_manager()
    history = TracedRecords()

    class Meta:
        verbose_name = _("limits of a province")
        verbose_name_plural = _("limits of provinces")
        constraints = [
            models.CheckConstraint(
                name="limits_are_positive",
                condition=models.Q(
                    interim_days__gte=1,
                    term_ends_days__gte=1,
                    report_days__gte=1,
                    least_attendance__gte=1,
                    least_attendance__lte=100,
                    most_hamlets__gte=1,
                    least_official__gte=1,
                ),
                violation_error_message=_("A limit is at least 1, a percentage at most 100."),
            ),
        ]

    def __str__(self):
        return str(self.province)
