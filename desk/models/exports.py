"""Lists that the worker has written for somebody, kept for a day or so until they are fetched."""

import uuid
from collections.abc import Iterator

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _


class KeptExportQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Return what somebody has asked for themselves; nobody fetches a file for another."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        return self.filter(by=user)


class KeptExport(models.Model):
    """A finished file, in the database: hosts share nothing else.

    ``scope`` is where its rows were seen. Whoever sees something else by now asks for a new one.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", verbose_name=_("by")
    )
    title = models.CharField(_("list"), max_length=300)
    file_name = models.CharField(_("file"), max_length=200)
    row_count = models.PositiveIntegerField(_("rows"))
    size = models.PositiveBigIntegerField(_("size in bytes"))
    scope = models.CharField(_("seen in the scope"), max_length=64)
    made_at = models.DateTimeField(_("at"), auto_now_add=True)

    objects = KeptExportQuerySet.as_manager()

    class Meta:
        ordering = ["-made_at", "pk"]
        verbose_name = _("kept export")
        verbose_name_plural = _("kept exports")

    def __str__(self):
        return self.file_name

    def get_absolute_url(self):
        return reverse("exporting:kept", args=[self.pk])

    def pieces(self) -> Iterator[bytes]:
        """Yield the file piece by piece, so that a large one needs no more memory than a small one."""
        parts = self.parts.order_by("number")
        for number in list(parts.values_list("number", flat=True)):
            yield bytes(parts.values_list("content", flat=True).get(number=number))


class KeptExportPart(models.Model):
    """A piece of the file."""

    export = models.ForeignKey(
        KeptExport, on_delete=models.CASCADE, related_name="parts", verbose_name=_("kept export")
    )
    number = models.PositiveIntegerField(_("place in the file"))
    content = models.BinaryField(_("content"))

    class Meta:
        ordering = ["number"]
        verbose_name = _("part of a kept export")
        verbose_name_plural = _("parts of kept exports")
        constraints = [
            models.UniqueConstraint(
                name="kept_export_one_part_of_each_number",
                fields=["export", "number"],
                violation_error_message=_("This is kept already."),
            ),
        ]

    def __str__(self):
        return f"{self.export} ({self.number})"
