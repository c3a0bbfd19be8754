"""What carriers and centres say about what a claim asks for: the two tables that billing compares a claim with.

Billing stands below delivery and intake and cannot ask them; config, which knows every app, joins their rows in two
statements, however long the claim is. No name, phone or address goes over: an address becomes a hash that only says
which parcels went to the same one.
"""

from typing import Final

from django.db.backends.utils import CursorWrapper

_PARCELS: Final = """
    INSERT INTO billing_claim_parcel
    SELECT p.number, p.id, p.operator_code, p.province_code, p.direction, p.weight_grams,
           coalesce(p.pricing ->> 'channel', ''), coalesce(p.pricing ->> 'beneficiary_class', ''), p.outlet_id,
           p.centre_id, p.accepted_at, p.delivered_at, coalesce(proof.method, ''), coalesce(proof.relation, ''),
           p.delivered_in <> '',
           md5(lower(p.recipient_address) || p.recipient_commune_id::text), inside.codes, inside.received_at,
           inside.dossier_ids
    FROM (SELECT DISTINCT parcel_number FROM billing_claimed WHERE item = 'postage') asked
    JOIN delivery_parcel p ON p.number = asked.parcel_number
    LEFT JOIN delivery_proofofdelivery proof ON proof.parcel_id = p.id
    LEFT JOIN LATERAL (
        SELECT array_agg(code ORDER BY at) AS codes, max(received_at) AS received_at,
               array_agg(DISTINCT dossier_id) AS dossier_ids FROM (
            SELECT c.dossier_code AS code, c.id AS at, NULL::timestamptz AS received_at, c.dossier_id
            FROM delivery_parceldossier c WHERE c.parcel_id = p.id
            UNION ALL
            SELECT coalesce(d.code, d.agent_ref), c.id, d.received_at, c.dossier_id FROM delivery_parceldossier c
            JOIN intake_dossier d ON d.id = c.dossier_id WHERE c.parcel_id = p.id
        ) named
    ) inside ON true
"""
_DOSSIERS: Final = """
    INSERT INTO billing_claim_dossier
    SELECT asked.dossier_code, d.id, d.receiving_centre_id, d.received_at
    FROM (SELECT DISTINCT dossier_code FROM billing_claimed WHERE item <> 'postage') asked
    JOIN intake_dossier d ON d.code = asked.dossier_code
"""


def tell(cursor: CursorWrapper) -> None:
    """Fill the two tables for what stands in billing_claimed."""
    cursor.execute("ANALYZE billing_claimed")
    cursor.execute(_PARCELS)
    cursor.execute(_DOSSIERS)
