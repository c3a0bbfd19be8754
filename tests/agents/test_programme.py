"""A city's programme: gates that are measured, decisions by two people, operators under an agreement."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from agents.programme import admission, agreements, decisions, delegating, operators, phases
from agents.programme.admission import Place, may_do, refusal
from agents.programme.errors import (
    InvalidProgramme,
    ProgrammeNotFound,
    ProgrammeStepImpossible,
    SecondPersonNeeded,
)
from agents.programme.models import OperatorAgreement, PhaseDecision, ProgrammeOperator, ProgrammePhase
from agents.programme.queries import find_entry, matrix
from agents.programme.queries import operators as listed
from agents.programme.rules import CONFORMANCE, DecisionStep, OperatorState, OperatorStep, PhaseState, PhaseStep
from agents.queries import outlet_info, outlets
from shared import scope
from shared.models.oversight import WorkItem
from shared.roles import Role
from tests.agents import programmes
from tests.agents.factories import make_operator, make_outlet, make_province, moment, staff
from tests.agents.programmes import NOON, TODAY, WHY, admitted, agreement, begun, entered, kept, planned, shown, step

pytestmark = pytest.mark.django_db


@pytest.fixture
def who():
    return programmes.officers()


def gate(measure="communes_covered", threshold="50", **facts):
    return phases.Gate(measure, Decimal(threshold), **facts)


def proposed(phase, who, verdict="go", *, at=NOON, **facts):
    return decisions.propose_decision(phase_id=phase.id, by=who.first, at=at, proposed=decisions.Proposed(
        verdict, WHY, **facts))


def settled(decision, how, by, at=NOON):
    return decisions.settle_decision(decision_id=decision.id, step=how, reason=WHY, by=by, at=at)


def opened(phase, who, at=NOON):
    settled(proposed(phase, who, at=at), DecisionStep.SIGN, who.second, at)
    phase.refresh_from_db()
    return phase


def test_a_phase_opens_by_a_decision_that_another_officer_signs(who):
    begun(who)
    phase = planned(who)
    decision = proposed(phase, who)
    assert WorkItem.objects.get(reference=str(decision.id)).due_at == NOON + timedelta(days=7)
    with pytest.raises(SecondPersonNeeded):
        settled(decision, DecisionStep.SIGN, who.first)
    settled(decision, DecisionStep.SIGN, who.second)
    phase.refresh_from_db()
    assert (phase.state, phase.opened_at) == (PhaseState.RUNNING, NOON)
    assert WorkItem.objects.get(reference=str(decision.id)).outcome == "sign"
    with pytest.raises(ProgrammeStepImpossible):
        settled(decision, DecisionStep.REFUSE, who.second)


def test_the_database_itself_wants_two_people(who):
    begun(who)
    decision = proposed(planned(who), who)
    with pytest.raises(IntegrityError), transaction.atomic():
        PhaseDecision.objects.filter(id=decision.id).update(
            state="signed", decided_by=decision.proposed_by, decided_at=NOON)


def test_a_failing_gate_is_passed_over_by_name_or_not_at_all(who):
    begun(who)
    phase = planned(who)
    make_outlet()
    phases.set_gates(phase_id=phase.id, gates=[gate(threshold="90"), gate("staff_certified", "80")], by=who.first,
                     at=NOON)
    with pytest.raises(InvalidProgramme) as refused:
        proposed(phase, who)
    assert [each.pointer for each in refused.value.errors] == ["/despite/staff_certified"]
    decision = proposed(phase, who, despite={"staff_certified": "Lớp tập huấn ngày 10/07 đã đủ người"})
    assert {row["measure"]: (row["passes"], row["sample"]) for row in decision.measured} == {
        "communes_covered": (True, 1), "staff_certified": (False, 0)}
    assert decision.despite == {"staff_certified": "Lớp tập huấn ngày 10/07 đã đủ người"}


def test_a_no_go_names_nothing_and_opens_nothing(who):
    begun(who)
    phase = planned(who)
    phases.set_gates(phase_id=phase.id, gates=[gate("staff_certified", "80")], by=who.first, at=NOON)
    settled(proposed(phase, who, "no_go"), DecisionStep.SIGN, who.second)
    phase.refresh_from_db()
    assert phase.state == PhaseState.PLANNED
    with pytest.raises(InvalidProgramme):
        proposed(phase, who, "go_with_conditions", despite={"staff_certified": WHY})
    assert proposed(phase, who, "go_with_conditions", despite={"staff_certified": WHY},
                    conditions="Đủ chứng chỉ trước 01/08").conditions


def test_signing_measures_again(who):
    begun(who)
    outlet = make_outlet()
    phase = planned(who)
    phases.set_gates(phase_id=phase.id, gates=[gate("communes_covered", "100")], by=who.first, at=NOON)
    decision = proposed(phase, who)
    type(outlet).objects.filter(id=outlet.id).update(status="suspended")
    with pytest.raises(ProgrammeStepImpossible) as refused:
        settled(decision, DecisionStep.SIGN, who.second)
    assert refused.value.facts["gates"] == ["communes_covered"]
    settled(decision, DecisionStep.REFUSE, who.second)
    assert proposed(phase, who, despite={"communes_covered": WHY}).state == "proposed"


def test_the_gates_of_a_later_phase_look_at_the_one_before_and_its_opening_ends_that(who):
    begun(who)
    here = make_outlet()
    first = opened(planned(who, communes=[here.commune_id]), who)
    make_outlet(status="closed")
    second = planned(who, kind="extended", name="Mở rộng")
    assert decisions.within_of(second, NOON).communes == (here.commune_id,)
    opened(second, who, NOON + timedelta(days=30))
    first.refresh_from_db()
    assert (first.state, ProgrammePhase.objects.get(state=PhaseState.RUNNING).id) == (PhaseState.ENDED, second.id)


def test_wrong_plans_and_gates_are_named(who):
    begun(who)
    with pytest.raises(InvalidProgramme) as refused:
        planned(who, communes=["00001"], operators=["NOBODY"], groups=["x"], ends_on=TODAY, kind="x", name="")
    assert {each.pointer for each in refused.value.errors} == {
        "/communes", "/operators", "/groups", "/ends_on", "/kind", "/name"}
    phase = planned(who)
    with pytest.raises(InvalidProgramme) as refused:
        phases.set_gates(phase_id=phase.id, by=who.first, at=NOON, gates=[
            gate("nothing"), gate(threshold="101"), gate(threshold="101")])
    assert {each.pointer for each in refused.value.errors} == {
        "/gates/0/measure", "/gates/1/threshold", "/gates/2/threshold", "/gates"}
    with pytest.raises(ProgrammeStepImpossible):
        phases.take_phase_step(phase_id=phase.id, step=PhaseStep.OPEN, reason=WHY, by=who.first, at=NOON)


def test_an_operator_takes_part_when_its_list_is_complete_and_a_second_officer_approves(who):
    begun(who)
    entry = entered(who)
    shown(entry, who, *CONFORMANCE[:-1])
    with pytest.raises(ProgrammeStepImpossible) as refused:
        step(entry, OperatorStep.SUBMIT, who.first)
    assert refused.value.facts["items"] == [CONFORMANCE[-1]]
    shown(entry, who, CONFORMANCE[-1])
    with pytest.raises(ProgrammeStepImpossible) as refused:
        step(entry, OperatorStep.SUBMIT, who.first)
    assert refused.value.facts["items"] == ["agreement"]
    kept(entry, who)
    step(entry, OperatorStep.SUBMIT, who.second)
    with pytest.raises(SecondPersonNeeded):  # she recorded the evidence
        step(entry, OperatorStep.APPROVE, who.first)
    with pytest.raises(SecondPersonNeeded):  # she handed it in
        step(entry, OperatorStep.APPROVE, who.second)
    third = staff(Role.PROGRAMME_OFFICER, display_name="Ngô Thị Ba").actor
    assert step(entry, OperatorStep.APPROVE, third).state == OperatorState.ACTIVE


def test_the_newest_evidence_counts(who):
    begun(who)
    entry = entered(who)
    kept(entry, who)
    shown(entry, who)
    operators.record_evidence(entry_id=entry.id, by=who.first, at=NOON + timedelta(minutes=1),
                              found=operators.Evidence("data_walls", "not_met", "Thử lại thấy hở", TODAY))
    with pytest.raises(ProgrammeStepImpossible) as refused:
        step(entry, OperatorStep.SUBMIT, who.first)
    assert refused.value.facts["items"] == ["data_walls"]


def test_agreements_do_not_overlap_and_notice_keeps_its_days(who):
    begun(who)
    entry = entered(who)
    first = kept(entry, who)
    with pytest.raises(InvalidProgramme) as refused:
        kept(entry, who, agreement("02/TT-MH", date(2025, 12, 31), None))
    assert [each.pointer for each in refused.value.errors] == ["/valid_from"]
    with pytest.raises(InvalidProgramme):
        agreements.give_notice(agreement_id=first.id, ends_on=TODAY + timedelta(days=29), reason=WHY, by=who.first,
                               at=NOON)
    ended = agreements.give_notice(agreement_id=first.id, ends_on=TODAY + timedelta(days=30), reason=WHY,
                                   by=who.first, at=NOON)
    assert ended.valid_until == TODAY + timedelta(days=30)
    with pytest.raises(InvalidProgramme) as refused:
        kept(entry, who, agreement("", date(2027, 1, 1), date(2027, 1, 1), notice_days=800, contacts=[
            agreements.Contact("x", "y")], prices=[agreements.Price("Phí", -1)]))
    assert {each.pointer for each in refused.value.errors} >= {
        "/number", "/valid_until", "/notice_days", "/contacts/0", "/prices/0/amount"}


def test_the_end_of_an_agreement_is_work_before_it_comes_and_none_once_renewed(who):
    begun(who)
    entry = admitted(who)
    assert agreements.watch_agreements(now=moment("2025-10-02 10:00")) == 0
    assert agreements.watch_agreements(now=moment("2025-10-03 10:00")) == 1
    assert agreements.watch_agreements(now=moment("2025-10-04 10:00")) == 1
    item = WorkItem.objects.get(kind="operator-agreement-ending")
    assert (item.due_at, item.owner_place) == (moment("2026-01-01 00:00"), "46")
    assert listed(who.first, date(2025, 10, 4))[0].ends_soon
    kept(entry, who, agreement("02/TT-MH", date(2026, 1, 1), None))
    item.refresh_from_db()
    assert item.outcome == "renewed"
    assert agreements.watch_agreements(now=moment("2025-10-05 10:00")) == 0
    assert not listed(who.first, date(2025, 10, 5))[0].ends_soon


def test_when_the_programme_holds_an_outlet_takes_what_is_delegated_and_nothing_else(who):
    begun(who)
    outlet = make_outlet()
    entry = entered(who)
    kept(entry, who)
    shown(entry, who)
    programmes.delegated(entry, who, "advise", "file_online")
    programmes.delegated(entry, who, "forward_paper", group="civil_status", begins=date(2025, 8, 1))
    step(entry, OperatorStep.SUBMIT, who.first)
    step(entry, OperatorStep.APPROVE, who.second)
    opened(planned(who, groups=["civil_status", "land"]), who)
    type(outlet).objects.filter(id=outlet.id).update(tasks=["file_online", "advise"])
    info = outlet_info(outlets().get(id=outlet.id))
    assert may_do(info, "file_online", "social", TODAY)  # it does not hold yet

    phases.switch_on(holds_from=TODAY, reason=WHY, by=who.first, at=NOON)
    admission.forget()
    assert may_do(info, "file_online", "civil_status", TODAY)
    assert not may_do(info, "file_online", "social", TODAY)  # the phase does not include it
    place = Place("46", outlet.commune_id, outlet.operator_id, outlet.operator.code)
    assert refusal(place, date(2025, 7, 31), task="forward_paper", group="civil_status") == "task-not-delegated"
    assert refusal(place, date(2025, 8, 1), task="forward_paper", group="civil_status") == ""
    assert refusal(place, date(2025, 8, 1), task="forward_paper", group="land") == "task-not-delegated"
    assert refusal(place, date(2026, 1, 1)) == "agreement-not-in-force"
    assert refusal(place, date(2025, 12, 31)) == ""
    assert matrix(entry, TODAY).rows[2][1][0] == "later"

    step(entry, OperatorStep.SUSPEND, who.first)
    admission.forget()
    assert refusal(place, TODAY) == "operator-not-admitted"


def test_the_programme_does_not_begin_to_hold_over_outlets_that_would_stop(who):
    begun(who)
    outlet = make_outlet()
    with pytest.raises(ProgrammeStepImpossible) as refused:
        phases.switch_on(holds_from=TODAY, reason=WHY, by=who.first, at=NOON)
    assert refused.value.facts["outlets"] == [outlet.code]
    admitted(who)
    opened(planned(who), who)
    assert phases.switch_on(holds_from=TODAY, reason=WHY, by=who.first, at=NOON).holds_from == TODAY
    assert phases.switch_off(reason=WHY, by=who.first, at=NOON).holds_from is None


def test_a_delegation_stands_once_and_ends_on_a_day(who):
    begun(who)
    entry = entered(who)
    programmes.delegated(entry, who, "advise")
    with pytest.raises(ProgrammeStepImpossible):
        programmes.delegated(entry, who, "advise", ends=date(2025, 9, 1))
    row = entry.delegations.get()
    with pytest.raises(InvalidProgramme):
        delegating.end_delegation(delegation_id=row.id, ends_on=TODAY - timedelta(days=1), reason=WHY, by=who.first,
                                  at=NOON)
    delegating.end_delegation(delegation_id=row.id, ends_on=TODAY, reason=WHY, by=who.first, at=NOON)
    programmes.delegated(entry, who, "advise", begins=TODAY)


def test_an_operator_sees_its_own_part_and_no_other_ones_even_without_a_filter(who):
    begun(who)
    own, other = entered(who), entered(who, make_operator("VTPOST", name="Viettel Post", operator_class="other_post"))
    kept(own, who)
    kept(other, who, agreement("02/TT-MH"))
    headquarters = staff(Role.OPERATOR_HQ).actor
    assert [row.entry.id for row in listed(headquarters, TODAY)] == [own.id]
    with pytest.raises(ProgrammeNotFound):
        find_entry(other.id, headquarters)
    scope.enter(headquarters)
    try:
        assert [row.id for row in ProgrammeOperator.objects.all()] == [own.id]
        assert [row.number for row in OperatorAgreement.objects.all()] == ["01/TT-MH"]
    finally:
        scope.leave()


def test_another_citys_officer_finds_nothing(who):
    begun(who)
    entry = entered(who)
    stranger = staff(Role.PROGRAMME_OFFICER, province=make_province("01", name="Hà Nội", region="north")).actor
    with pytest.raises(ProgrammeNotFound):
        step(entry, OperatorStep.END, stranger)
    with pytest.raises(ProgrammeNotFound):
        planned(programmes.Officers(stranger, stranger))
