"""What happened to moves of outlets: past tense, ids and plain values."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class OutletMoveApproved:
    """It is decided: from a day on the outlet stands elsewhere. Citizens, centres and carrier are told."""

    move_id: UUID
    outlet_id: UUID
    effective_from: date
    decided_at: datetime

    @property
    def stream(self) -> str:
        return f"outlet-move:{self.move_id}"


@dataclass(frozen=True, slots=True)
class OutletMoveCalledOff:
    """It was approved and told, and does not take place."""

    move_id: UUID
    outlet_id: UUID
    cancelled_at: datetime

    @property
    def stream(self) -> str:
        return f"outlet-move:{self.move_id}"


@dataclass(frozen=True, slots=True)
class OutletMoved:
    """The day has come: the outlet stands at its new place."""

    move_id: UUID
    outlet_id: UUID
    effective_from: date
    moved_at: datetime

    @property
    def stream(self) -> str:
        return f"outlet-move:{self.move_id}"
