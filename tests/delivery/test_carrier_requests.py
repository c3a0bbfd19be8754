"""What a carrier is asked is kept, told once, and answered: whatever happens on the line."""

import threading
from datetime import timedelta

import pytest
from django.conf import settings as django_settings
from django.db import transaction
from django.db.transaction import TransactionManagementError
from django.utils import timezone

from delivery.errors import CarrierRequestImpossible, CarrierRequestInvalid, CarrierRequestNotFound
from delivery.models.carrier_requests import CarrierRequest
from delivery.models.lines import CarrierLine
from delivery.models.parcels import Parcel
from delivery.operations import carrier_requests, sending
from delivery.operations.askings import Asking
from delivery.rules.carrier_requests import RequestKind, RequestState
from delivery.simulator.courier import secrets_from
from delivery.simulator.desk import Simulator
from delivery.simulator.server import serve
from shared.actors import job
from shared.models.messages import OutboxMessage
from shared.models.oversight import AuditEntry, WorkItem
from tests.factories import parcels

pytestmark = pytest.mark.django_db(transaction=True)
US = job("a test")
HOUR = timedelta(hours=1)


@pytest.fixture
def simulator(settings):
    secrets = secrets_from(__import__("json").dumps(django_settings.WARDPOST_CARRIER_SECRETS))
    made = Simulator("http://127.0.0.1:9/{carrier}", secrets, 1.0)
    made.configure({"no_push": True})
    server = serve(made, "127.0.0.1", 0)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    settings.WARDPOST_CARRIER_URLS = {
        carrier: f"http://127.0.0.1:{server.server_port}/carriers/{carrier}" for carrier in secrets}
    yield made
    made.courier.stop()
    server.shutdown()
    server.server_close()


def booked(operator_code: str = "VNPOST") -> Parcel:
    """A parcel that its carrier knows and has accepted."""
    parcel = parcels.parcel(booked_at=timezone.now() - HOUR, operator_code=operator_code)
    assert sending.send_parcel(parcel_id=parcel.id, at=timezone.now()) == "booked"
    Parcel.objects.filter(id=parcel.id).update(state="accepted")
    parcel.refresh_from_db()
    return parcel


def ask(parcel, kind=RequestKind.RETURN, reference="ref-1", **details) -> CarrierRequest:
    with transaction.atomic():
        asking = Asking(parcel.id, kind, reference, details, "người nhận yêu cầu")
        request_id = carrier_requests.ask_carrier(asking, by=US, at=timezone.now())
    return CarrierRequest.objects.get(id=request_id)


def send(request, later=timedelta()):
    outcome = carrier_requests.send_request(request_id=request.id, at=timezone.now() + later)
    request.refresh_from_db()
    return outcome


@pytest.mark.parametrize("operator_code", ["VNPOST", "VTPOST"])
@pytest.mark.parametrize(("kind", "details"), [
    (RequestKind.RETURN, {}), (RequestKind.RESCHEDULE, {"day": "2026-01-20"}),
    (RequestKind.REDIRECT, {"address": "9 đường Thử Nghiệm", "commune": "Phường Kim Long, Thành phố Huế"})])
def test_a_carrier_does_what_it_is_asked_in_its_own_language(simulator, operator_code, kind, details):
    request = ask(booked(operator_code), kind, **details)

    assert send(request) == "booked"

    assert (request.state, simulator.store.instructions()[0]["kind"]) == (RequestState.ACCEPTED, kind.value)
    told = OutboxMessage.objects.get(event="CarrierAnswered").payload
    assert (told["reference"], told["state"]) == ("ref-1", "accepted")
    assert list(AuditEntry.objects.filter(action__startswith="carrier_request").values_list("action", flat=True)) == [
        "carrier_request.ask", "carrier_request.state"]


def test_asking_twice_is_asking_once(simulator):
    parcel = booked()

    assert ask(parcel).id == ask(parcel).id

    assert OutboxMessage.objects.filter(event="CarrierAsked").values("payload").distinct().count() == 1


def test_a_request_is_part_of_what_it_follows_from():
    parcel = parcels.parcel()

    with pytest.raises(TransactionManagementError):
        carrier_requests.ask_carrier(Asking(parcel.id, RequestKind.CANCEL, "x"), by=US, at=timezone.now())


def test_a_lost_answer_does_not_make_it_happen_twice(simulator):
    request = ask(booked())
    simulator.configure({"lost_answers": 1})
    assert send(request) == "unknown"
    assert request.state == RequestState.UNKNOWN

    assert send(request, HOUR) == "booked"

    assert len(simulator.store.instructions()) == 1
    assert request.state == RequestState.ACCEPTED


@pytest.mark.parametrize("fault", [{"down": True}, {"error_bodies": True}])
def test_a_carrier_that_says_nothing_is_asked_again_and_a_person_hears_of_it(simulator, fault):
    request = ask(booked())
    simulator.configure(fault)
    at = timedelta()
    for _ in range(carrier_requests.PATIENCE_ATTEMPTS):
        assert send(request, at) == "unknown"
        at += HOUR

    assert WorkItem.objects.get(kind="carrier-request-unanswered").reference == f"{request.parcel.number}:return"
    simulator.configure(dict.fromkeys(fault, False))
    assert send(request, at) == "booked"
    assert not WorkItem.objects.filter(kind="carrier-request-unanswered", closed_at=None).exists()


def test_a_refusal_is_final_told_and_a_persons_work(simulator):
    simulator.configure({"refuses": True})
    request = ask(booked())

    assert send(request) == "refused"

    assert request.state == RequestState.REFUSED
    assert send(request, HOUR) is None
    assert WorkItem.objects.get(kind="carrier-request-refused").owner_place == "VNPOST"
    assert OutboxMessage.objects.get(event="CarrierAnswered").payload["state"] == "refused"


def test_requests_of_a_parcel_are_told_in_their_order(simulator):
    parcel = booked()
    first = ask(parcel, RequestKind.RESCHEDULE, "one", day="2026-01-20")
    second = ask(parcel, RequestKind.RETURN, "two")

    assert send(second) is None
    assert carrier_requests.send_waiting_requests(at=timezone.now()) == 1
    assert carrier_requests.send_waiting_requests(at=timezone.now()) == 1
    assert [each["kind"] for each in reversed(simulator.store.instructions())] == ["reschedule", "return"]
    assert first.id < second.id


def test_nothing_is_asked_about_a_parcel_that_the_carrier_does_not_know_yet(simulator):
    parcel = parcels.parcel(booked_at=timezone.now())
    request = ask(parcel, RequestKind.CANCEL)

    assert send(request) is None
    sending.send_parcel(parcel_id=parcel.id, at=timezone.now())
    assert send(request) == "booked"


def test_a_carrier_without_an_interface_is_told_by_a_person(settings):
    settings.WARDPOST_CARRIER_URLS = {}
    request = ask(booked())

    assert send(request) == "by_hand"
    assert WorkItem.objects.get(kind="carrier-request-by-hand").closed_at is None

    somebody = job("test")
    with pytest.raises(CarrierRequestNotFound):
        carrier_requests.answer_by_hand(request_id=request.id, is_accepted=True, reason="gọi điện", by=somebody,
                                        at=timezone.now())


def test_a_trip_that_ended_answers_what_was_asked_of_it(simulator):
    request = ask(booked())
    Parcel.objects.update(state="delivered")

    carrier_requests.send_waiting_requests(at=timezone.now())

    request.refresh_from_db()
    assert request.state == RequestState.OVERTAKEN
    assert simulator.store.instructions() == []


@pytest.mark.parametrize(("kind", "details", "pointer"), [
    (RequestKind.REDIRECT, {}, "/details/address"), (RequestKind.RESCHEDULE, {"day": "mai"}, "/details/day"),
    (RequestKind.RETURN, {"colour": "đỏ"}, "/details/colour"),
    (RequestKind.REDIRECT, {"address": "x" * 301}, "/details/address")])
def test_what_cannot_be_asked_like_this_is_said(kind, details, pointer):
    parcel = parcels.parcel()
    Parcel.objects.update(state="accepted")

    with pytest.raises(CarrierRequestInvalid) as refused:
        ask(parcel, kind, **details)

    assert refused.value.errors[0].pointer == pointer


@pytest.mark.parametrize(("kind", "state"), [
    (RequestKind.CANCEL, "accepted"), (RequestKind.RETURN, "delivered"), (RequestKind.RETURN, "booked"),
    (RequestKind.REDIRECT, "needs_review"), (RequestKind.RESCHEDULE, "returning")])
def test_what_makes_no_sense_where_the_parcel_stands_is_refused(kind, state):
    parcel = parcels.parcel()
    Parcel.objects.update(state=state)

    with pytest.raises(CarrierRequestImpossible):
        ask(parcel, kind, address="9 đường Thử Nghiệm") if kind is RequestKind.REDIRECT else ask(
            parcel, kind, **({"day": "2026-01-20"} if kind is RequestKind.RESCHEDULE else {}))


def test_an_outage_costs_no_tries_and_ends_with_everything_told(simulator):
    known = booked()
    waiting = [parcels.parcel(booked_at=timezone.now()) for _ in range(8)]
    request = ask(known)
    simulator.configure({"down": True})
    now = timezone.now()
    for minute in range(20):
        sending.send_unsent_parcels(at=now + timedelta(minutes=minute))
        carrier_requests.send_waiting_requests(at=now + timedelta(minutes=minute))

    line = CarrierLine.objects.get(carrier="vnpost")
    item = WorkItem.objects.get(kind="carrier-down")
    assert (item.reference, item.closed_at, line.failing_since is not None) == ("vnpost", None, True)
    assert sum(Parcel.objects.values_list("send_attempts", flat=True)) <= 30, "one probe a minute, not eight"

    simulator.configure({"down": False})
    back = now + timedelta(minutes=21)
    for sweep in range(2):
        sending.send_unsent_parcels(at=back + timedelta(seconds=sweep))
        carrier_requests.send_waiting_requests(at=back + timedelta(seconds=sweep))
    assert not Parcel.objects.filter(is_sent_to_carrier=False).exists()
    assert simulator.store.counts()["parcels"] == len(waiting) + 1
    request.refresh_from_db()
    assert request.state == RequestState.ACCEPTED
    assert not WorkItem.objects.filter(closed_at=None, kind="carrier-down").exists()
