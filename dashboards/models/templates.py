"""Templates of papers that a province has put in place of those that are shipped."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.changes import TracedRecords
from cells.models import Unit
from cells.models.grants import SeenThrough, scope_of


class PaperTemplateQuerySet(SeenThrough):
    """A template is read by everybody who works in the province, and changed by the province."""

    THROUGH = ("province",)

    def visible_to(self, user):
        scope = scope_of(user)
        if scope.everywhere:
            return self
        return self.filter(province__in=Unit.objects.provinces_seen_by(user))

    def in_use(self):
        return self.filter(removed_at__isnull=True)


class PaperTemplate(models.Model):
    """A Word or Excel file that was checked and is filled in; one that was taken out of use stays on record."""

    class Kind(models.TextChoices):
        DOCX = "docx", "Word (.docx)"
        XLSX = "xlsx", "Excel (.xlsx)"

    province = models.ForeignKey(
        Unit, models.PROTECT, related_name="paper_templates", verbose_name=_("province")
    )
    form = models.CharField(_("paper"), max_length=40)
    kind = models.CharField(_("kind of file"), max_length=4, choices=Kind)
    file_name = models.CharField(_("file"), max_length=200)
    content = models.BinaryField(_("content"))
    uploaded_at = models.DateTimeField(_("at"), auto_now_add=True)
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
    removed_at = models.DateTimeField(_("taken out of use at"), null=True, blank=True, editable=False)

    objects = PaperTemplateQuerySet.as_manager()
    history = TracedRecords(excluded_fields=["content"])

    class Meta:
        ordering = ["form", "kind", "-uploaded_at"]
        verbose_name = _("template of a paper")
        verbose_name_plural = _("templates of papers")
        constraints = [
            models.UniqueConstraint(
                name="papertemplate_one_in_use",
                fields=["province", "form", "kind"],
                condition=Q(removed_at__isnull=True),
                violation_error_message=_(
                    "A template of this paper is in use already. Take it out of use first."
                ),
            ),
            models.CheckConstraint(
                name="papertemplate_kind_is_known",
                condition=Q(kind__in=["docx", "xlsx"]),
                violation_error_message=_("Choose a Word file (.docx) or an Excel file (.xlsx)."),
            ),
        ]

    def __str__(self):
        return self.file_name

    def get_absolute_url(self):
        return reverse("papers:own_template", args=[self.pk])

    @classmethod
    def reasons_to_keep(cls, keys: set) -> list[str]:
        """Say why templates are not undone with a change set: their page puts the shipped one in use again."""
        if not keys:
            return []
        return [
            str(_("A template is taken out of use on the page of templates, not by taking back a change."))
        ]
