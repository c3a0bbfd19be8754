"""The carriers of the demo: their events come in through the real, signed door of the API."""

import time
from collections.abc import Sequence
from datetime import datetime, timedelta
from types import TracebackType
from typing import Any, Self

import httpx
import orjson
from django.conf import settings

from config.demo.timeline import Timeline
from delivery import public as delivery
from delivery.rules.signatures import HEADER, sign
from delivery.simulator.lives import play_life
from shared.working_days import work_calendar

type Event = dict[str, Any]


class Post:
    """Tells this house's own API what happens to parcels; `address` is where it answers."""

    def __init__(self, address: str) -> None:
        self.api = httpx.Client(base_url=f"{address}/api/v1", timeout=30)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.api.close()

    def carry_to_centre(self, timeline: Timeline, parcel: delivery.ParcelInfo, at: datetime) -> datetime:
        """Carry papers to their centre; returns when postman and centre sign for them."""
        return self._carry(timeline, parcel, at, "delivered")

    def carry_home(
        self, timeline: Timeline, parcel: delivery.ParcelInfo, at: datetime, *, outcome: str, days_late: int = 0
    ) -> datetime:
        """Carry a result home; returns when its journey ends. `outcome` as in hanoi_cases.Case.

        It is late only where it still ends in the month in which it would have ended: months keep their figures.
        """
        return self._carry(timeline, parcel, at, outcome, days_late)

    def _carry(
        self, timeline: Timeline, parcel: delivery.ParcelInfo, at: datetime, outcome: str, days_late: int = 0
    ) -> datetime:
        events = play_life(parcel, at, outcome, seed="demo", calendar=work_calendar())
        late = play_life(parcel, at, outcome, seed="demo", calendar=work_calendar(), days_late=days_late)
        if _month(late) == _month(events):
            events = late
        journey, ending = events[:-1], events[-1:]
        ends_at = datetime.fromisoformat(ending[0]["occurred_at"])
        timeline.plan(at, lambda _then: self._tell(parcel.carrier, journey))
        timeline.plan(ends_at, lambda _then: self._tell(parcel.carrier, ending))
        return ends_at + timedelta(minutes=1)

    def _tell(self, carrier: str, events: Sequence[Event]) -> None:
        body = orjson.dumps({"events": list(events)})
        signature = sign(body, secret=settings.WARDPOST_CARRIER_SECRETS[carrier], at=int(time.time()))
        headers = {HEADER: signature, "Content-Type": "application/json"}
        self.api.post(f"/carriers/{carrier}/events", content=body, headers=headers).raise_for_status()


def _month(events: Sequence[Event]) -> str:
    """In which the last of them happens, local time."""
    return str(events[-1]["occurred_at"])[:7]
