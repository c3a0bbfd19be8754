"""The simulator's HTTP side: bookings, switches for faults, and a page that says what it is."""

import json
import random
import threading
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Final

from delivery.carriers.signing import signed_part
from delivery.rules.signatures import HEADER, Verdict, judge
from delivery.simulator.courier import Courier
from delivery.simulator.faults import Faults, disturb
from delivery.simulator.lives import play_life, usual_ending
from delivery.simulator.page import render
from delivery.simulator.store import Store

LARGEST_BODY: Final = 1_000_000
OLD: Final = timedelta(days=1)
"""A booking older than this is somebody's past that was played elsewhere: it is remembered, and nothing follows."""

type Answer = tuple[int, object]


@dataclass(frozen=True, slots=True)
class Told:
    """A booked parcel, as far as its life depends on it."""

    number: str
    carrier: str
    direction: str
    origin_place: str
    recipient_name: str
    recipient_place: str
    zone: str = "intra_province"


@dataclass(slots=True)
class Simulator:
    """One or several carriers at once. `speed` says how many times faster than life parcels travel."""

    callback: str
    secrets: Mapping[str, str]
    speed: float = 1440.0
    state: Path | None = None
    store: Store = field(init=False)
    courier: Courier = field(init=False)

    def __post_init__(self) -> None:
        self.store = Store(self.state)
        self.courier = Courier(self.store, self.callback, self.secrets)

    @property
    def faults(self) -> Faults:
        return self.courier.faults

    def book(self, carrier: str, number: str, body: bytes) -> Answer:
        """Take a parcel; the same number again changes nothing."""
        try:
            told = json.loads(body)
            parcel = _parcel(carrier, number, told)
            booked_at = datetime.fromisoformat(told["booked_at"])
        except (ValueError, KeyError, TypeError, AttributeError):
            return 422, {"code": "consignment-malformed"}
        if not self.store.keep_parcel(carrier, number, told):
            return 200, {"number": number, "state": "known"}
        if datetime.now(UTC) - booked_at < OLD:
            self.live(parcel, usual_ending(number).value)
        return 201, {"number": number, "state": "booked"}

    def live(self, parcel: Told, ending: str) -> int:
        """Plan a life that begins now, at the simulator's speed; returns how many events it has."""
        now = time.time()
        events = play_life(parcel, datetime.now(UTC), ending, seed=int(now))
        first = datetime.fromisoformat(events[0]["occurred_at"])
        for event in events:
            passed = (datetime.fromisoformat(event["occurred_at"]) - first).total_seconds() / self.speed
            event["occurred_at"] = datetime.fromtimestamp(now + 1 + passed, UTC).isoformat()
        moments = [datetime.fromisoformat(event["occurred_at"]).timestamp() for event in events]
        told = disturb(events, self.faults, random.Random(parcel.number))  # noqa: S311  # a story
        moments += [moments[-1] + 1.0] * (len(told) - len(moments))
        self.store.plan(parcel.carrier, list(zip(moments, told, strict=True)))
        return len(told)

    def play(self, wanted: Mapping[str, Any]) -> Answer:
        """Give a known parcel another ending: {"carrier", "number", "outcome"}."""
        carrier, number = str(wanted.get("carrier")), str(wanted.get("number"))
        told = self.store.parcel(carrier, number)
        if told is None:
            return 404, {"code": "parcel-unknown"}
        self.store.forget_plans(carrier, number)
        return 200, {"events": self.live(_parcel(carrier, number, told), str(wanted.get("outcome", "")))}

    def configure(self, wanted: Mapping[str, Any]) -> Answer:
        """Switch faults."""
        self.courier.faults = self.faults.changed(wanted)
        return 200, asdict(self.faults)

    def hurry(self, wanted: Mapping[str, Any]) -> Answer:
        """Change the speed of lives that begin from now on: {"speed": 1440}."""
        speed = float(wanted["speed"])
        if not 0 < speed <= 1_000_000:
            raise ValueError("speed lies between 0 and 1,000,000")
        self.speed = speed
        return 200, {"speed": speed}


def _parcel(carrier: str, number: str, told: Mapping[str, Any]) -> Told:
    return Told(number, carrier, str(told["direction"]), str(told["sender"]["commune"]), str(told["receiver"]["name"]),
                str(told["receiver"]["commune"]))  # fmt: skip


class Handler(BaseHTTPRequestHandler):
    """`/carriers/{carrier}/parcels/{number}` for the other side, `/admin/…` for whoever sits at this machine."""

    simulator: Simulator
    protocol_version = "HTTP/1.1"
    server_version = "CarrierSimulator"
    timeout = 15

    def do_GET(self) -> None:
        match self.path.strip("/").split("/"):
            case [""]:
                self._send(200, render(self.simulator.speed, self.simulator.faults, self.simulator.store), "text/html")
            case ["health"]:
                self._send(200, {"state": "up"})
            case ["admin", "state"]:
                self._send(200, self.simulator.store.counts() | {"faults": asdict(self.simulator.faults)})
            case ["carriers", carrier, "parcels", number]:
                self._for_carrier(carrier, number, b"")
            case _:
                self._send(404, {"code": "not-found"})

    def do_PUT(self) -> None:
        body = self._body()
        match self.path.strip("/").split("/"):
            case ["carriers", carrier, "parcels", number] if body is not None:
                self._for_carrier(carrier, number, body)
            case _:
                self._send(404 if body is not None else 413, {"code": "not-found"})

    def do_POST(self) -> None:
        body = self._body()
        switches = {"/admin/faults": self.simulator.configure, "/admin/play": self.simulator.play,
                    "/admin/speed": self.simulator.hurry}  # fmt: skip
        # A page elsewhere cannot send this type without asking first, so it cannot play tricks through a browser.
        if body is None or self.path not in switches or self.headers.get_content_type() != "application/json":
            self._send(404, {"code": "not-found"})
            return
        try:
            self._send(*switches[self.path](json.loads(body)))
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            self._send(422, {"code": "not-understood", "detail": str(error)})

    def _for_carrier(self, carrier: str, number: str, body: bytes) -> None:
        simulator, signed = self.simulator, signed_part(self.command, number, body)
        secret = simulator.secrets.get(carrier, "")
        header = self.headers.get(HEADER, "")
        if simulator.faults.slow_seconds:
            time.sleep(simulator.faults.slow_seconds)
        if simulator.faults.down:
            self._send(503, {"code": "down"})
        elif not secret or judge(signed, header, secrets=[secret], now=int(time.time())) is not Verdict.GOOD:
            self._send(401, {"code": "signature"})
        elif self.command == "PUT":
            self._send(*simulator.book(carrier, number, body))
        elif simulator.store.parcel(carrier, number) is None:
            self._send(404, {"code": "parcel-unknown"})
        else:
            self._send(200, {"number": number})

    def _body(self) -> bytes | None:
        length = self.headers.get("Content-Length", "0")
        if not length.isdecimal() or int(length) > LARGEST_BODY:
            self.close_connection = True
            return None
        return self.rfile.read(int(length))

    def _send(self, status: int, answer: object, kind: str = "application/json") -> None:
        body = answer.encode() if isinstance(answer, str) else json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Type", f"{kind}; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  # the base class's name
        """Write nothing: the page tells."""


def serve(simulator: Simulator, host: str, port: int) -> ThreadingHTTPServer:
    """The server, bound and with its courier at work; the caller runs `serve_forever`."""
    handler = type("BoundHandler", (Handler,), {"simulator": simulator})
    server = ThreadingHTTPServer((host, port), handler)
    server.daemon_threads = True
    threading.Thread(target=simulator.courier.run, name="courier", daemon=True).start()
    return server
