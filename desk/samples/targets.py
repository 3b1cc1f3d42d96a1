"""Targets of the term that runs: of the commune whose pages are full, and of its province with their parts."""

from datetime import date

from cells.kinds import Level
from cells.models import Decision, Unit
from dashboards.figures.board import Board
from dashboards.figures.frames import Frame
from dashboards.targets.breaking_down import in_proportion, rows_below
from dashboards.targets.pace import even_path, part_of_path
from desk.samples.places import Settlement
from evaluations.models import Target, Title
from evaluations.resolving import Share, break_down, set_target

TERM, YEARS, RESOLVED_ON = "2025-2030", range(2025, 2031), date(2025, 9, 25)
# Of every hundred hamlets so many with one person in both seats; of every hundred cells so many with the title.
MERGED, TITLED = 98, 60


def aim(phu_tuc: Unit, commune: list[Settlement], province: list[Settlement], day: date) -> None:
    """Give the commune a target of its own, and its province one that is broken down to the communes."""
    title = Title.objects.get(code="TSVMTD")
    goal = len(commune) * TITLED // 100
    own = Target(unit=phu_tuc, term=TERM, title=title, goal=goal, base=len(commune))
    set_target(own, even_path(YEARS, goal))
    _province(Unit.objects.get(pk=phu_tuc.province_id, level=Level.PROVINCE), len(province), day)


def _province(unit: Unit, hamlets: int, day: date) -> None:
    goal = hamlets * MERGED // 100
    resolution = Decision(
        number="02-NQ/MẪU",
        date=RESOLVED_ON,
        issuing_body="Cơ quan mẫu (dữ liệu mẫu)",
        unit=unit,
        subject="Chỉ tiêu bí thư chi bộ đồng thời là trưởng ấp, khu phố (mẫu)",
    )
    resolution.save()
    whole = Target(unit=unit, term=TERM, figure="merged_role", goal=goal, base=hamlets, resolution=resolution)
    path = even_path(YEARS, goal, goal * 9 // 10)
    set_target(whole, path)
    rows = [row for row in rows_below(Board(Frame(unit, day)), whole) if row.weight]
    goals = in_proportion(goal, {row.key: row.weight for row in rows})
    shares = [
        Share(row.period.unit, goals[row.key], row.weight, part_of_path(path, goal, goals[row.key]))
        for row in rows
        if goals[row.key]
    ]
    break_down(whole, shares, decision=resolution, reason="")
