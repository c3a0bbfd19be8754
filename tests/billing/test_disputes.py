"""A dispute from its raising to its end: number, clock, independence, and what the decision does to the books."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from billing.disputes import answering, raising, reviewing, rules, sweeps
from billing.disputes.files import evidence_of
from billing.disputes.models import Dispute, DisputeEntry, DisputeLine
from billing.disputes.raising import Objection
from billing.disputes.rules import CAUSES, DISPUTE, FINAL, OWNERS, REASONS, STATES, Cause, DisputeState, Outcome, Reason
from billing.errors import (
    CauseNotFound,
    DisputeNotFound,
    DisputeRefused,
    DisputeStateForbids,
    EvidenceRefused,
    LineDisputedAlready,
    LineNotFound,
    MonthChangedMeanwhile,
    NotIndependent,
)
from billing.models.ledger import Charge
from billing.operations.corrections import reverse_charge
from billing.queries.checks import check_ledger
from billing.queries.holds import Hold, held_of_month, holds_of, is_held
from config.runtime.paths import PROJECT
from shared.models.oversight import WorkItem
from shared.money import Money
from shared.roles import Role
from tests.billing import disputes as cases
from tests.billing.disputes import DECIDED, RAISED, TAKEN
from tests.billing.people import operator, person

pytestmark = pytest.mark.django_db
MONTH: dict[str, Any] = {"province_code": "01", "operator_code": "VNPOST", "period": RAISED.date().replace(day=1)}


@pytest.fixture
def place(rate_tables):
    return cases.outlet()


def test_a_line_is_disputed_with_a_number_a_clock_and_a_hold(place):
    line, other = cases.line_of(place), cases.line_of(place)

    dispute = cases.disputed(place, line)

    assert dispute.number == "TC-01-26-00001"
    assert dispute.state == DisputeState.RAISED
    assert dispute.due_at.isoformat() == "2026-01-22T17:00:00+07:00"
    assert dispute.decide_by.isoformat() == "2026-02-03T17:00:00+07:00"
    assert holds_of([line.id, other.id]) == {line.id: (Hold("dispute", dispute.number),)}
    held = held_of_month(**MONTH)
    assert (held.lines, held.city_owes) == (1, Money(12_000))
    assert list(Charge.objects.exclude(is_held())) == [other]
    assert WorkItem.objects.get(kind="dispute-raised").owner_role == Role.FINANCE_REVIEWER


def test_numbers_follow_one_another_in_a_city(place):
    numbers = [cases.disputed(place, cases.line_of(place)).number for _ in range(3)]

    assert numbers == ["TC-01-26-00001", "TC-01-26-00002", "TC-01-26-00003"]


def test_what_only_asks_for_more_is_paid_as_it_stands(place):
    line = cases.line_of(place)

    cases.disputed(place, line, reason=Reason.TOO_LITTLE, wanted={line.id: Money(15_000)})

    assert held_of_month(**MONTH).lines == 0


def test_a_deduction_is_held_whatever_the_reason(place):
    line = cases.line_of(place)
    mirror = reverse_charge(charge_id=line.id, reason="Trùng", by=cases.reviewer().actor, at=RAISED)

    cases.disputed(place, mirror, reason=Reason.TOO_LITTLE)

    assert held_of_month(**MONTH).city_owes == Money(-12_000)


def test_a_line_is_in_one_dispute_at_a_time(place):
    line = cases.line_of(place)
    cases.disputed(place, line)

    with pytest.raises(LineDisputedAlready):
        cases.disputed(place, line, by=person(Role.OPERATOR_HQ, operator=operator()).actor)

    assert Dispute.objects.count() == 1


def test_a_strangers_line_is_not_there(place):
    line = cases.line_of(place)

    with pytest.raises(LineNotFound):
        cases.disputed(place, line, by=cases.manager(cases.outlet()).actor)


def test_an_operator_disputes_lines_of_several_outlets_one_dispute_each(place):
    other = cases.outlet()
    lines = [cases.line_of(place), cases.line_of(other), cases.line_of(other)]

    found = raising.raise_dispute(Objection(lines=[line.id for line in lines]), at=RAISED,
                                  by=person(Role.OPERATOR_HQ, operator=operator()).actor)

    assert sorted((each.outlet_id, each.lines.count()) for each in found) == sorted([(place.id, 1), (other.id, 2)])
    assert {each.side for each in found} == {"operator"}


def test_work_without_a_line_can_be_disputed_too(place):
    dispute = raising.raise_dispute(
        Objection(missing=["h26.15.08-260115-0001"], reason=Reason.MISSING, text="Đã nộp ngày 15/01."),
        by=cases.manager(place).actor, at=RAISED)[0]
    one, two = cases.reviewer(), cases.approver()

    cases.decided(dispute, one, two, amount=Money(12_000))

    assert dispute.lines.get().dossier_code == "H26.15.08-260115-0001"
    assert Charge.objects.get(source_type="dispute").compensation == Money(12_000)


@pytest.mark.parametrize(("objection", "pointer"), [
    (Objection(), "/lines"), (Objection(missing=["x"], reason=Reason.OTHER), "/text"),
    (Objection(missing=[" "], text="x"), "/missing"), (Objection(lines=[uuid4()] * 501), "/lines"),
    (Objection(missing=["x"], text="x" * 2001), "/text")])
def test_what_is_missing_is_said_beside_its_field(place, objection, pointer):
    with pytest.raises(DisputeRefused) as refused:
        raising.raise_dispute(objection, by=cases.manager(place).actor, at=RAISED)

    assert [error.pointer for error in refused.value.errors] == [pointer]


def test_a_line_that_was_taken_back_points_to_the_line_that_took_it(place):
    line = cases.line_of(place)
    reverse_charge(charge_id=line.id, reason="Trùng", by=cases.reviewer().actor, at=RAISED)

    with pytest.raises(DisputeRefused):
        cases.disputed(place, line)


def test_who_signed_the_month_or_changed_the_line_does_not_decide(place):
    from billing.operations.statements import prepare_statement

    line, one, two = cases.line_of(place), cases.reviewer(), cases.reviewer()
    mirror = reverse_charge(charge_id=line.id, reason="Trùng", by=one.actor, at=RAISED)
    dispute = cases.disputed(place, mirror, reason=Reason.TAKEN_BACK)
    prepare_statement(**MONTH, by=two.actor, at=DECIDED + timedelta(days=20))

    with pytest.raises(NotIndependent) as changed:
        cases.taken(dispute, one)
    with pytest.raises(NotIndependent) as signed:
        cases.taken(dispute, two)

    assert changed.value.facts == {"reason": "changed-the-line"}
    assert signed.value.facts == {"reason": "signed-the-month"}
    assert cases.taken(dispute, cases.reviewer()).state == DisputeState.IN_REVIEW


def test_the_second_person_is_another_and_an_approver(place):
    dispute, one = cases.disputed(place, cases.line_of(place)), cases.reviewer()
    cases.taken(dispute, one)
    cases.proposed(dispute, one)

    for somebody in (one, cases.reviewer()):
        with pytest.raises(NotIndependent):
            reviewing.confirm(dispute_id=dispute.id, by=somebody.actor, at=DECIDED)

    assert reviewing.confirm(dispute_id=dispute.id, by=cases.approver().actor, at=DECIDED).state == "closed"


def test_a_decision_becomes_an_entry_that_says_why_and_the_books_stay_sound(place):
    line, one, two = cases.line_of(place), cases.reviewer(), cases.approver()
    dispute = cases.disputed(place, line, reason=Reason.TOO_LITTLE, wanted={line.id: Money(15_000)})

    cases.decided(dispute, one, two)

    entry = Charge.objects.get(source_type="dispute")
    assert (entry.compensation, entry.kind, entry.rule) == (Money(3_000), "dispute-outcome", dispute.number)
    assert "12.000" in entry.steps[0]["reason_vi"]
    assert "15.000" in entry.steps[0]["reason_vi"]
    assert entry.evidence["cause"] == "system"
    assert check_ledger().is_sound
    assert not DisputeLine.objects.filter(is_open=True).exists()


def test_postage_is_corrected_as_postage(place):
    from dataclasses import replace

    from billing import public
    from tests.billing.events import NOW, delivered

    public.post_postage(replace(delivered(), outlet_id=place.id), at=NOW)
    line = Charge.objects.get(kind="postage")
    dispute = cases.disputed(place, line, reason=Reason.TOO_LITTLE)

    cases.decided(dispute, cases.reviewer(), cases.approver(), amount=Money(line.city_subsidy.amount + 1_000))

    entry = Charge.objects.get(source_type="dispute")
    assert (entry.gross, entry.city_subsidy, entry.compensation) == (Money(1_000), Money(1_000), Money(0))
    assert check_ledger().is_sound


def test_a_deduction_does_not_stand_while_its_cause_is_unknown(place):
    line, one = cases.line_of(place), cases.reviewer()
    mirror = reverse_charge(charge_id=line.id, reason="Trùng", by=cases.approver().actor, at=RAISED)
    dispute = cases.disputed(place, mirror, reason=Reason.TAKEN_BACK)
    cases.taken(dispute, one)

    with pytest.raises(CauseNotFound):
        cases.proposed(dispute, one, outcome=Outcome.REFUSED, cause=Cause.UNKNOWN)

    dispute.refresh_from_db()
    assert dispute.state == DisputeState.IN_REVIEW


def test_a_wrongful_deduction_is_undone_end_to_end_with_interest_and_a_letter(place):
    from billing.redress.models import InterestRule, Redress
    from config.reference_data import interest

    interest.read(PROJECT / "reference_data")()
    line, one, two = cases.line_of(place), cases.reviewer(), cases.approver()
    mirror = reverse_charge(charge_id=line.id, reason="Trùng", by=cases.reviewer().actor, at=RAISED)
    dispute = cases.disputed(place, mirror, reason=Reason.TAKEN_BACK, at=RAISED + timedelta(days=146))

    cases.decided(dispute, one, two, at=RAISED + timedelta(days=150))

    redress = Redress.objects.get()
    assert (redress.principal, redress.interest) == (Money(12_000), Money(480))  # 12,000 × 10 % × 146 / 365
    assert redress.rule == InterestRule.objects.get().code
    assert sum(charge.city_owes.amount for charge in Charge.objects.all()) == 12_480
    assert check_ledger().is_sound


def test_a_refused_line_can_be_appealed_once_before_others(place):
    line, one, two, three = cases.line_of(place), cases.reviewer(), cases.approver(), cases.reviewer()
    boss = cases.manager(place).actor
    dispute = cases.disputed(place, line, reason=Reason.TOO_LITTLE, by=boss)
    cases.decided(dispute, one, two, outcome=Outcome.REFUSED, cause=Cause.NOTHING_WRONG)
    dispute.refresh_from_db()
    assert dispute.state == DisputeState.DECIDED
    assert not Charge.objects.filter(source_type="dispute").exists()

    answering.appeal(dispute_id=dispute.id, text="Thiếu một việc.", by=boss, at=DECIDED)
    with pytest.raises(NotIndependent):
        cases.taken(dispute, one)
    cases.taken(dispute, three)
    cases.proposed(dispute, three, outcome=Outcome.PARTLY, amount=Money(13_000))
    reviewing.confirm(dispute_id=dispute.id, by=cases.approver().actor, at=DECIDED)

    dispute.refresh_from_db()
    assert (dispute.state, dispute.round, dispute.outcome) == ("closed", 2, "partly")
    assert Charge.objects.get(source_type="dispute").compensation == Money(1_000)
    with pytest.raises(DisputeStateForbids):
        answering.appeal(dispute_id=dispute.id, text="Nữa.", by=boss, at=DECIDED)


def test_silence_ends_a_dispute_and_is_never_called_agreement(place):
    dispute = cases.disputed(place, cases.line_of(place), reason=Reason.TOO_LITTLE)
    cases.decided(dispute, cases.reviewer(), cases.approver(), outcome=Outcome.REFUSED, cause=Cause.RULE)

    sweeps.watch_disputes(at=DECIDED + timedelta(days=10))
    dispute.refresh_from_db()
    assert dispute.state == DisputeState.DECIDED
    sweeps.watch_disputes(at=DECIDED + timedelta(days=30))

    dispute.refresh_from_db()
    assert (dispute.state, dispute.answer) == ("closed", "none")


def test_a_question_stops_nothing_for_longer_than_its_days(place):
    dispute, one, boss = cases.disputed(place, cases.line_of(place)), cases.reviewer(), cases.manager(place).actor
    cases.taken(dispute, one)
    reviewing.ask(dispute_id=dispute.id, text="Ai nhận hồ sơ?", by=one.actor, at=TAKEN)

    raising.say(dispute_id=dispute.id, text="Chị Hoa.", by=boss, at=TAKEN)
    dispute.refresh_from_db()
    assert dispute.state == DisputeState.IN_REVIEW

    reviewing.ask(dispute_id=dispute.id, text="Lúc nào?", by=one.actor, at=TAKEN)
    sweeps.watch_disputes(at=TAKEN + timedelta(days=8))
    dispute.refresh_from_db()
    assert dispute.state == DisputeState.IN_REVIEW
    assert dispute.entries.filter(kind="go_on", side="system").exists()


def test_whoever_is_late_is_reminded_first_and_then_told_upwards(place):
    dispute, one = cases.disputed(place, cases.line_of(place)), cases.reviewer()
    cases.taken(dispute, one)

    for day in (5, 9, 9, 16, 16, 17):
        sweeps.watch_disputes(at=TAKEN + timedelta(days=day))

    assert list(dispute.entries.filter(side="system").order_by("said_at").values_list("kind", flat=True)) == [
        "reminded", "escalated"]
    assert {item.owner_role for item in WorkItem.objects.filter(kind="dispute-late")} == {
        Role.FINANCE_APPROVER, Role.AUDITOR}
    cases.proposed(dispute, one)
    assert not WorkItem.objects.filter(kind="dispute-late", closed_at=None).exists()


def test_a_withdrawn_dispute_frees_its_line(place):
    line, boss = cases.line_of(place), cases.manager(place).actor
    dispute = cases.disputed(place, line, by=boss)

    with pytest.raises(DisputeNotFound):
        raising.withdraw(dispute_id=dispute.id, by=cases.reviewer().actor, at=TAKEN)
    raising.withdraw(dispute_id=dispute.id, by=boss, at=TAKEN)

    assert held_of_month(**MONTH).lines == 0
    assert cases.disputed(place, line).number == "TC-01-26-00002"


def test_a_month_is_accepted_except_some_lines_and_only_as_it_was_seen(place):
    lines, boss = [cases.line_of(place) for _ in range(3)], cases.manager(place).actor
    seen = answering.month_seen(by=boss, **MONTH)
    asked = {**MONTH, "excepted": [lines[0].id], "reason": Reason.UNCLEAR, "text": "", "by": boss, "at": RAISED}

    with pytest.raises(MonthChangedMeanwhile):
        answering.answer_month(**asked, digest="0" * 64)
    answer, found = answering.answer_month(**asked, digest=seen.digest)

    assert (answer.lines, answer.excepted, answer.city_owes) == (3, 1, Money(24_000))
    assert [each.lines.get().charge_id for each in found] == [lines[0].id]


def test_files_are_taken_by_their_content_and_sealed(place):
    paper = evidence_of("../bien\u200bnhan.exe", b"%PDF-1.7 minh chung")
    dispute = cases.disputed(place, cases.line_of(place), files=[paper])
    kept = dispute.files.get()

    assert kept.name == "bien nhan.pdf" or kept.name.endswith(".pdf")
    assert b"minh chung" not in bytes(kept.sealed)
    for content in (b"", b"MZ\x90", b"<html>", b"%PDF-" + b"x" * (8 * 1024 * 1024)):
        with pytest.raises(EvidenceRefused):
            evidence_of("a.pdf", content)


def test_both_sides_read_everything_that_was_said(place):
    dispute, one = cases.disputed(place, cases.line_of(place), text="Sai rồi."), cases.reviewer()
    cases.taken(dispute, one)
    reviewing.ask(dispute_id=dispute.id, text="Vì sao?", by=one.actor, at=TAKEN)
    city = Dispute.objects.seen_by(one.actor).get()
    outlet = Dispute.objects.seen_by(cases.manager(place).actor).get()

    assert list(city.entries.values_list("id")) == list(outlet.entries.values_list("id")) != []


def test_what_was_said_is_never_changed(place):
    from django.db import DatabaseError

    cases.disputed(place, cases.line_of(place))

    with pytest.raises(DatabaseError):
        DisputeEntry.objects.update(text="khác")
    with pytest.raises(DatabaseError):
        Dispute.objects.all().delete()


def test_every_open_state_has_an_owner_words_and_a_way_on():
    assert set(DisputeState) - FINAL == set(OWNERS)
    assert set(STATES) == set(DisputeState)
    assert {before for before, _action in DISPUTE} == set(OWNERS)
    assert set(DISPUTE.values()) | {DisputeState.RAISED} == set(DisputeState)


def test_nobody_is_called_wrong_before_the_cause_is_found():
    assert Dispute._meta.get_field("cause").default == Cause.UNKNOWN
    words = " ".join(f"{w.vi} {w.en}" for table in (CAUSES, REASONS, STATES) for w in table.values()).lower()

    assert not [said for said in ("lỗi của điểm", "lỗi đại lý", "nhân viên sai", "agent error", "clerk's fault",
                                  "thiếu hụt", "gian lận", "fraud") if said in words]
    assert rules.holds(Reason.UNCLEAR, Money(12_000))


def test_another_city_does_not_see_it(place):
    dispute = cases.disputed(place, cases.line_of(place))

    with pytest.raises(DisputeNotFound):
        cases.taken(dispute, person(Role.FINANCE_REVIEWER, province="46"))

