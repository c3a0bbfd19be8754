"""Dispatches and collections for programs of the packing place and of operators."""

from datetime import datetime, time
from typing import Annotated, Any, Final
from uuid import UUID

from django.http import HttpResponse
from django.utils import timezone
from ninja import Query, Router
from pydantic import Field

from agents.auth import allow
from delivery.dispatch import queries
from delivery.dispatch.models import CutOff, Dispatch
from delivery.dispatch.operations import collecting, packing
from delivery.dispatch.papers import list_pdf
from delivery.dispatch.rules import DispatchState
from delivery.operations.numbers import MAY_HAND_OUT
from shared.api import WardpostRequest, idempotent
from shared.pagination import Page, PageAsked, page_of
from shared.roles import CENTRE_ROLES, OUTLET_ROLES, Role
from shared.schemas import In, Out

router = Router()

PACK: Final = allow(roles=OUTLET_ROLES | CENTRE_ROLES, scopes={"parcels:write"})
READ: Final = allow(roles=OUTLET_ROLES | CENTRE_ROLES | {Role.OPERATOR_HQ, Role.AUDITOR, Role.ADMINISTRATOR},
                    scopes={"parcels:read"})
LOOK: Final = allow(roles={Role.OPERATOR_HQ, Role.AUDITOR, Role.ADMINISTRATOR})
SET: Final = allow(roles=MAY_HAND_OUT)
PDF: Final[dict[str, Any]] = {"responses": {200: {"description": "The list.", "content": {"application/pdf": {}}}}}

Name = Annotated[str, Field(min_length=2, max_length=120)]


class DispatchItemOut(Out):
    parcel_id: UUID
    number: str
    bag: int
    is_live: bool = Field(description="false: it was listed and not taken along")
    left_because: str


class DispatchOut(Out):
    id: UUID
    code: str
    outlet_id: UUID | None
    centre_id: UUID | None
    operator_code: str
    state: DispatchState
    opened_at: datetime
    cut_off_at: datetime | None
    bags: list[str] = Field(description="Seal numbers, in order; empty while open.")
    closed_at: datetime | None
    handed_over_at: datetime | None
    gave_name: str
    taken_by_name: str
    taken_by_badge: str


class DispatchFullOut(DispatchOut):
    items: list[DispatchItemOut]


class DispatchesAsked(PageAsked):
    state: DispatchState | None = None


class DispatchScanIn(In):
    code: Annotated[str, Field(min_length=1, max_length=300,
                               description="Item number or tracking code, as the scanner typed it.")]


class TakeOutIn(In):
    parcel_id: UUID


class CloseIn(In):
    seals: Annotated[list[Annotated[str, Field(min_length=1, max_length=20)]], Field(min_length=1, max_length=50)]


class LeftIn(In):
    parcel_id: UUID
    why: Annotated[str, Field(min_length=1, max_length=200)]


class DispatchHandOverIn(In):
    """Both sign for the sealed bags; what was left behind waits for the next collection."""

    gave_name: Name
    taken_by_name: Name
    taken_by_badge: Annotated[str, Field(min_length=1, max_length=20, description="Never an ID number.")]
    left: Annotated[list[LeftIn], Field(max_length=2000)] = []


class CutOffIn(In):
    """Exactly one of outlet and centre; without `at` there is no fixed collection."""

    operator_code: Annotated[str, Field(pattern=r"^[A-Z0-9]{2,12}$")]
    outlet_id: UUID | None = None
    centre_id: UUID | None = None
    at: Annotated[str, Field(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")] | None = None


class CutOffOut(Out):
    operator_code: str
    outlet_id: UUID | None
    centre_id: UUID | None
    at: str | None


class CollectionOut(Out):
    operator_code: str
    outlet_id: UUID | None
    centre_id: UUID | None
    code: str
    name: str
    cut_off: str | None
    next_at: datetime | None
    waiting: int
    missed: int = Field(description="Ready for the last collection, and still there on no sealed list.")


class CollectionsOut(Out):
    items: list[CollectionOut]


@router.get("/dispatches", response=Page[DispatchOut], auth=READ, summary="Dispatches, newest first",
            operation_id="dispatches")  # fmt: skip
def list_dispatches(request: WardpostRequest, filters: Query[DispatchesAsked]) -> dict[str, object]:
    rows = Dispatch.objects.seen_by(request.actor)
    rows = rows.filter(state=filters.state) if filters.state else rows
    found, following = page_of(rows, asked=filters, order=("-opened_at", "-id"))
    return {"items": found, "next": following}


@router.get("/dispatches/{uuid:dispatch_id}", response=DispatchFullOut, auth=READ, summary="A dispatch",
            operation_id="dispatch")  # fmt: skip
def get_dispatch(request: WardpostRequest, dispatch_id: UUID) -> DispatchFullOut:
    return _full(request, dispatch_id)


@router.get("/dispatches/{uuid:dispatch_id}/paper", auth=READ, summary="The list of a sealed dispatch as PDF",
            operation_id="dispatch_paper", openapi_extra=PDF)  # fmt: skip
def get_paper(request: WardpostRequest, dispatch_id: UUID) -> HttpResponse:
    return HttpResponse(list_pdf(dispatch_id=dispatch_id, by=request.actor)[1], content_type="application/pdf")


@router.post("/dispatch-scans", response={201: DispatchFullOut}, auth=PACK, summary="Scan a parcel into its bag",
             operation_id="scan_parcel")  # fmt: skip
def scan(request: WardpostRequest, body: DispatchScanIn) -> HttpResponse:
    """The list of the parcel's carrier is opened with its first parcel."""
    return idempotent(request, status=201, schema=DispatchFullOut,
                      present=lambda item: _full(request, item.dispatch_id),
                      call=lambda: packing.scan_parcel(code=body.code, by=request.actor, at=timezone.now()))


@router.post("/dispatches/{uuid:dispatch_id}/withdrawals", response={201: DispatchFullOut}, auth=PACK,
             summary="Take a parcel off an open list", operation_id="take_parcel_out")  # fmt: skip
def take_out(request: WardpostRequest, dispatch_id: UUID, body: TakeOutIn) -> HttpResponse:
    return _answer(request, dispatch_id, lambda: packing.take_out(
        dispatch_id=dispatch_id, parcel_id=body.parcel_id, by=request.actor, at=timezone.now()))


@router.post("/dispatches/{uuid:dispatch_id}/bags", response={201: DispatchFullOut}, auth=PACK,
             summary="Begin another bag", operation_id="begin_bag")  # fmt: skip
def begin_bag(request: WardpostRequest, dispatch_id: UUID) -> HttpResponse:
    return _answer(request, dispatch_id, lambda: packing.begin_bag(
        dispatch_id=dispatch_id, by=request.actor, at=timezone.now()))


@router.post("/dispatches/{uuid:dispatch_id}/closings", response={201: DispatchFullOut}, auth=PACK,
             summary="Seal the bags", operation_id="close_dispatch")  # fmt: skip
def close(request: WardpostRequest, dispatch_id: UUID, body: CloseIn) -> HttpResponse:
    return _answer(request, dispatch_id, lambda: packing.close_list(
        dispatch_id=dispatch_id, seals=body.seals, by=request.actor, at=timezone.now()))


@router.post("/dispatches/{uuid:dispatch_id}/reopenings", response={201: DispatchFullOut}, auth=PACK,
             summary="Open a sealed list again", operation_id="reopen_dispatch")  # fmt: skip
def reopen(request: WardpostRequest, dispatch_id: UUID) -> HttpResponse:
    """Its seals are broken and not used again."""
    return _answer(request, dispatch_id, lambda: packing.reopen_list(
        dispatch_id=dispatch_id, by=request.actor, at=timezone.now()))


@router.post("/dispatches/{uuid:dispatch_id}/hand-overs", response={201: DispatchFullOut}, auth=PACK,
             summary="The collector signs", operation_id="hand_over_dispatch")  # fmt: skip
def hand_over(request: WardpostRequest, dispatch_id: UUID, body: DispatchHandOverIn) -> HttpResponse:
    return _answer(request, dispatch_id, lambda: collecting.hand_over(
        dispatch_id=dispatch_id, gave_name=body.gave_name, taken_by_name=body.taken_by_name,
        taken_by_badge=body.taken_by_badge, left={each.parcel_id: each.why for each in body.left}, by=request.actor,
        at=timezone.now()))


@router.get("/collections", response=CollectionsOut, auth=LOOK, summary="Collections: cut-offs, waiting, missed",
            operation_id="collections")  # fmt: skip
def list_collections(request: WardpostRequest) -> CollectionsOut:
    """Places with something missed first."""
    rows = queries.collections_of(request.actor, timezone.now())
    return CollectionsOut(items=[CollectionOut(
        operator_code=row.operator_code, outlet_id=row.outlet_id, centre_id=row.centre_id, code=row.code,
        name=row.name, cut_off=_clock(row.cut_off.at if row.cut_off else None), next_at=row.next_at,
        waiting=row.waiting, missed=row.missed) for row in rows])


@router.post("/cut-offs", response={201: CutOffOut}, auth=SET, summary="Say by when a place is collected",
             operation_id="set_cut_off")  # fmt: skip
def set_cut_off(request: WardpostRequest, body: CutOffIn) -> HttpResponse:
    def shown(_cut_off: CutOff | None) -> CutOffOut:
        return CutOffOut(operator_code=body.operator_code, outlet_id=body.outlet_id, centre_id=body.centre_id,
                         at=body.at)

    return idempotent(request, status=201, schema=CutOffOut, present=shown, call=lambda: collecting.set_cut_off(
        operator_code=body.operator_code, outlet_id=body.outlet_id, centre_id=body.centre_id,
        clock=time.fromisoformat(body.at) if body.at else None, by=request.actor, at=timezone.now()))


def _answer(request: WardpostRequest, dispatch_id: UUID, call: Any) -> HttpResponse:
    return idempotent(request, status=201, schema=DispatchFullOut, call=call,
                      present=lambda _: _full(request, dispatch_id))


def _full(request: WardpostRequest, dispatch_id: UUID) -> DispatchFullOut:
    found = queries.find_list(dispatch_id, request.actor)
    plain = DispatchOut.model_validate(found).model_dump()
    items = sorted(found.items.all(), key=lambda item: (item.bag, item.position))
    return DispatchFullOut(**plain, items=[DispatchItemOut(
        parcel_id=item.parcel_id, number=item.parcel.number, bag=item.bag, is_live=item.is_live,
        left_because=item.left_because) for item in items])


def _clock(clock: time | None) -> str | None:
    return clock.isoformat("minutes") if clock else None
