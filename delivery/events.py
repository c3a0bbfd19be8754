"""What happened to a parcel."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class _OfParcel:
    parcel_id: UUID

    @property
    def stream(self) -> str:
        return f"parcel:{self.parcel_id}"


@dataclass(frozen=True, slots=True)
class ParcelBooked(_OfParcel):
    number: str
    direction: str
    dossier_ids: tuple[UUID, ...]
    booked_at: datetime


@dataclass(frozen=True, slots=True)
class ParcelSplit(_OfParcel):
    """A part of what lay in it travels in another parcel now."""

    number: str
    part_number: str
    direction: str
    moved_dossier_ids: tuple[UUID, ...]
    """Dossiers of which nothing is left in the first parcel."""
    moved_original_ids: tuple[UUID, ...]
    """Declared originals that moved although their dossier did not as a whole."""
    split_at: datetime


@dataclass(frozen=True, slots=True)
class ParcelsHandedOver:
    """The carrier's collector signed for a dispatch list."""

    dispatch_id: UUID
    parcel_numbers: tuple[str, ...]
    handed_over_at: datetime

    @property
    def stream(self) -> str:
        return f"dispatch:{self.dispatch_id}"


@dataclass(frozen=True, slots=True)
class AddressToBeFound:
    """The geocoder is to be asked for an address."""

    address_id: UUID
    asked_at: datetime

    @property
    def stream(self) -> str:
        return f"address:{self.address_id}"


@dataclass(frozen=True, slots=True)
class ParcelAccepted(_OfParcel):
    """The carrier has it (EMA)."""

    direction: str
    dossier_ids: tuple[UUID, ...]
    accepted_at: datetime


@dataclass(frozen=True, slots=True)
class ParcelDelivered(_OfParcel):
    number: str
    direction: str
    dossier_ids: tuple[UUID, ...]
    delivered_at: datetime
    relation: str


@dataclass(frozen=True, slots=True)
class ParcelReturned(_OfParcel):
    """Brought back to the authority after the attempts that the rules ask for."""

    number: str
    direction: str
    dossier_ids: tuple[UUID, ...]
    returned_at: datetime


@dataclass(frozen=True, slots=True)
class ParcelCancelled(_OfParcel):
    """Its trip was called off before the post had it: what was packed lies where it was packed."""

    number: str
    direction: str
    dossier_ids: tuple[UUID, ...]
    cancelled_at: datetime


@dataclass(frozen=True, slots=True)
class ParcelContradicted(_OfParcel):
    """Its events cannot all be true; no money moves until a person has looked."""

    number: str
    noticed_at: datetime


@dataclass(frozen=True, slots=True)
class CarrierAsked(_OfParcel):
    """A carrier is to be told something about a parcel it knows."""

    request_id: UUID
    kind: str


@dataclass(frozen=True, slots=True)
class CarrierAnswered(_OfParcel):
    """What became of it: `state` is "accepted", "refused" or "overtaken"."""

    request_id: UUID
    reference: str
    kind: str
    state: str
    answered_at: datetime


@dataclass(frozen=True, slots=True)
class ParcelDelayed(_OfParcel):
    """Its promised day has passed, and it is still on its way. Told once."""

    number: str
    direction: str
    dossier_ids: tuple[UUID, ...]
    noticed_at: datetime


@dataclass(frozen=True, slots=True)
class SearchOpened(_OfParcel):
    """Somebody looks for it, and owes an answer."""

    search_id: UUID
    number: str
    direction: str
    dossier_ids: tuple[UUID, ...]
    cause: str
    opened_at: datetime


@dataclass(frozen=True, slots=True)
class ParcelFound(_OfParcel):
    """A search has ended well."""

    search_id: UUID
    number: str
    direction: str
    dossier_ids: tuple[UUID, ...]
    found_at: datetime


@dataclass(frozen=True, slots=True)
class ParcelLost(_OfParcel):
    """The carrier, its operator or the city has said that it is lost."""

    number: str
    direction: str
    dossier_ids: tuple[UUID, ...]
    lost_at: datetime


@dataclass(frozen=True, slots=True)
class IndemnityOwed(_OfParcel):
    """Agreed or decided: the operator owes it from now on."""

    indemnity_id: UUID
    owed_at: datetime
