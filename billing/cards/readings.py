"""What Stripe's objects say, read into our records."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, Final

import stripe

from billing.cards.records import (
    BalanceLine,
    Checkout,
    ConnectedAccount,
    Payment,
    Refund,
    Reversal,
    ServiceDispute,
    ServiceEvent,
    Transfer,
)
from shared.money import Money

MOST_LOOKED_AT: Final = 2_000


def event_of(event: stripe.Event) -> ServiceEvent:
    """An event of any kind, as far as we look at it."""
    about: Any = event.data.object
    told = about.to_dict() if hasattr(about, "to_dict") else dict(about)
    meta = told.get("metadata") or {}
    return ServiceEvent(
        event.id, str(event.type), _text(told.get("object")), _text(told.get("id")),
        _text(meta.get("reference")) or _text(told.get("client_reference_id")), _id(told.get("payment_intent")),
        _moment(event.created))


def first_pages(found: Any) -> Iterator[Any]:
    """Page by page, but never without end."""
    for number, each in enumerate(found.auto_paging_iter()):
        if number >= MOST_LOOKED_AT:
            return
        yield each


def checkout_told(told: Any) -> Checkout:
    return Checkout(
        told.id, _text(told.client_reference_id), _text(told.url), _text(told.status), told.payment_status == "paid",
        Money(int(told.amount_total or 0)), _text(told.currency), _id(told.payment_intent))


def payment_told(told: Any) -> Payment:
    charge = told.latest_charge if hasattr(told.latest_charge, "id") else None
    card = getattr(getattr(charge, "payment_method_details", None), "card", None)
    return Payment(
        told.id, _text(told.metadata.to_dict().get("reference")), _text(told.status), Money(int(told.amount)),
        Money(int(told.amount_received)), _text(told.currency), charge.id if charge is not None else "",
        _moment(charge.created) if charge is not None and charge.paid else None,
        Money(int(charge.amount_refunded)) if charge is not None else Money(0),
        bool(charge is not None and charge.disputed), _text(getattr(card, "last4", "")),
        _text(getattr(card, "brand", "")), next(iter(_lines(charge, "balance_transaction")), None))


def refund_told(told: Any) -> Refund:
    meta = told.metadata.to_dict() if told.metadata is not None else {}
    return Refund(told.id, _text(meta.get("refund")), _text(told.status), Money(int(told.amount)),
                  _id(told.payment_intent), _text(getattr(told, "failure_reason", "")),
                  _lines(told, "balance_transaction", "failure_balance_transaction"))


def dispute_told(told: Any) -> ServiceDispute:
    details = told.evidence_details
    return ServiceDispute(
        told.id, _id(told.payment_intent), _text(told.status), _text(told.reason), Money(int(told.amount)),
        _moment(told.created), _moment(details.due_by) if details.due_by else None, int(details.submission_count) > 0,
        tuple(line_told(each) for each in told.balance_transactions))


def line_told(told: Any) -> BalanceLine:
    return BalanceLine(told.id, _text(told.reporting_category), _id(told.source), Money(int(told.amount)),
                       Money(int(told.fee)), _moment(told.created), _text(told.currency))


def transfer_told(told: Any) -> Transfer:
    return Transfer(told.id, _text(told.transfer_group), _id(told.destination), Money(int(told.amount)),
                    Money(int(told.amount_reversed)), _moment(told.created))


def reversal_told(told: Any) -> Reversal:
    return Reversal(told.id, _id(told.transfer), Money(int(told.amount)), _moment(told.created))


def account_told(told: Any) -> ConnectedAccount:
    facts = told.to_dict()
    wanted = facts.get("requirements") or {}
    return ConnectedAccount(
        told.id, (facts.get("capabilities") or {}).get("transfers") == "active", bool(facts.get("payouts_enabled")),
        bool(facts.get("details_submitted")), tuple(wanted.get("currently_due") or ()),
        _text(wanted.get("disabled_reason")))


def _lines(told: Any, *names: str) -> tuple[BalanceLine, ...]:
    """The expanded balance lines of something; one that is told by its id only is not known yet."""
    found = (getattr(told, name, None) for name in names)
    return tuple(line_told(each) for each in found if each is not None and not isinstance(each, str))


def _id(told: Any) -> str:
    """The id of something that is told by its id or whole."""
    return told if isinstance(told, str) else _text(getattr(told, "id", None) or (
        told.get("id") if isinstance(told, dict) else ""))


def _text(told: Any) -> str:
    return told if isinstance(told, str) else ""


def _moment(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
