"""The card service's stand-in on a port of this machine, and what a cardholder does there."""

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import ThreadingHTTPServer

import httpx

from billing.simulator.courier import Courier
from billing.simulator.objects import Told
from billing.simulator.server import House, serve
from billing.simulator.service import Service

KEY = "sk_test_of_the_tests"
SECRET = "whsec_of_the_tests"  # signs nothing but tests
PAYS, DECLINED, ASKS = "4242424242424242", "4000000000000002", "4000002760003184"


@dataclass
class StandIn:
    house: House
    server: ThreadingHTTPServer

    @property
    def address(self) -> str:
        return self.house.service.address

    @property
    def service(self) -> Service:
        return self.house.service

    def switch(self, **faults: object) -> None:
        self.service.faults = self.service.faults.changed(faults)

    def pay(self, url: str, number: str = PAYS, step: str = "yes") -> int:
        """A card on a Checkout page; the last status."""
        with httpx.Client(trust_env=False) as browser:
            answer = browser.post(url, data={"number": number})
            if answer.headers.get("location", "").endswith("/3ds"):
                answer = browser.post(f"{url}/3ds", data={"step": step})
        return answer.status_code

    def said(self) -> list[Told]:
        """Every event so far, oldest first."""
        return list(self.service.store.objects.get("event", {}).values())

    def connected(self) -> str:
        """An account that may receive."""
        with self.service.store.lock:
            return str(self.service.complete_account(self.service.account({"type": "express"}))["id"])


@contextmanager
def stand_in(callback: str = "http://127.0.0.1:9/nobody") -> Iterator[StandIn]:
    """Events are sent to `callback` only by whoever calls `house.courier.send_due`."""
    service = Service("")
    courier = Courier(service, callback, SECRET)
    courier.stop()
    server = serve(House(service, courier, KEY), "127.0.0.1", 0)
    worker = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    worker.start()
    try:
        yield StandIn(House(service, courier, KEY), server)
    finally:
        server.shutdown()
        server.server_close()


def session_id(url: str) -> str:
    match = re.search(r"/c/pay/([^/]+)", url)
    assert match is not None
    return match[1]
