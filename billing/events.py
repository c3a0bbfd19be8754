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


@dataclass(frozen=True, slots=True)
class DisputeRaised:
    """Lines are disputed and, where that takes something away, on hold."""

    dispute_id: UUID
    number: str
    province_code: str
    operator_code: str
    outlet_id: UUID | None
    raised_at: datetime

    @property
    def stream(self) -> str:
        return f"dispute:{self.dispute_id}"


@dataclass(frozen=True, slots=True)
class EvidenceGiven:
    """Files were put forward in a dispute; nobody opens them before they were looked at."""

    dispute_id: UUID
    entry_id: UUID
    given_at: datetime

    @property
    def stream(self) -> str:
        return f"evidence:{self.entry_id}"


@dataclass(frozen=True, slots=True)
class DisputeClosed:
    """A dispute has ended and its lines are on hold no longer; `outcome` is empty when it was withdrawn."""

    dispute_id: UUID
    number: str
    outcome: str
    answer: str
    closed_at: datetime

    @property
    def stream(self) -> str:
        return f"dispute:{self.dispute_id}"


@dataclass(frozen=True, slots=True)
class RuleApproved:
    """A draft came into force. An empty `province_code`: it binds every city."""

    draft_id: UUID
    kind: str
    province_code: str
    code: str
    valid_from: date
    approved_at: datetime

    @property
    def stream(self) -> str:
        return f"rule:{self.draft_id}"


@dataclass(frozen=True, slots=True)
class ScenarioAsked:
    """Somebody wants to know what a draft would have cost."""

    scenario_id: UUID
    asked_at: datetime

    @property
    def stream(self) -> str:
        return f"scenario:{self.scenario_id}"


@dataclass(frozen=True, slots=True)
class KnownErrorFound:
    """A fault of ours is suspected; the lines that it touches are on hold and their outlets told."""

    error_id: UUID
    number: str
    province_code: str
    found_at: datetime

    @property
    def stream(self) -> str:
        return f"known-error:{self.error_id}"


@dataclass(frozen=True, slots=True)
class ClaimReceived:
    """A claim file is kept; a worker reads it."""

    claim_id: UUID

    @property
    def stream(self) -> str:
        return f"claim:{self.claim_id}"


@dataclass(frozen=True, slots=True)
class ClaimConfirmed:
    """The operator has confirmed how its file was read; it is compared when the month is prepared."""

    claim_id: UUID
    province_code: str
    operator_code: str
    period: date

    @property
    def stream(self) -> str:
        return f"claim:{self.claim_id}"


@dataclass(frozen=True, slots=True)
class ClaimMatched:
    claim_id: UUID
    matched_at: datetime

    @property
    def stream(self) -> str:
        return f"claim:{self.claim_id}"


@dataclass(frozen=True, slots=True)
class StatementStepTaken:
    """A signature moved a statement on, or sent it back: `step` as in billing.rules.settling."""

    statement_id: UUID
    province_code: str
    operator_code: str
    period: date
    step: str
    state: str
    payable_vnd: int
    digest: str
    taken_at: datetime

    @property
    def stream(self) -> str:
        return f"statement:{self.statement_id}"


@dataclass(frozen=True, slots=True)
class ExportAsked:
    export_id: UUID

    @property
    def stream(self) -> str:
        return f"export:{self.export_id}"
