"""What is sent from a door, and what a phone is told, as frozen dataclasses."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Collected:
    """An original taken in exchange: its place in Release.collects, and how many sheets it has."""

    position: int
    sheets: int = 1


@dataclass(frozen=True, slots=True)
class HandOver:
    """Into whose hands a parcel was given, and how that is known."""

    receiver_name: str
    relation: str
    id_kind: str
    paper: str = ""
    signature: str = ""
    """SVG path in a field of 600 × 200."""
    code: str = ""
    """The code that the citizen reads out; empty when she signed."""
    collected: tuple[Collected, ...] = field(default=())
    commune_code: str = ""
    """Where it was, when not where it is addressed to."""


@dataclass(frozen=True, slots=True)
class Act:
    """One thing that happened at a door: handed over, or not and why. Moments are the phone's."""

    id: UUID
    number: str
    sequence: int
    device_at: datetime
    device_sent_at: datetime
    hand_over: HandOver | None = None
    reason: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Kept:
    """What became of an act. `is_new`: it had not come before."""

    act_id: UUID
    number: str
    state: str
    is_new: bool
    doubts: tuple[str, ...] = ()
