"""What payments tell."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class CollectionPaid:
    """A citizen's transfer or card payment has come."""

    collection_id: UUID
    source_type: str
    source_id: UUID
    method: str
    amount_vnd: int
    outlet_id: UUID
    asked_by: str
    asked_by_name: str
    paid_at: datetime

    @property
    def stream(self) -> str:
        return f"{self.source_type}:{self.source_id}"


@dataclass(frozen=True, slots=True)
class ShiftCounted:
    """A drawer was counted and its shift closed, or left as a question."""

    shift_id: UUID
    counted_at: datetime

    @property
    def stream(self) -> str:
        return f"cash-shift:{self.shift_id}"


@dataclass(frozen=True, slots=True)
class CollectionReturned:
    """A payment was given back to who paid it."""

    collection_id: UUID
    source_type: str
    source_id: UUID
    returned_at: datetime

    @property
    def stream(self) -> str:
        return f"{self.source_type}:{self.source_id}"
