"""Frozen questions and answers of delivery."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Protocol
from uuid import UUID

from billing.records import PostageCase
from delivery.rules import Direction, ParcelState
from shared import practice
from shared.actors import Actor, job
from shared.money import Money

type BookedDossier = tuple[UUID, str, tuple[str, ...]]
"""A dossier in a parcel: its id, the code that a label may show, the papers of it that lie inside."""


@dataclass(frozen=True, slots=True)
class DeclaredOriginal:
    """An original paper in a parcel, declared by whoever packed it: lost, it is issued anew at the post's cost."""

    name: str
    identifier: str = ""
    """The number on the paper, such as that of a red book."""
    sheets: int = 1
    original_id: UUID | None = None
    """Its custody, kept by the app that owns originals."""


@dataclass(frozen=True, slots=True)
class Destination:
    """What is known of the recipient's address beyond its words, as it was checked at a counter."""

    address_id: UUID | None = None
    landmark: str = ""
    former_name: str = ""
    """Full name of the former commune, with its district."""
    former_code: str = ""
    latitude: float | None = None
    longitude: float | None = None
    precision: str = ""
    is_verified: bool = False


@dataclass(frozen=True, slots=True)
class BookingRequest:
    """A trip to be booked. Booking the same `booking_ref` again answers with the same parcel."""

    booking_ref: str
    """Natural key, e.g. "result:{dossier_id}"."""
    operator_code: str
    carrier: str
    direction: str
    outlet_id: UUID | None
    centre_id: UUID
    province_code: str
    weight_grams: int
    sender_name: str
    sender_address: str
    origin_commune_code: str
    recipient_name: str
    recipient_phone: str
    recipient_address: str
    recipient_commune_code: str
    case: PostageCase
    dossiers: tuple[BookedDossier, ...]
    booked_at: datetime
    with_slip: bool = False
    """Whether the appointment slip is brought back as well; the trip then may take twice as long."""
    service: str = field(default_factory=lambda: practice.PARCEL_SERVICE if practice.is_on() else "RR")
    """S10 service indicator: a registered item; in practice one that no post carries."""
    originals: Mapping[UUID, tuple[DeclaredOriginal, ...]] = field(default_factory=dict)
    """By dossier."""
    destination: Destination = Destination()
    seal_number: str = ""
    """Of the bag that the parcel is; empty: an envelope."""
    by: Actor = field(default_factory=lambda: job("delivery.booking"))


@dataclass(frozen=True, slots=True)
class ProofInfo:
    """Who received it, when, and how that is known."""

    delivered_at: datetime
    receiver_name: str
    relation: str
    id_kind: str
    method: str


@dataclass(frozen=True, slots=True)
class ParcelInfo:
    id: UUID
    number: str
    booking_ref: str
    carrier: str
    operator_code: str
    direction: Direction
    outlet_id: UUID | None
    centre_id: UUID
    province_code: str
    weight_grams: int
    zone: str
    origin_place: str
    """Full name of the commune it leaves from."""
    recipient_name: str
    recipient_place: str
    """Full name of the commune it goes to."""
    case: PostageCase
    dossiers: tuple[BookedDossier, ...]
    tracking_code: str
    booked_at: datetime
    promised_date: date
    state: ParcelState
    state_at: datetime
    attempts: int
    accepted_at: datetime | None
    delivered_at: datetime | None
    contradictions: tuple[str, ...]
    proof: ProofInfo | None
    is_sent_to_carrier: bool
    originals: Mapping[UUID, tuple[DeclaredOriginal, ...]] = field(default_factory=dict)
    """By dossier."""
    destination: Destination = Destination()
    seal_number: str = ""
    handed_over_at: datetime | None = None
    """When the carrier's collector signed for it."""


@dataclass(frozen=True, slots=True)
class JourneyStep:
    """One thing that happened to a parcel, in words. Steps that say the same twice are given once."""

    parcel_id: UUID
    number: str
    direction: Direction
    at: datetime
    code: str
    words_vi: str
    words_en: str
    office: str
    is_public: bool
    """Whether it tells a citizen something; the way through sorting centres does not."""


# --- the dossier's part of the public page, told by the app that owns dossiers ---------------------------------------


@dataclass(frozen=True, slots=True)
class StoryStep:
    at: datetime
    words: str
    """In the reader's language."""
    who: str = ""
    """The place that did it; never a person."""


@dataclass(frozen=True, slots=True)
class StoryPayment:
    """One line of "who pays what". `amount` in whole đồng."""

    label: str
    basis: str
    amount: Money
    is_assumed: bool = False


@dataclass(frozen=True, slots=True)
class StoryView:
    """One look at the citizen's data by a person."""

    name: str
    purpose: str
    at: datetime


@dataclass(frozen=True, slots=True)
class StoryThing:
    """One thing that the citizen has to bring."""

    name: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class StoryPlace:
    """Where she brings it."""

    name: str
    address: str = ""
    phone: str = ""


@dataclass(frozen=True, slots=True)
class StorySibling:
    """Another dossier of hers that was filed in the same visit."""

    reference: str
    title: str
    state: str


@dataclass(frozen=True, slots=True)
class StoryLink:
    """Something else that she may do on a page of her own; `is_main`: it waits for her."""

    url: str
    label: str
    icon: str
    is_main: bool = False


@dataclass(frozen=True, slots=True)
class DossierStory:
    """What the citizen may read about the dossier, in the reader's language."""

    dossier_id: UUID
    reference: str
    """The code shown at the head of the page."""
    title: str
    turn: str
    """"centre", "authority", "outlet", "citizen", "post" or "nobody": whose turn it is, for the icon."""
    turn_name: str
    """E.g. "Trung tâm Phong Dinh"."""
    turn_words: str
    promised_at: datetime | None = None
    used_percent: int = 0
    """How much of the term has passed, 0 to 100."""
    is_paused: bool = False
    to_do: str = ""
    """What the citizen must do now; empty when nothing."""
    steps: tuple[StoryStep, ...] = ()
    payments: tuple[StoryPayment, ...] = ()
    left_to_pay: Money | None = None
    views: tuple[StoryView, ...] = ()
    bring: tuple[StoryThing, ...] = ()
    """Exactly what is asked for, when papers are."""
    bring_to: StoryPlace | None = None
    links: tuple[StoryLink, ...] = ()
    siblings: tuple[StorySibling, ...] = ()


class StoryProvider(Protocol):
    """What delivery asks of the app that owns dossiers; registered through delivery.public.register_story."""

    def find(self, code: str) -> UUID | None:
        """The dossier with this reference or authority code."""

    def phone_of(self, dossier_id: UUID) -> str:
        """The citizen's phone number; empty when there is none."""

    def tell(self, dossier_id: UUID, now: datetime) -> DossierStory | None:
        """The story, in the active language."""
