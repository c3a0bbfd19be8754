"""What a month does not pay yet, and what earlier months have left to this one.

A line on hold (somebody disputes it, or a known error concerns it) and a line that waits for a used-up budget are in
nobody's figure. At the release each is noted as withheld, and the next statement of the same books pays it as soon as
nothing keeps it any more. What came out below zero is noted too, so that no đồng is lost between two months.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import batched
from typing import Any, Final
from uuid import UUID

from django.db.models import Count, DateField, Exists, F, Func, OuterRef, Q, QuerySet, StringAgg, Sum, TextField, Value
from django.db.models.fields.json import KT
from django.db.models.functions import Cast, Coalesce, TruncDate

from billing.claims.wording import said
from billing.models.budget import BudgetStop
from billing.models.claims import Claim, ClaimLine
from billing.models.ledger import Charge
from billing.models.rates import CompensationNorm, SubsidyRuleSet
from billing.models.statements import Statement, StatementState, Withheld
from billing.queries.holds import is_held
from billing.rules.rates import WhenEmpty
from billing.rules.settling import WHY_WORDS, Why
from billing.settling.adjusting import ADJUSTS
from shared.calendar import LOCAL_ZONE

QUEUED: Final = "budget-queued"
_CHUNK: Final = 5000
_NONE: Final = Q(pk__in=[])
_OVER: Final = (StatementState.RELEASED, StatementState.RECONCILED)


@dataclass(frozen=True, slots=True)
class Kept:
    """Lines that are kept back: whole đồng that the city would owe for them; `work` is the part of agents' work."""

    lines: QuerySet[Charge]
    amount: int
    work: int
    digest: str
    """SHA-256 over the lines' ids in order; empty when there are none."""

    def of_claim(self, claim: Claim, adjusting: Mapping[UUID, int]) -> int:
        """What the claim's admitted lines and the adjusting ones among them come to."""
        if not self.digest:
            return 0
        found = ClaimLine.objects.filter(claim=claim, charge_id__in=self.lines.values("id"))
        return int(found.aggregate(given=Sum("admitted"))["given"] or 0) + sum(
            amount for _id, amount in self.adjusting(adjusting))

    def adjusting(self, adjusting: Mapping[UUID, int]) -> Iterator[tuple[UUID, int]]:
        """Those of the adjusting lines that are kept back, with their amounts."""
        if adjusting:
            for line_id in self.lines.filter(ADJUSTS).values_list("id", flat=True).iterator(_CHUNK):
                if line_id in adjusting:
                    yield line_id, adjusting[line_id]


def held_of(statement: Statement) -> Kept:
    """On hold."""
    return _kept(_lines_of(statement).filter(is_held()))


def waiting_of(statement: Statement) -> Kept:
    """Owed, and waiting until the budget line is filled again; what is on hold as well counts there alone."""
    return _kept(_lines_of(statement).filter(waits_for_budget(statement.province_id)).exclude(is_held()))


def waits_for_budget(province_code: str) -> Q:
    """The condition on lines with `pays_by` and `counts_on` (`with_budget`): their budget line is stopped, and no grant
    has covered them since. What was taken back waits for nothing.
    """
    waits, is_back = _NONE, Exists(Charge.objects.filter(reverses=OuterRef("id")))
    for stop in BudgetStop.objects.filter(province_id=province_code, valid_to=None, when_empty=WhenEmpty.QUEUE):
        waits |= Q(pays_by__in=_rules_of(stop), counts_on__gte=stop.valid_from)
    return waits & Q(reason_code=QUEUED) & ~Q(is_back)


def with_budget(lines: QuerySet[Charge]) -> QuerySet[Charge]:
    """The rule that makes the city pay, and the day whose budget pays."""
    # The paying rule ends the chain of rules of a line (billing.rules.plans).
    return lines.annotate(
        pays_by=Func(F("rule"), Value(r"^.* \+ "), Value(""), function="regexp_replace", output_field=TextField()),
        counts_on=Coalesce(Cast(KT("evidence__case__on"), DateField()), TruncDate("occurred_at", tzinfo=LOCAL_ZONE)))


def _rules_of(stop: BudgetStop) -> list[str]:
    mine = Q(province_id=stop.province_id, budget_line=stop.budget_line)
    return [code for model in (SubsidyRuleSet, CompensationNorm)
            for code in model._default_manager.filter(mine).values_list("code", flat=True)]


def _lines_of(statement: Statement) -> QuerySet[Charge]:
    return with_budget(Charge.objects.filter(
        province_code=statement.province_id, operator_code=statement.operator_code, period=statement.period))


def _kept(lines: QuerySet[Charge]) -> Kept:
    found = lines.aggregate(subsidy=Sum("city_subsidy"), work=Sum("compensation"), digest=_digest("id"))
    work = int(found["work"] or 0)
    return Kept(lines, int(found["subsidy"] or 0) + work, work, found["digest"] or "")


def _digest(name: str) -> Func:
    """SHA-256 over the ids in order, parted by commas; null of nothing."""
    ids = StringAgg(Cast(name, TextField()), delimiter=Value(","), order_by=name)
    return Func(ids, template="encode(sha256(convert_to(%(expressions)s, 'UTF8')), 'hex')", output_field=TextField())


# --- what earlier months left ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class CarriedOver:
    """Whole đồng of earlier months that nothing keeps any more; may be negative."""

    amount: int = 0
    digest: str = ""


def carried_of(statement: Statement) -> CarriedOver:
    """Two queries, or one when nothing was left."""
    found = _carried(statement).aggregate(amount=Sum("amount"), digest=_digest("id"))
    return CarriedOver(int(found["amount"] or 0), found["digest"] or "")


def _carried(statement: Statement) -> QuerySet[Withheld]:
    """Only the earliest statement on its way takes them, so that two months never pay the same."""
    left = Withheld.objects.filter(
        settled_with=None, statement__province_id=statement.province_id,
        statement__operator_code=statement.operator_code, statement__period__lt=statement.period)
    if not left.exists():
        return left.none()
    earlier = Statement.objects.filter(
        province_id=statement.province_id, operator_code=statement.operator_code, period__lt=statement.period,
        period__gt=OuterRef("statement__period")).exclude(state__in=_OVER)
    taken_back = Exists(Charge.objects.filter(reverses=OuterRef("id")))
    stuck = with_budget(Charge.objects.filter(id=OuterRef("charge_id"))).filter(
        (is_held() | waits_for_budget(statement.province_id)) & ~taken_back)
    return left.exclude(Exists(earlier)).exclude(Exists(stuck))


@dataclass(frozen=True, slots=True)
class WithheldSum:
    words: str
    lines: int
    amount: int
    still: int
    """Lines that no later month has paid yet."""


def withheld_by_why(statement: Statement) -> list[WithheldSum]:
    """What the released statement did not pay, in the reader's language; one query."""
    found = Withheld.objects.filter(statement=statement).values("why").annotate(
        lines=Count("id"), sum=Sum("amount"), still=Count("id", filter=Q(settled_with=None))).order_by("why")
    return [WithheldSum(said(WHY_WORDS[Why(row["why"])]), row["lines"], int(row["sum"]), row["still"])
            for row in found]


# --- noted at the release -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class PaidBy:
    """What decides how much a line would have been paid: the books, or as far as a claim was admitted."""

    claim: Claim | None
    pays_work_by_books: bool
    adjusting: Mapping[UUID, int]


def note_release(statement: Statement, paid_by: PaidBy, *, shortfall: int, at: datetime) -> None:
    """Keep what this statement withholds, and settle what it pays of earlier months. `shortfall` is how far below zero
    it came out.
    """
    _carried(statement).update(settled_with=statement, settled_at=at)
    for why, kept in ((Why.HELD, held_of(statement)), (Why.BUDGET, waiting_of(statement))):
        if kept.digest:
            rows = (Withheld(statement=statement, charge_id=charge_id, why=why, amount=amount, noted_at=at)
                    for charge_id, amount in _amounts(kept, paid_by) if amount)
            for chunk in batched(rows, _CHUNK, strict=False):
                Withheld.objects.bulk_create(chunk)
    if shortfall:
        Withheld.objects.create(statement=statement, why=Why.BELOW_ZERO, amount=-shortfall, noted_at=at)


def _amounts(kept: Kept, paid_by: PaidBy) -> Iterator[tuple[UUID, Any]]:
    if paid_by.claim is None:
        yield from kept.lines.values_list("id", F("city_subsidy") + F("compensation")).iterator(_CHUNK)
        return
    claimed = ClaimLine.objects.filter(claim=paid_by.claim, charge_id__in=kept.lines.values("id"), admitted__gt=0)
    for charge_id, admitted in claimed.values_list("charge_id", "admitted").iterator(_CHUNK):
        if charge_id is not None:
            yield charge_id, admitted
    by_books = paid_by.pays_work_by_books
    adjusting = dict(kept.adjusting(paid_by.adjusting))
    if by_books:
        for line_id, work in kept.lines.exclude(compensation=0).values_list("id", "compensation").iterator(_CHUNK):
            yield line_id, int(work) + adjusting.pop(line_id, 0)
    yield from adjusting.items()
