"""Where a parcel stands: a pure function of the set of its events. Order, repeats and batches do not matter.

It is computed through a `Summary` that only ever takes earliest, latest, smallest and largest of what it is told. Such
a summary is the same whatever the order, and learning one more event costs the same after five as after five hundred;
the parcel keeps it. Events that cannot all be true lead to `needs_review`: all are kept, and a person settles it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final, NamedTuple

from delivery.rules import ParcelState
from delivery.rules.codes import CANCEL_ASKED, EVENT_CODES, SETTLED, Phase
from shared.calendar import local

# Carriers' clocks and batches are not exact; further apart than this, order is taken seriously.
CLOCK_TOLERANCE: Final = timedelta(hours=2)
FUTURE_TOLERANCE: Final = timedelta(minutes=10)
MOST_ATTEMPT_DAYS: Final = 30

ON_ITS_WAY: Final = "on_its_way"
"""A settlement that names no end: the trip goes on, and what may be excused about it is."""
EXCUSABLE: Final = frozenset({"before-acceptance", "cancelled"})

_ENDS: Final = {"EMI": ParcelState.DELIVERED, "X-RTA": ParcelState.RETURNED, "X-LOST": ParcelState.LOST}
_RANKS: Final = {code: rank for rank, code in enumerate(EVENT_CODES)}

type Mark = tuple[str, str]
"""A moment (ISO, UTC) and the id of the event, so that equal moments still have one order."""


class Fact(NamedTuple):
    """An event as far as the parcel's standing depends on it.

    `receiver` is a folded name with the relation, empty when not told; `outcome` what a settlement says: the state in
    which the trip ended, or "on_its_way".
    """

    code: str
    event_id: str
    occurred_at: datetime
    received_at: datetime
    receiver: str = ""
    outcome: str = ""


@dataclass(slots=True)
class Summary:
    """What must be remembered of a set of events. Moments are ISO texts in UTC; their order is that of time."""

    accepted: str | None = None
    first_move: str | None = None
    last_move: str | None = None
    tip: tuple[int, str, int, str, str] | None = None
    """Phase, moment, rank of the code, event id, code of the furthest event."""
    ends: dict[str, Mark] | None = None
    """The earliest event of each kind of end."""
    last_delivery: str | None = None
    receivers: tuple[str, str] | None = None
    attempt_days: tuple[str, ...] = ()
    is_cancelled: bool = False
    has_implausible_end: bool = False
    settled: tuple[str, str, str] | None = None
    """Moment, event id and outcome of the latest settlement."""
    cancel_asked: Mark | None = None
    """When we first asked the carrier to call it off."""

    def learn(self, fact: Fact, booked_at: datetime) -> None:
        """Take in one event of a parcel booked at `booked_at`. Learning it twice changes nothing."""
        code, moment = EVENT_CODES[fact.code], _iso(fact.occurred_at)
        if code.code == SETTLED:
            self.settled = _latest(self.settled, (moment, fact.event_id, fact.outcome))
        elif code.code == CANCEL_ASKED:
            mark = (moment, fact.event_id)
            self.cancel_asked = min(self.cancel_asked or mark, mark)
        elif code.phase is Phase.NOTE:
            self.is_cancelled |= code.code == "X-CANC"
        elif not is_plausible(fact, booked_at):
            self.has_implausible_end |= code.phase is Phase.END
        elif code.phase is Phase.END:
            self._learn_end(fact, moment)
        else:
            self._learn_move(fact, moment, code.phase)

    def _learn_move(self, fact: Fact, moment: str, phase: Phase) -> None:
        self.tip = _latest(self.tip, (int(phase), moment, _RANKS[fact.code], fact.event_id, fact.code))
        self.last_move = _latest(self.last_move, moment)
        if phase is Phase.ACCEPTANCE:
            self.accepted = _earliest(self.accepted, moment)
        else:
            self.first_move = _earliest(self.first_move, moment)
        if fact.code == "EMH":
            days = {*self.attempt_days, local(fact.occurred_at).date().isoformat()}
            self.attempt_days = tuple(sorted(days)[:MOST_ATTEMPT_DAYS])

    def _learn_end(self, fact: Fact, moment: str) -> None:
        self.first_move = _earliest(self.first_move, moment)
        mark, ends = (moment, fact.event_id), dict(self.ends or {})
        ends[fact.code] = min(ends.get(fact.code, mark), mark)
        self.ends = ends
        if fact.code == "EMI":
            self.last_delivery = _latest(self.last_delivery, moment)
            if fact.receiver:
                low, high = self.receivers or (fact.receiver, fact.receiver)
                self.receivers = (min(low, fact.receiver), max(high, fact.receiver))


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a parcel stands. `at` is when the event happened that says so; None while nothing has happened."""

    state: ParcelState
    at: datetime | None
    attempts: int
    accepted_at: datetime | None
    """When the post took it: the acceptance, or whatever was first seen of it."""
    delivered_at: datetime | None
    end_event_id: str
    contradictions: tuple[str, ...]


def state_of(facts: Iterable[Fact], booked_at: datetime) -> Standing:
    """Where a parcel booked at `booked_at` stands when exactly `facts` are known."""
    return standing_of(summary_of(facts, booked_at))


def summary_of(facts: Iterable[Fact], booked_at: datetime) -> Summary:
    summary = Summary()
    for fact in facts:
        summary.learn(fact, booked_at)
    return summary


def standing_of(summary: Summary) -> Standing:
    contradictions = _unsettled(summary)
    state, moment, event_id = _outcome(summary, contradictions)
    delivery = (summary.ends or {}).get("EMI")
    delivered = None if state is not ParcelState.DELIVERED else delivery[0] if delivery else moment
    return Standing(
        state, _moment(moment), len(summary.attempt_days), _moment(summary.accepted or summary.first_move),
        _moment(delivered), event_id, contradictions)


def _unsettled(summary: Summary) -> tuple[str, ...]:
    """The contradictions that nobody has settled yet."""
    found = contradictions_of(summary)
    if summary.settled is None:
        return found
    return tuple(reason for reason in found if reason not in EXCUSABLE) if summary.settled[2] == ON_ITS_WAY else ()


def _outcome(summary: Summary, contradictions: tuple[str, ...]) -> tuple[ParcelState, str | None, str]:
    if summary.settled and summary.settled[2] != ON_ITS_WAY:
        moment, event_id, outcome = summary.settled
        return ParcelState(outcome), moment, event_id
    ends = summary.ends or {}
    if contradictions:
        latest = max([*(mark[0] for mark in ends.values()), summary.last_move or ""])
        return ParcelState.NEEDS_REVIEW, latest or None, ""
    if ends:
        code, (moment, event_id) = next(iter(ends.items()))
        return _ENDS[code], moment, event_id
    if summary.cancel_asked and _is_called_off(summary):
        moment, event_id = summary.cancel_asked
        return ParcelState.CANCELLED, moment, event_id
    if summary.tip is None:
        return ParcelState.BOOKED, None, ""
    _, moment, _, event_id, code = summary.tip
    return EVENT_CODES[code].state or ParcelState.BOOKED, moment, event_id


def contradictions_of(summary: Summary) -> tuple[str, ...]:
    """Why the events cannot all be true, as stable codes; empty when they can."""
    if _is_plainly_fine(summary):
        return ()
    ends = summary.ends or {}
    last_end = max((mark[0] for mark in ends.values()), default=None)
    found = {
        "ends-differ": len(ends) > 1,
        "receivers-differ": summary.receivers is not None and summary.receivers[0] != summary.receivers[1],
        "delivery-days-differ": _delivery_days_differ(summary),
        "before-acceptance": _is_well_before(summary.first_move, summary.accepted),
        "moved-after-end": len(ends) == 1 and _is_well_before(last_end, summary.last_move),
        "end-date-implausible": summary.has_implausible_end,
        "cancelled": summary.is_cancelled and not _is_called_off(summary),
    }
    return tuple(reason for reason, holds in found.items() if holds)


def _is_called_off(summary: Summary) -> bool:
    """Whether the carrier has cancelled what we asked it to cancel, and nothing has moved."""
    asked, settled = summary.cancel_asked, summary.settled
    if asked is None or not summary.is_cancelled or summary.tip or summary.ends:
        return False
    return settled is None or settled[:2] < asked


def _is_plainly_fine(summary: Summary) -> bool:
    """Most parcels: at most one end that nothing follows, after an acceptance that nothing precedes."""
    if summary.has_implausible_end or summary.is_cancelled:
        return False
    if summary.accepted and summary.first_move and summary.first_move < summary.accepted:
        return False
    if not summary.ends:
        return True
    ((moment, _event),) = list(summary.ends.values())[:1]
    return (
        len(summary.ends) == 1 and (summary.last_move or "") <= moment and summary.last_delivery in {None, moment}
        and (summary.receivers is None or summary.receivers[0] == summary.receivers[1]))  # fmt: skip


def is_plausible(fact: Fact, booked_at: datetime) -> bool:
    """Whether the carrier's clock can be believed: not before the booking, not ahead of ours."""
    return booked_at - CLOCK_TOLERANCE <= fact.occurred_at <= fact.received_at + FUTURE_TOLERANCE


def _delivery_days_differ(summary: Summary) -> bool:
    first = (summary.ends or {}).get("EMI")
    return first is not None and summary.last_delivery is not None and _day(first[0]) != _day(summary.last_delivery)


def _is_well_before(moment: str | None, other: str | None) -> bool:
    if moment is None or other is None or moment >= other:
        return False
    return datetime.fromisoformat(moment) + CLOCK_TOLERANCE < datetime.fromisoformat(other)


def _day(moment: str) -> date:
    return local(datetime.fromisoformat(moment)).date()


def _iso(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def _moment(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)


def _earliest(kept: str | None, told: str) -> str:
    return told if kept is None else min(kept, told)


def _latest[M: (str, tuple[str, str, str], tuple[int, str, int, str, str])](kept: M | None, told: M) -> M:
    return told if kept is None else max(kept, told)
