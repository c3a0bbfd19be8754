"""Three days in Huế, played at the centres' counters: 1 to 3 July 2025, and what was left of them later that month."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Final
from uuid import UUID, uuid5

from config.demo import hue_figures as figures
from config.demo.cast import Cast
from config.demo.citizens import as_typed, registered
from config.demo.people import Person, people
from config.demo.timeline import Timeline
from intake.operations import counter_reception, resolution
from shared.actors import Actor
from shared.calendar import at_local

_STORY: Final = UUID("5b0d6c1e-7a52-4f10-9c5e-3a5b5a2f0703")
_DAYS: Final = (date(2025, 7, 1), date(2025, 7, 2), date(2025, 7, 3))
_WEIGHTS: Final = (34, 46, 20)
"""How the three days share what was received by 10:00 of the third."""


@dataclass(frozen=True, slots=True)
class Visit:
    """One citizen at one counter. What is not resolved within the three days is resolved later that July."""

    number: int
    commune_code: str
    procedure_code: str
    received_at: datetime
    resolved_at: datetime


def visits() -> list[Visit]:
    """The same 1,379 visits at every call: 1,283 by 10:00 of 3 July 2025, the others after."""
    random = Random("hue-2025-07-03")  # noqa: S311  # a story, not a secret
    dealt = _deal(random)
    early = [
        _early(random, number, commune, code, is_resolved) for number, (commune, code, is_resolved) in enumerate(dealt)
    ]
    return early + [_late(random, len(early) + n) for n in range(figures.AFTERNOON_RECEIVED)]


def _deal(random: Random) -> list[tuple[str, str, bool]]:
    """Commune, procedure and whether resolved by 10:00, so that all three sums come out as they stand."""
    quick = [code for code in figures.QUICK for _ in range(figures.PROCEDURES[code])]
    slow = [code for code, times in figures.PROCEDURES.items() if code not in figures.QUICK for _ in range(times)]
    random.shuffle(quick)
    resolved = [(commune, quick.pop(), True) for commune, times in figures.RESOLVED.items() for _ in range(times)]
    rest = quick + slow
    random.shuffle(rest)
    waiting = [
        (commune, rest.pop(), False)
        for commune, times in figures.RECEIVED.items()
        for _ in range(times - figures.RESOLVED[commune])
    ]
    return resolved + waiting


def _early(random: Random, number: int, commune: str, code: str, is_resolved: bool) -> Visit:  # noqa: FBT001
    day = random.choices(_DAYS, _WEIGHTS)[0]
    latest = 10 * 60 - (35 if is_resolved else 1) if day == _DAYS[-1] else 16 * 60 + 40
    received_at = _working_moment(random, day, latest)
    resolved_at = received_at + timedelta(minutes=random.randrange(12, 31)) if is_resolved else _later(random, code)
    return Visit(number, commune, code, received_at, resolved_at)


def _late(random: Random, number: int) -> Visit:
    commune = random.choices(list(figures.RECEIVED), list(figures.RECEIVED.values()))[0]
    code = random.choice(figures.QUICK)
    received_at = at_local(_DAYS[-1], time(10, 1)) + timedelta(minutes=random.randrange(0, 110))
    is_quick = random.random() < 0.4
    resolved_at = received_at + timedelta(minutes=random.randrange(15, 60)) if is_quick else _later(random, code)
    return Visit(number, commune, code, received_at, resolved_at)


def _later(random: Random, code: str) -> datetime:
    """After the three days: soon for what is due the same day, within July for the rest."""
    days = [_DAYS[-1] + timedelta(days=n) for n in range(1, 6 if code in figures.QUICK else 23)]
    return _working_moment(random, random.choice([day for day in days if day.weekday() < 5]), 16 * 60 + 40)


def _working_moment(random: Random, day: date, latest_minute: int) -> datetime:
    """A moment of `day` in counter hours, from 7:40 until `latest_minute` of the day, never over noon."""
    minutes = [m for m in range(7 * 60 + 40, latest_minute) if not 11 * 60 + 40 <= m < 13 * 60 + 20]
    minute = random.choice(minutes)
    return at_local(day, time(minute // 60, minute % 60, random.randrange(60)))


def plan(timeline: Timeline, cast: Cast) -> int:
    """Put every visit on the timeline; returns how many."""
    crowd = people("hue", "046")
    planned = visits()
    for visit in planned:
        _plan_visit(timeline, visit, next(crowd), cast.officer_in[visit.commune_code])
    return len(planned)


def _plan_visit(timeline: Timeline, visit: Visit, person: Person, officer: Actor) -> None:
    def come(at: datetime) -> None:
        citizen_id = registered(as_typed(person, visit.commune_code), officer, at)
        dossier = counter_reception.receive_at_counter(_counter(visit, citizen_id), by=officer, at=at)
        if dossier.resolved_at is None:
            timeline.plan(visit.resolved_at, lambda then: _resolve(dossier.id, visit, person.full_name, officer, then))

    timeline.plan(visit.received_at, come)


def _counter(visit: Visit, citizen_id: UUID) -> counter_reception.CounterInput:
    return counter_reception.CounterInput(
        client_ref=uuid5(_STORY, f"visit-{visit.number}"),
        citizen_id=citizen_id,
        procedure_code=visit.procedure_code,
        collect_reason="Nhận tại quầy trong những ngày đầu",
        copies=1 + visit.number % 3 if visit.procedure_code == "2.000815" else 1,
    )


def _resolve(dossier_id: UUID, visit: Visit, receiver: str, officer: Actor, at: datetime) -> None:
    resolution.resolve(
        dossier_id=dossier_id,
        decision_number=f"{visit.number + 1}/UBND",
        summary="Đã giải quyết theo đề nghị",
        by=officer,
        at=at,
    )
    resolution.hand_over_result(
        dossier_id=dossier_id,
        receiver=resolution.Receiver(receiver, identity="card"),
        by=officer,
        at=at + timedelta(minutes=2),
    )
