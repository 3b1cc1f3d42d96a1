"""A province to take ratings into and out of: 100 communes, 10 000 cells, 100 000 ratings of ten years.

It stands beside whatever else the database holds, and is made through the actions of the site.
"""

from datetime import date
from itertools import cycle

from django.core.management import call_command
from django.db import connection, transaction

from accounts.changes import recording
from accounts.history import create_many
from accounts.models import Role, User
from cells.actions import NewCell, NewUnit, found_cells, open_units
from cells.kinds import Kind, Level
from cells.models import Cell, CellKind, Decision, Grant, Unit
from evaluations.actions import record_cell_ratings
from evaluations.models import CellRating, ReviewCycle, RuleSet
from evaluations.models import Level as Rated

NAME, CODE = "Đo tốc độ", "99"
COMMUNES, CELLS_EACH = 100, 100
KEPT_YEARS = range(2008, 2018)
# The year that files are taken in for: its cycle and its decisions are there, its ratings are not.
YEAR = 2023
BODY = "Đảng ủy xã"


def ensure() -> None:
    """Make the province in this database, unless it is there."""
    call_command("migrate", verbosity=0)
    if Unit.objects.filter(level=Level.PROVINCE, code=CODE).exists():
        return
    with transaction.atomic(), recording(reason="bench"):
        communes = _open_communes()
        cells = _found_cells(communes)
        years = {year: _decide(communes, year) for year in (*KEPT_YEARS, YEAR)}
        province = communes[0].province
        for year, decisions in years.items():
            opened = _open_year(province, year)
            if year in KEPT_YEARS:
                _rate(opened, cells, decisions)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def province() -> Unit:
    return Unit.objects.get(level=Level.PROVINCE, code=CODE)


def officer() -> User:
    """Return who keeps the province, freshly read: what was known of the scope is forgotten."""
    user, is_new = User.objects.get_or_create(
        username="bench-officer", defaults={"full_name": "Bench", "role": Role.PROVINCIAL_STAFF}
    )
    if is_new:
        Grant.objects.create(user=user, unit=province())
    return User.objects.get(pk=user.pk)


def cells() -> list[Cell]:
    return list(Cell.objects.filter(province=province()).select_related("commune").order_by("code", "pk"))


def decision_day(year: int) -> date:
    return date(year + 1, 1, 5)


def decisions_of(year: int) -> dict[str, Decision]:
    """Return the decision of each commune on the year, by the commune's code."""
    rows = Decision.objects.filter(date=decision_day(year), unit__province=province()).select_related("unit")
    return {decision.unit.code: decision for decision in rows}


def _open_communes() -> list[Unit]:
    (above,) = open_units([NewUnit(parent=None, level=Level.PROVINCE, kind=Kind.TINH, name=NAME, code=CODE)])
    return open_units(
        NewUnit(
            parent=above, level=Level.COMMUNE, kind=Kind.XA, name=f"Xã số {number}", code=f"99{number:03}"
        )
        for number in range(COMMUNES)
    )


def _found_cells(communes: list[Unit]) -> list[Cell]:
    return found_cells(
        NewCell(
            commune=commune,
            name=f"Chi bộ cơ quan số {number} xã {commune.name}",
            hamlets=[],
            kind=CellKind.OFFICE,
        )
        for commune in communes
        for number in range(1, CELLS_EACH + 1)
    )


def _decide(communes: list[Unit], year: int) -> dict[int, Decision]:
    made = [
        Decision(
            number=f"{100 + number}-QĐ/ĐU",
            date=decision_day(year),
            issuing_body=f"{BODY} {commune.name}",
            unit=commune,
        )
        for number, commune in enumerate(communes)
    ]
    for decision in made:
        decision.prepare()
    return {decision.unit_id: decision for decision in create_many(Decision, made)}


def _open_year(province: Unit, year: int) -> ReviewCycle:
    rules = RuleSet.objects.for_year(max(year, 2018))
    return ReviewCycle.objects.create(
        year=year,
        province=province,
        rule_set=rules,
        roster_day=date(year, 12, 31),
        state=ReviewCycle.State.RECORDED,
    )


def _rate(opened: ReviewCycle, cells: list[Cell], decisions: dict[int, Decision]) -> None:
    levels = cycle([Rated.EXCELLENT, Rated.GOOD, Rated.GOOD, Rated.COMPLETED])
    record_cell_ratings(
        opened,
        [
            CellRating(
                cell=cell, proposed_level=level, decided_level=level, decision=decisions[cell.commune_id]
            )
            for cell, level in zip(cells, levels, strict=False)
        ],
    )
