"""The overview of a province, a commune and the country, against the same answers in SQL by hand.

Both run in turns in one process on one database, so that a busy machine slows both.
"""

from dataclasses import dataclass
from datetime import date
from statistics import median
from time import perf_counter

from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Role, User
from cells.models import Grant, Unit
from dashboards.figures.board import Board
from dashboards.figures.frames import Frame
from dashboards.figures.merged_years import MergedYears

DAY = date(2026, 3, 1)
TURNS = 7

# What the page answers, as somebody would write it who knows this database: one statement a section.
HAMLETS = """
WITH place AS (
    SELECT p.unit_id, p.{below} AS below FROM cells_unitperiod p
    WHERE p.level = 'hamlet' AND (p.starts_on IS NULL OR p.starts_on <= %(day)s)
      AND (p.ends_on IS NULL OR p.ends_on >= %(day)s) {within}),
head AS (
    SELECT t.hamlet_id, t.person_id, t.way_in FROM place JOIN leaders_tenure t ON t.hamlet_id = place.unit_id
    WHERE office = 'hamlet_head' AND (starts_on <= %(day)s OR (starts_on IS NULL AND coalesce(seen_on, %(day)s) <= %(day)s))
      AND (ends_on IS NULL OR ends_on >= %(day)s)),
merged AS (
    SELECT DISTINCT h.hamlet_id FROM head h
    JOIN leaders_tenure s ON s.person_id = h.person_id AND s.office = 'secretary'
      AND (s.starts_on <= %(day)s OR (s.starts_on IS NULL AND coalesce(s.seen_on, %(day)s) <= %(day)s))
      AND (s.ends_on IS NULL OR s.ends_on >= %(day)s)
    JOIN cells_cellarea a ON a.cell_id = s.cell_id AND a.hamlet_id = h.hamlet_id
      AND (a.starts_on IS NULL OR a.starts_on <= %(day)s) AND (a.ends_on IS NULL OR a.ends_on >= %(day)s)),
counts AS (
    SELECT DISTINCT ON (c.hamlet_id) c.hamlet_id, c.households, c.day
    FROM place JOIN cells_householdcount c ON c.hamlet_id = place.unit_id
    WHERE c.day <= %(day)s ORDER BY c.hamlet_id, c.day DESC)
SELECT p.below, count(*), count(m.hamlet_id), count(*) FILTER (WHERE h.way_in = 'interim'),
       count(*) FILTER (WHERE h.hamlet_id IS NULL), count(*) FILTER (WHERE n.membership = 'yes'),
       sum(c.households), min(c.day), max(c.day)
FROM place p
LEFT JOIN head h ON h.hamlet_id = p.unit_id LEFT JOIN merged m ON m.hamlet_id = p.unit_id
LEFT JOIN leaders_person n ON n.id = h.person_id LEFT JOIN counts c ON c.hamlet_id = p.unit_id
GROUP BY 1
"""
CELLS = """
WITH place AS (
    SELECT p.cell_id, p.{below} AS below FROM cells_cellperiod p
    WHERE (p.starts_on IS NULL OR p.starts_on <= %(day)s) AND (p.ends_on IS NULL OR p.ends_on >= %(day)s) {within}),
secretary AS (
    SELECT t.cell_id, t.person_id FROM place JOIN leaders_tenure t ON t.cell_id = place.cell_id
    WHERE office = 'secretary' AND (starts_on <= %(day)s OR (starts_on IS NULL AND coalesce(seen_on, %(day)s) <= %(day)s))
      AND (ends_on IS NULL OR ends_on >= %(day)s)),
merged AS (
    SELECT DISTINCT s.cell_id FROM secretary s
    JOIN leaders_tenure h ON h.person_id = s.person_id AND h.office = 'hamlet_head'
      AND (h.starts_on <= %(day)s OR (h.starts_on IS NULL AND coalesce(h.seen_on, %(day)s) <= %(day)s))
      AND (h.ends_on IS NULL OR h.ends_on >= %(day)s)
    JOIN cells_cellarea a ON a.cell_id = s.cell_id AND a.hamlet_id = h.hamlet_id
      AND (a.starts_on IS NULL OR a.starts_on <= %(day)s) AND (a.ends_on IS NULL OR a.ends_on >= %(day)s)),
counts AS (
    SELECT DISTINCT ON (c.cell_id) c.cell_id, c.total, c.day
    FROM place JOIN cells_membercount c ON c.cell_id = place.cell_id
    WHERE c.day <= %(day)s ORDER BY c.cell_id, c.day DESC)
SELECT p.below, count(*), count(m.cell_id), count(*) FILTER (WHERE s.cell_id IS NULL),
       sum(c.total), min(c.day), max(c.day)
FROM place p JOIN cells_cell k ON k.id = p.cell_id
LEFT JOIN secretary s ON s.cell_id = p.cell_id LEFT JOIN merged m ON m.cell_id = p.cell_id
LEFT JOIN counts c ON c.cell_id = p.cell_id
GROUP BY 1
"""
# How often one person held both seats at the end of each of the last years: the same question for six days at once.
YEARS = """
WITH days(day) AS (SELECT make_date(y, 12, 31) FROM generate_series(2021, 2025) y UNION SELECT %(day)s),
place AS (
    SELECT d.day, p.unit_id, p.{below} AS below FROM days d JOIN cells_unitperiod p
    ON p.level = 'hamlet' AND (p.starts_on IS NULL OR p.starts_on <= d.day)
      AND (p.ends_on IS NULL OR p.ends_on >= d.day) {within}),
merged AS (
    SELECT DISTINCT d.day, h.hamlet_id FROM days d
    JOIN leaders_tenure h ON h.office = 'hamlet_head' AND h.starts_on <= d.day AND (h.ends_on IS NULL OR h.ends_on >= d.day)
    JOIN leaders_tenure s ON s.person_id = h.person_id AND s.office = 'secretary'
      AND s.starts_on <= d.day AND (s.ends_on IS NULL OR s.ends_on >= d.day)
    JOIN cells_cellarea a ON a.cell_id = s.cell_id AND a.hamlet_id = h.hamlet_id
      AND (a.starts_on IS NULL OR a.starts_on <= d.day) AND (a.ends_on IS NULL OR a.ends_on >= d.day)
    WHERE h.hamlet_id IN (SELECT unit_id FROM place))
SELECT p.day, p.below, count(*), count(m.hamlet_id)
FROM place p LEFT JOIN merged m ON m.hamlet_id = p.unit_id AND m.day = p.day
GROUP BY 1, 2
"""
RATINGS = """
SELECT p.{below}, y.year, p.decided_level, count(*)
FROM evaluations_cellrating p JOIN evaluations_reviewcycle y ON y.id = p.cycle_id
WHERE p.decided_on <= %(day)s AND (p.superseded_on IS NULL OR p.superseded_on > %(day)s) AND y.year >= 2021 {within}
GROUP BY 1, 2, 3
"""


@dataclass
class Result:
    where: str
    ours: float
    rival: float
    queries: int

    @property
    def ratio(self) -> float:
        return self.ours / self.rival


def measure() -> list[Result]:
    """Return the median database time of ours and the rival's, in seconds, place by place."""
    commune = Unit.objects.communes().standing().order_by("pk").first()
    places = [("country", None), ("province", commune.province), ("commune", commune)]
    return [_measure(where, unit, _reader(unit)) for where, unit in places]


def _reader(unit: Unit | None) -> User:
    user, _created = User.objects.get_or_create(
        username=f"bench-{unit.pk if unit else 'vn'}", defaults={"full_name": "Bench", "role": Role.LEADER}
    )
    Grant.objects.get_or_create(user=user, unit=unit, defaults={"access": Grant.Access.READ})
    return user


def _measure(where: str, unit: Unit | None, user: User) -> Result:
    ours, rival, queries = [], [], 0
    for _turn in range(TURNS):
        with CaptureQueriesContext(connection) as captured:
            _ours(unit, user)
        ours.append(sum(float(query["time"]) for query in captured.captured_queries))
        queries = len(captured)
        start = perf_counter()
        by_hand(unit)
        rival.append(perf_counter() - start)
    return Result(where, median(ours), median(rival), queries)


def _ours(unit: Unit | None, user: User) -> None:
    frame = Frame(unit, DAY, User.objects.get(pk=user.pk))
    Board(frame).all_figures()
    list(MergedYears(frame).whole)
    if frame.child_level:
        list(frame.children())


def by_hand(unit: Unit | None) -> None:
    """Ask for what the page answers as somebody would who knows this database."""
    level = unit.level if unit else ""
    below = {"": "province_id", "province": "commune_id", "commune": "commune_id"}[level]
    within = f"AND p.{level}_id = %(unit)s" if unit else ""
    with connection.cursor() as cursor:
        for statement in (HAMLETS, YEARS, CELLS, RATINGS):
            cursor.execute(
                statement.format(below=below, within=within), {"day": DAY, "unit": unit and unit.pk}
            )
            cursor.fetchall()
