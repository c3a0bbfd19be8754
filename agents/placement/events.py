"""What a worker has to do for the planner."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class PlacementAsked:
    """Somebody wants to know where outlets should stand."""

    scenario_id: UUID
    asked_at: datetime

    @property
    def stream(self) -> str:
        return f"placement:{self.scenario_id}"


@dataclass(frozen=True, slots=True)
class DemandAsked:
    """Somebody wants a demand set counted from our own dossiers."""

    demand_set_id: UUID
    asked_at: datetime

    @property
    def stream(self) -> str:
        return f"demand:{self.demand_set_id}"
