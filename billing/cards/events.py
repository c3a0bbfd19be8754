"""What card payments tell."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class CardAsked:
    """A page has to be opened at the card service."""

    payment_id: UUID

    @property
    def stream(self) -> str:
        return f"card:{self.payment_id}"


@dataclass(frozen=True, slots=True)
class CardWithdrawn:
    """Nobody shall pay on the page any more."""

    payment_id: UUID

    @property
    def stream(self) -> str:
        return f"card:{self.payment_id}"


@dataclass(frozen=True, slots=True)
class CardRefundApproved:
    refund_id: UUID

    @property
    def stream(self) -> str:
        return f"card-refund:{self.refund_id}"


@dataclass(frozen=True, slots=True)
class CardDisputeDecided:
    """A person has decided what the cardholder's bank is told."""

    dispute_id: UUID

    @property
    def stream(self) -> str:
        return f"card-dispute:{self.dispute_id}"


@dataclass(frozen=True, slots=True)
class CardServiceTold:
    """A signed message of the card service was stored, or its list named one that never came.

    `object_kind` and `object_id` name what it is about, e.g. "transfer", "tr_…".
    """

    inbox_id: int
    kind: str
    object_kind: str
    object_id: str
    reference: str
    payment_ref: str
    told_at: datetime

    @property
    def stream(self) -> str:
        return f"card-service:{self.object_id}"
