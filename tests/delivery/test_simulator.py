"""The whole line over real HTTP: we book, the carrier takes it, its signed events come back."""

import threading
import time
from urllib.parse import urlsplit

import httpx
import pytest
from django.conf import settings as django_settings
from django.utils import timezone

from delivery.models.events import ProofOfDelivery
from delivery.models.parcels import Parcel
from delivery.operations import sending
from delivery.queries.verification import differences
from delivery.simulator.courier import secrets_from
from delivery.simulator.desk import Simulator
from delivery.simulator.server import serve
from shared.models.messages import OutboxMessage
from shared.models.oversight import WorkItem
from tests.factories import parcels

pytestmark = pytest.mark.django_db(transaction=True)
PATIENCE_SECONDS = 20
FAST = 400_000.0
"""A parcel's two days in half a second."""


@pytest.fixture
def simulator(live_server, settings):
    secrets = secrets_from(__import__("json").dumps(django_settings.WARDPOST_CARRIER_SECRETS))
    made = Simulator(f"{live_server.url}/api/v1/carriers/{{carrier}}/events", secrets, FAST)
    server = serve(made, "127.0.0.1", 0)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    settings.WARDPOST_CARRIER_URLS = {
        carrier: f"http://127.0.0.1:{server.server_port}/carriers/{carrier}" for carrier in secrets}
    yield made
    made.courier.stop()
    server.shutdown()
    thread.join()
    server.server_close()


def wait_for(parcel: Parcel, *states: str) -> str:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        parcel.refresh_from_db()
        if parcel.state in states:
            break
        time.sleep(0.05)
    return parcel.state


def send(parcel: Parcel):
    return sending.send_parcel(parcel_id=parcel.id, at=timezone.now())


def test_a_parcel_told_to_the_carrier_comes_home(simulator):
    parcel = parcels.parcel(booked_at=timezone.now(), booking_ref="usual")

    assert send(parcel) == "booked"
    simulator.play({"carrier": "vnpost", "number": parcel.number, "outcome": "delivered"})

    assert wait_for(parcel, "delivered") == "delivered"
    assert parcel.is_sent_to_carrier
    assert ProofOfDelivery.objects.filter(parcel=parcel).exists()
    assert differences() == []


def test_telling_again_changes_nothing(simulator):
    parcel = parcels.parcel(booked_at=timezone.now())

    assert send(parcel) == "booked"
    assert send(parcel) is None
    assert simulator.store.counts()["parcels"] == 1


def test_a_past_that_was_played_elsewhere_is_not_lived_again(simulator):
    send(parcels.parcel())

    assert simulator.store.counts() == {"parcels": 1}


@pytest.mark.parametrize("faults", [
    {"duplicates": 5, "shuffle": True}, {"malformed": True, "bad_signatures": True, "duplicates": 1},
])
def test_a_troublesome_carrier_still_converges(simulator, faults):
    simulator.configure(faults)
    parcel = parcels.parcel(booked_at=timezone.now())
    send(parcel)
    simulator.play({"carrier": "vnpost", "number": parcel.number, "outcome": "delivered"})

    assert wait_for(parcel, "delivered") == "delivered"
    deadline = time.monotonic() + PATIENCE_SECONDS
    while simulator.store.counts().get("waiting") and time.monotonic() < deadline:
        time.sleep(0.05)
    assert simulator.store.counts().get("waiting", 0) == 0
    assert differences() == []
    delivered = OutboxMessage.objects.filter(event="ParcelDelivered", stream=f"parcel:{parcel.id}")
    assert delivered.count() == delivered.values("subscriber").distinct().count()


@pytest.mark.parametrize("fault", ["contradictions", "wrong_dates"])
def test_what_cannot_be_believed_is_put_before_a_person_or_passed_over(simulator, fault):
    simulator.configure({fault: True})
    parcel = parcels.parcel(booked_at=timezone.now())
    send(parcel)
    simulator.play({"carrier": "vnpost", "number": parcel.number, "outcome": "delivered"})

    expected = {"contradictions": {"needs_review"}, "wrong_dates": {"needs_review", "delivered"}}[fault]
    assert wait_for(parcel, *expected) in expected
    assert differences() == []


def test_a_carrier_that_is_down_is_told_later(simulator):
    simulator.configure({"down": True})
    parcel = parcels.parcel(booked_at=timezone.now())

    assert send(parcel) == "unknown"
    parcel.refresh_from_db()
    assert not parcel.is_sent_to_carrier
    assert parcel.send_next_at > timezone.now(), "not at once again"

    simulator.configure({"down": False})
    assert sending.send_unsent_parcels(at=parcel.send_next_at) == 1
    parcel.refresh_from_db()
    assert parcel.is_sent_to_carrier


def test_after_an_unknown_outcome_the_carrier_is_asked_first(simulator):
    parcel = parcels.parcel(booked_at=timezone.now())
    simulator.store.keep_parcel("vnpost", parcel.number, {})  # it had arrived; only the answer was lost
    Parcel.objects.update(send_attempts=1)

    assert send(parcel) == "booked"
    assert simulator.store.parcel("vnpost", parcel.number) == {}, "found, not booked again"


def test_a_refused_booking_is_a_persons_work(simulator):
    parcel = parcels.parcel(booked_at=timezone.now())
    simulator.secrets = {}
    Parcel.objects.filter(id=parcel.id).update(carrier="dhl")

    assert send(parcel) == "refused"
    assert WorkItem.objects.get(kind="parcel-booking-refused").reference == parcel.number


def test_a_carrier_that_never_answers_is_a_persons_work_in_the_end(simulator, settings):
    settings.WARDPOST_CARRIER_URLS = {"vnpost": "http://127.0.0.1:9/carriers/vnpost"}
    parcel = parcels.parcel(booked_at=timezone.now())
    at = timezone.now()
    for _ in range(sending.PATIENCE_ATTEMPTS):
        parcel.refresh_from_db()
        at = max(at, parcel.send_next_at)
        assert sending.send_parcel(parcel_id=parcel.id, at=at) == "unknown"

    assert WorkItem.objects.get(kind="parcel-unsent").reference == parcel.number


def test_a_carrier_without_an_interface_is_told_by_the_label(settings):
    settings.WARDPOST_CARRIER_URLS = {}
    parcel = parcels.parcel(booked_at=timezone.now())

    assert send(parcel) == "booked"


def test_the_page_says_that_nothing_here_is_real(simulator, settings):
    base = "http://" + urlsplit(settings.WARDPOST_CARRIER_URLS["vnpost"]).netloc

    page = httpx.get(base)
    refused = httpx.post(f"{base}/admin/faults", content=b'{"down": true}', headers={"Content-Type": "text/plain"})

    assert "Đây là bản mô phỏng" in page.text
    assert "This is a simulator" in page.text
    assert refused.status_code == 404, "no other page may switch it through a browser"
    assert httpx.put(f"{base}/carriers/vnpost/parcels/X", json={}).status_code == 401
    assert httpx.post(f"{base}/admin/faults", json={"gremlins": 1}).status_code == 422
    assert httpx.get(f"{base}/admin/state").json()["faults"]["down"] is False
