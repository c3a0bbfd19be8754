"""What a month with a claim pays beside it: entries, and corrections of earlier months.

An operator claims its parcels and work. The outcome of a dispute, a line of a paid month taken back, and the same event
charged again stand in our books alone: they are paid and deducted by these, whatever the claim says. A line of an
earlier month is deducted as far as it was paid there.
"""

from typing import Any, Final
from uuid import UUID

from django.db import connection
from django.db.models import Q

from billing.models.claims import Claim
from billing.models.statements import Statement

ADJUSTS: Final = Q(reverses__isnull=False) | Q(kind__contains="#") | ~(
    Q(kind__startswith="postage") | Q(kind__startswith="compensation:"))
"""The lines that may stand among the answers here."""

_PRICED: Final = "({0}.kind = 'postage' OR {0}.kind LIKE 'postage#%%' OR {0}.kind LIKE 'compensation:%%')"
_OWES: Final = "{0}.city_subsidy + CASE WHEN %(has_work)s THEN {0}.compensation ELSE 0 END"
_MINE: Final = "{0}.province_code = %(province)s AND {0}.operator_code = %(operator)s AND {0}.period = %(period)s"
_LINES: Final = f"""
    WITH late AS (
        SELECT back.id, back.source_type, back.source_id, split_part(back.kind, '#', 1) AS base, CASE
            WHEN o.kind LIKE 'compensation:%%' AND NOT %(has_work)s THEN 0
            WHEN before.id IS NULL OR (o.kind LIKE 'compensation:%%' AND NOT EXISTS (
                SELECT 1 FROM billing_claimline l WHERE l.claim_id = before.id AND l.item <> 'postage'))
                THEN o.city_subsidy + o.compensation
            ELSE coalesce((SELECT sum(l.admitted) FROM billing_claimline l
                           WHERE l.claim_id = before.id AND l.charge_id = o.id), 0) END AS paid
        FROM billing_charge back JOIN billing_charge o ON o.id = back.reverses_id
        LEFT JOIN billing_claim before ON before.province_id = o.province_code
            AND before.operator_code = o.operator_code AND before.period = o.period AND before.state = 'matched'
        WHERE {_MINE.format("back")} AND o.period < back.period AND {_PRICED.format("back")}
    )
    SELECT id, -paid FROM late
    UNION ALL
    SELECT e.id, {_OWES.format("e")} FROM billing_charge e WHERE {_MINE.format("e")} AND NOT {_PRICED.format("e")}
    UNION ALL
    SELECT y.id, {_OWES.format("y")} FROM billing_charge y
    WHERE {_MINE.format("y")} AND y.reverses_id IS NULL AND y.kind LIKE '%%#%%' AND {_PRICED.format("y")}
      AND EXISTS (SELECT 1 FROM late WHERE late.source_type = y.source_type AND late.source_id = y.source_id
                  AND late.base = split_part(y.kind, '#', 1) AND late.paid <> 0)
      AND NOT EXISTS (SELECT 1 FROM billing_charge back WHERE back.reverses_id = y.id AND back.period = y.period)
      AND NOT EXISTS (SELECT 1 FROM billing_claimline l WHERE l.claim_id = %(claim)s AND l.charge_id = y.id)
"""  # noqa: S608  # our own fragments


def adjusting_lines(statement: Statement, claim: Claim, *, claims_work: bool) -> dict[UUID, int]:
    """What each such line adds to what the city pays, whole đồng. Agents' work only where the claim asks for it itself:
    otherwise the books pay all of it.
    """
    told: dict[str, Any] = {
        "province": statement.province_id, "operator": statement.operator_code, "period": statement.period,
        "claim": claim.id, "has_work": claims_work}
    with connection.cursor() as cursor:
        cursor.execute(_LINES, told)
        return {line_id: int(amount) for line_id, amount in cursor.fetchall() if amount}
