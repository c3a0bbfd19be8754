"""Receipts of an outlet and the numbers they are written with (Decree 254/2026/NĐ-CP, Articles 23 to 25).

A receipt is written by `POST /dossiers/{id}/payments` when the money is taken. Here it is read, voided by a second
person, and what was written by hand is entered and matched.
"""

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpResponse
from django.utils import timezone
from ninja import Query, Router
from pydantic import AwareDatetime, Field

from agents.auth import allow
from intake.models.receipts import OutletRange, ReceiptSeries
from intake.operations import paper_receipts, receipt_numbers
from intake.operations.paper_receipts import SheetInput
from intake.operations.receipt_numbers import DelegationInput
from intake.operations.receipts import void_receipt
from intake.queries.receipts import ReceiptDay, delegations_seen_by, receipt_day
from intake.rules.receipts import LAST_NUMBER, ReceiptState, SeriesKind
from shared.api import Amount, Asked, In, NothingIn, Out, WardpostRequest, idempotent
from shared.calendar import local
from shared.money import Money
from shared.roles import FINANCE_ROLES, OUTLET_ROLES, Role

router = Router(tags=["receipts"])

READS = allow(roles=OUTLET_ROLES | FINANCE_ROLES | {Role.OPERATOR_HQ, Role.AUDITOR}, scopes={"dossiers:read"})
WRITES = allow(roles=OUTLET_ROLES, scopes={"dossiers:write"})
VOIDS = allow(roles=OUTLET_ROLES)
"""Persons only: a machine is no second person."""
RUNS = allow(roles={Role.OPERATOR_HQ})
LOOKS = allow(roles={Role.OPERATOR_HQ, Role.AUDITOR, Role.ADMINISTRATOR, *FINANCE_ROLES})

Number = Annotated[int, Field(ge=1, le=LAST_NUMBER)]
Note = Annotated[str, Field(max_length=300)]


class ReceiptOut(Out):
    id: UUID
    number: int
    state: ReceiptState
    dossier_id: UUID | None
    payer_name: str
    amount: Amount
    lines: list[dict[str, Any]]
    collected_at: datetime
    entered_at: datetime
    issued_by_name: str
    void_reason: str
    void_note: str
    voided_at: datetime | None
    voided_by_name: str
    matched_at: datetime | None


class ReceiptRowOut(Out):
    id: UUID
    number: str
    symbol: str
    kind: SeriesKind
    state: ReceiptState
    dossier_id: UUID | None
    reference: str
    amount: int
    collected_at: datetime
    issued_by_name: str
    voided_at: datetime | None


class RangeOut(Out):
    """One range: `used` = `live` + `void` + `spoiled` + `gaps`, and `gaps` is 0."""

    id: UUID
    outlet_id: UUID
    kind: SeriesKind
    form_symbol: str
    symbol: str
    year: int
    first: str
    next: str
    last: str
    used: int
    live: int
    void: int
    spoiled: int
    gaps: int
    left: int


class DayOut(Out):
    day: date
    issued: int
    voided: int
    total: int
    gaps: int
    rows: list[ReceiptRowOut]
    unmatched: list[ReceiptRowOut]
    ranges: list[RangeOut]


class DayAsked(Asked):
    day: Annotated[date | None, Field(description="Local day; today when left out.")] = None


@router.get("/receipts", response=DayOut, auth=READS, summary="Receipts of a day with the proof of their numbers")
def receipts_of_day(request: WardpostRequest, asked: Query[DayAsked]) -> ReceiptDay:
    """Issued, voided, sum of what is live, sheets not matched, and every range without a gap."""
    today = local(timezone.now()).date()
    day = min(asked.day or today, today)
    return receipt_day(request.actor, max(day, date(2000, 1, 1)))


class VoidIn(In):
    reason: Annotated[str, Field(max_length=20)]
    note: Note
    payer_name: Annotated[str, Field(max_length=120)] = ""
    payer_address: Note = ""


@router.post("/receipts/{uuid:receipt_id}/voids", response={201: ReceiptOut}, auth=VOIDS, summary="Void a receipt")
def void(request: WardpostRequest, receipt_id: UUID, body: VoidIn) -> HttpResponse:
    """By somebody else than who issued it; where the reason says so, another number takes its place."""
    return idempotent(request, status=201, schema=ReceiptOut, call=lambda: void_receipt(
        receipt_id=receipt_id, by=request.actor, at=timezone.now(), **body.model_dump()))


class SheetIn(In):
    range_id: UUID
    number: Number
    collected_at: AwareDatetime
    amount: Annotated[int, Field(ge=1, le=1_000_000_000)]
    payer_name: Annotated[str, Field(max_length=120)]
    payer_address: Note = ""
    code: Annotated[str, Field(max_length=300, description="Of its dossier; empty while that is not entered.")] = ""


@router.post("/paper-receipts", response={201: ReceiptOut}, auth=WRITES, summary="Enter a sheet written by hand")
def enter_sheet(request: WardpostRequest, body: SheetIn) -> HttpResponse:
    """The next sheet of a block; with a code its dossier is paid as of the time on the sheet."""
    sheet = SheetInput(**body.model_dump(exclude={"range_id", "amount"}), amount=Money(body.amount))
    return idempotent(request, status=201, schema=ReceiptOut, call=lambda: paper_receipts.enter_sheet(
        sheet, range_id=body.range_id, by=request.actor, at=timezone.now()))


class SpoiledIn(In):
    range_id: UUID
    number: Number
    note: Note


@router.post("/spoiled-receipts", response={201: ReceiptOut}, auth=WRITES, summary="Declare a sheet spoiled")
def spoil_sheet(request: WardpostRequest, body: SpoiledIn) -> HttpResponse:
    """The next sheet of a block, never used for money."""
    return idempotent(request, status=201, schema=ReceiptOut, call=lambda: paper_receipts.spoil_sheet(
        by=request.actor, at=timezone.now(), **body.model_dump()))


class MatchIn(In):
    code: Annotated[str, Field(max_length=300)]


@router.post("/receipts/{uuid:receipt_id}/matches", response={201: ReceiptOut}, auth=WRITES,
             summary="Say which dossier a sheet belongs to")
def match_sheet(request: WardpostRequest, receipt_id: UUID, body: MatchIn) -> HttpResponse:
    """One sheet, one dossier; its money is recorded."""
    return idempotent(request, status=201, schema=ReceiptOut, call=lambda: paper_receipts.match_sheet(
        receipt_id=receipt_id, code=body.code, by=request.actor, at=timezone.now()))


# --- numbers --------------------------------------------------------------------------------------------------------


class ReceiptDelegationOut(Out):
    id: UUID
    number: str
    centre_id: UUID
    agency_name: str
    agency_tax_code: str
    operator_id: UUID
    covers_province: bool
    purpose: str
    signed_on: date
    tax_told_on: date
    valid_from: date
    valid_to: date | None
    published_at: datetime | None
    ended_at: datetime | None


class ReceiptDelegationsOut(Out):
    items: list[ReceiptDelegationOut]


class ReceiptSeriesOut(Out):
    id: UUID
    delegation_id: UUID
    kind: SeriesKind
    form_symbol: str
    symbol: str
    year: int
    first: int
    last: int


class AllottedOut(Out):
    id: UUID
    series_id: UUID
    outlet_id: UUID
    first: int
    next: int
    last: int


class ReceiptDelegationIn(In):
    number: Annotated[str, Field(max_length=60)]
    centre_id: UUID
    agency_tax_code: Annotated[str, Field(max_length=14)]
    purpose: Note
    signed_on: date
    tax_told_on: date
    valid_from: date
    valid_to: date | None = None
    covers_province: bool = False


class ReceiptDelegationEndIn(In):
    reason: Note


class ReceiptSeriesIn(In):
    kind: SeriesKind
    form_symbol: Annotated[str, Field(max_length=20)]
    symbol: Annotated[str, Field(max_length=12)]
    year: Annotated[int, Field(ge=2000, le=2999)]
    first: Number = 1
    last: Number


class RangeIn(In):
    outlet_id: UUID
    count: Number


@router.get("/receipt-delegations", response=ReceiptDelegationsOut, auth=LOOKS, summary="Delegations of receipts")
def list_delegations(request: WardpostRequest) -> Any:
    """An operator's own; a city's for those who look on."""
    return {"items": list(delegations_seen_by(request.actor).order_by("-valid_from", "number")[:200])}


@router.post("/receipt-delegations", response={201: ReceiptDelegationOut}, auth=RUNS, summary="Record a delegation")
def record_delegation(request: WardpostRequest, body: ReceiptDelegationIn) -> HttpResponse:
    """Nothing is issued under it before it is published."""
    return idempotent(request, status=201, schema=ReceiptDelegationOut, call=lambda: receipt_numbers.record_delegation(
        DelegationInput(**body.model_dump()), by=request.actor, at=timezone.now()))


@router.post("/receipt-delegations/{uuid:delegation_id}/publications", response={201: ReceiptDelegationOut}, auth=RUNS,
             summary="Say that a delegation is published")
def publish(request: WardpostRequest, delegation_id: UUID, body: NothingIn) -> HttpResponse:
    """At the outlets and on the web site."""
    return idempotent(request, status=201, schema=ReceiptDelegationOut, call=lambda: receipt_numbers.publish_delegation(
        delegation_id=delegation_id, by=request.actor, at=timezone.now()))


@router.post("/receipt-delegations/{uuid:delegation_id}/endings", response={201: ReceiptDelegationOut}, auth=RUNS,
             summary="End a delegation")
def end(request: WardpostRequest, delegation_id: UUID, body: ReceiptDelegationEndIn) -> HttpResponse:
    """What was issued stays; nothing more is."""
    return idempotent(request, status=201, schema=ReceiptDelegationOut, call=lambda: receipt_numbers.end_delegation(
        delegation_id=delegation_id, reason=body.reason, by=request.actor, at=timezone.now()))


@router.post("/receipt-delegations/{uuid:delegation_id}/series", response={201: ReceiptSeriesOut}, auth=RUNS,
             summary="Open the numbers of a year")
def open_series(request: WardpostRequest, delegation_id: UUID, body: ReceiptSeriesIn) -> HttpResponse:
    """Numbers begin again at 1 every 1 January."""
    def opened() -> ReceiptSeries:
        return receipt_numbers.open_series(delegation_id=delegation_id, by=request.actor, at=timezone.now(),
                                           **body.model_dump())

    return idempotent(request, status=201, schema=ReceiptSeriesOut, call=opened)


@router.post("/receipt-series/{uuid:series_id}/ranges", response={201: AllottedOut}, auth=RUNS,
             summary="Allot numbers to an outlet")
def allot(request: WardpostRequest, series_id: UUID, body: RangeIn) -> HttpResponse:
    """The next numbers of the series."""
    def allotted() -> OutletRange:
        return receipt_numbers.allot_range(series_id=series_id, outlet_id=body.outlet_id, count=body.count,
                                           by=request.actor, at=timezone.now())

    return idempotent(request, status=201, schema=AllottedOut, call=allotted)
