"""Party cells: their identity, where they stand, and which hamlets they cover."""

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
from cells.models.grants import Scope, SeenThrough, scope_of
from cells.models.units import PlacedQuerySet, Unit
from sheets.text import fold, fold_all, nfc, sort_key


class CellKind(models.TextChoices):
    HAMLET = "hamlet", _("hamlet cell")
    OFFICE = "office", _("public office")
    SCHOOL = "school", _("school")
    POLICE = "police", _("police")
    MILITARY = "military", _("military")
    HEALTH = "health", _("health station")
    COMPANY = "company", _("company")
    OTHER = "other", _("other")


def cells_within(scope: Scope, prefix: str = "", day: date | None = None) -> Q:
    """Return the condition of the cells in the scope, for rows that lead to them by this prefix."""
    p = prefix
    within = Q(**{f"{p}province__in": scope.provinces}) | Q(**{f"{p}commune__in": scope.communes})
    if scope.hamlets:
        covering = CellArea.objects.filter(hamlet__in=scope.hamlets)
        within |= Q(**{f"{p}pk__in": covering.values("cell")})
    if scope.closed:
        archived = CellPeriod.objects.once_under(scope.closed)
        within |= Q(**{f"{p}pk__in": (archived.on(day) if day else archived).values("cell")})
    return within


def seen_along(rows: models.QuerySet, user) -> models.QuerySet:
    """Return the rows whose cell this user sees, the cell joined to each.

    So for rows that are asked with the place of their cell anyhow: looked for first, the cells are read twice.
    """
    scope = scope_of(user)
    return rows if scope.everywhere else rows.filter(cells_within(scope, "cell__"))


class CellQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Return the cells that stand today in a unit the user sees, with their whole past."""
        return self._within(scope_of(user))

    def kept_by(self, user):
        """Return the cells whose data the user may change."""
        return self._within(scope_of(user, keeping=True))

    def visible_on(self, user, day: date):
        """Return what a list as of the day shows: of an archive only what stood in it on that day."""
        return self._within(scope_of(user), day)

    def _within(self, scope: Scope, day: date | None = None):
        return self if scope.everywhere else self.filter(cells_within(scope, day=day))

    def on(self, day: date):
        """Return the cells that exist on this day."""
        return self.filter(pk__in=CellPeriod.objects.on(day).values("cell"))

    def standing(self):
        """Return the cells that are not dissolved."""
        return self.filter(closed_on__isnull=True)

    def matching(self, text: str):
        """Return the cells in whose names of any day (or code) every word occurs, diacritics aside."""
        for word in fold(text).split():
            self = self.filter(search_key__contains=word)
        return self

    def in_order(self):
        """Return them in the order the commune keeps, then by name."""
        return self.order_by(F("position").asc(nulls_last=True), "sort_key", "pk")


class Cell(models.Model):
    """The identity of a Party cell. Name, commune and its province are copies of its latest period."""

    COPIES = ("province", "commune")

    code = models.CharField(_("code"), max_length=12, unique=True, blank=True)
    kind = models.CharField(_("kind"), max_length=8, choices=CellKind, default=CellKind.HAMLET)
    is_grassroots = models.BooleanField(
        _("grassroots cell"), default=False, help_text=_("Otherwise attached to the commune committee.")
    )
    parent_organisation = models.CharField(
        _("parent Party organisation"),
        max_length=200,
        blank=True,
        help_text=_("Empty: the Party committee of the commune."),
    )
    position = models.PositiveSmallIntegerField(
        _("order in the list"), null=True, blank=True, help_text=_("Place in the commune's own list.")
    )
    note = models.TextField(_("note"), blank=True)

    # Copies, rebuilt from the periods; check_data compares them.
    name = models.CharField(_("name"), max_length=200, editable=False)
    # Asked by way of the commune, PostgreSQL takes a province to have a tenth of its cells, and reads accordingly.
    province = models.ForeignKey(
        Unit,
        models.PROTECT,
        related_name="+",
        null=True,
        editable=False,
        verbose_name=_("province"),
        help_text=_("Today, or last."),
    )
    commune = models.ForeignKey(
        Unit,
        models.PROTECT,
        related_name="cells",
        null=True,
        editable=False,
        verbose_name=_("commune"),
        help_text=_("Today, or last."),
    )
    closed_on = models.DateField(_("last day"), null=True, editable=False)
    search_key = KeyField()
    sort_key = KeyField()

    objects = CellQuerySet.as_manager()
    history = TracedRecords()

    class Meta:
        ordering = ["sort_key", "pk"]
        verbose_name = _("Party cell")
        verbose_name_plural = _("Party cells")
        indexes = [
            models.Index(fields=["sort_key", "id"]),
            models.Index(fields=["commune", "sort_key"]),
        ]
        constraints = [
            models.CheckConstraint(
                name="cell_kind_is_known",
                condition=Q(kind__in=CellKind.values),
                violation_error_message=_("Choose one of the kinds of the list."),
            ),
        ]

    def __str__(self):
        return self.name or self.code

    def get_absolute_url(self):
        return reverse("dashboards:cell", args=[self.pk])

    @property
    def choice_label(self) -> str:
        """What the cell is called in a picker: names repeat, so with its commune and its last day."""
        label = f"{self}, {self.commune}" if self.commune_id else str(self)
        return f"{label} (– {self.closed_on:%d/%m/%Y})" if self.closed_on else label

    @property
    def is_hamlet_cell(self) -> bool:
        return self.kind == CellKind.HAMLET

    def copy_names(self, period: "CellPeriod", earlier: Iterable["CellPeriod"] = ()) -> None:
        """Take name, commune and keys from the period that says where the cell stands now.

        It is found by its earlier names as well.
        """
        self.name, self.commune_id = period.name, period.commune_id
        self.search_key = fold_all([period.name, self.code, *(one.name for one in earlier)])
        self.sort_key = sort_key(period.name)


class CellPeriodQuerySet(SeenThrough, PlacedQuerySet):
    THROUGH = ("cell",)

    def visible_to(self, user):
        """Return the periods of the cells the user sees, asked of each cell beside its period.

        Looked up first, the cells of a province take PostgreSQL longer than its periods do.
        """
        scope = scope_of(user)
        return self if scope.everywhere else self.filter(cells_within(scope, "cell__"))


class CellPeriod(Dated):
    """What a cell was called and in which commune it stood: every count of cells joins here."""

    COPIES = ("province", "district")

    cell = models.ForeignKey(Cell, models.PROTECT, related_name="periods", verbose_name=_("cell"))
    name = models.CharField(_("name"), max_length=200)
    commune = models.ForeignKey(Unit, models.PROTECT, related_name="cell_periods", verbose_name=_("commune"))

    # Copies of that time, rebuilt from the commune's periods.
    province = models.ForeignKey(
        Unit, models.PROTECT, related_name="+", null=True, editable=False, verbose_name=_("province")
    )
    district = models.ForeignKey(
        Unit, models.PROTECT, related_name="+", null=True, editable=False, verbose_name=_("district")
    )

    objects = CellPeriodQuerySet.as_manager()
    history = TracedRecords()

    class Meta:
        ordering = ["cell", F("starts_on").asc(nulls_first=True), "pk"]
        verbose_name = _("period of a cell")
        verbose_name_plural = _("periods of cells")
        constraints = [
            days_in_order("cellperiod"),
            models.UniqueConstraint(
                name="cellperiod_one_open_per_cell",
                fields=["cell"],
                condition=Q(ends_on__isnull=True),
                violation_error_message=_("The cell already has a period that runs on. End that one first."),
            ),
            models.CheckConstraint(
                name="cellperiod_has_a_name",
                condition=~Q(name=""),
                violation_error_message=_("Enter the name of the cell."),
            ),
        ]

    def __str__(self):
        return self.name

    def save(self, *args, **kwargs):
        self.prepare()
        super().save(*args, **kwargs)

    def prepare(self) -> None:
        """Clean the name; bulk writers call it themselves."""
        self.name = nfc(self.name)

    def clean(self):
        if self.cell_id is None:
            return
        others = CellPeriod.objects.filter(cell=self.cell).exclude(pk=self.pk)
        if others.overlapping(self.starts_on, self.ends_on).exists():
            raise ValidationError(_("Two periods of one cell share days. Check first and last days."))


class CellAreaQuerySet(SeenThrough, DatedQuerySet):
    THROUGH = ("cell",)


class CellArea(Dated):
    """A hamlet that a cell covers. Used for the merged role and for lists, never to count cells."""

    cell = models.ForeignKey(Cell, models.PROTECT, related_name="areas", verbose_name=_("cell"))
    hamlet = models.ForeignKey(Unit, models.PROTECT, related_name="cell_areas", verbose_name=_("hamlet"))

    objects = CellAreaQuerySet.as_manager()
    history = TracedRecords()

    class Meta:
        ordering = ["cell", "hamlet", F("starts_on").asc(nulls_first=True)]
        verbose_name = _("hamlet of a cell")
        verbose_name_plural = _("hamlets of cells")
        constraints = [
            days_in_order("cellarea"),
            models.UniqueConstraint(
                name="cellarea_one_open_per_pair",
                fields=["cell", "hamlet"],
                condition=Q(ends_on__isnull=True),
                violation_error_message=_("The cell covers this hamlet already."),
            ),
        ]

    def __str__(self):
        return f"{self.cell} – {self.hamlet}"

    def clean(self):
        if self.cell_id is None or self.hamlet_id is None:
            return
        if self.hamlet.level != "hamlet":
            raise ValidationError({"hamlet": _("A cell covers hamlets. Choose a hamlet.")})
        others = CellArea.objects.filter(cell=self.cell, hamlet=self.hamlet).exclude(pk=self.pk)
        if others.overlapping(self.starts_on, self.ends_on).exists():
            raise ValidationError(_("The cell covers this hamlet on some of these days already."))
