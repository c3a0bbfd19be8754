"""The pages and the API of moves, and what anybody reads of them."""

from datetime import date

import pytest
from django.urls import reverse

from agents.models.people import StaffAccount
from agents.moves import operations, places
from agents.moves.models import OutletMove
from agents.moves.operations import NewPlace
from agents.moves.rules import MoveState
from agents.operations.outlets import Site
from shared.roles import Role
from tests.agents import accredited
from tests.agents.factories import make_commune, make_outlet, make_province, moment, opens, staff

pytestmark = pytest.mark.django_db
NOON = moment("2025-07-03 12:00")
DAY = date(2025, 7, 14)


@pytest.fixture(autouse=True)
def _today(time_machine):
    time_machine.move_to(NOON, tick=False)


@pytest.fixture
def outlet():
    return make_outlet(code="HUE-001", commune=make_commune(name="Kim Long"), address="3 Kim Long")


def url(name, *args):
    return reverse(f"agents:{name}", args=args)


def signed_in(client, account):
    client.force_login(StaffAccount.objects.get(id=account.id))
    return account


def officer(name="Phan Thị Thu Hà"):
    return staff(Role.PROGRAMME_OFFICER, province=make_province(), display_name=name)


def entries(**more):
    commune = make_commune(name="Hương Long")
    return {"effective_from": "2025-07-14", "commune": commune.code, "address": "15 Nguyễn Phúc Nguyên",
            "latitude": "16.47", "longitude": "107.6", "phone": "", "reason": "Hết hạn thuê nhà"} | more


def test_a_manager_asks_and_an_officer_decides_on_the_pages(client, outlet):
    signed_in(client, staff(Role.OUTLET_MANAGER, outlet=outlet))
    assert client.get(url("ask-outlet-move", outlet.id)).status_code == 200
    wrong = client.post(url("ask-outlet-move", outlet.id), entries(effective_from="2025-07-05"))
    assert wrong.status_code == 422
    assert "15 Nguyễn Phúc Nguyên" in wrong.content.decode()
    assert client.post(url("ask-outlet-move", outlet.id), entries()).status_code == 302
    move = OutletMove.objects.get()
    own = client.get(url("outlet-move", move.id)).content.decode()
    page = client.get(client.get(url("own-outlet"))["Location"]).content.decode()
    assert "đang chờ quyết định" in page
    assert url("ask-outlet-move", outlet.id) not in page  # one at a time
    assert "Đồng ý cho chuyển" not in own
    assert "Hủy việc chuyển" in own

    signed_in(client, officer())
    assert "15 Nguyễn Phúc Nguyên" in client.get(url("outlet-moves")).content.decode()
    assert "Đồng ý cho chuyển" in client.get(url("outlet-move", move.id)).content.decode()
    empty = client.post(url("outlet-move-step", move.id, "approve"), {"words": ""})
    assert (empty.status_code, "Nêu căn cứ" in empty.content.decode()) == (422, True)
    assert client.post(url("outlet-move-step", move.id, "sing"), {"words": "x"}).status_code == 404
    assert client.post(url("outlet-move-step", move.id, "approve"), {"words": "CV 12"}).status_code == 302
    assert "Ngày 14/07/2025 chuyển tới" in client.get(url("outlet", outlet.id)).content.decode()
    assert client.post(url("outlet-move-step", move.id, "cancel"), {"words": "Thuê lại được"}).status_code == 302
    move.refresh_from_db()
    assert (move.state, move.ended_because) == ("cancelled", "Thuê lại được")


def test_strangers_find_no_move(client, outlet):
    signed_in(client, staff(Role.OUTLET_MANAGER, outlet=outlet))
    client.post(url("ask-outlet-move", outlet.id), entries())
    move = OutletMove.objects.get()
    signed_in(client, staff(Role.OUTLET_MANAGER, outlet=make_outlet()))

    assert client.get(url("outlet-move", move.id)).status_code == 404
    assert client.get(url("ask-outlet-move", outlet.id)).status_code == 404
    assert client.post(url("outlet-move-step", move.id, "cancel"), {"words": "Nhầm"}).status_code == 404
    assert client.get(f"/api/v1/outlet-moves/{move.id}").status_code == 404
    assert client.get("/api/v1/outlet-moves").json()["items"] == []


def test_the_list_costs_the_same_queries_however_many_moves_there_are(client, django_assert_max_num_queries):
    signed_in(client, officer())

    def moving(number):
        for n in range(number):
            place = make_outlet(commune=make_commune(name=f"Phường {number} {n}"))
            operations.ask_move(
                outlet_id=place.id, place=NewPlace(Site(place.commune_id, "9 Nguyễn Huệ", 16.47, 107.6), DAY),
                reason="Nhà cũ", by=staff(Role.OUTLET_MANAGER, outlet=place).actor, at=NOON)

    moving(2)
    with django_assert_max_num_queries(60) as few:
        client.get(url("outlet-moves"))
    moving(4)
    with django_assert_max_num_queries(len(few)):
        client.get(url("outlet-moves"))


def test_a_move_goes_its_way_through_the_api(client, outlet):
    def post(path, key, **body):
        return client.post(f"/api/v1/{path}", body, content_type="application/json", headers={"Idempotency-Key": key})

    asked = {"effective_from": "2025-07-14", "commune_code": make_commune(name="Hương Long").code,
             "address": "15 Nguyễn Phúc Nguyên", "latitude": 16.47, "longitude": 107.6, "reason": "Hết hạn thuê nhà"}
    signed_in(client, staff(Role.OPERATOR_HQ, operator=outlet.operator))
    made = post(f"outlets/{outlet.id}/moves", "ask", **asked)
    assert (made.status_code, made.json()["state"], made.json()["from_address"]) == (201, "asked", "3 Kim Long")
    move = made.json()["id"]
    assert post(f"outlet-moves/{move}/decisions", "no", step="approve", decision="CV 12").status_code == 403

    signed_in(client, officer())
    assert post(f"outlet-moves/{move}/decisions", "bad", step="approve", decision="").status_code == 422
    assert post(f"outlet-moves/{move}/decisions", "yes", step="approve", decision="CV 12").json()["state"] == "approved"
    assert client.get("/api/v1/outlet-moves", {"state": "approved"}).json()["items"][0]["id"] == move
    near = client.get("/api/v1/outlets/nearest", {"latitude": 16.46, "longitude": 107.59}).json()["items"][0]
    assert (near["moves_on"], near["moves_to"]) == ("2025-07-14", "15 Nguyễn Phúc Nguyên, phường Hương Long")
    assert post(f"outlet-moves/{move}/cancellations", "off", because="Thuê lại").json()["state"] == "cancelled"


def test_anybody_reads_where_an_agent_moves_and_where_it_was(client):
    people = accredited.people()
    found = accredited.licensed(people)
    assert found.outlet is not None
    opens(found.outlet)
    move = operations.ask_move(
        outlet_id=found.outlet.id, reason="Hết hạn thuê nhà", by=people.operator, at=NOON,
        place=NewPlace(Site(make_commune(name="Hương Long").code, "15 Nguyễn Phúc Nguyên", 16.47, 107.6), DAY))
    OutletMove.objects.filter(id=move.id).update(state=MoveState.APPROVED, decided_by="x", decision="CV 12")
    places.forget()

    page = client.get(url("genuine", "HUE-009")).content.decode()
    assert "15 Nguyễn Phúc Nguyên, phường Hương Long. Hết hạn thuê nhà" in page
    assert "từ 14/07/2025: 15 Nguyễn Phúc Nguyên" in client.get(url("register")).content.decode()
    assert client.get("/api/v1/register/HUE-009").json()["moves_on"] == "2025-07-14"
    near = client.get("/diem-gan-nhat/", {"lat": "16.46", "lon": "107.59"}).content.decode()
    assert "Từ 14/07/2025: 15 Nguyễn Phúc Nguyên" in near
