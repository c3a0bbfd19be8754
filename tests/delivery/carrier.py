"""A carrier at the webhook: signs and sends as a real one would."""

import json
import time
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from django.conf import settings
from django.test import Client

from delivery.rules.signatures import sign
from tests.factories.parcels import BOOKED_AT

_ids = count(1)
CARRIER = "vnpost"


def secret(carrier: str = CARRIER) -> str:
    return settings.WARDPOST_CARRIER_SECRETS[carrier].split()[0]


def event(number: str, code: str, hours: float = 1, **fields: Any) -> dict[str, Any]:
    """An event so many hours after the booking."""
    return {"event_id": f"e{next(_ids)}", "number": number, "code": code,
            "occurred_at": (BOOKED_AT + timedelta(hours=hours)).isoformat()} | fields


def delivered(number: str, hours: float = 24, name: str = "Nguyễn Thị Thử", **fields: Any) -> dict[str, Any]:
    receiver = {"name": name, "relation": "self", "id_kind": "cccd", "method": "signature"}
    return event(number, "EMI", hours, receiver=receiver, **fields)


def post(client: Client, message: object, *, carrier: str = CARRIER, key: str | None = None, at: float | None = None,
         body: bytes | None = None, **headers: str) -> Any:
    raw = json.dumps(message).encode() if body is None else body
    signed = sign(raw, secret=secret(carrier) if key is None else key, at=int(time.time() if at is None else at))
    return client.post(f"/api/v1/carriers/{carrier}/events", raw, content_type="application/json",
                       headers={"Wardpost-Signature": signed} | headers)


def tell(client: Client, *events: dict[str, Any], carrier: str = CARRIER) -> None:
    """Send events one by one; all are taken."""
    for each in events:
        answer = post(client, each, carrier=carrier)
        assert answer.status_code in {200, 202}, answer.content


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text)
