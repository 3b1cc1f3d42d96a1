"""How the members of a cell were rated in a year."""

from django.db import models
from django.db.models import Exists, OuterRef, Q, Subquery
from django.utils.translation import gettext_lazy as _

from accounts.changes import TracedRecords
from cells.models import Cell
from cells.models.counts import OfCellQuerySet
from evaluations.models.ratings import CellRating
from evaluations.models.review import reasons_to_keep_rows
from evaluations.models.rules import ReviewCycle
from evaluations.models.withheld import WithheldQuerySet


class MemberLevelsQuerySet(WithheldQuerySet, OfCellQuerySet):
    def own_of(self, communes):
        """The counts stand beside the rating of their cell and go with it."""
        beside = CellRating.objects.filter(cell=OuterRef("cell"), cycle=OuterRef("cycle"))
        return Q(Exists(beside.filter(beside.own_of(communes))))


class MemberLevels(models.Model):
    """How the members of a cell were rated in a year: counts, no names. Unknown is empty."""

    cell = models.ForeignKey(Cell, models.PROTECT, related_name="member_levels", verbose_name=_("cell"))
    cycle = models.ForeignKey(
        ReviewCycle, models.PROTECT, related_name="member_levels", verbose_name=_("year")
    )
    excellent = models.PositiveIntegerField("HTXSNV", null=True, blank=True)
    good = models.PositiveIntegerField("HTTNV", null=True, blank=True)
    completed = models.PositiveIntegerField("HTNV", null=True, blank=True)
    not_completed = models.PositiveIntegerField("KHTNV", null=True, blank=True)
    not_rated = models.PositiveIntegerField(_("not rated"), null=True, blank=True)

    # As in ratings: a copy of whether the commune's file has not been sent yet.
    withheld = models.BooleanField(default=False, editable=False)
    revision = models.PositiveIntegerField(default=1, editable=False)

    objects = MemberLevelsQuerySet.as_manager()
    history = TracedRecords()

    class Meta:
        ordering = ["cycle", "cell"]
        verbose_name = _("members' levels of a cell")
        verbose_name_plural = _("members' levels of cells")
        constraints = [
            models.UniqueConstraint(
                name="memberlevels_one_per_cell_and_cycle",
                fields=["cell", "cycle"],
                violation_error_message=_("The members' levels of this cell are recorded already."),
            ),
            # A member of nothing would say nothing.
            models.CheckConstraint(
                name="memberlevels_say_something",
                condition=Q(excellent__isnull=False)
                | Q(good__isnull=False)
                | Q(completed__isnull=False)
                | Q(not_completed__isnull=False)
                | Q(not_rated__isnull=False),
                violation_error_message=_("Enter at least one count."),
            ),
        ]

    def __str__(self):
        return f"{self.cell} {self.cycle.year}"

    @classmethod
    def reasons_to_keep(cls, keys: set) -> list[str]:
        """Say why counts are not undone with a change set: their file is on its way."""
        ratings = CellRating.objects.filter(cell=OuterRef("cell"), cycle=OuterRef("cycle"))
        rows = cls.objects.annotate(rated_in=Subquery(ratings.values("commune")[:1]))
        return reasons_to_keep_rows(rows, keys, commune="rated_in")

    @property
    def rated(self) -> int:
        """Members with one of the four levels."""
        return sum(v or 0 for v in (self.excellent, self.good, self.completed, self.not_completed))
