"""Money asked for by transfer or card: a code for one payment, which ends when it is paid, cancelled or out of time."""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from billing.cards.events import CardWithdrawn
from billing.cards.models import CardPayment
from billing.operations.entries import write_entry
from billing.payments.accounts import account_of
from billing.payments.books import payment_entry
from billing.payments.errors import CollectionEnded, CollectionNotFound, SettlementRefused
from billing.payments.events import CollectionPaid, CollectionReturned
from billing.payments.models import CollectingAccount, Collection
from billing.payments.records import CollectionInfo, Due, Till
from billing.payments.rules.matching import COLLECTIONS, CollectionAction, CollectionState
from billing.payments.rules.references import new_reference
from billing.payments.rules.vietqr import payload, purpose_of
from shared import audit
from shared.actors import Actor
from shared.outbox.publishing import publish
from shared.text import clean
from shared.transactions import operation

TRANSFER: Final = "transfer"
CARD: Final = "card"
VALID_FOR: Final = timedelta(hours=24)
"""A citizen may pay at home the same day; what comes later is settled by a person."""


@operation
def ask_transfer(*, due: Due, till: Till, by: Actor, at: datetime) -> CollectionInfo:
    """Ask for `due` by transfer. Asked again for the same amount, it is the same code; for another, a new one.

    Raises:
        NoCollectingAccount: the operator has no approved account in this province.
        ValueError: nothing is due.
    """
    account = account_of(operator_id=till.operator_id, province_code=till.province_code, at=at)
    known = replace_live(due, method=TRANSFER, account_id=account.id, by=by, at=at)
    if known is not None:
        return known
    return new_request(due=due, till=till, method=TRANSFER, account=account, ends=at + VALID_FOR, by=by, at=at)[1]


def replace_live(due: Due, *, method: str, account_id: UUID | None, by: Actor, at: datetime) -> CollectionInfo | None:
    """The live request for `due` when it is the very same; another one ends. For operations that ask for money."""
    live = Collection.objects.select_for_update(of=("self",)).select_related("account").filter(
        source_type=due.source_type, source_id=due.source_id, state=CollectionState.ASKED).first()
    if live is not None and (live.method, live.fee, live.postage, live.account_id) == (
            method, due.fee, due.postage, account_id) and live.expires_at > at:
        return info_of(live)
    if live is not None:
        end_request(live, by=by, at=at)
    return None


def new_request(*, due: Due, till: Till, method: str, account: CollectingAccount | None, ends: datetime, by: Actor,
                at: datetime) -> tuple[Collection, CollectionInfo]:
    """Write a request down; for operations that ask for money. Raises ValueError: nothing is due."""
    if not due.amount:
        raise ValueError("Nothing is due.")
    asked = Collection(
        reference=new_reference(), source_type=due.source_type, source_id=due.source_id, outlet_id=till.outlet_id,
        operator_id=till.operator_id, operator_code=till.operator_code, province_code=till.province_code,
        account=account, method=method, fee=due.fee, postage=due.postage, amount=due.amount, asked_at=at,
        asked_by=by.id, asked_by_name=by.name, expires_at=ends)
    asked.save(force_insert=True)
    audit.record(actor=by, action="collection.ask", object_type="collection", object_id=asked.id, at=at,
                 after={"amount_vnd": due.amount.amount, "method": method})
    return asked, info_of(asked)


def end_request(collection: Collection, *, by: Actor, at: datetime) -> None:
    """Withdraw a live request; for operations that hold its lock. Its page at the card service is closed behind it."""
    _end(collection, CollectionAction.CANCEL, by=by, at=at)
    if collection.method == CARD:
        publish(CardWithdrawn(CardPayment.objects.values_list("id", flat=True).get(collection=collection)))


@operation
def cancel_collection(*, collection_id: UUID, by: Actor, at: datetime) -> CollectionInfo:
    """Withdraw a request; one that has ended stays as it is.

    Raises:
        CollectionNotFound: unknown, or of another place.
        CollectionEnded: it was paid.
    """
    collection = _locked(collection_id, by)
    if collection.state in {CollectionState.PAID, CollectionState.RETURNED}:
        raise CollectionEnded
    if collection.state == CollectionState.ASKED:
        end_request(collection, by=by, at=at)
    return info_of(collection)


@operation
def return_collection(*, collection_id: UUID, why: str, by: Actor, at: datetime) -> CollectionInfo:
    """Put down that a payment was given back to who paid it.

    Raises:
        CollectionNotFound: unknown, or of another place.
        CollectionEnded: it was not paid, or returned before.
        SettlementRefused: no reason.
    """
    collection = _locked(collection_id, by)
    if collection.state != CollectionState.PAID:
        raise CollectionEnded
    if collection.method == CARD:
        raise SettlementRefused(_("A card payment goes back to its card: ask for a refund."))
    if len(clean(why)) < 5:
        raise SettlementRefused(_("Write the bank's number of the returning transfer, and why."))
    give_back(collection, why=clean(why)[:300], by=by, at=at)
    return info_of(collection)


def give_back(collection: Collection, *, why: str, by: Actor, at: datetime) -> None:
    """The money is with who paid it again; for operations that hold the lock of a paid collection."""
    write_entry(payment_entry(collection, at=at, is_return=True, why=why), by=by, at=at)
    end_returned(collection, by=by, at=at)


def end_returned(collection: Collection, *, by: Actor, at: datetime) -> None:
    """All of it is with who paid it again and in the books; for operations that hold its lock."""
    _end(collection, CollectionAction.RETURN, by=by, at=at)
    publish(CollectionReturned(collection.id, collection.source_type, collection.source_id, at))


def pay(collection: Collection, *, paid_at: datetime, by: Actor, at: datetime) -> None:
    """The money came; for operations that hold the collection's lock. Once."""
    if collection.state == CollectionState.PAID:
        return
    collection.paid_at = paid_at
    _end(collection, CollectionAction.PAY, by=by, at=at)
    write_entry(payment_entry(collection, at=paid_at), by=by, at=at)
    publish(CollectionPaid(
        collection.id, collection.source_type, collection.source_id, collection.method, collection.amount.amount,
        collection.outlet_id, collection.asked_by, collection.asked_by_name, paid_at))


def expire_collections(*, at: datetime) -> int:
    """End the requests whose time is over; returns how many."""
    return Collection.objects.filter(state=CollectionState.ASKED, expires_at__lte=at).update(
        state=COLLECTIONS[CollectionState.ASKED, CollectionAction.EXPIRE], ended_at=at)


def info_of(collection: Collection) -> CollectionInfo:
    """The request as a counter shows it; load it with its account."""
    account = collection.account
    code = pay_address(collection.reference) if account is None else payload(
        bank_bin=account.bank_bin, account_number=account.account_number, amount=collection.amount,
        purpose=purpose_of(collection.reference))
    return CollectionInfo(
        collection.id, collection.reference, collection.method, collection.state, collection.amount,
        collection.asked_at, collection.expires_at, collection.paid_at, code,
        *((account.bank_name, account.account_number, account.account_name) if account is not None else ()))


def pay_address(reference: str) -> str:
    """Our own page for a card payment: its code can be shown before the card service has answered."""
    return f"{settings.WARDPOST_PUBLIC_URL}{reverse('billing:pay-by-card', args=[reference])}"


def _end(collection: Collection, action: CollectionAction, *, by: Actor, at: datetime) -> None:
    before = CollectionState(collection.state)
    collection.state, collection.ended_at = COLLECTIONS[before, action], at
    collection.save(update_fields=["state", "ended_at", "paid_at"])
    audit.record(actor=by, action=f"collection.{action}", object_type="collection", object_id=collection.id, at=at,
                 before={"state": before.value}, after={"state": collection.state})


def _locked(collection_id: UUID, by: Actor) -> Collection:
    found: Collection | None = Collection.objects.seen_by(by).select_for_update(of=("self",)).select_related(
        "account").filter(id=collection_id).first()
    if found is None:
        raise CollectionNotFound
    return found
