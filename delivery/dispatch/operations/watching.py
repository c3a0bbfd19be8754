"""A missed cut-off is somebody's work the moment it is missed: what was not ready, and what nobody came for."""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime, time
from typing import Final
from uuid import UUID

from django.db import transaction
from django.db.models import Count

from agents import public as agents
from delivery.dispatch.models import CutOff, Dispatch, DispatchItem
from delivery.dispatch.operations.packing import step
from delivery.dispatch.rules import (
    COLLECTOR_GRACE,
    LATEST_BOOKING,
    DispatchAction,
    DispatchState,
    last_cut_off,
    next_cut_off,
)
from delivery.models.parcels import Parcel
from delivery.rules import Direction
from shared import work
from shared.actors import job
from shared.calendar import CLOSING, at_local, local
from shared.models.oversight import WorkItem
from shared.working_days import work_calendar

US: Final = job("delivery.dispatch")
MISSED: Final = "dispatch-missed"
NOT_COLLECTED: Final = "dispatch-not-collected"

type Place = tuple[str, UUID | None, UUID | None]
"""Operator's code, outlet, centre."""


def watch_cut_offs(*, at: datetime) -> int:
    """Open items for what missed its collection, close those of what has gone; returns how many are open."""
    missed, waiting = missed_places(at), _not_collected(at)
    with transaction.atomic():
        _keep_items(MISSED, {_reference(place): (place, count) for place, count in missed.items()}, at)
        _keep_collections(waiting, at)
    _drop_what_is_empty(at)
    return len(missed) + len(waiting)


def missed_places(at: datetime) -> Mapping[Place, int]:
    """Places with parcels that were booked well before the last cut-off and are on no closed list, and how many."""
    calendar, found = work_calendar(), Counter[Place]()
    closed = DispatchItem.objects.filter(is_live=True, dispatch__state=DispatchState.CLOSED).values("parcel")
    for clock, places in _by_clock().items():
        limit = last_cut_off(clock, at, calendar) - LATEST_BOOKING
        rows = Parcel.objects.waiting().filter(
            booked_at__lt=limit, operator_code__in={place[0] for place in places}).exclude(id__in=closed)
        grouped = rows.values_list("operator_code", "outlet_id", "centre_id", "direction").annotate(n=Count("id"))
        for operator_code, outlet_id, centre_id, direction, count in grouped:
            place = _packed_at(operator_code, outlet_id, centre_id, direction)
            if place in places:
                found[place] += count
    return found


def _by_clock() -> dict[time, set[Place]]:
    clocks: dict[time, set[Place]] = {}
    for operator_code, outlet_id, centre_id, clock in CutOff.objects.values_list(
            "operator_code", "outlet_id", "centre_id", "at"):
        clocks.setdefault(clock, set()).add((operator_code, outlet_id, centre_id))
    return clocks


def _packed_at(operator_code: str, outlet_id: UUID | None, centre_id: UUID, direction: str) -> Place | None:
    match direction:
        case Direction.DOSSIER:
            return operator_code, outlet_id, None
        case Direction.RESULT | Direction.TO_OUTLET:
            return operator_code, None, centre_id
    return None


def _not_collected(at: datetime) -> list[Dispatch]:
    waiting = Dispatch.objects.filter(state=DispatchState.CLOSED, cut_off_at__lt=at - COLLECTOR_GRACE)
    return list(waiting.order_by("cut_off_at", "id"))


def _keep_items(kind: str, wanted: Mapping[str, tuple[Place, int]], at: datetime) -> None:
    due_at = at_local(work_calendar().on_or_after(local(at).date()), CLOSING)
    due_at = max(due_at, next_cut_off(CLOSING, at, work_calendar()))
    for reference, (place, count) in wanted.items():
        role, code = _answers(place)
        work.open_item(kind=kind, reference=reference, owner_role=role, owner_place=code, at=at, due_at=due_at,
                       detail={"parcels": count, "operator": place[0]})
    _close_others(kind, set(wanted), at)


def _keep_collections(waiting: list[Dispatch], at: datetime) -> None:
    due_at = next_cut_off(CLOSING, at, work_calendar())
    for dispatch in waiting:
        work.open_item(kind=NOT_COLLECTED, reference=dispatch.code, owner_role="operator_hq",
                       owner_place=dispatch.operator_code, at=at, due_at=due_at,
                       detail={"dispatch_id": str(dispatch.id)})
    _close_others(NOT_COLLECTED, {dispatch.code for dispatch in waiting}, at)


def _close_others(kind: str, still: set[str], at: datetime) -> None:
    settled = WorkItem.objects.filter(kind=kind, closed_at=None).exclude(reference__in=still)
    for reference in settled.values_list("reference", flat=True):
        work.close_item(kind=kind, reference=reference, by=US.id, at=at, outcome="the carrier has it")


def _reference(place: Place) -> str:
    return f"{place[0]}:{place[1] or place[2]}"


def _answers(place: Place) -> tuple[str, str]:
    _operator, outlet_id, centre_id = place
    if outlet_id is not None:
        return "outlet_manager", agents.get_outlet(outlet_id).code
    assert centre_id is not None  # noqa: S101  # a place is one of the two
    return "centre_manager", agents.get_centre(centre_id).agency_code


@transaction.atomic
def _drop_what_is_empty(at: datetime) -> None:
    """An open list from which everything was taken out again is nobody's work."""
    today = at_local(local(at).date(), time(0))
    empty = Dispatch.objects.select_for_update(of=("self",)).filter(
        state=DispatchState.OPEN, opened_at__lt=today, items__isnull=True)
    for dispatch in empty:
        step(dispatch, DispatchAction.DROP, by=US, at=at)
