"""A rule is written by one person, approved by another, follows the version before it and reaches no closed month."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from django.db import DataError, IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st

from billing import public
from billing.errors import (
    DraftChanged,
    DraftNotFound,
    DraftNotThere,
    DraftRefused,
    PeriodClosed,
    RuleInForce,
    SecondPersonNeeded,
)
from billing.models.ledger import Charge, Posting
from billing.models.rates import CompensationNorm, Reduction, SubsidyRuleSet, Tariff
from billing.models.rule_book import RuleDraft
from billing.operations.statements import prepare_statement
from billing.queries.checks import check_ledger
from billing.queries.rates import rate_book
from billing.rule_book import approving, drafting, recharging, recharging_sql
from billing.rules.rule_book import DraftAction, DraftState, Span, fit, next_state
from shared.actors import ActorKind
from shared.models.oversight import AuditEntry, WorkItem
from shared.money import Money
from shared.validation import InvalidRequest
from tests.billing.events import act, case, delivered
from tests.billing.rule_drafts import AT, approved, approver, budget, head, norm, reviewer, subsidy

pytestmark = pytest.mark.django_db
SEPTEMBER = date(2026, 9, 1)


def written(terms, by=None):
    return drafting.write_draft(terms=terms, note="Theo dự thảo của Sở", by=by or reviewer(), at=AT)


def proposed(terms):
    writer = reviewer()
    draft = written(terms, writer)
    return drafting.propose(draft_id=draft.id, by=writer, at=AT)


def test_an_approved_subsidy_ends_the_one_before_and_prices_from_its_first_day(rate_tables):
    draft = approved(subsidy())

    assert draft.state == DraftState.APPROVED
    former = SubsidyRuleSet.objects.get(code="NQ77-2025")
    assert (former.valid_to, former.ended_by_id) == (SEPTEMBER, draft.id)
    assert SubsidyRuleSet.objects.get(code="NQ-THU-2026").draft_id == draft.id
    assert public.quote(case(on=date(2026, 8, 31))).city_subsidy == Money(30000)
    after = public.quote(case(on=SEPTEMBER))
    assert (after.city_subsidy, after.citizen_share) == (Money(15000), Money(15000))
    assert after.steps[2].rule == "NQ-THU-2026"
    actions = AuditEntry.objects.filter(object_type="rule_draft").order_by("id").values_list("action", flat=True)
    assert list(actions) == ["write_rule", "propose_rule", "approve_rule"]


def test_whoever_wrote_or_proposed_a_rule_does_not_approve_it(rate_tables):
    writer, proposer = reviewer(), reviewer()
    draft = written(subsidy(), writer)
    drafting.propose(draft_id=draft.id, by=proposer, at=AT)

    for person in (writer, proposer, replace(approver(), kind=ActorKind.MACHINE)):
        with pytest.raises(SecondPersonNeeded):
            approving.approve(draft_id=draft.id, digest=draft.digest, by=person, at=AT)
    assert not SubsidyRuleSet.objects.filter(code="NQ-THU-2026").exists()


def test_the_database_too_wants_two_people(rate_tables):
    draft = proposed(subsidy())

    with pytest.raises(IntegrityError, match="rule_by_two_people"), transaction.atomic():
        RuleDraft.objects.filter(id=draft.id).update(state="approved", decided_by=draft.proposed_by)


def test_what_is_approved_is_what_was_seen(rate_tables):
    draft = proposed(subsidy())

    with pytest.raises(DraftChanged):
        approving.approve(draft_id=draft.id, digest="0" * 64, by=approver(), at=AT)


def test_a_rule_never_begins_in_a_closed_month(rate_tables):
    public.post_postage(delivered(delivered_at=datetime(2026, 5, 12, 3, tzinfo=UTC)), at=AT)
    prepare_statement(province_code="01", operator_code="VNPOST", period=date(2026, 5, 1), by=reviewer(), at=AT)
    draft = written(subsidy(valid_from="2026-05-20"))

    with pytest.raises(PeriodClosed) as refusal:
        drafting.propose(draft_id=draft.id, by=reviewer(), at=AT)

    assert refusal.value.facts["first"] == "2026-06-01"


def test_a_month_closed_between_proposal_and_approval_refuses_the_approval(rate_tables):
    draft = proposed(subsidy(valid_from="2026-05-20"))
    public.post_postage(delivered(delivered_at=datetime(2026, 5, 12, 3, tzinfo=UTC)), at=AT)
    prepare_statement(province_code="01", operator_code="VNPOST", period=date(2026, 5, 1), by=reviewer(), at=AT)

    with pytest.raises(PeriodClosed):
        approving.approve(draft_id=draft.id, digest=draft.digest, by=approver(), at=AT)
    assert SubsidyRuleSet.objects.get(code="NQ77-2025").valid_to is None


def test_what_binds_every_city_begins_tomorrow_at_the_earliest(rate_tables):
    tomorrow = (AT + timedelta(days=1)).date()
    terms = head(kind="reduction", beneficiary_class="poor_household", numerator=3, denominator=4, code="TT-THU")

    with pytest.raises(PeriodClosed):
        proposed({**terms, "valid_from": AT.date().isoformat()})
    approved({**terms, "valid_from": tomorrow.isoformat()})

    assert Reduction.objects.get(code="TT-THU").valid_from == tomorrow
    assert public.quote(case(on=tomorrow, beneficiary_class="poor_household")).national_reduction == Money(22500)


@pytest.mark.parametrize(("changes", "word"), [
    ({"valid_from": "2026-01-01"}, "NQ77-2025"),
    ({"valid_from": "2026-09-01", "valid_to": "2026-12-01"}, "NQ77-2025"),
])
def test_versions_do_not_overlap(rate_tables, changes, word):
    with pytest.raises(RuleInForce, match=word):
        proposed(subsidy(**changes))


def test_no_days_without_a_rule_are_left_between_versions(rate_tables):
    SubsidyRuleSet.objects.filter(code="NQ77-2025").update(valid_to=date(2026, 8, 1))

    with pytest.raises(RuleInForce):
        proposed(subsidy())
    assert approved(subsidy(valid_from="2026-08-01")).state == DraftState.APPROVED


def test_a_code_names_one_version(rate_tables):
    with pytest.raises(DraftRefused) as refusal:
        proposed(subsidy(code="NQ39-2024"))

    assert refusal.value.errors[0].pointer == "/terms/code"


@pytest.mark.parametrize(("terms", "pointer"), [
    (subsidy(numerator=3, denominator=2), "/terms"),
    (subsidy(channels=[]), "/terms/channels"),
    (subsidy(legal_basis="NQ"), "/terms/legal_basis"),
    (subsidy(valid_to="2026-08-31"), "/terms"),
    (subsidy(numerator="1"), "/terms/numerator"),
    (subsidy(surprise=1), "/terms/surprise"),
    (norm(items=[{"task": "stand_by", "amount_vnd": 1}]), "/terms/items/0"),
    (norm(items=[{"task": "bribe", "amount_vnd": 1}]), "/terms/items/0"),
    (norm(modifiers=[{"kind": "remote_area", "amount_vnd": 5}]), "/terms/modifiers/0"),
    (norm(modifiers=[{"kind": "period_cap", "numerator": 1, "denominator": 2}]), "/terms/modifiers/0"),
    (budget(amount_vnd=0), "/terms"),
])
def test_what_is_wrong_is_said_at_its_place(db, terms, pointer):
    with pytest.raises(InvalidRequest) as refusal:
        written(terms)

    assert [error.pointer for error in refusal.value.errors] == [pointer]


def test_a_draft_is_changed_by_its_last_version_only_and_never_once_proposed(rate_tables):
    writer = reviewer()
    draft = written(subsidy(), writer)
    drafting.change_draft(draft_id=draft.id, terms=subsidy(numerator=3, denominator=4), note="", version=1, by=writer,
                          at=AT)
    with pytest.raises(DraftChanged):
        drafting.change_draft(draft_id=draft.id, terms=subsidy(), note="", version=1, by=writer, at=AT)

    drafting.propose(draft_id=draft.id, by=writer, at=AT)
    with pytest.raises(DraftNotThere):
        drafting.change_draft(draft_id=draft.id, terms=subsidy(), note="", version=2, by=writer, at=AT)
    drafting.take_back(draft_id=draft.id, by=writer, at=AT)
    assert drafting.withdraw(draft_id=draft.id, by=writer, at=AT).state == DraftState.WITHDRAWN


def test_a_proposal_has_an_owner_until_it_is_decided_and_a_refusal_says_why(rate_tables):
    draft = proposed(subsidy())
    item = WorkItem.objects.get(kind="rule-to-approve")
    assert (item.owner_role, item.owner_place, item.closed_at) == ("finance_approver", "01", None)

    with pytest.raises(DraftRefused):
        approving.reject(draft_id=draft.id, note=" ", by=approver(), at=AT)
    approving.reject(draft_id=draft.id, note="Chưa có nghị quyết", by=approver(), at=AT)

    item.refresh_from_db()
    assert item.outcome == "rejected"


def test_another_citys_draft_is_not_there(rate_tables):
    draft = proposed(subsidy())

    with pytest.raises(DraftNotFound):
        approving.approve(draft_id=draft.id, digest=draft.digest, by=approver("46"), at=AT)


def test_lines_of_an_open_month_are_written_anew_by_reversal(rate_tables):
    early = delivered(delivered_at=datetime(2026, 6, 3, 3, tzinfo=UTC), on=date(2026, 5, 29))
    later = delivered(delivered_at=datetime(2026, 6, 9, 3, tzinfo=UTC), on=date(2026, 6, 5), number="EH602511082VN")
    for each in (early, later):
        public.post_postage(each, at=AT)
    public.record_act(act(happened_at=datetime(2026, 6, 9, 3, tzinfo=UTC)), at=AT)

    draft = approved(subsidy(valid_from="2026-06-01"))
    assert draft.to_recharge
    assert recharging.recharge_waiting(at=AT) == 1
    assert recharging.recharge_waiting(at=AT + timedelta(minutes=6)) == 0

    lines = Charge.objects.filter(source_id=later.parcel_id).order_by("posted_at", "id")
    assert [(line.kind, line.city_subsidy.amount) for line in lines] == [
        ("postage", 30000), ("postage", -30000), ("postage#2", 15000)]
    assert lines[1].evidence["reversal_reason"] == "NQ-THU-2026 áp dụng từ 01/06/2026"
    assert Charge.objects.filter(source_id=early.parcel_id).count() == 1
    assert not RuleDraft.objects.filter(to_recharge=True).exists()
    assert check_ledger().is_sound
    assert sum(leg.amount.amount for leg in Posting.objects.all()) == 0


def test_a_recharge_that_was_cut_off_goes_on_where_it_stopped(rate_tables, monkeypatch):
    public.post_postage(delivered(delivered_at=datetime(2026, 6, 9, 3, tzinfo=UTC), on=date(2026, 6, 5)), at=AT)
    approved(subsidy(valid_from="2026-06-01"))

    with monkeypatch.context() as cut:
        cut.setattr(recharging_sql, "GROUPS", "SELECT 1/0")
        with pytest.raises(DataError):
            recharging.recharge_waiting(at=AT)
    assert Charge.objects.count() == 1
    assert recharging.recharge_waiting(at=AT) == 1
    assert recharging.recharge_waiting(at=AT) == 0

    assert sum(line.city_subsidy.amount for line in Charge.objects.all()) == 15000


def test_a_tariff_is_put_in_force_with_all_its_steps(rate_tables):
    zone = {"steps": [{"up_to_grams": 100, "amount_vnd": 27000}], "further": {"up_to_grams": 500, "amount_vnd": 3000}}
    zones = dict.fromkeys(("intra_district", "intra_province", "inter_same_region", "inter_far_region"), zone)
    approved(head(kind="tariff", code="VNPOST-2026", operator_code="VNPOST", direction="result", vat="included",
                  zones=zones))

    assert public.quote(case(on=SEPTEMBER, weight_grams=620)).gross == Money(27000 + 2 * 3000)
    assert Tariff.objects.get(code="VNPOST-2026").rates.count() == 8


def test_a_norm_comes_with_its_items_and_modifiers(rate_tables):
    approved(norm(items=[{"task": "accepted_online", "amount_vnd": 12000},
                         {"task": "accepted_online", "amount_vnd": 20000, "procedure_group": "land"}],
                  modifiers=[{"kind": "remote_area", "numerator": 1, "denominator": 5, "communes": ["00004"]}]))

    card = rate_book().norm("01", SEPTEMBER)
    assert card.amounts == {"accepted_online": Money(12000)}
    assert card.items[0].procedure_group == "land"
    assert card.modifiers[0].communes == ("00004",)
    assert CompensationNorm.objects.get(code="DEMO-2026").valid_to == SEPTEMBER


DAYS = st.dates(date(2026, 1, 1), date(2026, 3, 1))


@given(st.lists(DAYS, min_size=1, max_size=4, unique=True), DAYS, st.none() | DAYS)
def test_versions_that_fit_neither_overlap_nor_leave_gaps(begins, begin, end):
    """Whatever is let in: every day from the first version on has exactly one, as long as the last one lasts."""
    ordered = sorted(begins)
    spans = [Span(at, f"V{at}", each, ordered[at + 1] if at + 1 < len(ordered) else None)
             for at, each in enumerate(ordered)]
    if end is not None and end <= begin:
        return

    found = fit(begin, end, spans)
    if found.fault:
        return

    kept = [replace(span, end=begin) if found.ends and span.id == found.ends.id else span for span in spans]
    everything = sorted([*kept, Span(99, "NEW", begin, end)], key=lambda span: span.begin)
    assert all(one.end == other.begin for one, other in pairwise(everything))


def test_what_is_decided_stays_decided():
    for state in (DraftState.APPROVED, DraftState.REJECTED, DraftState.WITHDRAWN):
        for action in DraftAction:
            with pytest.raises(DraftNotThere):
                next_state(state, action)
