"""A postman's phone tells what happened: checked, kept whole and once, however late it comes."""

from datetime import timedelta
from io import BytesIO

import pytest
import time_machine
from django.test import Client
from PIL import Image

from delivery.door import photos
from delivery.door.codes import code_of
from delivery.door.models import DoorAct, RoundStop
from delivery.door.operations import releases, rounds
from delivery.models.events import ProofOfDelivery, TrackingEvent
from delivery.models.parcels import Parcel
from delivery.rules import ParcelState
from shared.ids import uuid7
from shared.models.messages import OutboxMessage
from shared.models.oversight import AuditEntry, WorkItem
from tests.delivery import carrier, doors
from tests.delivery.doors import OUT_AT
from tests.factories import network, places
from tests.factories.parcels import PHONE, RECIPIENT

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def store(settings, tmp_path):
    settings.WARDPOST_PROOF_ROOT = tmp_path / "proofs"


@pytest.fixture
def clock():
    with time_machine.travel(OUT_AT, tick=False) as travelling:
        yield travelling


def state(parcel: Parcel) -> str:
    return Parcel.objects.values_list("state", flat=True).get(id=parcel.id)


def errors(answer) -> set[str]:
    return {each["pointer"] for each in answer.json()["errors"]}


def test_a_signed_hand_over_is_the_proof_and_ends_the_trip(clock):
    parcel = doors.at_office()
    found, key = doors.round_with(parcel.number)
    assert state(parcel) == ParcelState.OUT_FOR_DELIVERY

    answer = doors.send(key, doors.act(parcel.number, hand_over=doors.hand_over(), note="cổng xanh"))

    assert answer.status_code == 201, answer.content
    assert answer.json()["state"] == state(parcel) == ParcelState.DELIVERED
    proof = ProofOfDelivery.objects.get(parcel=parcel)
    assert (proof.receiver_name, proof.relation, proof.id_kind) == (RECIPIENT, "self", "cccd")
    assert proof.method == "signature"
    kept = DoorAct.objects.get()
    assert (kept.signature, kept.note, kept.round_id) == (doors.DRAWN.strip(), "cổng xanh", found.id)
    assert RoundStop.objects.get().answered_at == OUT_AT
    assert OutboxMessage.objects.filter(event="ParcelDelivered").exists()


def test_what_is_sent_hours_later_and_twice_happened_once_and_when_it_happened(clock):
    parcel = doors.at_office()
    _found, key = doors.round_with(parcel.number)
    clock.shift(timedelta(hours=6))
    wrong_clock = OUT_AT + timedelta(days=300)
    said = doors.act(parcel.number, at=wrong_clock + timedelta(hours=1), sent_at=wrong_clock + timedelta(hours=6),
                     hand_over=doors.hand_over())

    first = doors.send(key, said)
    clock.shift(60)
    again = doors.send(key, said | {"device_sent_at": (wrong_clock + timedelta(hours=7)).isoformat()})

    assert (first.json()["is_new"], again.json()["is_new"]) == (True, False)
    kept = DoorAct.objects.get()
    assert kept.corrected_at == OUT_AT + timedelta(hours=1)
    assert kept.device_at == wrong_clock + timedelta(hours=1)
    assert kept.server_at == OUT_AT + timedelta(hours=6)
    assert ProofOfDelivery.objects.get().delivered_at == kept.corrected_at
    assert TrackingEvent.objects.filter(code="EMI").count() == 1


def test_the_same_id_with_something_else_is_refused(clock):
    parcel = doors.at_office()
    _found, key = doors.round_with(parcel.number)
    said = doors.act(parcel.number, hand_over=doors.hand_over())
    doors.send(key, said)

    answer = doors.send(key, said | {"hand_over": doors.hand_over(receiver_name="Trần Văn Khác")})

    assert (answer.status_code, answer.json()["code"]) == (409, "door-act-differs")


def test_a_parcel_is_handed_over_once(clock):
    parcel = doors.at_office()
    _found, key = doors.round_with(parcel.number)
    doors.send(key, doors.act(parcel.number, hand_over=doors.hand_over()))

    second = doors.send(key, doors.act(parcel.number, reason="absent"))

    assert (second.status_code, second.json()["code"]) == (409, "parcel-already-ended")
    assert DoorAct.objects.count() == 1


@pytest.mark.parametrize(("said", "pointer"), [
    ({"relation": "authorised"}, "/paper"),
    ({"relation": "neighbour"}, "/relation"),
    ({"id_kind": ""}, "/id_kind"),
    ({"id_kind": "046091004127"}, "/id_kind"),
    ({"signature": "", "code": ""}, "/signature"),
    ({"signature": "<script>"}, "/signature"),
    ({"receiver_name": "046091004127"}, "/receiver_name"),
    ({"receiver_name": " "}, "/receiver_name"),
    ({"collected": [{"position": 0}]}, "/collected"),
    ({"commune_code": "99999"}, "/commune_code"),
])
def test_what_the_rules_do_not_allow_is_refused_beside_its_field_and_nothing_happens(clock, said, pointer):
    parcel = doors.at_office()
    _found, key = doors.round_with(parcel.number)

    answer = doors.send(key, doors.act(parcel.number, hand_over=doors.hand_over(**said)))

    assert answer.status_code == 422
    assert pointer in errors(answer)
    assert state(parcel) == ParcelState.OUT_FOR_DELIVERY
    assert not DoorAct.objects.exists()


def test_a_document_for_her_own_hands_goes_to_nobody_else(clock):
    parcel = doors.at_office()
    releases.set_release(parcel.id, rule="in_person")
    _found, key = doors.round_with(parcel.number)
    husband = doors.hand_over(relation="spouse", paper="certified_letter", receiver_name="Trần Văn Chồng")

    assert errors(doors.send(key, doors.act(parcel.number, hand_over=husband))) == {"/relation"}
    assert doors.send(key, doors.act(parcel.number, hand_over=doors.hand_over())).status_code == 201


def test_originals_are_exchanged_before_the_result_changes_hands(clock):
    dossier_id = uuid7()
    parcel = doors.at_office(dossier_ids=[dossier_id])
    releases.set_release(parcel.id, rule="authorised", collects=[(dossier_id, "giay_chung_nhan", "Giấy chứng nhận cũ")])
    _found, key = doors.round_with(parcel.number)

    assert errors(doors.send(key, doors.act(parcel.number, hand_over=doors.hand_over()))) == {"/collected"}
    taken = doors.hand_over(collected=[{"position": 0, "sheets": 2}])
    assert doors.send(key, doors.act(parcel.number, hand_over=taken)).status_code == 201

    kept = DoorAct.objects.get()
    assert kept.collected == [{"dossier_id": str(dossier_id), "code": "giay_chung_nhan", "name": "Giấy chứng nhận cũ",
                               "sheets": 2}]
    assert set(TrackingEvent.objects.filter(parcel=parcel).values_list("code", flat=True)) >= {"X-ORIG", "EMI"}
    told = OutboxMessage.objects.filter(event="OriginalsCollected").first()
    assert told is not None
    assert told.payload["act_id"] == str(kept.id)


def test_of_several_results_in_a_parcel_the_strictest_rule_holds_and_all_originals_are_due(clock):
    parcel = doors.at_office()
    first, second = uuid7(), uuid7()
    releases.set_release(parcel.id, rule="authorised", collects=[(first, "a", "Bản A")])
    releases.set_release(parcel.id, rule="in_person", collects=[(second, "b", "Bản B")])
    releases.set_release(parcel.id, rule="certified", collects=[(first, "a", "Bản A")])

    rule, due = releases.release_of(parcel.id)

    assert (rule, [each["name"] for each in due]) == ("in_person", ["Bản A", "Bản B"])


def test_the_spoken_code_proves_as_a_signature_does(clock):
    parcel = doors.at_office()
    _found, key = doors.round_with(parcel.number)

    answer = doors.send(key, doors.act(parcel.number, hand_over=doors.hand_over(signature="", code=code_of(parcel.id))))

    assert answer.json()["doubts"] == []
    assert ProofOfDelivery.objects.get().method == "otp"


def test_a_wrong_code_does_not_undo_the_hand_over_but_somebody_looks(clock):
    parcel = doors.at_office()
    _found, key = doors.round_with(parcel.number)
    wrong = f"{(int(code_of(parcel.id)) + 1) % 10**6:06d}"

    answer = doors.send(key, doors.act(parcel.number, hand_over=doors.hand_over(signature="", code=wrong)))

    assert answer.json()["doubts"] == ["parcel-proof-doubtful"]
    assert WorkItem.objects.get(kind="parcel-proof-doubtful").reference == parcel.number


@pytest.mark.parametrize(("reason", "expected", "attempts"), [
    ("absent", ParcelState.ATTEMPT_FAILED, 1), ("refused", ParcelState.ATTEMPT_FAILED, 1),
    ("no_time", ParcelState.HELD, 0), ("no_way", ParcelState.HELD, 0)])
def test_only_an_invitation_counts_as_one(clock, reason, expected, attempts):
    parcel = doors.at_office()
    _found, key = doors.round_with(parcel.number)
    clock.shift(timedelta(hours=1))

    assert doors.send(key, doors.act(parcel.number, reason=reason)).status_code == 201

    parcel.refresh_from_db()
    assert (parcel.state, parcel.attempts) == (expected, attempts)


def test_handed_over_in_another_commune_without_an_order_is_flagged(clock):
    places.commune(places.PHONG_DINH)
    parcel = doors.at_office()
    _found, key = doors.round_with(parcel.number)

    answer = doors.send(key, doors.act(parcel.number, hand_over=doors.hand_over(commune_code=places.PHONG_DINH)))

    assert answer.json()["doubts"] == ["parcel-wrong-commune"]
    assert state(parcel) == ParcelState.DELIVERED


def test_a_photo_is_drawn_anew_sealed_and_readable_only_through_us(clock, settings):
    parcel = doors.at_office()
    _found, key = doors.round_with(parcel.number)

    answer = doors.send(key, doors.act(parcel.number, hand_over=doors.hand_over()), photo=doors.picture())

    assert answer.status_code == 201, answer.content
    kept = DoorAct.objects.get()
    shown = photos.read(kept.photo)
    with Image.open(BytesIO(shown)) as found:
        assert found.size == (1600, 800)
        assert not found.getexif()
    raw = b"".join(each.read_bytes() for each in settings.WARDPOST_PROOF_ROOT.rglob("*") if each.is_file())
    assert b"\xff\xd8\xff" not in raw
    assert b"bi mat" not in shown + raw


@pytest.mark.parametrize("content", [b"", b"MZ not a picture", b"\xff\xd8\xff\xe0 cut", b"<svg onload='x'/>",
                                     b"\x89PNG\r\n\x1a\n" + b"\x00" * 200])
def test_what_is_no_picture_is_refused_and_nothing_is_left_of_it(clock, settings, content):
    parcel = doors.at_office()
    _found, key = doors.round_with(parcel.number)

    answer = doors.send(key, doors.act(parcel.number, hand_over=doors.hand_over()), photo=content)

    assert (answer.status_code, errors(answer)) == (422, {"/photo"})
    assert not list(settings.WARDPOST_PROOF_ROOT.rglob("*"))


def test_what_comes_after_midnight_is_still_taken_and_after_three_days_no_more(clock):
    parcels = [doors.at_office(), doors.at_office()]
    _found, key = doors.round_with(*(each.number for each in parcels))
    happened_at = OUT_AT + timedelta(hours=1)
    yesterday = [doors.act(each.number, at=happened_at, hand_over=doors.hand_over()) for each in parcels]

    clock.shift(timedelta(hours=30))
    late = yesterday[0] | {"device_sent_at": (OUT_AT + timedelta(hours=30)).isoformat()}
    assert Client().get("/api/v1/door/round", headers={doors.KEY_HEADER: key}).status_code == 404
    assert doors.send(key, late).status_code == 201
    assert DoorAct.objects.get().corrected_at == OUT_AT + timedelta(hours=1)

    clock.shift(timedelta(days=4))
    assert doors.send(key, yesterday[1]).json()["code"] == "round-closed"


def test_todays_phone_may_send_what_was_on_yesterdays_round(clock):
    first, second = doors.at_office(), doors.at_office()
    _found, yesterday = doors.round_with(first.number)
    clock.shift(timedelta(days=1))
    _found, today = doors.round_with(second.number, at=OUT_AT + timedelta(days=1))

    answer = doors.send(f"{today}.{yesterday}", doors.act(first.number, hand_over=doors.hand_over()))

    assert answer.status_code == 201
    assert doors.send(today, doors.act(first.number, reason="absent")).json()["code"] == "not-on-this-round"


def test_nothing_personal_is_in_events_audit_or_log(clock, caplog):
    parcel = doors.at_office()
    _found, key = doors.round_with(parcel.number)
    said = doors.hand_over(receiver_name="Trần Thị Kín")
    doors.send(key, doors.act(parcel.number, hand_over=said, note="gặp ở cổng"))

    told = str(list(OutboxMessage.objects.values("payload", "stream"))) + str(
        list(AuditEntry.objects.values("before", "after", "reason", "object_id"))) + caplog.text
    for personal in ("Trần Thị Kín", PHONE, "gặp ở cổng", doors.DRAWN.strip()):
        assert personal not in told


def test_a_carriers_own_message_about_the_same_hand_over_contradicts_nothing(clock):
    parcel = doors.at_office()
    _found, key = doors.round_with(parcel.number)
    doors.send(key, doors.act(parcel.number, hand_over=doors.hand_over()))
    clock.shift(timedelta(hours=1))

    carrier.tell(Client(), carrier.delivered(parcel.number, 24))

    assert state(parcel) == ParcelState.DELIVERED


def test_a_hole_in_what_a_phone_has_told_is_seen(clock):
    parcels = [doors.at_office(), doors.at_office()]
    found, key = doors.round_with(*(each.number for each in parcels))

    doors.send(key, doors.act(parcels[0].number, sequence=3, reason="absent"))

    found.refresh_from_db()
    assert (found.last_sequence, found.acts.count()) == (3, 1)
    told = Client().get("/api/v1/door/round", headers={doors.KEY_HEADER: key}).json()
    assert told["next_sequence"] == 4
    assert [stop["is_answered"] for stop in told["stops"]] == [True, False]


def test_rounds_of_another_operators_phone_reach_nothing(clock):
    parcel = doors.at_office()
    network.other_operator()
    _found, key = doors.round_with(parcel.number)

    assert doors.send(key[:-1] + "x", doors.act(parcel.number, reason="absent")).json()["code"] == "round-closed"
    assert doors.send("", doors.act(parcel.number, reason="absent")).json()["code"] == "round-closed"
    assert rounds.MOST_STOPS == 200
