"""Two reforms before 30/6/2025 that the articles need, and that our map of that day no longer shows."""

import csv
from collections import defaultdict
from datetime import date

from cells.actions import NewUnit, begin_unit, change_unit_until, open_units, succeed
from cells.dated import ONE_DAY
from cells.event_lines import write_lines
from cells.kinds import Kind, Level
from cells.models import Reorganisation, Unit, UnitPeriod
from desk.samples.names import DATA
from desk.samples.places import communes_on, unit_on

CHAU_THANH_DAY = date(2024, 12, 1)  # assumed
BA_TRI_DAY = date(2020, 2, 1)
LAST_DAY_BEFORE_2025 = date(2025, 6, 30)


def reform_chau_thanh() -> None:
    """Turn the 21 communes of 2022 into the 16 of 30/6/2025.

    Identity goes on where a commune has exactly one predecessor; that one may have had
    another name or kind. All others are new units, even where the code is the same.
    """
    district = unit_on(LAST_DAY_BEFORE_2025, Level.DISTRICT, "831")
    later = {period.code: period for period in communes_on(LAST_DAY_BEFORE_2025, district)}
    event = Reorganisation.objects.create(
        title="Sắp xếp xã, thị trấn huyện Châu Thành, tỉnh Bến Tre (dữ liệu mẫu, ngày 01/12/2024 là giả định)",
        effective_on=CHAU_THANH_DAY,
        unit=district,
        state=Reorganisation.State.APPLIED,
    )
    for code, before in _communes_of_2022().items():
        if len(before) == 1:
            _go_on(later[code], before[0])
        else:
            _begin_anew(later[code].unit, before, district, event)
    write_lines(event)


def _communes_of_2022() -> dict[str, list[dict]]:
    """Return the communes of 2022 by the code of 30/6/2025 that each is now part of."""
    groups = defaultdict(list)
    with (DATA / "chau_thanh_communes_2022.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            groups[row["in_2025_file_as"]].append(row)
    return groups


def _go_on(period: UnitPeriod, before: dict) -> None:
    facts = {name: before[name] for name in ("code", "kind", "name")}
    if any(getattr(period, name) != value for name, value in facts.items()):
        change_unit_until(period.unit, last_day=CHAU_THANH_DAY - ONE_DAY, **facts)


def _begin_anew(unit: Unit, before: list[dict], district: Unit, event: Reorganisation) -> None:
    begin_unit(unit, first_day=CHAU_THANH_DAY)
    predecessors = open_units(
        NewUnit(
            parent=district,
            level=Level.COMMUNE,
            kind=row["kind"],
            name=row["name"],
            code=row["code"],
            ends_on=CHAU_THANH_DAY - ONE_DAY,
        )
        for row in before
    )
    succeed(predecessors, unit, on=CHAU_THANH_DAY, reorganisation=event)


def reform_ba_tri() -> None:
    """Add the two communes that Ba Tri had more in 2019, taken in by neighbours on 1/2/2020."""
    district = unit_on(LAST_DAY_BEFORE_2025, Level.DISTRICT, "836")
    event = Reorganisation.objects.create(
        title="Nhập 2 xã mẫu của huyện Ba Tri vào xã liền kề (dữ liệu mẫu)",
        effective_on=BA_TRI_DAY,
        unit=district,
        state=Reorganisation.State.APPLIED,
    )
    samples = open_units(
        NewUnit(
            parent=district,
            level=Level.COMMUNE,
            kind=Kind.XA,
            name=f"Mẫu {number} (Ba Tri)",
            code=f"MAU{number}",
            ends_on=BA_TRI_DAY - ONE_DAY,
        )
        for number in (1, 2)
    )
    for sample, neighbour in zip(samples, ("29137", "29149"), strict=True):
        succeed(
            [sample],
            unit_on(LAST_DAY_BEFORE_2025, Level.COMMUNE, neighbour),
            on=BA_TRI_DAY,
            reorganisation=event,
        )
    write_lines(event)
