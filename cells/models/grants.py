"""Where somebody may read or change: grants, and the scope they add up to on a day."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.changes import TracedRecords
from cells.dated import Dated, DatedQuerySet, days_in_order
from cells.kinds import Level


@dataclass(frozen=True)
class Scope:
    """The units somebody's grants name on a day. Nothing named, nothing seen."""

    everywhere: bool = False
    provinces: frozenset[int] = frozenset()
    communes: frozenset[int] = frozenset()
    hamlets: frozenset[int] = frozenset()
    # Closed units keep their past for those who were given their archive.
    closed: frozenset[int] = frozenset()

    @property
    def units(self) -> frozenset[int]:
        return self.provinces | self.communes | self.hamlets | self.closed

    @property
    def is_empty(self) -> bool:
        return not self.everywhere and not self.units


class SeenThrough(models.QuerySet):
    """Rows that are seen, and kept, by whoever sees or keeps one of the things they belong to.

    This hands the scope rule of units and cells upwards; ``THROUGH`` names the fields that lead there.
    """

    THROUGH: tuple[str, ...] = ()

    def visible_to(self, user):
        return self if scope_of(user).everywhere else self.filter(self._through("visible_to", user))

    def kept_by(self, user):
        if scope_of(user, keeping=True).everywhere:
            return self
        return self.filter(self._through("kept_by", user))

    def visible_on(self, user, day: date):
        """Return the rows of what a list as of the day shows this user."""
        if scope_of(user).everywhere:
            return self
        return self.filter(self._through("visible_on", user, day))

    def each_way(self, rule: str, *whom) -> list:
        """Return the rows once for each thing through which they are seen, to be put together by key.

        Of a condition on one thing or another a database guesses badly how many rows meet it, and may look for the
        owners beside each row; a few rows that are found otherwise are still told apart best by the condition.
        """
        return [self.order_by().filter(way) for way in self._ways(rule, *whom)]

    def _ways(self, rule: str, *whom) -> list[Q]:
        ways = []
        for name in self.THROUGH:
            owners = self.model._meta.get_field(name).related_model._default_manager.all()
            ways.append(Q(**{f"{name}__in": getattr(owners, rule)(*whom)}))
        return ways

    def _through(self, rule: str, *whom) -> Q:
        condition = Q(pk__in=[])  # belonging to nothing, seen by nobody
        for way in self._ways(rule, *whom):
            condition |= way
        return condition


class GrantQuerySet(DatedQuerySet):
    def visible_to(self, user):
        """Return the grants on units that this user may see."""
        scope = scope_of(user)
        return self if scope.everywhere else self.filter(Q(unit__province__in=scope.provinces))

    def kept_by(self, user):
        scope = scope_of(user, keeping=True)
        return self if scope.everywhere else self.filter(Q(unit__province__in=scope.provinces))


class Grant(Dated):
    """Somebody may read, or read and change, a unit and everything below it."""

    class Access(models.TextChoices):
        KEEP = "keep", _("read and change")
        READ = "read", _("read only")

    class Source(models.TextChoices):
        BY_HAND = "by_hand", _("by hand")
        ASSIGNMENT = "assignment", _("follow-up assignment")
        ARCHIVE = "archive", _("archive of a closed unit")

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="grants", verbose_name=_("account")
    )
    unit = models.ForeignKey(
        "cells.Unit",
        models.PROTECT,
        related_name="grants",
        null=True,
        blank=True,
        verbose_name=_("unit"),
        help_text=_("Empty: the whole country."),
    )
    access = models.CharField(_("access"), max_length=4, choices=Access, default=Access.KEEP)
    source = models.CharField(_("source"), max_length=10, choices=Source, default=Source.BY_HAND)

    objects = GrantQuerySet.as_manager()
    history = TracedRecords()

    class Meta:
        verbose_name = _("grant")
        verbose_name_plural = _("grants")
        constraints = [
            days_in_order("grant"),
            models.CheckConstraint(
                name="grant_archive_is_read_only",
                condition=~Q(source="archive") | Q(access="read"),
                violation_error_message=_("An archive is read only."),
            ),
        ]

    def __str__(self):
        return f"{self.user}: {self.unit or _('the whole country')}"


def scope_of(user, *, keeping: bool = False) -> Scope:
    """Return where this person may read (or change) today, asked once per request.

    The answer is kept on the user object, which lives as long as the request.
    """
    if not user.is_authenticated or not user.is_active:
        return Scope()
    if user.is_superuser:
        return Scope(everywhere=True)
    today = timezone.localdate()
    known = user.__dict__.setdefault("_scopes", {})
    if today not in known:
        known[today] = _scopes_on(user, today)
    reading, kept = known[today]
    return kept if keeping else reading


def _scopes_on(user, day: date) -> tuple[Scope, Scope]:
    """Return where somebody may read and where they may change, asked together."""
    grants = Grant.objects.filter(user=user).on(day)
    rows = list(grants.values_list("access", "unit", "unit__level", "unit__closed_on"))
    kept = _scope_of(row for row in rows if row[0] == Grant.Access.KEEP)
    # What a closed unit once held may stand in another province by now: its archive is only read.
    return _scope_of(rows), replace(kept, closed=frozenset())


def _scope_of(grants: Iterable[tuple]) -> Scope:
    """Return what these grants add up to."""
    named = {level: set() for level in Level}
    closed, everywhere = set(), False
    for _access, unit, level, closed_on in grants:
        if unit is None:
            everywhere = True
        elif closed_on is not None or level == Level.DISTRICT:
            closed.add(unit)
        else:
            named[level].add(unit)
    return Scope(
        everywhere=everywhere,
        provinces=frozenset(named[Level.PROVINCE]),
        communes=frozenset(named[Level.COMMUNE]),
        hamlets=frozenset(named[Level.HAMLET]),
        closed=frozenset(closed),
    )
