"""A gateway for Zalo and SMS that keeps what it got, so that a visitor can read what a citizen would."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from threading import RLock
from typing import Any

from intake.simulators.faults import Faults

type Answer = tuple[int, dict[str, object]]


@dataclass(frozen=True, slots=True)
class Got:
    channel: str
    reference: str
    to: str
    title: str
    text: str
    at: datetime


@dataclass(slots=True)
class GatewayMind:
    """Safe to use from several threads."""

    secret: str = "chi-de-trinh-dien"  # noqa: S105  # of a gateway that does not exist
    faults: Faults = field(default_factory=Faults)
    got: dict[str, Got] = field(default_factory=dict)
    _lock: RLock = field(default_factory=RLock)

    def put(self, channel: str, reference: str, body: dict[str, Any]) -> Answer:
        """Take a message; the same reference again changes nothing."""
        to, text = str(body.get("to", "")), str(body.get("text", ""))
        if not to or not text:
            return 422, {"code": "message-malformed"}
        if to.endswith(self.faults.dead_numbers) and self.faults.dead_numbers:
            return 422, {"code": "number-unknown"}
        with self._lock:
            known = reference in self.got
            self.got.setdefault(reference, Got(channel, reference, to, str(body.get("title", "")), text,
                                               datetime.now(UTC)))
        return (200 if known else 201), {"state": "taken"}

    def get(self, reference: str) -> Answer:
        """What has become of it: delivered, unless its number is one at which nothing arrives."""
        with self._lock:
            message = self.got.get(reference)
        if message is None:
            return 404, {"code": "unknown"}
        if self.faults.lost_numbers and message.to.endswith(self.faults.lost_numbers):
            return 200, {"state": "failed", "code": "not-reachable"}
        return 200, {"state": "delivered"}

    def latest(self, most: int = 40) -> list[Got]:
        with self._lock:
            return list(self.got.values())[-most:][::-1]
