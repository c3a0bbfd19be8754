"""What we ask of every carrier: take a consignment, and say whether you have it."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Party:
    name: str
    phone: str
    address: str
    commune: str
    """Full name of the commune and its province's name."""


@dataclass(frozen=True, slots=True)
class Consignment:
    """What a carrier must know of a parcel. The papers inside are none of its business; their dossiers' codes are."""

    number: str
    direction: str
    weight_grams: int
    sender: Party
    receiver: Party
    references: tuple[str, ...]
    booked_at: datetime
    promised_date: date


class Outcome(StrEnum):
    BOOKED = "booked"
    """It has the consignment, now or since an earlier try."""
    REFUSED = "refused"
    """It will not take it as it is; asking again changes nothing."""
    UNKNOWN = "unknown"
    """No answer, or none that says: it may or may not have it."""


@dataclass(frozen=True, slots=True)
class Answer:
    outcome: Outcome
    reason: str = ""
    """For people; no personal data."""


class Carrier(Protocol):
    def book(self, consignment: Consignment) -> Answer:
        """Tell the carrier to expect the parcel. Telling it again under the same number changes nothing."""

    def find(self, number: str) -> Answer:
        """Whether the carrier has it: BOOKED, REFUSED when it has not, UNKNOWN when it does not say."""
