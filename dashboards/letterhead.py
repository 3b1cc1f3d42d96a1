"""The head of a paper of the Party: who writes, where, and on which day."""

from dataclasses import dataclass
from datetime import date

from cells.kinds import Level, commune_board, province_committee
from cells.models import Unit
from cells.models.grants import scope_of

PARTY = "ĐẢNG CỘNG SẢN VIỆT NAM"


@dataclass(frozen=True)
class Head:
    """Who writes, as it stands at the top left of a paper of the Party, and where."""

    above: str = ""
    office: str = ""
    place: str = ""


def head_of(unit: Unit | None) -> Head:
    """Return the head for papers of this unit's office; nothing for the country as a whole.

    The board of a province is one of its committee; a commune's committee stands below the
    province's, and has a board of its own.
    """
    if unit is None:
        return Head()
    if unit.level == Level.PROVINCE:
        committee = province_committee(unit.kind)
        return Head(f"{committee} {unit.name}".upper(), "BAN TỔ CHỨC", unit.name)
    return Head(f"Đảng ủy {unit}".upper(), commune_board(unit.kind).upper(), unit.name)


def office_of(user) -> Unit | None:
    """Return the unit in whose office somebody works: the one province or commune they look after."""
    scope = scope_of(user)
    units = scope.provinces or scope.communes
    if scope.everywhere or len(units) != 1:
        return None
    return Unit.objects.visible_to(user).get(pk__in=units)


def place_and_day(place: str, day: date) -> str:
    """Return "Vĩnh Long, ngày 05 tháng 02 năm 2026": the rule of papers writes 1 and 2 as 01 and 02."""
    month = f"{day.month:02}" if day.month < 3 else day.month
    said = f"ngày {day.day:02} tháng {month} năm {day.year}"
    return f"{place}, {said}" if place else said
