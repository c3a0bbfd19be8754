"""What is asked of the card service, each with a key of its own, and how to find again what may have happened.

Every change takes a key that never changes for the same intention, so a repeat is the same change. A key under which
the service keeps a fault (CardOutcomeUnknown.is_repeated) is given up for the next attempt's, but only after the
look-up has found nothing.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

import stripe

from billing.cards.client import ask, client
from billing.cards.readings import (
    account_told,
    checkout_told,
    dispute_told,
    event_of,
    first_pages,
    line_told,
    payment_told,
    refund_told,
    reversal_told,
    transfer_told,
)
from billing.cards.records import (
    CURRENCY,
    BalanceLine,
    Checkout,
    CheckoutAsked,
    ConnectedAccount,
    Payment,
    Refund,
    Reversal,
    ServiceDispute,
    ServiceEvent,
    Transfer,
)
from shared.money import Money

LOOK_AROUND: Final = timedelta(minutes=10)
"""How far the service's clock and ours may differ when something is looked for by its time."""


def key(kind: str, reference: str, attempt: int = 1) -> str:
    """The idempotency key of an intention, e.g. "refund-0199…-1"."""
    return f"{kind}-{reference}-{attempt}"


# --- a citizen pays --------------------------------------------------------------------------------------------------


def create_checkout(asked: CheckoutAsked, *, attempt: int = 1) -> Checkout:
    """Open a page for one payment.

    Raises:
        CardServiceRefused, CardOutcomeUnknown, CardsNotOffered.
    """
    meta = {"reference": asked.reference, "collection": str(asked.collection_id)}
    params: Any = {
        "mode": "payment", "locale": "vi", "payment_method_types": ["card"], "client_reference_id": asked.reference,
        "line_items": [{"quantity": 1, "price_data": {
            "currency": CURRENCY, "unit_amount": asked.amount.amount, "product_data": {"name": asked.words}}}],
        "metadata": meta, "payment_intent_data": {"metadata": meta, "description": asked.reference},
        "expires_at": int(asked.expires_at.timestamp()),
        "success_url": f"{asked.back_url}?xong=1", "cancel_url": asked.back_url}
    return ask("checkout.create", lambda: checkout_told(client().v1.checkout.sessions.create(
        params, {"idempotency_key": key("checkout", asked.reference, attempt)})))


def find_checkout(reference: str, *, asked_at: datetime) -> Checkout | None:
    """The page that was opened for `reference` about `asked_at`, if one was."""
    def look() -> Checkout | None:
        pages = client().v1.checkout.sessions.list({"limit": 100, "created": {
            "gte": int((asked_at - LOOK_AROUND).timestamp())}})
        return next((checkout_told(each) for each in first_pages(pages) if each.client_reference_id == reference), None)

    return ask("checkout.list", look)


def get_checkout(checkout_id: str) -> Checkout:
    return ask("checkout.retrieve", lambda: checkout_told(client().v1.checkout.sessions.retrieve(checkout_id)))


def close_checkout(checkout_id: str) -> Checkout:
    """Let nobody pay on this page any more; one that is paid or expired stays so.

    Raises:
        CardOutcomeUnknown, CardsNotOffered.
    """
    def close() -> Checkout:
        try:
            return checkout_told(client().v1.checkout.sessions.expire(
                checkout_id, None, {"idempotency_key": key("expire", checkout_id)}))
        except stripe.InvalidRequestError:  # only open pages can be closed
            return checkout_told(client().v1.checkout.sessions.retrieve(checkout_id))

    return ask("checkout.expire", close)


def get_payment(payment_id: str) -> Payment:
    """The payment with its charge and what that moved of the balance."""
    return ask("payment.retrieve", lambda: payment_told(client().v1.payment_intents.retrieve(
        payment_id, {"expand": ["latest_charge", "latest_charge.balance_transaction"]})))


def payments_since(moment: datetime) -> list[Payment]:
    """What was tried since `moment`, newest first; for the comparison with the books."""
    def look() -> list[Payment]:
        found = client().v1.payment_intents.list({
            "limit": 100, "created": {"gte": int(moment.timestamp())}, "expand": ["data.latest_charge"]})
        return [payment_told(each) for each in first_pages(found)]

    return ask("payment.list", look)


# --- giving back -----------------------------------------------------------------------------------------------------


def create_refund(*, reference: str, payment_id: str, amount: Money, attempt: int = 1) -> Refund:
    """Give `amount` of a payment back; `reference` is our refund's id.

    Raises:
        CardServiceRefused, CardOutcomeUnknown, CardsNotOffered.
    """
    params: Any = {"payment_intent": payment_id, "amount": amount.amount, "reason": "requested_by_customer",
                   "metadata": {"refund": reference}}
    return ask("refund.create", lambda: refund_told(client().v1.refunds.create(
        params, {"idempotency_key": key("refund", reference, attempt)})))


def find_refund(reference: str, *, payment_id: str) -> Refund | None:
    """The refund that we call `reference`, if the service has it."""
    return next((each for each in refunds_of(payment_id) if each.reference == reference), None)


def refunds_of(payment_id: str) -> list[Refund]:
    return ask("refund.list", lambda: [refund_told(each) for each in first_pages(client().v1.refunds.list(
        {"payment_intent": payment_id, "limit": 100,
         "expand": ["data.balance_transaction", "data.failure_balance_transaction"]}))])


# --- taken back by the cardholder's bank -----------------------------------------------------------------------------


def get_dispute(dispute_id: str) -> ServiceDispute:
    return ask("dispute.retrieve", lambda: dispute_told(client().v1.disputes.retrieve(dispute_id)))


def disputes_of(payment_id: str) -> list[ServiceDispute]:
    return ask("dispute.list", lambda: [dispute_told(each) for each in first_pages(client().v1.disputes.list(
        {"payment_intent": payment_id, "limit": 100}))])


def disputes_since(moment: datetime) -> list[ServiceDispute]:
    """What was disputed since `moment`; for the comparison with ours."""
    return ask("dispute.list", lambda: [dispute_told(each) for each in first_pages(client().v1.disputes.list(
        {"limit": 100, "created": {"gte": int(moment.timestamp())}}))])


def contest_dispute(dispute_id: str, *, words: str, attempt: int = 1) -> ServiceDispute:
    """Send `words` to the cardholder's bank, once: it takes nothing after them.

    Raises:
        CardServiceRefused, CardOutcomeUnknown, CardsNotOffered.
    """
    params: Any = {"evidence": {"uncategorized_text": words}, "submit": True}
    return ask("dispute.update", lambda: dispute_told(client().v1.disputes.update(
        dispute_id, params, {"idempotency_key": key("dispute-answer", dispute_id, attempt)})))


def accept_dispute(dispute_id: str, *, attempt: int = 1) -> ServiceDispute:
    """Let the cardholder have it: it is lost, for good.

    Raises:
        CardServiceRefused, CardOutcomeUnknown, CardsNotOffered.
    """
    return ask("dispute.close", lambda: dispute_told(client().v1.disputes.close(
        dispute_id, None, {"idempotency_key": key("dispute-accept", dispute_id, attempt)})))


def balance_since(moment: datetime) -> list[BalanceLine]:
    """What moved our balance since `moment`, newest first; for the comparison with the books."""
    return ask("balance.list", lambda: [line_told(each) for each in first_pages(
        client().v1.balance_transactions.list({"limit": 100, "created": {"gte": int(moment.timestamp())}}))])


# --- paying out ------------------------------------------------------------------------------------------------------


def create_transfer(*, reference: str, destination: str, amount: Money, description: str = "", attempt: int = 1,
                    metadata: Mapping[str, str] | None = None) -> Transfer:
    """Move `amount` to a connected account, once for `reference`.

    After CardOutcomeUnknown ask `find_transfer` before calling again, with the same `attempt` unless the fault
    `is_repeated`. `transfer_once` does so.

    Raises:
        CardServiceRefused, CardOutcomeUnknown, CardsNotOffered.
    """
    params: Any = {"amount": amount.amount, "currency": CURRENCY, "destination": destination,
                   "transfer_group": reference, "metadata": {**(metadata or {}), "reference": reference}}
    if description:
        params["description"] = description
    return ask("transfer.create", lambda: transfer_told(client().v1.transfers.create(
        params, {"idempotency_key": key("transfer", reference, attempt)})))


def find_transfer(reference: str) -> Transfer | None:
    """The transfer that was made for `reference`, if one was. Raises CardOutcomeUnknown: not even that is known."""
    return ask("transfer.list", lambda: next((transfer_told(each) for each in first_pages(
        client().v1.transfers.list({"transfer_group": reference, "limit": 10}))), None))


def transfer_once(*, reference: str, destination: str, amount: Money, description: str = "", attempt: int = 1,
                  was_asked: bool = False, metadata: Mapping[str, str] | None = None) -> Transfer:
    """`create_transfer`, looked up first where it was asked before and no answer came.

    Raises:
        CardServiceRefused: nothing was moved.
        CardOutcomeUnknown: call again later with `was_asked`; with the next `attempt` where it `is_repeated`.
    """
    known = find_transfer(reference) if was_asked else None
    return known or create_transfer(reference=reference, destination=destination, amount=amount,
                                    description=description, attempt=attempt, metadata=metadata)


def reversals_of(transfer_id: str) -> list[Reversal]:
    """What was taken back of a transfer, each once."""
    return ask("reversal.list", lambda: [reversal_told(each) for each in first_pages(
        client().v1.transfers.reversals.list(transfer_id, {"limit": 100}))])


def transfers_since(moment: datetime) -> list[Transfer]:
    """What was moved since `moment`, newest first; for the comparison with the books."""
    return ask("transfer.list", lambda: [transfer_told(each) for each in first_pages(client().v1.transfers.list(
        {"limit": 100, "created": {"gte": int(moment.timestamp())}}))])


def reverse_transfer(*, transfer_id: str, reference: str, amount: Money | None = None, attempt: int = 1) -> Reversal:
    """Take a transfer back, all of it or `amount`.

    Raises:
        CardServiceRefused, CardOutcomeUnknown, CardsNotOffered.
    """
    params: Any = {"metadata": {"reference": reference}} | ({"amount": amount.amount} if amount is not None else {})
    return ask("transfer.reverse", lambda: reversal_told(client().v1.transfers.reversals.create(
        transfer_id, params, {"idempotency_key": key("reversal", reference, attempt)})))


def create_account(*, reference: str, country: str = "VN", metadata: Mapping[str, str] | None = None
                   ) -> ConnectedAccount:
    """A connected account that its owner completes at the service; `reference` is whose it is."""
    params: Any = {"type": "express", "country": country, "capabilities": {"transfers": {"requested": True}},
                   "metadata": {**(metadata or {}), "reference": reference}}
    return ask("account.create", lambda: account_told(client().v1.accounts.create(
        params, {"idempotency_key": key("account", reference)})))


def get_account(account_id: str) -> ConnectedAccount:
    """The standing of a connected account. Raises CardServiceRefused: there is no such account."""
    return ask("account.retrieve", lambda: account_told(client().v1.accounts.retrieve(account_id)))


def account_link(account_id: str, *, back_url: str) -> str:
    """A short-lived address at which its owner completes a connected account."""
    return ask("account_link.create", lambda: str(client().v1.account_links.create({
        "account": account_id, "refresh_url": back_url, "return_url": back_url, "type": "account_onboarding"}).url))


# --- what happened ---------------------------------------------------------------------------------------------------


def events_since(moment: datetime, kinds: tuple[str, ...]) -> list[tuple[ServiceEvent, bytes]]:
    """What happened since `moment`, oldest first, each with its JSON: for what was never sent."""
    def look() -> list[tuple[ServiceEvent, bytes]]:
        found = client().v1.events.list({"limit": 100, "types": list(kinds), "created": {
            "gte": int(moment.timestamp())}})
        return [(event_of(each), str(each).encode()) for each in first_pages(found)][::-1]

    return ask("event.list", look)
