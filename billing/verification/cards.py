"""What moved at the card service, held against the books: each fee and each dispute is a posting, and none is without.

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
    WHERE r.repeats_id IS NULL AND (r.state = 'done' OR r.came_back)
    GROUP BY p.id, o.fee, o.postage HAVING sum(r.fee) > o.fee OR sum(r.postage) > o.postage ORDER BY 1
"""


def check_cards() -> Iterator[Finding]:
    """Two passes over what the card service told."""
    for reference, kind, wanted, kept in rows(_WANTED):
        yield Finding("card-movement-and-books-differ", reference, None,
                      f"{kind}: told {wanted or 0}, in the books {kept or 0}")
    for reference, fee, paid_fee, postage, paid_postage in rows(_TOO_MUCH):
        yield Finding("card-refund-too-much", reference, None,
                      f"fee {fee} of {paid_fee}, postage {postage} of {paid_postage}")
