"""An outlet's daily statement: the lines that a checkpoint covers, signed, in a file that outlives our servers.

The statements of an outlet are numbered and each names the one before it, so that whoever keeps them sees a missing one
and can rebuild a month from them alone.
"""

import json
from collections.abc import Iterator
from datetime import date
from hashlib import sha256
from typing import Any, Final
from uuid import UUID

from django.db import connection

from billing.chain import said
from billing.chain.canonical import canonical
from billing.chain.keys import KeyRing
from billing.models.seals import Checkpoint, OutletDay
from shared.money import Money

SHAPE: Final = "wardpost/outlet-day/1"
_SUMS: Final = ("gross", "national_reduction", "city_subsidy", "citizen_share", "compensation", "other")
# The outlets of the lines between two checkpoints, with the digest of their commitments in the order of the chain.
_DAYS: Final = """
    SELECT c.outlet_id, max(c.province_code), max(c.operator_code), count(*), sum(c.gross), sum(c.national_reduction),
           sum(c.city_subsidy), sum(c.citizen_share), sum(c.compensation), sum(c.other),
           encode(sha256(string_agg(s.commitment, ''::bytea ORDER BY s.sequence)), 'hex')
    FROM billing_lineseal s JOIN billing_charge c ON c.id = s.line_id
    WHERE s.sequence > %s AND s.sequence <= %s AND c.outlet_id IS NOT NULL
    GROUP BY c.outlet_id ORDER BY c.outlet_id
"""
_BEFORE: Final = """
    SELECT DISTINCT ON (outlet_id) outlet_id, number, said, signature FROM billing_outletday
    ORDER BY outlet_id, number DESC
"""
_LINES: Final = f"""
    SELECT s.sequence, s.salt::text, {said.LINE_SAID}
    FROM billing_lineseal s JOIN billing_charge c ON c.id = s.line_id {said.LINE_JOINS}
    LEFT JOIN LATERAL ({said.LEGS} WHERE p.group_id = c.group_id GROUP BY p.group_id) l ON true
    WHERE s.sequence > %s AND s.sequence <= %s AND c.outlet_id = %s ORDER BY s.sequence
"""  # noqa: S608  # our own columns
_MONTH: Final = """
    SELECT count(*), coalesce(sum(c.gross), 0), coalesce(sum(c.national_reduction), 0),
           coalesce(sum(c.city_subsidy), 0), coalesce(sum(c.citizen_share), 0), coalesce(sum(c.compensation), 0),
           coalesce(sum(c.other), 0),
           encode(sha256(coalesce(string_agg(s.commitment, ''::bytea ORDER BY s.sequence), ''::bytea)), 'hex'),
           count(*) FILTER (WHERE s.sequence IS NULL OR s.sequence > %s)
    FROM billing_charge c LEFT JOIN billing_lineseal s ON s.line_id = c.id
    WHERE c.outlet_id = %s AND c.period = %s AND c.province_code = %s
"""


def state_days(checkpoint: Checkpoint, *, after: int, ring: KeyRing) -> int:
    """A signed statement for each outlet with a line between the sequence `after` and the checkpoint's; how many."""
    with connection.cursor() as cursor:
        cursor.execute(_DAYS, [after, checkpoint.lines])
        rows = cursor.fetchall()
        cursor.execute(_BEFORE)
        before = {outlet_id: (number, text, bytes(signature)) for outlet_id, number, text, signature in cursor}
    OutletDay.objects.bulk_create(
        (_day(checkpoint, after, row, before.get(row[0]), ring) for row in rows), batch_size=1000)
    return len(rows)


def _day(checkpoint: Checkpoint, after: int, row: tuple[Any, ...], before: tuple[int, str, bytes] | None,
         ring: KeyRing) -> OutletDay:
    outlet_id, province_code, operator_code, lines, *sums, digest = row
    number = 1 if before is None else before[0] + 1
    amounts = {name: int(amount) for name, amount in zip(_SUMS, sums, strict=True)}
    text = canonical({
        "shape": SHAPE, "outlet": str(outlet_id), "province_code": province_code,
        "operator_code": operator_code, "number": number, "day": checkpoint.day.isoformat(),
        "checkpoint": checkpoint.number, "checkpoint_code": checkpoint.code, "after": after,
        "through": checkpoint.lines, "lines": lines, "digest": digest, **amounts,
        "before": "" if before is None else sha256(before[1].encode() + before[2]).hexdigest(),
        "key": ring.public.hex()})
    return OutletDay(
        checkpoint=checkpoint, outlet_id=outlet_id, province_code=province_code, operator_code=operator_code,
        number=number, lines=lines, city_subsidy=Money(amounts["city_subsidy"]),
        citizen_share=Money(amounts["citizen_share"]), compensation=Money(amounts["compensation"]),
        other=Money(amounts["other"]), said=text, signature=ring.sign(text))


def document(day: OutletDay) -> dict[str, Any]:
    """The file to keep: what was signed, its signature, and every line with the salt that opens its commitment."""
    told = json.loads(day.said)
    return {"said": day.said, "signature": bytes(day.signature).hex(),
            "lines": [{"sequence": sequence, "salt": salt, "said": text}
                      for sequence, salt, text in _lines(day.outlet_id, told["after"], told["through"])]}


def _lines(outlet_id: UUID, after: int, through: int) -> Iterator[tuple[int, str, str]]:
    with connection.cursor() as cursor:
        cursor.execute(_LINES, [after, through, outlet_id])
        yield from cursor.fetchall()


def outlet_month(*, outlet_id: UUID, province_code: str, period: date, through: int) -> dict[str, Any]:
    """An outlet's month as the books have it now: what its daily statements up to `through` must add up to."""
    with connection.cursor() as cursor:
        cursor.execute(_MONTH, [through, outlet_id, period, province_code])
        lines, *sums, digest, later = cursor.fetchone()
    return {"lines": int(lines), **{name: int(amount) for name, amount in zip(_SUMS, sums, strict=True)},
            "digest": digest, "not_stated_yet": int(later)}
