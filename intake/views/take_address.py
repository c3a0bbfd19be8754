"""How the address of a result was understood, said while it is being entered; nothing waits for it."""

from dataclasses import dataclass

from delivery import public as delivery
from intake.models.citizens import Citizen
from intake.pricing import former_home
from intake.queries.delivery_address import distance_words
from intake.rules.catalogue import ResultChoice
from intake.views.take_entries import Entries
from shared import places
from shared.actors import Actor


@dataclass(frozen=True, slots=True)
class TakenAddress:
    """What the clerk sees under the address. `place` None: no commune of today is known yet."""

    street: str
    place: places.Place | None
    former_name: str
    guesses: tuple[delivery.PlaceGuess, ...]
    """What a whole address in the field of the street may mean, when no commune was chosen."""
    ground: delivery.OnGround | None
    """What this outlet found out about the same words before."""
    radius: str
    pin_km: str
    pin_error: str
    is_verified: bool

    @property
    def is_pinned(self) -> bool:
        return bool(self.pin_km) or (self.ground is not None and self.ground.precision == "pin")


def taken_address(entries: Entries, citizen: Citizen, *, by: Actor) -> TakenAddress | None:
    """None when nothing goes home."""
    if entries.result_choice != ResultChoice.HOME:
        return None
    is_own = not entries.street and entries.home.chosen is None
    place, former_code = _place(entries, citizen, is_own=is_own)
    street = citizen.street if is_own else entries.street
    guesses = () if is_own or entries.home.chosen else delivery.read_address(
        street, province_code=by.province_code).guesses
    ground = delivery.known_address(street=street, commune_code=place.code, by=by) if place and street else None
    former = places.get_former_place(former_code) if former_code else None
    km, error = _pin(entries, place)
    return TakenAddress(
        street, place, former.full_name if former else "", guesses, ground,
        distance_words(ground.radius_metres) if ground is not None else "", km, error,
        is_verified=entries.is_read_back or (ground is not None and ground.verified_at is not None))


def _place(entries: Entries, citizen: Citizen, *, is_own: bool) -> tuple[places.Place | None, str]:
    """The commune of today, and the dissolved one that the address still names."""
    if is_own:
        return places.get_place(citizen.commune_id), former_home(citizen, citizen.commune_id)
    choice = entries.home.choice
    place = places.get_place(choice.commune_code) if choice.commune_code else None
    return place, choice.former_commune_code


def _pin(entries: Entries, place: places.Place | None) -> tuple[str, str]:
    """How far the pin lies from the middle of the commune, or what is wrong with it."""
    try:
        metres = delivery.metres_to_pin(entries.pin, place.code if place is not None else "")
    except delivery.AddressRefused as refusal:
        return "", " ".join(str(error.message) for error in refusal.errors)
    return ("", "") if metres is None else (distance_words(round(metres)).removeprefix("± "), "")
