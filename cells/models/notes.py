"""What works well in a hamlet, told in free words so that others find it."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.changes import TracedRecords
from accounts.fields import KeyField
from cells.models.grants import SeenThrough
from cells.models.units import Unit
from sheets.text import fold, nfc_lines


class PracticeNoteQuerySet(SeenThrough):
    THROUGH = ("hamlet",)

    def matching(self, text: str):
        """Return the notes in which every word occurs, diacritics aside."""
        for word in fold(text).split():
            self = self.filter(search_key__contains=word)
        return self


class PracticeNote(models.Model):
    """A way of working in a hamlet that is worth knowing elsewhere."""

    hamlet = models.ForeignKey(Unit, models.PROTECT, related_name="practice_notes", verbose_name=_("hamlet"))
    noted_on = models.DateField(_("noted on"))
    text = models.TextField(_("what works well here"), max_length=4000)
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, related_name="+", null=True, verbose_name=_("written by")
    )
    search_key = KeyField(max_length=4000)

    objects = PracticeNoteQuerySet.as_manager()
    history = TracedRecords()

    class Meta:
        ordering = ["-noted_on", "-pk"]
        verbose_name = _("good practice")
        verbose_name_plural = _("good practices")
        constraints = [
            models.CheckConstraint(
                name="practicenote_says_something",
                condition=~Q(text=""),
                violation_error_message=_("Write what works well here."),
            ),
        ]

    def __str__(self):
        return f"{self.hamlet}: {self.text[:60]}"

    def save(self, *args, **kwargs):
        self.text = nfc_lines(self.text)
        self.search_key = fold(self.text)[:4000]
        super().save(*args, **kwargs)

    def clean(self):
        # Compared as a whole: the text is too long for a constraint.
        same = PracticeNote.objects.filter(
            hamlet=self.hamlet_id, noted_on=self.noted_on, text=nfc_lines(self.text)
        )
        if self.text and same.exclude(pk=self.pk).exists():
            raise ValidationError(
                gettext("The same is told of %(hamlet)s on %(day)s already.")
                % {"hamlet": self.hamlet, "day": f"{self.noted_on:%d/%m/%Y}"}
            )
