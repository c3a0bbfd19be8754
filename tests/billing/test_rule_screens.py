"""The rule book on screen: a reviewer writes, an approver approves, an auditor reads, nobody else comes in."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from billing.models.rates import SubsidyRuleSet
from billing.models.rule_book import RuleDraft
from billing.queries import rates
from shared.roles import Role
from tests.billing.people import operator, signed_in
from tests.billing.rule_drafts import LEGAL

pytestmark = pytest.mark.django_db


def begin():
    return (timezone.localdate() + timedelta(days=40)).replace(day=1).isoformat()


def typed(**changes):
    return {"code": "NQ-THU", "name_vi": "Bản thử", "name_en": "Trial", "valid_from": begin(), "valid_to": "",
            "legal_basis": LEGAL, "confidence": "assumed", "numerator": "50 %", "cap_per_trip_vnd": "20.000",
            "channels": ["online"], "directions": ["result"], "budget_line": "NQ77-2025", "note": "Theo dự thảo",
            "parts-TOTAL_FORMS": "0", "parts-INITIAL_FORMS": "0"} | changes


def text(response):
    return response.content.decode().replace("\u00a0", " ")


def test_a_rule_goes_from_the_reviewer_to_the_approver_into_force(client, rate_tables):
    signed_in(client)
    saved = client.post(reverse("billing:rule-new", args=["subsidy"]), typed())
    draft = RuleDraft.objects.get()
    assert saved.headers["Location"] == reverse("billing:rule-draft", args=[draft.id])
    page = text(client.get(saved.headers["Location"]))
    assert "20.000 đ" in page
    assert "<del>không có trần</del>" in page
    client.post(reverse("billing:rule-step", args=[draft.id]), {"step": "propose"})

    signed_in(client, Role.FINANCE_APPROVER)
    client.post(reverse("billing:rule-step", args=[draft.id]), {"step": "approve", "digest": draft.digest})
    rates.forget()

    assert SubsidyRuleSet.objects.get(code="NQ-THU").cap_per_trip.amount == 20000
    page = text(client.get(reverse("billing:rules")))
    assert "NQ-THU" in page
    assert "sắp có hiệu lực" in page


def test_a_reviewer_may_not_approve(client, rate_tables):
    signed_in(client)
    client.post(reverse("billing:rule-new", args=["subsidy"]), typed())
    draft = RuleDraft.objects.get()
    client.post(reverse("billing:rule-step", args=[draft.id]), {"step": "propose"})

    answer = client.post(reverse("billing:rule-step", args=[draft.id]), {"step": "approve", "digest": draft.digest})

    assert answer.status_code == 403
    assert RuleDraft.objects.get().state == "proposed"


@pytest.mark.parametrize(("changes", "field", "words"), [
    ({"numerator": "150 %"}, "", "Tỷ lệ không bao giờ vượt toàn bộ"),
    ({"legal_basis": "NQ"}, "id_legal_basis", "ít nhất 15 ký tự"),
    ({"cap_per_trip_vnd": "hai mươi nghìn"}, "id_cap_per_trip_vnd", "số nguyên"),
    ({"valid_from": "2026-02-31"}, "id_valid_from", "Không có ngày này"),
    ({"code": ""}, "id_code", "bắt buộc")])
def test_an_error_stands_at_its_field_and_what_was_typed_stays(client, rate_tables, changes, field, words):
    answer = signed_in(client).post(reverse("billing:rule-new", args=["subsidy"]), typed(**changes))
    page = text(answer)

    assert answer.status_code == 422
    assert words.casefold() in page.casefold()
    assert "Bản thử" in page
    if field:
        assert f'id="{field}_error"' in page
    assert not RuleDraft.objects.exists()


def test_a_norm_with_rows_and_modifiers_is_typed_and_written_on(client, rate_tables):
    signed_in(client)
    rows = {"items-TOTAL_FORMS": "3", "items-INITIAL_FORMS": "0", "items-0-task": "accepted_online",
            "items-0-amount_vnd": "15.000", "items-1-task": "stand_by", "items-1-amount_vnd": "3.000.000",
            "modifiers-TOTAL_FORMS": "2", "modifiers-INITIAL_FORMS": "0", "modifiers-0-kind": "remote_area",
            "modifiers-0-numerator": "20 %", "modifiers-0-communes": "00004, 00008",
            "modifiers-1-kind": "late_hand_over", "modifiers-1-numerator": "2.000"}
    wrong = client.post(reverse("billing:rule-new", args=["norm"]), typed(code="DM-THU") | rows)
    assert wrong.status_code == 422
    assert "sau bao nhiêu ngày làm việc" in text(wrong)

    client.post(reverse("billing:rule-new", args=["norm"]), typed(code="DM-THU") | rows | {
        "modifiers-1-late_after_days": "2"})
    draft = RuleDraft.objects.get()
    assert draft.terms["items"][1]["unit"] == "month"
    assert draft.terms["modifiers"][0]["communes"] == ["00004", "00008"]
    page = text(client.get(reverse("billing:rule-edit", args=[draft.id])))
    assert 'value="15.000"' in page
    assert 'value="00004, 00008"' in page


def test_the_next_tariff_starts_from_the_one_in_force_price_by_price(client, rate_tables):
    operator("VNPOST")
    signed_in(client)
    page = text(client.get(reverse("billing:rule-new", args=["tariff"]) + "?tu=VNPOST-result-2021-04-20"))
    assert 'value="46.300"' not in page
    assert 'value="40.000"' in page
    assert 'name="zones-3-is_further"' in page


def test_every_version_opens_into_all_it_says(client, rate_tables):
    page = text(signed_in(client, Role.AUDITOR).get(
        reverse("billing:rule-version", args=["subsidy", "2024-12-10"])))

    assert "26.000 đ" in page
    assert "Nghị quyết 39/2024/NQ-HĐND" in page
    assert "người có công" in page
    assert "Soạn phiên bản kế tiếp" not in page


def test_another_citys_people_do_not_find_the_draft(client, rate_tables):
    signed_in(client).post(reverse("billing:rule-new", args=["subsidy"]), typed())
    draft = RuleDraft.objects.get()

    assert signed_in(client, province="46").get(reverse("billing:rule-draft", args=[draft.id])).status_code == 404


def test_the_list_costs_the_same_however_many_drafts(client, rate_tables, django_assert_max_num_queries):
    signed_in(client)
    client.get(reverse("billing:rules"))
    with django_assert_max_num_queries(12):
        client.get(reverse("billing:rules"))
    for number in range(15):
        client.post(reverse("billing:rule-new", args=["subsidy"]), typed(code=f"NQ-{number}"))
    with django_assert_max_num_queries(12):
        client.get(reverse("billing:rules"))
