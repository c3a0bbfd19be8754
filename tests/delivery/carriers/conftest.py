"""The simulator over real HTTP, speaking every carrier's language; nothing is pushed."""

import json
import threading

import pytest
from django.conf import settings as django_settings

from delivery.carriers.adapters import viettel_post
from delivery.simulator.courier import secrets_from
from delivery.simulator.desk import Simulator
from delivery.simulator.server import serve


@pytest.fixture
def simulator(settings):
    settings.WARDPOST_CARRIER_SECRETS = {**django_settings.WARDPOST_CARRIER_SECRETS, "newpost": "f" * 64}
    secrets = secrets_from(json.dumps(settings.WARDPOST_CARRIER_SECRETS))
    made = Simulator("http://127.0.0.1:9/{carrier}", secrets, 1_000_000.0)
    made.configure({"no_push": True})
    server = serve(made, "127.0.0.1", 0)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    settings.WARDPOST_CARRIER_URLS = {
        carrier: f"http://127.0.0.1:{server.server_port}/carriers/{carrier}" for carrier in secrets}
    viettel_post._tokens.clear()
    yield made
    made.courier.stop()
    server.shutdown()
    server.server_close()
