"""Lays the network and plays the story, once per database; says what came of it."""

from collections.abc import Callable
from datetime import datetime

from config.demo import accounts, cast, hue_day, network
from config.demo.timeline import Timeline
from shared import audit
from shared.actors import job
from shared.models.oversight import AuditEntry

STORY = "two-cities-1"
"""Changes when the story does, so that an older demo is recognised."""

type Tell = Callable[[str, int, int], None]
"""Hears of progress: chapter, done, left."""


def is_played() -> bool:
    return AuditEntry.objects.filter(action="demo.played", object_type="demo", object_id=STORY).exists()


def play(*, now: datetime, tell: Tell) -> None:
    """Play what was not played yet. A story that was cut short goes on where natural keys say that it stopped."""
    network.lay_network()
    cast.hire()
    if is_played():
        return
    actors = cast.Cast()
    _chapter("Huế, 01–03/07/2025", lambda timeline: hue_day.plan(timeline, actors), tell)
    audit.record(actor=job("demo"), action="demo.played", object_type="demo", object_id=STORY, at=now)


def _chapter(name: str, plan: Callable[[Timeline], object], tell: Tell) -> None:
    timeline = Timeline()
    plan(timeline)
    timeline.play(told=lambda done, left: tell(name, done, left))


def open_accounts(password: str) -> None:
    accounts.open_accounts(password)
