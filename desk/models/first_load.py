"""The first load of a province: what last year's paper said, and what a dress rehearsal showed."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.changes import TracedRecords
from cells.models import Unit
from cells.models.grants import SeenThrough


class StatedTotalQuerySet(SeenThrough):
    THROUGH = ("unit",)


class StatedTotal(models.Model):
    """A total that the printed report of a year gave for a unit. What is not stated has no row."""

    class What(models.TextChoices):
        HAMLETS = "hamlets", _("Hamlets")
        CELLS = "cells", _("Party cells")
        MEMBERS = "members", _("Party members")
        EXCELLENT = "excellent", _("HTXSNV")
        GOOD = "good", _("HTTNV")
        COMPLETED = "completed", _("HTNV")
        NOT_COMPLETED = "not_completed", _("KHTNV")
        NOT_RATED = "not_rated", _("not rated")
        SECRETARY_HEADS = "secretary_heads", _("Secretary who is also head")

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="stated_totals", verbose_name=_("unit"))
    year = models.PositiveSmallIntegerField(_("year"))
    what = models.CharField(_("what is stated"), max_length=15, choices=What)
    number = models.PositiveIntegerField(_("stated number"))

    objects = StatedTotalQuerySet.as_manager()
    history = TracedRecords()

    class Meta:
        verbose_name = _("total of a printed report")
        verbose_name_plural = _("totals of printed reports")
        constraints = [
            models.UniqueConstraint(
                name="statedtotal_one_per_unit_year_and_kind",
                fields=["unit", "year", "what"],
                violation_error_message=_("This total of the printed report is recorded already."),
            ),
            models.CheckConstraint(
                name="statedtotal_what_is_known",
                condition=Q(
                    what__in=[
                        "hamlets",
                        "cells",
                        "members",
                        "excellent",
                        "good",
                        "completed",
                        "not_completed",
                        "not_rated",
                        "secretary_heads",
                    ]
                ),
                violation_error_message=_("Choose one of the totals of the list."),
            ),
        ]

    def __str__(self):
        return f"{self.unit} {self.year}: {self.get_what_display()} {self.number}"


class KeptLoadRehearsal(models.Model):
    """What the last dress rehearsal of somebody showed of a province: a copy of words, nothing is written from it."""

    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name=_("rehearsed by")
    )
    province = models.ForeignKey(Unit, models.CASCADE, related_name="+", verbose_name=_("province"))
    made_at = models.DateTimeField(_("at"), auto_now=True)
    result = models.JSONField(_("result"))

    class Meta:
        verbose_name = _("kept dress rehearsal")
        verbose_name_plural = _("kept dress rehearsals")
        constraints = [
            models.UniqueConstraint(
                name="keptloadrehearsal_one_per_person_and_province",
                fields=["by", "province"],
                violation_error_message=_("This is kept already."),
            ),
        ]

    def __str__(self):
        return f"{self.province} {self.made_at:%d/%m/%Y}"
