"""An address is written down, found on the ground, pinned and verified. Callers inside a transaction use `write`."""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

import structlog
from django.utils.translation import gettext as _

from delivery.addresses import geocoding
from delivery.addresses.geocoding import Found, GeocoderAwayError, Question
from delivery.addresses.models import Address
from delivery.addresses.reading import read_pin
from delivery.addresses.rules import MOST_TRIES, Precision, Search, reach_metres
from delivery.errors import AddressRefused
from delivery.events import AddressToBeFound
from shared import audit, work
from shared.actors import Actor, job
from shared.calendar import CLOSING, at_local, local
from shared.errors import ErrorCollector
from shared.geo import distance_km
from shared.models.places import Commune, FormerCommune, Succession
from shared.outbox.publishing import publish
from shared.roles import Role
from shared.text import clean, hidden_character, looks_like_wrong_font
from shared.transactions import operation
from shared.working_days import work_calendar

log = structlog.get_logger(__name__)

US: Final = job("delivery.addresses")
LEASE: Final = timedelta(seconds=60)
LONGEST_STREET: Final = 200
LONGEST_LANDMARK: Final = 160
AWAY: Final = "geocoder-away"
AT_ONCE: Final = 40


def write(*, street: str, landmark: str, commune_code: str, former_commune_code: str, pin: tuple[float, float] | None,
          is_verified: bool, by: Actor, at: datetime) -> Address:
    """Keep an address inside the caller's transaction; the same words at the same place are the same address.

    Its point is the pin, else what was found before, else the middle of the commune while the geocoder is asked.

    Raises:
        AddressRefused: what is wrong stands in its errors.
    """
    commune, former = _checked(street, landmark, commune_code, former_commune_code, pin)
    place = {"outlet_id": by.outlet_id} if by.outlet_id is not None else {"centre_id": by.centre_id}
    words = {"street": clean(street), "landmark": clean(landmark), "commune": commune, "former_commune": former}
    known = Address.objects.select_for_update(of=("self",)).filter(**place, **words).order_by("-written_at").first()
    address = known or Address.objects.create(
        **place, **words, province_code=commune.province_id, latitude=commune.latitude, longitude=commune.longitude,
        precision=Precision.COMMUNE, written_at=at, written_by=by.id)
    if pin is not None:
        _pin(address, pin)
    elif known is None and geocoding.is_configured():
        address.search, address.try_at = Search.WAITING, at
        publish(AddressToBeFound(address.id, at))
    if is_verified and address.verified_at is None:
        address.verified_at, address.verified_by = at, by.id
    address.save()
    audit.record(actor=by, action="address.write", object_type="address", object_id=address.id, at=at,
                 after={"precision": address.precision, "is_verified": address.verified_at is not None})
    return address


def pin_in(text: str) -> tuple[float, float] | None:
    """The pin that was pasted; None when nothing was.

    Raises:
        AddressRefused: it cannot be read as one.
    """
    pin = read_pin(text)
    if pin is None and clean(text):
        wrong = ErrorCollector()
        words = _("Paste latitude and longitude as a map gives them, such as 16.4637, 107.5909.")
        wrong.add("/pin", "not-a-pin", words)
        wrong.raise_if_any(AddressRefused)
    return pin


def metres_to_pin(text: str, commune_code: str) -> float | None:
    """How far the pin that was pasted lies from the middle of the commune; None when nothing was pasted.

    Raises:
        AddressRefused: it cannot be read, or lies outside the commune.
    """
    pin, commune = pin_in(text), Commune.objects.filter(code=commune_code).first()
    if pin is None or commune is None:
        return None
    wrong = ErrorCollector()
    _check_pin(pin, commune, wrong)
    wrong.raise_if_any(AddressRefused)
    return _metres_from_middle(pin, commune)


def _pin(address: Address, pin: tuple[float, float]) -> None:
    address.latitude, address.longitude = pin
    address.precision, address.search, address.try_at = Precision.PIN, Search.NOT_ASKED, None


def _checked(street: str, landmark: str, commune_code: str, former_commune_code: str,
             pin: tuple[float, float] | None) -> tuple[Commune, FormerCommune | None]:
    wrong = ErrorCollector()
    _check_text("/street", street, LONGEST_STREET, wrong, is_required=True)
    _check_text("/landmark", landmark, LONGEST_LANDMARK, wrong, is_required=False)
    commune = Commune.objects.select_related("province").filter(code=commune_code).first()
    if commune is None:
        wrong.add("/commune_code", "unknown", _("Choose a commune that exists today."))
    former = _former(former_commune_code, commune, wrong)
    if pin is not None and commune is not None:
        _check_pin(pin, commune, wrong)
    wrong.raise_if_any(AddressRefused)
    assert commune is not None  # noqa: S101  # refused otherwise
    return commune, former


def _check_text(pointer: str, text: str, most: int, wrong: ErrorCollector, *, is_required: bool) -> None:
    said = clean(text)
    if is_required and len(said) < 2:
        wrong.add(pointer, "required", _("Say where the door is: house, street or hamlet."))
    elif len(said) > most:
        wrong.add(pointer, "length", _("Shorten this to %(most)s characters.") % {"most": most})
    elif hidden_character(said) is not None:
        wrong.add(pointer, "hidden-character", _("There is a character in it that cannot be seen; type it again."))
    elif looks_like_wrong_font(said):
        wrong.add(pointer, "wrong-font", _("These letters come from an old font; type them again."))


def _former(code: str, commune: Commune | None, wrong: ErrorCollector) -> FormerCommune | None:
    if not code:
        return None
    former = FormerCommune.objects.filter(code=code).first()
    if former is None or (commune is not None
                          and not Succession.objects.filter(former=former, commune=commune).exists()):
        wrong.add("/former_commune_code", "unfit", _("That former commune did not become this one."))
    return former


def _check_pin(pin: tuple[float, float], commune: Commune, wrong: ErrorCollector) -> None:
    metres = _metres_from_middle(pin, commune)
    if metres > reach_metres(_area(commune)):
        words = _("The pin lies %(km)s km from the middle of %(place)s; check it, or the commune.")
        wrong.add("/pin", "elsewhere", words % {"km": round(metres / 1000), "place": commune.full_name})


def _metres_from_middle(point: tuple[float, float], commune: Commune) -> float:
    return 1000 * distance_km((commune.latitude, commune.longitude), point)


def _area(commune: Commune) -> float | None:
    return float(commune.area_km2) if commune.area_km2 is not None else None


# --- the geocoder ---------------------------------------------------------------------------------------------------


def find_on_ground(*, address_id: UUID, at: datetime) -> Search | None:
    """Ask the geocoder for an address whose turn has come; None when it is not, or another worker is at it."""
    questions = _claim(address_id, at)
    if questions is None:
        return None
    try:
        found = next((found for question in questions if (found := geocoding.ask(question)) is not None), None)
    except GeocoderAwayError as error:
        return _note_silence(address_id=address_id, why=str(error), at=at)
    return _note_answer(address_id=address_id, found=found, at=at)


def find_waiting(*, at: datetime) -> int:
    """Ask for all whose turn has come; returns how many were answered. Ends at the first silence."""
    waiting = Address.objects.filter(search=Search.WAITING, try_at__lte=at).order_by("try_at", "id")
    answered = 0
    for address_id in list(waiting.values_list("id", flat=True)[:AT_ONCE]):
        outcome = find_on_ground(address_id=address_id, at=at)
        if outcome in {Search.WAITING, Search.GAVE_UP}:
            break
        answered += outcome is not None
    return answered


@operation
def _claim(address_id: UUID, at: datetime) -> list[Question] | None:
    """Count the try before it is made; what to ask, the present names first."""
    address = Address.objects.select_for_update(of=("self",)).select_related(
        "commune__province", "former_commune").filter(
        id=address_id, search=Search.WAITING, try_at__lte=at).first()
    if address is None:
        return None
    address.tries += 1
    address.try_at = at + LEASE
    address.save(update_fields=["tries", "try_at"])
    asked = [Question(address.street, address.commune.name, address.commune.province.name)]
    if address.former_commune is not None:
        former = address.former_commune
        asked.append(Question(address.street, former.name, former.province_name, former.district_name))
    return asked


@operation
def _note_answer(*, address_id: UUID, found: Found | None, at: datetime) -> Search:
    address = Address.objects.select_for_update(of=("self",)).select_related("commune").get(id=address_id)
    if address.search != Search.WAITING:
        return Search(address.search)  # a person was faster with the pin
    address.try_at = None
    if found is None:
        address.search = Search.NOTHING
    elif _metres_from_middle((found.latitude, found.longitude), address.commune) > reach_metres(_area(address.commune)):
        address.search, address.found_as = Search.ELSEWHERE, found.name
    else:
        address.search, address.found_as, address.precision = Search.FOUND, found.name, found.precision
        address.latitude, address.longitude = found.latitude, found.longitude
    address.save()
    audit.record(actor=US, action="address.find", object_type="address", object_id=address.id, at=at,
                 after={"search": address.search, "precision": address.precision})
    work.close_item(kind=AWAY, reference="geocoder", by=US.id, at=at, outcome="it answers again")
    return Search(address.search)


@operation
def _note_silence(*, address_id: UUID, why: str, at: datetime) -> Search:
    """Try again later, longer each time; in the end the middle of the commune must do, and somebody is told."""
    address = Address.objects.select_for_update().get(id=address_id)
    if address.search != Search.WAITING:
        return Search(address.search)
    if address.tries >= MOST_TRIES:
        address.search, address.try_at = Search.GAVE_UP, None
        due_at = at_local(work_calendar().next_working(local(at).date()), CLOSING)
        work.open_item(kind=AWAY, reference="geocoder", owner_role=Role.ADMINISTRATOR, owner_place="", at=at,
                       due_at=due_at, detail={"reason": why})
    else:
        address.try_at = at + LEASE * 2 ** address.tries
    address.save(update_fields=["search", "try_at"])
    log.info("geocoder_silent", address_id=str(address_id), reason=why, tries=address.tries)
    return Search(address.search)
