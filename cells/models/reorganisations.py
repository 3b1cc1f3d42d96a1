"""Reorganisations: what is to change on which day by which paper, and what becomes of what it touches.

These are records. What they do is in ``cells/rearranging/`` and ``desk/reorganisation/``.
"""

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.changes import ChangeSet, TracedRecords
from accounts.history import CHANGED, record_many
from cells.kinds import Kind, Level, full_name
from cells.models.cells import Cell
from cells.models.decisions import Decision
from cells.models.grants import SeenThrough, scope_of
from cells.models.units import Succession, Unit
from sheets.text import nfc


class ReorganisationQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Return the reorganisations of units the user sees, and what the country has decided."""
        return self._within(scope_of(user), the_country=True)

    def kept_by(self, user):
        return self._within(scope_of(user, keeping=True), the_country=False)

    def _within(self, scope, *, the_country: bool):
        if scope.everywhere:
            return self
        if scope.is_empty:
            return self.none()
        within = Q(unit__province__in=scope.provinces) | Q(unit__in=scope.communes)
        decided = Q(unit__isnull=True) & ~Q(state__in=self.model.OPEN)
        return self.filter(within | decided if the_country else within)


class Reorganisation(models.Model):
    """An event that founds, closes, renames or moves units and cells.

    Its lines carry the days and the decisions. Communes draft, the province checks and applies.
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("being drafted")
        SUBMITTED = "submitted", _("waiting to be checked")
        CHECKED = "checked", _("checked")
        WAITING = "waiting", _("waiting for its day")
        APPLIED = "applied", _("applied")
        UNDONE = "undone", _("undone")

    # Lines and fates may still be changed; or there is nothing left to carry out.
    OPEN = (State.DRAFT, State.SUBMITTED, State.CHECKED)
    OVER = (State.APPLIED, State.UNDONE)

    title = models.CharField(_("subject of the reorganisation"), max_length=300)
    effective_on = models.DateField(_("effective on"), help_text=_("First day of the new state."))
    unit = models.ForeignKey(
        "cells.Unit",
        models.PROTECT,
        related_name="reorganisations",
        null=True,
        blank=True,
        verbose_name=_("unit"),
        help_text=_("Empty: the whole country."),
    )
    decision = models.ForeignKey(
        Decision,
        models.PROTECT,
        related_name="reorganisations",
        null=True,
        blank=True,
        verbose_name=_("decision"),
    )
    state = models.CharField(
        _("state"), max_length=9, choices=State, default=State.DRAFT, editable=False, db_index=True
    )
    # What a page read; a write states it and touches nothing when it differs.
    revision = models.PositiveIntegerField(default=1, editable=False)
    remark = models.TextField(
        _("word of the province"), blank=True, help_text=_("What the commune is asked to complete.")
    )
    # What the rehearsal showed when somebody let the event wait for its day, by day.
    foreseen = models.JSONField(default=dict, blank=True, editable=False)

    objects = ReorganisationQuerySet.as_manager()
    history = TracedRecords()

    class Meta:
        ordering = ["-effective_on", "pk"]
        verbose_name = _("reorganisation")
        verbose_name_plural = _("reorganisations")
        permissions = [("apply_reorganisation", _("Can check, apply and undo reorganisations"))]
        constraints = [
            models.CheckConstraint(
                name="reorganisation_state_is_known",
                condition=Q(
                    state__in=["draft", "submitted", "checked", "waiting", "applied", "undone"],
                ),
                violation_error_message=_("Choose one of the states of the list."),
            ),
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("reorganisations:event", args=[self.pk])

    @property
    def is_open(self) -> bool:
        """Whether lines and fates may still be changed."""
        return self.state in self.OPEN

    @property
    def is_over(self) -> bool:
        """Whether all of it was carried out, and perhaps undone: nothing is left to rehearse."""
        return self.state in self.OVER

    @property
    def is_of_a_commune(self) -> bool:
        """Whether it takes place within one commune, which drafts it for the province to check."""
        return self.unit is not None and self.unit.level == Level.COMMUNE

    def step_to(self, state: str, *, seen: int, **facts) -> bool:
        """Go to another state if nobody changed the event since this revision was read; say whether it went."""
        row = type(self).objects.filter(pk=self.pk)
        if not row.filter(revision=seen, state=self.state).update(
            state=state, revision=F("revision") + 1, **facts
        ):
            return False
        record_many(row, CHANGED)
        self.refresh_from_db()
        return True


class LineKind(models.TextChoices):
    FOUND = "found", _("found a new unit")
    ABSORB = "absorb", _("take into a standing unit")
    SPLIT = "split", _("divide among others")
    RENAME = "rename", _("rename")
    RECLASSIFY = "reclassify", _("change kind or code")
    MOVE = "move", _("move under another unit")
    OPEN = "open", _("open")
    CLOSE = "close", _("close")
    CELL_JOIN = "cell_join", _("join cells")
    CELL_FOUND = "cell_found", _("found a cell")
    CELL_DISSOLVE = "cell_dissolve", _("dissolve a cell")
    CELL_RENAME = "cell_rename", _("rename a cell")
    CELL_MOVE = "cell_move", _("move a cell to another commune")


CELL_KINDS = (
    LineKind.CELL_JOIN,
    LineKind.CELL_FOUND,
    LineKind.CELL_DISSOLVE,
    LineKind.CELL_RENAME,
    LineKind.CELL_MOVE,
)
# What such a line is about stands already; the others bring something new into being.
OF_A_STANDING_UNIT = (
    LineKind.ABSORB,
    LineKind.SPLIT,
    LineKind.RENAME,
    LineKind.RECLASSIFY,
    LineKind.MOVE,
    LineKind.CLOSE,
)
OF_A_STANDING_CELL = (LineKind.CELL_DISSOLVE, LineKind.CELL_RENAME, LineKind.CELL_MOVE)
NEW_UNIT = (LineKind.FOUND, LineKind.OPEN)


class LineQuerySet(SeenThrough):
    THROUGH = ("reorganisation",)

    def waiting(self):
        """Return the lines that have not been applied."""
        return self.filter(applied_in__isnull=True)

    def applied(self):
        """Return the lines that have been applied and not undone since."""
        return self.filter(applied_in__isnull=False)

    def by_day(self):
        """Order as they are read and carried out: by day, then as they were drafted."""
        return self.order_by("on", "position", "pk")

    def with_everything(self):
        """Load what a line says, in a fixed number of queries."""
        # Joined: SQLite does not take a question for a thousand units by their keys.
        sources = LineSource.objects.select_related("unit__commune", "cell__commune")
        return self.select_related(
            "unit__commune", "cell__commune", "parent", "decision", "parent_line"
        ).prefetch_related(models.Prefetch("sources", sources))


class Line(models.Model):
    """One change a reorganisation makes, with its own day and its own decision.

    The people's council merges the hamlets, the Party committee the cells, on different days.
    """

    reorganisation = models.ForeignKey(
        Reorganisation, models.CASCADE, related_name="lines", verbose_name=_("reorganisation")
    )
    position = models.PositiveIntegerField(_("order"), default=0)
    kind = models.CharField(_("what happens"), max_length=13, choices=LineKind)
    on = models.DateField(_("effective on"), help_text=_("First day of the new state."))
    decision = models.ForeignKey(
        Decision,
        models.PROTECT,
        related_name="reorganisation_lines",
        null=True,
        blank=True,
        verbose_name=_("decision"),
    )
    # What it is about; of what the line founds, filled in when it is applied.
    unit = models.ForeignKey(
        Unit,
        models.PROTECT,
        related_name="reorganisation_lines",
        null=True,
        blank=True,
        verbose_name=_("unit"),
    )
    cell = models.ForeignKey(
        Cell,
        models.PROTECT,
        related_name="reorganisation_lines",
        null=True,
        blank=True,
        verbose_name=_("cell"),
    )
    parent = models.ForeignKey(
        Unit,
        models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        verbose_name=_("belongs to"),
        help_text=_("Empty: where the units or cells that go into it stand."),
    )
    parent_line = models.ForeignKey(
        "self",
        models.CASCADE,
        related_name="+",
        null=True,
        blank=True,
        verbose_name=_("belongs to the unit founded by this line"),
    )
    name = models.CharField(
        _("new name"), max_length=200, blank=True, help_text=_("Of a unit: without the word for its kind.")
    )
    unit_kind = models.CharField(_("kind"), max_length=12, choices=Kind, blank=True)
    code = models.CharField(
        _("code"), max_length=12, blank=True, help_text=_("Official code; hamlets get one of ours.")
    )
    applied_in = models.ForeignKey(
        ChangeSet, models.PROTECT, related_name="+", null=True, blank=True, editable=False
    )

    objects = LineQuerySet.as_manager()
    history = TracedRecords()

    class Meta:
        ordering = ["reorganisation", "on", "position", "pk"]
        verbose_name = _("line of a reorganisation")
        verbose_name_plural = _("lines of reorganisations")
        constraints = [
            models.CheckConstraint(
                name="line_kind_is_known",
                condition=Q(kind__in=LineKind.values),
                violation_error_message=_("Choose what happens from the list."),
            ),
            models.CheckConstraint(
                name="line_says_what_it_is_about",
                condition=(Q(kind__in=OF_A_STANDING_UNIT) & Q(unit__isnull=False, cell__isnull=True))
                | (Q(kind__in=OF_A_STANDING_CELL) & Q(cell__isnull=False, unit__isnull=True))
                | (Q(kind__in=NEW_UNIT) & Q(cell__isnull=True))
                | Q(kind__in=[LineKind.CELL_JOIN, LineKind.CELL_FOUND], unit__isnull=True),
                violation_error_message=_("Choose the unit or the cell that the line is about."),
            ),
            models.CheckConstraint(
                name="line_names_what_is_new",
                condition=~Q(kind__in=[*NEW_UNIT, LineKind.RENAME, LineKind.CELL_FOUND, LineKind.CELL_RENAME])
                | ~Q(name=""),
                violation_error_message=_("Enter the new name."),
            ),
            models.CheckConstraint(
                name="line_new_unit_has_a_kind",
                condition=~Q(kind__in=NEW_UNIT) | ~Q(unit_kind=""),
                violation_error_message=_("Choose the kind of the new unit."),
            ),
            models.CheckConstraint(
                name="line_move_says_where",
                condition=~Q(kind__in=[LineKind.MOVE, LineKind.CELL_MOVE, LineKind.OPEN])
                | Q(parent__isnull=False)
                | Q(parent_line__isnull=False)
                | Q(kind=LineKind.OPEN),
                violation_error_message=_("Choose the unit it moves to."),
            ),
            models.CheckConstraint(
                name="line_reclassify_changes_something",
                condition=~Q(kind=LineKind.RECLASSIFY) | ~Q(unit_kind="") | ~Q(code=""),
                violation_error_message=_("Choose the new kind, or enter the new code."),
            ),
            models.CheckConstraint(
                name="line_join_has_one_aim",
                condition=~Q(kind=LineKind.CELL_JOIN) | Q(cell__isnull=False) | ~Q(name=""),
                violation_error_message=_("Choose the cell that takes them in, or name the new one."),
            ),
        ]

    def __str__(self):
        return f"{self.get_kind_display()}: {self.full_name or self.unit or self.cell or ''}"

    def save(self, *args, **kwargs):
        self.name = nfc(self.name)
        super().save(*args, **kwargs)

    @property
    def full_name(self) -> str:
        """What the line brings into being, or gives a new name, will be called."""
        return full_name(self.unit_kind, self.name) if self.unit_kind and self.name else self.name

    @property
    def is_about_cells(self) -> bool:
        return self.kind in CELL_KINDS

    @property
    def is_applied(self) -> bool:
        return self.applied_in_id is not None


class LineSource(models.Model):
    """A unit (or cell) that goes into what the line makes: all of it, or a part.

    Of a founded cell these are the hamlets it covers.
    """

    line = models.ForeignKey(Line, models.CASCADE, related_name="sources", verbose_name=_("line"))
    unit = models.ForeignKey(
        Unit, models.PROTECT, related_name="line_sources", null=True, blank=True, verbose_name=_("unit")
    )
    cell = models.ForeignKey(
        Cell, models.PROTECT, related_name="line_sources", null=True, blank=True, verbose_name=_("cell")
    )
    part = models.CharField(
        _("how much"), max_length=5, choices=Succession.Part, default=Succession.Part.WHOLE
    )

    objects = models.Manager()
    history = TracedRecords()

    class Meta:
        ordering = ["line", "pk"]
        verbose_name = _("what goes into it")
        verbose_name_plural = _("what goes into it")
        constraints = [
            models.CheckConstraint(
                name="linesource_is_a_unit_or_a_cell",
                condition=Q(unit__isnull=False, cell__isnull=True) | Q(unit__isnull=True, cell__isnull=False),
                violation_error_message=_("Choose a unit or a cell."),
            ),
            models.UniqueConstraint(
                name="linesource_unit_once_per_line",
                fields=["line", "unit"],
                violation_error_message=_("This unit is in the line already."),
            ),
            models.UniqueConstraint(
                name="linesource_cell_once_per_line",
                fields=["line", "cell"],
                violation_error_message=_("This cell is in the line already."),
            ),
        ]

    def __str__(self):
        return str(self.unit or self.cell)


class Fate(models.Model):
    """What somebody decided shall become of one thing that a reorganisation touches.

    The key names the case in the words of ``cells/fates.py``; it is the same in every rehearsal.
    """

    reorganisation = models.ForeignKey(
        Reorganisation, models.CASCADE, related_name="fates", verbose_name=_("reorganisation")
    )
    key = models.CharField(_("case"), max_length=120)
    choice = models.CharField(_("choice"), max_length=60)

    objects = models.Manager()
    history = TracedRecords()

    class Meta:
        ordering = ["reorganisation", "key"]
        verbose_name = _("chosen fate")
        verbose_name_plural = _("chosen fates")
        constraints = [
            models.UniqueConstraint(
                name="fate_once_per_case",
                fields=["reorganisation", "key"],
                violation_error_message=_("This case is decided already."),
            ),
        ]

    def __str__(self):
        return f"{self.key}: {self.choice}"
