"""What programs of the packing place do with a parcel: weigh, split, print its label."""

from typing import Annotated, Any, Final
from uuid import UUID

from django.http import HttpResponse
from django.utils import timezone
from ninja import Query, Router
from pydantic import Field

from agents.auth import allow
from delivery.api.parcels import ParcelOut, shown
from delivery.errors import ParcelNotFound
from delivery.operations.printing import note_labels_printed
from delivery.operations.splitting import Moved, split_parcel, weigh_parcel
from delivery.papers.label import label_pdf, labels_pdf
from delivery.queries.parcels import find_seen, seen_by
from delivery.rules.readers import PARCEL_READERS
from shared.api import WardpostRequest, idempotent
from shared.roles import CENTRE_ROLES, OUTLET_ROLES
from shared.schemas import In, Out

router = Router()

PACK: Final = allow(roles=OUTLET_ROLES | CENTRE_ROLES, scopes={"parcels:write"})
READ: Final = allow(roles=PARCEL_READERS, scopes={"parcels:read"})
PDF: Final[dict[str, Any]] = {
    "responses": {200: {"description": "The labels.", "content": {"application/pdf": {}}}}}

Grams = Annotated[int, Field(ge=1, le=30_000)]
Line = Annotated[int, Field(ge=0, le=999)]


class MovedIn(In):
    """What of one dossier goes into the new parcel, by its place in the parcel's lists."""

    dossier_id: UUID
    contents: Annotated[list[Line], Field(max_length=200)] | None = Field(
        default=None, description="Left out: the whole dossier.")
    originals: Annotated[list[Line], Field(max_length=200)] = []


class SplitIn(In):
    moved: Annotated[list[MovedIn], Field(min_length=1, max_length=100)]
    weight_grams: Grams
    weight_left_grams: Grams


class WeightIn(In):
    weight_grams: Grams


class LabelPrintsIn(In):
    parcel_ids: Annotated[list[UUID], Field(min_length=1, max_length=100)]


class LabelPrintsOut(Out):
    numbers: list[str]


class LabelsAsked(In):
    parcel_id: Annotated[list[UUID], Field(min_length=1, max_length=100)]


@router.post("/parcels/{uuid:parcel_id}/splits", response={201: ParcelOut}, auth=PACK, summary="Split a parcel",
             operation_id="split_parcel")  # fmt: skip
def split(request: WardpostRequest, parcel_id: UUID, body: SplitIn) -> HttpResponse:
    """Before the carrier has it; answers with the new parcel."""
    moved = [Moved(each.dossier_id, None if each.contents is None else tuple(each.contents), tuple(each.originals))
             for each in body.moved]
    return idempotent(
        request, status=201, schema=ParcelOut, present=lambda part: shown(find_seen(request.actor, part.id)),
        call=lambda: split_parcel(parcel_id=parcel_id, moved=moved, weight_grams=body.weight_grams,
                                  weight_left_grams=body.weight_left_grams, by=request.actor, at=timezone.now()))


@router.post("/parcels/{uuid:parcel_id}/weighings", response={201: ParcelOut}, auth=PACK, summary="Weigh a parcel",
             operation_id="weigh_parcel")  # fmt: skip
def weigh(request: WardpostRequest, parcel_id: UUID, body: WeightIn) -> HttpResponse:
    """Before the carrier has it; the postage follows."""
    return idempotent(
        request, status=201, schema=ParcelOut, present=lambda _: shown(find_seen(request.actor, parcel_id)),
        call=lambda: weigh_parcel(parcel_id=parcel_id, weight_grams=body.weight_grams, by=request.actor,
                                  at=timezone.now()))


@router.post("/label-prints", response={201: LabelPrintsOut}, auth=PACK, summary="Note that labels are printed",
             operation_id="note_labels_printed")  # fmt: skip
def note_printed(request: WardpostRequest, body: LabelPrintsIn) -> HttpResponse:
    return idempotent(
        request, status=201, schema=LabelPrintsOut,
        present=lambda parcels: LabelPrintsOut(numbers=[parcel.number for parcel in parcels]),
        call=lambda: note_labels_printed(parcel_ids=body.parcel_ids, by=request.actor, at=timezone.now()))


@router.get("/parcels/{uuid:parcel_id}/label", auth=READ, summary="The label of a parcel, 100 × 150 mm",
            operation_id="parcel_label", openapi_extra=PDF)  # fmt: skip
def get_label(request: WardpostRequest, parcel_id: UUID) -> HttpResponse:
    _name, pdf = label_pdf(parcel_id=parcel_id, by=request.actor)
    return HttpResponse(pdf, content_type="application/pdf")


@router.get("/labels", auth=READ, summary="Labels of several parcels, one to a page", operation_id="labels",
            openapi_extra=PDF)  # fmt: skip
def get_labels(request: WardpostRequest, asked: Query[LabelsAsked]) -> HttpResponse:
    """In the order in which they were booked."""
    wanted = set(asked.parcel_id)
    parcels = list(seen_by(request.actor).filter(id__in=wanted).order_by("booked_at", "id"))
    if len(parcels) != len(wanted):
        raise ParcelNotFound
    return HttpResponse(labels_pdf(parcels)[1], content_type="application/pdf")
