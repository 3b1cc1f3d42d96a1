"""Places: their identity, their names and parents from day to day, and what became of them."""

from collections.abc import Iterable
from datetime import date

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.changes import TracedRecords
from accounts.fields import KeyField
from cells.dated import Dated, DatedQuerySet, days_in_order
from cells.kinds import KINDS_OF_LEVEL, Kind, Level, full_name
from cells.models.grants import Scope, SeenThrough, scope_of
from sheets.text import fold, fold_all, nfc, sort_key


class UnitQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Return the units the user's grants name, and everything that stands below them today."""
        return self._within(scope_of(user))

    def provinces_seen_by(self, user):
        """Return the keys of the provinces in which the user sees something, to be looked for in.

        Whatever stands below a unit stands in its province; only what an archive once held may stand elsewhere.
        """
        scope = scope_of(user)
        named = self.visible_to(user) if scope.everywhere or scope.closed else self.filter(pk__in=scope.units)
        return named.order_by().values("province")

    def kept_by(self, user):
        """Return the units whose data the user may change."""
        return self._within(scope_of(user, keeping=True))

    def visible_on(self, user, day: date):
        """Return what a list as of the day shows: of an archive only what stood in it on that day.

        What left a commune that has ended is nobody's daily work there; its archive leads to it.
        """
        return self._within(scope_of(user), day)

    def _within(self, scope: Scope, day: date | None = None):
        if scope.everywhere:
            return self
        # A province stands in itself. What adds nothing is not said: of one condition or another no index is used.
        within = Q(province__in=scope.provinces)
        if below := scope.units - scope.provinces:
            within |= Q(pk__in=below)
        if scope.communes:
            within |= Q(level=Level.HAMLET, commune__in=scope.communes)
        if scope.closed:
            archived = UnitPeriod.objects.once_under(scope.closed)
            within |= Q(pk__in=(archived.on(day) if day else archived).values("unit"))
        return self.filter(within)

    def on(self, day: date):
        """Return the units that stand on this day."""
        return self.filter(pk__in=UnitPeriod.objects.on(day).values("unit"))

    def standing(self):
        """Return the units that are not closed."""
        return self.filter(closed_on__isnull=True)

    def hamlets(self):
        return self.filter(level=Level.HAMLET)

    def communes(self):
        return self.filter(level=Level.COMMUNE)

    def matching(self, text: str):
        """Return the units in whose names (or codes) of any day every word occurs, diacritics aside."""
        for word in fold(text).split():
            self = self.filter(search_key__contains=word)
        return self

    def in_order(self):
        """Return them in the order the commune keeps, then by name."""
        return self.order_by(F("position").asc(nulls_last=True), "sort_key", "pk")


class Unit(models.Model):
    """The identity of a place. Names and parents are copies of today's period (see copies.py)."""

    # What is taken back may be named by a copy; that alone is no reason to keep it.
    COPIES = ("parent", "province", "commune")

    level = models.CharField(_("level"), max_length=8, choices=Level)
    latitude = models.DecimalField(_("latitude"), max_digits=9, decimal_places=6, null=True, blank=True)
    longitude = models.DecimalField(_("longitude"), max_digits=9, decimal_places=6, null=True, blank=True)
    area_km2 = models.DecimalField(_("area (km²)"), max_digits=9, decimal_places=2, null=True, blank=True)
    position = models.PositiveSmallIntegerField(
        _("order in the list"), null=True, blank=True, help_text=_("Place in the commune's own list.")
    )
    note = models.TextField(_("note"), blank=True)

    # Copies, rebuilt from the periods and successions; check_data compares them.
    code = models.CharField(_("code"), max_length=12, editable=False, db_index=True)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind, editable=False)
    name = models.CharField(_("name"), max_length=200, editable=False)
    parent = models.ForeignKey(
        "self",
        models.PROTECT,
        related_name="children",
        null=True,
        editable=False,
        verbose_name=_("belongs to"),
        help_text=_("Today, or last."),
    )
    province = models.ForeignKey(
        "self",
        models.PROTECT,
        related_name="+",
        null=True,
        editable=False,
        verbose_name=_("province"),
        help_text=_("Today's province that holds it, or holds all that came of it."),
    )
    commune = models.ForeignKey(
        "self",
        models.PROTECT,
        related_name="+",
        null=True,
        editable=False,
        verbose_name=_("commune"),
        help_text=_("Today's commune that holds it, or holds all that came of it."),
    )
    closed_on = models.DateField(_("last day"), null=True, editable=False)
    search_key = KeyField()
    sort_key = KeyField()

    objects = UnitQuerySet.as_manager()
    history = TracedRecords()

    class Meta:
        ordering = ["sort_key", "pk"]
        verbose_name = _("unit")
        verbose_name_plural = _("units")
        indexes = [
            models.Index(fields=["level", "sort_key", "id"]),
            models.Index(fields=["province", "level", "sort_key"]),
            models.Index(fields=["commune", "level"]),
        ]
        constraints = [
            models.CheckConstraint(
                name="unit_level_is_known",
                condition=Q(level__in=Level.values),
                violation_error_message=_("Choose one of the levels of the list."),
            ),
        ]

    def __str__(self):
        return self.full_name

    def get_absolute_url(self):
        if self.level == Level.HAMLET:
            return reverse("dashboards:hamlet", args=[self.pk])
        return reverse("dashboards:overview_unit", args=[self.pk])

    @property
    def full_name(self) -> str:
        return full_name(self.kind, self.name) if self.kind else self.name

    @property
    def choice_label(self) -> str:
        """What the unit is called in a picker: names repeat, so with the unit above and its last day."""
        above = (
            self.commune
            if self.level == Level.HAMLET
            else self.province
            if self.level != Level.PROVINCE
            else None
        )
        label = f"{self}, {above}" if above and above.pk != self.pk else str(self)
        return f"{label} (– {self.closed_on:%d/%m/%Y})" if self.closed_on else label

    def copy_names(self, period: "UnitPeriod", earlier: Iterable["UnitPeriod"] = ()) -> None:
        """Take name, kind, code and keys from the period that says what it is called now.

        It is found by its earlier names and codes as well.
        """
        self.code, self.kind, self.name = period.code, period.kind, period.name
        self.search_key = fold_all(f"{one.full_name} {one.code}" for one in (period, *earlier))
        self.sort_key = sort_key(period.name)


class PlacedQuerySet(DatedQuerySet):
    """Periods that carry the province, district and commune of then."""

    def under(self, unit: Unit):
        """Return the periods spent under this unit, at whatever depth."""
        return self.filter(**{unit.level: unit})

    def once_under(self, units):
        """Return the periods spent under one of these units (by key)."""
        return self.filter(Q(province__in=units) | Q(district__in=units) | Q(commune__in=units))


class UnitPeriodQuerySet(SeenThrough, PlacedQuerySet):
    THROUGH = ("unit",)

    def hamlets(self):
        return self.filter(level=Level.HAMLET)

    def at_level(self, level: str):
        return self.filter(level=level)


class UnitPeriod(Dated):
    """What a place was called and where it stood from one day to another: the facts.

    Every day of a unit's life has exactly one period. A period also ends where one of the
    units above moves, so that its ancestors are the same on each of its days.
    """

    COPIES = ("province", "district", "commune")

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="periods", verbose_name=_("unit"))
    name = models.CharField(_("name"), max_length=200, help_text=_("Without the word for its kind."))
    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    code = models.CharField(_("code"), max_length=12)
    parent = models.ForeignKey(
        Unit,
        models.PROTECT,
        related_name="child_periods",
        null=True,
        blank=True,
        verbose_name=_("belongs to"),
    )

    # Copies of that time, the unit itself included at its own level.
    level = models.CharField(_("level"), max_length=8, choices=Level, editable=False)
    province = models.ForeignKey(
        Unit, models.PROTECT, related_name="+", null=True, editable=False, verbose_name=_("province")
    )
    district = models.ForeignKey(
        Unit, models.PROTECT, related_name="+", null=True, editable=False, verbose_name=_("district")
    )
    commune = models.ForeignKey(
        Unit, models.PROTECT, related_name="+", null=True, editable=False, verbose_name=_("commune")
    )

    objects = UnitPeriodQuerySet.as_manager()
    history = TracedRecords()

    class Meta:
        ordering = ["unit", F("starts_on").asc(nulls_first=True), "pk"]
        verbose_name = _("period of a unit")
        verbose_name_plural = _("periods of units")
        indexes = [
            models.Index(fields=["level", "province"]),
            models.Index(fields=["level", "district"]),
            models.Index(fields=["level", "commune"]),
            models.Index(fields=["code"]),
        ]
        constraints = [
            days_in_order("unitperiod"),
            models.UniqueConstraint(
                name="unitperiod_one_open_per_unit",
                fields=["unit"],
                condition=Q(ends_on__isnull=True),
                violation_error_message=_("The unit already has a period that runs on. End that one first."),
            ),
            models.UniqueConstraint(
                name="unitperiod_one_open_per_code",
                fields=["level", "code"],
                condition=Q(ends_on__isnull=True),
                violation_error_message=_("Another unit bears this code today. Check the code."),
            ),
            models.CheckConstraint(
                name="unitperiod_only_a_province_stands_alone",
                condition=Q(level=Level.PROVINCE, parent__isnull=True)
                | (~Q(level=Level.PROVINCE) & Q(parent__isnull=False)),
                violation_error_message=_("Say which unit it belongs to. Only a province stands on its own."),
            ),
            models.CheckConstraint(
                name="unitperiod_kind_fits_level",
                condition=Q(
                    *[Q(level=level, kind__in=kinds) for level, kinds in KINDS_OF_LEVEL.items()],
                    _connector=Q.OR,
                ),
                violation_error_message=_("This kind does not fit the level of the unit."),
            ),
            models.CheckConstraint(
                name="unitperiod_has_a_name_and_a_code",
                condition=~Q(name="") & ~Q(code=""),
                violation_error_message=_("Enter a name and a code."),
            ),
        ]

    def __str__(self):
        return self.full_name

    @property
    def full_name(self) -> str:
        return full_name(self.kind, self.name) if self.kind else self.name

    def save(self, *args, **kwargs):
        self.prepare(self.unit.level)
        super().save(*args, **kwargs)

    def prepare(self, level: str) -> None:
        """Clean the name and copy the level; bulk writers call it themselves."""
        self.name, self.level = nfc(self.name), level

    def clean(self):
        if self.unit_id is None:
            return
        self.level = self.unit.level
        others = UnitPeriod.objects.filter(unit=self.unit).exclude(pk=self.pk)
        if others.overlapping(self.starts_on, self.ends_on).exists():
            raise ValidationError(_("Two periods of one unit share days. Check first and last days."))


class Succession(models.Model):
    """What became of a unit: on this day all of it, or a part, went into another."""

    class Part(models.TextChoices):
        WHOLE = "whole", _("the whole")
        PART = "part", _("a part")

    predecessor = models.ForeignKey(
        Unit, models.PROTECT, related_name="successions", verbose_name=_("predecessor")
    )
    successor = models.ForeignKey(Unit, models.PROTECT, related_name="origins", verbose_name=_("successor"))
    on = models.DateField(_("on"), help_text=_("First day of the new state."))
    part = models.CharField(_("how much"), max_length=5, choices=Part, default=Part.WHOLE)
    reorganisation = models.ForeignKey(
        "cells.Reorganisation",
        models.PROTECT,
        related_name="successions",
        null=True,
        blank=True,
        verbose_name=_("reorganisation"),
    )

    history = TracedRecords()

    class Meta:
        ordering = ["-on", "pk"]
        verbose_name = _("succession")
        verbose_name_plural = _("successions")
        constraints = [
            models.UniqueConstraint(
                name="succession_once",
                fields=["predecessor", "successor", "on"],
                violation_error_message=_("This succession is recorded already."),
            ),
            models.CheckConstraint(
                name="succession_leads_elsewhere",
                condition=~Q(predecessor=F("successor")),
                violation_error_message=_("A unit cannot succeed itself."),
            ),
        ]

    def __str__(self):
        return f"{self.predecessor} → {self.successor}"
