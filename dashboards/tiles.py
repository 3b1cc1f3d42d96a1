"""Which figures a role sees first: those of the product, or those its province has chosen."""

from collections.abc import Mapping

from django.db import transaction
from django.db.models import OuterRef, Subquery

from accounts.roles import Role
from cells.models import Unit
from dashboards.figures.definitions import DEFINITIONS
from dashboards.figures.figure import Figure
from dashboards.models import Tiles

# What an overview shows where the province has chosen nothing.
USUAL = (
    "merged_role",
    "merged_cells",
    "member_heads",
    "front_merged",
    "vacant_secretaries",
    "vacant_heads",
    "congress_held",
    "head_elected",
    "meeting_attendance",
    "hamlets_with_officer",
    "communes_with_officer",
    "communes_confirmed",
    "excellent_streak",
    "posts_saved",
    "cells",
    "members",
    "households",
)
# The roles whose pages have tiles; an administrator looks after the system, an officer after hamlets.
ROLES = (Role.PROVINCIAL_STAFF, Role.COMMUNE_STAFF, Role.COMMUNE_LEAD, Role.LEADER)
# So many of them stand on the first page as well.
ON_FIRST_PAGE = 4
# What a leader's first page shows beside the merged role where nothing was chosen.
USUAL_OF_LEADERS = ("vacant_secretaries", "vacant_heads")


def chosen_for(user, province: str) -> Subquery:
    """Return the codes chosen for the user's role, to be asked along with a unit; the path leads to its province."""
    chosen = Tiles.objects.filter(province=OuterRef(province), role=user.role)
    return Subquery(chosen.values("figures")[:1])


def chosen_of(user, province: int | None) -> list[str]:
    """Return the codes the province has chosen for the user's role; none where it has chosen nothing."""
    found = Tiles.objects.visible_to(user).filter(province=province, role=user.role).first()
    return known(found.figures) if found else []


def known(codes: list | None) -> list[str]:
    """Return those of the stored codes that name a figure still."""
    return [code for code in codes or () if code in DEFINITIONS]


def shown(figures: Mapping[str, Figure], codes) -> list[Figure]:
    """Return the figures of these codes that the board has, in this order."""
    return [figures[code] for code in codes if code in figures]


@transaction.atomic
def arrange(province: Unit, role: str, codes: list[str]) -> None:
    """Let a role see these figures in this order; with none of them those of the product again."""
    old = Tiles.objects.select_for_update().filter(province=province, role=role).first()
    if not codes:
        if old:
            old.delete()
        return
    tiles = old or Tiles(province=province, role=role)
    tiles.figures = codes
    tiles.save()
