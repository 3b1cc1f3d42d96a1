"""A year of meetings, by commune and by cell."""

from bench.rivals.common import running

_SUMS = """
sums AS (
    SELECT m.cell_id, sum(m.expected) FILTER (WHERE known) AS expected, sum(m.present) FILTER (WHERE known) AS present,
           count(*) FILTER (WHERE m.kind = 'regular' AND m.was_held) AS held,
           count(*) FILTER (WHERE m.kind = 'regular' AND NOT m.was_held) AS not_held,
           count(*) FILTER (WHERE m.kind <> 'regular') AS others,
           count(*) FILTER (WHERE m.grade = 'good') AS good, count(*) FILTER (WHERE m.grade = 'fair') AS fair,
           count(*) FILTER (WHERE m.grade = 'average') AS average, count(*) FILTER (WHERE m.grade = 'weak') AS weak
    FROM cells_cell k
    JOIN (SELECT *, kind = 'regular' AND was_held AND expected > 0 AND present IS NOT NULL AS known FROM cells_meeting) m
      ON m.cell_id = k.id
    WHERE k.province_id = %(province)s AND m.month BETWEEN %(first)s AND %(last)s
    GROUP BY 1)
"""
_CELLS = f"""
{_SUMS}, cell AS (
    SELECT k.id, k.commune_id, k.name, k.position, k.sort_key, s.*,
           s.present * 100 < s.expected * 85 AS under, %(months)s - s.held - s.not_held AS nothing
    FROM cells_cell k LEFT JOIN sums s ON s.cell_id = k.id
    WHERE k.province_id = %(province)s AND EXISTS (
        SELECT 1 FROM cells_cellperiod p WHERE p.cell_id = k.id AND {running("p")}))
"""
BY_COMMUNE = f"""
WITH {_CELLS}
SELECT u.id, u.kind, u.name, count(*), sum(expected), sum(present), sum(held), sum(not_held), sum(others), sum(good),
       sum(fair), sum(average), sum(weak), sum(nothing), count(*) FILTER (WHERE under),
       count(*) FILTER (WHERE not_held > 0), count(*) FILTER (WHERE nothing > 0)
FROM cell c JOIN cells_unit u ON u.id = c.commune_id GROUP BY u.id, u.kind, u.name, u.sort_key ORDER BY u.sort_key, u.id
"""
UNDER = f"""
WITH {_CELLS}
SELECT c.*, u.name, count(*) OVER () FROM cell c JOIN cells_unit u ON u.id = c.commune_id WHERE under
ORDER BY u.sort_key, u.id, c.position NULLS LAST, c.sort_key, c.id LIMIT 50
"""
STATEMENTS = {"meetings": [BY_COMMUNE], "cells under attendance, list": [UNDER]}
