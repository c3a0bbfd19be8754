"""A batch of orders: made by one person, approved by another who names the digest that she saw, handed over once.

An order is written before anything is sent, and a payout has at most one live order, so nobody is paid twice however
often something is asked, restarted or lost. What a file holds is fixed when it is approved.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from hashlib import blake2b, sha256
from typing import Final
from uuid import UUID

from django.db import connection
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from billing.payments.rules.references import new_reference
from billing.payouts.errors import (
    BatchChanged,
    BatchNotFound,
    BatchStepNotPossible,
    NothingToPay,
    ReasonMissing,
    SecondPersonNeeded,
)
from billing.payouts.events import TransferOrdered
from billing.payouts.models import PayeeAccount, Payout, PayoutBatch, PayoutOrder
from billing.payouts.rules.files import FileRow, bank_file
from billing.payouts.rules.states import (
    BATCHES,
    ORDERS,
    PAYOUTS,
    AccountState,
    BatchAction,
    BatchState,
    Method,
    OrderAction,
    OrderState,
    PayoutAction,
    PayoutState,
)
from shared import audit
from shared.actors import Actor, ActorKind
from shared.calendar import local
from shared.models.oversight import AuditEntry
from shared.money import Money
from shared.outbox.publishing import publish
from shared.roles import Role
from shared.text import clean
from shared.transactions import operation

MOST_ORDERS: Final = 5_000
FILE_TAKEN: Final = "payout_batch.file"
"""In the audit: who took the bank's file."""


@operation
def make_batch(*, payout_ids: Sequence[UUID], method: str, by: Actor, at: datetime) -> PayoutBatch:
    """Write an order for each of the payouts that can be paid by `method` now; the others are left out.

    Raises:
        NothingToPay: none of them can.
    """
    due = {payout.id: payout for payout in Payout.objects.seen_by(by).select_for_update().filter(
        id__in=list(payout_ids)[:MOST_ORDERS], state=PayoutState.DUE).order_by("id")}
    accounts = usable_accounts(due.values(), method=method, at=at)
    payable = [payout for payout in due.values() if payout.id in accounts]
    if not payable:
        raise NothingToPay(_("Their payees have no approved account for this way yet, or it is still cooling off."))
    province_code = payable[0].province_code
    former = _returned_orders(payable)
    batch = PayoutBatch(number=_next_number(province_code, at), province_code=province_code, method=method,
                        made_at=at, made_by=by.id, made_by_name=by.name, orders_count=len(payable),
                        total=Money(sum(payout.amount.amount for payout in payable)))
    orders = [PayoutOrder(batch=batch, payout=payout, account=accounts[payout.id], replaces=former.get(payout.id),
                          reference=new_reference(), amount=payout.amount) for payout in payable]
    batch.digest = digest_of(orders)
    batch.save(force_insert=True)
    PayoutOrder.objects.bulk_create(orders, batch_size=1000)
    move_payouts([payout.id for payout in payable], PayoutState.DUE, PayoutAction.ORDER, at)
    audit.record(actor=by, action="payout_batch.make", object_type="payout_batch", object_id=batch.id, at=at,
                 after={"number": batch.number, "orders": len(orders), "total_vnd": batch.total.amount,
                        "digest": batch.digest})
    return batch


@operation
def approve_batch(*, batch_id: UUID, seen_digest: str, by: Actor, at: datetime) -> PayoutBatch:
    """Fix the batch: the second person. Approved before by the same person: nothing happens.

    Raises:
        BatchNotFound, BatchStepNotPossible: none that `by` may open; or it is past this step.
        SecondPersonNeeded: whoever made it, a machine, or nobody of the city's approvers.
        BatchChanged: `seen_digest` is another one, or an account was replaced meanwhile.
    """
    batch = locked_batch(batch_id, by)
    if batch.state == BatchState.APPROVED and batch.approved_by == by.id:
        return batch
    if by.kind != ActorKind.PERSON or by.role != Role.FINANCE_APPROVER or by.id == batch.made_by:
        raise SecondPersonNeeded(_("An approver of the city's finance, who did not make the batch, approves it."))
    _step(batch, BatchAction.APPROVE)
    orders = orders_of(batch)
    if seen_digest != batch.digest or digest_of(orders) != batch.digest:
        raise BatchChanged(_("Open the batch again and look at its orders."))
    _check_accounts(orders, at)
    batch.approved_at, batch.approved_by, batch.approved_by_name = at, by.id, by.name
    if batch.method == Method.BANK:
        batch.file_sha256 = sha256(content_of(batch, orders)).hexdigest()
    batch.save()
    _tell(batch, BatchAction.APPROVE, by, at)
    return batch


@operation
def hand_over_batch(*, batch_id: UUID, bank_reference: str = "", by: Actor, at: datetime) -> PayoutBatch:
    """The bank has the file; or the card service is asked, order by order, by a worker. Once.

    Raises:
        BatchNotFound, BatchStepNotPossible: as above.
        SecondPersonNeeded: a machine.
        BatchChanged: an account was replaced since the approval; drop the batch and make another.
    """
    batch = locked_batch(batch_id, by)
    if by.kind != ActorKind.PERSON:
        raise SecondPersonNeeded
    _step(batch, BatchAction.HAND_OVER)
    orders = orders_of(batch)
    _check_accounts(orders, at)
    batch.handed_over_at, batch.handed_over_by_name = at, by.name
    batch.bank_reference = clean(bank_reference)[:60]
    batch.save()
    PayoutOrder.objects.filter(batch=batch, state=OrderState.WRITTEN).update(
        state=ORDERS[OrderState.WRITTEN, OrderAction.SEND], sent_at=at)
    if batch.method == Method.STRIPE:
        for order in orders:
            publish(TransferOrdered(order.id, ordered_at=at))
    _tell(batch, BatchAction.HAND_OVER, by, at)
    return batch


@operation
def drop_batch(*, batch_id: UUID, reason: str, by: Actor, at: datetime) -> PayoutBatch:
    """Give a batch up that nobody has sent; its payouts wait again.

    Raises:
        BatchNotFound, BatchStepNotPossible: as above.
        ReasonMissing: no reason.
        SecondPersonNeeded: its file was taken, and `by` took it or is no approver: the bank may have it.
    """
    batch = locked_batch(batch_id, by)
    _check_file(batch, by)
    _step(batch, BatchAction.DROP)
    if len(clean(reason)) < 5:
        raise ReasonMissing(_("Say why in a sentence."))
    batch.reason, batch.ended_at = clean(reason)[:300], at
    batch.save()
    orders = PayoutOrder.objects.filter(batch=batch)
    move_payouts(list(orders.values_list("payout_id", flat=True)), PayoutState.ORDERED, PayoutAction.DROP, at)
    # What it tried again may be tried again by another batch.
    orders.update(state=ORDERS[OrderState.WRITTEN, OrderAction.DROP], ended_at=at)
    _tell(batch, BatchAction.DROP, by, at, reason=batch.reason)
    return batch


@operation
def take_file(*, batch_id: UUID, by: Actor, at: datetime) -> tuple[str, bytes]:
    """The name and the bytes of an approved batch's file, the same each time; who took it is in the audit.

    Raises:
        BatchNotFound: none that `by` may open, or one that has no file.
        BatchStepNotPossible: not approved, or dropped.
    """
    batch = locked_batch(batch_id, by)
    if batch.method != Method.BANK:
        raise BatchNotFound
    if batch.state in {BatchState.MADE, BatchState.DROPPED}:
        raise BatchStepNotPossible
    content = content_of(batch, orders_of(batch))
    if sha256(content).hexdigest() != batch.file_sha256:
        raise BatchChanged
    audit.record(actor=by, action=FILE_TAKEN, object_type="payout_batch", object_id=batch.id, at=at,
                 after={"file_sha256": batch.file_sha256})
    return f"{batch.number}.csv", content


# --- what the other steps use ---------------------------------------------------------------------------------------


def usable_accounts(payouts: Iterable[Payout], *, method: str, at: datetime) -> dict[UUID, PayeeAccount]:
    """Payout → the account in force by that way, its cooling-off over; payouts without one are left out."""
    wanted = list(payouts)
    found = {(account.payee, account.province_code): account for account in PayeeAccount.objects.filter(
        payee__in={payout.payee for payout in wanted}, state=AccountState.APPROVED, method=method,
        usable_from__lte=at)}
    return {payout.id: found[key] for payout in wanted if (key := (payout.payee, payout.province_code)) in found}


def orders_of(batch: PayoutBatch) -> list[PayoutOrder]:
    """The orders of a batch as its file has them."""
    return list(PayoutOrder.objects.filter(batch=batch).select_related("payout", "account").order_by("reference"))


def digest_of(orders: Iterable[PayoutOrder]) -> str:
    """SHA-256 over reference, payout, account and amount of each order, in the order of references."""
    told = sorted(f"{order.reference}|{order.payout_id}|{order.account_id}|{order.amount.amount}" for order in orders)
    return sha256("\n".join(told).encode()).hexdigest()


def content_of(batch: PayoutBatch, orders: Sequence[PayoutOrder]) -> bytes:
    """The bank's file; it opens the sealed numbers."""
    rows = [FileRow(order.reference, order.account.bank_bin, order.account.number, order.account.holder_name,
                    order.amount, f"{order.reference} {batch.number} T{order.payout.period:%m-%Y}") for order in orders]
    return bank_file(batch.number, local(batch.made_at).date(), rows)


def locked_batch(batch_id: UUID, by: Actor) -> PayoutBatch:
    batch: PayoutBatch | None = PayoutBatch.objects.seen_by(by).select_for_update().filter(id=batch_id).first()
    if batch is None:
        raise BatchNotFound
    return batch


def move_payouts(ids: Sequence[UUID], before: PayoutState, action: PayoutAction, at: datetime) -> None:
    Payout.objects.filter(id__in=ids, state=before).update(state=PAYOUTS[before, action], state_at=at)


# --- the parts ------------------------------------------------------------------------------------------------------


def _step(batch: PayoutBatch, action: BatchAction) -> None:
    after = BATCHES.get((BatchState(batch.state), action))
    if after is None:
        raise BatchStepNotPossible
    batch.state = after


def _check_file(batch: PayoutBatch, by: Actor) -> None:
    """A file that left the house may be paid although its batch is dropped: another person makes sure it is not."""
    if batch.state != BatchState.APPROVED:
        return
    takers = set(AuditEntry.objects.filter(action=FILE_TAKEN, object_type="payout_batch",
                                           object_id=str(batch.id)).values_list("actor_id", flat=True))
    if takers and (by.kind != ActorKind.PERSON or by.role != Role.FINANCE_APPROVER or by.id in takers):
        raise SecondPersonNeeded(_("Its file was taken and may be with the bank. An approver who did not take it drops"
                                   " the batch, once the bank has said that it will not pay it."))


def _check_accounts(orders: Sequence[PayoutOrder], at: datetime) -> None:
    """Whose account was replaced since is not paid into the old one."""
    if any(order.account.state != AccountState.APPROVED or (order.account.usable_from or at) > at for order in orders):
        raise BatchChanged(_("A payee's account was replaced since. Drop the batch and make another one."))


def _returned_orders(payouts: Sequence[Payout]) -> dict[UUID, PayoutOrder]:
    """Payout → the returned order that a new one replaces."""
    rows = PayoutOrder.objects.filter(payout__in=payouts, state=OrderState.RETURNED, replaced_by=None)
    return {row.payout_id: row for row in rows.order_by("ended_at", "id")}


def _next_number(province_code: str, at: datetime) -> str:
    """"CT-01-202602-0007": counted in a province and month, without gaps."""
    prefix = f"CT-{province_code}-{local(at):%Y%m}-"
    digest = blake2b(f"payout-batch|{prefix}".encode(), digest_size=8).digest()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [int.from_bytes(digest, signed=True)])
    last = PayoutBatch.objects.filter(number__startswith=prefix).aggregate(last=Max("number"))["last"]
    return f"{prefix}{int(last[-4:]) + 1 if last else 1:04d}"


def _tell(batch: PayoutBatch, action: BatchAction, by: Actor, at: datetime, *, reason: str = "") -> None:
    audit.record(actor=by, action=f"payout_batch.{action}", object_type="payout_batch", object_id=batch.id, at=at,
                 after={"state": batch.state, "digest": batch.digest, "file_sha256": batch.file_sha256},
                 reason=reason)
