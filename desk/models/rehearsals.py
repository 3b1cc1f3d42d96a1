"""What a rehearsal showed and what applying did, in words, kept for showing."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from cells.models import Reorganisation


class KeptRehearsal(models.Model):
    """The lists and cases of one rehearsal, or of what was carried out, as people read them.

    A copy of words: nothing is decided or applied from it. A shown one is worth nothing as soon
    as the event has another revision; a done one stays, so that the print says what was done.
    """

    class Purpose(models.TextChoices):
        SHOWN = "shown", _("rehearsed")
        DONE = "done", _("carried out")

    event = models.ForeignKey(
        Reorganisation, models.CASCADE, related_name="kept_rehearsals", verbose_name=_("reorganisation")
    )
    purpose = models.CharField(_("purpose"), max_length=5, choices=Purpose)
    revision = models.PositiveIntegerField(_("revision"))
    made_at = models.DateTimeField(_("at"))
    # Choices made since: they are marked in the result, what they bring about is not in it yet.
    decided_since = models.PositiveIntegerField(_("choices made since"), default=0)
    result = models.JSONField(_("result"))

    class Meta:
        verbose_name = _("kept rehearsal")
        verbose_name_plural = _("kept rehearsals")
        constraints = [
            models.UniqueConstraint(
                name="kept_rehearsal_one_of_each",
                fields=["event", "purpose"],
                violation_error_message=_("This is kept already."),
            ),
        ]

    def __str__(self):
        return f"{self.event}: {self.get_purpose_display()}"
