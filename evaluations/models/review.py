"""How far a commune is with the review of a year, and every step it took there.

The standing committee of the commune decides, the province receives (HD 43-HD/BTCTW): a commune's
file goes from its clerk to its standing committee and then to the province, and each step is one
conditional write and one line on the timeline.
"""

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from accounts.changes import TracedRecords
from accounts.history import batches
from cells.models import Cell, Decision, Unit
from cells.models.cells import CellKind
from cells.models.grants import SeenThrough
from evaluations.models.rules import ReviewCycle
from evaluations.models.withheld import communes_of


class KindGroupQuerySet(SeenThrough):
    THROUGH = ("cycle",)


class KindGroup(models.Model):
    """Cells of like function are counted together for the share of excellent ones.

    Kinds of one name are one group; a kind without a row is a group of its own.
    """

    cycle = models.ForeignKey(
        ReviewCycle, models.PROTECT, related_name="kind_groups", verbose_name=_("review year")
    )
    kind = models.CharField(_("kind of cell"), max_length=8, choices=CellKind)
    name = models.CharField(_("group"), max_length=100)

    objects = KindGroupQuerySet.as_manager()
    history = TracedRecords()

    class Meta:
        ordering = ["cycle", "pk"]
        verbose_name = _("group of like function")
        verbose_name_plural = _("groups of like function")
        constraints = [
            models.UniqueConstraint(
                name="kindgroup_one_group_per_kind",
                fields=["cycle", "kind"],
                violation_error_message=_("This kind of cell is in a group already."),
            ),
            models.CheckConstraint(
                name="kindgroup_has_a_name",
                condition=~Q(name=""),
                violation_error_message=_("Enter the name of the group."),
            ),
        ]

    def __str__(self):
        return self.name


class SubmissionQuerySet(SeenThrough):
    THROUGH = ("commune",)

    def kept_by(self, user):
        """Return the files whose commune, or all that came of it, the user keeps today."""
        kept = _kept_communes(user)
        return self.filter(Q(commune__in=kept) | Q(commune__commune__in=kept))

    def visible_to(self, user):
        seen = _seen_communes(user)
        return self.filter(Q(commune__in=seen) | Q(commune__commune__in=seen))

    def for_board(self):
        return self.select_related("cycle", "commune", "decision")


def _kept_communes(user):
    return Unit.objects.kept_by(user).communes().values("pk")


def _seen_communes(user):
    return Unit.objects.visible_to(user).communes().values("pk")


class Submission(models.Model):
    """The file of one commune in the review of one year."""

    class State(models.TextChoices):
        ENTERING = "entering", _("being entered")
        PUT = "put", _("put to the standing committee")
        DECIDED = "decided", _("decided")
        SENT = "sent", _("sent to the province, to be received")
        RETURNED = "returned", _("to be completed")
        RECEIVED = "received", _("received")
        LOCKED = "locked", _("figures locked")

    cycle = models.ForeignKey(
        ReviewCycle, models.PROTECT, related_name="submissions", verbose_name=_("review year")
    )
    commune = models.ForeignKey(Unit, models.PROTECT, related_name="submissions", verbose_name=_("commune"))
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.ENTERING)
    deadline = models.DateField(
        _("deadline of its own"), null=True, blank=True, help_text=_("Empty: the deadline of the year.")
    )
    list_confirmed_at = models.DateTimeField(_("list confirmed at"), null=True, blank=True, editable=False)
    list_confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, related_name="+", null=True, blank=True, editable=False
    )
    # How many cells the commune saw when it confirmed: what changed since is shown.
    list_confirmed_cells = models.PositiveIntegerField(null=True, editable=False)
    # The decision on the commune's cells; each row keeps the one it was decided by.
    decision = models.ForeignKey(
        Decision, models.PROTECT, related_name="+", null=True, blank=True, verbose_name=_("decision")
    )
    voters = models.PositiveSmallIntegerField(_("votes cast"), null=True, blank=True)
    share_reason = models.CharField(_("reason for more than the share"), max_length=1000, blank=True)
    is_outstanding = models.BooleanField(
        _("outstanding unit"), default=False, help_text=_("The higher share of the rule set holds.")
    )
    sent_at = models.DateTimeField(_("sent at"), null=True, blank=True, editable=False)
    received_at = models.DateTimeField(_("received at"), null=True, blank=True, editable=False)
    revision = models.PositiveIntegerField(default=1, editable=False)

    objects = SubmissionQuerySet.as_manager()
    history = TracedRecords()

    class Meta:
        ordering = ["cycle", "commune"]
        verbose_name = _("file of a commune")
        verbose_name_plural = _("files of communes")
        permissions = [
            ("work_on_reviews", _("Can enter and decide the review of a commune")),
            ("receive_reviews", _("Can open the review of a province and receive its files")),
        ]
        constraints = [
            models.UniqueConstraint(
                name="submission_one_per_commune",
                fields=["cycle", "commune"],
                violation_error_message=_("This commune already has its file in that year."),
            ),
            models.CheckConstraint(
                name="submission_state_is_known",
                condition=Q(
                    state__in=["entering", "put", "decided", "sent", "returned", "received", "locked"]
                ),
                violation_error_message=_("The file is in no state that the review knows."),
            ),
            models.CheckConstraint(
                name="submission_decided_has_its_decision",
                condition=Q(state__in=["entering", "put"]) | Q(decision__isnull=False),
                violation_error_message=_("A decided file needs its decision: number, day, issuing body."),
            ),
            models.CheckConstraint(
                name="submission_sent_says_when",
                condition=Q(state__in=["entering", "put", "decided"]) | Q(sent_at__isnull=False),
                violation_error_message=_("A file that was sent says when."),
            ),
            models.CheckConstraint(
                name="submission_received_says_when",
                condition=~Q(state__in=["received", "locked"]) | Q(received_at__isnull=False),
                violation_error_message=_("A file that was received says when."),
            ),
        ]

    def __str__(self):
        return f"{self.commune} {self.cycle.year}"

    @property
    def due_on(self) -> date | None:
        """The last day on which the commune is to send its file."""
        return self.deadline or self.cycle.deadline

    @property
    def list_due_on(self) -> date | None:
        """The last day on which the commune is to confirm its list."""
        return self.cycle.list_deadline

    @property
    def was_sent(self) -> bool:
        """Whether nothing is awaited from the commune: its file lies with the province."""
        return self.state in (State.SENT, State.RECEIVED, State.LOCKED)

    @property
    def is_with_province(self) -> bool:
        """Whether the province may see the levels: the file was sent and not withdrawn."""
        return self.state in WITH_PROVINCE

    @classmethod
    def reasons_to_keep(cls, keys: set) -> list[str]:
        """Say why steps are not taken back with a change set: each has a step that undoes it."""
        untouched = {
            pk
            for some in batches(sorted(keys))
            for pk in cls.objects.filter(came_about_late(), pk__in=some).values_list("pk", flat=True)
        }
        return _reasons_to_keep_steps(keys - untouched)


State = Submission.State
WITH_PROVINCE = frozenset({State.SENT, State.RETURNED, State.RECEIVED, State.LOCKED})


def came_about_late() -> Q:
    """Return the condition of files that a reorganisation locked after the year was, and nobody touched since.

    They go as they came, with what is undone. Every other revision of a file is that of a step.
    """
    last_step = Step.objects.filter(submission=OuterRef("pk"), number=OuterRef("revision"))
    return Q(state=State.LOCKED) & ~Exists(last_step)


def _reasons_to_keep_steps(keys: set) -> list[str]:
    if not keys:
        return []
    return [str(_("A step of the review is undone on the page of the review, not by taking back a change."))]


def on_its_way(commune: str = "commune", cycle: str = "cycle", *, but_for: Q | None = None) -> Exists:
    """Return the condition of rows whose file has left the clerk's desk; the names lead from a row there."""
    files = Submission.objects.filter(commune=OuterRef(commune), cycle=OuterRef(cycle))
    return Exists(files.exclude(Q(state=State.ENTERING) | (but_for or Q(pk__in=[]))))


def is_awaited() -> Exists:
    """Return the condition of ratings whose file is not with the province yet: they are the commune's own."""
    files = Submission.objects.filter(cycle=OuterRef("cycle"), commune=OuterRef("commune"))
    return Exists(files.exclude(state__in=WITH_PROVINCE))


def reasons_to_keep_rows(rows: models.QuerySet, keys: set, **where) -> list[str]:
    """Say why these rows are not undone with a change set, where their file is on its way (see ``on_its_way``)."""
    if any(rows.filter(on_its_way(**where), pk__in=some).exists() for some in batches(sorted(keys))):
        return [
            str(
                _(
                    "The file of the commune has been put to the standing committee. Take it back on the page of"
                    " the review first."
                )
            )
        ]
    return []


class StepQuerySet(SeenThrough):
    """Why a level was corrected goes with the level: it is the commune's own until it is sent."""

    THROUGH = ("submission",)

    def visible_to(self, user):
        own = Q(submission__commune__commune__in=communes_of(user))
        sent = Q(submission__state__in=WITH_PROVINCE)
        return super().visible_to(user).filter(~Q(kind=Step.Kind.CORRECTED) | sent | own)

    def on_timeline(self):
        return self.select_related("cell", "person", "decision").order_by("pk")


class Step(models.Model):
    """One thing that happened to a commune's file: who, when, and in which words."""

    class Kind(models.TextChoices):
        LIST_CONFIRMED = "confirmed", _("list confirmed as right")
        LIST_FIXED = "fixed", _("list fixed")
        ADDED = "added", _("added to the list")
        EXCLUDED = "excluded", _("taken off the list")
        DEADLINE = "deadline", _("deadline changed")
        OUTSTANDING = "outstanding", _("share changed")
        CHECKED = "checked", _("checked before it is put to the standing committee")
        PUT = "put", _("put to the standing committee")
        PULLED = "pulled", _("taken back from the standing committee")
        DECIDED = "decided", _("decision of the standing committee recorded")
        UNDECIDED = "undecided", _("record of the decision taken back")
        SENT = "sent", _("sent to the province")
        WITHDRAWN = "withdrawn", _("withdrawn to be mended")
        RETURNED = "returned", _("to be completed")
        MESSAGE = "message", _("message")
        RECEIVED = "received", _("received by the province")
        LOCKED = "locked", _("figures locked")
        CORRECTED = "corrected", _("corrected by a decision")

    submission = models.ForeignKey(
        Submission, models.PROTECT, related_name="steps", verbose_name=_("file of a commune")
    )
    kind = models.CharField(_("kind"), max_length=11, choices=Kind)
    # The revision the step made of the file: a step that happened once stands here once.
    number = models.PositiveIntegerField(_("number"))
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
    text = models.TextField(_("words"), blank=True)
    cell = models.ForeignKey(
        Cell, models.PROTECT, related_name="+", null=True, blank=True, verbose_name=_("cell")
    )
    person = models.ForeignKey(
        "leaders.Person", models.PROTECT, related_name="+", null=True, blank=True, verbose_name=_("person")
    )
    decision = models.ForeignKey(
        Decision, models.PROTECT, related_name="+", null=True, blank=True, verbose_name=_("decision")
    )

    objects = StepQuerySet.as_manager()
    history = TracedRecords()

    class Meta:
        ordering = ["submission", "number"]
        verbose_name = _("step of a review")
        verbose_name_plural = _("steps of a review")
        constraints = [
            models.UniqueConstraint(
                name="step_once",
                fields=["submission", "number"],
                violation_error_message=_("This step was taken already."),
            ),
            models.CheckConstraint(
                name="step_with_a_reason",
                condition=~Q(kind__in=["added", "excluded", "withdrawn", "returned", "message", "corrected"])
                | ~Q(text=""),
                violation_error_message=_("Say why, in a sentence."),
            ),
        ]

    def __str__(self):
        return f"{self.submission}: {self.get_kind_display()}"

    @classmethod
    def reasons_to_keep(cls, keys: set) -> list[str]:
        return _reasons_to_keep_steps(keys)
