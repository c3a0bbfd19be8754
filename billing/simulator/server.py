"""The HTTP side: `/v1/…` as Stripe has it, `/c/pay/…` for cardholders, `/connect/…` for account owners, `/admin/…`
for whoever sits at this machine.
"""

import json
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

from billing.simulator import disputes, pages
from billing.simulator.answering import answer
from billing.simulator.asking import RefusedError
from billing.simulator.cards import outcome_of
from billing.simulator.courier import Courier
from billing.simulator.objects import Told, new_id
from billing.simulator.service import Service

LARGEST_BODY: Final = 1_000_000


@dataclass(slots=True)
class House:
    service: Service
    courier: Courier
    secret_key: str


class Handler(BaseHTTPRequestHandler):
    house: House
    protocol_version = "HTTP/1.1"
    server_version = "CardSimulator"
    timeout = 30

    def do_GET(self) -> None:
        address = urlsplit(self.path)
        match address.path.strip("/").split("/"):
            case [""]:
                counts = {kind: len(found) for kind, found in self.house.service.store.objects.items()}
                self._page(200, pages.front_page(counts, self.house.service.faults))
            case ["health"]:
                self._send(200, {"state": "up"})
            case ["v1", *_path]:
                self._api("GET", address.path, address.query, b"")
            case ["c", "pay", own, *rest] if page := self._session(own):
                self._show(page, is_step=bool(rest))
            case ["connect", own] if self.house.service.store.get("account", own):
                self._page(200, pages.account_page())
            case _:
                self._send(404, {"error": {"type": "invalid_request_error", "message": "Not found."}})

    def do_POST(self) -> None:
        address, body = urlsplit(self.path), self._body()
        if body is None:
            self._send(413, {"error": {"type": "invalid_request_error", "message": "Too large."}})
            return
        match address.path.strip("/").split("/"):
            case ["v1", *_path]:
                self._api("POST", address.path, "", body)
            case ["c", "pay", own, *rest] if page := self._session(own):
                self._pay(page, parse_qs(body.decode()), is_step=bool(rest))
            case ["connect", own] if account := self.house.service.store.get("account", own):
                with self.house.service.store.lock:
                    self.house.service.complete_account(account)
                self._go(str(account.get("_return_url", "/")))
            # A page elsewhere cannot send this type without asking first, so it cannot play tricks through a browser.
            case ["admin", *path] if self.headers.get_content_type() == "application/json":
                self._switch(path, body)
            case _:
                self._send(404, {"error": {"type": "invalid_request_error", "message": "Not found."}})

    # --- the interface -----------------------------------------------------------------------------------------------

    def _api(self, method: str, path: str, query: str, body: bytes) -> None:
        service = self.house.service
        if service.faults.down:
            self._send(503, {"error": {"type": "api_error", "message": "Down."}})
            return
        if self.headers.get("Authorization", "") != f"Bearer {self.house.secret_key}":
            self._send(401, {"error": {"type": "invalid_request_error", "message": "Invalid API Key provided."}})
            return
        try:
            status, told, headers = answer(service, method, path, query=query, body=body.decode(), key=
                                           self.headers.get("Idempotency-Key", "") if method == "POST" else "")
        except (KeyError, ValueError, TypeError, AttributeError):
            status, told, headers = 400, {"error": {"type": "invalid_request_error", "message": "Not understood."}}, {}
        if method == "POST" and service.faults.slow_seconds:
            time.sleep(service.faults.slow_seconds)
        if method == "POST" and service.faults.lost_answers:
            service.faults = replace(service.faults, lost_answers=service.faults.lost_answers - 1)
            self.close_connection = True
            self.connection.close()
            return
        self._send(status, told, headers | {"Request-Id": new_id("req")})

    # --- the cardholder ----------------------------------------------------------------------------------------------

    def _session(self, own: str) -> Told | None:
        with self.house.service.store.lock:
            self.house.service.ripen()
            return self.house.service.store.get("checkout.session", own)

    def _show(self, page: Told, *, is_step: bool, wrong: str = "") -> None:
        if page["status"] != "open":
            self._page(410 if page["status"] == "expired" else 200, pages.ended_page(page))
        elif is_step:
            self._page(200, pages.step_page(page))
        else:
            self._page(200, pages.pay_page(page, wrong=wrong))

    def _pay(self, page: Told, typed: Mapping[str, list[str]], *, is_step: bool) -> None:
        service = self.house.service
        with service.store.lock:
            if page["status"] != "open":
                self._show(page, is_step=False)
                return
            wrong = self._confirm(page, typed) if is_step else self._try(page, typed)
            service.store.save()
        if page["status"] == "complete":
            self._go(str(page["success_url"]).replace("{CHECKOUT_SESSION_ID}", page["id"]))
        elif wrong == "step":
            self._go(f"/c/pay/{page['id']}/3ds")
        else:
            self._show(page, is_step=False, wrong=wrong)

    def _try(self, page: Told, typed: Mapping[str, list[str]]) -> str:
        found = outcome_of("".join(typed.get("number", [""])))
        if found is None:
            return "unknown"
        outcome, card = found
        service = self.house.service
        intent = service.try_card(page, card, failure=outcome.failure, needs_step=outcome.needs_step)
        if outcome.dispute and intent["latest_charge"]:
            charge, is_inquiry = service.store.objects["charge"][intent["latest_charge"]], outcome.dispute == "inquiry"
            disputes.open_dispute(service, charge, reason="general" if is_inquiry else outcome.dispute,
                                  is_inquiry=is_inquiry)
        return "step" if outcome.needs_step else outcome.failure

    def _confirm(self, page: Told, typed: Mapping[str, list[str]]) -> str:
        intent = self.house.service.store.get("payment_intent", str(page["payment_intent"]))
        if intent is None or intent["status"] != "requires_action":
            return "unknown"
        is_confirmed = typed.get("step") == ["yes"]
        self.house.service.settle(page, intent, failure="" if is_confirmed else "authentication_required")
        return "" if is_confirmed else "authentication"

    # --- switches ----------------------------------------------------------------------------------------------------

    def _switch(self, path: list[str], body: bytes) -> None:
        service = self.house.service
        try:
            wanted: dict[str, Any] = json.loads(body or b"{}")
            with service.store.lock:
                told = self._switched(path, wanted)
                service.store.save()
        except (ValueError, KeyError, TypeError, AttributeError, RefusedError) as error:
            self._send(422, {"code": "not-understood", "detail": str(error)})
        else:
            self._send(200 if told is not None else 404, told or {"code": "not-found"})

    def _switched(self, path: list[str], wanted: dict[str, Any]) -> Told | None:
        service = self.house.service
        if path == ["faults"]:
            service.faults = service.faults.changed(wanted)
            return asdict(service.faults)
        collection, own, action = (*path, "")[:3] if len(path) in {2, 3} else ("", "", "")
        kind, do = self._switches(wanted).get((collection, action), ("", None))
        about = service.store.get(kind, own)
        return do(about) if do is not None and about is not None else None

    def _switches(self, wanted: dict[str, Any]) -> dict[tuple[str, str], tuple[str, Callable[[Told], Told] | None]]:
        """(collection, what happens) → the kind of thing it happens to, and how."""
        service = self.house.service
        return {
            ("accounts", "complete"): ("account", service.complete_account),
            ("refunds", ""): ("refund", lambda made: service.settle_refund(made, succeeds=bool(wanted["succeeds"]))),
            ("charges", "book"): ("charge", service.book),
            ("charges", "dispute"): ("charge", lambda paid: disputes.open_dispute(service, paid, **wanted)),
            ("disputes", "withdraw"): ("dispute", lambda made: disputes.withdraw(service, made)),
            ("disputes", ""): ("dispute", lambda made: disputes.decide(service, made, is_won=bool(wanted["won"]))),
            ("transfers", "reverse"): ("transfer", lambda made: service.reverse(
                made, {name: str(value) for name, value in wanted.items()})),
        }

    # --- the parts ---------------------------------------------------------------------------------------------------

    def _body(self) -> bytes | None:
        length = self.headers.get("Content-Length", "0")
        if not length.isdecimal() or int(length) > LARGEST_BODY:
            self.close_connection = True
            return None
        return self.rfile.read(int(length))

    def _page(self, status: int, text: str) -> None:
        self._write(status, text.encode(), {"Content-Type": "text/html; charset=utf-8", "Cache-Control": "no-store"})

    def _go(self, where: str) -> None:
        self._write(303, b"", {"Location": where})

    def _send(self, status: int, told: Any, headers: Mapping[str, str] | None = None) -> None:
        self._write(status, json.dumps(told).encode(), {"Content-Type": "application/json", **(headers or {})})

    def _write(self, status: int, body: bytes, headers: Mapping[str, str]) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  # the base class's name
        """Write nothing: the page tells."""


def serve(house: House, host: str, port: int) -> ThreadingHTTPServer:
    """The server, bound and with its courier at work; the caller runs `serve_forever`."""
    server = ThreadingHTTPServer((host, port), type("BoundHandler", (Handler,), {"house": house}))
    server.daemon_threads = True
    if not house.service.address:
        house.service.address = f"http://{host}:{server.server_port}"
    threading.Thread(target=house.courier.run, name="courier", daemon=True).start()
    return server
