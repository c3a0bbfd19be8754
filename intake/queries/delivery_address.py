"""Where a dossier's result goes: words, point, zone, and what may still be changed."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from agents import public as agents
from billing.public import ZoneFinding
from delivery import public as delivery
from intake.errors import DossierNotFound, IllegalTransition
from intake.models.dossiers import Dossier
from intake.operations.delivery_address import must_be_open
from intake.pricing import former_home, place_of_centre
from intake.routing import centre_ref
from intake.rules.wording import Words
from shared import formatting, places
from shared.actors import Actor
from shared.calendar import local
from shared.pictures import Map, Point, Tone


def distance_words(metres: int) -> str:
    """`± 20 m`, `± 4.5 km`."""
    if metres < 1000:
        return f"± {metres} m"
    km = f"{metres / 1000:.1f}".removesuffix(".0")
    return f"± {km.replace('.', ',') if formatting.speaks_vietnamese() else km} km"


@dataclass(frozen=True, slots=True)
class DeliveryPlace:
    """One dossier's address as its page shows it."""

    dossier_id: UUID
    reference: str
    version: int
    citizen_name: str
    name: str
    street: str
    place: places.Place
    former_code: str
    former_name: str
    ground: Any
    """delivery.OnGround; None: never checked, or other words now."""
    zone: ZoneFinding | None
    """From the receiving centre; None while that is not known."""
    zone_words: Words
    zone_basis: str
    """What the operator's table says, where it has a line."""
    promised: date | None
    """Were it posted today."""
    closed: str
    """Why nothing can be changed any more; empty: it can."""


def find_delivery_place(dossier_id: UUID, *, actor: Actor, today: date) -> DeliveryPlace:
    """Raises DossierNotFound, also for a dossier of another place."""
    dossier: Any = Dossier.objects.seen_by(actor).select_related("citizen").filter(id=dossier_id).first()
    if dossier is None:
        raise DossierNotFound
    place = places.get_place(dossier.delivery_commune_id or dossier.citizen.commune_id)
    assert place is not None  # noqa: S101  # a foreign key says so
    street = dossier.delivery_street or dossier.citizen.street
    ground = delivery.place_on_ground(dossier.delivery_address_id, street=street, commune_code=place.code)
    former_code = ground.former_code if ground is not None else former_home(dossier.citizen, place.code)
    former = places.get_former_place(former_code) if former_code else None
    zone, basis, promised = _trip(dossier, place, former_code, today)
    return DeliveryPlace(
        dossier.id, dossier.code or dossier.agent_ref, dossier.version, dossier.citizen.full_name,
        dossier.delivery_name or dossier.citizen.full_name, street, place, former_code,
        former.full_name if former else "", ground, zone,
        Words(zone.reason_vi, zone.reason_en) if zone else Words("", ""), basis, promised, _closed(dossier))


def _closed(dossier: Dossier) -> str:
    try:
        must_be_open(dossier)
    except IllegalTransition as refusal:
        return str(refusal.detail)
    return ""


def _trip(dossier: Dossier, home: places.Place, former_code: str,
          today: date) -> tuple[ZoneFinding | None, str, date | None]:
    if dossier.receiving_centre_id is None:
        return None, "", None
    origin = place_of_centre(centre_ref(agents.get_centre(dossier.receiving_centre_id)))
    outlet = agents.get_outlet(dossier.outlet_id) if dossier.outlet_id else None
    code = outlet.operator.code if outlet else ""
    on = local(dossier.received_at).date() if dossier.received_at else today
    zone, line = delivery.explain_zone(code, origin, home, on, former_commune_code=former_code)
    return zone, line.legal_basis if line else "", delivery.promised_date("result", zone.zone, today)


def map_of(found: DeliveryPlace) -> Map:
    """The commune's middle, the address, and its neighbours as the ground."""
    around = places.places_of_province(found.place.province_code)
    points = [Point(found.place.latitude, found.place.longitude, found.place.full_name, _("middle of the commune"),
                    tone=Tone.REST, size=6)]
    if found.ground is not None and found.ground.precision != "commune":
        points.append(Point(found.ground.latitude, found.ground.longitude, found.street,
                            str(found.ground.precision_words), tone=Tone.NIGHT, size=9))
    return Map(_("Where the result goes"), points, ground=[(each.latitude, each.longitude) for each in around])
