"""What payouts tell."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class TransferOrdered:
    """An order of a batch that goes by the card service is to be sent."""

    order_id: UUID
    ordered_at: datetime

    @property
    def stream(self) -> str:
        return f"payout-order:{self.order_id}"


@dataclass(frozen=True, slots=True)
class StatementPaidOut:
    """Each payee of a released statement has her money."""

    statement_id: UUID
    paid_at: datetime

    @property
    def stream(self) -> str:
        return f"statement:{self.statement_id}"
