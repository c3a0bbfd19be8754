"""What happens to a parcel between the counter and the door, told as a carrier would tell it. Pure and seeded."""

import random
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Final, Protocol

from delivery.rules import Direction
from delivery.rules.transit import WORKING_DAYS
from shared.calendar import WorkCalendar, at_local, local


class Ending(StrEnum):
    """How a life ends."""

    DELIVERED = "delivered"
    SECOND_ATTEMPT = "second_attempt"
    """Nobody at home at first; met two working days later."""
    COLLECTED = "collected"
    """Nobody at home; fetched at the post office."""
    RETURNED = "returned"
    """Nobody at home twice, two working days apart; brought back to the authority."""
    LOST = "lost"


USUAL: Final[Mapping[Ending, int]] = MappingProxyType({
    Ending.DELIVERED: 90, Ending.SECOND_ATTEMPT: 5, Ending.COLLECTED: 3, Ending.RETURNED: 2,
})
"""How often each ending comes, of a hundred."""

# What Viettel Post says where others use the UPU's codes.
_VIETTEL: Final[Mapping[str, str]] = MappingProxyType({
    "EMA": "200", "EDE": "300", "EDD": "400", "EMG": "400", "EDG": "500", "EMI": "501", "EMH": "506", "EDH": "507",
    "X-RTN": "505", "X-RTA": "504",
})  # fmt: skip

_OFFICER: Final[Mapping[str, str]] = MappingProxyType(
    {"name": "Cán bộ tiếp nhận", "relation": "centre_officer", "id_kind": "", "method": "joint_minutes"}
)


class LivingParcel(Protocol):
    """What a life depends on; delivery.records.ParcelInfo is one."""

    @property
    def number(self) -> str: ...
    @property
    def carrier(self) -> str: ...
    @property
    def direction(self) -> str: ...
    @property
    def zone(self) -> str: ...
    @property
    def origin_place(self) -> str: ...
    @property
    def recipient_name(self) -> str: ...
    @property
    def recipient_place(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Stop:
    code: str
    at: datetime
    office: str = ""
    note: str = ""
    receiver: Mapping[str, str] | None = None


def usual_ending(seed: int | str) -> Ending:
    """An ending drawn by `seed`, as often as in life."""
    return random.Random(f"ending:{seed}").choices(list(USUAL), list(USUAL.values()))[0]  # noqa: S311  # a story


def play_life(
    parcel: LivingParcel, start_at: datetime, outcome: str = "", seed: int | str = 0,
    calendar: WorkCalendar | None = None, *, days_late: int = 0,
) -> list[dict[str, Any]]:  # fmt: skip
    """The events of a parcel handed to its carrier at `start_at`, in the order they happen, as the webhook takes them.

    The same arguments give the same events with the same ids, so sending them again changes nothing. Deliveries keep
    the promised time, or miss it by `days_late` working days. `outcome` is one of `Ending`; empty: drawn by `seed` and
    number.
    """
    ending = Ending(outcome) if outcome else usual_ending(f"{seed}:{parcel.number}")
    life = _Life(parcel, random.Random(f"{seed}:{parcel.number}"), calendar or WorkCalendar(), days_late)  # noqa: S311
    return [_event(parcel, seed, position, stop) for position, stop in enumerate(life.stops(start_at, ending))]


def _event(parcel: LivingParcel, seed: int | str, position: int, stop: Stop) -> dict[str, Any]:
    said = _VIETTEL.get(stop.code, stop.code) if parcel.carrier == "vtpost" else stop.code
    event: dict[str, Any] = {
        "event_id": f"{parcel.number}-{seed}-{position}", "number": parcel.number, "code": said,
        "occurred_at": stop.at.isoformat(timespec="seconds"), "office": stop.office[:120]}  # fmt: skip
    if stop.note:
        event["note"] = stop.note
    if stop.receiver:
        event["receiver"] = dict(stop.receiver)
    return event


@dataclass(frozen=True, slots=True)
class _Life:
    parcel: LivingParcel
    seeded: random.Random
    calendar: WorkCalendar
    days_late: int = 0

    def stops(self, start_at: datetime, ending: Ending) -> Iterator[Stop]:
        origin = f"Bưu cục {self.parcel.origin_place}"
        accepted_at = start_at + self._minutes(15, 60)
        if self.parcel.direction == Direction.DOSSIER:
            yield Stop("X-SEAL", accepted_at - timedelta(minutes=4), origin)
        yield Stop("EMA", accepted_at, origin)
        yield from self._carriage(accepted_at)
        if ending is Ending.LOST:
            yield Stop("X-LOST", self._on(self._days_later(accepted_at, 6), 9, 17), "Trung tâm khai thác")
            return
        arrival = self._days_later(accepted_at, self._travel_days())
        endings: Mapping[Ending, Callable[[date], Iterator[Stop]]] = {
            Ending.DELIVERED: self._met, Ending.SECOND_ATTEMPT: self._met_later, Ending.COLLECTED: self._collected,
            Ending.RETURNED: self._returned}  # fmt: skip
        yield Stop("EMG", self._on(arrival, 6, 7), self._depot())
        yield from endings[ending](arrival)

    def _carriage(self, accepted_at: datetime) -> Iterator[Stop]:
        """Through a sorting centre the same evening; parcels for the neighbourhood skip it."""
        if self.parcel.zone != "intra_district":
            evening = max(self._on(local(accepted_at).date(), 18, 19), accepted_at + timedelta(minutes=40))
            yield Stop("EDD", evening, "Trung tâm khai thác")
            yield Stop("EDE", evening + self._minutes(90, 200), "Trung tâm khai thác")

    def _met(self, day: date) -> Iterator[Stop]:
        yield Stop("EDG", self._on(day, 8, 9), self._depot())
        yield from self._hand_over(self._on(day, 9, 16))

    def _missed(self, day: date) -> Iterator[Stop]:
        yield Stop("EDG", self._on(day, 8, 9), self._depot())
        yield Stop("EMH", self._on(day, 9, 16), self._depot(), "Không gặp người nhận, đã gửi giấy mời")

    def _met_later(self, day: date) -> Iterator[Stop]:
        yield from self._missed(day)
        yield from self._met(self.calendar.due_date(day, 2))

    def _collected(self, day: date) -> Iterator[Stop]:
        yield from self._missed(day)
        next_day = self.calendar.next_working(day)
        yield Stop("EDH", self._on(next_day, 7, 8), self._depot())
        yield from self._hand_over(self._on(next_day, 9, 16))

    def _returned(self, day: date) -> Iterator[Stop]:
        second = self.calendar.due_date(day, 2)
        back = self.calendar.due_date(second, 2)
        yield from self._missed(day)
        yield from self._missed(second)
        yield Stop("X-RTN", self._on(back, 7, 8), self._depot())
        yield Stop("X-RTA", self._on(self.calendar.next_working(back), 9, 16), f"Bưu cục {self.parcel.origin_place}")

    def _hand_over(self, at: datetime) -> Iterator[Stop]:
        if self.parcel.direction == Direction.DOSSIER:
            yield Stop("X-BBGN", at - timedelta(minutes=3), self._depot())
            yield Stop("EMI", at, self._depot(), receiver=_OFFICER)
            return
        yield Stop("EMI", at, self._depot(), receiver=self._receiver())

    def _receiver(self) -> Mapping[str, str]:
        relation = self.seeded.choices(["self", "spouse", "child", "parent"], [80, 9, 7, 4])[0]
        name = self.parcel.recipient_name if relation == "self" else f"Người nhà {self.parcel.recipient_name}"
        method = self.seeded.choice(["signature", "otp"])
        return {"name": name[:160], "relation": relation, "id_kind": "cccd", "method": method}

    def _travel_days(self) -> int:
        """Working days to the door; never more than promised, but for those it is late by."""
        promised, early = WORKING_DAYS.get(self.parcel.zone, 2), self.seeded.choice([0, 0, 1])
        return promised + self.days_late if self.days_late else max(1, promised - early)

    def _depot(self) -> str:
        return f"Bưu cục phát {self.parcel.recipient_place}"

    def _days_later(self, moment: datetime, working_days: int) -> date:
        return self.calendar.due_date(local(moment).date(), working_days)

    def _on(self, day: date, first_hour: int, last_hour: int) -> datetime:
        """A moment of `day` between two hours, by the seed."""
        minutes = self.seeded.randrange((last_hour - first_hour) * 60)
        return at_local(day, time(first_hour)) + timedelta(minutes=minutes, seconds=self.seeded.randrange(60))

    def _minutes(self, least: int, most: int) -> timedelta:
        return timedelta(minutes=self.seeded.randint(least, most))
