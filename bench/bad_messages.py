"""What comes to a carrier's webhook and should not: malformed, unsigned, stale and oversized, from one seed."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from random import Random
from typing import Any, Final

from delivery.carriers.messages import MOST_EVENTS
from delivery.rules.signatures import HEADER, sign
from shared.json_body import LARGEST_BODY

STALE_SECONDS: Final = 3600
_WRONG: Final[tuple[dict[str, Any], ...]] = (
    {"event_id": ""}, {"event_id": 7}, {"number": "../../etc/passwd"}, {"code": "<script>"}, {"occurred_at": "soon"},
    {"occurred_at": 1768357200}, {"occurred_at": "9999-12-31T23:59:59-07:00"}, {"surprise": 1}, {"note": "nul\x00"},
    {"office": "a" * 5000}, {"receiver": {"name": ""}}, {"receiver": [[[]]]}, {"events": []}, {"events": "all"},
    {"events": [{}] * (MOST_EVENTS + 1)},
)  # fmt: skip
_NO_JSON: Final = (
    b"", b"{", b"null", b"[]", b'"x"', b"\xff\xfe", b"\xef\xbb\xbf{}", b'{"event_id":"a","event_id":"b"}', b"[" * 3000,
    b'{"a":' * 500 + b"1" + b"}" * 500, b'{"events": 1e999}', b'{"events":[NaN]}', b'{"events":["\\ud800"]}',
)  # fmt: skip
_NO_SIGNATURE: Final = ("", "nonsense", "t=1,v1=short", "v1=" + "0" * 64, "t=9" * 300, "t={at},v1=" + "0" * 64,
                        "t={at}," + ",".join(["v1=" + "0" * 64] * 6))  # fmt: skip


@dataclass(frozen=True, slots=True)
class BadMessage:
    """`kind`: "malformed", "unsigned", "stale" or "oversized"."""

    kind: str
    body: bytes
    headers: dict[str, str] = field(default_factory=dict)


def bad_messages(count: int, *, number: str, secret: str, at: int, seed: int = 5) -> Iterator[BadMessage]:
    """So many messages of all four kinds about a parcel that exists; one in fifty is too large."""
    seeded = Random(seed)
    good = {"event_id": "bad", "number": number, "code": "EMI", "occurred_at": "2026-01-14T09:00:00+07:00"}
    for position in range(count):
        body = json.dumps(good | {"event_id": f"bad-{position}"}).encode()
        if position % 50 == 0:
            yield BadMessage("oversized", b" " * (LARGEST_BODY + 1 + position), {HEADER: "t=1,v1=" + "0" * 64})
        elif position % 3 == 0:
            yield BadMessage("unsigned", body, {HEADER: seeded.choice(_NO_SIGNATURE).format(at=at)})
        elif position % 3 == 1:
            then = at + seeded.choice((-1, 1)) * STALE_SECONDS
            yield BadMessage("stale", body, {HEADER: sign(body, secret=secret, at=then)})
        else:
            body = _malformed(good, seeded)
            yield BadMessage("malformed", body, {HEADER: sign(body, secret=secret, at=at)})


def _malformed(good: dict[str, Any], seeded: Random) -> bytes:
    """No JSON, an event with something wrong, or one whose bytes were scrambled so that no JSON can be left."""
    way = seeded.randrange(3)
    if way == 0:
        return seeded.choice(_NO_JSON)
    if way == 1:
        return json.dumps(good | seeded.choice(_WRONG)).encode()
    scrambled = bytearray(json.dumps(good).encode())
    for _ in range(seeded.randrange(1, 6)):
        scrambled[seeded.randrange(1, len(scrambled))] = seeded.randrange(0x80, 0xC0)
    return bytes(scrambled)
