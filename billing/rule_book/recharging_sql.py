"""The statements of a recharge: a chunk of lines is looked at, and those that the rules would write otherwise are taken
back and charged anew, both in the transaction that found them. The rows never leave the database.
"""

from typing import Final

from billing.queries.cases import KIND, LOCAL_DAY, POSTAGE_DAY, WHAT

EMPTY: Final = """DROP TABLE IF EXISTS recharge_line, recharge_card, recharge_leg, recharge_month, recharge_mirror,
    recharge_words"""

# In the order of the index of a month, from where the last chunk ended.
LINES: Final = f"""
    CREATE TEMPORARY TABLE recharge_line ON COMMIT DROP AS
    SELECT c.id, c.period, c.operator_code, c.occurred_at, {KIND} AS kind, {WHAT} AS what,
           date_trunc('month', c.occurred_at AT TIME ZONE %(zone)s)::date AS month
    FROM billing_charge c
    WHERE c.province_code = %(province)s AND c.period >= %(first)s AND c.reverses_id IS NULL
      AND c.kind LIKE %(family)s
      AND (c.period, c.operator_code, c.occurred_at, c.id) > (%(after_period)s, %(after_operator)s, %(after_at)s,
                                                             %(after_id)s)
      AND NOT EXISTS (SELECT 1 FROM billing_charge r WHERE r.reverses_id = c.id)
      AND NOT EXISTS (SELECT 1 FROM billing_statement s WHERE s.province_id = c.province_code
                      AND s.operator_code = c.operator_code AND s.period = c.period AND s.state <> 'open')
      AND CASE WHEN c.kind LIKE 'postage%%' THEN {POSTAGE_DAY} ELSE {LOCAL_DAY} END >= %(begin)s
      AND (%(end)s::date IS NULL OR CASE WHEN c.kind LIKE 'postage%%' THEN {POSTAGE_DAY} ELSE {LOCAL_DAY} END < %(end)s)
    ORDER BY c.period, c.operator_code, c.occurred_at, c.id LIMIT %(limit)s
"""  # noqa: S608  # our own fragments
LAST: Final = """SELECT period, operator_code, occurred_at, id FROM recharge_line
    ORDER BY period DESC, operator_code DESC, occurred_at DESC, id DESC LIMIT 1"""
CASES: Final = "SELECT DISTINCT kind, what FROM recharge_line"
CARDS: Final = """
    CREATE TEMPORARY TABLE recharge_card (
        card int NOT NULL, kind text, what jsonb, is_posted boolean, rule text, reason_code text, gross bigint,
        national_reduction bigint, city_subsidy bigint, citizen_share bigint, compensation bigint,
        explanation_id bigint) ON COMMIT DROP;
    CREATE TEMPORARY TABLE recharge_leg (card int NOT NULL, account_id bigint, amount bigint) ON COMMIT DROP;
    CREATE TEMPORARY TABLE recharge_month (operator_code text, month date, period date) ON COMMIT DROP;
    CREATE TEMPORARY TABLE recharge_words (explanation_id bigint, negated_id bigint) ON COMMIT DROP
"""
COPY_CARDS: Final = """COPY recharge_card (card, kind, what, is_posted, rule, reason_code, gross, national_reduction,
    city_subsidy, citizen_share, compensation, explanation_id) FROM STDIN"""
COPY_LEGS: Final = "COPY recharge_leg FROM STDIN"
COPY_MONTHS: Final = "COPY recharge_month FROM STDIN"
COPY_WORDS: Final = "COPY recharge_words FROM STDIN"
ANALYSE: Final = "ANALYZE recharge_line, recharge_card, recharge_leg"

UNCHANGED: Final = """
    DELETE FROM recharge_line l USING recharge_card k, billing_charge c
    WHERE k.kind = l.kind AND k.what = l.what AND c.id = l.id
      AND (c.rule, c.reason_code, c.gross, c.national_reduction, c.city_subsidy, c.citizen_share, c.compensation)
        = (k.rule, k.reason_code, k.gross, k.national_reduction, k.city_subsidy, k.citizen_share, k.compensation)
"""
MONTHS: Final = """SELECT operator_code, period, true FROM recharge_line
    UNION SELECT operator_code, month, false FROM recharge_line ORDER BY 1, 2, 3"""
# Closed between our look and our hold: what it has stays as it is.
CLOSED_MEANWHILE: Final = """
    DELETE FROM recharge_line l WHERE NOT EXISTS (
        SELECT 1 FROM recharge_month m WHERE m.operator_code = l.operator_code AND m.month = l.period
        AND m.period = l.period)
"""
EXPLAINED: Final = """
    SELECT e.id, e.steps::text FROM billing_explanation e
    WHERE e.id IN (SELECT c.explanation_id FROM recharge_line l JOIN billing_charge c USING (id)) ORDER BY e.id
"""
# Somebody has decided what these come to: a new line under the correction would be paid beside it.
CORRECTED: Final = """
    WITH charged AS (
        SELECT l.id, s.id AS charging FROM recharge_line l JOIN billing_charge c USING (id)
        JOIN billing_charge s ON s.source_type = c.source_type AND s.source_id = c.source_id AND s.reverses_id IS NULL
            AND split_part(s.kind, '#', 1) = split_part(c.kind, '#', 1)
    ), every AS (
        SELECT id, charging FROM charged
        UNION ALL SELECT k.id, m.id FROM charged k JOIN billing_charge m ON m.reverses_id = k.charging
    ), entered AS (
        SELECT e.id, 'dispute' AS source_type, d.id AS source_id FROM every e
        JOIN billing_disputeline d ON d.charge_id = e.charging
        UNION ALL
        SELECT e.id, 'known_error', a.id FROM every e JOIN billing_affectedline a ON a.charge_id = e.charging
    )
    DELETE FROM recharge_line l USING entered e JOIN billing_charge y USING (source_type, source_id)
    WHERE e.id = l.id AND y.reverses_id IS NULL
      AND NOT EXISTS (SELECT 1 FROM billing_charge back WHERE back.reverses_id = y.id)
    RETURNING l.id
"""
# A line and its group share their id, as in a settlement. `again` is the number of its event's charging.
MIRRORS: Final = """
    CREATE TEMPORARY TABLE recharge_mirror ON COMMIT DROP AS
    SELECT l.id, l.period, m.period AS new_period, l.month, k.card, k.is_posted, uuidv7() AS mirror_id,
           uuidv7() AS new_id, l.kind || '#' || (
               SELECT count(*) + 1 FROM billing_charge s JOIN billing_charge c ON c.id = l.id
               WHERE s.source_type = c.source_type AND s.source_id = c.source_id AND s.reverses_id IS NULL
                 AND split_part(s.kind, '#', 1) = l.kind) AS again
    FROM recharge_line l JOIN recharge_card k ON k.kind = l.kind AND k.what = l.what
    JOIN recharge_month m ON m.operator_code = l.operator_code AND m.month = l.month
    ORDER BY l.id
"""
ANALYSE_MIRRORS: Final = "ANALYZE recharge_mirror"
TAKE_BACK: Final = """
    INSERT INTO billing_charge (id, source_type, source_id, kind, group_id, period, province_code, operator_code,
        outlet_id, dossier_code, parcel_number, direction, occurred_at, posted_at, posted_by, rule, gross,
        national_reduction, city_subsidy, citizen_share, compensation, other, reason_code, explanation_id, evidence,
        reverses_id)
    SELECT x.mirror_id, c.source_type, c.source_id, c.kind, CASE WHEN c.group_id IS NOT NULL THEN x.mirror_id END,
        x.period, c.province_code, c.operator_code, c.outlet_id, c.dossier_code, c.parcel_number, c.direction, %(at)s,
        %(at)s, %(kind)s || ':' || %(actor)s, c.rule, -c.gross, -c.national_reduction, -c.city_subsidy,
        -c.citizen_share, -c.compensation, -c.other, 'reversal', w.negated_id,
        jsonb_build_object('reversal_reason', %(reason)s::text, 'reversed_line', c.id), c.id
    FROM recharge_mirror x JOIN billing_charge c USING (id) JOIN recharge_words w USING (explanation_id) ORDER BY x.id
    ON CONFLICT (reverses_id) WHERE reverses_id IS NOT NULL DO NOTHING
"""
# Somebody else took these back while we were looking.
LEAVE_OUT: Final = """
    DELETE FROM recharge_mirror x WHERE NOT EXISTS (SELECT 1 FROM billing_charge c WHERE c.id = x.mirror_id)
"""
MIRROR_GROUPS: Final = """
    INSERT INTO billing_postinggroup (id, source_type, source_id, kind, rule, period, occurred_at, posted_at,
                                      actor_kind, actor_id, reverses_id, reason)
    SELECT x.mirror_id, c.source_type, c.source_id, c.kind, c.rule, x.period, %(at)s, %(at)s, %(kind)s, %(actor)s,
           c.group_id, %(reason)s
    FROM recharge_mirror x JOIN billing_charge c USING (id) WHERE c.group_id IS NOT NULL ORDER BY x.id
"""
MIRROR_LEGS: Final = """
    INSERT INTO billing_posting (group_id, account_id, amount)
    SELECT x.mirror_id, p.account_id, -p.amount
    FROM recharge_mirror x JOIN billing_charge c USING (id) JOIN billing_posting p ON p.group_id = c.group_id
    ORDER BY p.id
"""
CHARGES: Final = """
    INSERT INTO billing_charge (id, source_type, source_id, kind, group_id, period, province_code, operator_code,
        outlet_id, dossier_code, parcel_number, direction, occurred_at, posted_at, posted_by, rule, gross,
        national_reduction, city_subsidy, citizen_share, compensation, reason_code, explanation_id, evidence)
    SELECT x.new_id, c.source_type, c.source_id, x.again, CASE WHEN x.is_posted THEN x.new_id END, x.new_period,
        c.province_code, c.operator_code, c.outlet_id, c.dossier_code, c.parcel_number, c.direction, c.occurred_at,
        %(at)s, %(kind)s || ':' || %(actor)s, k.rule, k.gross, k.national_reduction, k.city_subsidy, k.citizen_share,
        k.compensation, k.reason_code, k.explanation_id,
        (c.evidence - 'late_for')
        || CASE WHEN x.new_period = x.month THEN '{}' ELSE jsonb_build_object('late_for', x.month) END
    FROM recharge_mirror x JOIN billing_charge c USING (id) JOIN recharge_card k USING (card) ORDER BY x.id
"""
GROUPS: Final = """
    INSERT INTO billing_postinggroup (id, source_type, source_id, kind, rule, period, occurred_at, posted_at,
                                      actor_kind, actor_id, reason)
    SELECT x.new_id, c.source_type, c.source_id, x.again, k.rule, x.new_period, c.occurred_at, %(at)s, %(kind)s,
           %(actor)s, ''
    FROM recharge_mirror x JOIN billing_charge c USING (id) JOIN recharge_card k USING (card)
    WHERE x.is_posted ORDER BY x.id
"""
LEGS: Final = """
    INSERT INTO billing_posting (group_id, account_id, amount)
    SELECT x.new_id, g.account_id, g.amount FROM recharge_mirror x JOIN recharge_leg g USING (card)
"""
UNPRICED: Final = """
    SELECT c.parcel_number, c.province_code, c.operator_code
    FROM recharge_mirror x JOIN billing_charge c USING (id) JOIN recharge_card k USING (card)
    WHERE k.reason_code = 'no-tariff'
"""
