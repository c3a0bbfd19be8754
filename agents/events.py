"""What happened to the network: past tense, ids and plain values."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class SiteDayChanged:
    """A centre is closed or open out of turn on a day, or no longer so; terms that run over the day change."""

    site_day_id: UUID
    centre_id: UUID
    day: date
    is_withdrawn: bool

    @property
    def stream(self) -> str:
        return f"site:{self.centre_id}"


@dataclass(frozen=True, slots=True)
class CentreMoved:
    """From a day on a centre stands elsewhere."""

    centre_id: UUID
    effective_from: date

    @property
    def stream(self) -> str:
        return f"site:{self.centre_id}"


@dataclass(frozen=True, slots=True)
class StaffLeft:
    """An account was shut, or its person works elsewhere now: what she had in hand is somebody else's."""

    account_id: UUID
    left_at: datetime

    @property
    def stream(self) -> str:
        return f"staff:{self.account_id}"


@dataclass(frozen=True, slots=True)
class StaffInvited:
    """Somebody with an e-mail address is asked in; the letter has a code of its own, which nobody else sees."""

    invitation_id: UUID

    @property
    def stream(self) -> str:
        return f"invitation:{self.invitation_id}"
