"""Workbooks on their way in: the file, what was asked and answered, what came of it."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import ChangeSet
from cells.models import Unit
from cells.models.grants import SeenThrough, scope_of

# Forms that fill in what a commune has not sent to its province yet.
STEPS_OF_A_REVIEW = ("ratings", "leader_ratings", "member_levels")


class ImportBatchQuerySet(SeenThrough):
    """A batch is seen by whoever sent it and by the office it was sent for; above, once it left that office.

    What a commune has in work is its own: the province sees no levels before they are sent.
    """

    THROUGH = ("unit",)

    def visible_to(self, user):
        return self._of(user, super().kept_by(user))

    def kept_by(self, user):
        return self._of(user, super().kept_by(user))

    def _of(self, user, kept):
        if not user.is_authenticated or not user.is_active:
            return self.none()
        # Whose grants have ended does not go on with what was begun under them.
        scope = scope_of(user, keeping=True)
        if scope.is_empty:
            return self.none()
        own = Q(by=user) | Q(unit__in=scope.units)
        return self.filter(own) | kept.filter(self._left_its_office())

    @staticmethod
    def _left_its_office() -> Q:
        written = Q(state__in=["done", "undone"]) & ~Q(kind__in=STEPS_OF_A_REVIEW)
        return Q(sent_on__isnull=False) | written

    def open(self):
        return self.filter(state=ImportBatch.State.OPEN)

    @staticmethod
    def condition_of(state: str) -> Q:
        """Return the condition of showing as in this state: what the administration took back is undone."""
        taken_back = Q(state="done", change_set__taken_back_by__isnull=False)
        if state == ImportBatch.State.UNDONE:
            return Q(state=state) | taken_back
        return Q(state=state) & ~taken_back if state == ImportBatch.State.DONE else Q(state=state)

    def in_state(self, state: str):
        return self.filter(self.condition_of(state))

    def ended(self):
        return self.exclude(state__in=[ImportBatch.State.OPEN, ImportBatch.State.SUBMITTED])

    def waiting(self):
        """Return what communes have sent to the province to be confirmed, the longest waiting first."""
        return self.filter(state=ImportBatch.State.SUBMITTED).order_by("sent_on", "pk")


class ImportBatch(models.Model):
    """One file that somebody sends in; it stays on record when it is written, undone or dropped."""

    class State(models.TextChoices):
        OPEN = "open", _("in work")
        SUBMITTED = "submitted", _("waiting for the province to confirm")
        DONE = "done", _("written")
        UNDONE = "undone", _("undone")
        DROPPED = "dropped", _("dropped")

    file_name = models.CharField(_("file"), max_length=200)
    digest = models.CharField(_("fingerprint (SHA-256)"), max_length=64)
    size = models.PositiveIntegerField(_("size in bytes"))
    kind = models.CharField(_("form"), max_length=20, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="import_batches", verbose_name=_("sent by")
    )
    unit = models.ForeignKey(
        Unit,
        models.PROTECT,
        related_name="import_batches",
        null=True,
        blank=True,
        verbose_name=_("sent for"),
        help_text=_("Empty: several units."),
    )
    state = models.CharField(_("state"), max_length=9, choices=State, default=State.OPEN)
    answers = models.JSONField(_("what was asked and answered"), default=dict, blank=True)
    # By outcome: new, changed, same, skipped, faulty. Of what was written where the batch is done.
    counts = models.JSONField(_("rows"), default=dict, blank=True)
    only_good = models.BooleanField(_("only the rows without faults"), default=False)
    made_at = models.DateTimeField(_("at"), auto_now_add=True)
    sent_on = models.DateTimeField(_("sent to the province at"), null=True, blank=True)
    done_at = models.DateTimeField(_("written at"), null=True, blank=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        verbose_name=_("written by"),
    )
    change_set = models.OneToOneField(
        ChangeSet, models.PROTECT, related_name="import_batch", null=True, blank=True, editable=False
    )
    remark = models.CharField(_("remark of the province"), max_length=500, blank=True)
    revision = models.PositiveIntegerField(default=1, editable=False)

    objects = ImportBatchQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        indexes = [models.Index(fields=["digest"]), models.Index(fields=["state", "unit"])]
        constraints = [
            models.CheckConstraint(
                name="importbatch_state_is_known",
                condition=Q(state__in=["open", "submitted", "done", "undone", "dropped"]),
                violation_error_message=_("Choose one of the states of the list."),
            ),
            models.CheckConstraint(
                name="importbatch_written_has_who_and_when",
                condition=Q(state__in=["open", "submitted", "dropped"], done_at__isnull=True)
                | Q(state__in=["done", "undone"], done_at__isnull=False, done_by__isnull=False),
                violation_error_message=_("What was written needs who wrote it and when."),
            ),
            models.CheckConstraint(
                name="importbatch_sent_has_its_day",
                condition=~Q(state="submitted") | Q(sent_on__isnull=False),
                violation_error_message=_("A file that waits for the province needs when it was sent."),
            ),
        ]

    def __str__(self):
        return self.file_name

    def get_absolute_url(self):
        return reverse("importing:batch", args=[self.pk])

    @property
    def is_taken_back(self) -> bool:
        """Whether what it wrote was taken back, on the desk or in the administration."""
        return self.change_set is not None and hasattr(self.change_set, "taken_back_by")

    @property
    def shown_state(self) -> str:
        is_undone = self.state == self.State.DONE and self.is_taken_back
        return self.State.UNDONE if is_undone else self.State(self.state)

    @property
    def is_open(self) -> bool:
        return self.state == self.State.OPEN


class BatchFile(models.Model):
    """The file itself, in the database: hosts share nothing else. Taken away after ``KEEP_IMPORT_FILES_DAYS``."""

    batch = models.OneToOneField(
        ImportBatch, models.CASCADE, related_name="file", primary_key=True, verbose_name=_("import")
    )
    content = models.BinaryField(_("content"))

    class Meta:
        verbose_name = _("file of an import")
        verbose_name_plural = _("files of imports")

    def __str__(self):
        return str(self.batch)


class BatchCheck(models.Model):
    """What the last check of a batch showed, in words: a copy for showing, nothing is written from it."""

    batch = models.OneToOneField(
        ImportBatch, models.CASCADE, related_name="check_result", primary_key=True, verbose_name=_("import")
    )
    revision = models.PositiveIntegerField(_("revision"))
    made_at = models.DateTimeField(_("at"), auto_now=True)
    result = models.JSONField(_("result"))

    class Meta:
        verbose_name = _("check of an import")
        verbose_name_plural = _("checks of imports")

    def __str__(self):
        return str(self.batch)


REMEMBERED = _("This heading is remembered already.")


class RememberedColumnQuerySet(SeenThrough):
    THROUGH = ("unit",)


class RememberedColumn(models.Model):
    """What an office has said that one of its columns means, for the next file of the same look."""

    unit = models.ForeignKey(
        Unit, models.CASCADE, related_name="+", null=True, blank=True, verbose_name=_("office")
    )
    kind = models.CharField(_("form"), max_length=20)
    heading = models.CharField(_("heading"), max_length=300)
    # The key of the form's column; empty where it is to be left out.
    column = models.CharField(_("column"), max_length=40, blank=True)

    objects = RememberedColumnQuerySet.as_manager()

    class Meta:
        verbose_name = _("remembered column")
        verbose_name_plural = _("remembered columns")
        constraints = [
            # Two, because an office of several units has none: SQLite takes each NULL for another one.
            models.UniqueConstraint(
                name="rememberedcolumn_one_answer_per_office_and_heading",
                fields=["unit", "kind", "heading"],
                condition=Q(unit__isnull=False),
                violation_error_message=REMEMBERED,
            ),
            models.UniqueConstraint(
                name="rememberedcolumn_one_answer_per_heading",
                fields=["kind", "heading"],
                condition=Q(unit__isnull=True),
                violation_error_message=REMEMBERED,
            ),
        ]

    def __str__(self):
        return f"{self.heading} → {self.column}"
