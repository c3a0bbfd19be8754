"""The statements of a comparison: the rows of a claim, our books, and what carriers and centres say, joined at once.

`billing_claimed` holds the rows of the file. `billing_claim_parcel` and `billing_claim_dossier` hold what stands above
billing's layer knows of them; config fills these two (config/claim_evidence.py). The order of the verdict's cases is
the order in which reasons are looked for: the first that holds is the reason.
"""

from typing import Final

from billing.rules.claims import BUDGET_REASONS, REASONS, Verdict
from billing.rules.sampling import ONE_ADDRESS, RISKS, TOO_FAST_MINUTES

TABLES: Final = """
    CREATE TEMPORARY TABLE billing_claimed (
        "row" int NOT NULL, item text NOT NULL, parcel_number text NOT NULL, dossier_code text NOT NULL,
        direction text NOT NULL, claimed bigint NOT NULL, is_bad_number boolean NOT NULL, weight_grams int,
        accepted_on date, delivered_on date, beneficiary_class text NOT NULL, note text NOT NULL) ON COMMIT DROP;
    CREATE TEMPORARY TABLE billing_claim_parcel (
        parcel_number text NOT NULL, parcel_id uuid NOT NULL, operator_code text NOT NULL, province_code text NOT NULL,
        direction text NOT NULL, weight_grams int, channel text NOT NULL, beneficiary_class text NOT NULL,
        outlet_id uuid, centre_id uuid, accepted_at timestamptz, delivered_at timestamptz, proof_method text NOT NULL,
        relation text NOT NULL, is_wrong_commune boolean NOT NULL, address_key text NOT NULL, dossier_codes text[],
        received_at timestamptz, dossier_ids uuid[]) ON COMMIT DROP;
    CREATE TEMPORARY TABLE billing_claim_dossier (
        dossier_code text NOT NULL, dossier_id uuid NOT NULL, centre_id uuid, received_at timestamptz) ON COMMIT DROP
"""
EMPTY: Final = """
    DROP TABLE IF EXISTS billing_claimed, billing_claim_parcel, billing_claim_dossier, billing_claim_book,
                         billing_claim_said
"""
COPY: Final = "COPY billing_claimed FROM STDIN"
ANALYSE: Final = "ANALYZE billing_claimed, billing_claim_parcel, billing_claim_dossier"

# Our own line for each thing claimed: the one that stands; or, when all were taken back, that one of them.
BOOK: Final = """
    CREATE TEMPORARY TABLE billing_claim_book ON COMMIT DROP AS
    SELECT DISTINCT ON (item, reference) * FROM (
        SELECT 'postage' AS item, p.parcel_number AS reference, c.id AS charge_id, c.period, c.reason_code,
               c.city_subsidy + c.compensation AS owed,
               EXISTS (SELECT 1 FROM billing_charge back WHERE back.reverses_id = c.id) AS is_back, c.posted_at
        FROM billing_claim_parcel p
        JOIN billing_charge c ON c.source_type = 'parcel' AND c.source_id = p.parcel_id AND c.reverses_id IS NULL
            AND (c.kind = 'postage' OR c.kind LIKE 'postage#%%')
        UNION ALL
        SELECT w.item, w.dossier_code, c.id, c.period, c.reason_code, c.city_subsidy + c.compensation,
               EXISTS (SELECT 1 FROM billing_charge back WHERE back.reverses_id = c.id), c.posted_at
        FROM (SELECT DISTINCT item, dossier_code FROM billing_claimed WHERE item <> 'postage') w
        JOIN billing_charge c ON c.province_code = %(province)s AND c.operator_code = %(operator)s
            AND c.dossier_code = w.dossier_code AND c.reverses_id IS NULL
            AND (c.kind = 'compensation:' || w.item OR c.kind LIKE 'compensation:' || w.item || '#%%')
    ) found ORDER BY item, reference, is_back, posted_at DESC;
    ANALYZE billing_claim_book
"""

_BUDGET: Final = ", ".join(f"'{reason}'" for reason in BUDGET_REASONS)
_REASON: Final = f"""CASE
    WHEN is_bad_number THEN 'bad-number'
    WHEN nth > 1 THEN 'duplicate'
    WHEN before_id IS NOT NULL THEN 'claimed-before'
    WHEN item = 'postage' AND parcel_id IS NULL AND charge_id IS NULL THEN 'unknown'
    WHEN item <> 'postage' AND charge_id IS NULL AND received_at IS NULL THEN 'unknown'
    WHEN parcel_id IS NOT NULL AND (operator_code <> %(operator)s OR province_code <> %(province)s)
        THEN 'other-operator'
    WHEN item = 'postage' AND delivered_at IS NULL THEN 'not-delivered'
    WHEN charge_id IS NULL THEN 'not-posted'
    WHEN is_back THEN 'taken-back'
    WHEN period > %(period)s THEN 'later-period'
    WHEN period < %(period)s THEN 'closed-period'
    WHEN book_reason = 'not-online' THEN 'not-online'
    WHEN book_reason IN ({_BUDGET}) THEN 'beyond-budget'
    WHEN owed <= 0 THEN 'nothing-owed'
    WHEN is_wrong_commune THEN 'wrong-commune'
    WHEN item = 'postage' AND proof_method = '' THEN 'no-proof'
    WHEN item = 'postage' AND dossier_code <> '' AND NOT (dossier_code = ANY (dossier_codes)) THEN 'dossier-differs'
    WHEN (claimed_direction <> '' AND claimed_direction <> direction)
        OR (delivered_on <> (delivered_at AT TIME ZONE %(zone)s)::date) THEN 'facts-differ'
    WHEN trips > 1 THEN 'second-trip'
    WHEN claimed_class <> '' AND claimed > owed AND NOT (claimed_class = ANY (string_to_array(beneficiary_class, ',')))
        THEN 'class-not-proven'
    WHEN claimed > owed THEN 'over-amount'
    WHEN claimed < owed THEN 'under-amount'
    ELSE '' END"""
_VERDICTS: Final = " ".join(
    f"WHEN '{code}' THEN '{reason.verdict}'" for code, reason in REASONS.items() if reason.verdict != Verdict.ADMITTED)
_VERDICT: Final = f"CASE reason {_VERDICTS} ELSE 'admitted' END"
_POINTS: Final = {code: points for code, (points, _words) in RISKS.items()}

SAID: Final = f"""
    CREATE TEMPORARY TABLE billing_claim_said ON COMMIT DROP AS
    SELECT joined.*, {_REASON} AS reason FROM (
        SELECT c."row", c.item, c.parcel_number, c.dossier_code, c.direction AS claimed_direction, c.claimed,
               c.is_bad_number, c.weight_grams AS claimed_grams, c.accepted_on, c.delivered_on,
               c.beneficiary_class AS claimed_class, c.note, p.parcel_id, p.operator_code, p.province_code, p.direction,
               p.weight_grams, p.channel, coalesce(p.beneficiary_class, '') AS beneficiary_class,
               coalesce(p.centre_id, d.centre_id) AS centre_id, p.accepted_at, p.delivered_at,
               coalesce(p.proof_method, '') AS proof_method, coalesce(p.relation, '') AS relation,
               coalesce(p.is_wrong_commune, false) AS is_wrong_commune, coalesce(p.address_key, '') AS address_key,
               p.dossier_codes, coalesce(p.dossier_ids, ARRAY[d.dossier_id]) AS dossier_ids,
               coalesce(p.received_at, d.received_at) AS received_at, b.charge_id, b.period,
               b.reason_code AS book_reason, coalesce(b.owed, 0) AS owed, b.is_back,
               row_number() OVER same AS nth,
               CASE WHEN c.item = 'postage' AND c.dossier_code <> '' AND p.parcel_id IS NOT NULL THEN
                   1 + count(*) OVER (PARTITION BY c.item, c.dossier_code, p.direction)
                   - count(*) OVER (PARTITION BY c.item, c.dossier_code, p.direction, c.parcel_number)
               ELSE 1 END AS trips,
               count(*) OVER (PARTITION BY c.item, coalesce(p.address_key, '')) AS at_address,
               before.id AS before_id
        FROM billing_claimed c
        LEFT JOIN billing_claim_parcel p ON c.item = 'postage' AND p.parcel_number = c.parcel_number
        LEFT JOIN billing_claim_dossier d ON c.item <> 'postage' AND d.dossier_code = c.dossier_code
        LEFT JOIN billing_claim_book b ON b.item = c.item
            AND b.reference = CASE c.item WHEN 'postage' THEN c.parcel_number ELSE c.dossier_code END
        LEFT JOIN LATERAL (
            SELECT l.id FROM billing_claimline l JOIN billing_claim old ON old.id = l.claim_id
            WHERE b.charge_id IS NOT NULL AND l.charge_id = b.charge_id AND l.admitted > 0 AND old.state = 'matched'
                AND old.id <> %(claim)s LIMIT 1) before ON true
        WINDOW same AS (PARTITION BY c.item, CASE c.item WHEN 'postage' THEN c.parcel_number ELSE c.dossier_code END
                        ORDER BY c."row")
    ) joined;
    ANALYZE billing_claim_said
"""  # noqa: S608  # our own fragments

_HIGHEST: Final = """(SELECT percentile_disc(0.9) WITHIN GROUP (ORDER BY claimed) FROM billing_claim_said
    WHERE reason = '')"""
_RISK: Final = f"""
    CASE WHEN item = 'postage' AND reason = '' THEN
        CASE WHEN address_key <> '' AND at_address >= {ONE_ADDRESS} THEN {_POINTS["one-address"]} ELSE 0 END
        + CASE WHEN delivered_at < accepted_at + interval '{TOO_FAST_MINUTES} minutes'
            THEN {_POINTS["too-fast"]} ELSE 0 END
        + CASE WHEN relation <> 'self' THEN {_POINTS["somebody-else"]} ELSE 0 END
        + CASE WHEN proof_method = 'signature' THEN {_POINTS["signature-only"]} ELSE 0 END
        + CASE WHEN claimed > highest THEN {_POINTS["highest-amount"]} ELSE 0 END
    ELSE 0 END"""

# The facts are what the panel beside a line shows; an empty one is left out to keep the row small.
LINES: Final = f"""
    INSERT INTO billing_claimline (claim_id, "row", item, parcel_number, dossier_code, direction, claimed, owed,
        admitted, verdict, reason_code, charge_id, facts, risk, is_sampled)
    SELECT %(claim)s, "row", item, parcel_number, dossier_code, claimed_direction, claimed, greatest(owed, 0),
        CASE {_VERDICT} WHEN 'admitted' THEN least(claimed, greatest(owed, 0))
                        WHEN 'reduced' THEN least(claimed, greatest(owed, 0)) ELSE 0 END,
        {_VERDICT}, reason, charge_id,
        jsonb_strip_nulls(jsonb_build_object(
            'weight_grams', claimed_grams, 'accepted_on', accepted_on, 'delivered_on', delivered_on,
            'class', nullif(claimed_class, ''), 'note', nullif(note, ''), 'period', period,
            'book_reason', nullif(book_reason, ''), 'before', before_id,
            'said', CASE WHEN parcel_id IS NULL AND received_at IS NULL THEN NULL ELSE jsonb_build_object(
                'direction', direction, 'weight_grams', weight_grams, 'channel', channel, 'accepted_at', accepted_at,
                'delivered_at', delivered_at, 'proof_method', proof_method, 'relation', relation,
                'class', beneficiary_class, 'dossiers', dossier_codes, 'received_at', received_at,
                'wrong_commune', is_wrong_commune, 'centre_id', centre_id, 'parcel_id', parcel_id,
                'dossier_ids', dossier_ids) END)),
        {_RISK}, false
    FROM billing_claim_said CROSS JOIN (SELECT {_HIGHEST} AS highest) amounts
    ORDER BY "row"
"""  # noqa: S608

UNCLAIMED: Final = """
    SELECT count(*), coalesce(sum(c.city_subsidy + c.compensation), 0) FROM billing_charge c
    WHERE c.province_code = %(province)s AND c.operator_code = %(operator)s AND c.period = %(period)s
      AND c.reverses_id IS NULL AND c.city_subsidy + c.compensation > 0
      AND (c.kind LIKE 'postage%%' OR %(has_work)s)
      AND NOT EXISTS (SELECT 1 FROM billing_charge back WHERE back.reverses_id = c.id)
      AND NOT EXISTS (SELECT 1 FROM billing_claimline l WHERE l.claim_id = %(claim)s AND l.charge_id = c.id)
"""

# Weighted sampling without replacement: see billing.rules.sampling. 52 bits of a hash are a fraction between 0 and 1.
DRAWN: Final = """
    SELECT id FROM (
        SELECT id, parcel_number, -ln((
            ('x' || substr(encode(sha256(convert_to(%(seed)s || ':' || parcel_number, 'UTF8')), 'hex'), 1, 13)
            )::bit(52)::bigint + 1) / 4503599627370497.0) / (1 + risk * risk) AS key
        FROM billing_claimline
        WHERE claim_id = %(claim)s AND verdict = 'admitted' AND reason_code = '' AND item = 'postage'
    ) keyed ORDER BY key, parcel_number LIMIT %(size)s
"""
