"""The papers that changes rest on."""

from datetime import date

from django.core.validators import FileExtensionValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.changes import TracedRecords
from accounts.fields import KeyField
from cells.models.grants import scope_of
from sheets.text import fold, nfc


class DecisionQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Return decisions of the units the user sees, and those of the country as a whole."""
        scope = scope_of(user)
        if scope.everywhere:
            return self
        if scope.is_empty:
            return self.none()
        return self.filter(_in_scope(scope) | Q(unit__isnull=True))

    def kept_by(self, user):
        scope = scope_of(user, keeping=True)
        return self if scope.everywhere else self.filter(_in_scope(scope))

    def recorded(self, number: str, day: date, body: str, *, unit) -> "Decision":
        """Return the decision of this paper as it is recorded for the unit, or record it."""
        named = {"number": nfc(number), "date": day, "issuing_body": nfc(body), "unit": unit}
        decision = self.filter(**named).first()
        if decision is None:
            decision = self.model(**named)
            decision.full_clean()
            decision.save()
        return decision


def _in_scope(scope) -> Q:
    return (
        Q(unit__province__in=scope.provinces) | Q(unit__in=scope.units) | Q(unit__commune__in=scope.communes)
    )


class Decision(models.Model):
    """A signed paper: number, day, issuing body. The paper is the original, this its record."""

    number = models.CharField(
        _("number"), max_length=60, help_text=_("As on the paper, for example 12-QĐ/ĐU.")
    )
    date = models.DateField(_("day of signing"))
    issuing_body = models.CharField(_("issuing body"), max_length=200)
    unit = models.ForeignKey(
        "cells.Unit",
        models.PROTECT,
        related_name="decisions",
        null=True,
        blank=True,
        verbose_name=_("unit"),
        help_text=_("The unit whose body issued it. Two communes of one name may use one number."),
    )
    signer = models.CharField(_("signer"), max_length=200, blank=True)
    subject = models.CharField(_("subject"), max_length=500, blank=True)
    file = models.FileField(
        _("scan"),
        upload_to="decisions/%Y/",
        blank=True,
        validators=[FileExtensionValidator(["pdf", "docx", "jpg", "jpeg", "png"])],
        help_text=_("Do not upload classified documents (Mật, Tối mật, Tuyệt mật)."),
    )
    search_key = KeyField()

    objects = DecisionQuerySet.as_manager()
    history = TracedRecords()

    class Meta:
        ordering = ["-date", "number", "pk"]
        verbose_name = _("decision")
        verbose_name_plural = _("decisions")
        constraints = [
            # Two, because SQLite holds two empty units for different ones.
            models.UniqueConstraint(
                name="decision_once_per_unit",
                fields=["number", "date", "issuing_body", "unit"],
                violation_error_message=_("This decision is recorded already. Choose it from the list."),
            ),
            models.UniqueConstraint(
                name="decision_once_for_the_country",
                fields=["number", "date", "issuing_body"],
                condition=Q(unit__isnull=True),
                violation_error_message=_("This decision is recorded already. Choose it from the list."),
            ),
        ]

    def __str__(self):
        return _("%(number)s of %(date)s") % {"number": self.number, "date": f"{self.date:%d/%m/%Y}"}

    def save(self, *args, **kwargs):
        self.prepare()
        super().save(*args, **kwargs)

    def prepare(self):
        """Clean the words and fill the search key; bulk writers call it themselves."""
        self.number, self.issuing_body = nfc(self.number), nfc(self.issuing_body)
        self.search_key = fold(f"{self.number} {self.issuing_body} {self.subject}")[:250]
