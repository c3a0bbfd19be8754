"""What a signature stands for: the figures of a statement at this moment, and the digest of all of them.

With a claim the city pays what was admitted of it; agents' work that the claim leaves out is paid by our own books.
Without a claim our books alone count. What is disputed is held: it is in nobody's figure until it is settled.
"""

import json
from dataclasses import asdict, dataclass
from hashlib import sha256
from typing import Any, Final

from django.db.models import Count, Max, Q, Sum

from billing.claims.files.rows import POSTAGE
from billing.models.claims import CallBack, Claim, ClaimDecision, ClaimLine
from billing.models.statements import Statement, StatementState
from billing.queries.months import computed
from billing.rules.claims import ClaimState
from billing.settling.held import Held, held_of

_SIGNED: Final = ("lines_digest", "lines", "books", "claim_sha256", "claimed", "admitted", "work", "held",
                  "held_digest", "decisions", "payable")


@dataclass(frozen=True, slots=True)
class Figures:
    """Whole đồng. `books` is what our lines say that the city owes; `payable` is what it would pay now."""

    lines_digest: str
    lines: int
    books: int
    claim_sha256: str
    claimed: int
    admitted: int
    work: int
    """Agents' work paid by our books, because the claim leaves it out."""
    held: int
    held_digest: str
    decisions: str
    """How many verdicts people changed, and the newest."""
    payable: int
    to_look: int = 0
    """Lines that wait for a person's verdict; not signed, because none may be left."""
    calls_open: int = 0

    @property
    def digest(self) -> str:
        """SHA-256 over the signed figures as a JSON array, in the order of `_SIGNED`."""
        told = json.dumps([getattr(self, name) for name in _SIGNED], ensure_ascii=False)
        return sha256(told.encode()).hexdigest()

    def as_data(self) -> dict[str, Any]:
        """What was signed, by name, so that the digest can be worked out again from a signature alone."""
        return {name: value for name, value in asdict(self).items() if name in _SIGNED}


def figures_of(statement: Statement) -> Figures:
    """As they are now; a constant number of queries."""
    books, digest = _books(statement)
    held = held_of(statement)
    claim = matched_claim(statement)
    if claim is None:
        return Figures(digest, statement.lines, books, "", 0, 0, 0, held.amount, held.digest, "",
                       max(0, books - held.amount))
    sums = _claim_sums(claim, held)
    work = 0 if sums["work_rows"] else statement.compensation.amount
    withheld = sums["withheld"] + (held.work if work else 0)
    return Figures(
        digest, statement.lines, books, claim.sha256, claim.claimed.amount, sums["given"], work, withheld,
        held.digest, _decisions(claim), max(0, sums["given"] + work - withheld), to_look=sums["to_look"],
        calls_open=CallBack.objects.filter(claim=claim, outcome="").count())


def matched_claim(statement: Statement) -> Claim | None:
    return Claim.objects.filter(province_id=statement.province_id, operator_code=statement.operator_code,
                                period=statement.period, state=ClaimState.MATCHED).first()


def _books(statement: Statement) -> tuple[int, str]:
    if statement.state != StatementState.OPEN:
        return statement.city_subsidy.amount + statement.compensation.amount, statement.digest
    sums, digest = computed(province_code=statement.province_id, operator_code=statement.operator_code,
                            period=statement.period)
    return sums.city_owes.amount, digest


def _claim_sums(claim: Claim, held: Held) -> dict[str, int]:
    found = ClaimLine.objects.filter(claim=claim).aggregate(
        given=Sum("admitted"), withheld=Sum("admitted", filter=Q(charge_id__in=held.charge_ids)),
        to_look=Count("id", filter=Q(verdict="look")), work_rows=Count("id", filter=~Q(item=POSTAGE)))
    return {name: int(value or 0) for name, value in found.items()}


def _decisions(claim: Claim) -> str:
    found = ClaimDecision.objects.filter(line__claim=claim).aggregate(count=Count("id"), newest=Max("id"))
    return f"{found['count']}:{found['newest'] or 0}"
