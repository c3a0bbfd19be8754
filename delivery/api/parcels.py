"""Parcels for programs: those of one's own place, nothing else exists."""

from datetime import date, datetime
from typing import Annotated, Final
from uuid import UUID

from django.http import HttpResponse
from django.utils import timezone
from ninja import Query, Router
from pydantic import Field

from agents.auth import allow
from delivery.dispatch.operations.calling_off import MAY_CALL_OFF, call_off
from delivery.door.operations.elsewhere import MAY_ACCEPT, accept_place
from delivery.door.redirects import NONE, Orders, is_late, orders_of, orders_of_one
from delivery.models.parcels import Parcel
from delivery.operations.review import MAY_SETTLE, settle_contradiction
from delivery.promise.rules import expected
from delivery.queries.parcels import find_seen, journeys_of, seen_by
from delivery.records import JourneyStep
from delivery.rules import Direction, ParcelState
from delivery.rules.readers import PARCEL_READERS
from shared.api import WardpostRequest, idempotent
from shared.pagination import Page, PageAsked, page_of
from shared.schemas import In, Out
from shared.working_days import work_calendar

router = Router()

READ: Final = allow(roles=PARCEL_READERS, scopes={"parcels:read"})
SETTLE: Final = allow(roles=MAY_SETTLE)
CALL_OFF: Final = allow(roles=MAY_CALL_OFF)
ACCEPT_PLACE: Final = allow(roles=MAY_ACCEPT)


class DeclaredOriginalOut(Out):
    name: str
    identifier: str
    sheets: int


class ContentOut(Out):
    dossier_id: UUID
    dossier_code: str
    contents: list[str]
    originals: list[DeclaredOriginalOut]


class ProofOut(Out):
    delivered_at: datetime
    receiver_name: str
    relation: str
    id_kind: str
    method: str


class ParcelOut(Out):
    id: UUID
    number: str
    carrier: str
    operator_code: str
    direction: Direction
    state: ParcelState
    state_at: datetime
    attempts: int
    contradictions: list[str]
    zone: str
    weight_grams: int
    outlet_id: UUID | None
    centre_id: UUID
    province_code: str
    recipient_commune_code: str
    booked_at: datetime
    promised_date: date
    expected_date: Annotated[date | None, Field(description="When it will probably be delivered, by its last event.")]
    days_late: Annotated[int, Field(description="By how many working days that misses the promised day.")]
    redirected_zone: Annotated[str | None, Field(description="Zone since it was ordered to another commune.")]
    redirected_promised_date: Annotated[date | None, Field(
        description="Promised since then; the promise is kept or not by `promised_date`.")]
    accepted_at: datetime | None
    delivered_at: datetime | None
    delivered_in: str = Field(description="Commune where it is said to have been handed over, against its address and"
                                          " without an order; empty: nothing is doubted.")
    is_sent_to_carrier: bool
    seal_number: str = Field(description="Of the bag that the parcel is; empty: an envelope.")
    split_from_id: UUID | None
    label_printed_at: datetime | None
    handed_over_at: datetime | None = Field(description="When the carrier's collector signed for it.")
    recipient_former: str = Field(description="Former commune that the address still names.")
    recipient_precision: str = Field(description="How well the address's point is known; empty: not at all.")
    is_address_verified: bool
    contents: list[ContentOut]
    proof: ProofOut | None


class ParcelEventOut(Out):
    at: datetime
    code: str
    words_vi: str
    words_en: str
    office: str


class ParcelsAsked(PageAsked):
    state: ParcelState | None = None
    direction: Direction | None = None
    number: Annotated[str, Field(max_length=20, description="The exact S10 number.")] = ""
    dossier_id: UUID | None = None
    is_late: bool = False


class ParcelSettlementIn(In):
    """What is true of a parcel whose events contradict one another, and how it is known."""

    outcome: Annotated[str, Field(max_length=20, description="delivered, returned, lost or on_its_way")]
    reason: Annotated[str, Field(min_length=1, max_length=300)]


class PlaceAcceptanceIn(In):
    reason: Annotated[str, Field(min_length=1, max_length=300, description="How it is known that it was right.")]


class CancellationIn(In):
    reason: Annotated[str, Field(min_length=1, max_length=300, description="For the carrier, and whoever asks later.")]


@router.get("/parcels", response=Page[ParcelOut], auth=READ, summary="Parcels, newest first", operation_id="parcels")
def list_parcels(request: WardpostRequest, filters: Query[ParcelsAsked]) -> dict[str, object]:
    """The parcels that the caller's place may know of."""
    rows = seen_by(request.actor)
    exact = {"state": filters.state, "direction": filters.direction, "number": filters.number,
             "contents__dossier_id": filters.dossier_id}  # fmt: skip
    rows = rows.filter(**{name: value for name, value in exact.items() if value})
    if filters.is_late:
        rows = rows.live().filter(is_late(rows, timezone.localdate()))
    found, following = page_of(rows, asked=filters, order=("-booked_at", "-id"))
    orders = orders_of(found)
    return {"items": [out(parcel, orders.get(parcel.id, NONE)) for parcel in found], "next": following}


@router.get("/parcels/{uuid:parcel_id}", response=ParcelOut, auth=READ, summary="A parcel", operation_id="parcel")
def get_parcel(request: WardpostRequest, parcel_id: UUID) -> ParcelOut:
    return shown(find_seen(request.actor, parcel_id))


@router.get("/parcels/{uuid:parcel_id}/events", response=list[ParcelEventOut], auth=READ,
            summary="What happened to a parcel", operation_id="parcel_events")  # fmt: skip
def list_events(request: WardpostRequest, parcel_id: UUID) -> list[JourneyStep]:
    """In the order in which it happened, whatever the order in which it was told."""
    return journeys_of([find_seen(request.actor, parcel_id).id])


@router.post("/parcels/{uuid:parcel_id}/settlements", response={201: ParcelOut}, auth=SETTLE,
             summary="Settle contradictory events", operation_id="settle_parcel")  # fmt: skip
def settle(request: WardpostRequest, parcel_id: UUID, body: ParcelSettlementIn) -> HttpResponse:
    """Her word is one more event; those of the carrier stay."""
    return idempotent(
        request, status=201, schema=ParcelOut,
        call=lambda: settle_contradiction(parcel_id=parcel_id, outcome=body.outcome, reason=body.reason,
                                          by=request.actor, at=timezone.now()),
        present=lambda _: shown(find_seen(request.actor, parcel_id)))  # fmt: skip


@router.post("/parcels/{uuid:parcel_id}/cancellations", response={201: ParcelOut}, auth=CALL_OFF,
             summary="Call a trip off", operation_id="cancel_parcel")  # fmt: skip
def cancel(request: WardpostRequest, parcel_id: UUID, body: CancellationIn) -> HttpResponse:
    """Ask the carrier not to fetch a result. It is `cancelled` once the carrier agrees, and can then be sent anew."""
    return idempotent(
        request, status=201, schema=ParcelOut,
        call=lambda: call_off(parcel_id=parcel_id, reason=body.reason, by=request.actor, at=timezone.now()),
        present=lambda _: shown(find_seen(request.actor, parcel_id)))  # fmt: skip


@router.post("/parcels/{uuid:parcel_id}/place-acceptances", response={201: ParcelOut}, auth=ACCEPT_PLACE,
             summary="Accept where a parcel was handed over", operation_id="accept_parcel_place")  # fmt: skip
def accept(request: WardpostRequest, parcel_id: UUID, body: PlaceAcceptanceIn) -> HttpResponse:
    """It was handed over in another commune, and that was right: its postage may be claimed."""
    return idempotent(
        request, status=201, schema=ParcelOut,
        call=lambda: accept_place(parcel_id=parcel_id, reason=body.reason, by=request.actor, at=timezone.now()),
        present=lambda _: shown(find_seen(request.actor, parcel_id)))  # fmt: skip


def shown(parcel: Parcel) -> ParcelOut:
    """One parcel, with the day that the citizen has chosen looked up."""
    return out(parcel, orders_of_one(parcel))


def out(parcel: Parcel, orders: Orders) -> ParcelOut:
    """`orders`: the day that the citizen has chosen, and where else it goes."""
    proof = parcel.proof_or_none
    awaited = expected(parcel, work_calendar(), timezone.localdate(), agreed=orders.agreed,
                       redirect=orders.redirect)
    redirect = orders.redirect
    return ParcelOut(
        id=parcel.id, number=parcel.number, carrier=parcel.carrier, operator_code=parcel.operator_code,
        direction=Direction(parcel.direction), state=ParcelState(parcel.state), state_at=parcel.state_at,
        attempts=parcel.attempts, contradictions=parcel.contradictions, zone=parcel.zone,
        weight_grams=parcel.weight_grams, outlet_id=parcel.outlet_id, centre_id=parcel.centre_id,
        province_code=parcel.province_code, recipient_commune_code=parcel.recipient_commune_id,
        booked_at=parcel.booked_at, promised_date=parcel.promised_date, expected_date=awaited.day,
        redirected_zone=redirect.zone if redirect else None,
        redirected_promised_date=redirect.promised_date if redirect else None,
        days_late=awaited.days_late, accepted_at=parcel.accepted_at,
        delivered_at=parcel.delivered_at, delivered_in=parcel.delivered_in,
        is_sent_to_carrier=parcel.is_sent_to_carrier,
        seal_number=parcel.seal_number, split_from_id=parcel.split_from_id, label_printed_at=parcel.label_printed_at,
        handed_over_at=parcel.handed_over_at, recipient_former=parcel.recipient_former,
        recipient_precision=parcel.recipient_precision, is_address_verified=parcel.is_address_verified,
        contents=[ContentOut.model_validate(row) for row in parcel.contents.all()],
        proof=None if proof is None else ProofOut.model_validate(proof))  # fmt: skip

