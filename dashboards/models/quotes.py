"""A figure as it was quoted, and what somebody holds to be wrong about one."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.changes import TracedRecords
from cells.models import Unit
from cells.models.grants import SeenThrough, scope_of
from evaluations.models import Target


class QuoteQuerySet(SeenThrough):
    """Rows about a unit; about the country, which names none, only whoever sees all of it."""

    THROUGH = ("unit",)


class FigureReportQuerySet(SeenThrough):
    """Seen by those who see the unit it is about, answered by those who keep the unit it is addressed to."""

    THROUGH = ("addressed_to",)

    def visible_to(self, user):
        if scope_of(user).everywhere:
            return self
        units = Unit.objects.visible_to(user)
        return self.filter(self._through("visible_to", user) | Q(unit__in=units))


class OfFigure(models.Model):
    """Which figure, where, as of when: enough to open it again."""

    figure = models.CharField(_("figure"), max_length=40)
    day = models.DateField(_("as of"))
    borders = models.CharField(_("borders"), max_length=4, default="then")
    target = models.ForeignKey(
        Target, models.PROTECT, related_name="+", null=True, blank=True, verbose_name=_("target")
    )
    numerator = models.PositiveIntegerField(_("counted"))
    denominator = models.PositiveIntegerField(_("of"), null=True, blank=True)

    class Meta:
        abstract = True


class Quote(OfFigure):
    """A figure with a short code that leads back to it, as of its day, with what it was when quoted."""

    # A unit goes only when it was recorded in error; then so was what was quoted of it.
    GOES_WITH = ("unit",)

    unit = models.ForeignKey(
        Unit, models.CASCADE, related_name="+", null=True, blank=True, verbose_name=_("unit")
    )
    code = models.CharField(_("code"), max_length=8, unique=True)
    quoted_at = models.DateTimeField(_("quoted at"), auto_now_add=True)
    quoted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, related_name="+", null=True)

    objects = QuoteQuerySet.as_manager()
    history = TracedRecords()

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("quoted figure")
        verbose_name_plural = _("quoted figures")
        constraints = [
            models.CheckConstraint(
                name="quote_borders_are_known",
                condition=Q(borders__in=["then", "now"]),
                violation_error_message=_("Choose the borders of that day or those of today."),
            ),
        ]

    def __str__(self):
        return self.code


class FigureReport(OfFigure):
    """Somebody says that a figure is wrong; whoever keeps the data answers (Báo sai số liệu)."""

    # A reorganisation hands it to another clerk and touches nothing else of it.
    REARRANGED = ("addressed_to",)

    unit = models.ForeignKey(
        Unit, models.PROTECT, related_name="+", null=True, blank=True, verbose_name=_("unit")
    )
    # Whose clerk is to look: the commune whose rows they are, or the province.
    addressed_to = models.ForeignKey(
        Unit, models.PROTECT, related_name="figure_reports", verbose_name=_("addressed to")
    )
    text = models.CharField(_("what is wrong"), max_length=1000)
    reported_at = models.DateTimeField(_("reported at"), auto_now_add=True)
    reported_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, related_name="+", null=True, verbose_name=_("reported by")
    )
    reported_by_name = models.CharField(_("name"), max_length=200)
    answer = models.CharField(_("answer"), max_length=1000, blank=True)
    answered_at = models.DateTimeField(_("answered at"), null=True, blank=True)
    answered_by_name = models.CharField(_("answered by"), max_length=200, blank=True)

    objects = FigureReportQuerySet.as_manager()
    history = TracedRecords()

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("reported figure")
        verbose_name_plural = _("reported figures")
        constraints = [
            models.CheckConstraint(
                name="figurereport_says_what_is_wrong",
                condition=~Q(text=""),
                violation_error_message=_("Say what is wrong."),
            ),
            models.CheckConstraint(
                name="figurereport_answer_is_whole",
                condition=Q(answer="", answered_at__isnull=True)
                | (~Q(answer="") & Q(answered_at__isnull=False)),
                violation_error_message=_("Write the answer."),
            ),
        ]

    def __str__(self):
        return self.text[:60]


class TilesQuerySet(SeenThrough):
    THROUGH = ("province",)

    def visible_to(self, user):
        """Return the tiles of the provinces in which the user works."""
        if scope_of(user).everywhere:
            return self
        return self.filter(province__in=Unit.objects.provinces_seen_by(user))


class Tiles(models.Model):
    """Which figures a role of a province sees first, in which order. Without a row: those of the product."""

    province = models.ForeignKey(
        Unit, models.CASCADE, related_name="tiles", verbose_name=_("province or city")
    )
    role = models.CharField(_("role"), max_length=20)
    figures = models.JSONField(_("figures"), default=list)

    objects = TilesQuerySet.as_manager()
    history = TracedRecords()

    class Meta:
        ordering = ["province", "role"]
        verbose_name = _("tiles of a role")
        verbose_name_plural = _("tiles of roles")
        constraints = [
            models.UniqueConstraint(
                name="tiles_one_per_province_and_role",
                fields=["province", "role"],
                violation_error_message=_("The tiles of this role are set already."),
            ),
        ]

    def __str__(self):
        return f"{self.province} – {self.role}"
