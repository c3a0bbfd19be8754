"""A carrier's booking interface over HTTP, signed as its webhooks to us are.

`PUT {base}/parcels/{number}` with the consignment is idempotent by the number; `GET` of the same address says whether
the carrier has it. A real carrier with an interface of its own gets an adapter beside this one.
"""

from dataclasses import dataclass
from functools import cache
from time import time
from typing import Any, Final

import httpx
import orjson

from delivery.carriers.known import KnownCarrier
from delivery.carriers.protocol import Answer, Carrier, Consignment, Outcome
from delivery.carriers.signing import signed_part
from delivery.rules.signatures import HEADER, sign

TIMEOUTS: Final = httpx.Timeout(8.0, connect=2.0)
_TAKEN: Final = frozenset({200, 201, 204})
_REFUSING: Final = frozenset({400, 404, 409, 410, 413, 415, 422})


@dataclass(frozen=True, slots=True)
class SignedHttpCarrier:
    carrier: KnownCarrier
    client: httpx.Client

    def book(self, consignment: Consignment) -> Answer:
        body = orjson.dumps(consignment)
        answer = self._ask("PUT", consignment.number, body)
        if isinstance(answer, Answer):
            return answer
        if answer.status_code in _TAKEN:
            return Answer(Outcome.BOOKED)
        outcome = Outcome.REFUSED if answer.status_code in _REFUSING else Outcome.UNKNOWN
        return Answer(outcome, f"HTTP {answer.status_code}: {_code(answer)}")

    def find(self, number: str) -> Answer:
        answer = self._ask("GET", number, b"")
        if isinstance(answer, Answer):
            return answer
        if answer.status_code in _TAKEN:
            return Answer(Outcome.BOOKED)
        outcome = Outcome.REFUSED if answer.status_code == httpx.codes.NOT_FOUND else Outcome.UNKNOWN
        return Answer(outcome, f"HTTP {answer.status_code}")

    def _ask(self, method: str, number: str, body: bytes) -> httpx.Response | Answer:
        url = f"{self.carrier.booking_url}/parcels/{number}"
        signed = signed_part(method, number, body)
        signature = sign(signed, secret=self.carrier.secrets[0], at=int(time()))
        headers = {HEADER: signature, "Content-Type": "application/json"}
        try:
            return self.client.request(method, url, content=body, headers=headers)
        except httpx.HTTPError as error:
            return Answer(Outcome.UNKNOWN, type(error).__name__)


def adapter_of(carrier: KnownCarrier) -> Carrier | None:
    """How to speak with a carrier; None when it has no interface and is told by paper and file."""
    return SignedHttpCarrier(carrier, _client()) if carrier.booking_url else None


@cache
def _client() -> httpx.Client:
    """One pool of connections per process; no proxies, no redirects: the settings name whom we ask."""
    return httpx.Client(timeout=TIMEOUTS, trust_env=False, follow_redirects=False)


def _code(answer: httpx.Response) -> str:
    """The problem's code, if the answer has one; its words may hold personal data and are left out."""
    try:
        told: Any = answer.json()
    except ValueError:
        return ""
    return str(told.get("code", ""))[:60] if isinstance(told, dict) else ""
