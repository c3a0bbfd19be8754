"""What a signature stands for: the figures of a statement at this moment, and the digest of all of them.

With a claim the city pays what was admitted of it; agents' work that the claim leaves out is paid by our own books.
Without a claim our books alone count. What is disputed is held, and what waits for a used-up budget waits: it is in
nobody's figure until nothing keeps it, and then the next statement pays it. Once released the figures stand for ever.
"""

import json
from dataclasses import asdict, dataclass
from hashlib import sha256
from typing import Any, Final

from django.db.models import Count, Max, Q, Sum

from billing.claims.files.rows import POSTAGE
from billing.models.claims import CallBack, Claim, ClaimDecision, ClaimLine
from billing.models.statements import Statement, StatementSignature, StatementState
from billing.queries.months import computed
from billing.rules.claims import ClaimState
from billing.rules.settling import Step
from billing.settling.adjusting import adjusting_lines
from billing.settling.withheld import CarriedOver, Kept, PaidBy, carried_of, held_of, waiting_of

_SIGNED: Final = ("lines_digest", "lines", "books", "claim_sha256", "claimed", "admitted", "work", "held",
                  "held_digest", "decisions", "payable")
_SIGNED_WHERE_THERE: Final = ("waiting", "waiting_digest", "carried", "carried_digest", "adjusted")
"""Signed as well where there is any of it."""


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
    waiting: int = 0
    """Owed, and not paid before the budget line is filled again."""
    waiting_digest: str = ""
    carried: int = 0
    """What earlier months kept back and nothing keeps any more."""
    carried_digest: str = ""
    adjusted: int = 0
    """With a claim: entries, and corrections of earlier months, which stand in our books alone."""
    shortfall: int = 0
    """How far below zero it comes out; the next month pays so much less. Not signed: the figures above say it."""
    to_look: int = 0
    """Lines that wait for a person's verdict; not signed, because none may be left."""
    calls_open: int = 0

    @property
    def digest(self) -> str:
        """SHA-256 over the signed figures as a JSON array, in the order of `as_data`."""
        told = json.dumps(list(self.as_data().values()), ensure_ascii=False)
        return sha256(told.encode()).hexdigest()

    def as_data(self) -> dict[str, Any]:
        """What was signed, by name, so that the digest can be worked out again from a signature alone."""
        every = asdict(self)
        return {name: every[name] for name in _SIGNED} | {
            name: every[name] for name in _SIGNED_WHERE_THERE if every[name]}


def figures_of(statement: Statement) -> Figures:
    """As they are now, or as they were released; a constant number of queries."""
    if statement.state in {StatementState.RELEASED, StatementState.RECONCILED}:
        return Figures(**StatementSignature.objects.get(
            statement=statement, round=statement.round, step=Step.RELEASE).figures)
    books, digest = _books(statement)
    held, waiting, carried = held_of(statement), waiting_of(statement), carried_of(statement)
    claim = matched_claim(statement)
    if claim is None:
        left = books - held.amount - waiting.amount + carried.amount
        return Figures(digest, statement.lines, books, "", 0, 0, 0, held.amount, held.digest, "", max(0, left),
                       waiting.amount, waiting.digest, carried.amount, carried.digest, shortfall=max(0, -left))
    return _with_claim(statement, claim, (books, digest), (held, waiting, carried))


def _with_claim(statement: Statement, claim: Claim, books: tuple[int, str],
                kept: tuple[Kept, Kept, CarriedOver]) -> Figures:
    held, waiting, carried = kept
    sums, paid_by = _claim_sums(claim), paid_by_of(statement, claim)
    adjusted = sum(paid_by.adjusting.values())
    work = statement.compensation.amount if paid_by.pays_work_by_books else 0
    withheld, waits = (each.of_claim(claim, paid_by.adjusting) + (each.work if work else 0) for each in (held, waiting))
    left = sums["given"] + work + adjusted - withheld - waits + carried.amount
    return Figures(
        books[1], statement.lines, books[0], claim.sha256, claim.claimed.amount, sums["given"], work, withheld,
        held.digest, _decisions(claim), max(0, left), waits, waiting.digest, carried.amount, carried.digest, adjusted,
        shortfall=max(0, -left), to_look=sums["to_look"],
        calls_open=CallBack.objects.filter(claim=claim, outcome="").count())


def paid_by_of(statement: Statement, claim: Claim | None) -> PaidBy:
    """By what the statement's lines are paid."""
    if claim is None:
        return PaidBy(None, pays_work_by_books=True, adjusting={})
    claims_work = ClaimLine.objects.filter(claim=claim).exclude(item=POSTAGE).exists()
    return PaidBy(claim, not claims_work, adjusting_lines(statement, claim, claims_work=claims_work))


def matched_claim(statement: Statement) -> Claim | None:
    return Claim.objects.filter(province_id=statement.province_id, operator_code=statement.operator_code,
                                period=statement.period, state=ClaimState.MATCHED).first()


def _books(statement: Statement) -> tuple[int, str]:
    if statement.state != StatementState.OPEN:
        return statement.city_subsidy.amount + statement.compensation.amount, statement.digest
    sums, digest = computed(province_code=statement.province_id, operator_code=statement.operator_code,
                            period=statement.period)
    return sums.city_owes.amount, digest


def _claim_sums(claim: Claim) -> dict[str, int]:
    found = ClaimLine.objects.filter(claim=claim).aggregate(
        given=Sum("admitted"), to_look=Count("id", filter=Q(verdict="look")))
    return {name: int(value or 0) for name, value in found.items()}


def _decisions(claim: Claim) -> str:
    found = ClaimDecision.objects.filter(line__claim=claim).aggregate(count=Count("id"), newest=Max("id"))
    return f"{found['count']}:{found['newest'] or 0}"
