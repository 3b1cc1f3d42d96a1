"""Which term and area a page is about, and who may look at it."""

from django.contrib.auth.decorators import permission_required
from django.http import Http404
from django.shortcuts import get_object_or_404

from accounts.asked import number_in
from cells.kinds import Level
from cells.models import Unit
from cells.models.grants import scope_of

READ = "leaders.view_contest"
reads = permission_required(READ, raise_exception=True)


def sees_terms(user) -> bool:
    """Whether the person looks after communes or what stands above them, and not single hamlets."""
    scope = scope_of(user)
    return scope.everywhere or bool(scope.provinces or scope.communes)


def area_of(asked) -> Unit | None:
    """Return the area that the address names; without one the person's own, None for the whole country.

    Somebody with several communes or provinces and no word in the address sees all of them.
    """
    if not sees_terms(asked.user):
        raise Http404
    wanted = number_in(asked, "xa") or number_in(asked, "don_vi")
    if wanted is not None:
        levels = [Level.PROVINCE, Level.COMMUNE]
        return get_object_or_404(Unit.objects.visible_to(asked.user).filter(level__in=levels), pk=wanted)
    scope = scope_of(asked.user)
    own = scope.provinces | scope.communes
    if scope.everywhere or len(own) != 1:
        return None
    return get_object_or_404(Unit, pk=next(iter(own)))
