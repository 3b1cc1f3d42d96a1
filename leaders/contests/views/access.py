"""Who may open a page of congresses and elections, and who enters on it."""

from django.contrib.auth.decorators import permission_required
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.urls import reverse

from cells.access import seen_commune
from cells.models import Unit
from leaders.models import Contest

RECORD = [
    *("leaders.add_contest", "leaders.change_contest", "leaders.add_candidacy", "leaders.change_candidacy"),
    *("leaders.add_tenure", "leaders.change_tenure", "leaders.add_person"),
]
reads = permission_required("leaders.view_contest", raise_exception=True)
records = permission_required(RECORD, raise_exception=True)


def keeps(user, commune: Unit) -> bool:
    """Whether the person enters what comes of the contests of this commune."""
    return user.has_perms(RECORD) and Unit.objects.kept_by(user).filter(pk=commune.pk).exists()


def kept_commune(request, pk: int) -> Unit:
    """Return the commune for entering: 404 outside what the person sees, 403 where they only read it."""
    commune = seen_commune(request, pk)
    if not keeps(request.user, commune):
        raise PermissionDenied
    return commune


def contests_of(user):
    """Return the contests a person sees with what a page says of them."""
    rows = Contest.objects.visible_to(user).select_related("cell__commune", "hamlet__commune", "decision")
    return rows.prefetch_related("candidacies__person")


def commune_of(contest: Contest) -> Unit:
    """Return the commune under whose page the contest stands."""
    commune = (contest.cell or contest.hamlet).commune
    if commune is None:
        raise Http404
    return commune


def grid_url(term: str, commune: Unit, kind: str) -> str:
    return reverse("elections:grid", kwargs={"term": term, "pk": commune.pk, "kind": kind})
