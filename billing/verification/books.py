"""Questions about the books as a whole: sums, groups without lines, reversals, closed months."""

import json
from collections.abc import Iterator
from datetime import UTC, date
from hashlib import sha256
from typing import Any, Final

from billing.verification.findings import Finding
from billing.verification.rows import in_one_pass, one, rows, stream

_WRONG: Final = {
    "group-off-balance": """SELECT group_id::text, 'by ' || sum(amount) FROM billing_posting
        GROUP BY group_id HAVING sum(amount) <> 0 ORDER BY 1""",
    "group-without-line": """SELECT g.id::text, g.source_type || ' ' || g.source_id FROM billing_postinggroup g
        WHERE NOT EXISTS (SELECT 1 FROM billing_charge c WHERE c.group_id = g.id) ORDER BY 1""",
    "leg-without-group": """SELECT p.id::text, p.group_id::text FROM billing_posting p
        WHERE NOT EXISTS (SELECT 1 FROM billing_postinggroup g WHERE g.id = p.group_id) ORDER BY p.id""",
    "source-charged-twice": """SELECT min(id::text), source_type || ' ' || source_id || ' ' || kind FROM billing_charge
        WHERE reverses_id IS NULL GROUP BY source_type, source_id, kind HAVING count(*) > 1 ORDER BY 1""",
    "reversal-is-no-mirror": """SELECT r.id::text, r.reverses_id::text FROM billing_charge r
        LEFT JOIN billing_charge c ON c.id = r.reverses_id WHERE r.reverses_id IS NOT NULL
        AND (r.gross, r.national_reduction, r.city_subsidy, r.citizen_share, r.compensation, r.other, r.source_id,
             r.kind) IS DISTINCT FROM (-c.gross, -c.national_reduction, -c.city_subsidy, -c.citizen_share,
             -c.compensation, -c.other, c.source_id, c.kind) ORDER BY 1""",
}
_CLOSED: Final = """
    SELECT id, province_id, operator_code, period, lines, gross, national_reduction, city_subsidy, citizen_share,
           compensation, digest FROM billing_statement WHERE state <> 'open' AND period >= %s ORDER BY period, id
"""
_MONTH: Final = """
    SELECT id, source_type, source_id, kind, province_code, operator_code, period, dossier_code, parcel_number,
           direction, occurred_at, rule, gross, national_reduction, city_subsidy, citizen_share, compensation,
           reason_code, reverses_id
    FROM billing_charge WHERE province_code = %s AND operator_code = %s AND period = %s ORDER BY occurred_at, id
"""
_AMOUNTS: Final = slice(12, 17)
_MOMENT: Final = 10
# What the audit saw being closed must still be there, with the digest it had then.
_PREPARED: Final = """
    SELECT a.id::text, a.object_id, a.after->>'digest', s.digest FROM shared_auditentry a
    LEFT JOIN billing_statement s ON s.id::text = a.object_id
    WHERE a.object_type = 'statement' AND a.action = 'prepare_statement'
    AND s.digest IS DISTINCT FROM a.after->>'digest' ORDER BY a.id
"""


def total() -> int:
    """Σ of all postings in đồng."""
    return int(one("SELECT coalesce(sum(amount), 0) FROM billing_posting"))


def groups() -> int:
    return int(one("SELECT count(*) FROM billing_postinggroup"))


def check_whole() -> Iterator[Finding]:
    """Each question is one pass over its tables."""
    with in_one_pass():
        for kind, question in _WRONG.items():
            for reference, detail in stream(question):
                yield Finding(kind, reference, None, detail or "")


def check_closed_months(*, since: date = date.min) -> Iterator[Finding]:
    """A closed month's sums and digest today are those of its closing."""
    for row in rows(_CLOSED, [since]):
        name, province, operator, period, *kept, digest = row
        lines, sums, again = _recomputed(province, operator, period)
        if [lines, *sums] != [int(each) for each in kept] or again != digest:
            yield Finding("closed-month-changed", str(name), None, f"{province} {operator} {period:%Y-%m}")
    for entry, statement, was, now in rows(_PREPARED):
        yield Finding("closed-month-replaced", statement, None,
                      f"closed with digest {(was or '')[:12]} (audit entry {entry}), now {(now or 'gone')[:12]}")


def _recomputed(province: str, operator: str, period: date) -> tuple[int, list[int], str]:
    lines, sums, digest = 0, [0, 0, 0, 0, 0], sha256()
    for row in stream(_MONTH, [province, operator, period]):
        lines += 1
        sums = [total + int(amount) for total, amount in zip(sums, row[_AMOUNTS], strict=True)]
        digest.update(sha256(json.dumps(_told(row), ensure_ascii=False).encode()).digest())
    return lines, sums, digest.hexdigest()


def _told(row: tuple[Any, ...]) -> list[str | int]:
    """A line as a statement's digest takes it: moments in UTC, amounts as numbers, the rest as text."""
    told: list[str | int] = ["" if value is None else str(value) for value in row]
    told[_AMOUNTS] = [int(amount) for amount in row[_AMOUNTS]]
    moment = row[_MOMENT].astimezone(UTC).replace(tzinfo=None)
    told[_MOMENT] = f"{moment.isoformat(timespec='microseconds')}Z"
    return told
