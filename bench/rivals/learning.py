"""Courses, commendations, proposals to commend, records that may be one person's."""

from bench.rivals.common import in_office

# What each list may be narrowed to: the province and its communes.
UNITS = """
SELECT * FROM cells_unit WHERE province_id = %(province)s AND level IN ('province', 'commune') AND closed_on IS NULL
ORDER BY level DESC, sort_key, id
"""
_PEOPLE = "leaders_person p JOIN cells_unit u ON u.id = p.keeper_id AND u.province_id = %(province)s"
# Whose records are kept here, or who hold or held a seat here: for rows that are few, and for all of a list.
SEEN = """(u.province_id = %(province)s OR EXISTS (
        SELECT 1 FROM leaders_tenure t LEFT JOIN cells_cell k ON k.id = t.cell_id JOIN cells_unit h ON h.id = coalesce(
            t.hamlet_id, k.commune_id) WHERE t.person_id = p.id AND h.province_id = %(province)s))"""
_SEEN_PEOPLE = f"""
SELECT p.id FROM {_PEOPLE}
UNION SELECT t.person_id FROM cells_cell k JOIN leaders_tenure t ON t.cell_id = k.id WHERE k.province_id = %(province)s
UNION SELECT t.person_id FROM cells_unit u JOIN leaders_tenure t ON t.hamlet_id = u.id WHERE u.province_id = %(province)s
"""
COURSES = f"""
SELECT c.*, o.name, x.people, x.completed, count(*) OVER () FROM leaders_course c JOIN cells_unit o ON o.id = c.unit_id
LEFT JOIN LATERAL (
    SELECT count(*) AS people, count(*) FILTER (WHERE t.completed) AS completed
    FROM leaders_participation t JOIN leaders_person p ON p.id = t.person_id JOIN cells_unit u ON u.id = p.keeper_id
    WHERE t.course_id = c.id AND {SEEN}) x ON true
WHERE o.province_id = %(province)s ORDER BY c.starts_on DESC, c.name, c.id LIMIT 50
"""
_LEADS = f"""
EXISTS (SELECT 1 FROM leaders_tenure t WHERE t.person_id = p.id AND t.office IN ('secretary', 'hamlet_head') AND {in_office("t")})
"""
LEADING = f"SELECT count(*) FROM {_PEOPLE} WHERE {_LEADS}"
NEVER = f"""
WITH page AS (
    SELECT p.id, p.full_name, u.name AS keeper, count(*) OVER () AS found FROM {_PEOPLE}
    WHERE {_LEADS} AND NOT EXISTS (SELECT 1 FROM leaders_participation x WHERE x.person_id = p.id AND x.completed)
    ORDER BY p.sort_key, p.id LIMIT 50)
SELECT g.*, t.office, k.name, h.name FROM page g JOIN leaders_tenure t ON t.person_id = g.id AND {in_office("t")}
LEFT JOIN cells_cell k ON k.id = t.cell_id LEFT JOIN cells_unit h ON h.id = t.hamlet_id
"""
_GIVEN = f"""
SELECT c.*, p.full_name, p.sort_key AS person_key, NULL::varchar AS cell, NULL::varchar AS cell_key
FROM leaders_commendation c JOIN leaders_person p ON p.id = c.person_id WHERE p.id IN ({_SEEN_PEOPLE})
UNION ALL
SELECT c.*, NULL, NULL, k.name, k.sort_key FROM leaders_commendation c JOIN cells_cell k ON k.id = c.cell_id
WHERE k.province_id = %(province)s
"""
COMMENDATIONS = f"""
SELECT g.*, d.number, count(*) OVER () FROM ({_GIVEN}) g JOIN cells_decision d ON d.id = g.decision_id
ORDER BY g.year DESC, d.date DESC, g.person_key, g.cell_key, g.id LIMIT 50
"""
COMMENDED_YEARS = f"SELECT DISTINCT year FROM ({_GIVEN}) g"
RATED_YEARS = "SELECT DISTINCT year FROM evaluations_reviewcycle WHERE province_id = %(province)s"
PROPOSED = """
WITH excellent AS (
    SELECT r.person_id, count(DISTINCT y.year) AS years
    FROM evaluations_reviewcycle y JOIN evaluations_leaderrating r ON r.cycle_id = y.id
    WHERE y.year BETWEEN %(year)s - 3 AND %(year)s - 1 AND r.decided_level = 'EXCELLENT' AND r.superseded_on IS NULL
      AND r.basis = 'office' AND r.commune_id IN (SELECT id FROM cells_unit WHERE province_id = %(province)s OR id IN (
          SELECT predecessor_id FROM cells_succession s JOIN cells_unit x ON x.id = s.successor_id
          WHERE x.province_id = %(province)s))
    GROUP BY 1 HAVING count(DISTINCT y.year) = 3)
SELECT e.*, p.full_name, r.decided_level, y.year, d.number, d.date, u.name,
       (SELECT max(year) FROM leaders_commendation c WHERE c.person_id = p.id AND c.streak_years IS NOT NULL)
FROM excellent e JOIN leaders_person p ON p.id = e.person_id
JOIN evaluations_leaderrating r ON r.person_id = p.id AND r.superseded_on IS NULL
JOIN evaluations_reviewcycle y ON y.id = r.cycle_id AND y.year < %(year)s
LEFT JOIN cells_decision d ON d.id = r.decision_id JOIN cells_unit u ON u.id = r.commune_id
"""
DUPLICATES = f"""
SELECT least(p.id, q.id), greatest(p.id, q.id), p.full_name, q.full_name FROM {_PEOPLE}
JOIN leaders_person q ON q.search_key = p.search_key AND q.id > p.id
  AND extract(year FROM q.born_on) = extract(year FROM p.born_on)
JOIN cells_unit v ON v.id = q.keeper_id AND v.province_id = %(province)s
UNION
SELECT least(p.id, q.id), greatest(p.id, q.id), p.full_name, q.full_name FROM {_PEOPLE}
JOIN leaders_person q ON q.phone = p.phone AND q.id > p.id
JOIN cells_unit v ON v.id = q.keeper_id AND v.province_id = %(province)s WHERE p.phone <> ''
"""
STATEMENTS = {
    "courses": [UNITS, COURSES],
    "never trained, list": [UNITS, LEADING, NEVER],
    "commendations": [UNITS, COMMENDED_YEARS, COMMENDATIONS],
    "proposal to commend": [UNITS, RATED_YEARS, PROPOSED],
    "records of one person": [DUPLICATES],
}
