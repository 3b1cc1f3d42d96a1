"""The frame around every page: the menu of the role, and what the site must say of itself."""

from dataclasses import dataclass

from django.conf import settings
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from cells.models import Unit
from cells.models.grants import scope_of
from dashboards.basis import kept_query
from dashboards.wording import words_for


@dataclass(frozen=True)
class Entry:
    """One line of the menu."""

    label: str
    url: str
    current: bool


def site_frame(request) -> dict:
    """Return what base.html needs. Only what a page prints is asked of the database."""
    frame = {"second_factor_off": settings.SECOND_FACTOR == "off", "menu": []}
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return frame
    return frame | {
        "menu": SimpleLazyObject(lambda: _menu(request)),
        "unit_label": SimpleLazyObject(lambda: _unit_label(user)),
        "words": SimpleLazyObject(lambda: words_for(user)),
    }


def _menu(request) -> list[Entry]:
    words, scope = words_for(request.user), scope_of(request.user)
    # Whoever looks at another day, or in other borders, goes on doing so.
    kept = kept_query(request)
    entries = [(_("Work to be done"), reverse("dashboards:home"))]
    # Figures are of communes and what stands above them; who follows single hamlets has none.
    if scope.everywhere or scope.units - scope.hamlets:
        entries.append((_("Overview"), reverse("dashboards:overview") + kept))
    entries += [
        (words.hamlet.capitalize(), reverse("dashboards:hamlet_list") + kept),
        (_("Party cells"), reverse("dashboards:cell_list") + kept),
        (_("Secretaries, %(heads)s") % {"heads": words.head}, reverse("dashboards:person_list") + kept),
    ]
    if request.user.has_perm("evaluations.view_submission") and (
        scope.everywhere or scope.provinces or scope.communes
    ):
        entries.append((_("Annual review"), reverse("review_board:years")))
    if request.user.has_perm("leaders.view_contest") and (
        scope.everywhere or scope.provinces or scope.communes
    ):
        label = _("Cell congresses, election of the %(head)s") % {"head": words.head}
        entries.append((label, reverse("elections_board:latest")))
    if request.user.has_perm("cells.view_meeting") and (
        scope.everywhere or scope.provinces or scope.communes
    ):
        entries.append((_("Cell meetings"), reverse("meetings:board")))
    if request.user.has_perm("leaders.view_course") and (
        scope.everywhere or scope.provinces or scope.communes
    ):
        entries.append((_("Training, commendations"), reverse("learning:courses")))
    if request.user.has_perm("evaluations.view_target") and (scope.everywhere or scope.units - scope.hamlets):
        entries.append((_("Targets of resolutions"), reverse("targets:index") + kept))
    if request.user.has_perm("evaluations.view_titlecase") and (
        scope.everywhere or scope.provinces or scope.communes
    ):
        entries.append((_("Titles (menu)"), reverse("titles:board") + kept))
    if request.user.has_perm("leaders.view_assignment") and (
        scope.everywhere or scope.provinces or scope.communes
    ):
        entries.append((_("Officers who follow and support"), reverse("follow_up_board:board") + kept))
    if request.user.has_perm("evaluations.view_cellrating") and (
        scope.everywhere or scope.provinces or scope.communes
    ):
        entries.append((_("Reports, forms"), reverse("papers:index")))
    if request.user.has_perm("cells.view_reorganisation") and (
        scope.everywhere or scope.provinces or scope.communes
    ):
        entries.append((_("Reorganisation and mergers"), reverse("reorganisations:list")))
    if request.user.has_perm("desk.add_importbatch") and (
        scope.everywhere or scope.provinces or scope.communes
    ):
        entries.append((_("Import from Excel"), reverse("importing:desk")))
    if request.user.is_staff:
        entries.append((_("Administration of the system"), reverse("admin:index")))
    return [Entry(label, url, _is_current(request.path, url)) for label, url in entries]


# An entry that leads to pages of two addresses: what they begin with besides that of the entry.
_ALSO = {"/boi-duong/": ("/khen-thuong/",)}


def _is_current(path: str, url: str) -> bool:
    own = url.partition("?")[0]
    return path == own if own == "/" else path.startswith((own, *_ALSO.get(own, ())))


def _unit_label(user) -> str:
    """Return the unit the user works for, or the first of them and how many more."""
    scope = scope_of(user)
    if scope.everywhere:
        return _("the whole country")
    # The archive of a closed commune is not where somebody works.
    units = scope.provinces | scope.communes | scope.hamlets or scope.closed
    names = [str(unit) for unit in Unit.objects.filter(pk__in=units).in_order()]
    if len(names) < 2:
        return "".join(names)
    return _("%(first)s and %(count)d others") % {"first": names[0], "count": len(names) - 1}
