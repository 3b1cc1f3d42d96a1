"""Statements and parts of statements that several boards by hand have in common."""

COMMUNES = """
SELECT id, kind, name FROM cells_unit
WHERE province_id = %(province)s AND level = 'commune' AND closed_on IS NULL ORDER BY sort_key, id
"""


def running(alias: str) -> str:
    """Return the condition that a dated row runs on the day."""
    return (
        f"({alias}.starts_on IS NULL OR {alias}.starts_on <= %(day)s)"
        f" AND ({alias}.ends_on IS NULL OR {alias}.ends_on >= %(day)s)"
    )


def in_office(alias: str) -> str:
    """Return the condition that a tenure is known to run on the day."""
    return (
        f"({alias}.starts_on <= %(day)s"
        f" OR ({alias}.starts_on IS NULL AND coalesce({alias}.seen_on, %(day)s) <= %(day)s))"
        f" AND ({alias}.ends_on IS NULL OR {alias}.ends_on >= %(day)s)"
    )


# The hamlets and the cells that stand in the province on the day, each with its commune.
HAMLETS = f"""
hamlet AS (
    SELECT p.unit_id AS id, p.commune_id, p.kind FROM cells_unitperiod p
    WHERE p.level = 'hamlet' AND p.province_id = %(province)s AND {running("p")})
"""
CELLS = f"""
cell AS (
    SELECT p.cell_id AS id, p.commune_id FROM cells_cellperiod p
    WHERE p.province_id = %(province)s AND {running("p")})
"""
