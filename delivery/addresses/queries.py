"""Addresses as the other apps and the screens read them."""

from uuid import UUID

from delivery.addresses.models import Address
from delivery.addresses.rules import RADIUS_METRES, Precision, middle_radius_metres
from delivery.errors import AddressNotFound
from delivery.records import Destination
from shared.actors import Actor


def find_address(address_id: UUID, by: Actor) -> Address:
    """An address with its communes; raises AddressNotFound, also for another place's."""
    found = Address.objects.seen_by(by).select_related("commune__province", "former_commune").filter(
        id=address_id).first()
    if found is None:
        raise AddressNotFound
    return found


def destination_at(address_id: UUID | None) -> Destination:
    """What a parcel to this address takes along; without an address, nothing."""
    address = Address.objects.select_related("former_commune").filter(id=address_id).first() if address_id else None
    return Destination() if address is None else destination_of(address)


def destination_of(address: Address) -> Destination:
    return Destination(
        address_id=address.id, landmark=address.landmark, former_name=former_name(address), latitude=address.latitude,
        longitude=address.longitude, precision=address.precision, is_verified=address.verified_at is not None)


def former_name(address: Address) -> str:
    """"xã Phong Chương, huyện Phong Điền"; empty when no former unit was named."""
    return str(address.former_commune) if address.former_commune is not None else ""


def radius_metres(address: Address) -> int:
    """Within what distance of its point the door is looked for."""
    if address.precision == Precision.COMMUNE:
        area = address.commune.area_km2
        return middle_radius_metres(float(area) if area is not None else None)
    return RADIUS_METRES[Precision(address.precision)]
