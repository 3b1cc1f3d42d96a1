"""Who changed what, when and why: change sets, and the history rows that carry them."""

from contextlib import contextmanager
from contextvars import ContextVar

from django.conf import settings
from django.db import connection, models
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords


class ChangeSet(models.Model):
    """One act of one person (or command) that changed data, with its reason."""

    class Kind(models.TextChoices):
        PAGE = "page", _("On a page")
        ADMIN = "admin", _("In the administration")
        IMPORT = "import", _("Import")
        COMMAND = "command", _("Command")
        SAMPLES = "samples", _("Sample data")
        REORGANISATION = "reorganisation", _("Reorganisation")
        PERSON_MERGE = "person_merge", _("Merging of two records of one person")
        TAKE_BACK = "take_back", _("Taking back")

    kind = models.CharField(_("kind"), max_length=14, choices=Kind)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        related_name="+",
        null=True,
        blank=True,
        verbose_name=_("by"),
    )
    # The name stays readable after the account is gone.
    by_name = models.CharField(_("name"), max_length=200, blank=True)
    at = models.DateTimeField(_("at"), auto_now_add=True)
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    takes_back = models.OneToOneField(
        "self",
        on_delete=models.PROTECT,
        related_name="taken_back_by",
        null=True,
        blank=True,
        verbose_name=_("takes back"),
    )

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("change set")
        verbose_name_plural = _("change sets")
        permissions = [("take_back", _("Can take back what was recorded in error"))]

    def __str__(self):
        return self.reason or self.get_kind_display()


class Recording:
    """The change set that writes belong to while it is open; made with the first write."""

    def __init__(self, *, by, kind: str, reason: str):
        self.by, self.kind, self.reason = by, kind, reason
        self._change_set = None
        self._savepoints = []

    @property
    def change_set(self) -> ChangeSet:
        if self._change_set is None or not self._survived():
            self._change_set = ChangeSet.objects.create(
                kind=self.kind,
                by=self.by,
                by_name=str(self.by or ""),
                reason=self.reason,
            )
            self._savepoints = list(connection.savepoint_ids)
        return self._change_set

    def _survived(self) -> bool:
        """Whether no rollback has taken the row away since it was written."""
        depth = len(self._savepoints)
        still_inside = connection.in_atomic_block and connection.savepoint_ids[:depth] == self._savepoints
        return (still_inside and depth) or ChangeSet.objects.filter(pk=self._change_set.pk).exists()


_current: ContextVar[Recording | None] = ContextVar("current_recording", default=None)


@contextmanager
def recording(*, by=None, kind: str = ChangeSet.Kind.COMMAND, reason: str = ""):
    """Give every change made inside one change set, by this person and for this reason."""
    with _open(Recording(by=by, kind=kind, reason=reason[:500])) as new:
        yield new


@contextmanager
def recording_further(change_set: ChangeSet):
    """Give every change made inside to a change set that is written already: it is the rest of the same act."""
    further = Recording(by=change_set.by, kind=change_set.kind, reason=change_set.reason)
    further._change_set = change_set
    with _open(further):
        yield


@contextmanager
def _open(new: Recording):
    token = _current.set(new)
    try:
        yield new
    finally:
        _current.reset(token)


def current_change_set() -> ChangeSet:
    """Return the open change set, or a new one where nobody opened any (a shell, a test)."""
    here = _current.get()
    return here.change_set if here else Recording(by=None, kind=ChangeSet.Kind.COMMAND, reason="").change_set


def give_reason(reason: str) -> None:
    """Say why, as long as the open change set has not been written."""
    here = _current.get()
    if here and here._change_set is None:
        here.reason = reason[:500]


def acting_user():
    """Return who makes the changes of the open change set, if that is known."""
    here = _current.get()
    return here.by if here else None


def _current_change_set_pk() -> int:
    return current_change_set().pk


def _current_user(**kwargs):
    return acting_user()


class RecordedChange(models.Model):
    """What every history row carries: the change set it belongs to."""

    change_set = models.ForeignKey(
        ChangeSet,
        on_delete=models.PROTECT,
        related_name="+",
        default=_current_change_set_pk,
        verbose_name=_("change set"),
    )

    class Meta:
        abstract = True


class TracedRecords(HistoricalRecords):
    """The history of a model, each row with its change set."""

    def __init__(self, **kwargs):
        super().__init__(bases=[RecordedChange], get_user=_current_user, **kwargs)
