"""The pages and the API of quality: lists, cards, cases, appeals, new outlets, commendations, the public formula."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from agents.models.people import StaffAccount
from agents.quality import appeals
from agents.quality.models import Commendation, LaunchWatch, ScoreAppeal, ScoreMonth
from intake.complaints import operations as complaints
from tests.agents import quality_cases
from tests.agents.quality_cases import LATE_AT, LATER, MONTH, counted, month_of_six
from tests.factories import network, places

pytestmark = pytest.mark.django_db
REASON = "Bưu cục bị cắt điện cả ngày, có biên bản"


@pytest.fixture
def outlet():
    quality_cases.load_formula()
    return network.outlet()


def signed_in(client, account):
    client.force_login(StaffAccount.objects.get(id=account.id))
    return client


@pytest.fixture
def officer(client):
    account = network.programme_officer(places.HUE)
    signed_in(client, account)
    return account


def fresh(outlet) -> ScoreMonth:
    """A score of the last month whose time for appeals is not over, whatever day it is."""
    month_of_six(outlet, forwarded=LATE_AT)
    score = counted(outlet)
    score.appealable_until = timezone.localdate() + timedelta(days=3)
    score.save(update_fields=["appealable_until"])
    return score


def url(name, *args):
    return reverse(f"agents:{name}", args=args)


def test_everybody_reads_the_formula_with_its_example(client, outlet):
    page = client.get(url("score-formula")).content.decode()

    assert "CHAM-DIEM-2025" in page
    assert "(95,8 − 70) : (98 − 70)" in page
    assert client.get("/api/v1/score-formula").json()["measures"][0]["weight"] == 20


def test_the_list_shows_scores_and_says_too_few(client, outlet, officer):
    month_of_six(outlet, forwarded=LATE_AT)
    small = network.outlet(places.PHU_XUAN)
    quality_cases.taken(small)
    counted(outlet)
    page = client.get(url("scorecards"), {"month": "2026-01"}).content.decode()

    assert outlet.name in page
    assert small.name in page
    assert "quá ít" in page
    file = client.get(url("scorecards-csv"), {"month": "2026-01"})
    assert file.content.decode().count("forward_time") == 2
    both = client.get(url("compare-scorecards"), {"month": "2026-01", "o": [outlet.id, small.id, "x"]})
    assert both.status_code == 200
    assert client.get(url("scorecards-csv"), {"month": "2026-13"}).status_code == 404
    type(outlet).objects.filter(id=outlet.id).update(name="=HYPERLINK(1)")
    file = client.get(url("scorecards-csv"), {"month": "2026-01"})
    assert ",'=HYPERLINK(1)," in file.content.decode(), "no spreadsheet takes a name for a formula"


def test_the_list_costs_the_same_however_many_outlets(client, outlet, officer, django_assert_num_queries):
    month_of_six(outlet)
    counted(outlet)
    client.get(url("scorecards"), {"month": "2026-01"})
    with CaptureQueriesContext(connection) as one:
        client.get(url("scorecards"), {"month": "2026-01"})
    month_of_six(network.outlet(places.PHU_XUAN))
    counted(outlet)
    with django_assert_num_queries(len(one)):
        client.get(url("scorecards"), {"month": "2026-01"})


def test_a_manager_opens_her_card_ticks_a_case_and_appeals(client, outlet):
    fresh(outlet)
    signed_in(client, network.outlet_manager(outlet))
    assert client.get(url("scorecards")).url == url("scorecard", outlet.id)
    assert client.get(url("scorecard", outlet.id), {"month": "2026-01"}).status_code == 200
    cases = url("score-measure", outlet.id, "2026-01", "forward_time")
    page = client.get(cases)
    key = next(each.key for each in page.context["cases"] if each.counts_against)

    refused = client.post(cases, {"case": [key], "reason": "Sai"})
    assert refused.status_code == 422
    assert 'checked' in refused.content.decode()
    assert client.post(cases, {"case": [key], "reason": REASON}).status_code == 302
    assert ScoreAppeal.objects.get().cases == [key]
    assert client.get(url("score-appeals")).status_code == 200


def test_an_officer_decides_on_the_page(client, outlet, officer):
    score = fresh(outlet)
    made = appeals.appeal(score_id=score.id, measure="forward_time", cases=[], reason=REASON,
                                        by=quality_cases.manager(outlet), at=LATER)
    assert REASON in client.get(url("score-appeals")).content.decode()
    assert client.post(url("decide-score-appeal", made.id, "uphold"), {"decision": ""}).status_code == 422
    assert client.post(url("decide-score-appeal", made.id, "uphold"), {"decision": REASON}).status_code == 302
    assert client.post(url("decide-score-appeal", made.id, "withdraw")).status_code == 403
    made.refresh_from_db()
    assert made.state == "upheld"


def test_strangers_find_nothing(client, outlet):
    counted_score = fresh(outlet)
    other = network.outlet_manager(network.outlet(places.PHU_XUAN))
    signed_in(client, other)

    assert client.get(url("scorecard", outlet.id)).status_code == 404
    assert client.get(url("score-measure", outlet.id, "2026-01", "visits")).status_code == 404
    assert client.get("/api/v1/scorecards").json()["items"] == []
    answer = client.post("/api/v1/score-appeals", {"score_id": str(counted_score.id), "measure": "visits",
                                                   "reason": REASON}, content_type="application/json")
    assert answer.status_code == 404


def test_whoever_answered_is_hidden_from_the_counter(client, outlet):
    for _number in range(6):
        quality_cases.taken(outlet, answer=2)
    counted(outlet)
    signed_in(client, network.clerk(outlet))
    page = client.get(url("score-measure", outlet.id, "2026-01", "satisfaction"))

    assert page.context["cases"] == []
    assert "Chỉ hiện số lượng" in page.content.decode()


def test_an_outlet_without_a_score_learns_when_it_comes(client, outlet):
    signed_in(client, network.clerk(outlet))
    assert "Chưa có gì để tính" in client.get(url("scorecard", outlet.id)).content.decode()


def test_a_new_outlet_is_looked_after_on_its_page(client, outlet, officer):
    watch = LaunchWatch.objects.create(outlet=outlet, operator=outlet.operator, province_code=places.HUE,
                                       begun_on=MONTH, until=MONTH + timedelta(weeks=8))
    assert outlet.name in client.get(url("launch-watches")).content.decode()
    assert client.get(url("launch-watch", watch.id)).status_code == 200

    def act(name):
        return url("launch-watch-act", watch.id, name)

    assert client.post(act("note"), {"kind": "visit", "text": ""}).status_code == 422
    assert client.post(act("look-after")).status_code == 302
    assert client.post(act("note"), {"kind": "visit", "text": "Đã đến, quầy mở đúng giờ"}).status_code == 302
    assert client.post(act("end"), {"text": "Ổn định"}).status_code == 302
    assert client.post(act("sing")).status_code == 404
    watch.refresh_from_db()
    assert (watch.state, watch.visitor_id) == ("ended", str(officer.id))


def test_a_new_outlet_is_looked_after_through_the_api(client, outlet, officer, time_machine):
    time_machine.move_to(LATER, tick=False)
    watch = LaunchWatch.objects.create(outlet=outlet, operator=outlet.operator, province_code=places.HUE,
                                       begun_on=MONTH, until=MONTH + timedelta(weeks=8))

    def post(act, **body):
        return client.post(f"/api/v1/launch-watches/{watch.id}/{act}", body, content_type="application/json",
                           headers={"Idempotency-Key": f"{act}-{len(body)}-{body.get('weeks')}-{watch.id}"})

    assert post("visitor").json()["visitor_name"] == officer.display_name
    assert post("notes", kind="visit", text="Quầy mở đúng giờ").status_code == 201
    assert post("notes", kind="song", text="Quầy").status_code == 422
    assert post("extensions", weeks=2, reason="Chờ máy quét").json()["until"] == (
        MONTH + timedelta(weeks=10)).isoformat()
    assert post("ends", outcome="Ổn định").json()["state"] == "ended"
    assert post("extensions", weeks=1, reason="Thêm").status_code == 409
    assert sorted(each.kind for each in watch.notes.all()) == ["end", "extend", "visit", "visitor"]


def test_a_confirmed_commendation_stands_on_the_outlets_card(client, outlet, officer):
    score = fresh(outlet)
    row = Commendation.objects.create(outlet=outlet, operator=outlet.operator, province_code=places.HUE, month=MONTH,
                                      praise="kind", score=score, proposed_at=LATER)
    assert client.get(url("commendations")).status_code == 200
    assert client.post(url("decide-commendation", row.id, "confirm"), {"words": ""}).status_code == 422
    answer = client.post(url("decide-commendation", row.id, "confirm"), {"words": "Tận tình với người cao tuổi"})
    assert answer.status_code == 302
    assert "Tận tình với người cao tuổi" in client.get(url("scorecard", outlet.id)).content.decode()


def test_a_complaint_is_explained_answered_and_then_counts(client, outlet):
    first, *_ = month_of_six(outlet)
    made = complaints.complain(dossier_id=first.id, subject="hours", text="Đến 9 giờ mà cửa đóng", at=LATER)
    row = counted(outlet).measures.get(measure="complaints")
    assert (row.met, row.missed) == (6, 0)

    signed_in(client, network.outlet_manager(outlet))
    assert client.post(reverse("intake:explain-complaint", args=[made.id]), {"text": ""}).status_code == 422
    assert client.post(reverse("intake:explain-complaint", args=[made.id]),
                       {"text": "Cắt điện đến 9 giờ 30"}).status_code == 302
    signed_in(client, network.programme_officer(places.HUE))
    page = client.get(reverse("intake:complaints")).content.decode()
    assert "Cắt điện đến 9 giờ 30" in page
    silent = client.post(reverse("intake:decide-complaint", args=[made.id]), {"answer": "Quầy đã mở muộn."})
    assert silent.status_code == 422
    assert "Quầy đã mở muộn." in silent.content.decode(), "an answer without a verdict decides nothing, and is kept"
    answer = client.post(reverse("intake:decide-complaint", args=[made.id]),
                         {"do": "uphold", "answer": "Đã nhắc điểm mở đúng giờ"})
    assert answer.status_code == 302
    row = counted(outlet).measures.get(measure="complaints")
    assert (row.met, row.missed) == (5, 1)
    again = client.post(reverse("intake:decide-complaint", args=[made.id]), {"do": "uphold", "answer": "Lần nữa"})
    assert again.status_code == 409
