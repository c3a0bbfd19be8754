"""A parcel is never given up in silence: a search has an owner and a day, and ends with "found" or "lost"."""

from datetime import timedelta

import pytest
import time_machine

from delivery.door.models import DeliveryChange
from delivery.errors import (
    MayNotAnswerSearch,
    NothingToSearch,
    ParcelNotFound,
    SearchAnswerIncomplete,
    SearchNotFound,
    SearchOver,
    SearchRunning,
)
from delivery.models.parcels import Parcel
from delivery.queries.verification import differences
from delivery.searches import operations, sweeps
from delivery.searches.models import Delay, SearchCase, SearchStep
from delivery.searches.operations import Answer
from delivery.searches.rules import FINAL_SEARCH, TRANSITIONS, WATCHED, SearchState
from shared.models.messages import OutboxMessage
from shared.models.oversight import WorkItem
from shared.roles import Role
from tests.delivery import carrier
from tests.factories import network, parcels, places
from tests.factories.parcels import BOOKED_AT

pytestmark = pytest.mark.django_db(transaction=True)


def days_later(days: float):
    return BOOKED_AT + timedelta(days=days)


def lying(state: str = "in_transit", **fields) -> Parcel:
    """Booked on Wednesday 14 January, and where it is since then."""
    parcel = parcels.parcel(**fields)
    Parcel.objects.filter(id=parcel.id).update(state=state, state_at=BOOKED_AT)
    parcel.refresh_from_db()
    return parcel


def hq():
    return network.acting(network.operator_hq())


def city():
    return network.acting(network.staff(Role.ADMINISTRATOR, "Trịnh Văn Điều", province=places.province(places.HUE)))


def told(event: str) -> int:
    """How often it was said; each that listens has a row of its own."""
    return len({str(each.payload) for each in OutboxMessage.objects.filter(event=event)})


@pytest.mark.parametrize("state", ["accepted", "in_transit", "arrived", "out_for_delivery", "held", "returning"])
def test_a_silent_parcel_is_looked_for_once(state):
    parcel = lying(state)

    assert sweeps.open_due_searches(at=days_later(5)) == 0  # three working days have to pass whole
    sweeps.open_due_searches(at=days_later(6))
    assert sweeps.open_due_searches(at=days_later(7)) == 0

    search = SearchCase.objects.get()
    item = WorkItem.objects.get()
    assert (search.parcel_id, search.cause, search.state) == (parcel.id, "silent", "searching")
    assert (item.kind, item.reference, item.owner_role, item.owner_place) == (
        "parcel-search", parcel.number, "operator_hq", "VNPOST")
    assert told("SearchOpened") == 1


def test_a_parcel_whose_events_never_end_is_looked_for_when_it_is_overdue():
    parcel = lying()
    Parcel.objects.filter(id=parcel.id).update(state_at=days_later(8))  # promised for Friday 16 January

    sweeps.open_due_searches(at=days_later(8))

    assert SearchCase.objects.get().cause == "overdue"


@pytest.mark.parametrize("state", ["booked", "attempt_failed", "at_collection_point", "needs_review", "delivered"])
def test_what_waits_for_a_person_is_not_looked_for(state):
    lying(state)

    assert sweeps.watch_searches(at=days_later(30)) == 0


@pytest.mark.parametrize(("zone", "day"), [("intra_province", "2026-01-27"), ("inter_same_region", "2026-01-29")])
def test_the_answer_is_owed_in_five_working_days_inside_a_province_and_in_seven_between(zone, day):
    lying()
    Parcel.objects.update(zone=zone)

    sweeps.open_due_searches(at=days_later(6))  # Tuesday 20 January

    assert str(SearchCase.objects.get().answer_by) == day


def test_a_parcel_that_moves_again_has_been_found(client):
    parcel = lying()
    sweeps.open_due_searches(at=days_later(6))

    Parcel.objects.filter(id=parcel.id).update(state="arrived", state_at=days_later(7))
    sweeps.follow_parcels(at=days_later(7.1))

    assert SearchCase.objects.get().state == "found"
    assert WorkItem.objects.get().outcome == "found"
    assert told("ParcelFound") == 1


def test_an_answer_that_does_not_come_is_the_citys_business_and_the_city_may_then_say_that_it_is_lost():
    lying()
    sweeps.open_due_searches(at=days_later(6))
    search = SearchCase.objects.get()
    lost = Answer("lost", "Bưu cục không trả lời")
    with pytest.raises(MayNotAnswerSearch):
        operations.answer(search_id=search.id, said=lost, by=city(), at=days_later(8))

    sweeps.escalate_overdue(at=days_later(13))  # Tuesday 27 January: the last day itself
    assert WorkItem.objects.get(closed_at=None).kind == "parcel-search"
    sweeps.escalate_overdue(at=days_later(14))

    item = WorkItem.objects.get(closed_at=None)
    assert (item.kind, item.owner_role, item.owner_place) == ("parcel-search-overdue", "administrator", places.HUE)
    operations.answer(search_id=search.id, said=lost, by=city(), at=days_later(15))
    assert not WorkItem.objects.filter(closed_at=None).exists()
    assert Parcel.objects.get().state == "lost"


def test_what_the_operator_says_is_lost_is_lost_and_told_once():
    parcel = lying()
    sweeps.open_due_searches(at=days_later(6))
    search = SearchCase.objects.get()

    operations.answer(search_id=search.id, said=Answer("lost", "Xe thư bị cháy"), by=hq(), at=days_later(7))
    sweeps.watch_searches(at=days_later(8))
    sweeps.conclude_lost(parcel_id=parcel.id, at=days_later(8))

    parcel.refresh_from_db()
    assert (parcel.state, SearchCase.objects.get().state) == ("lost", "lost")
    assert (told("ParcelLost"), told("ParcelFound")) == (1, 0)
    assert differences() == []


def test_a_found_parcel_is_looked_for_again_when_it_stays_silent():
    lying()
    sweeps.open_due_searches(at=days_later(6))
    search = SearchCase.objects.get()
    operations.answer(search_id=search.id, said=Answer("found", "Thấy trên kệ", "BC Huế"), by=hq(), at=days_later(7))

    assert sweeps.open_due_searches(at=days_later(9)) == 0
    assert sweeps.open_due_searches(at=days_later(14)) == 1


def test_the_carriers_own_word_that_it_is_lost_is_kept_as_a_search_that_has_ended(client):
    parcel = parcels.parcel()
    carrier.tell(client, carrier.event(parcel.number, "EMA"), carrier.event(parcel.number, "X-LOST", 5))

    for _again in range(2):
        sweeps.conclude_lost(parcel_id=parcel.id, at=days_later(1))

    search = SearchCase.objects.get()
    assert (search.cause, search.state) == ("lost", "lost")
    assert not WorkItem.objects.exists()
    assert told("ParcelLost") == 1


def test_a_delivery_that_the_addressee_denies_ends_only_by_an_answer(client):
    parcel = parcels.parcel()
    carrier.tell(client, carrier.event(parcel.number, "EMA"), carrier.delivered(parcel.number))

    search = operations.report_missing(parcel_id=parcel.id, words="Bà Thử chưa nhận", by=hq(), at=days_later(3))
    sweeps.follow_parcels(at=days_later(4))
    search.refresh_from_db()
    assert (search.cause, search.state) == ("not_received", "searching")

    operations.answer(search_id=search.id, said=Answer("lost", "Ký nhận không đúng người"), by=hq(), at=days_later(5))
    parcel.refresh_from_db()
    assert parcel.state == "lost"
    assert WorkItem.objects.filter(kind="postage-in-doubt", closed_at=None).exists()


def test_what_cannot_be_looked_for_is_refused():
    parcel, by = lying(), hq()
    stranger = network.acting(network.clerk(network.outlet(places.PHU_XUAN)))

    with pytest.raises(ParcelNotFound):
        operations.report_missing(parcel_id=parcel.id, words="Chưa tới", by=stranger, at=days_later(1))
    with pytest.raises(SearchAnswerIncomplete):
        operations.report_missing(parcel_id=parcel.id, words=" ", by=by, at=days_later(1))
    with pytest.raises(NothingToSearch):
        operations.report_missing(parcel_id=parcel.id, words="Chưa tới", by=by, at=days_later(200))
    operations.report_missing(parcel_id=parcel.id, words="Chưa tới", by=by, at=days_later(1))
    with pytest.raises(SearchRunning):
        operations.report_missing(parcel_id=parcel.id, words="Chưa tới", by=by, at=days_later(1))
    assert SearchCase.objects.count() == 1


@pytest.mark.parametrize("said", [Answer("found", "Thấy rồi"), Answer("found", "", "BC Huế"), Answer("", "Ừ", "BC")])
def test_an_answer_that_does_not_say_enough_ends_nothing(said):
    lying()
    sweeps.open_due_searches(at=days_later(6))
    search = SearchCase.objects.get()

    with pytest.raises(SearchAnswerIncomplete):
        operations.answer(search_id=search.id, said=said, by=hq(), at=days_later(7))

    search.refresh_from_db()
    assert search.ended_at is None


def test_a_search_that_has_ended_stays_as_it_is():
    lying()
    sweeps.open_due_searches(at=days_later(6))
    search, by = SearchCase.objects.get(), hq()
    operations.answer(search_id=search.id, said=Answer("found", "Thấy", "BC Huế"), by=by, at=days_later(7))

    with pytest.raises(SearchOver):
        operations.answer(search_id=search.id, said=Answer("lost", "Mất"), by=by, at=days_later(8))
    with pytest.raises(SearchOver):
        operations.note(search_id=search.id, words="Hỏi lại", by=by, at=days_later(8))
    with pytest.raises(SearchNotFound):
        operations.note(search_id=search.id, words="Hỏi lại", by=network.acting(network.clerk()), at=days_later(8))


def test_a_missed_day_is_noticed_once_and_never_forgotten():
    late = lying()
    lying("attempt_failed")
    Parcel.objects.filter(state="attempt_failed").update(attempts=1)

    assert sweeps.notice_delays(at=days_later(2)) == 0
    assert sweeps.notice_delays(at=days_later(5)) == 1
    assert sweeps.notice_delays(at=days_later(6)) == 0

    delay = Delay.objects.get()
    assert (delay.parcel_id, str(delay.promised_date), str(delay.expected_date)) == (
        late.id, "2026-01-16", "2026-01-19")
    assert told("ParcelDelayed") == 1


def test_every_state_of_a_search_ends_or_is_watched():
    assert set(SearchState) == FINAL_SEARCH | set(WATCHED)
    assert not [before for before, _action in TRANSITIONS if before in FINAL_SEARCH]
    assert all(hasattr(sweeps, watch.sweep) for watch in WATCHED.values())


@time_machine.travel(BOOKED_AT + timedelta(days=3))
def test_a_clerk_reports_headquarters_answer_and_both_read_what_was_done(client):
    outlet = network.outlet()
    parcel = lying(outlet=outlet)
    client.force_login(network.clerk(outlet))
    page = client.get(f"/buu-gui/{parcel.id}/").content.decode()
    assert "Có người chưa nhận được bưu gửi này" in page

    client.post(f"/buu-gui/{parcel.id}/tim-kiem/", {"words": "Bà Thử hỏi lần thứ hai"})
    search = SearchCase.objects.get()
    assert client.post(f"/buu-gui/tim-kiem/{search.id}/tra-loi/", {"outcome": "found"}).status_code == 403

    client.force_login(network.operator_hq())
    refused = client.post(f"/buu-gui/tim-kiem/{search.id}/tra-loi/", {"outcome": "found", "words": "Thấy trên kệ số 4"})
    assert refused.status_code == 422
    assert "Thấy trên kệ số 4" in refused.content.decode()
    client.post(f"/buu-gui/tim-kiem/{search.id}/ghi-chu/", {"n-words": "Đã gọi bưu cục Phú Xuân"})
    client.post(f"/buu-gui/tim-kiem/{search.id}/tra-loi/",
                {"outcome": "found", "words": "Thấy trên kệ số 4", "office": "BC Phú Xuân"})

    client.force_login(network.clerk(outlet))
    page = client.get(f"/buu-gui/tim-kiem/{search.id}/").content.decode()
    assert all(words in page for words in ("Bà Thử hỏi lần thứ hai", "Đã gọi bưu cục Phú Xuân", "BC Phú Xuân"))
    assert list(SearchStep.objects.order_by("id").values_list("action", flat=True)) == ["open", "note", "find"]


@time_machine.travel(BOOKED_AT + timedelta(days=3))
def test_a_machine_reads_the_searches_of_its_own_place(client):
    outlet = network.outlet()
    parcel = lying(outlet=outlet)
    client.force_login(network.clerk(outlet))
    made = client.post(f"/api/v1/parcels/{parcel.id}/searches", {"words": "Chưa tới"}, content_type="application/json",
                       headers={"Idempotency-Key": "tim-1"})

    assert made.status_code == 201
    assert client.get("/api/v1/searches?is_running=true").json()["items"][0]["parcel_number"] == parcel.number
    assert client.get(f"/api/v1/searches/{made.json()['id']}/steps").json()[0]["words"] == "Chưa tới"
    client.force_login(network.clerk(network.outlet(places.PHU_XUAN)))
    assert client.get("/api/v1/searches").json()["items"] == []
    assert client.get(f"/api/v1/searches/{made.json()['id']}").status_code == 404


@time_machine.travel(BOOKED_AT + timedelta(days=3))
@pytest.mark.parametrize("many", [1, 6])
def test_the_list_costs_the_same_however_long(many, client, django_assert_num_queries):
    outlet = network.outlet()
    by = hq()
    for _ in range(many):
        operations.report_missing(parcel_id=lying(outlet=outlet).id, words="Chưa tới", by=by, at=days_later(3))
    client.force_login(network.clerk(outlet))

    with django_assert_num_queries(13):
        assert client.get("/buu-gui/tim-kiem/").status_code == 200


def test_what_waits_for_the_day_that_its_addressee_chose_is_expected_then_and_not_looked_for(client):
    parcel = lying("arrived")
    DeliveryChange.objects.create(
        parcel=parcel, kind="another_day", wanted_date=days_later(9).date(), ordered_at=days_later(1),
        ordered_by_kind="citizen", ordered_by="x")

    assert sweeps.open_due_searches(at=days_later(9)) == 0
    assert sweeps.open_due_searches(at=days_later(10)) == 1

    client.force_login(network.operator_hq())
    with time_machine.travel(days_later(6)):
        assert "23/01" in client.get("/buu-gui/").content.decode()
        assert client.get(f"/api/v1/parcels/{parcel.id}").json()["expected_date"] == "2026-01-23"
        assert client.get("/api/v1/parcels").json()["items"][0]["expected_date"] == "2026-01-23"
