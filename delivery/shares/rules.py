"""How shares shift, inside what the contracts promise each operator; and whose turn a booking is. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from hashlib import sha256
from typing import Final

WHOLE: Final = 100
STEP: Final = 10
"""Points that move at most in one proposal: a carrier may mend its ways before it loses more."""
APART: Final = 0.05
"""Shares of kept promises closer than this are the same."""
FEWEST_DUE: Final = 30
"""Fewer promises of a carrier in the weeks looked at are no ground to shift anything."""


class ProposalState(StrEnum):
    PROPOSED = "proposed"
    CONFIRMED = "confirmed"
    DECLINED = "declined"


@dataclass(frozen=True, slots=True)
class Contract:
    """What a city promises an operator: at least `floor` per cent of its results, as a rule `usual`."""

    operator_code: str
    floor: int
    usual: int
    valid_from: date
    valid_to: date | None

    def is_in_force(self, on: date) -> bool:
        return self.valid_from <= on and (self.valid_to is None or on < self.valid_to)


@dataclass(frozen=True, slots=True)
class Record:
    """How an operator has kept its promises lately."""

    due: int
    kept: int

    @property
    def share(self) -> float:
        return self.kept / self.due if self.due else 0.0


def usual_shares(contracts: Sequence[Contract]) -> dict[str, int]:
    return {contract.operator_code: contract.usual for contract in contracts}


def shifted(current: Mapping[str, int], contracts: Sequence[Contract],
            records: Mapping[str, Record]) -> dict[str, int] | None:
    """New shares that sum to 100, none below its floor; None when nothing is to be shifted.

    Points move from the worst operator above its floor to the best one.
    """
    judged = {code: record for code, record in records.items() if code in current and record.due >= FEWEST_DUE}
    floors = {contract.operator_code: contract.floor for contract in contracts}
    givers = [code for code in judged if current[code] > floors.get(code, 0)]
    if len(judged) < len(current) or not givers or len(current) < 2:  # one alone has nobody to give to
        return None
    best = max(judged, key=lambda code: (judged[code].share, code))
    worst = min(givers, key=lambda code: (judged[code].share, code))
    if judged[best].share - judged[worst].share < APART:
        return None
    points = min(STEP, current[worst] - floors.get(worst, 0))
    return {code: share + points * ((code == best) - (code == worst)) for code, share in current.items()}


def chosen(shares: Mapping[str, int], booking_ref: str) -> str:
    """Whose turn a booking is: always the same for the same booking, and in the long run as the shares say.

    Raises:
        ValueError: the shares do not sum to 100.
    """
    if sum(shares.values()) != WHOLE:
        raise ValueError("Shares sum to 100.")
    turn = int.from_bytes(sha256(booking_ref.encode()).digest()[:8]) % WHOLE
    for code in sorted(shares):
        turn -= shares[code]
        if turn < 0:
            return code
    raise AssertionError("unreachable: the shares sum to 100")
