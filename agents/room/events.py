"""What happened in the operations room."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class IncidentReported:
    """Somebody, or the silence of a place, told of trouble."""

    incident_id: UUID
    kind: str
    province_code: str
    reported_at: datetime

    @property
    def stream(self) -> str:
        return f"incident:{self.incident_id}"


@dataclass(frozen=True, slots=True)
class IncidentSolved:
    incident_id: UUID
    kind: str
    province_code: str
    solved_at: datetime

    @property
    def stream(self) -> str:
        return f"incident:{self.incident_id}"
