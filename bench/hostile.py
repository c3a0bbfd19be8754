"""Ten thousand bad messages to the webhook while good ones go on: what is answered, and what the good ones feel.

Both kinds come at a pace of their own, as from other machines; a message's time counts from when it was due. All good
ones are signed events of parcels that exist, sent to the project's own web server.
"""

import time
from collections import Counter
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from random import Random
from typing import Any, Final

import orjson
from django.conf import settings

from bench import web
from bench.bad_messages import bad_messages
from bench.delivery import CARRIER, event_of, fill, number_of
from bench.rounds import Fact, Result
from bench.web import Web, request
from delivery.models.events import TrackingEvent
from delivery.queries.verification import differences
from delivery.rules.signatures import HEADER, sign

JOB: Final = "bad webhooks"
PARCELS: Final = 5000
GOOD_A_SECOND: Final = 20
BAD_A_SECOND: Final = 100
WARMING: Final = 100
AT_ONCE: Final = 2000
"""Bad messages of one portion; each portion is signed when it begins."""


def attacked(bad: int, good: int, processes: int) -> list[Result]:
    """`good` messages alone, then `good` or more for as long as `bad` bad ones come."""
    fill(parcels=PARCELS)
    server = web.project(processes)
    server.load(_good(WARMING))
    alone = server.load(_good(good), a_second=GOOD_A_SECOND)
    together, statuses = _together(server, bad, good)
    normal, disturbed = _p99(alone["latencies"]), _p99(together["latencies"])
    taken = good + sum(together["statuses"].values()) + WARMING
    return [
        Fact(JOB, "malformed, unsigned, stale and oversized messages", sum(statuses.values()), str(bad)),
        Fact(JOB, "answers of 500 and more", sum(many for status, many in statuses.items() if status >= 500), "0"),
        Fact(JOB, "their statuses", ", ".join(f"{status}: {many}" for status, many in sorted(statuses.items()))),
        Fact(JOB, "healthy p99 alone, ms", normal),
        Fact(JOB, "healthy p99 among them, ms", disturbed, f"< {round(2 * normal, 1)}"),
        Fact(JOB, "healthy p99 among them against alone", round(disturbed / normal, 2), "< 2"),
        Fact(JOB, "healthy messages refused", _refused(alone) + _refused(together), "0"),
        Fact(JOB, "events kept equal to healthy messages", TrackingEvent.objects.count(), str(taken)),
        Fact(JOB, "all stand right", str(differences() == [])),
    ]  # fmt: skip


def _together(server: Web, bad: int, good: int) -> tuple[Mapping[str, Any], Counter[int]]:
    with ThreadPoolExecutor(1) as other:
        lasting = max(good, bad * GOOD_A_SECOND // BAD_A_SECOND)
        healthy = other.submit(server.load, _good(lasting), a_second=GOOD_A_SECOND)
        statuses: Counter[int] = Counter()
        for start in range(0, bad, AT_ONCE):
            told = server.load(_bad(min(AT_ONCE, bad - start), start), raw=True, a_second=BAD_A_SECOND)
            statuses.update({int(status): many for status, many in told["statuses"].items()})
        return healthy.result(), statuses


def _good(many: int) -> list[str]:
    seeded, secret = Random(many), _secret()
    bodies = [orjson.dumps(event_of(number_of(seeded.randrange(PARCELS)), seeded)) for _ in range(many)]
    now = int(time.time())
    return [_request(body.decode(), {HEADER: sign(body, secret=secret, at=now)}) for body in bodies]


def _bad(many: int, seed: int) -> list[str]:
    found = bad_messages(many, number=number_of(1), secret=_secret(), at=int(time.time()), seed=seed)
    return [_raw(each.body, each.headers) for each in found]


def _request(body: str, headers: Mapping[str, str]) -> str:
    return request("POST", f"/api/v1/carriers/{CARRIER}/events", body=body, headers=headers)


def _raw(body: bytes, headers: Mapping[str, str]) -> str:
    """A request of which each character is one byte."""
    head = request("POST", f"/api/v1/carriers/{CARRIER}/events", body="",
                   headers={**headers, "Content-Length": str(len(body))})  # fmt: skip
    return head + body.decode("latin-1")


def _secret() -> str:
    return str(settings.WARDPOST_CARRIER_SECRETS[CARRIER].split()[0])


def _refused(told: Mapping[str, Any]) -> int:
    return sum(many for status, many in told["statuses"].items() if not status.startswith("2"))


def _p99(latencies: Sequence[float]) -> float:
    ordered = sorted(latencies)
    return round(ordered[min(len(ordered) - 1, int(len(ordered) * 0.99))] * 1000, 1)
