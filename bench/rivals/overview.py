"""What the overview answers, as somebody would write it who knows this database: one statement a question.

Kinds of hamlets, roles, officers and counts; cells; communes with their word and officer; what stands below; results
(congresses, elections, meetings, ratings, streaks); titles over ten years; targets with their paths, and what was
counted towards them on the day from which their pace is taken.
"""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from django.db import connection

from cells.models import Unit

DAY = date(2026, 3, 1)

HAMLETS = """
WITH place AS (
    SELECT p.unit_id, p.kind, {below} AS below FROM cells_unitperiod p
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
front AS (
    SELECT DISTINCT f.hamlet_id FROM place JOIN leaders_tenure f ON f.hamlet_id = place.unit_id AND f.office = 'front_head'
      AND (f.starts_on <= %(day)s OR (f.starts_on IS NULL AND coalesce(f.seen_on, %(day)s) <= %(day)s))
      AND (f.ends_on IS NULL OR f.ends_on >= %(day)s)
    JOIN leaders_tenure s ON s.person_id = f.person_id AND s.office = 'secretary'
      AND (s.starts_on <= %(day)s OR (s.starts_on IS NULL AND coalesce(s.seen_on, %(day)s) <= %(day)s))
      AND (s.ends_on IS NULL OR s.ends_on >= %(day)s)
    JOIN cells_cellarea a ON a.cell_id = s.cell_id AND a.hamlet_id = f.hamlet_id
      AND (a.starts_on IS NULL OR a.starts_on <= %(day)s) AND (a.ends_on IS NULL OR a.ends_on >= %(day)s)),
officer AS (
    SELECT DISTINCT unit_id FROM leaders_assignment WHERE kind = 'hamlet_officer'
      AND (starts_on IS NULL OR starts_on <= %(day)s) AND (ends_on IS NULL OR ends_on >= %(day)s)),
counts AS (
    SELECT DISTINCT ON (c.hamlet_id) c.hamlet_id, c.households, c.day
    FROM place JOIN cells_householdcount c ON c.hamlet_id = place.unit_id
    WHERE c.day <= %(day)s ORDER BY c.hamlet_id, c.day DESC)
SELECT p.below, count(*), count(m.hamlet_id), count(*) FILTER (WHERE h.way_in = 'interim'),
       count(*) FILTER (WHERE h.hamlet_id IS NULL AND NOT EXISTS (
           SELECT 1 FROM leaders_tenure u WHERE u.hamlet_id = p.unit_id AND u.office = 'hamlet_head'
             AND u.starts_on IS NULL AND u.seen_on > %(day)s)),
       count(*) FILTER (WHERE n.membership = 'yes' AND (n.left_on IS NULL OR n.left_on > %(day)s)),
       count(f.hamlet_id), count(o.unit_id), p.kind, sum(c.households), min(c.day), max(c.day)
FROM place p
LEFT JOIN front f ON f.hamlet_id = p.unit_id LEFT JOIN officer o ON o.unit_id = p.unit_id
LEFT JOIN head h ON h.hamlet_id = p.unit_id LEFT JOIN merged m ON m.hamlet_id = p.unit_id
LEFT JOIN leaders_person n ON n.id = h.person_id LEFT JOIN counts c ON c.hamlet_id = p.unit_id
GROUP BY 1, p.kind
"""
CELLS = """
WITH place AS (
    SELECT p.cell_id, {below} AS below FROM cells_cellperiod p
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
WITH days(day) AS (SELECT make_date(y, 12, 31) FROM generate_series(extract(year FROM %(day)s::date)::int - 5,
             extract(year FROM %(day)s::date)::int - 1) y UNION SELECT %(day)s UNION SELECT %(pace_day)s),
place AS (
    SELECT d.day, p.unit_id, {below} AS below FROM days d JOIN cells_unitperiod p
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
SELECT {below}, y.year, p.decided_level, count(*)
FROM evaluations_cellrating p JOIN evaluations_reviewcycle y ON y.id = p.cycle_id
WHERE p.decided_on <= %(day)s AND (p.superseded_on IS NULL OR p.superseded_on > %(day)s) AND y.year >= extract(year FROM %(day)s::date) - 5 {within}
GROUP BY 1, 2, 3
"""
COMMUNES = """
SELECT {below}, count(*),
       count(*) FILTER (WHERE EXISTS (
           SELECT 1 FROM cells_confirmation c WHERE c.commune_id = p.unit_id
             AND c.confirmed_at < %(day)s::date + 1 AND c.confirmed_at >= %(day)s::date - 29)),
       count(*) FILTER (WHERE EXISTS (
           SELECT 1 FROM leaders_assignment a WHERE a.unit_id = p.unit_id
             AND a.kind IN ('committee_member', 'standing_member')
             AND (a.starts_on IS NULL OR a.starts_on <= %(day)s) AND (a.ends_on IS NULL OR a.ends_on >= %(day)s)))
FROM cells_unitperiod p
WHERE p.level = 'commune' AND (p.starts_on IS NULL OR p.starts_on <= %(day)s)
  AND (p.ends_on IS NULL OR p.ends_on >= %(day)s) {within}
GROUP BY 1
"""
CHILDREN = """
SELECT p.unit_id, p.name, p.kind, p.code, u.latitude, u.longitude, u.sort_key
FROM cells_unitperiod p JOIN cells_unit u ON u.id = p.unit_id
WHERE p.level = %(level)s AND (p.starts_on IS NULL OR p.starts_on <= %(day)s)
  AND (p.ends_on IS NULL OR p.ends_on >= %(day)s) {within}
ORDER BY u.sort_key
"""
CHILDREN_NOW = """
SELECT id, name, kind, code, latitude, longitude, sort_key FROM cells_unit
WHERE level = %(level)s AND closed_on IS NULL AND province_id = %(unit)s ORDER BY sort_key
"""
CONTESTS = """
SELECT {below}, c.term, count(*), count(*) FILTER (WHERE c.outcome = 'held' AND c.held_on <= %(day)s {named}),
       min(coalesce(c.held_on, c.planned_on))
FROM leaders_contest c JOIN {periods} p ON p.{body}_id = c.{contested}_id
  AND (p.starts_on IS NULL OR p.starts_on <= coalesce(c.held_on, c.planned_on))
  AND (p.ends_on IS NULL OR p.ends_on >= coalesce(c.held_on, c.planned_on)) {within}
WHERE c.kind = '{kind}' AND (c.outcome <> 'failed' OR NOT EXISTS (
    SELECT 1 FROM leaders_contest o WHERE o.kind = '{kind}' AND o.term = c.term AND o.{contested}_id = c.{contested}_id
      AND (o.outcome <> 'failed' OR o.id > c.id)))
GROUP BY 1, 2
"""
CONGRESSES = CONTESTS.format(
    below="{below}",
    within="{within}",
    periods="cells_cellperiod",
    body="cell",
    contested="cell",
    kind="congress",
    named="",
)
ELECTIONS = CONTESTS.format(
    below="{below}",
    within="{within}",
    periods="cells_unitperiod",
    body="unit",
    contested="hamlet",
    kind="head_election",
    named="AND (EXISTS (SELECT 1 FROM leaders_candidacy s WHERE s.contest_id = c.id AND s.elected)"
    " OR EXISTS (SELECT 1 FROM leaders_tenure s WHERE s.contest_id = c.id))",
)
MEETINGS = """
SELECT {below}, m.kind, sum(m.expected), sum(m.present)
FROM cells_meeting m JOIN cells_cellperiod p ON p.cell_id = m.cell_id
  AND (p.starts_on IS NULL OR p.starts_on <= m.day) AND (p.ends_on IS NULL OR p.ends_on >= m.day) {within}
WHERE m.kind = 'regular' AND m.month BETWEEN %(first_month)s AND %(last_month)s AND m.day <= %(day)s
  AND m.was_held AND m.expected IS NOT NULL AND m.present IS NOT NULL
GROUP BY 1, 2
"""
STREAKS = """
WITH here AS (
    SELECT p.person_id, {below} AS below, p.decided_level, y.year
    FROM evaluations_leaderrating p JOIN evaluations_reviewcycle y ON y.id = p.cycle_id
    WHERE p.basis = 'office' AND p.decided_on <= %(day)s AND (p.superseded_on IS NULL OR p.superseded_on > %(day)s)
      AND (y.state = 'recorded' OR y.closed_on <= %(day)s) {within})
SELECT h.below, h.year, count(*) FILTER (WHERE h.decided_level = 'EXCELLENT' AND 2 = (
    SELECT count(DISTINCT y.year) FROM evaluations_leaderrating b JOIN evaluations_reviewcycle y ON y.id = b.cycle_id
    WHERE b.person_id = h.person_id AND b.basis = 'office' AND b.decided_level = 'EXCELLENT'
      AND b.decided_on <= %(day)s AND (b.superseded_on IS NULL OR b.superseded_on > %(day)s)
      AND y.year IN (h.year - 1, h.year - 2)))
FROM here h WHERE h.year = (SELECT max(year) FROM here)
GROUP BY 1, 2
"""
TITLES = """
SELECT t.title_id, {below}, d.year,
       count(*) FILTER (WHERE extract(year FROM t.recognised_on) = d.year
                        AND (p.starts_on IS NULL OR p.starts_on <= t.recognised_on)
                        AND (p.ends_on IS NULL OR p.ends_on >= t.recognised_on)),
       count(DISTINCT t.cell_id) FILTER (WHERE t.recognised_on <= d.day AND (t.revoked_on IS NULL OR t.revoked_on > d.day)
                        AND (p.starts_on IS NULL OR p.starts_on <= d.day) AND (p.ends_on IS NULL OR p.ends_on >= d.day))
FROM evaluations_titlecase t JOIN cells_cellperiod p ON p.cell_id = t.cell_id {within}
CROSS JOIN (SELECT y AS year, least(make_date(y, 12, 31), %(day)s) AS day
            FROM generate_series(extract(year FROM %(day)s::date)::int - 9, extract(year FROM %(day)s::date)::int) y
            UNION SELECT 0, %(pace_day)s) d
WHERE t.recognised_on <= %(day)s
GROUP BY 1, 2, 3
"""
TARGETS = """
SELECT t.*, d.number, n.name, s.year, s.planned
FROM evaluations_target t LEFT JOIN evaluations_targetstep s ON s.target_id = t.id
LEFT JOIN cells_decision d ON d.id = t.resolution_id LEFT JOIN evaluations_title n ON n.id = t.title_id
WHERE t.unit_id = %(unit)s AND (t.starts_on IS NULL OR t.starts_on <= %(day)s)
  AND (t.ends_on IS NULL OR t.ends_on >= %(day)s) AND (t.superseded_on IS NULL OR t.superseded_on > %(day)s)
  AND (t.resolved_on IS NULL OR t.resolved_on <= %(day)s)
"""


# What the figures of the targets counted on the day of their pace that are counted for nothing else.
PACE_OF_HEADS = """
SELECT count(*), count(*) FILTER (WHERE t.way_in = 'interim')
FROM cells_unitperiod p LEFT JOIN leaders_tenure t ON t.hamlet_id = p.unit_id AND t.office = 'hamlet_head'
  AND (t.starts_on <= %(pace_day)s OR (t.starts_on IS NULL AND coalesce(t.seen_on, %(pace_day)s) <= %(pace_day)s))
  AND (t.ends_on IS NULL OR t.ends_on >= %(pace_day)s)
WHERE p.level = 'hamlet' AND (p.starts_on IS NULL OR p.starts_on <= %(pace_day)s)
  AND (p.ends_on IS NULL OR p.ends_on >= %(pace_day)s) {within}
"""
PACE_OF_SECRETARIES = """
SELECT count(*), count(*) FILTER (WHERE t.id IS NULL)
FROM cells_cellperiod p LEFT JOIN leaders_tenure t ON t.cell_id = p.cell_id AND t.office = 'secretary'
  AND (t.starts_on <= %(pace_day)s OR (t.starts_on IS NULL AND coalesce(t.seen_on, %(pace_day)s) <= %(pace_day)s))
  AND (t.ends_on IS NULL OR t.ends_on >= %(pace_day)s)
WHERE (p.starts_on IS NULL OR p.starts_on <= %(pace_day)s) AND (p.ends_on IS NULL OR p.ends_on >= %(pace_day)s) {within}
"""
OF_UNITS = [HAMLETS, YEARS, COMMUNES, ELECTIONS]
OF_CELLS = [CELLS, RATINGS, CONGRESSES, MEETINGS, TITLES]
OF_COMMUNES = [STREAKS]


def by_hand(unit: Unit | None, day: date = DAY, *, now: bool = False) -> None:
    """Ask for what the page answers, in the borders of the day or in today's, as somebody who knows this database."""
    ask(placed(unit, now=now), unit, day)


def ask(statements: Iterable[str], unit: Unit | None, day: date) -> None:
    last_month = (day.replace(day=1) - timedelta(days=1)).replace(day=1)
    asked = {
        "day": day,
        "unit": unit and unit.pk,
        "province": unit and unit.pk,
        "level": {"": "province", "province": "commune"}.get(unit.level if unit else ""),
        "first_month": last_month.replace(month=1),
        "last_month": last_month,
        "pace_day": pace_day(unit, day),
    }
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement, asked)
            cursor.fetchall()


def pace_day(unit: Unit | None, day: date) -> date:
    """Return the end of the third year back, or the first day of the unit if that is later."""
    third = date(day.year - 3, 12, 31)
    return max(third, unit.periods.order_by("starts_on").first().starts_on or third) if unit else third


def placed(unit: Unit | None, *, now: bool = False) -> Iterator[str]:
    """Yield the statements of the page with the columns that say where a row of each stands."""
    level = unit.level if unit else ""
    below = {"": "province_id", "province": "commune_id", "commune": "commune_id"}[level]
    then = f"p.{below}", f"AND p.{level}_id = %(unit)s" if unit else ""
    by_unit = by_cell = by_commune = then
    if now and unit:
        by_unit = (
            f"(SELECT z.{below} FROM cells_unit z WHERE z.id = p.unit_id)",
            f"AND p.unit_id IN (SELECT z.id FROM cells_unit z WHERE z.{level}_id = %(unit)s)",
        )
        cells = "cells_cell k JOIN cells_unit z ON z.id = k.commune_id"
        # Of its province a cell knows itself.
        whose = "cells_cell z" if level == "province" else cells
        by_cell = (
            f"(SELECT z.{below} FROM {cells} WHERE k.id = p.cell_id)",
            f"AND p.cell_id IN (SELECT {'z' if level == 'province' else 'k'}.id FROM {whose} WHERE z.{level}_id = %(unit)s)",
        )
        by_commune = (
            f"(SELECT z.{below} FROM cells_unit z WHERE z.id = p.commune_id)",
            f"AND p.commune_id IN (SELECT z.id FROM cells_unit z WHERE z.{level}_id = %(unit)s)",
        )
    children = [] if level == "commune" else [CHILDREN_NOW if now and unit else CHILDREN]
    of_units = OF_UNITS + children
    paces = ([PACE_OF_HEADS], [PACE_OF_SECRETARIES]) if level == "province" else ([], [])
    for statements, (below_it, within) in (
        (of_units + paces[0], by_unit),
        (OF_CELLS + paces[1], by_cell),
        (OF_COMMUNES, by_commune),
    ):
        for statement in statements:
            yield statement.format(below=below_it, within=within)
    if unit:
        yield TARGETS
