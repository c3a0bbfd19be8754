"""Lays the network and plays the story, once per database."""

from collections.abc import Callable
from datetime import datetime
from typing import Final

from config.demo import accounts, cast, hue_day, network
from config.demo.timeline import Timeline
from shared import audit
from shared.actors import job
from shared.models.oversight import AuditEntry

STORY: Final = "two-cities-1"
"""Changes when the story does, so that an older demo is recognised."""

type Tell = Callable[[str, int, int], None]
"""Hears of progress: chapter, done, left."""


def is_played(chapter: str) -> bool:
    return AuditEntry.objects.filter(action="demo.played", object_type=STORY, object_id=chapter).exists()


def play(*, address: str, now: datetime, tell: Tell) -> None:
    """Play the chapters not played yet. `address` is where this house's own API takes the carrier's events."""
    network.lay_network()
    cast.hire()
    accounts.open_accounts()
    actors = cast.Cast()
    _chapter("Huế 01–03/07/2025", lambda timeline: hue_day.plan(timeline, actors), now, tell, waits=False)


def _chapter(name: str, plan: Callable[[Timeline], object], now: datetime, tell: Tell, *, waits: bool) -> None:
    if is_played(name):
        return
    timeline = Timeline()
    plan(timeline)
    timeline.play(told=lambda done, left: tell(name, done, left), waits=waits)
    audit.record(actor=job("demo"), action="demo.played", object_type=STORY, object_id=name, at=now)
