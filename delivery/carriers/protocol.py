"""What we ask of every carrier. How one speaks is its adapter's business (delivery/carriers/adapters/)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Protocol
from uuid import UUID

from delivery.rules.carrier_requests import RequestKind


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


@dataclass(frozen=True, slots=True)
class Instruction:
    """Something to be done with a parcel that the carrier knows. The same `id` again is the same instruction."""

    id: UUID
    number: str
    kind: RequestKind
    details: Mapping[str, str]
    """See delivery.rules.carrier_requests.REQUEST_DETAILS."""
    reason: str = ""


class Outcome(StrEnum):
    BOOKED = "booked"
    """It has what was asked about, now or since an earlier try."""
    REFUSED = "refused"
    """It will not take it as it is; asking again changes nothing."""
    ABSENT = "absent"
    """Asked whether it has something: it has not."""
    BY_HAND = "by_hand"
    """Its interface cannot take this: a person has to tell it."""
    UNKNOWN = "unknown"
    """No answer, or none that says: it may or may not have it."""


@dataclass(frozen=True, slots=True)
class Answer:
    outcome: Outcome
    reason: str = ""
    """For people; no personal data."""
    own_numbers: tuple[str, ...] = ()
    """Under which numbers of its own the carrier keeps the parcel, where it has given it any; two: it took it twice."""


@dataclass(frozen=True, slots=True)
class Polled:
    """What a carrier says, when asked, has happened to some parcels."""

    is_answered: bool
    events: Sequence[Mapping[str, Any]] = field(default_factory=tuple)
    """As the webhook takes them, or in the carrier's own words; its adapter's `read` understands them."""
    reason: str = ""


class Carrier(Protocol):
    """A line to a carrier. None of these raises for what the carrier does, and each may be repeated."""

    def book(self, consignment: Consignment) -> Answer:
        """Tell it to expect the parcel. Telling it again under the same number changes nothing."""

    def find(self, number: str) -> Answer:
        """Whether it has the parcel: BOOKED, ABSENT, or UNKNOWN when it does not say."""

    def instruct(self, instruction: Instruction) -> Answer:
        """Tell it to cancel, redirect, come another day or bring back. The same id again changes nothing."""

    def find_instruction(self, instruction: Instruction) -> Answer:
        """Whether it has the instruction: BOOKED, REFUSED, ABSENT, or UNKNOWN when it does not say."""

    def poll(self, numbers: Sequence[str]) -> Polled:
        """What has happened to these parcels so far; at most `Adapter.poll_size` of them."""
