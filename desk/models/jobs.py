"""Long work: what was asked for, how far it is, how it ended; and on which days the daily work was begun."""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.roles import Role


class JobQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Return the work somebody started; administrators see all."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        return self if _administers(user) else self.filter(by=user)

    def kept_by(self, user):
        """Return the work somebody may start again: their own, and for administrators the site's."""
        own = models.Q(by=user)
        return self.visible_to(user).filter(own | models.Q(by=None) if _administers(user) else own)

    def unfinished(self):
        return self.filter(state__in=[Job.State.QUEUED, Job.State.RUNNING])

    def in_trouble(self):
        """Return what did not come to its end, latest first."""
        return self.filter(state__in=[Job.State.FAILED, Job.State.INTERRUPTED]).order_by("-finished_at", "pk")


def _administers(user) -> bool:
    return user.is_superuser or user.role == Role.ADMINISTRATOR


class Job(models.Model):
    """Work that takes longer than a page may: done by the worker, whole or not at all.

    ``step``, ``done`` and ``total`` are what PostgreSQL shows of running work; on SQLite the
    one writer is the work itself, so that there a file tells it (desk/jobs/progress.py).
    """

    class State(models.TextChoices):
        QUEUED = "queued", _("Waiting")
        RUNNING = "running", _("Being done")
        DONE = "done", _("Done")
        FAILED = "failed", _("Not carried out")
        # The process that worked at it is gone, and its transaction with it.
        INTERRUPTED = "interrupted", _("Interrupted")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    title = models.CharField(_("what is being done"), max_length=300)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="+",
        null=True,
        blank=True,
        verbose_name=_("by"),
    )
    work = models.CharField(_("function"), max_length=200)
    arguments = models.JSONField(_("arguments"), default=dict, blank=True)
    task = models.UUIDField(_("place in the queue"), null=True, blank=True)
    state = models.CharField(_("state"), max_length=12, choices=State, default=State.QUEUED)
    step = models.CharField(_("step"), max_length=200, blank=True)
    done = models.PositiveIntegerField(_("done"), default=0)
    total = models.PositiveIntegerField(_("of"), default=0)
    result_url = models.CharField(_("address of the result"), max_length=500, blank=True)
    error = models.TextField(_("why it was not carried out"), blank=True)
    asked_at = models.DateTimeField(_("asked for at"), auto_now_add=True)
    started_at = models.DateTimeField(_("begun at"), null=True, blank=True)
    finished_at = models.DateTimeField(_("ended at"), null=True, blank=True)

    objects = JobQuerySet.as_manager()

    class Meta:
        ordering = ["-asked_at", "pk"]
        verbose_name = _("long work")
        verbose_name_plural = _("long work")
        constraints = [
            models.CheckConstraint(
                name="job_state_is_known",
                condition=models.Q(state__in=["queued", "running", "done", "failed", "interrupted"]),
                violation_error_message=_("Choose one of the states of the list."),
            ),
        ]

    def __str__(self):
        return self.title

    @property
    def is_unfinished(self) -> bool:
        return self.state in {self.State.QUEUED, self.State.RUNNING}

    @property
    def is_interrupted(self) -> bool:
        return self.state == self.State.INTERRUPTED

    @property
    def sentences(self) -> list[str]:
        """Why it was not carried out, one sentence each."""
        return self.error.splitlines()


class DailyRun(models.Model):
    """A day whose daily work was begun: who writes the row begins it, everybody else leaves it alone."""

    day = models.DateField(_("day"), primary_key=True)
    begun_at = models.DateTimeField(_("begun at"), auto_now_add=True)

    class Meta:
        ordering = ["-day"]
        verbose_name = _("daily work")
        verbose_name_plural = _("daily work")

    def __str__(self):
        return f"{self.day:%d/%m/%Y}"
