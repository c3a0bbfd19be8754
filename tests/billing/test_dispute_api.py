"""A dispute, a month's answer and a known error over the API: the same rules as on the screens, by the same people."""

import pytest

from billing.disputes.models import Dispute, StatementAnswer
from billing.known_errors.models import KnownError
from billing.models.ledger import Charge
from shared.money import Money
from shared.roles import Role
from tests.billing import disputes as cases
from tests.billing.people import operator, person

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _january(time_machine):
    time_machine.move_to("2026-01-21T04:05:00Z", tick=False)


@pytest.fixture
def place(rate_tables):
    return cases.outlet()


@pytest.fixture
def api(client):
    """Post as somebody; the answer's status and body."""
    def post(account, path, **body):
        client.force_login(account, backend="agents.backends.StaffBackend")
        answer = client.post(f"/api/v1{path}", body, content_type="application/json")
        return answer.status_code, answer.json()

    return post


def test_a_dispute_goes_from_review_to_an_entry_and_the_outlet_reads_it(api, client, place):
    line, boss, one, two = cases.line_of(place), cases.manager(place), cases.reviewer(), cases.approver()
    _status, made = api(boss, "/disputes", lines=[str(line.id)], reason="not_ours")
    at = f"/disputes/{made['items'][0]['id']}"

    assert api(one, f"{at}/reviews")[1]["state"] == "in_review"
    assert api(one, f"{at}/questions", text="Hồ sơ nào?")[1]["state"] == "asked"
    assert api(boss, f"{at}/messages", text="Hồ sơ của điểm khác.")[0] == 201
    disputed = client.get(f"/api/v1{at}").json()["lines"][0]["id"]
    proposal = {"lines": [{"id": disputed, "outcome": "upheld"}], "cause": "centre",
                "cause_evidence": "Bước tiếp nhận", "text": "Việc của điểm khác."}
    assert api(one, f"{at}/proposals", **proposal)[1]["state"] == "proposed"
    assert api(one, f"{at}/confirmations")[0] == 403
    assert api(two, f"{at}/refusals", text="Ghi rõ hơn.")[1]["state"] == "in_review"
    assert api(one, f"{at}/proposals", **proposal)[0] == 200
    assert api(two, f"{at}/confirmations")[1]["state"] == "closed"

    client.force_login(boss, backend="agents.backends.StaffBackend")
    seen = client.get(f"/api/v1{at}").json()
    assert (seen["dispute"]["outcome"], seen["lines"][0]["decided_vnd"]) == ("upheld", 0)
    assert Charge.objects.get(id=seen["lines"][0]["entry_id"]).compensation == Money(-12_000)


def test_who_changed_the_line_or_sits_elsewhere_reviews_nothing(api, place):
    dispute = cases.disputed(place, cases.line_of(place))
    stranger = person(Role.FINANCE_REVIEWER, "46")

    assert api(stranger, f"/disputes/{dispute.id}/reviews")[0] == 404
    assert api(cases.manager(place), f"/disputes/{dispute.id}/reviews")[0] == 403
    one = cases.reviewer()
    api(one, f"/disputes/{dispute.id}/reviews")
    status, problem = api(one, f"/disputes/{dispute.id}/proposals", text="Đúng.", cause="centre", cause_evidence="Sổ",
                          lines=[{"id": str(dispute.id), "outcome": "upheld"}])
    assert (status, problem["errors"][0]["pointer"]) == (422, "/lines")


def test_a_month_is_read_and_accepted_except_one_line(api, client, place):
    wrong, right, boss = cases.line_of(place), cases.line_of(place), cases.manager(place)
    client.force_login(boss, backend="agents.backends.StaffBackend")
    month = client.get("/api/v1/month-answers?period=2026-01").json()
    assert (month["lines"], month["city_owes_vnd"], month["answer"]) == (2, 24_000, None)

    status, made = api(boss, "/month-answers", period="2026-01", digest=month["digest"], excepted=[str(wrong.id)],
                       reason="twice")
    assert (status, made["answer"]["excepted"], made["answer"]["city_owes_vnd"]) == (201, 1, 12_000)
    assert made["disputes"][0]["number"] == Dispute.objects.get().number
    assert client.get("/api/v1/month-answers?period=2026-01").json()["answer"]["lines"] == 2
    cases.line_of(place)
    assert api(boss, "/month-answers", period="2026-01", digest=month["digest"])[0] == 409
    assert StatementAnswer.objects.count() == 1
    assert right.id != wrong.id


def test_an_operator_answers_for_one_city_and_names_it(api, client, place):
    cases.line_of(place)
    hq = person(Role.OPERATOR_HQ, operator=operator("VNPOST"))
    client.force_login(hq, backend="agents.backends.StaffBackend")

    assert client.get("/api/v1/month-answers?period=2026-01").status_code == 422
    month = client.get("/api/v1/month-answers?period=2026-01&province_code=01").json()
    assert api(hq, "/month-answers", period="2026-01", province_code="01", digest=month["digest"])[0] == 201
    assert StatementAnswer.objects.get().outlet_id is None


def test_a_known_error_goes_its_way_and_an_outlet_reads_its_own_lines(api, client, place):
    line, one, two = cases.line_of(place), cases.reviewer(), cases.approver()
    cases.line_of(cases.outlet())
    status, made = api(one, "/known-errors", title_vi="Tính sai", question={"kind": "compensation:accepted_online"})
    assert (status, made["state"]) == (201, "suspected")
    at = f"/known-errors/{made['id']}"

    client.force_login(cases.manager(place), backend="agents.backends.StaffBackend")
    seen = client.get(f"/api/v1{at}").json()
    assert [each["charge_id"] for each in seen["affected"]] == [str(line.id)]

    assert api(one, f"{at}/look-backs")[1]["lines"] == 2
    assert api(one, f"{at}/confirmations", cause="system", text="Lỗi phần mềm.")[1]["state"] == "confirmed"
    assert api(one, f"{at}/fixes", text="Đã sửa.", release="0.2")[1]["state"] == "fixed"
    assert api(one, f"{at}/redresses")[0] == 403
    assert api(two, f"{at}/redresses") == (201, {"items": []})
    assert api(two, f"{at}/closures", text="Không dòng nào sai.")[1]["state"] == "closed"
    assert api(one, f"{at}/dismissals", text="Không phải lỗi.")[0] == 409
    assert KnownError.objects.get().state == "closed"
