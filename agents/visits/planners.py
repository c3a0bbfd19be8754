"""Who plans an outlet's visits, and what she may reach for that."""

from datetime import datetime
from typing import Final
from uuid import UUID

from django.db.models import QuerySet

from agents.errors import OutletNotFound
from agents.models.organisations import Outlet
from agents.scope import outlets_seen_by
from agents.visits.errors import (
    NotYourVisits,
    SeriesEnded,
    SeriesNotFound,
    SubPointClosed,
    SubPointNotFound,
    VisitEnded,
    VisitNotFound,
    VisitOver,
)
from agents.visits.models import SubPoint, Visit, VisitSeries
from agents.visits.rules import VisitState
from shared.actors import Actor, ActorKind
from shared.calendar import at_local
from shared.roles import Role

PLANNERS: Final = frozenset({Role.OUTLET_MANAGER, Role.OPERATOR_HQ, Role.PROGRAMME_OFFICER, Role.ADMINISTRATOR})
REPORTERS: Final = PLANNERS | {Role.OUTLET_CLERK}
"""Who was there says how it went."""


def _must(by: Actor, roles: frozenset[Role]) -> None:
    if by.kind is not ActorKind.JOB and by.role not in roles:
        raise NotYourVisits


def outlet_to_plan(outlet_id: UUID, by: Actor) -> Outlet:
    """Raises OutletNotFound or NotYourVisits."""
    found = outlets_seen_by(by).filter(id=outlet_id).first()
    if found is None:
        raise OutletNotFound
    _must(by, PLANNERS)
    return found


def point_to_plan(point_id: UUID, by: Actor) -> SubPoint:
    """Locked and open. Raises SubPointNotFound, NotYourVisits or SubPointClosed."""
    found = _locked(SubPoint, by, "outlet").filter(id=point_id).first()
    if found is None:
        raise SubPointNotFound
    _must(by, PLANNERS)
    if found.closed_at is not None:
        raise SubPointClosed
    return found


def series_to_plan(series_id: UUID, by: Actor) -> VisitSeries:
    """Locked and running. Raises SeriesNotFound, NotYourVisits or SeriesEnded."""
    _hold_point(by, series=series_id)
    found = _locked(VisitSeries, by, "sub_point__outlet").filter(id=series_id).first()
    if found is None:
        raise SeriesNotFound
    _must(by, PLANNERS)
    if found.ended_at is not None:
        raise SeriesEnded
    return found


def visit_to_settle(visit_id: UUID, by: Actor, roles: frozenset[Role] = PLANNERS) -> Visit:
    """Locked and planned. Raises VisitNotFound, NotYourVisits or VisitOver."""
    _hold_point(by, visits=visit_id)
    found = _locked(Visit, by, "sub_point__outlet").filter(id=visit_id).first()
    if found is None:
        raise VisitNotFound
    _must(by, roles)
    if found.state != VisitState.PLANNED:
        raise VisitOver
    return found


def visit_to_come(visit_id: UUID, by: Actor, at: datetime) -> Visit:
    """As `visit_to_settle`, and not at its end yet. Raises VisitEnded too: what is over is reported, not called off."""
    found = visit_to_settle(visit_id, by)
    if at_local(found.date, found.closes) <= at:
        raise VisitEnded
    return found


def _hold_point(by: Actor, **of: UUID) -> None:
    """A sub-point is locked before its series and visits, by everybody: nobody waits crosswise for another."""
    _locked(SubPoint, by, "outlet").filter(**of).first()


def _locked[Row: (SubPoint, VisitSeries, Visit)](model: type[Row], by: Actor, path: str) -> QuerySet[Row]:
    seen = outlets_seen_by(by).order_by().values("id")
    rows: QuerySet[Row] = model._default_manager.filter(**{f"{path}__in": seen})
    return rows.select_related(path).select_for_update(of=("self",))
