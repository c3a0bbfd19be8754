"""Staff see the parcels of their own place, late ones first; everybody else's do not exist."""

import json

import pytest
import time_machine

from delivery.models.parcels import Parcel
from shared.roles import Role
from tests.delivery import carrier
from tests.factories import network, parcels
from tests.factories import places as place_factory
from tests.factories.parcels import BOOKED_AT

pytestmark = pytest.mark.django_db


@pytest.fixture
def place():
    return network.outlet()


@pytest.fixture
def seen(client, place):
    client.force_login(network.clerk(place))
    return client


def text_of(answer) -> str:
    assert answer.status_code == 200, answer.content
    return answer.content.decode()


def test_parcels_that_need_somebody_come_first(seen, place):
    late, doubtful, calm = (parcels.parcel(outlet=place) for _ in range(3))
    Parcel.objects.filter(id=calm.id).update(promised_date="2026-02-20")
    Parcel.objects.filter(id=doubtful.id).update(state="needs_review", promised_date="2026-02-21")

    with time_machine.travel(BOOKED_AT.replace(month=2)):
        text = text_of(seen.get("/buu-gui/"))

    assert text.index(doubtful.number) < text.index(late.number) < text.index(calm.number)
    assert text.count("Trễ hẹn") >= 1


@pytest.mark.parametrize(("pick", "state", "shown"), [
    ("live", "in_transit", True), ("live", "delivered", False), ("ended", "delivered", True),
    ("review", "needs_review", True), ("review", "in_transit", False), ("nonsense", "in_transit", True),
])
def test_a_list_holds_what_it_says(seen, place, pick, state, shown):
    parcel = parcels.parcel(outlet=place)
    Parcel.objects.update(state=state)

    assert (parcel.number in text_of(seen.get(f"/buu-gui/?pick={pick}"))) is shown


def test_a_parcel_is_found_by_any_of_its_codes_even_when_it_has_ended(seen, place):
    parcel = parcels.parcel(outlet=place)
    Parcel.objects.update(state="delivered")

    for code in (parcel.number.lower(), parcel.tracking_code, "h57.31-260114-0001"):
        assert parcel.number in text_of(seen.get("/buu-gui/", {"q": code})), code
    assert parcel.number not in text_of(seen.get("/buu-gui/", {"q": "RR000000005VN"}))


def people(own):
    """Who may see parcels of outlet `own` and its centre, and who may not."""
    centre = network.centre()
    elsewhere = network.centre(place_factory.PHU_XUAN)
    return {
        "clerk": (network.clerk(own), True), "manager": (network.outlet_manager(own), True),
        "officer": (network.officer(centre), True), "hq": (network.operator_hq(), True),
        "auditor": (network.auditor(place_factory.HUE), True),
        "another clerk": (network.clerk(network.outlet()), False),
        "another officer": (network.officer(elsewhere), False),
        "another hq": (network.operator_hq(network.other_operator()), False),
        "another city's auditor": (network.auditor(place_factory.HANOI), False)}


def test_a_parcel_exists_for_its_own_people_only(client, place):
    parcel = parcels.parcel(outlet=place)
    for who, (account, may) in people(place).items():
        client.force_login(account)
        answers = [client.get(path) for path in (
            f"/buu-gui/{parcel.id}/", f"/buu-gui/{parcel.id}/nhan.pdf", f"/api/v1/parcels/{parcel.id}",
            f"/api/v1/parcels/{parcel.id}/events")]
        assert {answer.status_code for answer in answers} == ({200} if may else {404}), who
        listed = client.get("/api/v1/parcels").json()["items"]
        assert [each["number"] for each in listed] == ([parcel.number] if may else []), who
        assert (parcel.number in text_of(client.get("/buu-gui/"))) is may, who


def test_strangers_are_asked_to_sign_in(client):
    assert client.get("/buu-gui/").status_code == 302
    assert client.get("/api/v1/parcels").status_code == 401


def test_a_parcels_page_tells_all_that_was_told_and_who_received_it(seen, place):
    parcel = parcels.parcel(outlet=place)
    accepted = carrier.event(parcel.number, "EMA", office="Bưu cục Phong Dinh")
    carrier.tell(seen, accepted, carrier.delivered(parcel.number))

    text = text_of(seen.get(f"/buu-gui/{parcel.id}/"))

    for words in ("Bưu cục Phong Dinh", "EMI", "Nguyễn Thị Thử", "chính người nhận", "H57.31-260114-0001", "chữ ký"):
        assert words in text, words
    assert "914275268" not in text.replace("\u00a0", ""), "a phone number is masked"


def test_headquarters_settle_what_contradicts(client, place):
    parcel = parcels.parcel(outlet=place)
    client.force_login(network.operator_hq())
    carrier.tell(client, carrier.event(parcel.number, "X-RTA", 20), carrier.delivered(parcel.number, 44))
    text = text_of(client.get(f"/buu-gui/{parcel.id}/"))
    assert "Có nhiều kết cục được báo" in text

    refused = client.post(f"/buu-gui/{parcel.id}/xac-dinh/", {"outcome": "returned", "reason": ""})
    assert refused.status_code == 422
    settled = client.post(f"/buu-gui/{parcel.id}/xac-dinh/", {"outcome": "returned", "reason": "Đã thấy tận mắt"})

    assert settled.status_code == 302
    parcel.refresh_from_db()
    assert parcel.state == "returned"
    assert "Đã thấy tận mắt" in text_of(client.get(f"/buu-gui/{parcel.id}/"))


def test_a_clerk_may_not_settle(seen, place):
    parcel = parcels.parcel(outlet=place)

    assert seen.post(f"/buu-gui/{parcel.id}/xac-dinh/", {"outcome": "returned", "reason": "x"}).status_code == 403


def test_programs_settle_with_a_key_and_a_reason(client, place):
    parcel = parcels.parcel(outlet=place)
    client.force_login(network.operator_hq())
    carrier.tell(client, carrier.event(parcel.number, "X-RTA", 20), carrier.delivered(parcel.number, 44))
    body = json.dumps({"outcome": "delivered", "reason": "biên bản"})

    answers = [client.post(f"/api/v1/parcels/{parcel.id}/settlements", body, content_type="application/json",
                           headers={"Idempotency-Key": "k1"}) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].content == answers[1].content
    assert (answers[0].json()["state"], answers[0].json()["proof"]["relation"]) == ("delivered", "self")


@pytest.mark.parametrize("filters", [
    {"state": "in_transit"}, {"direction": "result"}, {"is_late": "true"}, {"limit": 1},
])
def test_programs_filter_parcels(client, place, filters):
    parcel = parcels.parcel(outlet=place)
    Parcel.objects.update(state="in_transit")
    client.force_login(network.clerk(place))

    assert [each["id"] for each in client.get("/api/v1/parcels", filters).json()["items"]] == [str(parcel.id)]


def test_unknown_filters_and_states_are_refused(client, place):
    client.force_login(network.clerk(place))

    assert client.get("/api/v1/parcels", {"sort": "x"}).status_code == 422
    assert client.get("/api/v1/parcels", {"state": "flying"}).status_code == 422


@pytest.mark.parametrize("many", [2, 30])
def test_lists_cost_the_same_however_long(client, place, many, django_assert_max_num_queries):
    for _ in range(many):
        parcels.parcel(outlet=place)
    client.force_login(network.staff(Role.OUTLET_CLERK, "Người Thử", outlet=place))

    with django_assert_max_num_queries(16):
        client.get("/buu-gui/")
    with django_assert_max_num_queries(9):
        client.get("/api/v1/parcels?limit=100")


def test_what_ended_last_is_read_first(seen, place):
    old, new = parcels.parcel(outlet=place), parcels.parcel(outlet=place)
    Parcel.objects.filter(id=old.id).update(state="delivered", state_at=BOOKED_AT, promised_date="2026-01-19")
    Parcel.objects.filter(id=new.id).update(state="delivered", state_at=BOOKED_AT.replace(day=20),
                                            promised_date="2026-01-21")

    text = text_of(seen.get("/buu-gui/?pick=ended"))

    assert text.index(new.number) < text.index(old.number)
