"""What the first page of a leader answers beyond the overview, of which it leaves out what stands below."""

from bench.rivals import overview
from bench.rivals.common import CELLS, HAMLETS, in_office, running
from cells.models import Unit

# Why one person does not hold both seats: the first reason that applies.
REASONS = f"""
WITH {HAMLETS}, told AS (
    SELECT h.id, t.id AS head, t.way_in, t.starts_on, t.ends_on, t.is_extended, t.term, p.membership, p.left_on,
        EXISTS (SELECT 1 FROM cells_cellarea a WHERE a.hamlet_id = h.id AND {running("a")}) AS has_cell,
        (SELECT array_agg(s.person_id) FROM cells_cellarea a JOIN leaders_tenure s ON s.cell_id = a.cell_id
         WHERE a.hamlet_id = h.id AND {running("a")} AND s.office = 'secretary' AND {in_office("s")}) AS secretaries,
        t.person_id, f.person_id AS front
    FROM hamlet h
    LEFT JOIN leaders_tenure t ON t.hamlet_id = h.id AND t.office = 'hamlet_head' AND {in_office("t")}
    LEFT JOIN leaders_tenure f ON f.hamlet_id = h.id AND f.office = 'front_head' AND {in_office("f")}
    LEFT JOIN leaders_person p ON p.id = t.person_id)
SELECT CASE WHEN person_id = ANY (secretaries) THEN '' WHEN NOT has_cell THEN 'no_cell'
            WHEN secretaries IS NULL THEN 'no_secretary' WHEN head IS NULL THEN 'no_head'
            WHEN membership = 'no' OR left_on <= %(day)s THEN 'no_member' WHEN front = ANY (secretaries) THEN 'front'
            ELSE 'different' END,
       count(*), count(*) FILTER (WHERE way_in = 'interim' AND starts_on < %(day)s::date - 180),
       count(*) FILTER (WHERE ends_on BETWEEN %(day)s AND %(day)s::date + 90 OR (ends_on IS NULL AND NOT is_extended
           AND term LIKE '%%-' || extract(year FROM %(day)s::date)))
FROM told GROUP BY 1
"""
TERMS_OF_SECRETARIES = f"""
WITH {CELLS}
SELECT count(*) FROM cell c JOIN leaders_tenure t ON t.cell_id = c.id AND t.office = 'secretary' AND {in_office("t")}
WHERE t.ends_on BETWEEN %(day)s AND %(day)s::date + 90
   OR (t.ends_on IS NULL AND NOT t.is_extended AND t.term LIKE '%%-' || extract(year FROM %(day)s::date))
"""
REPORTS = """
SELECT r.* FROM dashboards_figurereport r JOIN cells_unit u ON u.id = r.unit_id
WHERE u.id = %(province)s OR u.province_id = %(province)s ORDER BY r.id DESC LIMIT 10
"""


def by_hand(province: Unit, day) -> None:
    """Ask for what the page answers as somebody would who knows this database."""
    below = overview.CHILDREN.format(below="p.commune_id", within="AND p.province_id = %(unit)s")
    statements = [one for one in overview.placed(province) if one != below]
    overview.ask([*statements, REASONS, TERMS_OF_SECRETARIES, REPORTS], province, day)
