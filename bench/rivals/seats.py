"""Seats that deserve a look, one person in two seats month by month, the monthly word of communes."""

from bench.rivals.common import CELLS, COMMUNES, HAMLETS, in_office

_HAMLET_FLAGS = f"""
{HAMLETS}, told AS (
    SELECT h.id, h.commune_id, h.kind, t.id IS NULL AS no_head, t.way_in = 'interim' AND t.starts_on < %(day)s::date - 180 AS long,
           t.ends_on BETWEEN %(day)s AND %(day)s::date + 90 OR (t.ends_on IS NULL AND NOT t.is_extended
               AND t.term LIKE '%%-' || extract(year FROM %(day)s::date)) AS ends,
           t.ends_on IS NULL AND NOT t.is_extended AND t.term <> ''
               AND substr(t.term, 6, 4) < extract(year FROM %(day)s::date)::text AS over,
           p.membership = 'no' AS no_member, f.id IS NULL AS no_front,
           EXISTS (SELECT 1 FROM leaders_tenure b WHERE b.hamlet_id = h.id AND b.office = 'front_head'
                     AND b.starts_on <= %(day)s) AS front_known, f.person_id = t.person_id AS is_front
    FROM hamlet h
    LEFT JOIN leaders_tenure t ON t.hamlet_id = h.id AND t.office = 'hamlet_head' AND {in_office("t")}
    LEFT JOIN leaders_person p ON p.id = t.person_id
    LEFT JOIN leaders_tenure f ON f.hamlet_id = h.id AND f.office = 'front_head' AND {in_office("f")})
"""
OF_HAMLETS = f"""
WITH {_HAMLET_FLAGS}
SELECT commune_id, kind, count(*), count(*) FILTER (WHERE no_head), count(*) FILTER (WHERE long),
       count(*) FILTER (WHERE ends), count(*) FILTER (WHERE over), count(*) FILTER (WHERE no_member),
       count(*) FILTER (WHERE no_front AND front_known), count(*) FILTER (WHERE NOT front_known), count(*) FILTER (WHERE is_front)
FROM told GROUP BY 1, 2
"""
OF_CELLS = f"""
WITH {CELLS}, told AS (
    SELECT c.commune_id, t.id IS NULL AS no_secretary, m.official,
           t.ends_on BETWEEN %(day)s AND %(day)s::date + 90 OR (t.ends_on IS NULL AND NOT t.is_extended
               AND t.term LIKE '%%-' || extract(year FROM %(day)s::date)) AS ends,
           t.ends_on IS NULL AND NOT t.is_extended AND t.term <> ''
               AND substr(t.term, 6, 4) < extract(year FROM %(day)s::date)::text AS over
    FROM cell c
    LEFT JOIN leaders_tenure t ON t.cell_id = c.id AND t.office = 'secretary' AND {in_office("t")}
    LEFT JOIN LATERAL (SELECT official FROM cells_membercount m WHERE m.cell_id = c.id AND m.official IS NOT NULL
                         AND m.day <= %(day)s ORDER BY day DESC LIMIT 1) m ON true)
SELECT commune_id, count(*), count(*) FILTER (WHERE no_secretary), count(*) FILTER (WHERE ends),
       count(*) FILTER (WHERE over), count(*) FILTER (WHERE official < 3), count(*) FILTER (WHERE official IS NULL)
FROM told GROUP BY 1
"""
_SEVERAL = f"""
WITH {HAMLETS}, {CELLS}, seat AS (
    SELECT t.* FROM hamlet h JOIN leaders_tenure t ON t.hamlet_id = h.id WHERE {in_office("t")}
    UNION ALL SELECT t.* FROM cell c JOIN leaders_tenure t ON t.cell_id = c.id WHERE {in_office("t")}),
several AS (SELECT person_id, count(*) AS seats FROM seat GROUP BY 1 HAVING count(*) > 1)
"""
SEVERAL = f"{_SEVERAL} SELECT count(*), sum(seats) FROM several"
SEVERAL_ROWS = f"""
{_SEVERAL}, page AS (
    SELECT s.*, p.full_name, p.sort_key, count(*) OVER () AS found FROM several s JOIN leaders_person p ON p.id = s.person_id
    ORDER BY s.seats DESC, p.sort_key, p.id LIMIT 50)
SELECT g.*, t.office, k.name, u.name FROM page g JOIN seat t ON t.person_id = g.person_id
LEFT JOIN cells_cell k ON k.id = t.cell_id LEFT JOIN cells_unit u ON u.id = t.hamlet_id
"""
WITHOUT_HEAD = f"""
WITH {_HAMLET_FLAGS}, page AS (
    SELECT h.id, u.name, c.name AS commune, count(*) OVER () AS found FROM told h JOIN cells_unit u ON u.id = h.id
    JOIN cells_unit c ON c.id = h.commune_id WHERE h.no_head ORDER BY c.sort_key, c.id, u.sort_key, u.id LIMIT 50)
SELECT g.*, t.ends_on, t.way_out, p.full_name FROM page g LEFT JOIN LATERAL (
    SELECT * FROM leaders_tenure t WHERE t.hamlet_id = g.id AND t.office = 'hamlet_head'
    ORDER BY t.ends_on DESC LIMIT 1) t ON true LEFT JOIN leaders_person p ON p.id = t.person_id
"""
CONFIRMED = """
SELECT count(*) FILTER (WHERE EXISTS (SELECT 1 FROM cells_confirmation f WHERE f.commune_id = u.id
           AND f.confirmed_at > %(day)s::date - 30)), count(*)
FROM cells_unit u WHERE u.province_id = %(province)s AND u.level = 'commune' AND u.closed_on IS NULL
"""
# Every month of three years: hamlets, those in which one person holds both seats, and those that begin or cease to.
_MONTHS = """
month AS (
    SELECT least(m + interval '1 month - 1 day', %(day)s)::date AS day, m::date AS first
    FROM generate_series(make_date(%(year)s - 2, 1, 1), %(day)s::date, interval '1 month') m),
pair AS (
    SELECT t.hamlet_id, t.person_id, t.office, greatest(t.starts_on, s.starts_on) AS first, t.way_out, s.way_out AS also,
           least(coalesce(t.ends_on, 'infinity'), coalesce(s.ends_on, 'infinity')) AS last, t.term, s.term AS its, s.cell_id
    FROM cells_unit u JOIN leaders_tenure t ON t.hamlet_id = u.id AND t.office IN ('hamlet_head', 'front_head')
    JOIN leaders_tenure s ON s.person_id = t.person_id AND s.office = 'secretary'
    JOIN cells_cellarea a ON a.cell_id = s.cell_id AND a.hamlet_id = t.hamlet_id
    WHERE u.province_id = %(province)s AND u.level = 'hamlet'
      -- They share days, some of them in these years.
      AND greatest(t.starts_on, s.starts_on, a.starts_on, make_date(%(year)s - 2, 1, 1))
          <= least(coalesce(t.ends_on, 'infinity'), coalesce(s.ends_on, 'infinity'), coalesce(a.ends_on, 'infinity')))
"""
BY_MONTH = f"""
WITH {_MONTHS}
SELECT m.first, count(DISTINCT p.hamlet_id) FILTER (WHERE office = 'hamlet_head'),
       count(DISTINCT p.hamlet_id) FILTER (WHERE office = 'front_head'),
       (SELECT count(*) FROM cells_unitperiod h WHERE h.level = 'hamlet' AND h.province_id = %(province)s
          AND (h.starts_on IS NULL OR h.starts_on <= m.day) AND (h.ends_on IS NULL OR h.ends_on >= m.day))
FROM month m LEFT JOIN pair p ON p.first <= m.day AND p.last >= m.day GROUP BY m.first, m.day
"""
CHANGES = f"""
WITH {_MONTHS}
SELECT p.*, n.full_name, h.name, c.name FROM pair p JOIN leaders_person n ON n.id = p.person_id
JOIN cells_unit h ON h.id = p.hamlet_id JOIN cells_unit c ON c.id = h.commune_id
WHERE p.office = 'hamlet_head' AND (p.first >= make_date(%(year)s - 2, 1, 1) OR p.last BETWEEN make_date(%(year)s - 2, 1, 1) AND %(day)s)
"""
PLANNED = f"""
WITH {_MONTHS}
SELECT p.hamlet_id, p.term, p.its, e.planned_on, g.planned_on FROM pair p
LEFT JOIN leaders_contest e ON e.hamlet_id = p.hamlet_id AND e.outcome = 'planned' AND e.planned_on >= %(day)s
LEFT JOIN leaders_contest g ON g.cell_id = p.cell_id AND g.outcome = 'planned' AND g.planned_on >= %(day)s
WHERE p.first <= %(day)s AND p.last >= %(day)s AND p.office = 'hamlet_head'
"""
WORDS = """
SELECT u.id, u.name, f.confirmed_at, f.note, a.full_name, a.phone,
       (SELECT max(month) FROM cells_confirmation b WHERE b.commune_id = u.id AND b.month < %(month)s)
FROM cells_unit u LEFT JOIN cells_confirmation f ON f.commune_id = u.id AND f.month = %(month)s
LEFT JOIN cells_grant g ON g.unit_id = u.id AND g.access = 'keep' LEFT JOIN accounts_user a ON a.id = g.user_id
WHERE u.province_id = %(province)s AND u.level = 'commune' AND u.closed_on IS NULL AND f.id IS NULL
ORDER BY u.sort_key, u.id LIMIT 50
"""
WORDS_BY_MONTH = """
SELECT f.month, count(*) FROM cells_confirmation f JOIN cells_unit u ON u.id = f.commune_id
WHERE u.province_id = %(province)s AND f.month > %(day)s::date - 365 GROUP BY 1
"""
STATEMENTS = {
    "vacancies": [COMMUNES, OF_HAMLETS, OF_CELLS, SEVERAL, CONFIRMED],
    "hamlets without a head, list": [WITHOUT_HEAD],
    "people with several seats, list": [SEVERAL_ROWS],
    "merged role": [BY_MONTH, CHANGES, PLANNED, CONFIRMED],
    "merged role, changes": [CHANGES],
    "confirmations": [WORDS, WORDS_BY_MONTH, CONFIRMED],
}
