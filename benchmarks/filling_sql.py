"""The statements that fill a city or a province: facts consistent with each other, and the figures they make.

Temporary tables they begin with: ``day`` (entry of each day), ``cell_unit`` (cells by number), ``named`` (names).
Everything drawn is drawn from a number and a salt, so that the same province comes out each time.
"""

FUNCTIONS = """
CREATE FUNCTION pg_temp.draw(i bigint, salt int, n int) RETURNS int LANGUAGE sql IMMUTABLE AS
$$ SELECT ((hashint8extended(i, salt) & 9223372036854775807) % n)::int $$;
CREATE FUNCTION pg_temp.told(on_day date, i bigint, salt int) RETURNS date LANGUAGE sql IMMUTABLE AS
$$ SELECT greatest(on_day, least(DATE '2025-11-18', CASE
    WHEN pg_temp.draw(i, salt, 100) < 85 THEN on_day + pg_temp.draw(i, salt + 1000, 3)
    WHEN pg_temp.draw(i, salt, 100) < 95 THEN on_day + 3 + pg_temp.draw(i, salt + 1000, 14)
    ELSE greatest(on_day, DATE '2025-11-02') + pg_temp.draw(i, salt + 1000, 3) END)) $$;
CREATE FUNCTION pg_temp.seq_of(d date) RETURNS bigint LANGUAGE sql STABLE AS
$$ SELECT seq FROM day WHERE on_day = d $$;
"""

CELLS = """
CREATE TEMP TABLE cell ON COMMIT DROP AS
SELECT n, unit, held_on, pg_temp.told(held_on, n, 11) AS held_rec, pg_temp.draw(n, 2, 10) < 7 AS makes_up, make_up_on,
       greatest(pg_temp.told(held_on, n, 11), pg_temp.told(make_up_on, n, 12)) AS make_up_rec
FROM (SELECT *, least(held_on + 3 + pg_temp.draw(n, 3, 20), DATE '2025-10-31') AS make_up_on
      FROM (SELECT *, DATE '2025-05-01' + floor(182 * sqrt(pg_temp.draw(n, 1, 10000) / 10000.0))::int AS held_on
            FROM cell_unit) a) b;
CREATE UNIQUE INDEX ON cell (n);
"""

PEOPLE = """
CREATE TEMP TABLE member ON COMMIT DROP AS
SELECT i, i + 1 + (SELECT coalesce(max(id), 0) FROM organisation_person) AS person, n, rank, rank <= 2 AS leads,
       CASE WHEN rank > 2 AND pg_temp.draw(i, 31, 100) < 3 THEN 'probationary' ELSE 'official' END AS kind,
       CASE WHEN rank > 2 AND pg_temp.draw(i, 32, 100) < 6 THEN 'exempt'
            WHEN rank > 2 AND pg_temp.draw(i, 32, 100) < 8 THEN 'away' ELSE 'active' END AS standing
FROM (SELECT i, i * {cells} / {members} AS n,
             row_number() OVER (PARTITION BY i * {cells} / {members} ORDER BY i) AS rank
      FROM generate_series(0, {members}::bigint - 1) i) ranked;
CREATE UNIQUE INDEX ON member (i);
INSERT INTO organisation_person (id, key, full_name, folded, sort_key, birth_year, birth_month, birth_day, sex, phone,
                                 card_number, note)
SELECT person, gen_random_uuid(), name, folded, sorted, 1938 + pg_temp.draw(i, 41, 67), 1 + pg_temp.draw(i, 42, 12),
       1 + pg_temp.draw(i, 43, 28), sex, '', '', ''
FROM member JOIN named ON named.n = pg_temp.draw(i, 40, (SELECT count(*)::int FROM named));
CREATE TEMP TABLE change ON COMMIT DROP AS
SELECT i, on_day, pg_temp.told(on_day, i, 6) AS rec,
       CASE WHEN fate < 4 THEN (n + 1 + pg_temp.draw(i, 7, {cells} - 1)) % {cells} END AS to_n
FROM (SELECT i, n, pg_temp.draw(i, 5, 1000) AS fate, DATE '2025-03-01' + pg_temp.draw(i, 6, 220) AS on_day
      FROM member WHERE standing = 'active' AND NOT leads) drawn
WHERE fate < 6;
CREATE UNIQUE INDEX ON change (i);
"""

# Where everybody was, as known when: as entered first, and as entered again after a move or a death.
STAYS = """
CREATE TEMP TABLE stay ON COMMIT DROP AS
SELECT i, n, DATE '2025-01-01' AS starts, NULL::date AS ends, DATE '2025-02-01' AS rec, change.rec AS sup, '' AS reason
FROM member LEFT JOIN change USING (i)
UNION ALL
SELECT i, n, DATE '2025-01-01', on_day, rec, NULL, CASE WHEN to_n IS NULL THEN 'died' ELSE 'moved' END
FROM change JOIN member USING (i)
UNION ALL
SELECT i, to_n, on_day, NULL, rec, NULL, '' FROM change WHERE to_n IS NOT NULL;
CREATE INDEX ON stay (i);
ANALYZE stay; ANALYZE member; ANALYZE cell; ANALYZE change;
INSERT INTO organisation_membership (person_id, unit_id, kind, standing, tie, end_reason, starts_on, ends_on,
                                     recorded_seq, recorded_on, superseded_seq, superseded_on)
SELECT person, unit, kind, standing, 'counting', reason, starts, ends, was.seq, rec, later.seq, sup
FROM stay JOIN member USING (i) JOIN cell ON cell.n = stay.n
JOIN day was ON was.on_day = rec LEFT JOIN day later ON later.on_day = sup;
INSERT INTO organisation_post (key, person_id, unit_id, kind, title, starts_on, recorded_seq, recorded_on)
SELECT gen_random_uuid(), person, unit, CASE rank WHEN 1 THEN 'secretary' ELSE 'deputy' END, '', DATE '2025-01-01',
       was.seq, DATE '2025-02-01'
FROM member JOIN cell USING (n) JOIN day was ON was.on_day = DATE '2025-02-01' WHERE leads;
"""

DUTIES = """
CREATE TEMP TABLE duty ON COMMIT DROP AS
SELECT i, person, n, leads, {study} AS step, base + 2 * i AS id FROM member,
       (SELECT max(id) + 1 AS base FROM rollouts_obligation) highest WHERE standing = 'active'
UNION ALL
SELECT i, person, n, leads, {paper}, base + 2 * i + 1 FROM member,
       (SELECT max(id) + 1 AS base FROM rollouts_obligation) highest WHERE standing = 'active';
CREATE INDEX ON duty (i);
INSERT INTO rollouts_obligation (id, key, step_id, person_id) SELECT id, gen_random_uuid(), step, person FROM duty;
INSERT INTO rollouts_obligationplace (obligation_id, unit_id, is_leader, starts_on, ends_on,
                                      recorded_seq, recorded_on, superseded_seq, superseded_on)
SELECT id, unit, leads, greatest(starts, DATE '2025-02-01'), ends, was.seq, rec, later.seq, sup
FROM duty JOIN stay USING (i) JOIN cell ON cell.n = stay.n
JOIN day was ON was.on_day = rec LEFT JOIN day later ON later.on_day = sup;
"""

MEETINGS = """
CREATE TEMP TABLE session ON COMMIT DROP AS
SELECT n, unit, base + n AS id, NULL::bigint AS makes_up_for, held_on AS on_day, held_rec AS rec, seq
FROM cell JOIN day ON day.on_day = held_rec, (SELECT coalesce(max(id), 0) + 1 AS base FROM meetings_meeting) highest
UNION ALL
SELECT n, unit, base + {cells} + n, base + n, make_up_on, make_up_rec, seq
FROM cell JOIN day ON day.on_day = make_up_rec, (SELECT coalesce(max(id), 0) + 1 AS base FROM meetings_meeting) highest
WHERE makes_up;
INSERT INTO meetings_meeting (id, key, rollout_id, host_id, title, held_on, venue, form, presenter, notes, state,
                              cancelled_because, makes_up_for_id, roll_seq, notes_seq)
SELECT id, gen_random_uuid(), {rollout}, unit, CASE WHEN makes_up_for IS NULL THEN 'Hội nghị học tập (mô phỏng)'
       ELSE 'Buổi học bù (mô phỏng)' END, on_day, 'Nhà văn hoá', 'in_person', '', '', 'held', '', makes_up_for, seq, 0
FROM session;
INSERT INTO meetings_holding (meeting_id, valid_on, recorded_seq, recorded_on) SELECT id, on_day, seq, rec FROM session;
INSERT INTO meetings_seat (meeting_id, unit_id, recorded_seq, recorded_on) SELECT id, unit, seq, rec FROM session;
"""

# Everybody is on the roster of the first meeting of a cell they were in that day; those away, on its make-up session's.
# fate: below 40 away, 40–49 marked away by mistake and put right, 50–52 marked present by mistake and put right.
ROSTERS = """
CREATE TEMP TABLE listed ON COMMIT DROP AS
SELECT row_number() OVER () + (SELECT coalesce(max(id), 0) FROM meetings_rosterentry) AS id, asked.*,
       pg_temp.draw(i, 8, 1000) AS fate
FROM (SELECT DISTINCT ON (i) i, person, unit, session.id AS meeting, session.n, on_day, session.rec
      FROM stay JOIN member USING (i) JOIN session ON session.n = stay.n AND makes_up_for IS NULL
      WHERE standing = 'active' AND sup IS NULL AND starts <= on_day AND (ends IS NULL OR ends > on_day)
      ORDER BY i, on_day, session.id) asked;
INSERT INTO listed
SELECT row_number() OVER () + (SELECT max(id) FROM listed), i, person, listed.unit, session.id, session.n,
       session.on_day, session.rec, -1
FROM listed JOIN session ON session.makes_up_for = listed.meeting WHERE fate < 40;
INSERT INTO meetings_rosterentry (id, key, meeting_id, "group", person_id, unit_id, guest_name, is_added,
                                  recorded_seq, recorded_on)
SELECT id, gen_random_uuid(), meeting, 'member', person, unit, '', FALSE, seq, rec
FROM listed JOIN day ON day.on_day = rec;
CREATE TEMP TABLE mark ON COMMIT DROP AS
SELECT id AS entry, i, unit, listed.on_day, rec, put_right AS sup,
       CASE WHEN fate BETWEEN 0 AND 39 THEN 'absent_excused' WHEN fate BETWEEN 40 AND 49 THEN 'absent'
            WHEN fate % 50 = 5 THEN 'late' ELSE 'present' END AS presence
FROM (SELECT *, CASE WHEN fate BETWEEN 40 AND 52
             THEN least(rec + 1 + pg_temp.draw(i, 15, 10), DATE '2025-11-20') END AS put_right FROM listed) listed;
INSERT INTO mark
SELECT entry, i, unit, on_day, sup, NULL, CASE presence WHEN 'absent' THEN 'present' ELSE 'absent' END
FROM mark WHERE sup IS NOT NULL;
INSERT INTO meetings_attendance (entry_id, valid_on, presence, reason, source, told_by,
                                 recorded_seq, recorded_on, superseded_seq, superseded_on)
SELECT entry, mark.on_day, presence, CASE presence WHEN 'absent_excused' THEN 'Đi công tác' ELSE '' END, 'sheet', '',
       was.seq, rec, later.seq, sup
FROM mark JOIN day was ON was.on_day = rec LEFT JOIN day later ON later.on_day = sup;
"""

# fate: below 30 returned, 30–44 returned and handed in again, 45–54 entered by mistake and taken back, to 799 accepted.
PAPERS = """
CREATE TEMP TABLE handed ON COMMIT DROP AS
SELECT row_number() OVER () + (SELECT coalesce(max(id), 0) FROM papers_paper) AS id, drawn.*,
       pg_temp.draw(i, 13, 1000) AS fate, CASE WHEN pg_temp.draw(i, 13, 1000) BETWEEN 45 AND 54
       THEN least(rec + 1 + pg_temp.draw(i, 16, 10), DATE '2025-11-20') END AS sup,
       greatest(rec, pg_temp.told(answered_on, i, 17)) AS answered_rec
FROM (SELECT *, pg_temp.told(on_day, i, 18) AS rec, on_day + 1 + pg_temp.draw(i, 14, 7) AS answered_on
      FROM (SELECT i, duty.id AS obligation, least(held_on + pg_temp.draw(i, 10, 25), DATE '2025-11-12') AS on_day
            FROM duty JOIN cell USING (n) LEFT JOIN change USING (i)
            WHERE step = {paper} AND pg_temp.draw(i, 9, 1000) < 960
              AND (change.i IS NULL OR change.to_n IS NOT NULL)) a) drawn;
INSERT INTO papers_paper (id, key, obligation_id, answers, version)
SELECT id, gen_random_uuid(), obligation, '[]', 0 FROM handed;
INSERT INTO papers_paperevent (paper_id, kind, valid_on, form, note, entered_for, told_by,
                               recorded_seq, recorded_on, superseded_seq, superseded_on)
SELECT id, event.kind, event.on_day, CASE event.kind WHEN 'submitted' THEN 'handwritten' ELSE '' END,
       CASE event.kind WHEN 'returned' THEN 'Đề nghị bổ sung' ELSE '' END, event.kind = 'submitted', '',
       was.seq, event.rec, later.seq, event.sup
FROM handed, LATERAL (VALUES
    (1, 'submitted', on_day, rec, sup, TRUE),
    (2, 'returned', answered_on, answered_rec, NULL::date, fate < 45),
    (3, 'submitted', answered_on + 1, greatest(answered_rec, answered_on + 1), NULL, fate BETWEEN 30 AND 44),
    (4, 'accepted', answered_on, answered_rec, NULL, fate BETWEEN 55 AND 799)
) event (place, kind, on_day, rec, sup, happened)
JOIN day was ON was.on_day = event.rec LEFT JOIN day later ON later.on_day = event.sup
WHERE happened ORDER BY event.rec, id, place;
"""

UNIT_FACTS = """
CREATE TEMP TABLE unit_fact ON COMMIT DROP AS
SELECT *, pg_temp.told(on_day, unit, 21) AS rec FROM (
    SELECT id AS obligation, step_id AS step, unit_id AS unit, CASE step_id
           WHEN {receive} THEN DATE '2025-02-10' + pg_temp.draw(unit_id, 20, 26)
           ELSE DATE '2025-04-01' + pg_temp.draw(unit_id, 22, 50) END AS on_day
    FROM rollouts_obligation WHERE step_id IN ({receive}, {plan})) a;
INSERT INTO rollouts_receipt (rollout_id, unit_id, valid_on, note, recorded_seq, recorded_on)
SELECT {rollout}, unit, unit_fact.on_day, '', seq, rec FROM unit_fact JOIN day ON day.on_day = rec
WHERE step = {receive};
INSERT INTO plans_plan (key, rollout_id, unit_id, adopted_on, adopted_seq, changed_seq)
SELECT gen_random_uuid(), {rollout}, unit, unit_fact.on_day, seq, seq
FROM unit_fact JOIN day ON day.on_day = rec WHERE step = {plan};
INSERT INTO plans_planversion (key, plan_id, number, kind, title, purpose, organising, adopted_on, adopted_seq)
SELECT gen_random_uuid(), id, 1, 'full', 'Kế hoạch', '', '', adopted_on, adopted_seq
FROM plans_plan WHERE rollout_id = {rollout};
INSERT INTO plans_adoption (version_id, valid_on, number, signer, signer_post, note, recorded_seq, recorded_on)
SELECT version.id, unit_fact.on_day, '01-KH', '', '', '', version.adopted_seq, rec
FROM unit_fact JOIN plans_plan plan ON plan.unit_id = unit AND plan.rollout_id = {rollout}
JOIN plans_planversion version ON version.plan_id = plan.id WHERE step = {plan};
"""

MILESTONES = """
CREATE TEMP TABLE reached (obligation bigint, code text, starts date, rec date, sup date) ON COMMIT DROP;
INSERT INTO reached
SELECT obligation, CASE step WHEN {receive} THEN 'received' ELSE 'planned' END, on_day, rec, NULL::date FROM unit_fact
UNION ALL
SELECT id, 'studied', held_on, held_rec, NULL::date FROM rollouts_obligation JOIN cell ON unit = unit_id
WHERE step_id = {study}
UNION ALL
SELECT duty.id, 'studied', on_day, rec, sup FROM mark JOIN duty USING (i)
WHERE step = {study} AND presence IN ('present', 'late', 'left_early')
UNION ALL
SELECT obligation, 'submitted', on_day, rec, sup FROM handed
UNION ALL
SELECT obligation, 'on_time', on_day, rec, sup FROM handed WHERE on_day <= DATE '2025-10-31'
UNION ALL
SELECT obligation, 'accepted', answered_on, answered_rec, NULL FROM handed WHERE fate BETWEEN 55 AND 799;
INSERT INTO rollouts_milestone (obligation_id, code, is_inherited, starts_on,
                                recorded_seq, recorded_on, superseded_seq, superseded_on)
SELECT obligation, code, FALSE, starts, was.seq, rec, later.seq, sup
FROM reached JOIN day was ON was.on_day = rec LEFT JOIN day later ON later.on_day = sup;
"""

# What a place and a milestone (or owing itself) add while both are known, on the days both hold: four corners.
# The units' own owing has been posted when the roll-out was opened.
DELTAS = """
INSERT INTO reached SELECT id, 'owed', '-infinity', '-infinity', NULL FROM duty;
ANALYZE reached;
CREATE TEMP TABLE posted ON COMMIT DROP AS
WITH pair AS (
    SELECT step.kind || CASE WHEN duty.person_id IS NULL THEN '.unit.' ELSE '.person.' END || what.code AS code,
           place.unit_id AS unit, place.is_leader, greatest(place.starts_on, what.starts) AS since,
           coalesce(place.ends_on, 'infinity') AS until, greatest(place.recorded_on, what.rec) AS seen,
           least(coalesce(place.superseded_on, 'infinity'), coalesce(what.sup, 'infinity')) AS unseen
    FROM reached what JOIN rollouts_obligationplace place ON place.obligation_id = what.obligation
    JOIN rollouts_obligation duty ON duty.id = what.obligation JOIN rollouts_step step ON step.id = duty.step_id
), counted AS (
    SELECT code, unit, since, until, seen, unseen FROM pair WHERE since < until AND seen < unseen
    UNION ALL
    SELECT code || '.leaders', unit, since, until, seen, unseen FROM pair
    WHERE is_leader AND since < until AND seen < unseen
    UNION ALL
    SELECT 'study.attendances.present', unit, on_day, 'infinity', rec, coalesce(sup, 'infinity') FROM mark
    WHERE presence IN ('present', 'late', 'left_early')
    UNION ALL
    SELECT 'study.meetings.held', unit, on_day, 'infinity', rec, 'infinity' FROM session
), corner AS (
    SELECT code, unit, since AS valid_on, seen AS recorded_on, 1 AS n FROM counted
    UNION ALL SELECT code, unit, until, seen, -1 FROM counted WHERE until < 'infinity'
    UNION ALL SELECT code, unit, since, unseen, -1 FROM counted WHERE unseen < 'infinity'
    UNION ALL SELECT code, unit, until, unseen, 1 FROM counted WHERE until < 'infinity' AND unseen < 'infinity'
)
SELECT code, unit, valid_on, recorded_on, sum(n) AS n FROM corner GROUP BY 1, 2, 3, 4 HAVING sum(n) <> 0;
INSERT INTO figures_series (scope_id, code) SELECT DISTINCT {scope}, code FROM posted ON CONFLICT DO NOTHING;
INSERT INTO figures_delta (series_id, unit, valid_on, recorded_on, recorded_seq, n)
SELECT series.id, unit, valid_on, recorded_on, seq, n
FROM posted JOIN figures_series series ON series.scope_id = {scope} AND series.code = posted.code
JOIN day ON day.on_day = recorded_on ORDER BY seq, unit;
"""

NUMBERED = ("organisation_person", "rollouts_obligation", "meetings_meeting", "meetings_rosterentry", "papers_paper")
NUMBERS = "".join(
    f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT max(id) FROM {table}));\n"  # noqa: S608 - own names
    for table in NUMBERED
)

STATEMENTS = (
    ("functions", FUNCTIONS),
    ("cells", CELLS),
    ("people, moves and deaths", PEOPLE),
    ("memberships and posts", STAYS),
    ("obligations and places", DUTIES),
    ("meetings", MEETINGS),
    ("rosters and attendance", ROSTERS),
    ("papers and their events", PAPERS),
    ("receipts, plans, adoptions", UNIT_FACTS),
    ("milestones", MILESTONES),
    ("deltas", DELTAS),
    ("numbers", NUMBERS),
)
