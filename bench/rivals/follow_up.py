"""Who follows what: coverage, officers, visits, promises."""

from bench.rivals.common import COMMUNES, HAMLETS, running

_VISITS = """
visit AS (
    SELECT v.* FROM leaders_visit v JOIN cells_unitperiod p ON p.unit_id = v.unit_id
      AND (p.starts_on IS NULL OR p.starts_on <= v.day) AND (p.ends_on IS NULL OR p.ends_on >= v.day)
    WHERE v.day <= %(day)s AND (p.province_id = %(province)s OR p.unit_id = %(province)s))
"""
COVERAGE = f"""
WITH {HAMLETS}, follows AS (
    SELECT a.unit_id, count(DISTINCT a.person_id) + count(DISTINCT a.organisation) FILTER (WHERE a.person_id IS NULL) AS n
    FROM hamlet h JOIN leaders_assignment a ON a.unit_id = h.id
    WHERE a.kind = 'hamlet_officer' AND {running("a")} GROUP BY 1)
SELECT h.commune_id, count(*), count(*) FILTER (WHERE f.n IS NULL), count(*) FILTER (WHERE f.n > 1)
FROM hamlet h LEFT JOIN follows f ON f.unit_id = h.id GROUP BY 1
"""
OF_COMMUNES = f"""
SELECT u.id, EXISTS (SELECT 1 FROM leaders_assignment a WHERE a.unit_id = u.id AND {running("a")})
FROM cells_unit u WHERE u.province_id = %(province)s AND u.level = 'commune' AND u.closed_on IS NULL
"""
_OFFICERS = f"""
SELECT a.person_id, CASE WHEN a.person_id IS NULL THEN a.organisation ELSE '' END AS nobody,
       count(DISTINCT a.unit_id) FILTER (WHERE u.level = 'hamlet') AS hamlets,
       count(DISTINCT a.unit_id) FILTER (WHERE u.level = 'commune') AS communes,
       max(v.last) AS last
FROM cells_unitperiod u JOIN leaders_assignment a ON a.unit_id = u.unit_id AND {running("a")}
LEFT JOIN LATERAL (SELECT max(day) AS last FROM leaders_visit v WHERE v.assignment_id = a.id AND v.kind = 'visit'
    AND v.day <= %(day)s AND NOT (v.attended IS NULL AND v.remark = '' AND v.promise = '')) v ON true
WHERE (u.province_id = %(province)s OR u.unit_id = %(province)s) AND {running("u")} GROUP BY 1, 2
"""
OFFICERS = f"""
SELECT o.*, p.full_name, count(*) OVER () FROM ({_OFFICERS}) o LEFT JOIN leaders_person p ON p.id = o.person_id
ORDER BY p.sort_key, p.id, o.nobody LIMIT 50
"""
MONTHS = f"""
WITH {_VISITS}
SELECT date_trunc('month', day), count(*), count(*) FILTER (WHERE attended), count(*) FILTER (WHERE NOT attended),
       count(*) FILTER (WHERE minutes_attended), count(*) FILTER (WHERE NOT minutes_attended),
       count(*) FILTER (WHERE attended <> minutes_attended)
FROM visit WHERE kind = 'visit' AND day >= date_trunc('month', %(day)s) - interval '11 months' GROUP BY 1
"""
TOLD = f"""
WITH {_VISITS}
SELECT count(*) FILTER (WHERE promise <> '' AND promise_kept_on IS NULL AND promise_due < %(day)s),
       count(*) FILTER (WHERE promise <> '' AND promise_kept_on IS NULL),
       count(*) FILTER (WHERE kind = 'visit' AND reported_at::date - day > 7
                          AND NOT (attended IS NULL AND remark = '' AND promise = '')),
       count(*) FILTER (WHERE kind = 'inspection')
FROM visit
"""
VISITS = f"""
WITH {_VISITS}, page AS (SELECT *, count(*) OVER () AS found FROM visit ORDER BY day DESC, id DESC LIMIT 50)
SELECT v.*, u.name, c.name, p.full_name, a.organisation FROM page v JOIN cells_unit u ON u.id = v.unit_id
LEFT JOIN cells_unit c ON c.id = u.commune_id LEFT JOIN leaders_assignment a ON a.id = v.assignment_id
LEFT JOIN leaders_person p ON p.id = a.person_id ORDER BY v.day DESC, v.id DESC
"""
NOT_FOLLOWED = f"""
WITH {HAMLETS}
SELECT h.id, u.name, c.name, count(*) OVER () FROM hamlet h JOIN cells_unit u ON u.id = h.id
JOIN cells_unit c ON c.id = h.commune_id WHERE NOT EXISTS (
    SELECT 1 FROM leaders_assignment a WHERE a.unit_id = h.id AND a.kind = 'hamlet_officer' AND {running("a")})
ORDER BY c.sort_key, c.id, u.sort_key, u.id LIMIT 50
"""
STATEMENTS = {
    "follow-up": [COMMUNES, OF_COMMUNES, COVERAGE, _OFFICERS, MONTHS, TOLD],
    "officers, list": [COMMUNES, OFFICERS],
    "hamlets not followed, list": [COMMUNES, NOT_FOLLOWED],
    "visits, list": [COMMUNES, VISITS],
}
