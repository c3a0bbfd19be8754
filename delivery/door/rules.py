"""Who may receive which document, when it is tried again, what may be changed, and who bears a repeat: as tables.

Decision 45/2016/QĐ-TTg and Circular 22/2017/TT-BTTTT: the receiver's identity is checked, somebody else brings a
written authorisation and her own ID, papers to be withdrawn are taken back against signature; after at least two
invitations, two working days apart, the result goes back to the authority; a repeated delivery is paid for by the
party at fault (Article 12.4).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from delivery.rules import Direction, ParcelState
from shared.calendar import WorkCalendar

# --- who may receive this document -----------------------------------------------------------------------------------


class ReleaseRule(StrEnum):
    """Into whose hands a parcel may be given."""

    IN_PERSON = "in_person"
    """The addressee alone: the law asks for her presence."""
    CERTIFIED = "certified"
    """Others than close family bring a certified authorisation (civil status)."""
    AUTHORISED = "authorised"
    """Anybody with the addressee's written authorisation."""


class Relation(StrEnum):
    """Who the receiver is to the addressee."""

    SELF = "self"
    SPOUSE = "spouse"
    PARENT = "parent"
    CHILD = "child"
    SIBLING = "sibling"
    GRANDPARENT = "grandparent"
    LEGAL_REPRESENTATIVE = "legal_representative"
    AUTHORISED = "authorised"
    CENTRE_OFFICER = "centre_officer"
    OUTLET_CLERK = "outlet_clerk"


class Paper(StrEnum):
    """What somebody else than the addressee shows beside her own ID."""

    NONE = ""
    LETTER = "letter"
    CERTIFIED_LETTER = "certified_letter"
    CAPACITY = "capacity"
    """Proof of being a minor's or incapable person's legal representative."""


FAMILY: Final = frozenset({
    Relation.SPOUSE, Relation.PARENT, Relation.CHILD, Relation.SIBLING, Relation.GRANDPARENT})
"""Whose written authorisation need not be certified in civil status (Circular 04/2020/TT-BTP, Article 2)."""
ID_KINDS: Final = ("cccd", "vneid", "passport", "cmnd", "badge")
METHODS: Final = ("signature", "otp", "joint_minutes")

type Needs = Mapping[Relation, Paper]


def _needs(family: Paper | None, authorised: Paper | None) -> Needs:
    needs = {Relation.SELF: Paper.NONE, Relation.LEGAL_REPRESENTATIVE: Paper.CAPACITY}
    if family is not None:
        needs |= dict.fromkeys(FAMILY, family)
    if authorised is not None:
        needs[Relation.AUTHORISED] = authorised
    return MappingProxyType(needs)


WHO_MAY: Final[Mapping[ReleaseRule, Needs]] = MappingProxyType({
    ReleaseRule.IN_PERSON: _needs(None, None),
    ReleaseRule.CERTIFIED: _needs(Paper.LETTER, Paper.CERTIFIED_LETTER),
    ReleaseRule.AUTHORISED: _needs(Paper.LETTER, Paper.LETTER),
})
AT_AN_OFFICE: Final[Needs] = MappingProxyType({
    Relation.CENTRE_OFFICER: Paper.NONE, Relation.OUTLET_CLERK: Paper.NONE})
"""What does not go to a citizen is handed to whoever works where it goes, against joint minutes."""
_SERVES_AS: Final[Mapping[Paper, frozenset[Paper]]] = MappingProxyType({
    Paper.NONE: frozenset(Paper), Paper.LETTER: frozenset({Paper.LETTER, Paper.CERTIFIED_LETTER}),
    Paper.CERTIFIED_LETTER: frozenset({Paper.CERTIFIED_LETTER}), Paper.CAPACITY: frozenset({Paper.CAPACITY})})


@dataclass(frozen=True, slots=True)
class Receipt:
    """Who stands at the door, as far as the rules ask."""

    relation: str
    id_kind: str
    paper: str = ""
    collected: int = 0
    """How many of the originals that are due were handed over in exchange."""


def needs_of(rule: ReleaseRule, direction: Direction) -> Needs:
    """Relation to the paper that it must show; a relation that is not there may not receive it."""
    return WHO_MAY[rule] if direction is Direction.RESULT else AT_AN_OFFICE


def refusals(rule: ReleaseRule, direction: Direction, given: Receipt, *, to_collect: int = 0) -> tuple[str, ...]:
    """Why this person may not have it, as stable codes; empty when she may."""
    needs = needs_of(rule, direction)
    relation = Relation(given.relation) if given.relation in Relation else None
    if relation is None or relation not in needs:
        return ("not-entitled",)
    found = []
    if given.id_kind not in ID_KINDS:
        found.append("id-missing")
    if given.paper not in _SERVES_AS[needs[relation]]:
        found.append("paper-missing")
    if given.collected < to_collect:
        found.append("originals-missing")
    return tuple(found)


# --- why not, whose fault, and when again ----------------------------------------------------------------------------


class Party(StrEnum):
    """Who bears what a repeated delivery costs."""

    RECIPIENT = "recipient"
    CARRIER = "carrier"
    SENDER = "sender"
    """The authority, or the outlet that wrote the address for it."""
    NOBODY = "nobody"
    """Force majeure: each bears its own."""


@dataclass(frozen=True, slots=True)
class Reason:
    """Why it was not handed over. Only an invitation that could be followed counts as one."""

    party: Party
    is_invitation: bool
    code: str = "EMH"
    """The event it is told as: a failed attempt, held at the depot, damaged."""


REASONS: Final[Mapping[str, Reason]] = MappingProxyType({
    "absent": Reason(Party.RECIPIENT, is_invitation=True),
    "refused": Reason(Party.RECIPIENT, is_invitation=True),
    "not_entitled": Reason(Party.RECIPIENT, is_invitation=True),
    "originals_missing": Reason(Party.RECIPIENT, is_invitation=True),
    "moved": Reason(Party.RECIPIENT, is_invitation=True),
    "asked_later": Reason(Party.RECIPIENT, is_invitation=True),
    "closed": Reason(Party.SENDER, is_invitation=True),
    "wrong_address": Reason(Party.SENDER, is_invitation=False, code="EDF"),
    "wrong_commune": Reason(Party.CARRIER, is_invitation=False, code="EDF"),
    "no_time": Reason(Party.CARRIER, is_invitation=False, code="EDF"),
    "damaged": Reason(Party.CARRIER, is_invitation=False, code="X-DMG"),
    "no_way": Reason(Party.NOBODY, is_invitation=False, code="EDF"),
})

INVITATIONS_DUE: Final = 2
WORKING_DAYS_APART: Final = 2
COLLECTION_WORKING_DAYS: Final = 5
"""How long a parcel waits at an outlet before it goes back."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What the failed attempts so far amount to."""

    invitations: int
    next_from: date | None
    """First day on which another attempt counts as an invitation; None: enough were made."""
    return_on: date | None
    """At the end of this day it goes back, unless the citizen changes something."""


def plan_of(attempt_days: Iterable[date], calendar: WorkCalendar) -> Plan:
    """Days of failed attempts, in any order, counted as invitations: each two working days after the one before."""
    counted: list[date] = []
    for day in sorted(set(attempt_days)):
        if not counted or day >= calendar.due_date(counted[-1], WORKING_DAYS_APART):
            counted.append(day)
    if not counted:
        return Plan(0, None, None)
    if len(counted) < INVITATIONS_DUE:
        return Plan(len(counted), calendar.due_date(counted[-1], WORKING_DAYS_APART), None)
    return Plan(len(counted), None, calendar.next_working(counted[INVITATIONS_DUE - 1]))


def who_bears(reasons: Sequence[str]) -> Party:
    """Who pays for sending it again: the carrier if it failed once by its fault, else the sender, the recipient."""
    parties = {REASONS[each].party for each in reasons if each in REASONS}
    return next((party for party in (Party.CARRIER, Party.SENDER, Party.RECIPIENT) if party in parties), Party.NOBODY)


# --- what may be changed, and by whom --------------------------------------------------------------------------------


class Change(StrEnum):
    """What becomes of a delivery that is under way."""

    PICK_UP = "pick_up"
    """She fetches it at an outlet, where her ID is compared."""
    ANOTHER_DAY = "another_day"
    ADDRESS = "address"
    """Another door: never by tracking code alone, for a code and three digits are soon guessed."""


MOST_CHANGES: Final = 2
"""By the citizen herself."""
FURTHEST_WORKING_DAYS: Final = 10
BY_CITIZEN: Final = frozenset({Change.PICK_UP, Change.ANOTHER_DAY})

_S: Final = ParcelState
_ALL: Final = frozenset(Change)
CHANGES: Final[Mapping[ParcelState, frozenset[Change]]] = MappingProxyType({
    _S.BOOKED: _ALL,
    _S.ACCEPTED: _ALL,
    _S.IN_TRANSIT: _ALL,
    _S.ARRIVED: _ALL,
    _S.HELD: _ALL,
    _S.ATTEMPT_FAILED: _ALL,
    _S.OUT_FOR_DELIVERY: frozenset({Change.ANOTHER_DAY}),
    _S.AT_COLLECTION_POINT: frozenset({Change.ANOTHER_DAY, Change.ADDRESS}),
})
"""A parcel that goes back, has ended, or contradicts itself is changed by nobody."""


def open_changes(state: ParcelState, direction: Direction, *, made: int = 0, by_citizen: bool) -> frozenset[Change]:
    """What may still be asked for; `made` counts what the citizen has changed already."""
    if direction is not Direction.RESULT or (by_citizen and made >= MOST_CHANGES):
        return frozenset()
    allowed = CHANGES.get(state, frozenset())
    return allowed & BY_CITIZEN if by_citizen else allowed


def open_days(today: date, calendar: WorkCalendar) -> tuple[date, ...]:
    """The days she may choose: working days from the next one."""
    days = [calendar.next_working(today)]
    while len(days) < FURTHEST_WORKING_DAYS:
        days.append(calendar.next_working(days[-1]))
    return tuple(days)


# --- three clocks ----------------------------------------------------------------------------------------------------

CLOCK_DOUBT: Final = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Moment:
    """When it happened at the door. `corrected_at` counts; `is_doubtful`: the phone's clock was set meanwhile."""

    device_at: datetime
    corrected_at: datetime
    server_at: datetime
    is_doubtful: bool


def moment_of(*, device_at: datetime, device_sent_at: datetime, server_at: datetime, not_before: datetime) -> Moment:
    """How long ago it was by the phone's clock, taken back from ours; never before the round began, never after now.

    The phone's clock decides nothing: only the time that passed on it between act and sending counts.
    """
    reckoned = server_at - (device_sent_at - device_at)
    corrected = min(max(reckoned, not_before), server_at)
    return Moment(device_at, corrected, server_at, is_doubtful=abs(corrected - reckoned) > CLOCK_DOUBT)
