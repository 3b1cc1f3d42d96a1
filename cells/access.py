"""Which commune a page is about, for whoever may read it."""

from django.shortcuts import get_object_or_404

from cells.models import Unit


def seen_commune(request, pk: int) -> Unit:
    """Return the commune with its province; 404 where there is none in what the person sees."""
    communes = Unit.objects.visible_to(request.user).communes().select_related("province")
    return get_object_or_404(communes, pk=pk)
