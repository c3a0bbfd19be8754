"""The finance month: who sees it, what it says, and what it costs to look at."""

from datetime import date

import pytest
from django.conf import settings
from django.urls import reverse

from billing import public
from billing.models.ledger import Charge
from billing.models.statements import Statement
from shared.roles import Role
from tests.billing.events import NOW, act, delivered
from tests.billing.people import operator, signed_in

pytestmark = pytest.mark.django_db
JANUARY = "/tai-chinh/?thang=2026-01&operator=VNPOST"


@pytest.fixture
def january(rate_tables):
    operator("VNPOST")
    operator("VTPOST")
    for changes in ({}, {"channel": "post"}, {"beneficiary_class": "war_invalid"}, {"on": date(2025, 12, 30)}):
        public.post_postage(delivered(**changes), at=NOW)
    public.record_act(act(), at=NOW)
    public.post_postage(delivered(operator_code="VTPOST", number="RR473124829VN"), at=NOW)


def text(response):
    return response.content.decode().replace("\u00a0", " ")


def test_the_month_opens_on_what_is_worth_a_look(client, january):
    page = text(signed_in(client).get(JANUARY))

    assert "Tháng 01/2026" in page
    assert "Cần xem <b class=\"num\">3</b>" in page
    assert "Không có gì lạ <b class=\"num\">1</b>" in page
    assert page.count("<tr data-row") == 3
    assert "120.000" in page
    assert "83.000 đ" in page  # what the city owes: 71,000 of postage and 12,000 of work
    assert "Chưa nhập dự toán" in page


def test_a_line_tells_why_26000_is_26000(client, january):
    line = Charge.objects.get(reason_code="capped")
    page = text(signed_in(client).get(reverse("billing:line", args=[line.id])))

    assert "Thành phố trả 26.000 đ, người dân trả 4.000 đ." in page
    assert "Đạt mức trần 26.000 đ một lượt, vượt 4.000 đ." in page
    assert "Nghị quyết 39/2024/NQ-HĐND" in page
    assert "giả định" in page
    assert "Nộp trực tuyến 15/01 09:12" in page
    assert "Đã phát 19/01 10:42, chính người đó nhận, xác nhận OTP" in page
    assert "Hà Nội hỗ trợ cước theo NQ39-2024" in page
    assert line.evidence["case"]["zone"] == "intra_province"


def test_a_paper_dossier_tells_why_it_got_nothing(client, january):
    line = Charge.objects.get(reason_code="not-online")
    page = text(signed_in(client).get(reverse("billing:line", args=[line.id])))

    assert "Hồ sơ giấy không được hỗ trợ: Nghị quyết 77/2025/NQ-HĐND chỉ trả cho hồ sơ nộp trực tuyến" in page
    assert "Người dân Hà Nội trả cước" in page


def test_the_same_line_in_english(client, january):
    line = Charge.objects.get(reason_code="not-online")
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    page = text(signed_in(client).get(reverse("billing:line", args=[line.id])))

    assert "A paper dossier is not supported: Resolution 77/2025/NQ-HĐND only pays for dossiers filed online" in page


def test_work_and_what_pays_nothing_have_their_own_words(client, january):
    public.record_act(act(province_code="46"), at=NOW)
    worked = Charge.objects.get(kind="compensation:accepted_online", province_code="01")
    page = text(signed_in(client).get(reverse("billing:line", args=[worked.id])))
    unpaid = Charge.objects.get(reason_code="no-known-norm")
    other = text(signed_in(client, province="46").get(reverse("billing:line", args=[unpaid.id])))

    assert "Thành phố phải trả 12.000 đ cho công việc này. Định mức dùng thử 2026 (không phải quy định)." in page
    assert "Chưa biết định mức chi trả của Huế; công việc vẫn được ghi nhận." in other
    assert "Không phát sinh khoản nợ nào" in other


@pytest.mark.parametrize(("view", "rows"), [
    ("look", 3), ("not-online", 1), ("plain", 1), ("work", 1), ("all", 5), ("nonsense", 3)])
def test_a_reason_filters_the_lines(client, january, view, rows):
    assert text(signed_in(client).get(f"{JANUARY}&ly-do={view}")).count("<tr data-row") == rows


def test_a_filter_answers_htmx_with_the_lines_alone(client, january):
    page = text(signed_in(client).get(f"{JANUARY}&ly-do=all", headers={"HX-Request": "true"}))

    assert "<html" not in page
    assert page.count("<tr data-row") == 5


def test_a_line_answers_htmx_with_the_panel_alone(client, january):
    line = Charge.objects.get(reason_code="reduced")
    page = text(signed_in(client).get(reverse("billing:line", args=[line.id]), headers={"HX-Request": "true"}))

    assert "<html" not in page
    assert f'data-line="{line.id}"' in page


@pytest.mark.parametrize(("code", "rows"), [
    ("eh602511079vn", 4), (" H26.15.08-260115-0412 ", 5), ("nothing", 0)])
def test_a_code_is_found_in_the_whole_month(client, january, code, rows):
    page = text(signed_in(client).get(JANUARY, {"thang": "2026-01", "operator": "VNPOST", "tim": code}))

    assert page.count("<tr data-row") == rows
    assert ("Không có dòng nào của tháng này phù hợp" in page) is (rows == 0)


def test_pages_follow_one_another_until_every_line_was_seen(client, january, monkeypatch):
    monkeypatch.setattr("billing.views.month_page.ON_A_PAGE", 2)
    signed_in(client)
    seen, url = set(), f"{JANUARY}&ly-do=all"
    while url:
        response = client.get(url)
        page = response.context["page"]
        seen |= {row.charge.id for row in page.rows}
        url = f"/tai-chinh/{page.next_url}" if page.next_url else ""

    assert seen == set(Charge.objects.filter(operator_code="VNPOST").values_list("id", flat=True))


@pytest.mark.parametrize("address", [
    "/tai-chinh/", "/tai-chinh/?thang=2026-13", "/tai-chinh/?thang=%00", "/tai-chinh/?sau=%F0%9F%90%8D",
    "/tai-chinh/?dong=x", "/tai-chinh/?operator=NOBODY", "/tai-chinh/?tinh=46", "/tai-chinh/?ly-do='--",
    "/tai-chinh/?tim=" + "x" * 3000])
def test_an_address_that_makes_no_sense_still_shows_a_month(client, january, address):
    assert signed_in(client).get(address).status_code == 200


def test_without_a_month_the_newest_one_with_lines_is_shown(client, january):
    assert "Tháng 01/2026" in text(signed_in(client).get("/tai-chinh/"))


def test_a_month_without_lines_says_when_there_will_be_some(client, january):
    assert "Mỗi bưu gửi đã phát" in text(signed_in(client).get("/tai-chinh/?thang=2020-01"))


@pytest.mark.parametrize(("role", "status"), [
    (Role.FINANCE_REVIEWER, 200), (Role.FINANCE_APPROVER, 200), (Role.AUDITOR, 200), (Role.ADMINISTRATOR, 403)])
def test_who_may_open_the_month(client, january, role, status):
    assert signed_in(client, role).get(JANUARY).status_code == status


def test_strangers_sign_in_first(client, january):
    assert client.get(JANUARY).status_code == 302


def test_another_city_s_line_is_not_there(client, january):
    line = Charge.objects.filter(province_code="01")[0]

    assert signed_in(client, province="46").get(reverse("billing:line", args=[line.id])).status_code == 404


def test_an_operator_sees_its_own_lines_and_prepares_nothing(client, january):
    signed_in(client, Role.OPERATOR_HQ, operator=operator("VTPOST"))
    page = text(client.get("/tai-chinh/?thang=2026-01&operator=VNPOST"))
    theirs = Charge.objects.filter(operator_code="VNPOST")[0]
    statement = Statement.objects.get(operator_code="VTPOST")

    assert "RR473124829VN" in page
    assert "EH602511079VN" not in page
    assert client.get(reverse("billing:line", args=[theirs.id])).status_code == 404
    assert client.post(reverse("billing:prepare", args=[statement.id])).status_code == 403


def test_the_reviewer_prepares_a_month_that_is_over(client, january):
    statement = Statement.objects.get(operator_code="VNPOST")
    answer = signed_in(client).post(reverse("billing:prepare", args=[statement.id]), follow=True)
    page = text(answer)

    assert "Đã lập bảng kê tháng 01/2026" in page
    assert "2. Vũ Hoàng Yến đã lập bảng kê" in page
    assert "Lập bảng kê tháng" not in page.split("toasts")[0]
    statement.refresh_from_db()
    assert statement.state == "prepared"


def test_a_running_month_is_not_offered_for_preparing(client, january, time_machine):
    time_machine.move_to("2026-01-20T03:00:00Z")
    page = text(signed_in(client).get(JANUARY))

    assert "khi tháng đã hết" in page
    assert "/lap/" not in page


def test_an_approver_is_told_who_prepares(client, january):
    assert "/lap/" not in text(signed_in(client, Role.FINANCE_APPROVER).get(JANUARY))


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_the_month_is_given_away_as_a_file(client, january, kind):
    statement = Statement.objects.get(operator_code="VNPOST")
    answer = signed_in(client).get(reverse("billing:download", args=[statement.id, kind]))

    assert answer.status_code == 200
    assert f"2026-01.{kind}" in answer["Content-Disposition"]
    assert b"".join(answer.streaming_content)


def test_a_month_too_long_for_a_workbook_says_so(client, january, monkeypatch):
    monkeypatch.setattr("billing.exports.answers.MOST_IN_WORKBOOK", 1)
    statement = Statement.objects.get(operator_code="VNPOST")
    answer = signed_in(client).get(reverse("billing:download", args=[statement.id, "xlsx"]), follow=True)

    assert "hãy lấy tệp CSV" in text(answer)


@pytest.mark.parametrize("more", [1, 60])
def test_the_month_costs_the_same_however_many_lines(client, january, django_assert_num_queries, more):
    for _ in range(more):
        public.post_postage(delivered(channel="post"), at=NOW)
    signed_in(client)
    client.get(JANUARY)
    with django_assert_num_queries(15):
        assert client.get(JANUARY).status_code == 200


def test_the_bar_is_as_wide_as_what_each_pays(client, january):
    parts = signed_in(client).get(JANUARY).context["page"].flow

    assert sum(part.width for part in parts) == 312
    assert [part.share for part in parts] == ["59,2\u00a0%", "12,5\u00a0%", "28,3\u00a0%"]
