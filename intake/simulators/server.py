"""The HTTP side of both simulators: `/portal/{call}`, `/{channel}/messages/{reference}`, `/admin/…`, and a page that
says that nothing here is real.
"""

import json
import time
from dataclasses import asdict, dataclass, field
from email.parser import BytesParser
from email.policy import HTTP
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final
from urllib.parse import parse_qs

from intake.simulators.gateway import GatewayMind
from intake.simulators.portal import PortalMind

LARGEST_BODY: Final = 40_000_000

_PAGE: Final = """<!doctype html>
<html lang="vi"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="refresh" content="5"><title>Mô phỏng cổng và tin nhắn – Portal and message simulator</title>
<style>
body {{ font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem }}
body {{ color: #1b2327; background: #f5f4f0 }}
.banner {{ border: 3px dashed #874a00; background: #faefdd; padding: 1rem 1.2rem }}
.sms {{ background: #fff; border-radius: 14px; padding: .7rem 1rem; margin: .6rem 0; max-width: 26rem }}
small {{ color: #5f686d }} code {{ overflow-wrap: anywhere }}
</style></head><body>
<div class="banner"><h1>Đây là bản mô phỏng</h1><p>Không có Cổng dịch vụ công hay nhà mạng thật nào ở đây.</p>
<p lang="en"><b>This is a simulator</b> of a national portal and of message gateways.
Nothing leaves this machine.</p></div>
<p>Cổng đang có {dossiers} hồ sơ, {files} tệp.
<span lang="en">The portal holds {dossiers} dossiers, {files} files.</span>
Lỗi đang bật <span lang="en">(faults on)</span>: <code>{faults}</code></p>
<h2>Tin nhắn đã nhận <span lang="en">· messages received</span></h2>{messages}</body></html>
"""


@dataclass(slots=True)
class Simulators:
    portal: PortalMind = field(default_factory=PortalMind)
    gateway: GatewayMind = field(default_factory=GatewayMind)

    def configure(self, which: str, wanted: dict[str, Any]) -> tuple[int, object]:
        """Switch faults of "portal" or "gateway"."""
        mind: PortalMind | GatewayMind = self.portal if which == "portal" else self.gateway
        mind.faults = mind.faults.changed(wanted)
        return 200, asdict(mind.faults)


class Handler(BaseHTTPRequestHandler):
    simulators: Simulators
    protocol_version = "HTTP/1.1"
    server_version = "PortalSimulator"
    timeout = 30

    def do_GET(self) -> None:
        match self.path.strip("/").split("/"):
            case [""]:
                self._send(200, self._page(), "text/html")
            case ["health"]:
                self._send(200, {"state": "up"})
            case [_channel, "messages", reference]:
                self._for_gateway(lambda: self.simulators.gateway.get(reference))
            case _:
                self._send(404, {"code": "not-found"})

    def do_PUT(self) -> None:
        body = self._body()
        match self.path.strip("/").split("/"):
            case [channel, "messages", reference] if body is not None:
                self._for_gateway(lambda: self.simulators.gateway.put(channel, reference, json.loads(body)))
            case _:
                self._send(404, {"code": "not-found"})

    def do_POST(self) -> None:
        body = self._body()
        match self.path.strip("/").split("/"):
            case ["portal", call] if body is not None:
                self._for_portal(call, body)
            # A page elsewhere cannot send this type without asking first, so it cannot switch faults.
            case ["admin", "faults", which] if body and self.headers.get_content_type() == "application/json":
                try:
                    self._send(*self.simulators.configure(which, json.loads(body)))
                except (ValueError, KeyError, TypeError) as error:
                    self._send(422, {"code": "not-understood", "detail": str(error)})
            case _:
                self._send(404, {"code": "not-found"})

    def _for_portal(self, call: str, body: bytes) -> None:
        mind = self.simulators.portal
        token = self.headers.get("Authorization", "").removeprefix("Bearer ")

        def ask() -> tuple[int, dict[str, object]]:
            told, content = self._read(body)
            return mind.answer(call, told, token, content)

        self._with_faults(mind.faults, ask, is_change=call not in {"GetToken", "TraCuuHoSo", "GetNextValue"})

    def _for_gateway(self, ask: Any) -> None:
        mind = self.simulators.gateway
        if self.headers.get("Authorization", "") != f"Bearer {mind.secret}":
            self._send(401, {"code": "not-allowed"})
            return
        self._with_faults(mind.faults, ask, is_change=self.command == "PUT")

    def _with_faults(self, faults: Any, ask: Any, *, is_change: bool) -> None:
        if faults.slow_seconds:
            time.sleep(faults.slow_seconds)
        if faults.down:
            self._send(503, {"code": "down"})
            return
        try:
            status, told = ask()
        except (ValueError, KeyError, TypeError, AttributeError):
            status, told = 400, {"code": "not-understood", "error_code": "not-understood"}
        if is_change and faults.lose_answers:
            self.close_connection = True
            self.connection.close()
        elif is_change and faults.break_after:
            self._send(500, {"code": "broken"})
        else:
            self._send(status, told)

    def _read(self, body: bytes) -> tuple[dict[str, Any], bytes]:
        """Fields and, of an upload, the file."""
        kind = self.headers.get("Content-Type", "")
        if kind.startswith("application/json"):
            return dict(json.loads(body)), b""
        if kind.startswith("multipart/form-data"):
            message = BytesParser(policy=HTTP).parsebytes(b"Content-Type: " + kind.encode() + b"\r\n\r\n" + body)
            parts: dict[str, Any] = {
                str(part.get_param("name", header="content-disposition")): part.get_payload(decode=True) or b""
                for part in message.iter_parts()}
            content: bytes = parts.pop("file", b"")
            return {name: value.decode() for name, value in parts.items()}, content
        return {name: values[0] for name, values in parse_qs(body.decode()).items()}, b""

    def _page(self) -> str:
        portal, gateway = self.simulators.portal, self.simulators.gateway
        on = {name: value for mind in (portal, gateway) for name, value in asdict(mind.faults).items() if value}
        messages = "".join(
            f'<div class="sms"><small>{escape(got.channel)} · ••• {escape(got.to[-3:])} · {got.at:%d/%m %H:%M}</small>'
            f"<br>{escape(got.text)}</div>" for got in gateway.latest())
        return _PAGE.format(dossiers=len(portal.dossiers), files=len(portal.files), faults=escape(str(on or "–")),
                            messages=messages or "<p>–</p>")

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


def serve(simulators: Simulators, host: str, port: int) -> ThreadingHTTPServer:
    """The server, bound; the caller runs `serve_forever`."""
    handler = type("BoundHandler", (Handler,), {"simulators": simulators})
    server = ThreadingHTTPServer((host, port), handler)
    server.daemon_threads = True
    return server
