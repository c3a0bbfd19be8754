"""How every adapter asks over HTTP: one pool, short patience, signed as carriers' webhooks to us are."""

from collections.abc import Mapping
from functools import cache
from time import time
from typing import Any, Final

import httpx
import orjson

from delivery.carriers.known import KnownCarrier
from delivery.carriers.protocol import Answer, Outcome
from delivery.carriers.signing import signed_part
from delivery.rules.signatures import HEADER, sign

TIMEOUTS: Final = httpx.Timeout(8.0, connect=2.0)
LARGEST_ANSWER: Final = 4_000_000
REFUSING: Final = frozenset({400, 404, 409, 410, 413, 415, 422})
"""What it says by these it would say again."""


@cache
def _client() -> httpx.Client:
    """One pool of connections per process; no proxies, no redirects: the settings name whom we ask."""
    return httpx.Client(timeout=TIMEOUTS, trust_env=False, follow_redirects=False)


def ask(carrier: KnownCarrier, method: str, path: str, subject: str, *, content: object = None,
        headers: Mapping[str, str] | None = None) -> httpx.Response | Answer:
    """The carrier's answer, or an UNKNOWN one. `subject` is what the signature says that this is about."""
    body = b"" if content is None else orjson.dumps(content)
    signature = sign(signed_part(method, subject, body), secret=carrier.secrets[0], at=int(time()))
    told = {HEADER: signature, "Content-Type": "application/json", **(headers or {})}
    try:
        answer = _client().request(method, f"{carrier.booking_url}{path}", content=body, headers=told)
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        return Answer(Outcome.UNKNOWN, type(error).__name__)
    if len(answer.content) > LARGEST_ANSWER:
        return Answer(Outcome.UNKNOWN, "answer too large")
    return answer


def data_of(answer: httpx.Response) -> dict[str, Any]:
    """The answer's JSON object; empty when it is none, such as the page of a gateway that pretends to be it."""
    try:
        told: Any = answer.json()
    except ValueError:
        return {}
    return told if isinstance(told, dict) else {}


def unsaid(answer: httpx.Response) -> Answer:
    """For an answer that does not say: refused where the status does, unknown where it does not."""
    outcome = Outcome.REFUSED if answer.status_code in REFUSING else Outcome.UNKNOWN
    return Answer(outcome, f"HTTP {answer.status_code}: {str(data_of(answer).get('code', ''))[:60]}")
