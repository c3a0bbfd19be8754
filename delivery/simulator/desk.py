"""What a carrier does with what it is told, whatever language it was told in."""

import random
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final
from zlib import crc32

from delivery.simulator.courier import Courier
from delivery.simulator.faults import Faults, disturb
from delivery.simulator.lives import play_life, usual_ending
from delivery.simulator.store import Store

OLD: Final = timedelta(days=1)
"""A booking older than this is somebody's past that was played elsewhere: it is remembered, and nothing follows."""

type Answer = tuple[int, object]


@dataclass(frozen=True, slots=True)
class Told:
    """A booked parcel, as far as its life depends on it."""

    number: str
    carrier: str
    direction: str
    origin_place: str
    recipient_name: str
    recipient_place: str
    zone: str = "intra_province"


@dataclass(frozen=True, slots=True)
class Booked:
    """What became of a booking; `own_numbers` are those that the carrier gave it."""

    is_new: bool
    own_numbers: tuple[str, ...] = ()


@dataclass(slots=True)
class Simulator:
    """One or several carriers at once. `speed` says how many times faster than life parcels travel."""

    callback: str
    secrets: Mapping[str, str]
    speed: float = 1440.0
    state: Path | None = None
    store: Store = field(init=False)
    courier: Courier = field(init=False)

    def __post_init__(self) -> None:
        self.store = Store(self.state)
        self.courier = Courier(self.store, self.callback, self.secrets)

    @property
    def faults(self) -> Faults:
        return self.courier.faults

    # --- what it is told ---------------------------------------------------------------------------------------------

    def book(self, carrier: str, number: str, told: dict[str, Any]) -> Booked:
        """Take a parcel; the same number again changes nothing.

        Raises:
            ValueError, KeyError, TypeError, AttributeError: it is not described as it should be.
        """
        parcel = _parcel(carrier, number, told)
        booked_at = datetime.fromisoformat(told["booked_at"])
        known = self.store.parcel(carrier, number)
        if known is not None:
            return Booked(is_new=False, own_numbers=tuple(known.get("own_numbers", ())))
        own = self._own_numbers(number)
        self.store.keep_parcel(carrier, number, told | {"own_numbers": own})
        if datetime.now(UTC) - booked_at < OLD:
            self.live(parcel, usual_ending(number).value)
        return Booked(is_new=True, own_numbers=tuple(own))

    def find(self, carrier: str, number: str) -> Booked | None:
        """What is known of a parcel."""
        told = self.store.parcel(carrier, number)
        return None if told is None else Booked(is_new=False, own_numbers=tuple(told.get("own_numbers", ())))

    def instruct(self, carrier: str, number: str, key: str, told: dict[str, Any]) -> str:
        """Take an instruction: "taken", "refused" or "unknown" for a parcel that is not known."""
        parcel = self.store.parcel(carrier, number)
        if parcel is None:
            return "unknown"
        known = self.store.instruction(key)
        if known is not None:
            return known
        state = "refused" if self.faults.refuses else "taken"
        self.store.keep_instruction(key, carrier, number, told, state)
        if state == "taken":
            self._obey(_parcel(carrier, number, parcel), str(told.get("kind", "")), dict(told.get("details") or {}))
        return state

    def happened(self, carrier: str, numbers: Sequence[str]) -> list[dict[str, Any]]:
        """All that has happened to these parcels so far."""
        now = time.time()
        return [event for number in numbers for event in self.store.happened(carrier, number, now)]

    def _own_numbers(self, number: str) -> list[str]:
        if not (self.faults.renumbers or self.faults.accepts_twice):
            return []
        return [f"SIM{crc32(f'{number}:{turn}'.encode()):010d}" for turn in range(1 + self.faults.accepts_twice)]

    # --- what follows ------------------------------------------------------------------------------------------------

    def live(self, parcel: Told, ending: str) -> int:
        """Plan a life that begins now, at the simulator's speed; returns how many events it has."""
        now = time.time()
        events = play_life(parcel, datetime.now(UTC), ending, seed=int(now))
        first = datetime.fromisoformat(events[0]["occurred_at"])
        for event in events:
            passed = (datetime.fromisoformat(event["occurred_at"]) - first).total_seconds() / self.speed
            event["occurred_at"] = datetime.fromtimestamp(now + 1 + passed, UTC).isoformat()
        return self._plan(parcel, events)

    def _plan(self, parcel: Told, events: list[dict[str, Any]]) -> int:
        moments = [datetime.fromisoformat(event["occurred_at"]).timestamp() for event in events]
        told = disturb(events, self.faults, random.Random(parcel.number))  # noqa: S311  # a story
        moments += [moments[-1] + 1.0] * (len(told) - len(moments))
        own = (self.store.parcel(parcel.carrier, parcel.number) or {}).get("own_numbers") or [parcel.number]
        shown = [event | {"number": own[0]} for event in told]
        self.store.plan(parcel.carrier, parcel.number, list(zip(moments, shown, strict=True)))
        return len(told)

    def _obey(self, parcel: Told, kind: str, details: Mapping[str, Any]) -> None:
        """Change the parcel's life as it was told."""
        match kind:
            case "cancel":
                self.store.forget_plans(parcel.carrier, parcel.number)
                self._say(parcel, [("X-CANC", 0.0)])
            case "return":
                self.store.forget_plans(parcel.carrier, parcel.number)
                self._say(parcel, [("X-RTN", 0.0), ("X-RTA", 20.0)])
            case "redirect":
                place = str(details.get("commune") or parcel.recipient_place)
                self.store.forget_plans(parcel.carrier, parcel.number)
                self._say(parcel, [("X-EDIT", 0.0)])
                self.live(replace(parcel, recipient_place=place), "delivered")
            case "reschedule":
                self.store.forget_plans(parcel.carrier, parcel.number)
                self._say(parcel, [("X-EDIT", 0.0), ("EDG", 24.0), ("EMI", 27.0)])

    def _say(self, parcel: Told, steps: Sequence[tuple[str, float]]) -> None:
        """Plan events, each so many hours of the simulator's time from now."""
        now = time.time()
        receiver = {"name": parcel.recipient_name, "relation": "self", "id_kind": "cccd", "method": "signature"}
        events = []
        for position, (code, hours) in enumerate(steps):
            at = datetime.fromtimestamp(now + 0.5 + position / 10 + hours * 3600 / self.speed, UTC)
            event = {"event_id": f"{parcel.number}-{now:.3f}-{position}", "number": parcel.number,
                     "code": said_by(parcel.carrier, code), "occurred_at": at.isoformat()}  # fmt: skip
            events.append(event | ({"receiver": receiver} if code == "EMI" else {}))
        self._plan(parcel, events)

    # --- switches ----------------------------------------------------------------------------------------------------

    def play(self, wanted: Mapping[str, Any]) -> Answer:
        """Give a known parcel another ending: {"carrier", "number", "outcome"}."""
        carrier, number = str(wanted.get("carrier")), str(wanted.get("number"))
        told = self.store.parcel(carrier, number)
        if told is None:
            return 404, {"code": "parcel-unknown"}
        self.store.forget_plans(carrier, number)
        return 200, {"events": self.live(_parcel(carrier, number, told), str(wanted.get("outcome", "")))}

    def configure(self, wanted: Mapping[str, Any]) -> Answer:
        """Switch faults."""
        self.courier.faults = self.faults.changed(wanted)
        return 200, asdict(self.faults)

    def hurry(self, wanted: Mapping[str, Any]) -> Answer:
        """Change the speed of lives that begin from now on: {"speed": 1440}."""
        speed = float(wanted["speed"])
        if not 0 < speed <= 1_000_000:
            raise ValueError("speed lies between 0 and 1,000,000")
        self.speed = speed
        return 200, {"speed": speed}


_VIETTEL: Final[Mapping[str, str]] = {
    "X-CANC": "503", "X-RTN": "502", "X-RTA": "504", "X-EDIT": "202", "EDG": "500", "EMI": "501"}  # fmt: skip


def said_by(carrier: str, code: str) -> str:
    """Viettel Post has numbers where the others use the UPU's codes."""
    return _VIETTEL.get(code, code) if carrier == "vtpost" else code


def _parcel(carrier: str, number: str, told: Mapping[str, Any]) -> Told:
    return Told(number, carrier, str(told["direction"]), str(told["sender"]["commune"]), str(told["receiver"]["name"]),
                str(told["receiver"]["commune"]))  # fmt: skip
