"""The simulator's HTTP side: what adapters ask, switches for faults, and a page that says what it is."""

import json
import threading
import time
from collections.abc import Mapping
from dataclasses import asdict
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final

from delivery.carriers.signing import signed_part
from delivery.rules.signatures import HEADER, Verdict, judge
from delivery.simulator.desk import Answer, Simulator
from delivery.simulator.dialects import Asked, Dialect, lgsp, signed, viettel
from delivery.simulator.page import render

LARGEST_BODY: Final = 1_000_000
DIALECTS: Final[Mapping[str, tuple[Dialect, ...]]] = {
    "vnpost": (lgsp.answer, signed.answer), "vtpost": (viettel.answer, signed.answer)}  # fmt: skip
"""How each carrier may be spoken to; any other one speaks our own form."""
_UNSIGNED: Final = {"tracking": "tracking", "traces": "traces", "Login": "login"}
"""Last part of the address → what the signature is about, where that is no number."""


class Handler(BaseHTTPRequestHandler):
    """`/carriers/{carrier}/…` for the other side, `/admin/…` for whoever sits at this machine."""

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
            case ["admin", "instructions"]:
                self._send(200, self.simulator.store.instructions())
            case ["carriers", carrier, *path]:
                self._for_carrier(carrier, tuple(path), b"")
            case _:
                self._send(404, {"code": "not-found"})

    def do_PUT(self) -> None:
        self._with_body()

    def do_POST(self) -> None:
        if not self.path.startswith("/admin/"):
            self._with_body()
            return
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

    def _with_body(self) -> None:
        body = self._body()
        match self.path.strip("/").split("/"):
            case ["carriers", carrier, *path] if body is not None:
                self._for_carrier(carrier, tuple(path), body)
            case _:
                self._send(404 if body is not None else 413, {"code": "not-found"})

    def _for_carrier(self, carrier: str, path: tuple[str, ...], body: bytes) -> None:
        faults = self.simulator.faults
        if faults.slow_seconds:
            time.sleep(faults.slow_seconds)
        if faults.down:
            self._send(503, {"code": "down"})
        elif faults.error_bodies:
            self._send(200, "<html>Bảo trì hệ thống</html>", "text/html")
        elif (told := _told(body)) is None:
            self._send(422, {"code": "consignment-malformed"})
        elif not self._is_signed(carrier, _subject(path, told), body):
            self._send(401, {"code": "signature"})
        else:
            self._answer(Asked(carrier, self.command, path, told, dict(self.headers)))

    def _is_signed(self, carrier: str, subject: str, body: bytes) -> bool:
        secret = self.simulator.secrets.get(carrier, "")
        part, header = signed_part(self.command, subject, body), self.headers.get(HEADER, "")
        return bool(secret) and judge(part, header, secrets=[secret], now=int(time.time())) is Verdict.GOOD

    def _answer(self, asked: Asked) -> None:
        answers = (speak(self.simulator, asked) for speak in DIALECTS.get(asked.carrier, (signed.answer,)))
        answer: Answer = next((each for each in answers if each is not None), (404, {"code": "not-found"}))
        if self.simulator.faults.lost_answers and asked.method != "GET":
            self.simulator.configure({"lost_answers": self.simulator.faults.lost_answers - 1})
            answer = 504, {"code": "gateway-timeout"}
        self._send(*answer)

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


def _told(body: bytes) -> dict[str, Any] | None:
    try:
        told = json.loads(body or b"{}")
    except ValueError:
        return None
    return told if isinstance(told, dict) else None


def _subject(path: tuple[str, ...], told: Mapping[str, Any]) -> str:
    """What the signature must be about: the parcel's number, wherever it stands."""
    if not path or path[-1] in _UNSIGNED:
        return _UNSIGNED.get(path[-1], "") if path else ""
    if len(path) > 1 and path[0] in {"parcels", "orders"}:
        return path[1]
    return str(told.get("ItemCode") or told.get("ORDER_REFERENCE") or "")


def serve(simulator: Simulator, host: str, port: int) -> ThreadingHTTPServer:
    """The server, bound and with its courier at work; the caller runs `serve_forever`."""
    handler = type("BoundHandler", (Handler,), {"simulator": simulator})
    server = ThreadingHTTPServer((host, port), handler)
    server.daemon_threads = True
    threading.Thread(target=simulator.courier.run, name="courier", daemon=True).start()
    return server
