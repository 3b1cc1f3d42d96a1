"""The review of the year as the province follows it.

As the pages do, they ask by which rules and groups of cells the year is judged, list people alone who are kept in the
province or hold or held a seat there, and name the communes that a list may be narrowed to.
"""

from bench.rivals.learning import SEEN

_HERE = "y.province_id = %(province)s AND y.year = %(year)s"
RULES = f"""
SELECT y.*, s.*, u.name FROM evaluations_reviewcycle y JOIN evaluations_ruleset s ON s.id = y.rule_set_id
JOIN cells_unit u ON u.id = y.province_id WHERE {_HERE}
"""
GROUPS = f"""
SELECT g.kind, g.name FROM evaluations_reviewcycle y JOIN evaluations_kindgroup g ON g.cycle_id = y.id WHERE {_HERE}
"""
FILES = f"""
SELECT s.*, u.name, d.number, a.full_name, a.phone FROM evaluations_reviewcycle y
JOIN evaluations_submission s ON s.cycle_id = y.id JOIN cells_unit u ON u.id = s.commune_id
LEFT JOIN cells_decision d ON d.id = s.decision_id LEFT JOIN cells_grant g ON g.unit_id = u.id AND g.access = 'keep'
LEFT JOIN accounts_user a ON a.id = g.user_id WHERE {_HERE} ORDER BY u.sort_key, s.id
"""
PROGRESS = f"""
SELECT r.commune_id, count(*), count(*) FILTER (WHERE not_subject_reason = ''), count(*) FILTER (WHERE proposed_level <> ''),
       count(*) FILTER (WHERE decided_level <> '') FROM evaluations_reviewcycle y
JOIN evaluations_cellrating r ON r.cycle_id = y.id WHERE {_HERE} AND r.superseded_on IS NULL GROUP BY 1
"""
LEVELS = f"""
SELECT r.commune_id, k.kind, r.decided_level, count(*) FROM evaluations_reviewcycle y
JOIN evaluations_cellrating r ON r.cycle_id = y.id JOIN cells_cell k ON k.id = r.cell_id
WHERE {_HERE} AND r.superseded_on IS NULL AND NOT r.withheld GROUP BY 1, 2, 3
"""
LAST_YEAR = """
SELECT u.commune_id, r.decided_level, count(*) FROM evaluations_reviewcycle y
JOIN evaluations_cellrating r ON r.cycle_id = y.id JOIN cells_unit u ON u.id = r.commune_id
WHERE y.year = %(year)s - 1 AND u.province_id = %(province)s AND r.superseded_on IS NULL AND r.not_subject_reason = '' GROUP BY 1, 2
"""
_RANKED = "array_position(ARRAY['EXCELLENT', 'GOOD', 'COMPLETED', 'NOT_COMPLETED']::varchar[], {})"
JUMPED = f"""
SELECT count(*) FILTER (WHERE abs({_RANKED.format("r.decided_level")} - {_RANKED.format("b.decided_level")}) >= 2),
       count(*) FILTER (WHERE r.decided_level = 'NOT_COMPLETED'), count(*) FILTER (WHERE r.not_subject_reason <> ''),
       count(*) FILTER (WHERE r.decided_level = 'EXCELLENT' AND (l.disciplined OR l.decided_level <> 'EXCELLENT')),
       count(*) FILTER (WHERE r.points IS NOT NULL OR r.tasks_on_time IS NOT NULL)
FROM evaluations_reviewcycle y JOIN evaluations_cellrating r ON r.cycle_id = y.id
LEFT JOIN (SELECT b.cell_id, b.decided_level FROM evaluations_cellrating b JOIN evaluations_reviewcycle z ON z.id = b.cycle_id
           AND z.year = %(year)s - 1 AND z.province_id = %(province)s WHERE b.superseded_on IS NULL) b ON b.cell_id = r.cell_id
LEFT JOIN evaluations_leaderrating l ON l.cycle_id = y.id AND l.cell_id = r.cell_id AND l.office = 'secretary'
  AND l.superseded_on IS NULL
WHERE {_HERE} AND r.superseded_on IS NULL AND NOT r.withheld
"""
OF_PEOPLE = f"""
SELECT count(*) FILTER (WHERE {_RANKED.format("l.decided_level")} < {_RANKED.format("r.decided_level")}),
       count(*) FILTER (WHERE l.decided_level = 'NOT_COMPLETED'), count(*) FILTER (WHERE l.not_subject_reason <> ''),
       count(*) FILTER (WHERE l.points IS NOT NULL)
FROM evaluations_reviewcycle y JOIN evaluations_leaderrating l ON l.cycle_id = y.id
LEFT JOIN evaluations_cellrating r ON r.cycle_id = y.id AND r.cell_id = l.cell_id AND r.superseded_on IS NULL
WHERE {_HERE} AND l.superseded_on IS NULL AND NOT l.withheld
"""
RESULTS = f"""
WITH page AS (
    SELECT r.*, k.name, u.name AS commune, count(*) OVER () AS found FROM evaluations_reviewcycle y
    JOIN evaluations_cellrating r ON r.cycle_id = y.id JOIN cells_cell k ON k.id = r.cell_id
    JOIN cells_unit u ON u.id = r.commune_id WHERE {_HERE} AND r.superseded_on IS NULL AND NOT r.withheld
    ORDER BY u.sort_key, u.id, k.position NULLS LAST, k.sort_key, r.id LIMIT 50)
SELECT g.*, d.number, b.decided_level FROM page g LEFT JOIN cells_decision d ON d.id = g.decision_id
LEFT JOIN evaluations_reviewcycle z ON z.year = %(year)s - 1 AND z.province_id = %(province)s
LEFT JOIN evaluations_cellrating b ON b.cycle_id = z.id AND b.cell_id = g.cell_id AND b.superseded_on IS NULL
"""
_LISTED = f"""
FROM evaluations_reviewcycle y JOIN evaluations_leaderrating r ON r.cycle_id = y.id
JOIN leaders_person p ON p.id = r.person_id JOIN cells_unit u ON u.id = p.keeper_id
WHERE y.province_id = %(province)s AND y.year = %(year)s AND r.superseded_on IS NULL AND NOT r.withheld AND {SEEN}
"""
PEOPLE = f"""
WITH page AS (
    SELECT r.*, p.full_name, p.sort_key, count(*) OVER () AS found {_LISTED})
SELECT g.*, k.name, w.name, d.number FROM page g JOIN cells_unit w ON w.id = g.commune_id
LEFT JOIN cells_cell k ON k.id = g.cell_id LEFT JOIN cells_decision d ON d.id = g.decision_id
ORDER BY w.sort_key, w.id, g.sort_key, g.id LIMIT 50
"""
COMMUNES_OF_PEOPLE = f"""
SELECT * FROM cells_unit WHERE id IN (SELECT r.commune_id {_LISTED}) ORDER BY sort_key, id
"""
COMMUNES_OF_CELLS = f"""
SELECT * FROM cells_unit WHERE id IN (
    SELECT r.commune_id FROM evaluations_reviewcycle y JOIN evaluations_cellrating r ON r.cycle_id = y.id
    WHERE {_HERE} AND r.superseded_on IS NULL AND NOT r.withheld) ORDER BY sort_key, id
"""
STATEMENTS = {
    "review": [RULES, GROUPS, FILES, PROGRESS, LEVELS, LAST_YEAR],
    "review, second looks": [RULES, GROUPS, FILES, LEVELS, JUMPED, OF_PEOPLE],
    "review, shares": [RULES, GROUPS, FILES, LEVELS],
    "review, cells, list": [RULES, RESULTS, COMMUNES_OF_CELLS],
    "review, people, list": [RULES, PEOPLE, COMMUNES_OF_PEOPLE],
}
