"""The lives of a phase, of its decisions and of an operator that takes part, and what an operator must show. Pure.

No official list of what a new operator must show is published. A postal enterprise has a licence or a confirmation of
its notice (Postal Law 49/2010/QH12, Decree 47/2011/NĐ-CP); the other
items are what this house needs before parcels, claims and citizens' data may pass through somebody's hands.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from shared.roles import Role

SIGNED_WITHIN: Final = timedelta(days=7)
"""A proposed decision that nobody signed becomes work after so long; it was measured then, so it holds no longer."""
LOOKED_AT_WITHIN: Final = timedelta(days=14)
RENEWED_BEFORE: Final = timedelta(days=90)
"""So long before its end an agreement stands on the list of work, or its notice period before, if that is longer."""
LONGEST_NOTICE: Final = 730
SHORTEST_REASON: Final = 10


class PhaseKind(StrEnum):
    PILOT = "pilot"
    EXTENDED = "extended"
    CITY_WIDE = "city_wide"


class PhaseState(StrEnum):
    PLANNED = "planned"
    RUNNING = "running"
    ENDED = "ended"
    DROPPED = "dropped"


class PhaseStep(StrEnum):
    OPEN = "open"
    END = "end"
    DROP = "drop"


PHASE_MOVES: Final[Mapping[tuple[PhaseState, PhaseStep], PhaseState]] = MappingProxyType({
    (PhaseState.PLANNED, PhaseStep.OPEN): PhaseState.RUNNING,
    (PhaseState.PLANNED, PhaseStep.DROP): PhaseState.DROPPED,
    (PhaseState.RUNNING, PhaseStep.END): PhaseState.ENDED,
})
"""A phase opens by a signed decision only, and the one that ran before it ends with that."""
PHASE_FINAL: Final = frozenset({PhaseState.ENDED, PhaseState.DROPPED})


class Verdict(StrEnum):
    GO = "go"
    WITH_CONDITIONS = "go_with_conditions"
    NO_GO = "no_go"


OPENS: Final = frozenset({Verdict.GO, Verdict.WITH_CONDITIONS})


class DecisionState(StrEnum):
    PROPOSED = "proposed"
    SIGNED = "signed"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class DecisionStep(StrEnum):
    SIGN = "sign"
    REFUSE = "refuse"
    WITHDRAW = "withdraw"


DECISION_MOVES: Final[Mapping[tuple[DecisionState, DecisionStep], DecisionState]] = MappingProxyType({
    (DecisionState.PROPOSED, DecisionStep.SIGN): DecisionState.SIGNED,
    (DecisionState.PROPOSED, DecisionStep.REFUSE): DecisionState.REFUSED,
    (DecisionState.PROPOSED, DecisionStep.WITHDRAW): DecisionState.WITHDRAWN,
})
DECISION_FINAL: Final = frozenset({DecisionState.SIGNED, DecisionState.REFUSED, DecisionState.WITHDRAWN})


class OperatorState(StrEnum):
    CANDIDATE = "candidate"
    SUBMITTED = "submitted"
    ACTIVE = "active"
    SUSPENDED = "suspended"
    ENDED = "ended"


class OperatorStep(StrEnum):
    SUBMIT = "submit"
    RETURN = "return"
    APPROVE = "approve"
    SUSPEND = "suspend"
    RESUME = "resume"
    END = "end"


OPERATOR_MOVES: Final[Mapping[tuple[OperatorState, OperatorStep], OperatorState]] = MappingProxyType({
    (OperatorState.CANDIDATE, OperatorStep.SUBMIT): OperatorState.SUBMITTED,
    (OperatorState.CANDIDATE, OperatorStep.END): OperatorState.ENDED,
    (OperatorState.SUBMITTED, OperatorStep.RETURN): OperatorState.CANDIDATE,
    (OperatorState.SUBMITTED, OperatorStep.APPROVE): OperatorState.ACTIVE,
    (OperatorState.ACTIVE, OperatorStep.SUSPEND): OperatorState.SUSPENDED,
    (OperatorState.ACTIVE, OperatorStep.END): OperatorState.ENDED,
    (OperatorState.SUSPENDED, OperatorStep.RESUME): OperatorState.ACTIVE,
    (OperatorState.SUSPENDED, OperatorStep.END): OperatorState.ENDED,
})
OPERATOR_FINAL: Final = frozenset({OperatorState.ENDED})
WITH_REASON: Final = frozenset({OperatorStep.RETURN, OperatorStep.SUSPEND, OperatorStep.RESUME, OperatorStep.END})
"""The other side reads why."""
WATCHED: Final[Mapping[OperatorState, timedelta]] = MappingProxyType({
    OperatorState.CANDIDATE: timedelta(days=60), OperatorState.SUBMITTED: LOOKED_AT_WITHIN,
    OperatorState.SUSPENDED: timedelta(days=30)})
OWNER: Final = Role.PROGRAMME_OFFICER


class Outcome(StrEnum):
    MET = "met"
    NOT_MET = "not_met"


CONFORMANCE: Final[Sequence[str]] = (
    "licence", "contacts", "insurance", "pledge", "data_agreement", "data_walls", "tracking", "numbers", "claim_file",
    "accounts", "training", "incident_drill", "price_list")
"""What a new operator shows, each with evidence, a date and a person."""


@dataclass(frozen=True, slots=True)
class Read:
    """One measure as it was read: `value` in percent or pieces, None where there is nothing to measure yet."""

    measure: str
    at_least: bool
    threshold: Decimal
    least_sample: int
    value: Decimal | None
    sample: int

    @property
    def is_enough(self) -> bool:
        """Whether there is anything to judge by."""
        return self.value is not None and self.sample >= self.least_sample

    @property
    def passes(self) -> bool:
        if self.value is None or self.sample < self.least_sample:
            return False
        return self.value >= self.threshold if self.at_least else self.value <= self.threshold


def failing(reads: Sequence[Read]) -> list[str]:
    return [read.measure for read in reads if not read.passes]


def includes(chosen: Sequence[str], one: str) -> bool:
    """An empty list chooses everything."""
    return not chosen or one in chosen


def renewed_from(ends: date, notice_days: int) -> date:
    """The day from which the end of an agreement is work."""
    return ends - max(RENEWED_BEFORE, timedelta(days=notice_days))


def holds(begins: date, ends: date | None, on: date) -> bool:
    """Half-open."""
    return begins <= on and (ends is None or on < ends)


def unmet(outcomes: Mapping[str, str]) -> list[str]:
    """Items of the checklist without good evidence; `outcomes` are the latest ones."""
    return [item for item in CONFORMANCE if outcomes.get(item) != Outcome.MET]
