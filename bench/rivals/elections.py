"""The board of a term, and the lists behind it."""

from bench.rivals.common import COMMUNES

_MINE = """
mine AS (
    SELECT c.*, h.commune_id AS place FROM cells_unit h JOIN leaders_contest c ON c.hamlet_id = h.id
    WHERE h.level = 'hamlet' AND h.province_id = %(province)s AND c.term = %(term)s
      AND (h.closed_on IS NULL OR c.outcome <> 'planned')
    UNION ALL
    -- By way of the communes: told how many cells the province has, PostgreSQL takes seconds over the pairs.
    SELECT c.*, k.commune_id FROM cells_unit u JOIN cells_cell k ON k.commune_id = u.id
    JOIN leaders_contest c ON c.cell_id = k.id
    WHERE u.level = 'commune' AND u.province_id = %(province)s AND c.term = %(term)s
      AND (k.closed_on IS NULL OR c.outcome <> 'planned'))
"""
TERMS = """
SELECT DISTINCT c.term FROM leaders_contest c JOIN cells_unit h ON h.id = c.hamlet_id
WHERE h.province_id = %(province)s
UNION SELECT DISTINCT c.term FROM leaders_contest c JOIN cells_cell k ON k.id = c.cell_id
WHERE k.province_id = %(province)s
"""
STATES = f"""
WITH {_MINE}, told AS (
    SELECT *, bool_or(outcome = 'failed') OVER body AS has_failed, bool_or(outcome <> 'failed') OVER body AS goes_on,
           max(id) FILTER (WHERE outcome = 'failed') OVER body AS last,
           outcome = 'held' AND NOT EXISTS (
               SELECT 1 FROM leaders_candidacy k WHERE k.contest_id = mine.id AND k.elected
                 AND (mine.kind <> 'congress' OR k.office = 'secretary'))
             AND NOT EXISTS (
               SELECT 1 FROM leaders_tenure t WHERE t.contest_id = mine.id
                 AND (mine.kind <> 'congress' OR t.office = 'secretary')) AS unnamed
    FROM mine WINDOW body AS (PARTITION BY hamlet_id, cell_id))
SELECT place, kind, count(*) FILTER (WHERE outcome = 'planned' AND NOT has_failed),
       count(*) FILTER (WHERE outcome = 'held'), count(*) FILTER (WHERE outcome = 'failed' AND NOT goes_on AND id = last),
       count(*) FILTER (WHERE outcome = 'planned' AND has_failed), count(*) FILTER (WHERE outcome = 'held' AND has_failed),
       count(*) FILTER (WHERE outcome = 'planned' AND planned_on < %(day)s), count(*) FILTER (WHERE unnamed)
FROM told GROUP BY 1, 2
"""
UNPLANNED = """
SELECT 'head_election', h.commune_id, count(*) FROM cells_unit h
WHERE h.level = 'hamlet' AND h.province_id = %(province)s AND h.closed_on IS NULL AND NOT EXISTS (
    SELECT 1 FROM leaders_contest c WHERE c.hamlet_id = h.id AND c.term = %(term)s)
GROUP BY 2
UNION ALL
SELECT 'congress', k.commune_id, count(*) FROM cells_cell k
WHERE k.province_id = %(province)s AND k.kind = 'hamlet' AND k.closed_on IS NULL
  AND NOT EXISTS (SELECT 1 FROM leaders_contest c WHERE c.cell_id = k.id AND c.term = %(term)s)
GROUP BY 2
"""
_PAIRS = f"""
{_MINE},
election AS (
    SELECT hamlet_id, bool_or(outcome = 'held') AS held FROM mine WHERE kind = 'head_election' GROUP BY 1),
congress AS (
    SELECT a.hamlet_id, bool_or(c.outcome = 'held') AS held,
           bool_or(c.outcome <> 'held' AND (a.ends_on IS NULL OR a.ends_on >= %(day)s) AND NOT EXISTS (
               SELECT 1 FROM mine x WHERE x.cell_id = c.cell_id AND x.outcome = 'held')) AS waits
    FROM mine c JOIN cells_cellarea a ON a.cell_id = c.cell_id GROUP BY 1),
head AS (
    SELECT c.hamlet_id, t.person_id, c.held_on FROM mine c JOIN leaders_tenure t ON t.contest_id = c.id
    WHERE c.kind = 'head_election' AND t.office = 'hamlet_head'
    UNION SELECT c.hamlet_id, k.person_id, c.held_on FROM mine c JOIN leaders_candidacy k ON k.contest_id = c.id
    WHERE c.kind = 'head_election' AND k.elected AND k.person_id IS NOT NULL),
secretary AS (
    SELECT a.hamlet_id, t.person_id, c.held_on FROM mine c JOIN leaders_tenure t ON t.contest_id = c.id
    JOIN cells_cellarea a ON a.cell_id = c.cell_id WHERE c.kind = 'congress' AND t.office = 'secretary'
    UNION SELECT a.hamlet_id, k.person_id, c.held_on FROM mine c JOIN leaders_candidacy k ON k.contest_id = c.id
    JOIN cells_cellarea a ON a.cell_id = c.cell_id
    WHERE c.kind = 'congress' AND k.elected AND k.office = 'secretary' AND k.person_id IS NOT NULL),
one AS (
    SELECT h.hamlet_id, bool_or(h.held_on <= s.held_on) AS first FROM head h
    JOIN secretary s ON s.hamlet_id = h.hamlet_id AND s.person_id = h.person_id GROUP BY 1),
pair AS (
    SELECT h.id, h.commune_id, h.sort_key, g.held AND NOT g.waits AS congress, e.held AS election,
           g.held AND NOT g.waits AND e.held AS done, o.hamlet_id IS NOT NULL AS one, coalesce(o.first, false) AS first,
           h.id IN (SELECT hamlet_id FROM head) AND h.id IN (SELECT hamlet_id FROM secretary) AS known
    FROM election e JOIN congress g ON g.hamlet_id = e.hamlet_id JOIN cells_unit h ON h.id = e.hamlet_id
    LEFT JOIN one o ON o.hamlet_id = h.id)
"""
PAIRS = f"""
WITH {_PAIRS}
SELECT commune_id, count(*), count(*) FILTER (WHERE congress), count(*) FILTER (WHERE election),
       count(*) FILTER (WHERE done), count(*) FILTER (WHERE done AND one), count(*) FILTER (WHERE done AND first),
       count(*) FILTER (WHERE done AND known AND NOT one), count(*) FILTER (WHERE done AND NOT known AND NOT one)
FROM pair GROUP BY 1
"""
HELD = f"""
WITH {_MINE}, page AS (
    SELECT c.*, count(*) OVER () AS found, u.name AS commune, h.name AS hamlet FROM mine c
    JOIN cells_unit h ON h.id = c.hamlet_id JOIN cells_unit u ON u.id = c.place
    WHERE c.kind = 'head_election' AND c.outcome = 'held'
    ORDER BY u.sort_key, u.id, h.sort_key, h.id LIMIT 50)
SELECT * FROM page c LEFT JOIN leaders_candidacy k ON k.contest_id = c.id LEFT JOIN leaders_person p ON p.id = k.person_id
LEFT JOIN cells_decision d ON d.id = c.decision_id
"""
TWO_PEOPLE = f"""
WITH {_PAIRS}, page AS (
    SELECT p.*, count(*) OVER () AS found, u.name FROM pair p JOIN cells_unit u ON u.id = p.commune_id
    WHERE p.done AND p.known AND NOT p.one ORDER BY u.sort_key, u.id, p.sort_key, p.id LIMIT 50)
SELECT p.*, x.full_name, y.full_name FROM page p JOIN head h ON h.hamlet_id = p.id
JOIN leaders_person x ON x.id = h.person_id JOIN secretary s ON s.hamlet_id = p.id
JOIN leaders_person y ON y.id = s.person_id
"""
STATEMENTS = {
    "elections": [TERMS, COMMUNES, STATES, UNPLANNED, PAIRS],
    "elections held, list": [HELD],
    "pairs of two people, list": [TWO_PEOPLE],
}
