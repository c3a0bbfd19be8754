"""Where a dossier's result goes, and papers that are posted in or sent to an outlet."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from django.http import HttpResponse
from django.utils import timezone
from ninja import Router
from pydantic import Field

from agents.auth import allow
from delivery import public as delivery
from intake.operations.delivery_address import AddressInput, settle_delivery_address
from intake.operations.sent_papers import PapersInput, expect_papers, send_to_outlet
from intake.queries.delivery_address import DeliveryPlace, find_delivery_place
from shared.api import In, Out, WardpostRequest, idempotent
from shared.roles import CENTRE_ROLES, OUTLET_ROLES

router = Router(tags=["dossiers"])

READS = allow(roles=OUTLET_ROLES | CENTRE_ROLES, scopes={"dossiers:read", "centre:read"})
WRITES = allow(roles=OUTLET_ROLES | CENTRE_ROLES, scopes={"dossiers:write", "centre:write"})
EXPECTS = allow(roles=OUTLET_ROLES, scopes={"dossiers:write"})
SENDS = allow(roles=CENTRE_ROLES, scopes={"centre:write"})

CommuneCode = Annotated[str, Field(pattern=r"^[0-9]{5}$")]


class DeliveryAddressIn(In):
    """`pin`: latitude and longitude as a map gives them, e.g. "16.4637, 107.5909"."""

    street: Annotated[str, Field(min_length=2, max_length=200)]
    commune_code: CommuneCode
    former_commune_code: Annotated[str, Field(pattern=r"^([0-9H][0-9]{2,4})?$")] = ""
    landmark: Annotated[str, Field(max_length=160)] = ""
    pin: Annotated[str, Field(max_length=200)] = ""
    is_verified: Annotated[bool, Field(strict=True, description="Read back to the citizen, who said yes.")] = False


class DeliveryAddressOut(Out):
    dossier_id: UUID
    street: str
    commune_code: str
    commune_name: str
    former_commune_code: str
    former_name: str
    landmark: str
    latitude: float | None
    longitude: float | None
    precision: str = Field(description="pin, house, street, area or commune; empty: never checked")
    radius_metres: int | None
    search: str = Field(description="What became of the search on the map; empty: never checked")
    verified_at: datetime | None
    zone: str
    zone_reason_vi: str
    zone_reason_en: str
    zone_confidence: str
    promised_date: date | None = Field(description="Were it posted today.")


class AddressLineIn(In):
    line: Annotated[str, Field(min_length=1, max_length=400)]
    province_code: Annotated[str, Field(pattern=r"^([0-9]{2})?$")] = ""


class PlaceGuessOut(Out):
    commune_code: str
    commune_name: str
    former_commune_code: str
    former_name: str


class AddressReadingOut(Out):
    """One guess is certain; several are to be asked, never chosen silently."""

    street: str
    guesses: list[PlaceGuessOut]


class PapersIn(In):
    dossier_ids: Annotated[list[UUID], Field(min_length=1, max_length=20)]
    contents: Annotated[list[Annotated[str, Field(min_length=1, max_length=200)]], Field(min_length=1, max_length=50)]
    weight_grams: Annotated[int, Field(ge=1, le=30_000)] = 100


class SentOut(Out):
    parcel_id: UUID
    number: str
    tracking_code: str
    promised_date: date


@router.get("/dossiers/{uuid:dossier_id}/delivery-address", response=DeliveryAddressOut, auth=READS,
            summary="Where the result goes", operation_id="delivery_address")  # fmt: skip
def get_address(request: WardpostRequest, dossier_id: UUID) -> DeliveryAddressOut:
    return _shown(request, dossier_id)


@router.post("/dossiers/{uuid:dossier_id}/delivery-addresses", response={201: DeliveryAddressOut}, auth=WRITES,
             summary="Say where the result goes", operation_id="settle_delivery_address")  # fmt: skip
def settle(request: WardpostRequest, dossier_id: UUID, body: DeliveryAddressIn) -> HttpResponse:
    """Until its parcel is booked. Other words are another address, which is to be verified anew."""
    return idempotent(request, status=201, schema=DeliveryAddressOut,
                      present=lambda _: _shown(request, dossier_id),
                      call=lambda: settle_delivery_address(
                          AddressInput(**body.model_dump()), dossier_id=dossier_id, by=request.actor,
                          at=timezone.now()))


@router.post("/address-readings", response=AddressReadingOut, auth=READS, summary="Read an address written in one line",
             operation_id="read_address")  # fmt: skip
def read(request: WardpostRequest, body: AddressLineIn) -> AddressReadingOut:
    """Names of communes and districts that ended on 1 July 2025 are understood. Nothing is kept."""
    reading = delivery.read_address(body.line, province_code=body.province_code)
    return AddressReadingOut(street=reading.street, guesses=[PlaceGuessOut(
        commune_code=guess.place.code, commune_name=guess.place.full_name,
        former_commune_code=guess.former.code if guess.former else "",
        former_name=guess.former.full_name if guess.former else "") for guess in reading.guesses])


@router.post("/papers/expected", response={201: SentOut}, auth=EXPECTS, summary="A citizen posts papers in",
             operation_id="expect_papers")  # fmt: skip
def expect(request: WardpostRequest, body: PapersIn) -> HttpResponse:
    """Books the parcel from the citizen's address to this outlet; she puts its label on the envelope."""
    return idempotent(request, status=201, schema=SentOut, present=_sent, call=lambda: expect_papers(
        _papers(body), by=request.actor, at=timezone.now()))


@router.post("/papers/sent", response={201: SentOut}, auth=SENDS, summary="Send papers to the outlet",
             operation_id="send_to_outlet")  # fmt: skip
def send(request: WardpostRequest, body: PapersIn) -> HttpResponse:
    """Books the parcel from this centre to the outlet that acted for the citizen."""
    return idempotent(request, status=201, schema=SentOut, present=_sent, call=lambda: send_to_outlet(
        _papers(body), by=request.actor, at=timezone.now()))


def _papers(body: PapersIn) -> PapersInput:
    return PapersInput(tuple(body.dossier_ids), tuple(body.contents), body.weight_grams)


def _sent(parcel: delivery.ParcelInfo) -> SentOut:
    return SentOut(parcel_id=parcel.id, number=parcel.number, tracking_code=parcel.tracking_code,
                   promised_date=parcel.promised_date)


def _shown(request: WardpostRequest, dossier_id: UUID) -> DeliveryAddressOut:
    found: DeliveryPlace = find_delivery_place(dossier_id, actor=request.actor, today=timezone.localdate())
    ground = found.ground
    return DeliveryAddressOut(
        dossier_id=found.dossier_id, street=found.street, commune_code=found.place.code,
        commune_name=found.place.full_name, former_commune_code=found.former_code, former_name=found.former_name,
        landmark=ground.landmark if ground else "", latitude=ground.latitude if ground else None,
        longitude=ground.longitude if ground else None, precision=ground.precision if ground else "",
        radius_metres=ground.radius_metres if ground else None, search=ground.search if ground else "",
        verified_at=ground.verified_at if ground else None, zone=str(found.zone.zone) if found.zone else "",
        zone_reason_vi=found.zone.reason_vi if found.zone else "",
        zone_reason_en=found.zone.reason_en if found.zone else "",
        zone_confidence=found.zone.confidence if found.zone else "", promised_date=found.promised)
