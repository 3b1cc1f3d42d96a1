"""Imports on the first pages of the apps below, which know nothing of them."""

from django import template
from django.urls import reverse
from django.utils.translation import ngettext

from dashboards.home.attention import Count
from desk.importing.batches import USES
from desk.models import ImportBatch

register = template.Library()

SENT_BACK_SHOWN = 5


@register.simple_tag(takes_context=True)
def imports_to_confirm(context) -> list[Count]:
    """Return what communes have sent to the province of who reads the page, as a count that opens its list."""
    user = context["request"].user
    if not user.has_perm(USES):
        return []
    count = ImportBatch.objects.visible_to(user).in_state(ImportBatch.State.SUBMITTED).count()
    label = ngettext("file of a commune to be confirmed", "files of communes to be confirmed", count)
    return [Count(label, count, f"{reverse('importing:desk')}?trang_thai=cho-tinh")] if count else []


@register.simple_tag(takes_context=True)
def imports_sent_back(context) -> list[ImportBatch]:
    """Return the files that the province asks to complete."""
    user = context["request"].user
    if not user.has_perm(USES):
        return []
    rows = ImportBatch.objects.kept_by(user).open().exclude(remark="")
    return list(rows[:SENT_BACK_SHOWN])
