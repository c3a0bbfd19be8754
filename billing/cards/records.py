"""What the card service tells, in our words. Amounts are whole đồng: VND has no smaller unit at Stripe either."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from shared.money import Money

CURRENCY: Final = "vnd"


@dataclass(frozen=True, slots=True)
class CheckoutAsked:
    """A payment as it is opened at the card service. `reference` is the collection's, told to the citizen."""

    collection_id: UUID
    reference: str
    amount: Money
    words: str
    """What it is for, as the citizen reads it on the page and on the card's statement; nobody's name."""
    asked_at: datetime
    expires_at: datetime
    back_url: str


@dataclass(frozen=True, slots=True)
class Checkout:
    """A page of the card service on which one payment can be made."""

    id: str
    reference: str
    url: str
    status: str
    """"open", "complete" or "expired"."""
    is_paid: bool
    amount: Money
    currency: str
    payment_id: str
    """Its PaymentIntent; empty before anybody tried."""


@dataclass(frozen=True, slots=True)
class BalanceLine:
    """One movement of our balance at the service; its own number never comes twice."""

    id: str
    kind: str
    """The service's reporting category: "charge", "refund", "refund_failure", "dispute", "dispute_reversal", …"""
    source: str
    """What it is about: a charge, a refund, a dispute, a transfer."""
    amount: Money
    """Signed: what came (or left, negative), before the fee."""
    fee: Money
    """What the service keeps of it."""
    created_at: datetime
    currency: str = CURRENCY
    """Of our balance there; anything but đồng is in none of our accounts."""


@dataclass(frozen=True, slots=True)
class Payment:
    """A PaymentIntent with the charge that paid it."""

    id: str
    reference: str
    status: str
    amount: Money
    received: Money
    currency: str
    charge_id: str
    paid_at: datetime | None
    refunded: Money
    is_disputed: bool
    last_four: str = ""
    brand: str = ""
    line: BalanceLine | None = None
    """Its movement of the balance; not there before the service has booked it."""


@dataclass(frozen=True, slots=True)
class Refund:
    id: str
    reference: str
    """Our refund's id."""
    status: str
    """"pending", "requires_action", "succeeded", "failed" or "canceled"."""
    amount: Money
    payment_id: str
    reason: str = ""
    """Why it failed, in the service's own word."""
    lines: tuple[BalanceLine, ...] = ()
    """What left the balance, and what came back when it failed."""


@dataclass(frozen=True, slots=True)
class ServiceDispute:
    """A cardholder's bank asks for a payment back, or asks about it."""

    id: str
    payment_id: str
    status: str
    """The service's own word, e.g. "needs_response", "warning_under_review", "lost"."""
    reason: str
    amount: Money
    opened_at: datetime
    answer_by: datetime | None
    is_answered: bool
    """Evidence was sent to the bank."""
    lines: tuple[BalanceLine, ...] = ()


@dataclass(frozen=True, slots=True)
class Transfer:
    """Money moved from our balance to a connected account's."""

    id: str
    reference: str
    """What we call it: its transfer group."""
    destination: str
    amount: Money
    reversed: Money
    created_at: datetime

    @property
    def is_reversed(self) -> bool:
        return self.reversed == self.amount


@dataclass(frozen=True, slots=True)
class Reversal:
    id: str
    transfer_id: str
    amount: Money
    created_at: datetime


@dataclass(frozen=True, slots=True)
class ConnectedAccount:
    """An agent's or outlet's account at the card service."""

    id: str
    may_receive: bool
    """Transfers to it are possible."""
    may_pay_out: bool
    """Its money reaches its bank account."""
    is_complete: bool
    """Everything that the service asks for was entered."""
    wanted: tuple[str, ...] = ()
    """What the service still asks for, in its own words."""
    disabled_reason: str = ""


@dataclass(frozen=True, slots=True)
class ServiceEvent:
    """Something that happened at the card service: a hint, never the truth of a payment."""

    id: str
    kind: str
    object_kind: str
    object_id: str
    reference: str
    payment_id: str
    created_at: datetime
