"""Sends events, signed, and again until they are taken."""

import hmac
import json
import random
import threading
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Final

import httpx

from billing.simulator.service import Service
from billing.simulator.store import Message

LOOK_EVERY_SECONDS: Final = 0.1
LONGEST_PAUSE_SECONDS: Final = 60.0
GIVES_UP_AFTER: Final = 30


def signed(body: bytes, *, secret: str, at: int) -> str:
    """The header by which a message is known to be the service's."""
    mac = hmac.new(secret.encode(), f"{at}.".encode() + body, sha256).hexdigest()
    return f"t={at},v1={mac}"


@dataclass(slots=True)
class Courier:
    """`callback` is where the other side takes events."""

    service: Service
    callback: str
    secret: str
    client: httpx.Client = field(default_factory=lambda: httpx.Client(timeout=10.0, trust_env=False))
    _stopping: threading.Event = field(default_factory=threading.Event)

    def run(self) -> None:
        """Work until told to stop."""
        while not self._stopping.is_set():
            if not self.send_due():
                self._stopping.wait(LOOK_EVERY_SECONDS)

    def stop(self) -> None:
        self._stopping.set()

    def send_due(self) -> int:
        """Send what is due now; returns how many messages were tried."""
        faults, store = self.service.faults, self.service.store
        if faults.down or faults.never_sent:
            return 0
        with store.lock:
            self.service.ripen()
            now = self.service.clock()
            due = [each for each in store.messages if each.state == "waiting" and each.due <= now]
        if faults.shuffle:
            random.shuffle(due)
        for message in due:
            self._send(message)
        if due:
            with store.lock:
                store.save()
        return len(due)

    def _send(self, message: Message) -> None:
        event = self.service.store.get("event", message.event_id)
        if event is None:
            message.state = "lost"
            return
        body = json.dumps(event, ensure_ascii=False).encode()
        if self.service.faults.bad_signatures:
            self._post(body, secret="whsec_somebody_elses")  # noqa: S106  # wrong on purpose
        for _ in range(self.service.faults.duplicates):
            self._post(body)
        status = self._post(body)
        message.attempts += 1
        if status is not None and 200 <= status < 300:
            message.state = "taken"
        elif message.attempts >= GIVES_UP_AFTER:
            message.state = "given up"
        else:
            message.due = self.service.clock() + min(LONGEST_PAUSE_SECONDS, 2.0 ** min(message.attempts, 6))

    def _post(self, body: bytes, secret: str = "") -> int | None:
        """The answer's status; None when there was none."""
        header = signed(body, secret=secret or self.secret, at=self.service.now())
        try:
            answer = self.client.post(self.callback, content=body, headers={
                "Stripe-Signature": header, "Content-Type": "application/json; charset=utf-8"})
        except httpx.HTTPError:
            return None
        return answer.status_code
