"""Papers that were issued under a number: their figures are kept for good, whatever is recorded later."""

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.changes import TracedRecords
from cells.models import Unit
from cells.models.grants import SeenThrough
from evaluations.models import Submission
from evaluations.models.review import WITH_PROVINCE
from evaluations.models.rules import year_field
from evaluations.models.withheld import communes_of


class IssuedReportQuerySet(SeenThrough):
    """What a commune has issued is its own until it has sent its file, like the levels in it."""

    THROUGH = ("unit",)

    def _through(self, rule, *whom):
        """What a former commune issued goes with its file to whoever finishes that."""
        files = getattr(Submission.objects, rule)(*whom)
        of_file = files.filter(commune=OuterRef("unit"), cycle__year=OuterRef("year"))
        return super()._through(rule, *whom) | Q(Exists(of_file))

    def visible_to(self, user):
        return self._sent_or_own(super().visible_to(user), user)

    def kept_by(self, user):
        return self._sent_or_own(super().kept_by(user), user)

    @staticmethod
    def _sent_or_own(rows, user):
        awaited = Submission.objects.filter(commune=OuterRef("unit"), cycle__year=OuterRef("year"))
        awaited = awaited.exclude(state__in=WITH_PROVINCE)
        return rows.filter(~Exists(awaited) | Q(unit__commune__in=communes_of(user)))


class IssuedReport(models.Model):
    """A paper with its number and day. A correction made afterwards is shown beside it, never in it."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="issued_reports", verbose_name=_("unit"))
    form = models.CharField(_("paper"), max_length=40)
    year = year_field(_("year"))
    number = models.CharField(
        _("number"), max_length=60, help_text=_("As on the paper, for example 12-BC/BTCTU.")
    )
    day = models.DateField(_("day of signing"))
    title = models.CharField(_("title"), max_length=300)
    # What the paper says, as plain values: see dashboards.papers.
    figures = models.JSONField(_("figures"))
    # Of lists of several years: how many were asked for.
    years = models.PositiveSmallIntegerField(_("years running"), default=3)
    at = models.DateTimeField(_("at"), auto_now_add=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        related_name="+",
        null=True,
        blank=True,
        verbose_name=_("by"),
    )
    # The name stays readable after the account is gone.
    by_name = models.CharField(_("name"), max_length=200, blank=True)

    objects = IssuedReportQuerySet.as_manager()
    history = TracedRecords(excluded_fields=["figures"])

    class Meta:
        ordering = ["-day", "-pk"]
        verbose_name = _("issued report")
        verbose_name_plural = _("issued reports")
        indexes = [models.Index(fields=["unit", "year"])]
        constraints = [
            models.UniqueConstraint(
                name="issuedreport_one_per_number",
                fields=["unit", "form", "year", "number"],
                violation_error_message=_("This paper was issued under this number already."),
            ),
            models.CheckConstraint(
                name="issuedreport_has_a_number",
                condition=~Q(number=""),
                violation_error_message=_("Enter the number of the paper."),
            ),
        ]

    def __str__(self):
        return f"{self.title} ({self.number})"

    def get_absolute_url(self):
        return reverse("papers:issued", args=[self.pk])

    @classmethod
    def reasons_to_keep(cls, keys: set) -> list[str]:
        """Say why issued papers are not undone with a change set: others hold them in their hands."""
        if not keys:
            return []
        return [str(_("A report that was issued under a number stays as it is. Issue a new one."))]


class IssuedFile(models.Model):
    """One of the files of an issued paper, as it was made on the day."""

    report = models.ForeignKey(
        IssuedReport, models.CASCADE, related_name="files", verbose_name=_("issued report")
    )
    kind = models.CharField(_("kind of file"), max_length=4)
    content = models.BinaryField(_("content"))

    class Meta:
        ordering = ["report", "kind"]
        verbose_name = _("file of an issued report")
        verbose_name_plural = _("files of issued reports")
        constraints = [
            models.UniqueConstraint(
                name="issuedfile_one_per_kind",
                fields=["report", "kind"],
                violation_error_message=_("This file is kept already."),
            ),
        ]

    def __str__(self):
        return f"{self.report}.{self.kind}"
