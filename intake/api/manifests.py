"""Bags for counter systems and scanner apps: scan out, seal, pick up, count, receive, explain."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpResponse
from django.utils import timezone
from ninja import Query, Router
from pydantic import Field

from agents.auth import allow
from intake.models.dossiers import Dossier
from intake.models.manifests import Manifest, ManifestDifference, ManifestItem
from intake.operations import differences, manifest_counts, manifests
from intake.operations.manifest_counts import CountInput, Found, Surplus
from intake.queries import manifests as queries
from intake.rules.manifests import DifferenceKind, DifferenceOutcome, ManifestState, ManifestVerdict
from intake.rules.states import Handling
from intake.signing import LONGEST_DRAWING, JointSignature
from shared.api import Asked, In, NothingIn, Out, WardpostRequest, idempotent
from shared.roles import CENTRE_ROLES, OUTLET_ROLES, Role

router = Router(tags=["hand-over"])

PACKS = allow(roles=OUTLET_ROLES, scopes={"dossiers:write"})
COUNTS = allow(roles=CENTRE_ROLES, scopes={"centre:write"})
READS = allow(roles=OUTLET_ROLES | CENTRE_ROLES | {Role.OPERATOR_HQ, Role.AUDITOR},
              scopes={"dossiers:read", "centre:read"})
SETTLES = allow(roles=OUTLET_ROLES | CENTRE_ROLES | {Role.OPERATOR_HQ}, scopes={"dossiers:write", "centre:write"})

Code = Annotated[str, Field(max_length=300, description="As the scanner typed it: a code, or the address with it.")]
Note = Annotated[str, Field(max_length=300)]
Name = Annotated[str, Field(max_length=120)]


class SignatureIn(In):
    """Who signs: full name, work badge, and what was drawn in a field of 600 × 200 as an SVG path of M and L."""

    name: Name
    badge: Annotated[str, Field(max_length=20)] = ""
    drawing: Annotated[str, Field(max_length=LONGEST_DRAWING)] = ""

    def value(self) -> JointSignature:
        return JointSignature(self.name, self.badge, self.drawing)


class ItemOut(Out):
    id: UUID
    dossier_id: UUID | None
    reference: str
    position: int
    verdict: ManifestVerdict
    note: str


class DifferenceOut(Out):
    id: UUID
    manifest_id: UUID
    item_id: UUID | None
    kind: DifferenceKind
    carrier: str
    note: str
    found_at: datetime
    due_at: datetime
    outcome: str
    explanation: str
    settled_at: datetime | None


class ManifestOut(Out):
    """A bag with its lines. `counted_at` is the legal filing time of what was there."""

    id: UUID
    code: str
    state: ManifestState
    outlet_id: UUID
    centre_id: UUID
    carrier: str
    seal_number: str | None
    parcel_number: str
    opened_at: datetime
    sealed_at: datetime | None
    picked_up_at: datetime | None
    arrived_at: datetime | None
    counted_at: datetime | None
    items: list[ItemOut]
    differences: list[DifferenceOut]


def _whole(manifest: Manifest) -> dict[str, Any]:
    columns = ("id", "code", "state", "outlet_id", "centre_id", "carrier", "seal_number", "parcel_number", "opened_at",
               "sealed_at", "picked_up_at", "arrived_at", "counted_at")
    return {name: getattr(manifest, name) for name in columns} | {
        "items": list(ManifestItem.objects.filter(manifest=manifest).order_by("position")),
        "differences": list(ManifestDifference.objects.filter(manifest=manifest).order_by("found_at", "id"))}


class ManifestRowOut(Out):
    id: UUID
    code: str
    state: ManifestState
    outlet_name: str
    centre_name: str
    carrier: str
    seal_number: str
    parcel_number: str
    dossiers: int
    open_differences: int
    sealed_at: datetime | None
    counted_at: datetime | None


class ManifestsOut(Out):
    items: list[ManifestRowOut]


class ManifestsAsked(Asked):
    code: Annotated[str, Field(max_length=300, description="Code of a manifest, seal, parcel or dossier.")] = ""


class ManifestScanIn(In):
    code: Code


@router.get("/manifests", response=ManifestsOut, auth=READS, summary="Bags on their way and counted")
def list_manifests(request: WardpostRequest, asked: Query[ManifestsAsked]) -> Any:
    """Those on their way first, then the last ones counted; with `code`, the one bag that it names."""
    rows = (*queries.bags_on_their_way(request.actor), *queries.bags_counted(request.actor))
    if not asked.code.strip():
        return {"items": rows}
    wanted = queries.find_by_code(asked.code, actor=request.actor)
    return {"items": [queries.find_bag(wanted, actor=request.actor, now=timezone.now()).row]}


@router.get("/manifests/{uuid:manifest_id}", response=ManifestOut, auth=READS, summary="One bag with its lines")
def get_manifest(request: WardpostRequest, manifest_id: UUID) -> Any:
    """Show a bag with its lines and what differed."""
    found = queries.find_bag(manifest_id, actor=request.actor, now=timezone.now())
    return _whole(Manifest.objects.get(id=found.row.id))


@router.post("/manifest-scans", response={201: ItemOut}, auth=PACKS, summary="Scan a dossier into its bag")
def scan(request: WardpostRequest, body: ManifestScanIn) -> HttpResponse:
    """Put the dossier into the open bag of its centre; scanned again, it is the same line."""
    return idempotent(request, status=201, schema=ItemOut, call=lambda: manifests.scan_out(
        code=body.code, by=request.actor, at=timezone.now()))


@router.delete("/manifests/{uuid:manifest_id}/items/{uuid:item_id}", response={200: ManifestOut}, auth=PACKS,
               summary="Take a dossier out of an open bag")
def take_out(request: WardpostRequest, manifest_id: UUID, item_id: UUID) -> HttpResponse:
    """Take a line out of a bag that is not sealed."""
    return idempotent(request, status=200, schema=ManifestOut, present=_whole, call=lambda: manifests.take_out(
        manifest_id=manifest_id, item_id=item_id, by=request.actor, at=timezone.now()))


class SealIn(In):
    seal_number: Annotated[str, Field(max_length=20)]
    weight_grams: Annotated[int, Field(ge=1, le=30_000)]


@router.post("/manifests/{uuid:manifest_id}/seals", response={201: ManifestOut}, auth=PACKS, summary="Seal a bag")
def seal(request: WardpostRequest, manifest_id: UUID, body: SealIn) -> HttpResponse:
    """Close the bag: its parcel is booked and its dossiers are on their way."""
    return idempotent(request, status=201, schema=ManifestOut, present=_whole, call=lambda: manifests.seal(
        manifest_id=manifest_id, seal_number=body.seal_number, weight_grams=body.weight_grams, by=request.actor,
        at=timezone.now()))


class PickUpIn(In):
    gives: SignatureIn
    takes: SignatureIn


@router.post("/manifests/{uuid:manifest_id}/pick-ups", response={201: ManifestOut}, auth=PACKS,
             summary="Hand a sealed bag to the carrier")
def pick_up(request: WardpostRequest, manifest_id: UUID, body: PickUpIn) -> HttpResponse:
    """Clerk and carrier sign jointly; originals in the bag are in the carrier's hand."""
    return idempotent(request, status=201, schema=ManifestOut, present=_whole, call=lambda: manifests.hand_to_carrier(
        manifest_id=manifest_id, gives=body.gives.value(), takes=body.takes.value(), by=request.actor,
        at=timezone.now()))


class ManifestLineIn(In):
    item_id: UUID
    verdict: ManifestVerdict
    note: Note = ""


class SurplusIn(In):
    code: Code
    note: Note = ""


class ManifestCountIn(In):
    """Every line of the manifest has its verdict ("there", "damaged", "missing"), or nothing is kept."""

    lines: Annotated[list[ManifestLineIn], Field(max_length=200)]
    surplus: Annotated[list[SurplusIn], Field(max_length=100)] = []
    seal_number: Annotated[str, Field(max_length=20)]
    is_seal_whole: bool = True
    seal_note: Note = ""
    gives: SignatureIn
    takes: SignatureIn


@router.post("/manifests/{uuid:manifest_id}/counts", response={201: ManifestOut}, auth=COUNTS,
             summary="Keep the joint count of a bag")
def count(request: WardpostRequest, manifest_id: UUID, body: ManifestCountIn) -> HttpResponse:
    """What is there counts as filed now; what is not as the manifest says becomes a difference on both sides."""
    counted = CountInput(
        lines={line.item_id: Found(line.verdict, line.note) for line in body.lines}, seal_number=body.seal_number,
        gives=body.gives.value(), takes=body.takes.value(), is_seal_whole=body.is_seal_whole,
        seal_note=body.seal_note, surplus=tuple(Surplus(each.code, each.note) for each in body.surplus))
    return idempotent(request, status=201, schema=ManifestOut, present=_whole, call=lambda: manifest_counts.count(
        counted, manifest_id=manifest_id, by=request.actor, at=timezone.now()))


class ReceivedOut(Out):
    id: UUID
    code: str | None
    agent_ref: str
    handling: int
    handling_name: str
    received_at: datetime | None
    due_at: datetime | None


class ReceivedListOut(Out):
    items: list[ReceivedOut]


def _received(dossiers: list[Dossier]) -> dict[str, Any]:
    columns = ("id", "code", "agent_ref", "handling", "received_at", "due_at")
    return {"items": [{name: getattr(each, name) for name in columns}
                      | {"handling_name": Handling(each.handling).name.lower()} for each in dossiers]}


@router.post("/manifests/{uuid:manifest_id}/receptions", response={201: ReceivedListOut}, auth=COUNTS,
             summary="Receive everything that a count found")
def receive_counted(request: WardpostRequest, manifest_id: UUID, body: NothingIn) -> HttpResponse:
    """Each dossier gets its code and its due moment, as if received alone; what was received stays as it is."""
    return idempotent(request, status=201, schema=ReceivedListOut, present=_received,
                      call=lambda: manifest_counts.receive_counted(
                          manifest_id=manifest_id, by=request.actor, at=timezone.now()))


class DifferenceSettlementIn(In):
    outcome: DifferenceOutcome
    explanation: Annotated[str, Field(max_length=500)]


@router.post("/manifest-differences/{uuid:difference_id}/settlements", response={201: DifferenceOut}, auth=SETTLES,
             summary="Explain a difference")
def settle(request: WardpostRequest, difference_id: UUID, body: DifferenceSettlementIn) -> HttpResponse:
    """Say how it ended; only who has the thing in hand can say where it is."""
    return idempotent(request, status=201, schema=DifferenceOut, call=lambda: differences.settle(
        difference_id=difference_id, outcome=body.outcome, explanation=body.explanation, by=request.actor,
        at=timezone.now()))
