"""A rule changes lines of open months by thousands: the same lines as taken back and charged again one by one."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.urls import reverse

from billing import public
from billing.disputes.rules import Outcome, Reason
from billing.models.ledger import Charge, Posting
from billing.models.rule_book import RuleDraft
from billing.operations.corrections import charge_again, reverse_charge
from billing.operations.statements import prepare_statement
from billing.queries.checks import check_ledger
from billing.queries.rates import rate_book
from billing.queries.standing import owed_by_now
from billing.rule_book import recharging
from billing.rules.plans import plan_again
from shared.actors import job
from shared.models.oversight import AuditEntry
from shared.money import Money
from tests.billing import disputes as cases
from tests.billing.events import act, delivered
from tests.billing.people import signed_in
from tests.billing.rule_drafts import AT, approved, approver, norm, subsidy

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("rate_tables")]
FIELDS = ("source_id", "kind", "period", "operator_code", "outlet_id", "dossier_code", "parcel_number", "direction",
          "occurred_at", "posted_at", "posted_by", "rule", "gross", "national_reduction", "city_subsidy",
          "citizen_share", "compensation", "other", "reason_code", "steps")
MODIFIED = norm(valid_from="2026-06-01", items=[
    {"task": "accepted_online", "amount_vnd": 12000},
    {"task": "accepted_online", "amount_vnd": 20000, "procedure_group": "land"}], modifiers=[
        {"kind": "remote_area", "numerator": 1, "denominator": 5, "communes": ["00004"]},
        {"kind": "first_time_right", "amount_vnd": 2000},
        {"kind": "late_hand_over", "numerator": 1, "denominator": 10, "late_after_days": 2}])


def june(day, hour=3):
    return datetime(2026, 6, day, hour, tzinfo=UTC)


def parcels():
    """Different weights, days, classes and a line of May, which the rule does not reach."""
    cases: tuple[dict[str, Any], ...] = (
            {"weight_grams": 90}, {"weight_grams": 99}, {"weight_grams": 2400, "beneficiary_class": "war_invalid"},
            {"channel": "post"}, {"zone": "inter_far_region"}, {"managed_by_city": False},
            {"on": date(2026, 5, 29)})
    for at, changes in enumerate(cases):
        public.post_postage(delivered(delivered_at=june(2 + at), number=f"EH60251108{at}VN",
                                      **{"on": date(2026, 6, 1 + at), **changes}), at=AT)


def works():
    for at, facts in enumerate((
            {}, {"procedure_group": "land"}, {"outlet_commune": "00004", "first_time_right": True},
            {"procedure_group": "land", "hand_over_days": 5}, {"hand_over_days": 1, "first_time_right": False})):
        public.record_act(replace(act(happened_at=june(2 + at)), evidence=facts), at=AT)


def standing():
    """Field → value of everything that was written after the first lines, in an order of its own."""
    rows = []
    for line in Charge.objects.exclude(reverses=None, posted_by__startswith="job:post").select_related("explanation"):
        legs = sorted(Posting.objects.filter(group_id=line.group_id).values_list("account__code", "amount"))
        reverses = line.reverses.kind if line.reverses else ""
        told = {name: value for name, value in line.evidence.items() if name != "reversed_line"}
        rows.append((*(str(getattr(line, name)) for name in FIELDS), reverses, json.dumps(told, sort_keys=True),
                     str(legs)))
    return sorted(rows)


def one_by_one(draft, at):
    """As it was done before there was a faster way."""
    by = job("recharge")
    for line in Charge.objects.filter(reverses=None).order_by("id"):
        plan = plan_again(kind=line.kind, evidence=line.evidence, province_code="01", operator_code=line.operator_code,
                          occurred_at=line.occurred_at, book=rate_book())
        if (line.rule, *line_amounts(line)) != (plan.rule, *plan.amounts):
            reverse_charge(charge_id=line.id, reason=recharging.reason_of(draft), by=by, at=at)
            charge_again(charge_id=line.id, by=by, at=at)


def line_amounts(line):
    return (line.gross, line.national_reduction, line.city_subsidy, line.citizen_share, line.compensation)


@pytest.mark.parametrize(("make", "terms"), [(parcels, subsidy(valid_from="2026-06-01")), (works, MODIFIED)],
                         ids=["postage", "work"])
def test_many_at_once_and_one_by_one_write_the_same(make, terms):
    make()
    draft = approved(terms)
    with connection.cursor() as cursor:
        cursor.execute("SAVEPOINT before")
        one_by_one(draft, AT)
        wanted = standing()
        cursor.execute("ROLLBACK TO before")

    assert recharging.recharge_waiting(at=AT) > 2
    assert standing() == wanted
    assert check_ledger().is_sound
    assert sum(leg.amount.amount for leg in Posting.objects.all()) == 0


def test_chunks_of_any_size_write_each_line_once(monkeypatch):
    parcels()
    approved(subsidy(valid_from="2026-06-01"))
    monkeypatch.setattr(recharging, "CHUNK", 2)

    lines = recharging.recharge_waiting(at=AT)

    assert lines == Charge.objects.filter(reverses__isnull=False).count() == Charge.objects.filter(
        kind="postage#2").count() > 2
    assert recharging.recharge_waiting(at=AT) == 0
    told = AuditEntry.objects.filter(action="recharge_lines").values_list("after", flat=True)
    assert sum(each["lines"] for each in told) == lines


def test_a_run_stops_where_it_was_told_and_the_next_goes_on():
    parcels()
    approved(subsidy(valid_from="2026-06-01"))
    whole = 0

    while lines := recharging.recharge_waiting(at=AT, at_once=1):
        assert lines == 1
        whole += lines

    assert whole == Charge.objects.filter(kind="postage#2").count()
    assert not RuleDraft.objects.exclude(to_recharge=True).exists()


def test_a_month_that_was_closed_meanwhile_is_left_alone():
    public.post_postage(delivered(delivered_at=june(9), on=date(2026, 6, 5)), at=AT)
    approved(subsidy(valid_from="2026-06-01"))
    after = datetime(2026, 7, 3, tzinfo=UTC)
    prepare_statement(province_code="01", operator_code="VNPOST", period=date(2026, 6, 1), by=approver(), at=after)

    assert recharging.recharge_waiting(at=after + timedelta(minutes=9)) == 0
    assert Charge.objects.count() == 1


def test_a_third_rule_charges_a_third_time():
    public.post_postage(delivered(delivered_at=june(9), on=date(2026, 6, 5)), at=AT)
    approved(subsidy(valid_from="2026-06-01"))
    recharging.recharge_waiting(at=AT)
    approved(subsidy(code="NQ-BA", valid_from="2026-06-04", numerator=1, denominator=3))

    assert recharging.recharge_waiting(at=AT) == 1
    assert sorted(Charge.objects.filter(reverses=None).values_list("kind", flat=True)) == [
        "postage", "postage#2", "postage#3"]
    assert sum(line.city_subsidy.amount for line in Charge.objects.all()) == 10000
    assert check_ledger().is_sound


def test_a_line_that_a_decision_has_corrected_keeps_the_decision_and_is_named_by_the_rule(client):
    place = cases.outlet()
    corrected, plain = (cases.line_of(place, happened_at=june(day), at=AT) for day in (2, 3))
    dispute = cases.disputed(place, corrected, at=AT)
    cases.decided(dispute, cases.reviewer(), cases.approver(), outcome=Outcome.PARTLY, amount=Money(7_000), at=AT)
    draft = approved(MODIFIED | {"items": [{"task": "accepted_online", "amount_vnd": 15_000}]})

    assert recharging.recharge_waiting(at=AT) == 1
    recharging.recharge_waiting(at=AT)

    assert [owed_by_now(each) for each in (corrected, plain)] == [Money(7_000), Money(15_000)]
    draft.refresh_from_db()
    assert draft.left_lines == [str(corrected.id)]
    page = signed_in(client).get(reverse("billing:rule-draft", args=[draft.id])).content.decode()
    assert reverse("billing:line", args=[corrected.id]) in page


def test_a_decision_on_the_line_that_took_another_back_counts_for_what_its_event_is_owed():
    place = cases.outlet()
    line = cases.line_of(place, happened_at=june(2), at=AT)
    mirror = reverse_charge(charge_id=line.id, reason="Ghi nhầm", by=cases.approver().actor, at=AT)
    charge_again(charge_id=line.id, by=cases.approver().actor, at=AT)
    dispute = cases.disputed(place, mirror, reason=Reason.TAKEN_BACK, at=AT)
    cases.decided(dispute, cases.reviewer(), cases.approver(), amount=Money(0), at=AT)
    approved(MODIFIED | {"items": [{"task": "accepted_online", "amount_vnd": 15_000}]})

    assert owed_by_now(line) == Money(24_000)
    assert recharging.recharge_waiting(at=AT) == 0
