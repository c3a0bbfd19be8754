"""Sub-points and visits over the API."""

from datetime import date, datetime, time
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpResponse
from django.utils import timezone
from ninja import Router
from pydantic import Field

from agents.auth import allow
from agents.visits import planning, points, queries, reporting
from agents.visits.models import SubPoint, Visit, VisitSeries
from agents.visits.planners import PLANNERS, REPORTERS
from agents.visits.planning import Span
from agents.visits.points import Place
from agents.visits.rules import PointKind, Service
from agents.visits.views import READERS as PAGE_READERS
from shared.api import In, Latitude, Longitude, Out, WardpostRequest, idempotent
from shared.calendar import local

router = Router(tags=["visits"])
READS = allow(roles=set(PAGE_READERS), scopes={"network:read"})
PLANS = allow(roles=PLANNERS)
REPORTS = allow(roles=REPORTERS)
type Because = Annotated[str, Field(min_length=1, max_length=300)]
type Services = Annotated[list[Service], Field(min_length=1, max_length=len(Service))]


class SubPointIn(In):
    outlet_id: UUID
    name: Annotated[str, Field(min_length=1, max_length=120)]
    kind: PointKind
    commune_code: Annotated[str, Field(pattern=r"^[0-9]{5}$")]
    address: Annotated[str, Field(min_length=1, max_length=200)]
    latitude: Latitude
    longitude: Longitude
    landmark: Annotated[str, Field(max_length=200)] = ""
    access: Annotated[str, Field(max_length=200)] = ""


class SubPointOut(Out):
    id: UUID
    outlet_id: UUID
    name: str
    kind: str
    commune_id: str
    address: str
    landmark: str
    access: str
    latitude: float
    longitude: float
    closed_at: datetime | None
    closed_because: str


class SubPointsOut(Out):
    items: list[SubPointOut]


class SpanIn(In):
    opens: time
    closes: time
    services: Services
    note: Annotated[str, Field(max_length=200)] = ""


class VisitIn(SpanIn):
    date: date


class VisitSeriesIn(SpanIn):
    weekdays: Annotated[list[Annotated[int, Field(ge=0, le=6)]], Field(min_length=1, max_length=7)]
    """0 Monday … 6 Sunday."""
    starts_on: date
    ends_on: date | None = None


class VisitSeriesOut(Out):
    id: UUID
    sub_point_id: UUID
    weekdays: list[int]
    opens: time
    closes: time
    services: list[str]
    starts_on: date
    ends_on: date | None
    laid_until: date
    ended_at: datetime | None


class VisitOut(Out):
    id: UUID
    sub_point_id: UUID
    series_id: UUID | None
    date: date
    opens: time
    closes: time
    services: list[str]
    note: str
    state: str
    because: str
    moved_to_id: UUID | None
    people_helped: int | None


class VisitsOut(Out):
    items: list[VisitOut]


class BecauseIn(In):
    because: Because


class VisitMoveIn(In):
    date: date
    opens: time
    closes: time
    because: Because


class HeldIn(In):
    people_helped: Annotated[int, Field(ge=0, le=reporting.MOST_PEOPLE)]


@router.get("/sub-points", response=SubPointsOut, auth=READS, summary="Open sub-points")
def sub_points(request: WardpostRequest) -> Any:
    """List the open sub-points of outlets within sight."""
    return {"items": queries.open_points(request.actor)}


@router.post("/sub-points", response={201: SubPointOut}, auth=PLANS, summary="Open a sub-point")
def open_sub_point(request: WardpostRequest, body: SubPointIn) -> HttpResponse:
    """Open a place where an outlet's people will help."""
    place = Place(body.name, body.kind, body.commune_code, body.address, body.latitude, body.longitude, body.landmark,
                  body.access)
    return idempotent(request, status=201, schema=SubPointOut, call=lambda: points.open_sub_point(
        outlet_id=body.outlet_id, place=place, by=request.actor, at=timezone.now()), present=_point)


@router.post("/sub-points/{uuid:sub_point_id}/closures", response=SubPointOut, auth=PLANS, summary="Close a sub-point")
def close_sub_point(request: WardpostRequest, sub_point_id: UUID, body: BecauseIn) -> HttpResponse:
    """Close it for good; visits to come are cancelled with the same reason."""
    return idempotent(request, status=200, schema=SubPointOut, call=lambda: points.close_sub_point(
        sub_point_id=sub_point_id, because=body.because, by=request.actor, at=timezone.now()), present=_point)


@router.get("/visits", response=VisitsOut, auth=READS, summary="Visits from a month ago on")
def visits(request: WardpostRequest) -> Any:
    """List the visits of outlets within sight, earliest first."""
    return {"items": queries.calendar_of(request.actor, local(timezone.now()).date())}


@router.post("/sub-points/{uuid:sub_point_id}/visits", response={201: VisitOut}, auth=PLANS, summary="Plan a visit")
def plan_visit(request: WardpostRequest, sub_point_id: UUID, body: VisitIn) -> HttpResponse:
    """Plan one visit; it is announced at once."""
    return idempotent(request, status=201, schema=VisitOut, call=lambda: planning.plan_visit(
        sub_point_id=sub_point_id, day=body.date, span=_span(body), by=request.actor, at=timezone.now()),
        present=_visit)


@router.post("/sub-points/{uuid:sub_point_id}/series", response={201: VisitSeriesOut}, auth=PLANS,
             summary="Plan visits every week")
def plan_series(request: WardpostRequest, sub_point_id: UUID, body: VisitSeriesIn) -> HttpResponse:
    """Lay visits out eight weeks ahead, again and again; public holidays are left out."""
    return idempotent(request, status=201, schema=VisitSeriesOut, call=lambda: planning.plan_series(
        sub_point_id=sub_point_id, weekdays=body.weekdays, span=_span(body), starts_on=body.starts_on,
        ends_on=body.ends_on, by=request.actor, at=timezone.now()), present=_series)


@router.post("/visit-series/{uuid:series_id}/ends", response=VisitSeriesOut, auth=PLANS, summary="End a weekly series")
def end_series(request: WardpostRequest, series_id: UUID, body: BecauseIn) -> HttpResponse:
    """End it; its visits to come are cancelled with the reason."""
    return idempotent(request, status=200, schema=VisitSeriesOut, call=lambda: planning.end_series(
        series_id=series_id, because=body.because, by=request.actor, at=timezone.now()), present=_series)


@router.post("/visits/{uuid:visit_id}/cancellations", response=VisitOut, auth=PLANS, summary="Call a visit off")
def cancel_visit(request: WardpostRequest, visit_id: UUID, body: BecauseIn) -> HttpResponse:
    """The public calendar keeps it, struck through, with the reason."""
    return idempotent(request, status=200, schema=VisitOut, call=lambda: planning.cancel_visit(
        visit_id=visit_id, because=body.because, by=request.actor, at=timezone.now()), present=_visit)


@router.post("/visits/{uuid:visit_id}/moves", response={201: VisitOut}, auth=PLANS, summary="Move a visit")
def move_visit(request: WardpostRequest, visit_id: UUID, body: VisitMoveIn) -> HttpResponse:
    """Put it on another day or hour; answers with the new visit."""
    return idempotent(request, status=201, schema=VisitOut, call=lambda: planning.move_visit(
        visit_id=visit_id, day=body.date, opens=body.opens, closes=body.closes, because=body.because, by=request.actor,
        at=timezone.now()), present=_visit)


@router.post("/visits/{uuid:visit_id}/reports", response=VisitOut, auth=REPORTS, summary="Say that a visit took place")
def report_held(request: WardpostRequest, visit_id: UUID, body: HeldIn) -> HttpResponse:
    """With how many people were helped; after its end."""
    return idempotent(request, status=200, schema=VisitOut, call=lambda: reporting.report_held(
        visit_id=visit_id, people_helped=body.people_helped, by=request.actor, at=timezone.now()), present=_visit)


@router.post("/visits/{uuid:visit_id}/failures", response=VisitOut, auth=REPORTS,
             summary="Say that a visit did not take place")
def report_not_held(request: WardpostRequest, visit_id: UUID, body: BecauseIn) -> HttpResponse:
    """With the reason; after its end."""
    return idempotent(request, status=200, schema=VisitOut, call=lambda: reporting.report_not_held(
        visit_id=visit_id, because=body.because, by=request.actor, at=timezone.now()), present=_visit)


def _span(body: SpanIn) -> Span:
    return Span(body.opens, body.closes, frozenset(body.services), body.note)


def _point(found: SubPoint) -> SubPointOut:
    return SubPointOut.model_validate(found)


def _visit(found: Visit) -> VisitOut:
    return VisitOut.model_validate(found)


def _series(found: VisitSeries) -> VisitSeriesOut:
    return VisitSeriesOut.model_validate(found)
