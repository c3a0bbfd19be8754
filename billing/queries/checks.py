"""Do the books still say what the events and the dated rules say? Asked every night, by people and by tests.

Everything is read again from the rows: no figure that was kept is taken at its word.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from django.db import connection
from django.db.models import Exists, OuterRef

from billing.models.ledger import Charge, PostingGroup
from billing.models.statements import Statement, StatementState
from billing.queries.months import computed
from billing.queries.rates import rate_book
from billing.rules.entries import is_entry, plan_of_entry
from billing.rules.plans import POSTAGE, Plan, base_kind, plan_again
from billing.rules.rates import RateBook

_AMOUNTS: Final = ("gross", "national_reduction", "city_subsidy", "citizen_share", "compensation")
_CHUNK: Final = 2000
MOST_FINDINGS: Final = 1000

_WRONG_GROUPS: Final = {
    "group-off-balance": "SELECT group_id::text FROM billing_posting GROUP BY group_id HAVING sum(amount) <> 0",
    "group-without-legs": """SELECT id::text FROM billing_postinggroup g
        WHERE NOT EXISTS (SELECT 1 FROM billing_posting p WHERE p.group_id = g.id)""",
    "group-without-line": """SELECT id::text FROM billing_postinggroup g
        WHERE NOT EXISTS (SELECT 1 FROM billing_charge c WHERE c.group_id = g.id)""",
    "line-and-group-differ": """SELECT c.id::text FROM billing_charge c LEFT JOIN LATERAL (
            SELECT sum(amount) FILTER (WHERE amount > 0) AS debit FROM billing_posting p WHERE p.group_id = c.group_id
        ) legs ON true WHERE coalesce(legs.debit, 0) <> abs(c.gross + c.compensation + c.other)""",
    "group-of-another-event": """SELECT g.id::text FROM billing_postinggroup g
        JOIN billing_charge c ON c.group_id = g.id
        WHERE (g.period, g.source_type, g.source_id, g.kind) IS DISTINCT FROM
              (c.period, c.source_type, c.source_id, c.kind)""",
    "reversal-is-no-mirror": """SELECT r.id::text FROM billing_charge r JOIN billing_charge c ON c.id = r.reverses_id
        WHERE (r.gross, r.national_reduction, r.city_subsidy, r.citizen_share, r.compensation) IS DISTINCT FROM
              (-c.gross, -c.national_reduction, -c.city_subsidy, -c.citizen_share, -c.compensation)""",
}


@dataclass(frozen=True, slots=True)
class Finding:
    kind: str
    reference: str
    """Id of the line, group or statement."""
    detail: str = ""


@dataclass(frozen=True, slots=True)
class LedgerCheck:
    lines: int
    groups: int
    sum_vnd: int
    """Of all postings; 0 when the books balance."""
    findings: tuple[Finding, ...]

    @property
    def is_sound(self) -> bool:
        return not self.findings and self.sum_vnd == 0


def check_ledger() -> LedgerCheck:
    """Look at everything; at most MOST_FINDINGS findings of each kind."""
    findings = (*_wrong_groups(), *_wrong_lines(rate_book()), *_changed_statements())
    return LedgerCheck(Charge.objects.count(), PostingGroup.objects.count(), ledger_sum(), tuple(findings))


def ledger_sum() -> int:
    """Σ of all postings in đồng."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(sum(amount), 0) FROM billing_posting")
        return int(cursor.fetchone()[0])


def _wrong_groups() -> Iterator[Finding]:
    for kind, question in _WRONG_GROUPS.items():
        with connection.cursor() as cursor:
            cursor.execute(f"{question} LIMIT {MOST_FINDINGS}")
            yield from (Finding(kind, reference) for (reference,) in cursor.fetchall())


def _wrong_lines(book: RateBook) -> Iterator[Finding]:
    """Each line against the event kept beside it and the rules of its day.

    One that was taken back answers to its mirror alone: a newer rule may have been why.
    """
    lines = Charge.objects.filter(~Exists(Charge.objects.filter(reverses=OuterRef("id"))), reverses=None).only(
        "id", "kind", "evidence", "province_code", "operator_code", "occurred_at", "rule", "reason_code", *_AMOUNTS)
    planned = _Planner(book)
    found = 0
    for charge in lines.order_by().iterator(chunk_size=_CHUNK):
        plan = planned(charge)
        kept = tuple(getattr(charge, name) for name in _AMOUNTS)
        if (kept, charge.rule, charge.reason_code) != (plan.amounts, plan.rule, plan.reason_code):
            yield Finding("line-and-rules-differ", str(charge.id), _difference(charge, plan))
            found += 1
            if found == MOST_FINDINGS:
                return


class _Planner:
    """Plans lines again; equal cases are planned once."""

    def __init__(self, book: RateBook) -> None:
        self._book = book
        self._postage: dict[tuple[Any, ...], Plan] = {}

    def __call__(self, charge: Charge) -> Plan:
        if base_kind(charge.kind) != POSTAGE:
            return self._planned(charge)
        key = tuple(charge.evidence["case"].values())
        if key not in self._postage:
            self._postage[key] = self._planned(charge)
        return self._postage[key]

    def _planned(self, charge: Charge) -> Plan:
        if is_entry(charge.kind):
            return plan_of_entry(charge.evidence)
        return plan_again(kind=charge.kind, evidence=charge.evidence, province_code=charge.province_code,
                          operator_code=charge.operator_code, occurred_at=charge.occurred_at, book=self._book)


def _difference(charge: Charge, plan: Plan) -> str:
    kept, planned = ([getattr(each, name).amount for name in _AMOUNTS] for each in (charge, plan))
    return f"kept {kept} by {charge.rule}, recomputed {planned} by {plan.rule}"


def _changed_statements() -> Iterator[Finding]:
    """A closed month never changes: its digest and sums today are those of its closing."""
    for row in Statement.objects.exclude(state=StatementState.OPEN).order_by("period").iterator():
        sums, digest = computed(province_code=row.province_id, operator_code=row.operator_code, period=row.period)
        kept = (row.lines, *(getattr(row, name) for name in _AMOUNTS))
        if digest != row.digest or kept != (sums.lines, *(getattr(sums, name) for name in _AMOUNTS)):
            yield Finding("statement-changed", str(row.id), f"{row.operator_code} {row.period:%Y-%m}")
