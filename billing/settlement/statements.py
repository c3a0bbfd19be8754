"""The statements of a settlement. Python prices each kind of case once; the rows never leave the database.

`billing_delivered` holds the parcels to post. Cases that differ only in the day within one state of the rules, or in
grams within one weight step, cost the same: they share a card. The cards are analysed temporary tables, because the
planner guesses the size of anything else and is several times slower. Everybody inserts in the order of parcels, so two
settlements of the same parcels wait for one another and never crosswise.
"""

from typing import Final

DELIVERED: Final = """
    CREATE TEMPORARY TABLE billing_delivered (
        parcel_id uuid NOT NULL, parcel_number text NOT NULL, dossier_code text NOT NULL, outlet_id uuid,
        operator_code text NOT NULL, direction text NOT NULL, zone text NOT NULL, weight_grams int NOT NULL,
        "on" date NOT NULL, channel text NOT NULL, province_code text NOT NULL, managed_by_city boolean NOT NULL,
        beneficiary_class text NOT NULL, delivered_at timestamptz NOT NULL, relation text NOT NULL,
        evidence jsonb NOT NULL, borne_by text NOT NULL DEFAULT '') ON COMMIT DROP
"""
COLUMNS: Final = (
    "parcel_id", "parcel_number", "dossier_code", "outlet_id", "operator_code", "direction", "zone", "weight_grams",
    '"on"', "channel", "province_code", "managed_by_city", "beneficiary_class", "delivered_at", "relation", "evidence",
    "borne_by",
)
COPY: Final = f"COPY billing_delivered ({', '.join(COLUMNS)}) FROM STDIN"

# Looked up by its key, parcel by parcel: joined, all lines there ever were might be read for each chunk.
ALREADY_POSTED: Final = """
    DELETE FROM billing_delivered d WHERE (
        SELECT c.id FROM billing_charge c WHERE c.source_type = 'parcel' AND c.source_id = d.parcel_id
        AND c.kind = 'postage' AND c.reverses_id IS NULL) IS NOT NULL
"""

_STEP: Final = """CASE WHEN d.weight_grams BETWEEN 1 AND %(heaviest)s
    THEN (%(steps)s::int[])[width_bucket(d.weight_grams - 1, %(steps)s::int[]) + 1] ELSE d.weight_grams END"""
_STATE: Final = '(%(changes)s::date[])[width_bucket(d."on", %(changes)s::date[])]'
_MONTH: Final = "date_trunc('month', d.delivered_at AT TIME ZONE %(zone)s)::date"

CASES: Final = f"""
    SELECT DISTINCT d.operator_code, d.direction, d.zone, {_STEP}, {_STATE}, d.channel, d.province_code,
           d.managed_by_city, d.beneficiary_class, d.borne_by
    FROM billing_delivered d
"""  # noqa: S608  # our own fragments
MONTHS: Final = f"SELECT DISTINCT d.province_code, d.operator_code, {_MONTH} FROM billing_delivered d"  # noqa: S608

CARDS: Final = """
    CREATE TEMPORARY TABLE billing_card (
        card int NOT NULL, operator_code text, direction text, zone text, step_grams int, state_from date, channel text,
        province_code text, managed_by_city boolean, beneficiary_class text, borne_by text, is_posted boolean,
        rule text, reason_code text, gross bigint, national_reduction bigint, city_subsidy bigint, citizen_share bigint,
        explanation_id bigint, told text) ON COMMIT DROP;
    CREATE TEMPORARY TABLE billing_card_leg (card int NOT NULL, account_id bigint, amount bigint) ON COMMIT DROP;
    CREATE TEMPORARY TABLE billing_month (
        province_code text, operator_code text, month date, period date) ON COMMIT DROP
"""
COPY_CARDS: Final = "COPY billing_card FROM STDIN"
COPY_LEGS: Final = "COPY billing_card_leg FROM STDIN"
COPY_MONTHS: Final = "COPY billing_month FROM STDIN"
# Only what is joined on: to look through the evidence as well would cost more than the plan gains.
ANALYSE: Final = """
    ANALYZE billing_delivered (parcel_id, operator_code, direction, zone, weight_grams, "on", channel, province_code,
                               managed_by_city, beneficiary_class, borne_by, delivered_at), billing_card,
            billing_card_leg, billing_month
"""

# Sorting both sides would cost more than hashing the few cards; a chunk is sorted in memory; and what is looked at to
# know a chunk's shape need not be all of it.
SETTINGS: Final = """
    SET LOCAL enable_mergejoin = off; SET LOCAL work_mem = '64MB'; SET LOCAL default_statistics_target = 10
"""
_EVIDENCE: Final = """(left(d.evidence::text, -1) || CASE WHEN d.evidence = '{}' THEN '' ELSE ', ' END
    || '"relation": ' || to_json(d.relation) || ', "case": ' || c.told || ', "weight_grams": ' || d.weight_grams
    || ', "on": ' || to_json(d."on") || '}'
    || CASE WHEN m.period = m.month THEN '' ELSE ', "late_for": ' || to_json(m.month) END || '}')::jsonb"""
"""Put together as text and read once: each step of building it as a value copies all of it."""
# Sorted once, with everything that the books take of a line: what follows reads it from its beginning to its end. A
# line and its group share their id: making one takes longer than anything else that is done for a row here.
LINES: Final = f"""
    CREATE TEMPORARY TABLE billing_line ON COMMIT DROP AS
    SELECT uuidv7() AS id, sorted.* FROM (
        SELECT d.parcel_id, d.parcel_number, d.dossier_code, d.outlet_id, d.operator_code, d.direction, d.province_code,
               d.delivered_at, m.period, c.card, c.is_posted, c.rule, c.reason_code, c.gross, c.national_reduction,
               c.city_subsidy, c.citizen_share, c.explanation_id, {_EVIDENCE} AS evidence
        FROM (SELECT d.*, {_STEP} AS step_grams, {_STATE} AS state_from, {_MONTH} AS month FROM billing_delivered d) d
        JOIN billing_card c USING (operator_code, direction, zone, channel, province_code, managed_by_city,
                                   beneficiary_class, borne_by, step_grams, state_from)
        JOIN billing_month m USING (province_code, operator_code, month)
        ORDER BY d.parcel_id
    ) sorted
"""  # noqa: S608
ANALYSE_LINES: Final = "ANALYZE billing_line (parcel_id, card)"

CHARGES: Final = """
    INSERT INTO billing_charge (id, source_type, source_id, kind, group_id, period, province_code, operator_code,
        outlet_id, dossier_code, parcel_number, direction, occurred_at, posted_at, posted_by, rule, gross,
        national_reduction, city_subsidy, citizen_share, compensation, reason_code, explanation_id, evidence)
    SELECT l.id, 'parcel', l.parcel_id, 'postage', CASE WHEN l.is_posted THEN l.id END, l.period, l.province_code,
        l.operator_code, l.outlet_id, l.dossier_code, l.parcel_number, l.direction, l.delivered_at, %(at)s,
        %(kind)s || ':' || %(actor)s, l.rule, l.gross, l.national_reduction, l.city_subsidy, l.citizen_share, 0,
        l.reason_code, l.explanation_id, l.evidence
    FROM billing_line l
    ON CONFLICT (source_type, source_id, kind) WHERE reverses_id IS NULL DO NOTHING
"""
# Somebody else posted these while we were pricing.
LEAVE_OUT: Final = """
    DELETE FROM billing_line l WHERE (SELECT c.id FROM billing_charge c WHERE c.id = l.id) IS NULL
"""
GROUPS: Final = """
    INSERT INTO billing_postinggroup (id, source_type, source_id, kind, rule, period, occurred_at, posted_at,
                                      actor_kind, actor_id, reason)
    SELECT l.id, 'parcel', l.parcel_id, 'postage', l.rule, l.period, l.delivered_at, %(at)s, %(kind)s, %(actor)s, ''
    FROM billing_line l WHERE l.is_posted
"""
# The guards of the legs were planned when there may have been a handful of groups.
PLAN_AGAIN: Final = "DISCARD PLANS"
LEGS: Final = """
    INSERT INTO billing_posting (group_id, account_id, amount)
    SELECT l.id, g.account_id, g.amount FROM billing_line l JOIN billing_card_leg g USING (card)
"""
UNPRICED: Final = """
    SELECT l.parcel_number, l.province_code, l.operator_code FROM billing_line l WHERE l.reason_code = 'no-tariff'
"""
EMPTY: Final = "DROP TABLE IF EXISTS billing_line, billing_card, billing_card_leg, billing_month, billing_delivered"
