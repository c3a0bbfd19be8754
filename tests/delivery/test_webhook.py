"""The door for carriers: who may come in, what is taken, and that a message twice is a message once."""

import json
import random
import time

import pytest
from django.db import OperationalError

from delivery.models.events import ProofOfDelivery, TrackingEvent
from delivery.operations import telling
from delivery.rules.signatures import sign
from shared.models.messages import InboxMessage, OutboxMessage
from shared.models.oversight import AuditEntry
from tests.delivery import carrier
from tests.factories import parcels

pytestmark = pytest.mark.django_db


def state_of(parcel):
    parcel.refresh_from_db()
    return parcel.state


def test_an_event_moves_its_parcel_and_is_kept_as_it_came(client):
    parcel = parcels.parcel()
    body = json.dumps(carrier.event(parcel.number, "EMA"), indent=1).encode()

    answer = carrier.post(client, None, body=body)

    assert (answer.status_code, answer.json()["events"][0]["status"]) == (202, "accepted")
    assert state_of(parcel) == "accepted"
    kept = InboxMessage.objects.get()
    assert (bytes(kept.raw), kept.verdict) == (body, "applied")
    assert kept.headers["signature"].startswith("t=")


def test_a_delivery_is_told_proved_and_audited(client):
    parcel = parcels.parcel()
    dossier = parcel.contents.get().dossier_id

    carrier.tell(client, carrier.event(parcel.number, "EMA"), carrier.delivered(parcel.number))

    proof = ProofOfDelivery.objects.get(parcel=parcel)
    assert (proof.receiver_name, proof.relation, proof.method) == ("Nguyễn Thị Thử", "self", "signature")
    told = OutboxMessage.objects.filter(event="ParcelDelivered").values_list("payload", flat=True)
    assert {(each["parcel_id"], each["dossier_ids"][0], each["relation"]) for each in told} == {
        (str(parcel.id), str(dossier), "self")}
    entries = AuditEntry.objects.filter(action="parcel.state").order_by("id")
    assert [(entry.actor_kind, entry.before["state"], entry.after["state"]) for entry in entries] == [
        ("carrier", "booked", "accepted"), ("carrier", "accepted", "delivered")]


def test_a_repeated_message_gets_the_same_answer_and_has_no_effect(client):
    parcel = parcels.parcel()
    message = carrier.delivered(parcel.number)
    first = carrier.post(client, message)
    told = OutboxMessage.objects.count()

    again = carrier.post(client, message)

    assert (first.status_code, again.status_code) == (202, 200)
    assert again.content == first.content
    assert (TrackingEvent.objects.count(), OutboxMessage.objects.count()) == (1, told)


def test_the_first_of_two_events_under_one_id_stands(client):
    parcel = parcels.parcel()
    first = carrier.event(parcel.number, "EMA", event_id="same")
    carrier.tell(client, first)

    answer = carrier.post(client, first | {"code": "EMI"})

    assert (answer.status_code, answer.json()["code"]) == (409, "event-id-reused")
    assert state_of(parcel) == "accepted"


def test_carriers_may_use_their_own_codes(client):
    parcel = parcels.parcel(operator_code="VTPOST")

    carrier.tell(client, carrier.event(parcel.number, "200"), carrier.event(parcel.number, "501", 20), carrier="vtpost")

    assert state_of(parcel) == "delivered"
    assert set(TrackingEvent.objects.values_list("code", "carrier_code")) == {("EMA", "200"), ("EMI", "501")}


# --- who may come in -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("header", "problem"), [
    ("", "signature-missing"), ("nonsense", "signature-missing"), ("t=abc,v1=" + "0" * 64, "signature-missing"),
    ("t=1,v1=short", "signature-missing"), ("v1=" + "0" * 64, "signature-missing"),
    ("t={now},v1=" + "0" * 64, "signature-wrong"), ("t={now}," + ",".join(["v1=" + "0" * 64] * 6), "signature-missing"),
    ("t={now},t={now},v1=" + "0" * 64, "signature-missing"), ("x" * 5000, "signature-missing"),
])
def test_a_signature_that_does_not_fit_is_refused(client, header, problem):
    body = json.dumps(carrier.event(parcels.parcel().number, "EMA")).encode()

    answer = client.post("/api/v1/carriers/vnpost/events", body, content_type="application/json",
                         headers={"Wardpost-Signature": header.format(now=int(time.time()))})

    assert (answer.status_code, answer.json()["code"]) == (401, problem)
    assert not InboxMessage.objects.exists()


@pytest.mark.parametrize("minutes", [-6, 6])
def test_a_stale_message_is_refused(client, minutes):
    answer = carrier.post(client, carrier.event(parcels.parcel().number, "EMA"), at=time.time() + minutes * 60)

    assert (answer.status_code, answer.json()["code"]) == (401, "signature-stale")


@pytest.mark.parametrize("minutes", [-4, 4])
def test_clocks_that_differ_by_minutes_are_no_reason_to_refuse(client, minutes):
    answer = carrier.post(client, carrier.event(parcels.parcel().number, "EMA"), at=time.time() + minutes * 60)

    assert answer.status_code == 202


def test_another_carriers_secret_opens_nothing(client):
    parcel = parcels.parcel()

    answer = carrier.post(client, carrier.event(parcel.number, "EMA"), key=carrier.secret("vtpost"))

    assert (answer.status_code, answer.json()["code"]) == (401, "signature-wrong")


def test_a_body_that_was_changed_on_the_way_is_refused(client):
    signed = sign(b'{"a": 1}', secret=carrier.secret(), at=int(time.time()))

    answer = client.post("/api/v1/carriers/vnpost/events", b'{"a":1}', content_type="application/json",
                         headers={"Wardpost-Signature": signed})

    assert answer.json()["code"] == "signature-wrong"


def test_while_a_secret_is_changed_both_are_taken(client, settings):
    parcel = parcels.parcel()
    settings.WARDPOST_CARRIER_SECRETS = {"vnpost": "the-new-one the-old-one"}

    answers = [carrier.post(client, carrier.event(parcel.number, "EDE"), key=key).status_code
               for key in ("the-new-one", "the-old-one", "an-older-one")]

    assert answers == [202, 202, 401]


def test_a_carrier_that_nobody_knows_is_not_found(client):
    answer = client.post("/api/v1/carriers/dhl/events", b"{}", content_type="application/json")

    assert (answer.status_code, answer.json()["code"]) == (404, "unknown-carrier")


def test_a_carrier_does_not_move_another_carriers_parcel(client):
    parcel = parcels.parcel()

    answer = carrier.post(client, carrier.delivered(parcel.number), carrier="vtpost")

    assert answer.status_code == 202, "the answer does not tell whose the number is"
    assert state_of(parcel) == "booked"
    assert InboxMessage.objects.get().processed_at is None


# --- what is taken ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("change", "pointer"), [
    ({"event_id": ""}, "/event_id"), ({"event_id": "x" * 121}, "/event_id"), ({"event_id": 7}, "/event_id"),
    ({"number": "../../etc"}, "/number"), ({"code": "<script>"}, "/code"),
    ({"occurred_at": "yesterday"}, "/occurred_at"), ({"occurred_at": 1768357200}, "/occurred_at"),
    ({"occurred_at": "2026-01-14T09:00:00"}, "/occurred_at"),
    ({"occurred_at": "0001-01-01T00:00:00+07:00"}, "/occurred_at"),
    ({"occurred_at": "9999-12-31T23:59:59-07:00"}, "/occurred_at"), ({"surprise": 1}, "/surprise"),
    ({"office": "a" * 121}, "/office"), ({"note": "nul\x00"}, "/note"), ({"receiver": {"name": ""}}, "/receiver/name"),
    ({"receiver": {"name": "A", "national_id": "046"}}, "/receiver/national_id"),
])
def test_what_is_wrong_with_an_event_is_named(client, change, pointer):
    parcel = parcels.parcel()

    answer = carrier.post(client, carrier.event(parcel.number, "EMA") | change)

    assert answer.status_code == 422
    assert pointer in [error["pointer"] for error in answer.json()["errors"]]
    assert not InboxMessage.objects.exists()


def test_each_event_of_a_batch_is_judged_alone(client):
    parcel, other = parcels.parcel(), parcels.parcel()
    good, bad = carrier.event(parcel.number, "EMA"), carrier.event(other.number, "EMA") | {"occurred_at": "soon"}
    known = carrier.event(other.number, "EDE")
    carrier.tell(client, known)

    answer = carrier.post(client, {"events": [good, bad, known, known | {"code": "EMI"}]})

    assert answer.status_code == 202
    told = answer.json()["events"]
    assert [each["status"] for each in told] == ["accepted", "refused", "accepted", "refused"]
    assert told[1]["problem"]["errors"][0]["pointer"] == "/events/1/occurred_at"
    assert told[3]["problem"]["code"] == "event-id-reused"
    assert (state_of(parcel), state_of(other)) == ("accepted", "in_transit")


def test_the_signed_bytes_of_a_batch_are_kept_once(client):
    parcel = parcels.parcel()
    message = {"events": [carrier.event(parcel.number, "EMA"), carrier.event(parcel.number, "EDE", 2)]}

    for _ in range(2):
        carrier.post(client, message)

    whole = InboxMessage.objects.get(source="carrier-batch:vnpost")
    assert bytes(whole.raw) == json.dumps(message).encode()
    assert set(InboxMessage.objects.filter(source="carrier:vnpost").values_list("headers__batch", flat=True)) == {
        whole.event_id}


@pytest.mark.parametrize("events", [[], [{}] * 501, "all", [1]])
def test_a_batch_holds_one_to_five_hundred_events(client, events):
    assert carrier.post(client, {"events": events}).status_code == 422


def test_a_batch_of_which_nothing_can_be_taken_is_refused(client):
    assert carrier.post(client, {"events": [{"event_id": "a"}, {}]}).status_code == 422


def test_a_message_that_is_too_large_is_refused_before_it_is_read(client):
    answer = carrier.post(client, None, body=b"[" + b" " * 1_100_000 + b"]")

    assert (answer.status_code, answer.json()["code"]) == (413, "body-too-large")


@pytest.mark.parametrize(("content_type", "encoding"), [("text/plain", ""), ("application/json", "gzip")])
def test_only_plain_json_is_read(client, content_type, encoding):
    body = b"{}"
    headers = {"Wardpost-Signature": sign(body, secret=carrier.secret(), at=int(time.time()))}
    if encoding:
        headers["Content-Encoding"] = encoding

    answer = client.post("/api/v1/carriers/vnpost/events", body, content_type=content_type, headers=headers)

    assert answer.status_code == 415


@pytest.mark.parametrize("body", [
    b"", b"{", b"null", b"[]", b"7", b'"x"', b"\xff\xfe", b"\xef\xbb\xbf{}", b'{"event_id":"a","event_id":"b"}',
    b"[" * 3000, b'{"a":' * 500 + b"1" + b"}" * 500, b'{"events": 1e999}', b'{"events":[NaN]}',
    b'{"events":["\\ud800"]}',
])
def test_what_is_no_message_is_a_4xx(client, body):
    assert 400 <= carrier.post(client, None, body=body).status_code < 500


def test_five_hundred_random_bodies_never_are_our_fault(client):
    seeded = random.Random(7)
    number = parcels.parcel().number
    model = json.dumps(carrier.delivered(number, event_id="fuzz")).encode()

    statuses = set()
    for _ in range(500):
        body = bytearray(model)
        for _ in range(seeded.randrange(1, 6)):
            body[seeded.randrange(len(body))] = seeded.randrange(256)
        if seeded.random() < 0.3:
            body = bytearray(seeded.randbytes(seeded.randrange(200)))
        statuses.add(carrier.post(client, None, body=bytes(body)).status_code)

    assert statuses <= {200, 202, 400, 409, 415, 422}, statuses
    assert 422 in statuses


def test_a_fault_of_ours_loses_no_event(client, monkeypatch):
    parcel = parcels.parcel()
    monkeypatch.setattr(telling, "tell", lambda *_: 1 / 0)

    answer = carrier.post(client, carrier.event(parcel.number, "EMA"))

    assert answer.status_code == 202
    assert InboxMessage.objects.get().processed_at is None
    assert state_of(parcel) == "booked"


def test_a_database_that_is_away_is_told_as_such(client, monkeypatch):
    parcel = parcels.parcel()

    def away(*_):
        raise OperationalError("gone")

    monkeypatch.setattr(telling, "tell", away)

    answer = carrier.post(client, carrier.event(parcel.number, "EMA"))

    assert answer.status_code == 503
    assert answer["Retry-After"]


@pytest.mark.parametrize("history", [2, 60])
def test_an_event_costs_the_same_however_much_is_known(client, history, django_assert_num_queries):
    parcel = parcels.parcel()
    carrier.post(client, {"events": [carrier.event(parcel.number, "EDE", n / 10) for n in range(history)]})

    # A stranger's scope, and back; the transaction's two; see all and lock, in one message; keep and add; save with all
    # that follows from it.
    with django_assert_num_queries(8):
        carrier.post(client, carrier.event(parcel.number, "EDE", 10))
