"""200,000 live parcels of a carrier asked about at the rate that it bears, minute by minute on a simulated clock.

The carrier is a stand-in that answers at once, so what is measured is ours: how many questions a round takes, in how
many simulated minutes it ends, and whether a minute's work is done in less than a minute of this machine.
"""

import time
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from bench.delivery import fill
from bench.meter import cost_of
from bench.rounds import Fact, Result
from delivery.carriers.adapter import adapter_of
from delivery.carriers.protocol import Answer, Consignment, Instruction, Outcome, Polled
from delivery.models.lines import CarrierLine, PollRound
from delivery.operations.polling import poll_carrier
from delivery.queries.verification import differences
from delivery.rules.lines import ROUND_EVERY
from shared.calendar import LOCAL_ZONE

JOB: Final = "poll"
CARRIERS: Final = ("vnpost", "vtpost")
STARTED: Final = datetime(2026, 1, 20, 8, 0, tzinfo=LOCAL_ZONE)
ACCEPTED: Final = {"vnpost": "EMA", "vtpost": "200"}
NEWS_OF_ONE_IN: Final = 5
"""So many parcels have an event that the carrier never pushed."""


class Standin:
    """A carrier that answers every question at once: one in five parcels was accepted."""

    def __init__(self, code: str) -> None:
        self.code = code

    def poll(self, numbers: Sequence[str]) -> Polled:
        return Polled(True, [self._event(number) for number in numbers if int(number[2:11]) % NEWS_OF_ONE_IN == 0])

    def _event(self, number: str) -> dict[str, Any]:
        return {"event_id": f"poll-{number}", "number": number, "code": ACCEPTED[self.code],
                "occurred_at": (STARTED - timedelta(hours=3)).isoformat(), "office": "Hà Nội"}  # fmt: skip

    def book(self, consignment: Consignment) -> Answer:
        return Answer(Outcome.BOOKED)

    def find(self, number: str) -> Answer:
        return Answer(Outcome.BOOKED)

    def instruct(self, instruction: Instruction) -> Answer:
        return Answer(Outcome.BOOKED)

    def find_instruction(self, instruction: Instruction) -> Answer:
        return Answer(Outcome.BOOKED)


def polled(parcels: int) -> list[Result]:
    """A whole round for each carrier with so many live parcels."""
    return [fact for carrier in CARRIERS for fact in _round(carrier, parcels)]


def _round(carrier: str, parcels: int) -> list[Result]:
    fill(parcels=parcels, carrier=carrier)
    PollRound.objects.filter(carrier=carrier).delete()
    CarrierLine.objects.filter(carrier=carrier).delete()
    minutes: list[tuple[int, float]] = []
    cost = cost_of(lambda: minutes.extend(_walk(carrier)))
    walked = PollRound.objects.get(carrier=carrier)
    most, rate = max(asked for asked, _ in minutes), adapter_of(carrier).polls_a_minute
    within = int(ROUND_EVERY.total_seconds() // 60)
    return [
        Fact(JOB, f"{carrier}: simulated minutes for {parcels:,} live parcels", len(minutes), f"≤ {within}"),
        Fact(JOB, f"{carrier}: parcels asked about equal to all", walked.parcels, str(parcels)),
        Fact(JOB, f"{carrier}: unpushed events equal to those learned", walked.learned,
             str(-(-parcels // NEWS_OF_ONE_IN))),
        Fact(JOB, f"{carrier}: questions in the busiest minute", most, f"≤ {rate}"),
        Fact(JOB, f"{carrier}: seconds of the slowest minute's work", round(max(took for _, took in minutes), 2),
             "< 45"),
        Fact(JOB, f"{carrier}: CPU of a parcel asked about, µs", round(cost.cpu / parcels * 1e6, 1)),
        Fact(JOB, f"{carrier}: all stand right", str(differences() == [])),
    ]  # fmt: skip


def _walk(carrier: str) -> list[tuple[int, float]]:
    """Minute after minute until the round has ended; each minute's questions and seconds of work.

    Raises:
        RuntimeError: the round has not ended when the next one is due.
    """
    line, minutes = Standin(carrier), []
    for minute in range(int(ROUND_EVERY.total_seconds() // 60)):
        started = time.perf_counter()
        asked = poll_carrier(carrier, line, at=STARTED + timedelta(minutes=minute))
        minutes.append((asked, time.perf_counter() - started))
        if PollRound.objects.filter(carrier=carrier).exclude(ended_at=None).exists():
            return minutes
    raise RuntimeError(f"{carrier}'s round did not end within {ROUND_EVERY}.")
