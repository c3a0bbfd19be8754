"""What drafts would have cost: worked out over whole months, to the đồng, and the books are only read."""

from datetime import UTC, date, datetime
from uuid import uuid4

import pytest
from django.urls import reverse

from billing import public
from billing.errors import ScenarioNotFound, ScenarioRefused
from billing.models.ledger import Charge
from billing.models.scenarios import Scenario, ScenarioRow
from billing.operations.corrections import reverse_charge
from billing.rule_book import drafting
from billing.rules.what_if import Dimension
from billing.what_if.asking import ask_scenario, drop_scenario
from billing.what_if.computing import compute_scenario
from billing.what_if.queries import comparison
from shared.actors import job
from shared.money import Money
from tests.billing.events import act, delivered
from tests.billing.people import operator, signed_in
from tests.billing.rule_drafts import AT, norm, reviewer, subsidy

pytestmark = pytest.mark.django_db
MAY = date(2026, 5, 1)


@pytest.fixture
def may(rate_tables):
    def at(day):
        return datetime(2026, 5, day, 3, tzinfo=UTC)

    for number, changes in enumerate(({}, {"beneficiary_class": "war_invalid"}, {"channel": "post"},
                                      {"operator_code": "VTPOST"})):
        public.post_postage(delivered(delivered_at=at(4 + number), on=date(2026, 4, 28), number=f"EH60250000{number}VN",
                                      evidence={"procedure_code": "2.000635"}, **changes), at=AT)
    for day in (4, 5):
        public.record_act(act(happened_at=at(day)), at=AT)


def asked(*terms, first=MAY, last=MAY):
    writer = reviewer()
    drafts = [drafting.write_draft(terms=each, note="", by=writer, at=AT) for each in terms]
    scenario = ask_scenario(name="Thử", draft_ids=[draft.id for draft in drafts], first_period=first, last_period=last,
                            by=writer, at=AT)
    compute_scenario(scenario_id=scenario.id, at=AT)
    scenario.refresh_from_db()
    return scenario


def total(scenario):
    return comparison(scenario)[Dimension.TOTAL][0]


def test_a_draft_subsidy_over_a_month_is_priced_line_by_line(may):
    scenario = asked(subsidy())
    found = total(scenario)

    assert (scenario.state, found.lines, found.changed) == ("computed", 6, 3)
    lines = Charge.objects.all()
    now = sum(line.city_owes.amount for line in lines)
    supported = sum(line.city_subsidy.amount for line in lines)
    assert found.city_now.amount == now
    assert found.city_then.amount == now - supported // 2
    assert found.citizen_difference.amount == supported // 2


def test_comparisons_add_up_to_the_total_whichever_way_they_are_cut(may):
    scenario = asked(subsidy(), norm())
    rows = comparison(scenario)
    whole = rows[Dimension.TOTAL][0]

    for by in (Dimension.OPERATOR, Dimension.OUTLET, Dimension.PROCEDURE, Dimension.MONTH, Dimension.KIND):
        assert sum(row.city_then.amount for row in rows[by]) == whole.city_then.amount
        assert sum(row.lines for row in rows[by]) == whole.lines
    assert {row.key for row in rows[Dimension.OPERATOR]} == {"VNPOST", "VTPOST"}
    assert {row.key for row in rows[Dimension.PROCEDURE]} == {"2.000635", ""}


def test_a_norm_with_a_cap_is_capped_for_the_outlets_month(may):
    capped = norm(items=[{"task": "accepted_online", "amount_vnd": 15000}],
                  modifiers=[{"kind": "period_cap", "amount_vnd": 20000}])
    found = total(asked(capped))

    assert found.city_difference.amount == 20000 - 24000


def test_the_rules_of_the_day_change_nothing(may):
    same = norm(items=[{"task": "accepted_online", "amount_vnd": 12000}])

    assert total(asked(same)).city_difference.amount == 0


def test_what_was_taken_back_counts_on_neither_side(may):
    line = Charge.objects.filter(kind="postage").first()
    reverse_charge(charge_id=line.id, reason="Nhầm", by=job("test"), at=AT)

    assert total(asked(subsidy())).lines == 5


def test_the_books_are_only_read(may):
    before = list(Charge.objects.order_by("id").values())
    asked(subsidy())

    assert list(Charge.objects.order_by("id").values()) == before


def test_a_question_that_is_not_complete_is_refused(may):
    with pytest.raises(ScenarioRefused) as refusal:
        ask_scenario(name=" ", draft_ids=[uuid4()], first_period=date(2026, 7, 1), last_period=date(2026, 6, 1),
                     by=reviewer(), at=AT)

    assert [error.pointer for error in refusal.value.errors] == ["/name", "/draft_ids", "/last_period"]


def test_another_city_neither_tries_a_draft_nor_drops_a_scenario(may):
    scenario = asked(subsidy())

    with pytest.raises(ScenarioRefused):
        ask_scenario(name="Thử", draft_ids=scenario.draft_ids, first_period=MAY, last_period=MAY, by=reviewer("46"),
                     at=AT)
    with pytest.raises(ScenarioNotFound):
        drop_scenario(scenario_id=scenario.id, by=reviewer("46"), at=AT)
    drop_scenario(scenario_id=scenario.id, by=reviewer(), at=AT)
    assert not ScenarioRow.objects.exists()


def test_a_scenario_is_asked_and_read_on_screen(client, may, django_assert_max_num_queries):
    draft = drafting.write_draft(terms=subsidy(), note="", by=reviewer(), at=AT)
    signed_in(client)
    wrong = client.post(reverse("billing:scenarios"), {"name": "", "first": "2026-05", "last": "2026-05"})
    assert wrong.status_code == 422
    assert "Đặt tên để sau này tìm lại" in wrong.content.decode()

    page = client.post(reverse("billing:scenarios"), {
        "name": "Giảm một nửa", "thu": str(draft.id), "first": "2026-05", "last": "2026-05"}, follow=True)
    assert "Đang tính" in page.content.decode()
    scenario = Scenario.objects.get()
    compute_scenario(scenario_id=scenario.id, at=AT)
    with django_assert_max_num_queries(14):
        page = client.get(reverse("billing:scenario", args=[scenario.id])).content.decode().replace("\u00a0", " ")

    assert "Theo thủ tục" in page
    assert "−37.500 đ" in page
    assert "Giảm một nửa" in client.get(reverse("billing:scenarios")).content.decode()


def test_a_norm_that_pays_stand_by_costs_it_in_months_that_had_none(may):
    """Half of May for one outlet, all of it for another; the books of May know of no stand-by."""
    from tests.factories import network, places

    vnpost = operator("VNPOST")
    network.outlet(places.HOAN_KIEM, operator=vnpost, agreement_from=date(2026, 1, 1))
    network.outlet(places.HOAN_KIEM, operator=vnpost, agreement_from=date(2026, 5, 17))
    items = [{"task": "accepted_online", "amount_vnd": 12000}, {"task": "accepted_paper", "amount_vnd": 9000},
             {"task": "delivered_result", "amount_vnd": 3000},
             {"task": "stand_by", "amount_vnd": 3_100_000, "unit": "month"}]

    scenario = asked(norm(items=items))

    stand_by = next(row for row in comparison(scenario)[Dimension.KIND] if row.key == "compensation:stand_by")
    assert (stand_by.lines, stand_by.city_now, stand_by.city_then) == (2, Money(0), Money(3_100_000 + 1_500_000))
