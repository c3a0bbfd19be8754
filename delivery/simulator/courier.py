"""Sends what is due, signed, and again until it is taken."""

import json
import random
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

import httpx

from delivery.rules.signatures import HEADER, sign
from delivery.simulator.faults import Faults
from delivery.simulator.store import Message, Store
from delivery.simulator.words import in_own_words

LOOK_EVERY_SECONDS: Final = 0.2
LONGEST_PAUSE_SECONDS: Final = 60.0
NOT_JSON: Final = b"\x00\xff{\"events\": [nothing"


@dataclass(slots=True)
class Courier:
    """`callback` has `{carrier}` in it; `secrets` sign, by carrier."""

    store: Store
    callback: str
    secrets: Mapping[str, str]
    faults: Faults = field(default_factory=Faults)
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
        if self.faults.down or self.faults.no_push:
            return 0
        messages = self.store.due(time.time())
        for message in messages:
            self._send(message)
        return len(messages)

    def _send(self, message: Message) -> None:
        if self.faults.malformed:
            self._post(message, NOT_JSON)
        if self.faults.bad_signatures:
            self._post(message, message.body, secret="somebody-elses")  # noqa: S106  # wrong on purpose
        body = self._worded(message)
        for _ in range(self.faults.duplicates):
            self._post(message, body)
        status = self._post(message, body)
        self.store.note(message, state=_state(status), answer=str(status or "no answer"),
                        due=time.time() + _pause(message.attempts))  # fmt: skip

    def _worded(self, message: Message) -> bytes:
        told = in_own_words(message.carrier, json.loads(message.body), renumbers=self.faults.renumbers)
        return json.dumps(told, ensure_ascii=False).encode()

    def _post(self, message: Message, body: bytes, secret: str = "") -> int | None:
        """The answer's status; None when there was none."""
        signed = sign(body, secret=secret or self.secrets[message.carrier], at=int(time.time()))
        try:
            answer = self.client.post(self.callback.format(carrier=message.carrier), content=body,
                                      headers={HEADER: signed, "Content-Type": "application/json"})  # fmt: skip
        except httpx.HTTPError:
            return None
        return answer.status_code


def _state(status: int | None) -> str:
    if status in {200, 202}:
        return "taken"
    # What the other side will not take today it will not take tomorrow, unless it asks for patience.
    is_final = status is not None and 400 <= status < 500 and status not in {401, 408, 425, 429}
    return "refused" if is_final else "waiting"


def _pause(attempts: int) -> float:
    return min(LONGEST_PAUSE_SECONDS, 2.0 ** min(attempts, 6)) * random.uniform(0.5, 1.0)  # noqa: S311  # jitter


def secrets_from(text: str) -> dict[str, str]:
    """Carrier to the secret it signs with, from the JSON that the other side has; the first one when there are two."""
    return {carrier: str(secret).split()[0] for carrier, secret in json.loads(text).items() if str(secret).strip()}
