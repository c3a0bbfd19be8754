"""What other apps may ask of delivery, answered in frozen dataclasses."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from delivery import opened, stories
from delivery.addresses.operations import find_on_ground as find_address_on_ground
from delivery.addresses.operations import metres_to_pin, pin_in
from delivery.addresses.operations import write as write_address
from delivery.addresses.queries import OnGround, destination_at, known_address, place_on_ground
from delivery.addresses.reading import PlaceGuess, read_address
from delivery.addresses.zones import explain_zone, zone_between
from delivery.dispatch.operations.collecting import note_collected
from delivery.dispatch.queries import dispatch_signed
from delivery.door.operations.releases import set_release
from delivery.door.queries import taken_back
from delivery.door.repeats import repeat_bearer
from delivery.door.rules import Party
from delivery.errors import AddressRefused, NumberPoolExhausted, ParcelNotFound
from delivery.operations import booking, carrier_requests, numbers, sending, tracking
from delivery.promise.rules import Expectation, Ground, expected
from delivery.queries import parcels
from delivery.records import (
    BookingRequest,
    DeclaredOriginal,
    Destination,
    DossierStory,
    JourneyStep,
    ParcelInfo,
    ProofInfo,
    StoryLink,
    StoryPayment,
    StoryPlace,
    StoryProvider,
    StorySibling,
    StoryStep,
    StoryThing,
    StoryView,
)
from delivery.rules import Direction, ParcelState, transit
from delivery.shares import operations as shares
from shared.actors import Actor
from shared.working_days import work_calendar

__all__ = [
    "AddressRefused",
    "BookingRequest",
    "DeclaredOriginal",
    "Destination",
    "Direction",
    "DossierStory",
    "Expectation",
    "Ground",
    "JourneyStep",
    "NumberPoolExhausted",
    "OnGround",
    "ParcelInfo",
    "ParcelNotFound",
    "ParcelState",
    "Party",
    "PlaceGuess",
    "ProofInfo",
    "StoryLink",
    "StoryPayment",
    "StoryPlace",
    "StoryProvider",
    "StorySibling",
    "StoryStep",
    "StoryThing",
    "StoryView",
    "allot_numbers",
    "book_parcel",
    "destination_at",
    "dispatch_signed",
    "expected_delivery",
    "explain_zone",
    "find_address_on_ground",
    "get_parcel",
    "join_parcel",
    "journey",
    "known_address",
    "metres_to_pin",
    "note_collected",
    "open_tracking",
    "operator_for",
    "parcels_by_code",
    "parcels_of_dossier",
    "pin_in",
    "place_on_ground",
    "promised_date",
    "read_address",
    "register_story",
    "remembered",
    "repeat_bearer",
    "send_parcel_to_carrier",
    "send_request_to_carrier",
    "set_release",
    "taken_back",
    "whole_dossiers",
    "write_address",
    "zone_between",
]

get_parcel = parcels.find_parcel
operator_for = shares.operator_for
parcels_of_dossier = parcels.parcels_of_dossier
parcels_by_code = parcels.parcels_by_code
journey = parcels.journey
whole_dossiers = parcels.whole_dossiers
allot_numbers = numbers.allot_numbers
register_story = stories.register_story
open_tracking = tracking.open_tracking
remembered = opened.remembered
send_parcel_to_carrier = sending.send_parcel
send_request_to_carrier = carrier_requests.send_request


def book_parcel(request: BookingRequest) -> ParcelInfo:
    """Book a trip inside the caller's transaction; booking the same reference again gives the same parcel.

    Raises:
        BookingInvalid: what is wrong stands in its errors.
        NumberPoolExhausted: the operator has no number left.
    """
    return parcels.find_parcel(booking.book(request).id)


def expected_delivery(parcel: ParcelInfo, *, today: date, agreed: date | None = None) -> Expectation:
    """When the parcel will probably be delivered, by what has happened to it; `agreed`: the day the citizen chose."""
    return expected(parcel, work_calendar(), today, agreed=agreed)


def join_parcel(parcel_id: UUID, *, dossiers: Sequence[tuple[UUID, str, Sequence[str]]], by: Actor,
                at: datetime) -> ParcelInfo | None:
    """Put more into a parcel the carrier has not taken yet, inside the caller's transaction; None when it has."""
    joined = booking.join(parcel_id, dossiers=dossiers, by=by, at=at)
    return parcels.find_parcel(joined.id) if joined is not None else None


def promised_date(
    direction: str,
    zone: str,
    from_date: date,
    with_slip: bool = False,  # noqa: FBT001, FBT002  # other apps call it like this
    *,
    between_cities: bool = False,
) -> date:
    """The last day on which a parcel accepted on `from_date` may arrive (Decision 45/2016/QĐ-TTg).

    A result carries no appointment slip back, so `with_slip` counts for dossiers only.
    """
    return transit.promised_date(
        work_calendar(), zone, from_date, with_slip=with_slip and direction == Direction.DOSSIER,
        between_cities=between_cities)  # fmt: skip
