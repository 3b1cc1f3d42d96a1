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
    user, words, scope = request.user, words_for(request.user), scope_of(request.user)
    # Whoever looks at another day, or in other borders, goes on doing so.
    kept = kept_query(request)
    entries = [(_("Work to be done"), reverse("dashboards:home"))]
    # Figures are of communes and what stands above them; who follows single hamlets has none.
    has_figures = bool(scope.everywhere or scope.units - scope.hamlets)
    if has_figures:
        entries.append((_("Overview"), reverse("dashboards:overview") + kept))
    entries += [
        (words.hamlet.capitalize(), reverse("dashboards:hamlet_list") + kept),
        (_("Party cells"), reverse("dashboards:cell_list") + kept),
        (_("Secretaries, %(heads)s") % {"heads": words.head}, reverse("dashboards:person_list") + kept),
    ]
    runs_a_unit = bool(scope.everywhere or scope.provinces or scope.communes)
    entries += [
        (label, address)
        for permission, is_for_them, label, address in _work_of_units(words, kept, has_figures, runs_a_unit)
        if is_for_them and user.has_perm(permission)
    ]
    if user.is_staff:
        entries.append((_("Administration of the system"), reverse("admin:index")))
    return [Entry(label, url, _is_current(request.path, url)) for label, url in entries]


def _work_of_units(
    words, kept: str, has_figures: bool, runs_a_unit: bool
) -> list[tuple[str, bool, str, str]]:
    """Return what is done at units in the order of the menu: permission, whose work it is, words, address."""
    contests = _("Cell congresses, election of the %(head)s") % {"head": words.head}
    officers = _("Officers who follow and support")
    return [
        ("evaluations.view_submission", runs_a_unit, _("Annual review"), reverse("review_board:years")),
        ("leaders.view_contest", runs_a_unit, contests, reverse("elections_board:latest")),
        ("cells.view_meeting", runs_a_unit, _("Cell meetings"), reverse("meetings:board")),
        ("leaders.view_course", runs_a_unit, _("Training, commendations"), reverse("learning:courses")),
        (
            "evaluations.view_target",
            has_figures,
            _("Targets of resolutions"),
            reverse("targets:index") + kept,
        ),
        ("evaluations.view_titlecase", runs_a_unit, _("Titles (menu)"), reverse("titles:board") + kept),
        ("leaders.view_assignment", runs_a_unit, officers, reverse("follow_up_board:board") + kept),
        ("evaluations.view_cellrating", runs_a_unit, _("Reports, forms"), reverse("papers:index")),
        (
            "cells.view_reorganisation",
            runs_a_unit,
            _("Reorganisation and mergers"),
            reverse("reorganisations:list"),
        ),
        ("desk.add_importbatch", runs_a_unit, _("Import from Excel"), reverse("importing:desk")),
    ]


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
