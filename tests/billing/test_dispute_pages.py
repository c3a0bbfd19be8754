"""Disputes, known errors and an outlet's money on screens: the same for both sides, from one click to the decision."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from billing import public
from billing.disputes.models import Dispute
from billing.disputes.rules import Cause, Outcome, Reason
from billing.known_errors import detecting, registering
from billing.known_errors.models import ErrorNotice, KnownError
from billing.models.ledger import Charge
from billing.outlet_money.sources import SourceEvent, covered, register_source
from billing.redress.letters import letter_pdf
from billing.redress.models import Redress
from config.reference_data import interest
from config.runtime.paths import PROJECT
from shared.money import Money
from shared.roles import Role
from tests.billing import disputes as cases
from tests.billing.events import NOW, delivered
from tests.billing.people import operator, person
from tests.factories import network

pytestmark = pytest.mark.django_db


@pytest.fixture
def place(rate_tables):
    return cases.outlet()


@pytest.fixture(autouse=True)
def _january(time_machine):
    time_machine.move_to("2026-01-19T04:05:00Z", tick=False)


def sign_in(client, account):
    client.force_login(account, backend="agents.backends.StaffBackend")
    return client


def text(response):
    return response.content.decode().replace("\u00a0", " ")


def test_an_outlet_sees_today_and_the_month_as_the_city_does(client, place):
    line = cases.line_of(place)
    cases.line_of(cases.outlet())
    sign_in(client, cases.manager(place))

    today, month = text(client.get("/tien/")), text(client.get("/tien/thang/"))

    for page in (today, month):
        assert line.dossier_code in page
        assert page.count("<tr data-row") == 1
        assert "12.000 đ" in page


def test_a_line_shows_every_reader_the_same_down_to_the_message(client, place):
    public.post_postage(replace(delivered(), outlet_id=place.id), at=NOW)
    line = Charge.objects.get()
    told = SourceEvent(NOW, NOW, "vnpost", "EMI", "Phát thành công", "Delivered", "Hà Nội", "e1", '{"code": "501"}',
                       "a" * 64)
    register_source("parcel", lambda _id: [told])
    shown = []
    for account in (cases.manager(place), person(Role.OPERATOR_HQ, operator=operator()), cases.reviewer(),
                    person(Role.AUDITOR)):
        page = text(sign_in(client, account).get(reverse("billing:evidence", args=[line.id])))
        shown.append(page[page.index("Những gì đã báo"):page.index("SHA-256</dt>")])

    assert "Phát thành công" in shown[0]
    assert "501" in shown[0]
    assert len(set(shown)) == 1


def test_a_message_covers_persons_and_keeps_the_digest_of_what_came():
    raw = b'{"event": "501", "receiver_name": "Nguyen A", "contact": {"phone": "0912345678"}, "id_kind": "cccd"}'

    shown, digest = covered(raw)

    assert "Nguyen" not in shown
    assert "0912345678" not in shown
    assert '"id_kind": "cccd"' in shown
    assert digest == __import__("hashlib").sha256(raw).hexdigest()


def test_one_click_disputes_a_line_and_the_dispute_is_there_for_both_sides(client, place):
    line = cases.line_of(place)
    sign_in(client, cases.manager(place))

    answer = client.post(reverse("billing:dispute-raise"), {"line": line.id, "reason": "unclear"}, follow=True)

    page = text(answer)
    assert "TC-01-26-00001" in page
    assert "đang giữ lại" in page
    assert "TC-01-26-00001" in text(sign_in(client, cases.reviewer()).get("/tranh-chap/"))
    assert sign_in(client, cases.manager(cases.outlet())).get(answer.request["PATH_INFO"]).status_code == 404


def test_what_is_wrong_with_a_dispute_is_said_and_nothing_is_raised(client, place):
    line = cases.line_of(place)
    sign_in(client, cases.manager(place))
    back = reverse("billing:evidence", args=[line.id])

    answer = client.post(reverse("billing:dispute-raise"), {
        "line": line.id, "back": back, "files": SimpleUploadedFile("a.exe", b"MZ")}, follow=True)

    assert answer.redirect_chain == [(back, 302)]
    assert "PDF, JPEG hoặc PNG" in text(answer)
    assert not Dispute.objects.exists()


def test_a_dispute_goes_all_its_way_on_screens(client, place):
    line, boss, one, two = cases.line_of(place), cases.manager(place), cases.reviewer(), cases.approver()
    dispute = cases.disputed(place, line, reason=Reason.TOO_LITTLE, by=boss.actor, at=NOW)
    item = dispute.lines.get()

    def step(account, name, **data):
        address = reverse("billing:dispute-step", args=[dispute.id, name])
        return sign_in(client, account).post(address, data, follow=True)

    assert "Đang xem xét" in text(step(one, "nhan"))
    wrong = step(one, "de-xuat", text="Đúng ra 15.000", cause="rule", **{f"outcome-{item.id}": "upheld"})
    assert wrong.status_code == 422
    assert "Đúng ra 15.000" in text(wrong)
    assert "Hãy nêu bản ghi" in text(wrong)
    step(one, "de-xuat", text="Đúng ra 15.000", cause="rule", cause_evidence="Định mức",
         **{f"outcome-{item.id}": "upheld", f"amount-{item.id}": "15.000"})
    assert step(one, "xac-nhan").status_code == 422
    assert "Đã khép" in text(step(two, "xac-nhan"))
    assert step(boss, "dong-y").status_code == 409
    assert Charge.objects.get(source_type="dispute").compensation == Money(3_000)


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.CENTRE_MANAGER])
def test_who_only_reads_or_has_no_part_changes_nothing(client, place, role):
    dispute = cases.disputed(place, cases.line_of(place))
    more = {} if role == Role.AUDITOR else {"centre": network.centre()}
    sign_in(client, person(role, **more))

    assert client.post(reverse("billing:dispute-step", args=[dispute.id, "nhan"])).status_code == 403
    assert client.get(reverse("billing:dispute", args=[dispute.id])).status_code == (
        200 if role == Role.AUDITOR else 403)


def test_a_month_is_accepted_except_the_ticked_lines(client, place):
    lines = [cases.line_of(place) for _ in range(3)]
    sign_in(client, cases.manager(place))
    seen = client.get("/tien/thang/").context["seen"]

    page = text(client.post(reverse("billing:money-answer"), {
        "thang": "2026-01", "digest": seen.digest, "line": [str(lines[1].id)], "reason": "not_ours"}, follow=True))

    assert "trừ 1 dòng" in page or "TC-01-26-00001" in page
    assert "24.000 đ" in page
    cases.line_of(place)
    assert "chưa gồm" in text(client.get("/tien/thang/"))


def test_the_month_comes_as_a_file_with_only_the_outlets_lines(client, place):
    line = cases.line_of(place)
    other = cases.line_of(cases.outlet())
    sign_in(client, cases.manager(place))

    file = b"".join(client.get("/tien/thang/tep.csv?thang=2026-01").streaming_content).decode()

    assert line.dossier_code in file
    assert other.dossier_code not in file
    assert client.get("/tien/thang/tep.csv?thang=x").status_code == 404


@pytest.mark.parametrize("more", [1, 12])
def test_the_month_costs_the_same_however_many_lines(client, place, django_assert_num_queries, more):
    for _ in range(more):
        cases.disputed(place, cases.line_of(place))
    sign_in(client, cases.manager(place))
    client.get("/tien/thang/")
    with django_assert_num_queries(_MONTH_QUERIES):
        assert client.get("/tien/thang/").status_code == 200


_MONTH_QUERIES = 22


@pytest.mark.parametrize("outlets", [1, 7])
def test_the_list_of_disputes_costs_the_same_however_many_outlets(client, place, django_assert_num_queries, outlets):
    for each in [place, *(cases.outlet() for _ in range(outlets - 1))]:
        cases.disputed(each, cases.line_of(each))
    sign_in(client, cases.reviewer())
    client.get("/tranh-chap/")
    with django_assert_num_queries(_LIST_QUERIES):
        assert place.name in text(client.get("/tranh-chap/"))


_LIST_QUERIES = 8


@pytest.mark.parametrize("address", [
    "/tien/?ngay=x", "/tien/?sau=%00",
    "/tien/thang/?tim=%00", "/tranh-chap/?tim=%00", "/tien/thang/?thang=2026-13", "/tien/thang/?tim=%F0%9F%90%8D&xem=x",
    "/tranh-chap/?xem=x&tim='--&page=999", "/loi-da-biet/", "/tranh-chap/so-lieu/"])
def test_an_address_that_makes_no_sense_still_shows_a_page(client, place, address):
    cases.line_of(place)

    assert sign_in(client, cases.manager(place)).get(address).status_code == 200


def test_the_figures_count_outcomes_and_ages(client, place):
    one, two = cases.reviewer(), cases.approver()
    cases.decided(cases.disputed(place, cases.line_of(place), at=NOW - timedelta(days=20)), one, two, at=NOW)
    cases.disputed(place, cases.line_of(place), at=NOW - timedelta(days=5))

    figures = sign_in(client, person(Role.AUDITOR)).get("/tranh-chap/so-lieu/").context["figures"]

    assert (figures.raised, figures.open) == (2, 1)
    assert [(row.words.en, row.disputes) for row in figures.by_outcome] == [("Upheld", 1)]
    assert [row.disputes for row in figures.ages] == [0, 1, 0, 0]


def test_an_outlet_reads_the_register_and_that_is_noted(client, place):
    other = cases.outlet()
    for each in (place, other):
        cases.disputed(each, cases.line_of(each), reason=Reason.WRONG_RULE, at=NOW)
    detecting.watch_disputed_alike(at=NOW)
    error = KnownError.objects.get()
    sign_in(client, cases.manager(place))

    assert error.number in text(client.get("/loi-da-biet/"))
    page = text(client.get(reverse("billing:known-error", args=[error.id])))

    assert "Chưa rõ nguyên nhân" in page
    assert "bị tranh chấp cùng một lý do" in page
    assert "hệ thống tự phát hiện" in page
    assert ErrorNotice.objects.get(outlet_id=place.id).read_at is not None
    assert ErrorNotice.objects.get(outlet_id=other.id).read_at is None
    assert client.post(reverse("billing:known-error-step", args=[error.id, "loai-tru"])).status_code == 403


def test_finance_writes_an_error_down_and_settles_it(client, place):
    cases.line_of(place)
    sign_in(client, cases.reviewer())
    wrong = client.post(reverse("billing:register-error"), {"title_vi": " ", "kind": "postage"})
    assert wrong.status_code == 422

    client.post(reverse("billing:register-error"), {
        "title_vi": "Định mức nhập sai", "kind": "compensation:accepted_online", "from": "2026-01-01"})
    error = KnownError.objects.get()
    step = reverse("billing:known-error-step", args=[error.id, "loai-tru"])

    assert error.affected.filter(is_open=True).count() == 1
    assert client.post(step, {"text": ""}).status_code == 422
    assert client.post(step, {"text": "Định mức đúng."}).status_code == 302
    assert not error.affected.filter(is_open=True).exists()


def test_the_letter_is_the_same_whenever_it_is_printed_and_speaks_two_languages(client, place):
    interest.read(PROJECT / "reference_data")()
    boss = cases.manager(place)
    dispute = cases.disputed(place, cases.line_of(place, at=NOW - timedelta(days=100)), reason=Reason.TOO_LITTLE,
                             by=boss.actor, at=NOW)
    cases.decided(dispute, cases.reviewer(), cases.approver(), outcome=Outcome.UPHELD, amount=Money(15_000),
                  cause=Cause.RULE, at=NOW)
    redress = Redress.objects.get()

    pdf = letter_pdf(redress, "vi")

    assert pdf.startswith(b"%PDF")
    assert pdf == letter_pdf(redress, "vi") != letter_pdf(redress, "en")
    address = reverse("billing:redress-letter", args=[redress.id])
    assert sign_in(client, boss).get(address)["Content-Type"] == "application/pdf"
    assert sign_in(client, cases.manager(cases.outlet())).get(address).status_code == 404


def test_the_pictures_of_a_month_say_what_their_tables_say(client, place):
    line = cases.line_of(place)
    cases.line_of(place)
    cases.disputed(place, line)

    answer = sign_in(client, cases.reviewer()).get("/tai-chinh/hinh/?thang=2026-01")

    charts = {chart.title: chart for chart in answer.context["charts"]}
    assert len(charts) == 4
    shares = next(chart for chart in charts.values() if len(chart.series) == 5)
    assert [one.values[0] for one in shares.series] == [None, None, 24_000, 12_000, 12_000]
    assert "data-chart" in text(answer)


def test_registering_twice_is_two_errors_and_one_question_each(place):
    cases.line_of(place)
    from billing.known_errors.rules import Question

    made = [registering.register(title_vi="Một", title_en="", description="", question=Question(kind="postage"),
                                 by=cases.reviewer().actor, at=NOW) for _ in range(2)]

    assert [each.number for each in made] == ["LH-01-26-001", "LH-01-26-002"]


def test_a_machine_raises_a_dispute_over_the_api_once_however_often_it_sends(client, place):
    line, boss = cases.line_of(place), cases.manager(place)
    sign_in(client, boss)

    def send():
        return client.post("/api/v1/disputes", {"lines": [str(line.id)], "reason": "twice"},
                           content_type="application/json", headers={"Idempotency-Key": "one"})

    first, again = send(), send()

    assert first.status_code == again.status_code == 201
    assert first.content == again.content
    made = first.json()["items"][0]
    assert made["number"] == "TC-01-26-00001"
    detail = client.get(f"/api/v1/disputes/{made['id']}").json()
    assert [(each["amount_vnd"], each["is_held"]) for each in detail["lines"]] == [(12_000, True)]
    assert client.get("/api/v1/disputes").json()["items"][0]["number"] == made["number"]
    assert client.get("/api/v1/known-errors").json()["items"] == []
    assert sign_in(client, cases.reviewer()).post(
        f"/api/v1/disputes/{made['id']}/withdrawals", content_type="application/json").status_code == 403


def test_a_line_of_a_decision_and_its_interest_open_into_the_dispute_they_come_from(client, place):
    interest.read(PROJECT / "reference_data")()
    line = cases.line_of(place, at=cases.RAISED - timedelta(days=60))
    dispute = cases.disputed(place, line, reason=Reason.TOO_LITTLE, wanted={line.id: Money(90_000)})
    cases.decided(dispute, cases.reviewer(), cases.approver())
    sign_in(client, cases.manager(place))

    for entry in Charge.objects.filter(source_type__in=["dispute", "redress"]):
        page = client.get(reverse("billing:evidence", args=[entry.id]))
        assert [each.code for each in page.context["events"]][:3] == ["raised", "take", "propose"]
        assert "đề xuất kết luận" in text(page)
    assert Charge.objects.filter(source_type__in=["dispute", "redress"]).count() == 2
