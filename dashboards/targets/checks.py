"""What must be true of targets as a whole; each finding is one sentence."""

from collections.abc import Iterator

from django.db.models import F, Q
from django.utils.translation import gettext as _

from dashboards.targets.measures import MEASURES
from evaluations.models import Target


def problems() -> Iterator[str]:
    """Find targets that count no figure of the software, and parts that are of something else than their whole."""
    for target in Target.objects.exclude(figure__in=MEASURES).select_related("unit").order_by("pk"):
        yield _("This target counts a figure that is not known: %s") % target
    alike = Q(term=F("part_of__term"), figure=F("part_of__figure")) & (
        Q(title=F("part_of__title")) | Q(title__isnull=True, part_of__title__isnull=True)
    )
    parts = Target.objects.filter(part_of__isnull=False).exclude(alike)
    for target in parts.select_related("unit").order_by("pk"):
        yield _("This part is of another term or figure than the target it is a part of: %s") % target
