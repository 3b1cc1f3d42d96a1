"""The ground of the country: hamlets with cells, leaders and ten years of ratings.

Every hamlet stands until 30/6/2025 in an old commune and from
1/7/2025 in its successor, so that past days have their own places to be counted in.
"""

HAMLETS_PER_COMMUNE = 30
FIRST_YEAR, LAST_YEAR = 2016, 2025

# new commune → one of the communes it came from (itself where it went on), with what stood above then
ORIGINS = """
CREATE TEMPORARY TABLE origin AS
SELECT c.id AS new, old.unit_id AS old, old.district_id, old.province_id AS old_province, c.province_id
FROM cells_unit c
JOIN LATERAL (
    SELECT p.unit_id, p.district_id, p.province_id FROM cells_unitperiod p
    WHERE p.level = 'commune' AND p.ends_on = '2025-06-30'
      AND (p.unit_id = c.id OR p.unit_id IN (
          SELECT predecessor_id FROM cells_succession s WHERE s.successor_id = c.id))
    ORDER BY p.unit_id LIMIT 1
) old ON true
WHERE c.level = 'commune' AND c.closed_on IS NULL
"""

STEPS = [
    ORIGINS,
    "ANALYZE",
    f"""
    INSERT INTO cells_unit (level, code, kind, name, note, parent_id, province_id, commune_id,
                            search_key, sort_key)
    SELECT 'hamlet', 'T' || lpad(row_number() OVER (ORDER BY o.new, n)::text, 7, '0'), 'ap', n::text, '',
           o.new, o.province_id, o.new, 'ap ' || n, lpad(n::text, 6, '0')
    FROM origin o, generate_series(1, {HAMLETS_PER_COMMUNE}) n
    """,
    """
    INSERT INTO cells_unitperiod (unit_id, name, kind, code, level, parent_id, commune_id, district_id,
                                  province_id, starts_on, ends_on)
    SELECT u.id, u.name, u.kind, u.code, 'hamlet', o.old, o.old, o.district_id, o.old_province,
           NULL, '2025-06-30'::date
    FROM cells_unit u JOIN origin o ON o.new = u.commune_id WHERE u.level = 'hamlet'
    UNION ALL
    SELECT u.id, u.name, u.kind, u.code, 'hamlet', u.commune_id, u.commune_id, NULL, u.province_id,
           '2025-07-01'::date, NULL
    FROM cells_unit u WHERE u.level = 'hamlet'
    """,
    """
    INSERT INTO cells_cell (id, code, kind, is_grassroots, parent_organisation, note, name, province_id, commune_id,
                            search_key, sort_key)
    SELECT u.id, 'C' || substr(u.code, 2), 'hamlet', false, '', '', 'Chi bộ ấp ' || u.name, u.province_id, u.commune_id,
           'chi bo ap ' || u.name, u.sort_key
    FROM cells_unit u WHERE u.level = 'hamlet'
    """,
    """
    INSERT INTO cells_cellperiod (cell_id, name, commune_id, district_id, province_id, starts_on, ends_on)
    SELECT p.unit_id, 'Chi bộ ấp ' || p.name, p.commune_id, p.district_id, p.province_id, p.starts_on, p.ends_on
    FROM cells_unitperiod p WHERE p.level = 'hamlet'
    """,
    "INSERT INTO cells_cellarea (cell_id, hamlet_id) SELECT id, id FROM cells_unit WHERE level = 'hamlet'",
    """
    INSERT INTO leaders_person (id, full_name, gender, born_on_precision, ethnicity, education, profession,
        theory_level, membership, admitted_on_precision, official_on_precision, left_on_precision, phone,
        is_synthetic, note, search_key, sort_key, keeper_id)
    SELECT u.id, 'Nguyễn Văn ' || u.id, '', '', '', '', '', '', 'yes', '', '', '', '', true, '',
           'nguyen van ' || u.id, lpad(u.id::text, 9, '0'), u.commune_id
    FROM cells_unit u WHERE u.level = 'hamlet'
    """,
    # Nine hamlets in ten have one person in both seats; in the tenth the head is the neighbour's secretary.
    """
    INSERT INTO leaders_tenure (person_id, office, cell_id, hamlet_id, starts_on, ends_on, is_extended,
                                way_in, way_out, term)
    SELECT u.id, 'secretary', u.id, NULL::bigint, t.first, t.last, false, '', '', ''
    FROM cells_unit u, (VALUES ('2015-01-01'::date, '2019-12-31'::date), ('2020-01-01', NULL)) t(first, last)
    WHERE u.level = 'hamlet'
    UNION ALL
    SELECT CASE WHEN u.id % 10 = 0 THEN u.id - 1 ELSE u.id END, 'hamlet_head', NULL, u.id, t.first, t.last,
           false, CASE WHEN u.id % 25 = 0 THEN 'interim' ELSE '' END, '', ''
    FROM cells_unit u, (VALUES ('2015-01-01'::date, '2019-12-31'::date), ('2020-01-01', NULL)) t(first, last)
    WHERE u.level = 'hamlet'
      AND (u.id % 10 <> 0 OR EXISTS (SELECT 1 FROM leaders_person p WHERE p.id = u.id - 1))
    """,
    """
    INSERT INTO cells_membercount (cell_id, day, total)
    SELECT id, d, 20 + id % 30 FROM cells_unit, (VALUES ('2023-12-31'::date), ('2025-12-31')) v(d)
    WHERE level = 'hamlet'
    """,
    """
    INSERT INTO cells_householdcount (hamlet_id, day, households)
    SELECT id, '2025-12-31', 200 + id % 300 FROM cells_unit WHERE level = 'hamlet'
    """,
    f"""
    INSERT INTO cells_decision (number, date, issuing_body, signer, subject, file, search_key)
    SELECT y || '-QĐ/ĐU', make_date(y + 1, 1, 5), 'Đo tốc độ', '', '', '', ''
    FROM generate_series({FIRST_YEAR}, {LAST_YEAR}) y
    """,
    f"""
    INSERT INTO evaluations_reviewcycle (year, province_id, rule_set_id, roster_day, state, leaders)
    SELECT y, p.id, r.id, make_date(y, 12, 31), 'recorded', 'secretaries'
    FROM generate_series({FIRST_YEAR}, {LAST_YEAR}) y
    JOIN (SELECT DISTINCT old_province AS id, 2024 AS until FROM origin
          UNION SELECT DISTINCT province_id, 9999 FROM origin) p
      ON (y <= 2024 AND p.until = 2024) OR (y > 2024 AND p.until = 9999)
    JOIN evaluations_ruleset r
      ON (y >= r.first_year OR r.first_year = 2018) AND (r.last_year IS NULL OR y <= r.last_year)
    WHERE r.first_year = (SELECT max(first_year) FROM evaluations_ruleset x
                          WHERE x.first_year <= greatest(y, 2018))
    """,
    """
    INSERT INTO evaluations_cellrating (cycle_id, cell_id, commune_id, district_id, province_id, self_level,
        proposed_level, decided_level, not_subject_reason, reason, note, decision_id, decided_on, edition,
        edition_reason, revision, roster_reason, withheld)
    SELECT c.id, p.cell_id, p.commune_id, p.district_id, p.province_id, '', '',
           (ARRAY['EXCELLENT', 'GOOD', 'GOOD', 'GOOD', 'COMPLETED'])[1 + (p.cell_id + c.year) % 5],
           '', '', '', d.id, d.date, 1, '', 1, '', false
    FROM evaluations_reviewcycle c
    JOIN cells_cellperiod p ON p.province_id = c.province_id
      AND (p.starts_on IS NULL OR p.starts_on <= c.roster_day)
      AND (p.ends_on IS NULL OR p.ends_on >= c.roster_day)
    JOIN cells_decision d ON d.number = c.year || '-QĐ/ĐU'
    """,
    "SELECT setval('cells_cell_id_seq', (SELECT max(id) FROM cells_cell))",
    "SELECT setval('leaders_person_id_seq', (SELECT max(id) FROM leaders_person))",
    "ANALYZE",
]
