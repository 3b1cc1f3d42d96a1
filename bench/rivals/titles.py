"""The titles of cells: the board, the list, the yearly look; and the targets of the province."""

from bench.rivals.common import CELLS, COMMUNES, HAMLETS, in_office, running

_HELD = "c.state IN ('recognised', 'revoked') AND c.recognised_on <= %(day)s AND (c.revoked_on IS NULL OR c.revoked_on > %(day)s)"
_MINE = """
FROM cells_cell k JOIN evaluations_titlecase c ON c.cell_id = k.id JOIN cells_unit u ON u.id = k.commune_id
"""
_HERE = "k.province_id = %(province)s"
BY_COMMUNE = f"""
SELECT u.id, c.state, count(*),
       count(*) FILTER (WHERE {_HELD} AND x.outcome = 'at_risk'),
       count(*) FILTER (WHERE {_HELD} AND x.id IS NULL AND c.recognised_on < make_date(%(year)s, 1, 1))
{_MINE} LEFT JOIN evaluations_casecheck x ON x.case_id = c.id AND x.year = %(year)s
WHERE {_HERE} GROUP BY 1, 2
"""
HELD = f"""
WITH page AS (
    SELECT c.*, u.name AS commune, k.name AS cell, count(*) OVER () AS found {_MINE}
    WHERE {_HERE} AND {_HELD} ORDER BY u.sort_key, u.id, k.sort_key, c.id LIMIT 50)
SELECT p.*, t.name, d.number, (SELECT sum(appraised_points) FROM evaluations_casecriterion k WHERE k.case_id = p.id),
       (SELECT outcome FROM evaluations_casecheck x WHERE x.case_id = p.id ORDER BY year DESC LIMIT 1)
FROM page p JOIN evaluations_title t ON t.id = p.title_id LEFT JOIN cells_decision d ON d.id = p.recognition_id
"""
# What is found about each title: levels of the last years, discipline, attendance, poor households before and now.
_LOOKED_AT = f"""
WITH held AS (SELECT c.*, u.name AS commune, k.name AS cell {_MINE}
    WHERE {_HERE} AND {_HELD} AND c.recognised_on < make_date(%(year)s, 1, 1))
"""
YEARLY = f"""{_LOOKED_AT}
SELECT h.*, t.name, d.number, x.*, b.outcome, m.expected, m.present
FROM held h JOIN evaluations_title t ON t.id = h.title_id LEFT JOIN cells_decision d ON d.id = h.recognition_id
LEFT JOIN evaluations_casecheck x ON x.case_id = h.id AND x.year = %(year)s
LEFT JOIN evaluations_casecheck b ON b.case_id = h.id AND b.year = %(year)s - 1
LEFT JOIN LATERAL (SELECT sum(expected) AS expected, sum(present) AS present FROM cells_meeting m
                   WHERE m.cell_id = h.cell_id AND m.was_held AND m.expected > 0 AND m.present IS NOT NULL
                     AND m.day BETWEEN make_date(%(year)s, 1, 1) AND %(day)s) m ON true
"""
YEARLY_LEVELS = f"""{_LOOKED_AT}
SELECT r.cell_id, y.year, r.decided_level, r.disciplined
FROM held h JOIN evaluations_cellrating r ON r.cell_id = h.cell_id JOIN evaluations_reviewcycle y ON y.id = r.cycle_id
WHERE y.year BETWEEN %(year)s - 2 AND %(year)s AND r.decided_level <> '' AND NOT r.withheld AND r.decided_on <= %(day)s
  AND (r.superseded_on IS NULL OR r.superseded_on > %(day)s)
  AND (y.state IN ('recorded', 'closed') OR EXISTS (SELECT 1 FROM evaluations_submission s WHERE s.cycle_id = y.id
       AND s.commune_id = r.commune_id AND s.state IN ('received', 'locked')))
"""
YEARLY_DISCIPLINE = f"""{_LOOKED_AT}
SELECT DISTINCT r.cell_id, y.year
FROM held h JOIN evaluations_leaderrating r ON r.cell_id = h.cell_id JOIN evaluations_reviewcycle y ON y.id = r.cycle_id
WHERE y.year BETWEEN %(year)s - 1 AND %(year)s AND r.disciplined AND NOT r.withheld AND r.decided_on <= %(day)s
  AND (r.superseded_on IS NULL OR r.superseded_on > %(day)s)
  AND (y.state IN ('recorded', 'closed') OR EXISTS (SELECT 1 FROM evaluations_submission s WHERE s.cycle_id = y.id
       AND s.commune_id = r.commune_id AND s.state IN ('received', 'locked')))
"""
YEARLY_POOR = f"""{_LOOKED_AT}
SELECT DISTINCT ON (h.cell_id, p.hamlet_id, now) h.cell_id, p.hamlet_id, p.day >= make_date(%(year)s, 1, 1) AS now, p.poor
FROM held h JOIN cells_cellarea a ON a.cell_id = h.cell_id AND {running("a")}
JOIN cells_householdcount p ON p.hamlet_id = a.hamlet_id AND p.day <= %(day)s AND p.poor IS NOT NULL
ORDER BY h.cell_id, p.hamlet_id, now, p.day DESC
"""
TARGETS = """
SELECT t.*, s.year, s.planned, d.number, (SELECT sum(goal) FROM evaluations_target p WHERE p.part_of_id = t.id)
FROM evaluations_target t LEFT JOIN evaluations_targetstep s ON s.target_id = t.id
LEFT JOIN cells_decision d ON d.id = t.resolution_id WHERE t.unit_id = %(province)s AND t.superseded_on IS NULL
"""
TARGETS_BELOW = """
SELECT t.*, u.name, d.number, s.year, s.planned
FROM evaluations_target t JOIN cells_unit u ON u.id = t.unit_id AND u.province_id = %(province)s AND u.level = 'commune'
LEFT JOIN evaluations_targetstep s ON s.target_id = t.id LEFT JOIN cells_decision d ON d.id = t.resolution_id
WHERE t.superseded_on IS NULL AND t.ends_on >= %(day)s
"""
_HEADS = f"""
WITH {HAMLETS}
SELECT h.commune_id, count(*), count(*) FILTER (WHERE t.way_in = 'interim'), count(*) FILTER (WHERE EXISTS (
    SELECT 1 FROM leaders_tenure s JOIN cells_cellarea a ON a.cell_id = s.cell_id AND a.hamlet_id = h.id AND {running("a")}
    WHERE s.person_id = t.person_id AND s.office = 'secretary' AND {in_office("s")}))
FROM hamlet h LEFT JOIN leaders_tenure t ON t.hamlet_id = h.id AND t.office = 'hamlet_head' AND {in_office("t")} GROUP BY 1
"""
_SECRETARIES = f"""
WITH {CELLS}
SELECT c.commune_id, count(*), count(*) FILTER (WHERE t.id IS NULL)
FROM cell c LEFT JOIN leaders_tenure t ON t.cell_id = c.id AND t.office = 'secretary' AND {in_office("t")} GROUP BY 1
"""
# What the targets count, today and on the day from which the pace is taken.
COUNTED = [
    statement.replace("%(day)s", f"%({day})s")
    for day in ("day", "pace_day")
    for statement in (_HEADS, _SECRETARIES, BY_COMMUNE)
]
STATEMENTS = {
    "titles": [COMMUNES, BY_COMMUNE],
    "titles held, list": [COMMUNES, HELD],
    "yearly look at titles": [COMMUNES, YEARLY, YEARLY_LEVELS, YEARLY_DISCIPLINE, YEARLY_POOR],
    "targets": [TARGETS, TARGETS_BELOW, *COUNTED],
}
