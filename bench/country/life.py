"""What happens in the country: people with their years, elections of two terms, meetings, titles, visits, a review.

As the ground it is written by hand in SQL and nothing of it is real. Shares come from remainders of the keys, so
that every state of every board has some rows. Days run up to today, because the boards ask about today.
"""

# A second person of each hamlet, who stands as a candidate, leads the Front, follows hamlets: this far behind the first.
SECOND = 1_000_000
# What there is most of is written for some provinces only, the one that is measured among them.
LIVELY = """
CREATE TEMPORARY TABLE lively AS SELECT id FROM cells_unit WHERE level = 'commune' AND province_id IN (
    SELECT province_id FROM cells_unit WHERE level = 'commune' AND closed_on IS NULL
    GROUP BY 1 ORDER BY min(id) LIMIT 5)
"""
LAST_TERM, TERM = "2020-2025", "2025-2027"
REVIEW = 2026

PEOPLE = [
    f"""
    INSERT INTO leaders_person (id, full_name, gender, born_on_precision, ethnicity, education, profession,
        theory_level, membership, admitted_on_precision, official_on_precision, left_on_precision, phone,
        is_synthetic, note, search_key, sort_key, keeper_id)
    SELECT id + {SECOND}, full_name, '', '', '', '', '', '', membership, '', '', '', '', true, '', '', '', keeper_id
    FROM leaders_person WHERE keeper_id IN (SELECT id FROM cells_unit WHERE level = 'commune')
    """,
    """
    UPDATE leaders_person p SET full_name = s.full_name, search_key = s.search_key, sort_key = s.sort_key,
        gender = CASE WHEN p.id % 4 = 0 THEN 'female' ELSE 'male' END,
        born_on = make_date(1955 + (abs(hashint8(p.id + 1)::bigint) % 43)::int,
            CASE WHEN p.id % 3 = 0 THEN 1 + (p.id % 12)::int ELSE 1 END, 1),
        born_on_precision = CASE WHEN p.id % 3 = 0 THEN 'month' ELSE 'year' END,
        admitted_on = make_date(1990 + (p.id % 30)::int, 1, 1), admitted_on_precision = 'year',
        education = '12/12', theory_level = (ARRAY['primary', 'intermediate', 'none'])[1 + p.id % 3],
        phone = CASE WHEN p.id % 2 = 0 THEN '09' || lpad((abs(hashint8(p.id + 2)::bigint) % 3000000)::text, 8, '0') ELSE '' END
    FROM spoken s WHERE s.number = abs(hashint8(p.id)::bigint) % (SELECT count(*) FROM spoken)
    """,
    f"""
    INSERT INTO leaders_tenure (person_id, office, hamlet_id, starts_on, is_extended, way_in, way_out, term)
    SELECT CASE WHEN id % 20 = 1 THEN id ELSE id + {SECOND} END, 'front_head', id, '2020-01-01', false, '', '', ''
    FROM cells_unit WHERE level = 'hamlet' AND id % 15 <> 0
    """,
    """
    UPDATE cells_membercount SET official = CASE WHEN cell_id % 60 = 0 THEN 2 ELSE total - cell_id % 4 END
    WHERE cell_id % 30 <> 1
    """,
]

# Congresses and elections; two out of three of the term are held, the others planned, failed or not planned yet.
CONTESTS = [
    f"""
    INSERT INTO leaders_contest (kind, cell_id, hamlet_id, term, planned_on, held_on, method, entitled, present,
                                 ballots, note, revision, outcome)
    SELECT k.kind, CASE WHEN k.kind = 'congress' THEN u.id END, CASE WHEN k.kind = 'head_election' THEN u.id END,
           t.term, CASE t.outcome WHEN 'planned' THEN current_date + (5 + u.id % 60)::int END,
           CASE WHEN t.term = '{LAST_TERM}' THEN '2020-01-01'
                WHEN t.outcome <> 'planned' THEN '2025-11-01'::date + (u.id % 20)::int END,
           'ballot', 100 + u.id % 100, 90 + u.id % 100, 90 + u.id % 100, '', 1, t.outcome
    FROM cells_unit u CROSS JOIN (VALUES ('congress', 3), ('head_election', 0)) k(kind, aside)
    CROSS JOIN LATERAL (
        SELECT '{LAST_TERM}' AS term, 'held' AS outcome
        UNION ALL
        SELECT '{TERM}', unnest(CASE WHEN part < 13 THEN ARRAY['held'] WHEN part < 18 THEN ARRAY['planned']
                                     WHEN part = 18 THEN ARRAY['failed', 'planned'] WHEN u.id % 40 = 19 THEN ARRAY['failed']
                                     ELSE ARRAY[]::text[] END)
        FROM (SELECT (u.id + aside) % 20 AS part) parts) t
    WHERE u.level = 'hamlet'
    """,
    f"""
    INSERT INTO leaders_candidacy (contest_id, person_id, name, office, votes, elected)
    SELECT c.id, t.person_id, '', CASE WHEN c.kind = 'congress' THEN 'secretary' ELSE '' END, c.present - 10,
           c.outcome = 'held' AND (c.kind = 'congress' OR c.term <> '{TERM}' OR c.hamlet_id % 12 <> 0)
    FROM leaders_contest c JOIN leaders_tenure t ON t.starts_on = '2020-01-01'
      AND ((c.kind = 'congress' AND t.cell_id = c.cell_id AND t.office = 'secretary')
        OR (c.kind = 'head_election' AND t.hamlet_id = c.hamlet_id AND t.office = 'hamlet_head'))
    WHERE c.outcome <> 'planned'
    UNION ALL
    SELECT c.id, coalesce(c.cell_id, c.hamlet_id) + {SECOND}, '',
           CASE WHEN c.kind = 'congress' THEN 'deputy_secretary' ELSE '' END, 10,
           c.outcome = 'held' AND (c.kind = 'congress' OR (c.term = '{TERM}' AND c.hamlet_id % 12 = 0))
    FROM leaders_contest c WHERE c.outcome <> 'planned'
    """,
    f"""
    UPDATE leaders_tenure t SET contest_id = c.id, term = c.term,
        way_in = CASE WHEN c.kind = 'congress' THEN 'congress' ELSE 'elected' END
    FROM leaders_contest c
    WHERE t.starts_on = '2020-01-01' AND c.term = '{LAST_TERM}' AND t.way_in = ''
      AND ((c.kind = 'congress' AND t.cell_id = c.cell_id AND t.office = 'secretary')
        OR (c.kind = 'head_election' AND t.hamlet_id = c.hamlet_id AND t.office = 'hamlet_head'))
    """,
    f"""
    UPDATE leaders_tenure t SET ends_on = c.held_on - 1, ended_by_id = c.id, way_out = 'term_ended'
    FROM leaders_contest c
    WHERE t.starts_on = '2020-01-01' AND c.term = '{TERM}' AND c.outcome = 'held'
      AND ((c.kind = 'congress' AND t.cell_id = c.cell_id AND t.office = 'secretary')
        OR (c.kind = 'head_election' AND t.hamlet_id = c.hamlet_id AND t.office = 'hamlet_head'))
    """,
    f"""
    INSERT INTO leaders_tenure (person_id, office, cell_id, hamlet_id, starts_on, is_extended, way_in, way_out,
                                term, contest_id)
    SELECT k.person_id, CASE WHEN c.kind = 'congress' THEN 'secretary' ELSE 'hamlet_head' END, c.cell_id,
           c.hamlet_id, c.held_on, false, CASE WHEN c.kind = 'congress' THEN 'congress' ELSE 'elected' END, '',
           c.term, c.id
    FROM leaders_contest c JOIN leaders_candidacy k ON k.contest_id = c.id AND k.elected
    WHERE c.term = '{TERM}' AND c.outcome = 'held' AND k.office <> 'deputy_secretary'
    """,
]

# Some have died since, and nobody has followed them.
VACANT = [
    """
    UPDATE leaders_tenure SET ends_on = current_date - 60, way_out = 'died'
    WHERE ends_on IS NULL AND starts_on < current_date - 60
      AND ((office = 'hamlet_head' AND hamlet_id % 50 = 3) OR (office = 'secretary' AND cell_id % 70 = 3))
    """,
]

MEETINGS = [
    """
    INSERT INTO cells_meeting (cell_id, kind, day, month, was_held, expected, present, committee_met, grade, note,
                               revision)
    SELECT id, 'regular', CASE WHEN held THEN month + (id % 10)::int ELSE month END, month, held, 20 + id % 30,
           CASE WHEN held AND (id + n) % 23 <> 0 THEN 20 + id % 30 - (id * 7 + n) % 8 END,
           CASE WHEN held THEN true END,
           CASE WHEN held THEN (ARRAY['good', 'good', 'fair', 'average'])[1 + (id + n) % 4] ELSE '' END, '', 1
    FROM cells_cell CROSS JOIN generate_series(0, 23) n
    CROSS JOIN LATERAL (SELECT (date_trunc('month', current_date) - n * interval '1 month')::date AS month,
                               (id + n) % 40 <> 0 AS held) m
    WHERE kind = 'hamlet' AND (id * 3 + n) % 29 <> 0 AND commune_id IN (SELECT id FROM lively)
    """,
    """
    INSERT INTO cells_meeting (cell_id, kind, day, month, was_held, expected, present, grade, note, revision)
    SELECT id, 'thematic', month + 20, month, true, 20 + id % 30, 18 + id % 30, '', '', 1
    FROM cells_cell CROSS JOIN generate_series(2, 23, 3) n
    CROSS JOIN LATERAL (SELECT (date_trunc('month', current_date) - n * interval '1 month')::date AS month) m
    WHERE kind = 'hamlet' AND commune_id IN (SELECT id FROM lively)
    """,
]

TITLES = [
    """
    INSERT INTO cells_decision (number, date, issuing_body, unit_id, signer, subject, file, search_key)
    SELECT y || '-QĐ/TU', make_date(y, 12, 20), 'Tỉnh ủy', id, '', '', '', y || ' qd tu'
    FROM cells_unit CROSS JOIN generate_series(2021, 2025) y WHERE level = 'province' AND closed_on IS NULL
    """,
    """
    INSERT INTO evaluations_criteriaset (title_id, province_id, name, legal_basis, least_points, starts_on)
    SELECT t.id, u.id, t.name, '', 80, '2023-01-01'
    FROM evaluations_title t CROSS JOIN cells_unit u
    WHERE t.code = 'TSVMTD' AND u.level = 'province' AND u.closed_on IS NULL
    """,
    """
    INSERT INTO evaluations_criterion (criteria_set_id, position, "group", text, points)
    SELECT id, n, '', 'Tiêu chí ' || n, 10 FROM evaluations_criteriaset CROSS JOIN generate_series(1, 10) n
    WHERE province_id IS NOT NULL
    """,
    """
    INSERT INTO evaluations_titlecase (cell_id, title_id, state, year, criteria_set_id, registered_on, appraised_on,
        appraisal_team, appraisal_remark, declined_on, declined_reason, recognised_on, recognition_id, revoked_on,
        revocation_id, revocation_reason, is_pilot, keep_plan, learned, note, revision)
    SELECT c.id, s.title_id, k.state, k.year, s.id, make_date(k.year, 3, 1),
           CASE WHEN k.state <> 'registered' THEN make_date(k.year, 11, 1) END, '', '',
           CASE WHEN k.state = 'declined' THEN make_date(k.year, 12, 20) END,
           CASE WHEN k.state = 'declined' THEN 'Chưa đủ điểm' ELSE '' END,
           CASE WHEN k.state IN ('recognised', 'revoked') THEN make_date(k.year, 12, 20) END,
           CASE WHEN k.state IN ('recognised', 'revoked') THEN d.id END,
           CASE WHEN k.state = 'revoked' THEN '2025-12-20'::date END,
           CASE WHEN k.state = 'revoked' THEN r.id END,
           CASE WHEN k.state = 'revoked' THEN 'Không còn đủ điều kiện' ELSE '' END, c.id % 400 = 2, '', '', '', 1
    FROM cells_cell c JOIN cells_unit u ON u.id = c.commune_id
    JOIN evaluations_criteriaset s ON s.province_id = u.province_id
    JOIN (VALUES (0, 'registered', 2026), (1, 'appraised', 2026), (2, 'recognised', 2023), (3, 'recognised', 2023),
                 (4, 'recognised', 2025), (5, 'revoked', 2023), (6, 'declined', 2025)) k(part, state, year)
      ON k.part = c.id % 10 AND (k.part < 5 OR c.id % 50 < 10)
    LEFT JOIN cells_decision d ON d.unit_id = u.province_id AND d.number = k.year || '-QĐ/TU'
    LEFT JOIN cells_decision r ON r.unit_id = u.province_id AND r.number = '2025-QĐ/TU'
    """,
    """
    INSERT INTO evaluations_casecriterion (case_id, criterion_id, organisation, self_points, appraised_points, remark,
                                           revision)
    SELECT c.id, k.id, '', 9, CASE WHEN c.state <> 'registered' THEN 7 + (c.id + k.position) % 4 END, '', 1
    FROM evaluations_titlecase c JOIN evaluations_criterion k ON k.criteria_set_id = c.criteria_set_id
    JOIN cells_cell o ON o.id = c.cell_id AND o.commune_id IN (SELECT id FROM lively)
    """,
    """
    INSERT INTO evaluations_casecheck (case_id, year, outcome, found, remark, checked_on, revision)
    SELECT id, y, CASE WHEN id % 9 = 0 THEN 'at_risk' ELSE 'kept' END,
           CASE WHEN id % 9 = 0 THEN 'Dự sinh hoạt dưới mức' ELSE '' END, '', make_date(y, 11, 10), 1
    FROM evaluations_titlecase CROSS JOIN generate_series(2024, 2026) y
    WHERE state = 'recognised' AND year = 2023 AND (y < 2026 OR id % 2 = 0)
    """,
]

TARGETS = [
    """
    INSERT INTO evaluations_target (unit_id, term, figure, title_id, goal, base, starts_on, ends_on, resolution_id,
                                    resolved_on, edition, edition_reason)
    SELECT u.id, '2025-2030', f.figure, CASE WHEN f.figure = 'title_of_goal' THEN t.id END, f.goal, f.base,
           '2025-01-01', '2030-12-31', d.id, d.date, 1, ''
    FROM cells_unit u JOIN cells_decision d ON d.unit_id = u.id AND d.number = '2025-QĐ/TU'
    CROSS JOIN evaluations_title t
    CROSS JOIN (VALUES ('title_of_goal', 1500, 3000), ('merged_role', 2800, 3000), ('interim_heads', 20, NULL),
                       ('vacant_secretaries', 10, NULL)) f(figure, goal, base)
    WHERE u.level = 'province' AND t.code = 'TSVMTD'
    """,
    """
    INSERT INTO evaluations_target (unit_id, term, figure, title_id, goal, base, starts_on, ends_on, resolution_id,
                                    resolved_on, edition, edition_reason, part_of_id)
    SELECT u.id, t.term, t.figure, t.title_id, 15, 30, t.starts_on, t.ends_on, t.resolution_id, t.resolved_on, 1, '',
           t.id
    FROM evaluations_target t JOIN cells_unit u ON u.province_id = t.unit_id AND u.level = 'commune'
    WHERE u.closed_on IS NULL AND t.figure IN ('title_of_goal', 'merged_role')
    """,
    """
    INSERT INTO evaluations_targetstep (target_id, year, planned)
    SELECT id, y, goal * (y - 2024) / 6 FROM evaluations_target CROSS JOIN generate_series(2025, 2030) y
    WHERE part_of_id IS NULL
    """,
]

FOLLOW_UP = [
    # Three hamlets in a row have one officer, some none; every fourth had another one before.
    f"""
    INSERT INTO leaders_assignment
        (kind, person_id, organisation, organisation_key, unit_id, starts_on, ends_on, by_commune)
    SELECT 'hamlet_officer', p.id, '', '', u.id, d.first, d.last, false
    FROM cells_unit u JOIN leaders_person p ON p.id = u.id - u.id % 3 + {SECOND}
    JOIN (VALUES ('2025-07-01'::date, NULL::date, 1), ('2023-01-01', '2025-06-30', 4)) d(first, last, each)
      ON u.id % d.each = 0
    WHERE u.level = 'hamlet' AND u.id % 15 <> 0
    UNION ALL
    SELECT 'committee_member', min(p.id), '', '', u.id, '2025-07-01', NULL, false
    FROM cells_unit u JOIN leaders_person p ON p.keeper_id = u.id
    WHERE u.level = 'commune' AND u.id % 20 <> 0 GROUP BY u.id
    UNION ALL
    SELECT 'hamlet_officer', NULL, 'Hội Nông dân số ' || u.province_id || '-' || u.id % 30,
           'hoi nong dan so ' || u.province_id || ' ' || u.id % 30, u.id, '2025-07-01', NULL, false
    FROM cells_unit u WHERE u.level = 'hamlet' AND u.id % 30 = 7
    """,
    """
    INSERT INTO leaders_visit (kind, unit_id, assignment_id, team, day, attended, remark, conclusion, promise,
        promise_due, promise_kept_on, promise_undated, minutes_attended, reported_at, revision)
    SELECT 'visit', a.unit_id, a.id, '', v.day, (a.id + n) % 9 <> 0, 'Sinh hoạt đúng lịch', '',
           CASE WHEN (a.id + n) % 10 = 0 THEN 'Hỗ trợ làm đường' ELSE '' END,
           CASE WHEN (a.id + n) % 10 = 0 THEN v.day + 60 END,
           CASE WHEN (a.id + n) % 20 = 0 THEN v.day + 30 END, false,
           CASE WHEN (a.id + n) % 2 = 0 THEN (a.id + n) % 8 <> 0 END, v.day + (1 + (a.id + n) % 10)::int, 1
    FROM leaders_assignment a JOIN cells_unit u ON u.id = a.unit_id AND u.commune_id IN (SELECT id FROM lively)
    CROSS JOIN generate_series(0, 11) n
    CROSS JOIN LATERAL (SELECT current_date - 3 - n * 30 - (a.id % 25)::int AS day) v
    WHERE a.kind = 'hamlet_officer' AND a.ends_on IS NULL AND (a.id + n) % 2 = 0 AND v.day >= a.starts_on
    """,
    """
    INSERT INTO leaders_visit (kind, unit_id, team, day, remark, conclusion, promise, promise_undated,
                               reported_at, revision)
    SELECT 'inspection', id, 'Đoàn kiểm tra', current_date - 10 - n * 90, '', 'Đạt yêu cầu', '', false, now(), 1
    FROM cells_unit CROSS JOIN generate_series(0, 3) n WHERE level = 'commune' AND closed_on IS NULL
    """,
]

LEARNING = [
    """
    INSERT INTO leaders_course (unit_id, name, starts_on, ends_on, organiser, place, note)
    SELECT id, 'Bồi dưỡng nghiệp vụ khóa ' || n, current_date - n * 200, current_date - n * 200 + 3, 'Trường Chính trị', '', ''
    FROM cells_unit CROSS JOIN generate_series(1, 10) n WHERE level = 'province' AND closed_on IS NULL
    """,
    """
    INSERT INTO leaders_participation (course_id, person_id, completed, result)
    SELECT c.id, p.id, (p.id % 7 <> 0), ''
    FROM leaders_course c JOIN cells_unit u ON u.province_id = c.unit_id AND u.level = 'commune'
    JOIN leaders_person p ON p.keeper_id = u.id WHERE (p.id + c.id) % 10 = 0
    """,
    """
    INSERT INTO leaders_commendation (person_id, cell_id, year, form, decision_id, merit, streak_years)
    SELECT p.id, NULL::bigint, d.y, (ARRAY['paper', 'diploma', 'praised'])[1 + p.id % 3], d.id, 'Hoàn thành xuất sắc nhiệm vụ',
           CASE WHEN p.id % 3 = 0 THEN 3 END
    FROM leaders_person p JOIN cells_unit u ON u.id = p.keeper_id
    JOIN (SELECT id, unit_id, extract(year FROM date)::int AS y FROM cells_decision WHERE number LIKE '%-QĐ/TU') d
      ON d.unit_id = u.province_id AND (p.id + d.y) % 25 = 0
    UNION ALL
    SELECT NULL, c.id, d.y, 'paper', d.id, 'Hoàn thành xuất sắc nhiệm vụ', NULL
    FROM cells_cell c JOIN cells_unit u ON u.id = c.commune_id
    JOIN (SELECT id, unit_id, extract(year FROM date)::int AS y FROM cells_decision WHERE number LIKE '%-QĐ/TU') d
      ON d.unit_id = u.province_id AND (c.id + d.y) % 25 = 0
    """,
]

OFFICES = [
    """
    INSERT INTO accounts_user (password, is_superuser, username, email, is_active, date_joined, full_name, position,
                               phone, role, search_key)
    SELECT '!', false, 'bench-xa-' || id, '', true, now(), 'Cán bộ xã', '', '0270 3' || id, 'commune_staff', ''
    FROM cells_unit WHERE level = 'commune' AND closed_on IS NULL
    """,
    """
    INSERT INTO cells_grant (user_id, unit_id, access, source)
    SELECT a.id, u.id, 'keep', '' FROM cells_unit u JOIN accounts_user a ON a.username = 'bench-xa-' || u.id
    """,
    """
    INSERT INTO cells_confirmation (commune_id, month, confirmed_at, confirmed_by_id, note)
    SELECT u.id, m.month, m.month + interval '20 days', a.id, ''
    FROM cells_unit u JOIN accounts_user a ON a.username = 'bench-xa-' || u.id CROSS JOIN generate_series(0, 11) n
    CROSS JOIN LATERAL (SELECT (date_trunc('month', current_date) - n * interval '1 month')::date AS month) m
    WHERE (u.id + n) % 8 <> 0
    """,
]

# The review of the year: some communes still enter, some have put or decided, some have sent.
REVIEWS = [
    f"""
    INSERT INTO evaluations_reviewcycle (year, province_id, rule_set_id, roster_day, list_deadline, deadline, state,
                                         leaders)
    SELECT {REVIEW}, u.id, (SELECT max(id) FROM evaluations_ruleset), '{REVIEW}-10-31', '{REVIEW}-11-10',
           '{REVIEW}-11-25', 'open', 'secretaries'
    FROM cells_unit u WHERE u.level = 'province' AND u.closed_on IS NULL
    """,
    f"""
    INSERT INTO cells_decision (number, date, issuing_body, unit_id, signer, subject, file, search_key)
    SELECT '{REVIEW}-QĐ/ĐU', '{REVIEW}-11-20', 'Đảng ủy xã', id, '', '', '', '{REVIEW} qd du'
    FROM cells_unit WHERE level = 'commune' AND closed_on IS NULL
    """,
    f"""
    INSERT INTO evaluations_submission (cycle_id, commune_id, state, list_confirmed_at, list_confirmed_cells,
        decision_id, share_reason, is_outstanding, sent_at, received_at, revision)
    SELECT y.id, u.id, s.state, CASE WHEN u.id % 11 <> 0 THEN now() END, 30,
           CASE WHEN s.state NOT IN ('entering', 'put') THEN d.id END, '', u.id % 13 = 0,
           CASE WHEN s.state IN ('sent', 'received') THEN now() END, CASE WHEN s.state = 'received' THEN now() END, 1
    FROM evaluations_reviewcycle y JOIN cells_unit u ON u.province_id = y.province_id AND u.level = 'commune'
    JOIN cells_decision d ON d.unit_id = u.id AND d.number = '{REVIEW}-QĐ/ĐU'
    CROSS JOIN LATERAL (SELECT (ARRAY['entering', 'put', 'decided', 'sent', 'received', 'received'])[1 + u.id % 6] AS state) s
    WHERE y.year = {REVIEW}
    """,
    f"""
    INSERT INTO evaluations_cellrating (cycle_id, cell_id, commune_id, province_id, self_level, proposed_level,
        decided_level, not_subject_reason, reason, note, decision_id, decided_on, edition, edition_reason, revision,
        roster_reason, withheld)
    SELECT s.cycle_id, c.id, s.commune_id, u.province_id, l.level, l.level,
           CASE WHEN s.decision_id IS NULL THEN '' ELSE l.level END, '', '', '', s.decision_id,
           CASE WHEN s.decision_id IS NOT NULL THEN '{REVIEW}-11-20'::date END, 1, '', 1, '',
           s.state IN ('entering', 'put', 'decided')
    FROM evaluations_submission s JOIN cells_cell c ON c.commune_id = s.commune_id
    JOIN cells_unit u ON u.id = s.commune_id
    CROSS JOIN LATERAL (SELECT CASE WHEN s.state = 'entering' AND c.id % 3 = 0 THEN ''
        ELSE (ARRAY['EXCELLENT', 'GOOD', 'GOOD', 'GOOD', 'COMPLETED'])[1 + c.id % 5] END AS level) l
    """,
    # Secretaries of the last years too: who was excellent three years running is proposed for a commendation.
    """
    INSERT INTO evaluations_leaderrating (cycle_id, person_id, basis, office, cell_id, commune_id, district_id, province_id,
        self_level, proposed_level, decided_level, not_subject_reason, reason, note, decision_id, decided_on, edition,
        edition_reason, revision, roster_reason, withheld)
    SELECT r.cycle_id, r.cell_id, 'office', 'secretary', r.cell_id, r.commune_id, r.district_id, r.province_id,
           l.level, l.level, CASE WHEN r.decision_id IS NULL THEN '' ELSE l.level END, '', '', '', r.decision_id,
           r.decided_on, 1, '', 1, '', r.withheld
    FROM evaluations_cellrating r JOIN evaluations_reviewcycle y ON y.id = r.cycle_id
    CROSS JOIN LATERAL (SELECT CASE WHEN r.cell_id % 15 = 0 THEN 'EXCELLENT'
        ELSE (ARRAY['EXCELLENT', 'GOOD', 'GOOD', 'COMPLETED'])[1 + (r.cell_id + y.year) % 4] END AS level) l
    WHERE y.year >= 2023 AND r.cell_id IN (SELECT id FROM cells_cell WHERE commune_id IN (SELECT id FROM lively))
    """,
]

STEPS = [
    LIVELY,
    *PEOPLE,
    "ANALYZE",
    *CONTESTS,
    *VACANT,
    "ANALYZE",
    *MEETINGS,
    *TITLES,
    "ANALYZE",
    *TARGETS,
    *FOLLOW_UP,
    *LEARNING,
    *OFFICES,
    "ANALYZE",
    *REVIEWS,
    "SELECT setval('leaders_person_id_seq', (SELECT max(id) FROM leaders_person))",
    "VACUUM ANALYZE",
]
