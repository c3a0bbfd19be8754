"""Addresses as the other apps and the screens read them."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import F

from delivery.addresses import wording
from delivery.addresses.models import Address
from delivery.addresses.rules import RADIUS_METRES, Precision, Search, middle_radius_metres
from delivery.errors import AddressNotFound
from delivery.records import Destination
from shared.actors import Actor
from shared.errors import Text
from shared.text import clean


def find_address(address_id: UUID, by: Actor) -> Address:
    """An address with its communes; raises AddressNotFound, also for another place's."""
    found = Address.objects.seen_by(by).select_related("commune__province", "former_commune").filter(
        id=address_id).first()
    if found is None:
        raise AddressNotFound
    return found


def destination_at(address_id: UUID | None, *, street: str, commune_code: str) -> Destination:
    """What a parcel takes along of a checked address; nothing when its words are not the checked ones any more."""
    if address_id is None:
        return Destination()
    address = Address.objects.select_related("former_commune").filter(
        id=address_id, street=street, commune_id=commune_code).first()
    return Destination() if address is None else destination_of(address)


def destination_of(address: Address) -> Destination:
    return Destination(
        address_id=address.id, landmark=address.landmark, former_name=former_name(address), latitude=address.latitude,
        longitude=address.longitude, precision=address.precision, former_code=address.former_commune_id or "",
        is_verified=address.verified_at is not None)


def former_name(address: Address) -> str:
    """"xã Phong Chương, huyện Phong Điền"; empty when no former unit was named."""
    return str(address.former_commune) if address.former_commune is not None else ""


@dataclass(frozen=True, slots=True)
class OnGround:
    """What is known of an address on the map, in words for the reader."""

    address_id: UUID
    landmark: str
    latitude: float
    longitude: float
    precision: str
    precision_words: Text
    radius_metres: int
    search: str
    search_words: Text
    found_as: str
    former_code: str
    former_name: str
    verified_at: datetime | None


def known_address(*, street: str, commune_code: str, by: Actor) -> OnGround | None:
    """What the actor's own place found out about these words before, the verified ones first; None: nothing."""
    rows = Address.objects.seen_by(by).select_related("former_commune", "commune").filter(
        street=clean(street), commune_id=commune_code)
    address = rows.order_by(F("verified_at").desc(nulls_last=True), "-written_at").first()
    return None if address is None else _on_ground(address)


def place_on_ground(address_id: UUID | None, *, street: str, commune_code: str) -> OnGround | None:
    """Where a checked address lies; None when it was never checked or its words are others now."""
    if address_id is None:
        return None
    address = Address.objects.select_related("former_commune", "commune").filter(
        id=address_id, street=street, commune_id=commune_code).first()
    return None if address is None else _on_ground(address)


def _on_ground(address: Address) -> OnGround:
    return OnGround(
        address.id, address.landmark, address.latitude, address.longitude, address.precision,
        wording.PRECISION[Precision(address.precision)], radius_metres(address), address.search,
        wording.SEARCH[Search(address.search)], address.found_as, address.former_commune_id or "",
        former_name(address), address.verified_at)


def radius_metres(address: Address) -> int:
    """Within what distance of its point the door is looked for."""
    if address.precision == Precision.COMMUNE:
        area = address.commune.area_km2
        return middle_radius_metres(float(area) if area is not None else None)
    return RADIUS_METRES[Precision(address.precision)]
