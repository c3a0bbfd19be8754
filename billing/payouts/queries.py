"""What is read of payouts: what waits and why, batches, lines of the paying account, payees' accounts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db.models import Case, Count, IntegerField, Prefetch, Q, Sum, Value, When

from billing.models.statements import Statement
from billing.payouts.batches import digest_of, orders_of
from billing.payouts.errors import BatchNotFound, PayeeAccountNotFound, PayoutNotFound
from billing.payouts.models import PayeeAccount, Payout, PayoutBankLine, PayoutBatch, PayoutOrder, PayoutReversal
from billing.payouts.rules.judging import EXCEPTIONS, VERDICT_WORDS, Verdict
from billing.payouts.rules.states import (
    ACCOUNT_WORDS,
    BATCH_WORDS,
    METHOD_WORDS,
    ORDER_WORDS,
    PAYOUT_WORDS,
    AccountState,
    OrderState,
    PayoutState,
)
from billing.payouts.words import said
from shared.actors import Actor
from shared.money import ZERO, Money

MOST: Final = 200


@dataclass(frozen=True, slots=True)
class PayoutRow:
    """A payout as a person reads it: by which way it can be paid now, or what it waits for."""

    payout: Payout
    account: PayeeAccount | None
    order: PayoutOrder | None
    is_cooling: bool

    @property
    def words(self) -> str:
        return said(PAYOUT_WORDS[self.payout.state])

    @property
    def may_be_ordered(self) -> bool:
        return self.payout.state == PayoutState.DUE and self.account is not None and not self.is_cooling

    @property
    def method_words(self) -> str:
        return "" if self.account is None else said(METHOD_WORDS[self.account.method])


@dataclass(frozen=True, slots=True)
class PayoutSums:
    """Whole đồng of the payouts in the actor's reach."""

    due: Money
    on_the_way: Money
    paid: Money
    returned: int


def unnamed_reversals(actor: Actor) -> list[PayoutReversal]:
    """What was taken back in part and nobody has named, oldest first."""
    return list(PayoutReversal.objects.seen_by(actor).filter(
        named_at=None, order__state=OrderState.CONFIRMED).select_related("order__payout").order_by(
            "occurred_at", "id")[:MOST])


@dataclass(frozen=True, slots=True)
class BatchPage:
    """A batch with its orders, and whether they still are what was made."""

    batch: PayoutBatch
    orders: Sequence[PayoutOrder]
    is_whole: bool

    @property
    def words(self) -> str:
        return said(BATCH_WORDS[self.batch.state])

    @property
    def method_words(self) -> str:
        return said(METHOD_WORDS[self.batch.method])

    @property
    def rows(self) -> list[tuple[PayoutOrder, str]]:
        return [(order, said(ORDER_WORDS[order.state])) for order in self.orders]


def payouts(actor: Actor, at: datetime) -> list[PayoutRow]:
    """Those in the actor's reach: what needs somebody first, then the newest; at most 200. Three queries."""
    rank = Case(When(state=PayoutState.RETURNED, then=Value(0)), When(state=PayoutState.DUE, then=Value(1)),
                When(state=PayoutState.ORDERED, then=Value(2)), default=Value(3), output_field=IntegerField())
    orders = Prefetch("orders", queryset=PayoutOrder.objects.order_by("id"), to_attr="tries")
    found = list(Payout.objects.seen_by(actor).annotate(rank=rank).prefetch_related(orders).order_by(
        "rank", "-due_at", "payee_name", "id")[:MOST])
    accounts = {(each.payee, each.province_code): each for each in PayeeAccount.objects.seen_by(actor).filter(
        payee__in={row.payee for row in found}, state=AccountState.APPROVED)}
    return [_row(row, accounts.get((row.payee, row.province_code)), at) for row in found]


def sums(actor: Actor) -> PayoutSums:
    told = Payout.objects.seen_by(actor).aggregate(
        due=Sum("amount", filter=Q(state=PayoutState.DUE), default=ZERO),
        on_the_way=Sum("amount", filter=Q(state=PayoutState.ORDERED), default=ZERO),
        paid=Sum("amount", filter=Q(state=PayoutState.PAID), default=ZERO),
        returned=Count("id", filter=Q(state=PayoutState.RETURNED)))
    return PayoutSums(told["due"], told["on_the_way"], told["paid"], told["returned"])


def find_payout(payout_id: UUID, actor: Actor) -> Payout:
    """Raises PayoutNotFound."""
    found: Payout | None = Payout.objects.seen_by(actor).filter(id=payout_id).first()
    if found is None:
        raise PayoutNotFound
    return found


def batches(actor: Actor) -> list[tuple[PayoutBatch, str, str]]:
    """The newest first, with the words of state and way."""
    rows = PayoutBatch.objects.seen_by(actor).order_by("-made_at", "-id")[:MOST]
    return [(row, said(BATCH_WORDS[row.state]), said(METHOD_WORDS[row.method])) for row in rows]


def find_batch(batch_id: UUID, actor: Actor) -> BatchPage:
    """Raises BatchNotFound."""
    batch: PayoutBatch | None = PayoutBatch.objects.seen_by(actor).filter(id=batch_id).first()
    if batch is None:
        raise BatchNotFound
    orders = orders_of(batch)
    return BatchPage(batch, orders, digest_of(orders) == batch.digest)


def lines(actor: Actor) -> list[tuple[PayoutBankLine, str, bool]]:
    """Of the paying account: open exceptions first, with the words of the verdict and whether it is open."""
    is_open = Q(verdict__in=EXCEPTIONS, settled_at=None)
    rank = Case(When(is_open, then=Value(0)), default=Value(1), output_field=IntegerField())
    rows = PayoutBankLine.objects.seen_by(actor).select_related("order").annotate(rank=rank).order_by(
        "rank", "-booked_at", "-id")[:50]
    return [(row, said(VERDICT_WORDS[Verdict(row.verdict)]), row.rank == 0) for row in rows]


@dataclass(frozen=True, slots=True)
class AccountRow:
    """A payee's account as a person reads it."""

    account: PayeeAccount
    is_cooling: bool
    used_by: tuple[str, ...]
    """Other payees with the same number."""

    @property
    def words(self) -> str:
        return said(ACCOUNT_WORDS[self.account.state])

    @property
    def method_words(self) -> str:
        return said(METHOD_WORDS[self.account.method])


def payee_accounts(actor: Actor, at: datetime) -> list[AccountRow]:
    """What waits for a second person first; at most 200. Two queries."""
    rank = Case(When(state=AccountState.ENTERED, then=Value(0)), When(state=AccountState.APPROVED, then=Value(1)),
                default=Value(2), output_field=IntegerField())
    found = list(PayeeAccount.objects.seen_by(actor).annotate(rank=rank).order_by(
        "rank", "-entered_at", "-id")[:MOST])
    same: dict[bytes, set[tuple[str, str]]] = {}
    for index, payee, name in PayeeAccount.objects.seen_by(actor).filter(
            number_index__in=[row.number_index for row in found]).exclude(state=AccountState.REFUSED).values_list(
                "number_index", "payee", "payee_name"):
        same.setdefault(bytes(index), set()).add((payee, name))
    return [_account_row(row, same.get(bytes(row.number_index), set()), at) for row in found]


def find_payee_account(account_id: UUID, actor: Actor) -> PayeeAccount:
    """Raises PayeeAccountNotFound."""
    found: PayeeAccount | None = PayeeAccount.objects.seen_by(actor).filter(id=account_id).first()
    if found is None:
        raise PayeeAccountNotFound
    return found


@dataclass(frozen=True, slots=True)
class Paid:
    """How far a released statement is paid by orders of the city."""

    many: int
    paid: int
    ordered: int
    amount: Money
    """What was confirmed."""

    @property
    def is_whole(self) -> bool:
        return self.many > 0 and self.paid == self.many


def paid_of(statement: Statement) -> Paid:
    """One query."""
    told = Payout.objects.filter(statement=statement).aggregate(
        many=Count("id"), paid=Count("id", filter=Q(state=PayoutState.PAID)),
        ordered=Count("id", filter=~Q(state__in=[PayoutState.DUE, PayoutState.WITHDRAWN])),
        amount=Sum("amount", filter=Q(state=PayoutState.PAID), default=ZERO))
    return Paid(told["many"], told["paid"], told["ordered"], told["amount"])


# --- the parts ------------------------------------------------------------------------------------------------------


def _row(payout: Payout, account: PayeeAccount | None, at: datetime) -> PayoutRow:
    tries: list[PayoutOrder] = payout.tries  # type: ignore[attr-defined]  # of the prefetch
    return PayoutRow(payout, account, tries[-1] if tries else None, _is_cooling(account, at))


def _account_row(account: PayeeAccount, users: set[tuple[str, str]], at: datetime) -> AccountRow:
    others = tuple(sorted(name for payee, name in users if payee != account.payee))
    return AccountRow(account, account.state == AccountState.APPROVED and _is_cooling(account, at), others)


def _is_cooling(account: PayeeAccount | None, at: datetime) -> bool:
    return account is not None and account.usable_from is not None and account.usable_from > at
