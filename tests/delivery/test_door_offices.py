"""Rounds and counters: sent out on one phone, laid out, handed out, changed, and sent back when its time is over."""

from datetime import date, timedelta

import pytest
import time_machine
from django.test import Client

from delivery.door.codes import code_of
from delivery.door.errors import PickUpNotFound, RoundRefused
from delivery.door.models import DeliveryChange, DeliveryRound, DoorAct, PickUp
from delivery.door.operations import changes, pick_ups, returns, rounds
from delivery.door.records import HandOver
from delivery.models.carrier_requests import CarrierRequest
from delivery.models.parcels import Parcel
from delivery.rules import ParcelState
from shared.models.oversight import WorkItem
from tests.delivery import carrier, doors
from tests.delivery.doors import OUT_AT, clerk_of
from tests.factories import network, parcels, places
from tests.factories.browsers import Api, body_of
from tests.factories.parcels import RECIPIENT, TAIL

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock(settings, tmp_path):
    settings.WARDPOST_PROOF_ROOT = tmp_path / "proofs"
    with time_machine.travel(OUT_AT, tick=False) as travelling:
        yield travelling


def signed_in(account) -> Client:
    client = Client()
    client.force_login(account)
    return client


# --- rounds ---------------------------------------------------------------------------------------------------------


def test_a_link_opens_on_the_first_phone_and_on_no_other():
    parcel = doors.at_office()
    clerk = signed_in(network.clerk(network.outlet()))
    shown = clerk.post("/chuyen-phat/", {"postman_name": "Lê Văn Bưu", "numbers": parcel.number})
    link = shown.context["link"]
    path = "/phat/" + link.split("/phat/")[1]
    phone, thief = Client(), Client()
    page = shown.content.decode()
    assert f'value="{parcel.number}"' not in page, "what was just sent out is not typed again as more"
    assert f'action="/chuyen-phat/{DeliveryRound.objects.get().id}/"' in page, "more goes onto this round"

    preview = thief.get(path)
    assert "Lê Văn Bưu" in preview.content.decode()
    assert RECIPIENT not in preview.content.decode(), "a link shows nothing of what it opens"
    opened = phone.post(path)

    assert opened["Location"] == "/phat/"
    assert opened.cookies["wardpost_round"]["httponly"]
    assert phone.get("/api/v1/door/round").json()["stops"][0]["number"] == parcel.number
    assert thief.post(path).status_code == 404
    assert thief.get("/api/v1/door/round").json()["code"] == "round-closed"
    again = clerk.get(shown.request["PATH_INFO"]).content.decode()
    assert link not in again
    parcel.refresh_from_db()
    assert parcel.state == ParcelState.OUT_FOR_DELIVERY


def test_looking_at_a_link_opens_nothing():
    parcel = doors.at_office()
    _round, token = rounds.open_round(rounds.RoundInput("Lê Văn Bưu", "", (parcel.number,)),
                                      by=clerk_of(network.outlet()), at=OUT_AT)

    for _look in range(3):
        assert Client().get(f"/phat/{token}/").status_code == 200

    parcel.refresh_from_db()
    assert parcel.state == ParcelState.ARRIVED


@pytest.mark.parametrize("numbers", ["", "RR000000005VN", "' OR 1=1", "🙂"])
def test_only_parcels_of_the_operator_are_sent_out(numbers):
    clerk = signed_in(network.clerk(network.outlet()))

    answer = clerk.post("/chuyen-phat/", {"postman_name": "Lê Văn Bưu", "numbers": numbers})

    assert answer.status_code == 422
    assert "Lê Văn Bưu" in answer.content.decode(), "what was typed stays"


def test_a_parcel_is_on_one_round_at_a_time_and_free_again_when_that_is_taken_back():
    parcel, outlet = doors.at_office(), network.outlet()
    found, key = doors.round_with(parcel.number, outlet=outlet)
    with pytest.raises(RoundRefused):
        rounds.open_round(rounds.RoundInput("Người Khác", "", (parcel.number,)), by=clerk_of(outlet), at=OUT_AT)

    rounds.close_round(round_id=found.id, by=clerk_of(outlet), at=OUT_AT)

    assert doors.send(key, doors.act(parcel.number, reason="absent")).json()["code"] == "round-closed"
    assert rounds.open_round(rounds.RoundInput("Người Khác", "", (parcel.number,)), by=clerk_of(outlet), at=OUT_AT)


def test_another_offices_round_does_not_exist():
    parcel = doors.at_office()
    found, _key = doors.round_with(parcel.number)
    stranger = signed_in(network.clerk(network.outlet()))

    assert stranger.get(f"/chuyen-phat/{found.id}/").status_code == 404
    assert stranger.post(f"/chuyen-phat/{found.id}/thu-hoi/").status_code == 404


def test_offices_do_the_same_by_program():
    first, second = doors.at_office(), doors.at_office()
    api = Api(person=network.clerk(network.outlet()))

    opened = body_of(api.post("/rounds", {"postman_name": "Lê Văn Bưu", "numbers": [first.number]}))
    claimed = body_of(Api().post("/door/claims", {"token": opened["link"].rstrip("/").rsplit("/", 1)[1]}))
    api.post(f"/rounds/{opened['id']}/parcels", {"numbers": [second.number]})

    told = Client().get("/api/v1/door/round", headers={doors.KEY_HEADER: claimed["key"]}).json()
    assert [stop["number"] for stop in told["stops"]] == [first.number, second.number]
    closed = body_of(api.post(f"/rounds/{opened['id']}/closings", {}))
    assert closed["closed_at"] is not None


def test_a_round_that_is_over_without_answers_is_somebodys_work(clock):
    parcel = doors.at_office()
    found, _key = doors.round_with(parcel.number)

    assert returns.watch_rounds(at=OUT_AT + timedelta(hours=5)) == 0
    assert returns.watch_rounds(at=OUT_AT + timedelta(days=1)) == 1

    item = WorkItem.objects.get(kind="round-unanswered")
    assert (item.reference, item.owner_role) == (str(found.id), "outlet_manager")
    assert returns.watch_rounds(at=OUT_AT + timedelta(days=1)) == 0, "it is somebody's already"

    DeliveryRound.objects.filter(id=found.id).update(closed_at=OUT_AT + timedelta(days=2))
    returns.watch_rounds(at=OUT_AT + timedelta(days=2))
    item.refresh_from_db()
    assert item.outcome == "answered"


@pytest.mark.parametrize("many", [1, 12])
def test_the_list_of_rounds_and_a_phones_list_cost_the_same_however_many(many, django_assert_max_num_queries):
    outlet = network.outlet()
    numbers = [doors.at_office().number for _ in range(many)]
    _found, key = doors.round_with(*numbers, outlet=outlet)
    clerk = signed_in(network.clerk(outlet))

    with django_assert_max_num_queries(16):
        clerk.get("/chuyen-phat/")
    with django_assert_max_num_queries(12):
        Client().get("/api/v1/door/round", headers={doors.KEY_HEADER: key})


# --- parcels that wait ----------------------------------------------------------------------------------------------


def waiting() -> tuple[Parcel, Client, object]:
    outlet = network.outlet(places.PHU_XUAN)
    parcel, account = doors.at_office(), network.clerk(outlet)
    clerk = signed_in(account)
    assert clerk.post("/cho-nhan/", {"number": parcel.number.lower()}).status_code == 302
    parcel.refresh_from_db()
    return parcel, clerk, account


def test_a_parcel_waits_five_working_days_and_is_handed_out_against_an_id():
    parcel, clerk, _account = waiting()
    assert parcel.state == ParcelState.AT_COLLECTION_POINT
    assert PickUp.objects.get().until_date == date(2026, 1, 22)
    page = clerk.get(f"/cho-nhan/{parcel.id}/")
    form = {"act_id": str(page.context["act_id"]), "relation": "self", "receiver_name": RECIPIENT, "id_kind": "cccd"}

    unsigned = clerk.post(f"/cho-nhan/{parcel.id}/", form)
    assert unsigned.status_code == 422
    assert clerk.post(f"/cho-nhan/{parcel.id}/", form | {"code": code_of(parcel.id)}).status_code == 302

    parcel.refresh_from_db()
    assert parcel.state == ParcelState.DELIVERED
    kept = DoorAct.objects.get()
    assert (kept.method, kept.id_kind, kept.outlet_id) == ("otp", "cccd", PickUp.objects.get().outlet_id)


def test_another_outlet_can_neither_see_nor_hand_out_what_waits_here():
    parcel, _clerk, _account = waiting()
    stranger = network.clerk(network.outlet())

    assert signed_in(stranger).get(f"/cho-nhan/{parcel.id}/").status_code == 404
    assert parcel.number not in signed_in(stranger).get("/cho-nhan/").content.decode()
    with pytest.raises(PickUpNotFound):
        pick_ups.hand_out(act_id=parcel.id, parcel_id=parcel.id, by=network.acting(stranger), at=OUT_AT,
                          given=HandOver(RECIPIENT, "self", "cccd", signature=doors.DRAWN))


def test_laid_out_in_another_commune_without_an_order_is_flagged():
    parcel = doors.at_office()
    network.outlet(places.PHONG_DINH)

    pick_ups.lay_out(number=parcel.number, by=clerk_of(network.outlet(places.PHONG_DINH)), at=OUT_AT)

    assert WorkItem.objects.get(kind="parcel-wrong-commune").reference == parcel.number


def test_what_nobody_fetched_goes_back_after_its_last_day(clock):
    parcel, _clerk, _account = waiting()
    last_day = OUT_AT + timedelta(days=7)

    assert returns.send_back_due(at=last_day) == 0
    assert returns.send_back_due(at=last_day + timedelta(days=1)) == 1
    assert returns.send_back_due(at=last_day + timedelta(days=1)) == 0

    assert CarrierRequest.objects.get(kind="return").parcel_id == parcel.id


def test_after_two_invitations_and_a_day_for_the_citizen_it_goes_back():
    parcel = doors.at_office()
    carrier.tell(Client(), carrier.event(parcel.number, "EMH", 24))
    later = OUT_AT + timedelta(days=8)
    with time_machine.travel(later, tick=False):
        assert returns.send_back_due(at=later) == 0
        carrier.tell(Client(), carrier.event(parcel.number, "EMH", 24 + 96))
        assert returns.send_back_due(at=OUT_AT + timedelta(days=5)) == 0
        assert returns.send_back_due(at=OUT_AT + timedelta(days=6)) == 1
    assert CarrierRequest.objects.get(kind="return").parcel_id == parcel.id


# --- changes --------------------------------------------------------------------------------------------------------


def citizen(parcel: Parcel) -> Client:
    client = Client()
    assert client.post("/tra-cuu/", {"code": parcel.number, "tail": TAIL}).status_code == 302
    return client


def test_a_citizen_has_it_brought_on_another_day_and_the_carrier_is_asked():
    parcel = doors.at_office()
    client = citizen(parcel)

    refused = client.post("/tra-cuu/doi-phat/", {"kind": "another_day", "wanted_date": "2026-01-17"})
    assert refused.status_code == 422, "a Saturday"
    answer = client.post("/tra-cuu/doi-phat/", {"kind": "another_day", "wanted_date": "2026-01-20"})

    assert answer["Location"] == "/tra-cuu/ho-so/"
    asked = CarrierRequest.objects.get()
    assert (asked.kind, asked.details) == ("reschedule", {"day": "2026-01-20"})
    shown = client.get("/tra-cuu/ho-so/").content.decode()
    assert "ngày người dân đã chọn" in shown
    assert code_of(parcel.id) in shown


def test_a_citizen_fetches_it_at_an_outlet_and_is_counted_down():
    outlet = network.outlet(places.PHU_XUAN)
    parcel = doors.at_office()
    client = citizen(parcel)
    client.post("/tra-cuu/doi-phat/", {"kind": "pick_up", "outlet_id": str(outlet.id)})
    assert CarrierRequest.objects.get().details["point"] == outlet.name

    pick_ups.lay_out(number=parcel.number, by=clerk_of(outlet), at=OUT_AT)

    shown = client.get("/tra-cuu/ho-so/").content.decode()
    assert outlet.name in shown
    assert "ngày làm việc nữa" in shown
    assert not WorkItem.objects.filter(kind="parcel-wrong-commune").exists(), "it was ordered there"


@pytest.mark.parametrize("asked", [
    {"kind": "address", "commune_code": places.PHONG_DINH, "address": "1 đường Khác"},
    {"kind": "pick_up", "outlet_id": "0199ee00-0000-7000-8000-000000000000"},
    {"kind": "pick_up"}, {"kind": "another_day"}, {"kind": "nonsense"}, {}])
def test_what_code_and_digits_do_not_suffice_for_is_refused(asked):
    parcel = doors.at_office()

    assert citizen(parcel).post("/tra-cuu/doi-phat/", asked).status_code == 422
    assert not DeliveryChange.objects.exists()


def test_twice_is_enough_and_a_counter_can_still_help():
    parcel = doors.at_office(outlet=(outlet := network.outlet()))
    client = citizen(parcel)
    for day in ("2026-01-20", "2026-01-21", "2026-01-22"):
        client.post("/tra-cuu/doi-phat/", {"kind": "another_day", "wanted_date": day})
    assert DeliveryChange.objects.count() == 2

    given = changes.ChangeInput("address", commune_code=places.PHU_XUAN, address="7 đường Mới", why="đã đối chiếu CCCD")
    changes.change_by_staff(parcel_id=parcel.id, given=given, by=clerk_of(outlet),
                            at=OUT_AT + timedelta(minutes=1))

    _found, key = doors.round_with(parcel.number)
    told = Client().get("/api/v1/door/round", headers={doors.KEY_HEADER: key}).json()["stops"][0]
    assert told["address"] == "7 đường Mới"


def test_programs_change_by_the_same_rules():
    parcel = doors.at_office()
    body = {"phone_tail": TAIL, "kind": "another_day", "wanted_date": "2026-01-20"}

    made = Client().post(f"/api/v1/tracking/{parcel.number}/changes", body, content_type="application/json")
    wrong = Client().post(f"/api/v1/tracking/{parcel.number}/changes", body | {"phone_tail": "000"},
                          content_type="application/json")

    assert (made.status_code, wrong.status_code) == (201, 404)


def test_without_code_and_digits_there_is_nothing_to_change():
    parcels.parcel()

    assert Client().get("/tra-cuu/doi-phat/")["Location"] == "/tra-cuu/"
