"""After the result a citizen says how it was, once; who asked her for money is looked into, unseen by the counter."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from delivery.views import tracking as tracking_views
from intake.errors import AlreadyRated, DossierNotFound, MoneyReportNotFound, NotRateableYet, SatisfactionRefused
from intake.models.dossiers import Dossier
from intake.satisfaction import operations, queries
from intake.satisfaction.models import MoneyReport, Satisfaction
from intake.satisfaction.operations import Asked
from intake.satisfaction.rules import QUESTIONS, share
from shared import scope
from shared.ids import uuid7
from shared.models.oversight import WorkItem
from shared.roles import Role
from tests.factories import network, places
from tests.factories.browsers import Api, body_of
from tests.intake import centre_cases
from tests.intake.moments import local

pytestmark = pytest.mark.django_db
MONDAY = local("2026-01-12 09:30")
TAIL = "268"
ALL_GOOD = dict.fromkeys(QUESTIONS, 5)


def returned(**fields) -> Dossier:
    """With its citizen; how a result gets there has tests of its own."""
    dossier = centre_cases.forwarded(moment=MONDAY, **fields)
    Dossier.objects.filter(id=dossier.id).update(
        handling=10, result="delivered", code=f"H57.31-{dossier.agent_ref}", received_at=MONDAY, closed_at=MONDAY,
        fee=16_000)
    dossier.refresh_from_db()
    return dossier


def answer(dossier, at=MONDAY, **more):
    return operations.answer(dossier_id=dossier.id, answers=more.pop("answers", ALL_GOOD), at=at, **more)


def test_it_is_answered_once(settings):
    dossier = returned()
    answer(dossier, comment="Cô Mai nhiệt tình, số 046192004127")

    kept = Satisfaction.objects.get()
    assert (kept.overall, kept.outlet_id, kept.centre_id) == (5, dossier.outlet_id, dossier.receiving_centre_id)
    assert "046192004127" not in kept.comment
    with pytest.raises(AlreadyRated):
        answer(dossier)


def test_before_the_result_nobody_is_asked():
    with pytest.raises(NotRateableYet):
        answer(centre_cases.forwarded(moment=MONDAY))
    with pytest.raises(DossierNotFound):
        operations.answer(dossier_id=uuid7(), answers=ALL_GOOD, at=MONDAY)


@pytest.mark.parametrize("answers", [{}, {"attitude": 5}, {"overall": 6}, {"overall": 0}, {"overall": 5, "beauty": 5}])
def test_an_answer_that_there_is_not_is_refused(answers):
    dossier = returned()
    with pytest.raises(SatisfactionRefused):
        answer(dossier, answers=answers)
    assert not Satisfaction.objects.exists()


def test_all_but_the_last_question_may_stay_empty():
    answer(returned(), answers={"overall": 2})

    assert Satisfaction.objects.get().attitude is None


def test_being_asked_for_money_becomes_work_of_the_programme_office_with_what_our_books_say():
    dossier = returned()
    answer(dossier, asked=Asked("outlet", 50_000, "Đòi thêm tiền photo, CCCD 046192004127"))

    report = MoneyReport.objects.get()
    item = WorkItem.objects.get(kind="asked-for-money")
    assert (item.owner_role, item.owner_place, item.reference) == ("administrator", "46", str(report.id))
    assert str(dossier.id) not in str(item.detail), "the item itself tells nobody whose it is"
    assert report.receipts["fee"] == 16_000
    assert "046192004127" not in report.words


@pytest.mark.parametrize("asked", [Asked(""), Asked("moon"), Asked("outlet", -5), Asked("outlet", 10**12)])
def test_a_report_needs_a_place_and_a_possible_amount(asked):
    with pytest.raises(SatisfactionRefused):
        answer(returned(), asked=asked)
    assert not Satisfaction.objects.exists(), "and nothing is half kept"


def administrator():
    return network.staff(Role.ADMINISTRATOR, "Quản trị", province=places.province(places.HUE))


def test_no_outlet_operator_or_officer_ever_sees_a_report(django_assert_num_queries):
    dossier = returned()
    answer(dossier, asked=Asked("outlet", 50_000))
    outlet = Dossier.objects.select_related("outlet__operator").get(id=dossier.id).outlet
    for account in (network.clerk(outlet), network.outlet_manager(outlet), network.operator_hq(outlet.operator),
                    network.officer(centre_cases.hue_centre())):
        assert list(queries.reports(network.acting(account))) == [], account.role
    manager = network.acting(network.outlet_manager(outlet))
    assert queries.results(manager, since=MONDAY).asked_for_money is None

    scope.enter(manager)
    try:
        assert not MoneyReport.objects.exists(), "nor would a forgotten filter show it"
        assert Satisfaction.objects.count() == 1
    finally:
        scope.leave()
    for account in (administrator(), network.centre_manager(centre_cases.hue_centre())):
        assert len(queries.reports(network.acting(account))) == 1


def test_a_report_is_settled_with_words_and_by_whom_it_concerns():
    answer(returned(), asked=Asked("carrier"))
    report, office = MoneyReport.objects.get(), network.acting(administrator())
    with pytest.raises(SatisfactionRefused):
        operations.settle(report_id=report.id, outcome="  ", by=office, at=MONDAY)
    with pytest.raises(MoneyReportNotFound):
        operations.settle(report_id=report.id, outcome="x", by=network.acting(network.clerk()), at=MONDAY)

    operations.settle(report_id=report.id, outcome="Đã hoàn tiền, nhắc nhở bưu tá", by=office, at=MONDAY)

    assert not WorkItem.objects.filter(closed_at=None).exists()
    with pytest.raises(MoneyReportNotFound):
        operations.settle(report_id=report.id, outcome="lần nữa", by=office, at=MONDAY)


def test_a_handful_is_counted_and_not_rated():
    outlet = network.outlet()
    for n in range(4):
        answer(returned(outlet=outlet), answers={"overall": 1 + n})
    office = network.acting(administrator())
    few = queries.results(office, since=MONDAY - timedelta(days=1))
    assert (few.outlets[0].answered, few.outlets[0].is_few, few.outlets[0].cells[-1].percent) == (4, True, None)

    answer(returned(outlet=outlet), answers={"overall": 5})
    enough = queries.results(office, since=MONDAY - timedelta(days=1))
    assert (enough.total.answered, enough.outlets[0].cells[-1].percent) == (5, 40)
    assert share(0, 0) is None


@pytest.mark.parametrize("outlets", [1, 6])
def test_the_results_cost_the_same_however_many_places(outlets, django_assert_num_queries):
    for _ in range(outlets):
        answer(returned(outlet=network.outlet()), asked=Asked("outlet"))
    office = network.acting(administrator())

    with django_assert_num_queries(4):
        queries.results(office, since=MONDAY)
    with django_assert_num_queries(1):
        queries.reports(office)


# --- the citizen's pages --------------------------------------------------------------------------------------------


@pytest.fixture
def opened(monkeypatch):
    """A citizen who has shown code and digits of a dossier with its result."""
    monkeypatch.setattr(tracking_views, "REFUSAL_TAKES_SECONDS", 0.0)
    dossier, client = returned(), Client()
    assert client.post("/tra-cuu/", {"code": dossier.agent_ref, "tail": TAIL}).status_code == 302
    return dossier, client


def test_the_tracking_page_asks_and_the_form_keeps_what_was_typed(opened):
    _dossier, client = opened
    assert "/y-kien/" in client.get("/tra-cuu/ho-so/").content.decode()

    refused = client.post("/y-kien/", {"attitude": "4", "money": "yes", "money_at": "", "comment": "Chờ lâu"})
    assert refused.status_code == 422
    assert "Chờ lâu" in refused.content.decode()
    done = client.post("/y-kien/", {"overall": "4", "money": "yes", "money_at": "outlet", "money_amount": "50.000"})

    assert "Cảm ơn" in done.content.decode()
    assert MoneyReport.objects.get().amount == 50_000
    assert "/y-kien/" not in client.get("/tra-cuu/ho-so/").content.decode()
    assert client.post("/y-kien/", {"overall": "4"}).status_code == 409


def test_without_code_and_digits_nobody_answers():
    for path in ("/y-kien/", "/nhan-tin/"):
        assert Client().get(path)["Location"] == "/tra-cuu/"
        assert Client().post(path, {"overall": "1"})["Location"] == "/tra-cuu/"
    assert not Satisfaction.objects.exists()


def test_she_chooses_how_she_is_told(opened):
    from intake.notices.models import NoticeChoice

    dossier, client = opened
    client.post("/nhan-tin/", {"channel": ["sms"], "language": "en"})

    kept = NoticeChoice.objects.get(citizen_id=dossier.citizen_id)
    assert (kept.refused, kept.language, kept.set_by) == (["email", "zalo"], "en", "citizen")


def test_programs_answer_by_the_same_rules(monkeypatch):
    monkeypatch.setattr(tracking_views, "REFUSAL_TAKES_SECONDS", 0.0)
    dossier, client = returned(), Client()
    path = f"/api/v1/tracking/{dossier.agent_ref}/ratings"

    def post(**body):
        return client.post(path, body, content_type="application/json")

    assert post(phone_tail="000", overall=5).status_code == 404
    assert post(phone_tail=TAIL, overall=9).status_code == 422
    assert post(phone_tail=TAIL, overall=5, asked_for_money={"where": "centre", "amount": 20000}).status_code == 201
    assert post(phone_tail=TAIL, overall=5).status_code == 409
    told = body_of(Api(person=administrator()).get("/satisfaction"))
    assert told["total"]["answered"] in {0, 1}, "January is longer ago than a quarter by the clock on the wall"
    assert Satisfaction.objects.get().answered_at <= timezone.now()


def test_managers_see_the_page_and_settle_there():
    dossier = returned()
    answer(dossier, at=timezone.now(), asked=Asked("outlet", 50_000, "Đòi thêm"))
    office, outlet = Client(), Client()
    office.force_login(administrator())
    outlet.force_login(network.outlet_manager(Dossier.objects.select_related("outlet").get(id=dossier.id).outlet))

    page = office.get("/danh-gia/").content.decode()
    assert "Đòi thêm" in page
    assert "n = 1" in page
    assert "Đòi thêm" not in outlet.get("/danh-gia/").content.decode()
    report = MoneyReport.objects.get()
    assert office.post(f"/danh-gia/{report.id}/xu-ly/", {"outcome": ""}).status_code == 422
    assert office.post(f"/danh-gia/{report.id}/xu-ly/", {"outcome": "Đã hoàn"}).status_code == 302
    assert outlet.post(f"/danh-gia/{report.id}/xu-ly/", {"outcome": "x"}).status_code == 403
