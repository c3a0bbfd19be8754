"""What moved at the card service, held against the books: each fee and each dispute is a posting, and none is without.

A lost dispute is what was taken and not given back; of money that paid nothing it settles what was owed first.
A refund gives back no more of a fee or of postage than was paid.
"""

from collections.abc import Iterator
from typing import Final

from billing.verification.findings import Finding
from billing.verification.rows import rows

_WANTED: Final = """
    WITH wanted AS (
        SELECT m.id, o.operator_code || ':card-fees' AS account, 'card-fee' AS kind, m.fee AS amount
        FROM billing_cardmovement m JOIN billing_cardpayment p ON p.id = m.payment_id
        JOIN billing_collection o ON o.id = p.collection_id WHERE m.fee <> 0
        UNION ALL
        SELECT m.id, o.operator_code || ':card-disputed',
               CASE m.kind WHEN 'dispute' THEN 'card-dispute-taken' ELSE 'card-dispute-back' END, -m.amount
        FROM billing_cardmovement m JOIN billing_cardpayment p ON p.id = m.payment_id
        JOIN billing_collection o ON o.id = p.collection_id
        WHERE m.kind IN ('dispute', 'dispute_back') AND m.amount <> 0
    ), kept AS (
        SELECT c.source_id AS id, a.code AS account, c.kind, s.amount
        FROM billing_charge c JOIN billing_posting s ON s.group_id = c.group_id
        JOIN billing_account a ON a.id = s.account_id
        WHERE c.source_type = 'card_movement' AND c.reverses_id IS NULL
          AND (a.code LIKE '%%:card-fees' OR a.code LIKE '%%:card-disputed')
    )
    SELECT coalesce(w.id, k.id)::text, coalesce(w.kind, k.kind), w.amount, k.amount
    FROM wanted w FULL JOIN kept k USING (id, account, kind)
    WHERE w.amount IS DISTINCT FROM k.amount ORDER BY 1, 2
"""
_TOO_MUCH: Final = """
    SELECT p.id::text, sum(r.fee), o.fee, sum(r.postage), o.postage
    FROM billing_cardrefund r JOIN billing_cardpayment p ON p.id = r.payment_id
    JOIN billing_collection o ON o.id = p.collection_id
    WHERE r.repeats_id IS NULL AND (r.state IN ('done', 'outside') OR r.came_back)
    GROUP BY p.id, o.fee, o.postage HAVING sum(r.fee) > o.fee OR sum(r.postage) > o.postage ORDER BY 1
"""
_RULED: Final = """
    WITH told AS (
        SELECT d.dispute_ref AS dispute, d.state, greatest(0, -coalesce(sum(m.amount), 0)) AS taken
        FROM billing_carddispute d LEFT JOIN billing_cardmovement m
          ON m.source_ref = d.dispute_ref AND m.kind IN ('dispute', 'dispute_back')
        GROUP BY d.dispute_ref, d.state
    ), kept AS (
        SELECT c.evidence ->> 'dispute' AS dispute, sum(s.amount) AS amount
        FROM billing_charge c JOIN billing_posting s ON s.group_id = c.group_id
        JOIN billing_account a ON a.id = s.account_id
        WHERE c.source_type = 'card_dispute' AND (a.code LIKE '%%:card-losses' OR a.code LIKE '%%:refunds-owed')
        GROUP BY 1
    )
    SELECT coalesce(t.dispute, k.dispute), coalesce(t.state, 'unknown'),
           CASE t.state WHEN 'lost' THEN t.taken ELSE 0 END, coalesce(k.amount, 0)
    FROM told t FULL JOIN kept k USING (dispute)
    WHERE CASE t.state WHEN 'lost' THEN t.taken ELSE 0 END <> coalesce(k.amount, 0) ORDER BY 1
"""
_OWED: Final = """
    WITH unasked AS (
        SELECT p.id, p.received FROM billing_cardpayment p
        WHERE EXISTS (SELECT FROM billing_charge c WHERE c.source_type = 'card_payment' AND c.source_id = p.id
                      AND c.kind = 'card-unasked' AND c.reverses_id IS NULL)
          AND NOT EXISTS (SELECT FROM billing_charge c WHERE c.source_type = 'card_payment' AND c.source_id = p.id
                          AND c.kind = 'card-taken' AND c.reverses_id IS NULL)
    ), wanted AS (
        SELECT u.id,
               greatest(0, (SELECT coalesce(sum(-m.amount), 0) FROM billing_cardmovement m JOIN billing_carddispute d
                            ON d.dispute_ref = m.source_ref AND d.state = 'lost'
                            WHERE m.payment_id = u.id AND m.kind IN ('dispute', 'dispute_back'))) AS taken,
               u.received - (SELECT coalesce(sum(r.amount), 0) FROM billing_cardrefund r
                             WHERE r.payment_id = u.id AND r.state IN ('done', 'outside')) AS left_over
        FROM unasked u
    ), borne AS (
        SELECT d.payment_id AS id, sum(s.amount) AS amount
        FROM billing_charge c JOIN billing_posting s ON s.group_id = c.group_id
        JOIN billing_account a ON a.id = s.account_id AND a.code LIKE '%%:card-losses'
        JOIN billing_carddispute d ON d.dispute_ref = c.evidence ->> 'dispute'
        WHERE c.source_type = 'card_dispute' GROUP BY 1
    )
    SELECT w.id::text, greatest(0, w.taken - w.left_over), coalesce(b.amount, 0)
    FROM wanted w LEFT JOIN borne b USING (id)
    WHERE coalesce(b.amount, 0) > greatest(0, w.taken - w.left_over) ORDER BY 1
"""


def check_cards() -> Iterator[Finding]:
    """Four passes over what the card service told."""
    for reference, kind, wanted, kept in rows(_WANTED):
        yield Finding("card-movement-and-books-differ", reference, None,
                      f"{kind}: told {wanted or 0}, in the books {kept or 0}")
    for reference, fee, paid_fee, postage, paid_postage in rows(_TOO_MUCH):
        yield Finding("card-refund-too-much", reference, None,
                      f"fee {fee} of {paid_fee}, postage {postage} of {paid_postage}")
    for dispute, state, wanted, kept in rows(_RULED):
        yield Finding("card-ruling-and-movements-differ", dispute, None,
                      f"{state}: lost {wanted} by the movements, {kept} in the books")
    for reference, wanted, kept in rows(_OWED):
        yield Finding("card-loss-was-owed", reference, None,
                      f"the operator bears {kept}, and {wanted} was more than the citizen was owed")
