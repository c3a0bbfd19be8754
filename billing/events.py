"""What billing tells: past tense, ids and plain values."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class StatementPrepared:
    """A month's figures are fixed; it takes no more lines."""

    statement_id: UUID
    province_code: str
    operator_code: str
    period: date
    digest: str
    prepared_at: datetime

    @property
    def stream(self) -> str:
        return f"statement:{self.statement_id}"
