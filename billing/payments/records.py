"""Frozen questions and answers about payments."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from shared.money import ZERO, Money


@dataclass(frozen=True, slots=True)
class Till:
    """Where money is taken: an outlet with its operator and province."""

    outlet_id: UUID
    operator_id: UUID
    operator_code: str
    province_code: str


@dataclass(frozen=True, slots=True)
class Due:
    """What a citizen owes for one source, e.g. a dossier: the authority's fee and her share of the postage."""

    source_type: str
    source_id: UUID
    fee: Money
    postage: Money

    @property
    def amount(self) -> Money:
        return self.fee + self.postage


@dataclass(frozen=True, slots=True)
class CashTaken:
    """Cash that changed hands for a dossier; negative parts when it was given back.

    `source_key` tells one hand-over of money for ever, e.g. "dossier:{id}:{version}". `person_id` is whose drawer.
    """

    source_key: str
    till: Till
    due: Due
    person_id: str
    person_name: str
    at: datetime
    reference: str = ""
    """Number of the receipt."""


@dataclass(frozen=True, slots=True)
class BankEntry:
    """One line of an account as a bank tells it. `bank_ref` is its own number; empty when it has none."""

    booked_at: datetime
    amount: Money
    """Positive: it came in."""
    purpose: str
    bank_ref: str = ""


@dataclass(frozen=True, slots=True)
class CollectionInfo:
    """A request for payment as a counter shows it."""

    id: UUID
    reference: str
    method: str
    state: str
    amount: Money
    asked_at: datetime
    expires_at: datetime
    paid_at: datetime | None
    code: str = ""
    """The text of its QR code."""
    bank_name: str = ""
    account_number: str = ""
    account_name: str = ""

    @property
    def is_live(self) -> bool:
        return self.state == "asked"


@dataclass(frozen=True, slots=True)
class Sums:
    """A drawer's sums."""

    opening: Money = ZERO
    taken: Money = ZERO
    given_back: Money = ZERO
    handed_in: Money = ZERO
    fee: Money = ZERO
    postage: Money = ZERO

    @property
    def expected(self) -> Money:
        """What must lie in the drawer: what is given back and handed in is negative."""
        return self.opening + self.taken + self.given_back + self.handed_in
