"""What became of orders, as the bank's statement of the paying account tells it; each line once, in any order."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from hashlib import blake2b, sha256
from typing import Final
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext_lazy as _

from billing.operations.entries import write_entry
from billing.payments.bank import Told
from billing.payments.records import BankEntry
from billing.payments.rules.references import references_in
from billing.payments.statement_files import entries_of
from billing.payments.telling import LONGEST_PURPOSE, fresh_lines
from billing.payouts.books import payout_entry, reversed_whole_entry
from billing.payouts.errors import (
    PayoutLineNotFound,
    PayoutLineSettled,
    PayoutNotFound,
    PayoutNotReturned,
    ReasonMissing,
)
from billing.payouts.events import StatementPaidOut
from billing.payouts.models import Payout, PayoutBankFile, PayoutBankLine, PayoutBatch, PayoutOrder
from billing.payouts.rules.judging import EXCEPTIONS, VERDICT_WORDS, Ordered, Verdict, judge
from billing.payouts.rules.states import (
    BATCHES,
    FINAL_ORDERS,
    ORDERS,
    PAYOUTS,
    BatchAction,
    BatchState,
    OrderAction,
    OrderState,
    PayoutAction,
    PayoutState,
)
from billing.payouts.words import said
from shared import audit, work
from shared.actors import Actor
from shared.money import Money
from shared.outbox.publishing import publish
from shared.roles import Role
from shared.text import clean
from shared.transactions import operation

EXCEPTION: Final = "payout-line-exception"
"""Work item of finance: a line of the paying account that is no order's."""
RETURNED: Final = "payout-returned"
"""Work item of finance: money for a payee came back."""
SETTLE_WITHIN: Final = timedelta(days=3)


@operation
def read_paying_account(*, content: bytes, name: str, by: Actor, at: datetime) -> Told:
    """Keep the lines of a statement of the paying account of the reader's city. The same content again adds nothing.

    Raises:
        BankFileRefused: it cannot be read whole; nothing is kept.
    """
    _turn(by)
    digest = sha256(content).hexdigest()
    known = PayoutBankFile.objects.filter(province_code=by.province_code, sha256=digest).first()
    if known is not None:
        return Told(known.lines, 0, 0, 0)
    told = _keep(entries_of(content), by=by, at=at)
    PayoutBankFile.objects.create(province_code=by.province_code, sha256=digest, name=clean(name)[:120],
                                  lines=told.lines, new_lines=told.new, read_at=at, read_by_name=by.name)
    return told


@operation
def take_paying_lines(*, entries: Sequence[BankEntry], by: Actor, at: datetime) -> Told:
    """As `read_paying_account`, told by a machine."""
    _turn(by)
    return _keep(entries, by=by, at=at)


@operation
def settle_paying_line(*, line_id: UUID, reference: str, why: str, by: Actor, at: datetime) -> PayoutBankLine:
    """Say what an exception is: with `reference` it tells of that order, without one it moves none.

    Raises:
        PayoutLineNotFound: unknown, or another city's.
        PayoutLineSettled: it tells of an order, or was settled.
        PayoutNotFound: no order has this reference, or the line cannot be its payment or return.
        ReasonMissing: no reason.
    """
    line: PayoutBankLine | None = PayoutBankLine.objects.seen_by(by).select_for_update().filter(id=line_id).first()
    if line is None:
        raise PayoutLineNotFound
    if line.settled_at is not None or line.verdict not in EXCEPTIONS:
        raise PayoutLineSettled
    if len(clean(why)) < 5:
        raise ReasonMissing(_("Say in a sentence what this line is."))
    if reference.strip():
        named = [reference.strip().upper()]
        _judge(line, named, _orders_named(named, by), by=by, at=at)
        if line.verdict in EXCEPTIONS:
            raise PayoutNotFound(said(VERDICT_WORDS[Verdict(line.verdict)]))
    line.settled_at, line.settled_by_name, line.settlement = at, by.name, clean(why)[:300]
    line.save(update_fields=["verdict", "order", "settled_at", "settled_by_name", "settlement"])
    audit.record(actor=by, action="payout_line.settle", object_type="payout_line", object_id=line.id, at=at,
                 after={"verdict": line.verdict}, reason=line.settlement)
    work.close_item(kind=EXCEPTION, reference=str(line.id), by=by.name, at=at, outcome=line.settlement)
    return line


@operation
def reissue_payout(*, payout_id: UUID, reason: str, by: Actor, at: datetime) -> Payout:
    """Let a returned payout be ordered once more; asked again, it is the same.

    Raises:
        PayoutNotFound: unknown, or another city's.
        PayoutNotReturned: it did not come back, or waits or is on its way again.
        ReasonMissing: no reason.
    """
    payout: Payout | None = Payout.objects.seen_by(by).select_for_update().filter(id=payout_id).first()
    if payout is None or by.operator_id is not None or by.outlet_id is not None:
        raise PayoutNotFound
    if (PayoutState(payout.state), PayoutAction.REISSUE) not in PAYOUTS:
        raise PayoutNotReturned
    if len(clean(reason)) < 5:
        raise ReasonMissing(_("Say in a sentence what was put right."))
    _move_payout(payout, PayoutAction.REISSUE, at)
    audit.record(actor=by, action="payout.reissue", object_type="payout", object_id=payout.id, at=at,
                 after={"state": payout.state}, reason=clean(reason)[:300])
    work.close_item(kind=RETURNED, reference=str(payout.id), by=by.name, at=at, outcome=clean(reason)[:300])
    return payout


# --- what transfers use too -----------------------------------------------------------------------------------------


def confirm_order(order: PayoutOrder, *, external_id: str, by: Actor, at: datetime) -> None:
    """The payee has the money; for operations that hold the order's and the payout's lock."""
    _move_order(order, OrderAction.CONFIRM, at, external_id=external_id)
    _move_payout(order.payout, PayoutAction.CONFIRM, at)
    write_entry(payout_entry(order, at=at), by=by, at=at)
    _after(order, "confirm", by, at)
    if not Payout.objects.filter(statement_id=order.payout.statement_id).exclude(state=PayoutState.PAID).exists():
        publish(StatementPaidOut(order.payout.statement_id, paid_at=at))


def return_order(order: PayoutOrder, *, why: str, by: Actor, at: datetime, named: tuple[Money, Money] | None = None
                 ) -> None:
    """The money came back, or never left; a person says when it is tried again.

    `named` is what was named of a transfer that came back piece by piece: its pieces are in the books already.
    """
    was_paid = order.state == OrderState.CONFIRMED
    order.why = why[:300]
    _move_order(order, OrderAction.RETURN, at)
    _move_payout(order.payout, PayoutAction.RETURN, at)
    if was_paid:
        entry = (payout_entry(order, at=at, is_return=True, why=why[:300]) if named is None
                 else reversed_whole_entry(order, named=named, at=at))
        if entry is not None:
            write_entry(entry, by=by, at=at)
    work.open_item(kind=RETURNED, reference=str(order.payout_id), owner_role=Role.FINANCE_REVIEWER,
                   owner_place=order.payout.province_code, at=at, due_at=at + SETTLE_WITHIN,
                   detail={"reference": order.reference, "amount_vnd": order.amount.amount})
    _after(order, "return", by, at)


# --- the parts ------------------------------------------------------------------------------------------------------


def _turn(by: Actor) -> None:
    """One telling of a city's account after another: what the first keeps is known to the second."""
    digest = blake2b(f"paying-account|{by.province_code}".encode(), digest_size=8).digest()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [int.from_bytes(digest, signed=True)])


def _keep(entries: Sequence[BankEntry], *, by: Actor, at: datetime) -> Told:
    fresh = fresh_lines(entries, lambda refs: {
        ref: (amount, purpose) for ref, amount, purpose in PayoutBankLine.objects.filter(
            province_code=by.province_code, bank_ref__in=refs).values_list("bank_ref", "amount", "purpose")})
    orders = _orders_named((name for entry in fresh.values() for name in references_in(entry.purpose)), by)
    # What left the account is told before what came back of it.
    lines = [_judged(ref, entry, orders, by=by, at=at) for ref, entry in
             sorted(fresh.items(), key=lambda pair: (pair[1].amount.amount > 0, pair[1].booked_at, pair[0]))]
    PayoutBankLine.objects.bulk_create(lines, batch_size=1000)
    strange = [line for line in lines if line.verdict in EXCEPTIONS]
    for line in strange:
        work.open_item(kind=EXCEPTION, reference=str(line.id), owner_role=Role.FINANCE_REVIEWER,
                       owner_place=by.province_code, at=at, due_at=at + SETTLE_WITHIN,
                       detail={"verdict": line.verdict, "amount_vnd": line.amount.amount})
    settled = sum(line.verdict in {Verdict.CONFIRMED, Verdict.RETURNED} for line in lines)
    audit.record(actor=by, action="payout_lines.take", object_type="province", object_id=by.province_code, at=at,
                 after={"lines": len(entries), "new": len(lines), "settled": settled})
    return Told(len(entries), len(lines), settled, len(strange))


def _orders_named(named: Iterable[str], by: Actor) -> dict[str, PayoutOrder]:
    """Orders by reference, locked in one order with their payouts."""
    found = PayoutOrder.objects.select_for_update(of=("self", "payout")).select_related(
        "payout", "batch").filter(
            reference__in=set(named), payout__province_code=by.province_code).order_by("reference")
    return {order.reference: order for order in found}


def _judged(ref: str, entry: BankEntry, orders: Mapping[str, PayoutOrder], *, by: Actor,
            at: datetime) -> PayoutBankLine:
    line = PayoutBankLine(province_code=by.province_code, bank_ref=ref, booked_at=entry.booked_at, amount=entry.amount,
                          purpose=clean(entry.purpose)[:LONGEST_PURPOSE], told_at=at)
    _judge(line, references_in(entry.purpose), orders, by=by, at=at)
    return line


def _judge(line: PayoutBankLine, references: Sequence[str], orders: Mapping[str, PayoutOrder], *, by: Actor,
           at: datetime) -> None:
    """Say what the line is, and move the order that it tells of."""
    mine = [orders[name] for name in references if name in orders]
    verdict = judge(references, line.amount, {
        order.reference: Ordered(order.reference, order.amount, OrderState(order.state)) for order in mine})
    line.verdict, line.order = verdict, mine[0] if len(mine) == 1 else None
    if line.order is not None and verdict is Verdict.CONFIRMED:
        confirm_order(line.order, external_id=f"{line.province_code}:{line.bank_ref}"[:80], by=by, at=at)
    elif line.order is not None and verdict is Verdict.RETURNED:
        return_order(line.order, why=line.purpose, by=by, at=at)


def _move_order(order: PayoutOrder, action: OrderAction, at: datetime, *, external_id: str = "") -> None:
    order.state, order.ended_at = ORDERS[OrderState(order.state), action], at
    order.external_id = external_id or order.external_id
    order.save(update_fields=["state", "ended_at", "external_id", "why"])


def _move_payout(payout: Payout, action: PayoutAction, at: datetime) -> None:
    payout.state, payout.state_at = PAYOUTS[PayoutState(payout.state), action], at
    payout.save(update_fields=["state", "state_at"])


def _after(order: PayoutOrder, what: str, by: Actor, at: datetime) -> None:
    audit.record(actor=by, action=f"payout_order.{what}", object_type="payout_order", object_id=order.id, at=at,
                 after={"state": order.state, "external_id": order.external_id}, reason=order.why)
    _settle_batch(order.batch_id, at)


def _settle_batch(batch_id: UUID, at: datetime) -> None:
    """A batch is over with its last order."""
    if PayoutOrder.objects.filter(batch_id=batch_id).exclude(state__in=FINAL_ORDERS).exists():
        return
    PayoutBatch.objects.filter(id=batch_id, state=BatchState.HANDED_OVER).update(
        state=BATCHES[BatchState.HANDED_OVER, BatchAction.SETTLE], ended_at=at)
