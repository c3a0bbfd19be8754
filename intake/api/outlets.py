"""Where to go: the nearest outlets that can do what a procedure needs."""

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from django.utils import timezone
from ninja import Query, Router
from pydantic import Field

from agents import public as agents
from agents.auth import EVERY_ROLE, allow
from intake.filing import MODES, TASKS
from intake.queries.catalogue import get_procedure
from intake.rules.catalogue import Channel
from shared.api import Asked, Out, WardpostRequest
from shared.calendar import local

router = Router(tags=["network"])
READS = allow(roles=EVERY_ROLE, scopes={"network:read"})


class NearestAsked(Asked):
    latitude: Annotated[float, Field(ge=8, le=24)]
    longitude: Annotated[float, Field(ge=102, le=115)]
    procedure_code: Annotated[str, Field(max_length=20, description="Only outlets that may do this; empty: any.")] = ""
    only_open: bool = False
    limit: Annotated[int, Field(ge=1, le=20)] = 5


class NearbyOut(Out):
    id: UUID
    code: str
    name: str
    operator: str
    address: str
    commune: str
    phone: str
    latitude: float
    longitude: float
    distance_km: float
    is_open: bool
    opens_next: str = Field(description="Local ISO moment; empty when open or unknown.")
    is_crowded: bool = Field(
        description="At least twice as many people as usual just now; it stands where one 3 km further away would.")
    moves_on: date | None = Field(description="The first day at a new place, when a move is decided.")
    moves_to: str


class NearestOut(Out):
    items: list[NearbyOut]
    refer: bool = Field(description="The procedure is filed at the authority in person; outlets only advise.")


@router.get("/outlets/nearest", response=NearestOut, auth=READS, summary="The nearest outlets")
def nearest(request: WardpostRequest, filters: Query[NearestAsked]) -> Any:
    """Find the nearest active outlets, nearest first, by geodesic distance."""
    at = timezone.now()
    tasks, group, refer = _tasks(filters.procedure_code, at)
    found = agents.nearest_outlets(latitude=filters.latitude, longitude=filters.longitude, at=at, tasks=tasks,
                                   limit=filters.limit, only_open=filters.only_open, group=group)
    return {"items": [_nearby(each) for each in found], "refer": refer}


def _tasks(procedure_code: str, at: Any) -> tuple[frozenset[str], str, bool]:
    """The task an outlet must be delegated: filing online where that is possible, else carrying paper, else advice."""
    if not procedure_code:
        return frozenset(), "", False
    procedure = get_procedure(procedure_code, local(at).date())
    for channel in (Channel.ONLINE, Channel.POST):
        if channel in procedure.channels and MODES[channel] in procedure.agent_modes:
            return frozenset({TASKS[channel]}), procedure.field, False
    return frozenset({agents.Task.ADVISE.value}), procedure.field, True


def _nearby(found: agents.NearbyOutlet) -> dict[str, Any]:
    outlet = found.outlet
    return {"id": outlet.id, "code": outlet.code, "name": outlet.name, "operator": outlet.operator.name,
            "address": outlet.address, "commune": outlet.commune_name, "phone": outlet.phone,
            "latitude": outlet.latitude, "longitude": outlet.longitude, "distance_km": round(found.distance_km, 3),
            "is_open": found.is_open, "opens_next": found.opens_next, "is_crowded": found.is_crowded,
            "moves_on": found.moves_on, "moves_to": found.moves_to}
