"""What the service remembers: its objects, its answers by key, and the messages it still has to send."""

import json
from dataclasses import dataclass, field
from pathlib import Path
from threading import RLock
from typing import Any

from billing.simulator.objects import Told


@dataclass(slots=True)
class Message:
    """One event on its way; `due` in seconds since 1970."""

    event_id: str
    due: float
    attempts: int = 0
    state: str = "waiting"


@dataclass(slots=True)
class Store:
    """Use it under its lock. With a path everything outlives the process."""

    path: Path | None = None
    objects: dict[str, dict[str, Told]] = field(default_factory=dict)
    """Kind → id → object, oldest first."""
    answers: dict[str, list[Any]] = field(default_factory=dict)
    """Idempotency key → [fingerprint, status, body]."""
    messages: list[Message] = field(default_factory=list)
    lock: RLock = field(default_factory=RLock)

    def __post_init__(self) -> None:
        if self.path is None or not self.path.exists():
            return
        kept = json.loads(self.path.read_text())
        self.objects, self.answers = kept["objects"], kept["answers"]
        self.messages = [Message(**each) for each in kept["messages"]]

    def put(self, told: Told) -> Told:
        self.objects.setdefault(str(told["object"]), {})[str(told["id"])] = told
        return told

    def get(self, kind: str, own: str) -> Told | None:
        return self.objects.get(kind, {}).get(own)

    def all(self, kind: str) -> list[Told]:
        """Newest first."""
        return list(self.objects.get(kind, {}).values())[::-1]

    def save(self) -> None:
        if self.path is None:
            return
        half_made = self.path.with_suffix(".new")
        half_made.write_text(json.dumps({
            "objects": self.objects, "answers": self.answers,
            "messages": [{"event_id": m.event_id, "due": m.due, "attempts": m.attempts, "state": m.state}
                         for m in self.messages]}))
        half_made.replace(self.path)
