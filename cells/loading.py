"""The units of the whole country, written as one reorganisation of 1/7/2025.

Identity goes on only where a commune has exactly one predecessor, taken whole, without
another successor, and for a province all of whose communes come from one. Everything else is
a new unit, whatever its code. Districts close; only those without communes (the islands) have
a successor of their own.
"""

import csv
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

from django.db import transaction

from accounts.history import create_many
from cells.copies import rebuild
from cells.event_lines import write_lines
from cells.kinds import Level
from cells.models import Decision, Reorganisation, Succession, Unit, UnitPeriod

DATA = Path(__file__).resolve().parent / "data"
REFORM_DAY = date(2025, 7, 1)
LAST_DAY_BEFORE = date(2025, 6, 30)
REFORM_TITLE = "Sắp xếp đơn vị hành chính cả nước từ ngày 01/7/2025"


@dataclass(frozen=True)
class Loaded:
    """The numbers of the country's two maps, counted in the database."""

    provinces_before: int
    districts_before: int
    communes_before: int
    provinces_after: int
    communes_after: int
    communes_going_on: int
    provinces_going_on: int
    commune_successions: int
    provinces_merged: int
    provinces_founded: int


def read_rows(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@transaction.atomic
def load_country(progress: Callable[[str], None] = lambda step: None) -> bool:
    """Load both maps and the reform between them. Return False where they are there already."""
    recorded = Reorganisation.objects.filter(title=REFORM_TITLE, effective_on=REFORM_DAY).first()
    if recorded:
        return _add_missing_lines(recorded, progress)
    country = _Country(
        before=read_rows("units_before_2025.csv"),
        after=read_rows("units_2025.csv"),
        successions=read_rows("successions_2025.csv"),
    )
    progress("units")
    country.create_units()
    progress("periods")
    country.create_periods()
    progress("successions")
    reform = country.create_successions()
    progress("copies")
    rebuild()
    progress("lines")
    _write_lines(reform)
    return True


def _add_missing_lines(reform: Reorganisation, progress: Callable[[str], None]) -> bool:
    """Give the reform its lines where it was loaded before reorganisations had any."""
    if reform.lines.exists():
        return False
    progress("lines")
    _write_lines(reform, in_change_set=reform.history.earliest().change_set)
    return True


def _write_lines(reform: Reorganisation, **where) -> None:
    # The resolution is about provinces; of the communes each province has one of its own.
    write_lines(reform, papers={Level.PROVINCE: reform.decision}, **where)


def loaded() -> Loaded:
    """Count what the database holds of the reform."""
    standing_before = UnitPeriod.objects.on(LAST_DAY_BEFORE)
    standing_after = UnitPeriod.objects.on(REFORM_DAY)
    successions = Succession.objects.filter(on=REFORM_DAY)
    of_provinces = successions.filter(predecessor__level=Level.PROVINCE)

    def going_on(level: str) -> int:
        return standing_after.at_level(level).filter(unit__in=standing_before.values("unit")).count()

    return Loaded(
        provinces_before=standing_before.at_level(Level.PROVINCE).count(),
        districts_before=standing_before.at_level(Level.DISTRICT).count(),
        communes_before=standing_before.at_level(Level.COMMUNE).count(),
        provinces_after=standing_after.at_level(Level.PROVINCE).count(),
        communes_after=standing_after.at_level(Level.COMMUNE).count(),
        communes_going_on=going_on(Level.COMMUNE),
        provinces_going_on=going_on(Level.PROVINCE),
        commune_successions=successions.exclude(predecessor__level=Level.PROVINCE).count(),
        provinces_merged=of_provinces.values("predecessor").distinct().count(),
        provinces_founded=of_provinces.values("successor").distinct().count(),
    )


class _Country:
    """Both maps in memory, and who goes on as whom."""

    def __init__(self, before: list[dict], after: list[dict], successions: list[dict]):
        self.before = {row["code"]: row for row in before}
        self.after = {row["code"]: row for row in after}
        self.successions = successions
        self.province_pairs = self._province_pairs()
        self.goes_on = self._communes_going_on() | self._provinces_going_on()
        self.old_units: dict[str, Unit] = {}
        self.new_units: dict[str, Unit] = {}

    def _communes_going_on(self) -> dict[str, str]:
        """Map new code → old code where one whole commune became one commune."""
        origins, fates = defaultdict(list), defaultdict(list)
        for row in self.successions:
            origins[row["successor_code"]].append(row)
            fates[row["predecessor_code"]].append(row)
        return {
            new: rows[0]["predecessor_code"]
            for new, rows in origins.items()
            if len(rows) == 1
            and rows[0]["part"] == Succession.Part.WHOLE
            and len(fates[rows[0]["predecessor_code"]]) == 1
            and self.before[rows[0]["predecessor_code"]]["level"] == Level.COMMUNE
        }

    def _province_pairs(self) -> set[tuple[str, str]]:
        """Return which old province gave communes to which new one."""
        return {
            (self._old_province(row["predecessor_code"]), self.after[row["successor_code"]]["parent_code"])
            for row in self.successions
        }

    def _old_province(self, code: str) -> str:
        while self.before[code]["parent_code"]:
            code = self.before[code]["parent_code"]
        return code

    def _provinces_going_on(self) -> dict[str, str]:
        origins, fates = defaultdict(set), defaultdict(set)
        for old, new in self.province_pairs:
            origins[new].add(old)
            fates[old].add(new)
        return {new: old for new, (old, *others) in origins.items() if not others and len(fates[old]) == 1}

    def create_units(self):
        self.old_units = self._create(self.before.values())
        founded = [row for code, row in self.after.items() if code not in self.goes_on]
        self.new_units = self._create(founded) | {
            new: self.old_units[old] for new, old in self.goes_on.items()
        }

    @staticmethod
    def _create(rows) -> dict[str, Unit]:
        units = [
            Unit(
                level=row["level"],
                latitude=_decimal(row["latitude"]),
                longitude=_decimal(row["longitude"]),
                area_km2=_decimal(row.get("area_km2")),
                code=row["code"],
                kind=row["kind"],
                name=row["name"],
            )
            for row in rows
        ]
        return {unit.code: unit for unit in create_many(Unit, units)}

    def create_periods(self):
        create_many(
            UnitPeriod,
            [
                *_periods(self.before, self.old_units, ends_on=LAST_DAY_BEFORE),
                *_periods(self.after, self.new_units, starts_on=REFORM_DAY),
            ],
        )

    def create_successions(self) -> Reorganisation:
        paper = Decision(
            number="202/2025/QH15",
            date=date(2025, 6, 12),
            issuing_body="Quốc hội",
            subject="Sắp xếp đơn vị hành chính cấp tỉnh",
        )
        paper.save()
        reform = Reorganisation.objects.create(
            title=REFORM_TITLE,
            effective_on=REFORM_DAY,
            decision=paper,
            state=Reorganisation.State.APPLIED,
        )
        pairs = [
            (row["predecessor_code"], row["successor_code"], row["part"])
            for row in self.successions
            if self.goes_on.get(row["successor_code"]) != row["predecessor_code"]
        ]
        pairs += [
            (old, new, Succession.Part.WHOLE)
            for old, new in sorted(self.province_pairs)
            if self.goes_on.get(new) != old
        ]
        create_many(
            Succession,
            [
                Succession(
                    predecessor=self.old_units[old],
                    successor=self.new_units[new],
                    on=REFORM_DAY,
                    part=part,
                    reorganisation=reform,
                )
                for old, new, part in pairs
            ],
        )
        return reform


def _periods(rows: dict[str, dict], units: dict[str, Unit], **days: date):
    """Return one period for each row of a map, its ancestors taken from the same map."""
    for code, row in rows.items():
        ancestors, above = {}, code
        while above:
            ancestors[rows[above]["level"]] = units[above]
            above = rows[above]["parent_code"]
        yield UnitPeriod(
            unit=units[code],
            level=row["level"],
            name=row["name"],
            kind=row["kind"],
            code=code,
            parent=units.get(row["parent_code"]),
            **days,
            **ancestors,
        )


def _decimal(text: str | None) -> Decimal | None:
    return Decimal(text).quantize(Decimal("0.000001")) if text else None
