"""What happened in the last step, told to whoever listens: ids and plain values only."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class OriginalsCollected:
    """A postman took originals back in exchange for a result; which ones, delivery.public tells by the act."""

    parcel_id: UUID
    act_id: UUID
    number: str
    collected_at: datetime

    @property
    def stream(self) -> str:
        return f"parcel:{self.parcel_id}"


@dataclass(frozen=True, slots=True)
class DeliveryChanged:
    """A delivery was ordered otherwise: `kind` is "pick_up", "another_day" or "address"."""

    parcel_id: UUID
    number: str
    kind: str
    wanted_date: date | None
    changed_at: datetime

    @property
    def stream(self) -> str:
        return f"parcel:{self.parcel_id}"
