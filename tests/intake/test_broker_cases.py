"""A case is looked into by people: two to find it founded, nobody her own outlet, and citizens called by chance."""

import logging
from datetime import timedelta
from typing import Any

import pytest

from intake.brokers import calls, cases, queries, reports
from intake.brokers.errors import (
    BrokerCaseNotFound,
    BrokerReportNotFound,
    BrokerStepImpossible,
    InvalidBrokerEntry,
    NobodyToCall,
    OwnOutletCase,
    SecondPersonNeeded,
    TooManyBrokerReports,
)
from intake.brokers.models import BrokerCall, BrokerCase, BrokerReport, BrokerTry
from intake.brokers.rules import FINAL, MOVES, SCRIPT, WITHIN_DAYS, CaseState, Heard, Step
from shared import scope
from shared.models.oversight import AuditEntry, WorkItem
from tests.factories import network, places
from tests.intake import broker_cases as made
from tests.intake.broker_cases import NIGHT

pytestmark = pytest.mark.django_db
WHY = "Đối chiếu hồ sơ và camera ngày 12/01."
ANSWERS = {question.code: "no" for question in SCRIPT}


def officer():
    return network.acting(made.officer())


def step(case, name, by, **more):
    return cases.take_step(case_id=case.id, step=Step(name), by=by, at=NIGHT, **{"reason": WHY} | more)


def at_calling(by, size=3):
    case = made.case()
    step(case, "look", by)
    return case, calls.draw(case_id=case.id, size=size, by=by, at=NIGHT, seed=7)


def test_every_state_that_is_not_final_has_a_clock_and_every_final_one_none():
    assert set(WITHIN_DAYS) == set(CaseState) - FINAL
    assert not {before for before, _ in MOVES} & FINAL


def test_two_people_find_a_case_founded():
    case, first, second = made.case(), officer(), officer()
    step(case, "look", first)
    step(case, "propose", first)
    with pytest.raises(SecondPersonNeeded):
        step(case, "confirm", first)

    step(case, "confirm", second)

    case.refresh_from_db()
    assert (case.state, case.owner_name, case.due_at, case.closed_at) == ("founded", first.name, None, NIGHT)
    assert [row.step for row in case.steps.order_by("id")] == ["open", "look", "propose", "confirm"]
    assert AuditEntry.objects.filter(object_id=str(case.id), action="broker-case.confirm", actor_id=second.id).exists()


def test_a_proposal_may_be_sent_back_and_a_case_closed_without_a_finding():
    case, by = made.case(), officer()
    step(case, "look", by)
    step(case, "propose", by)
    step(case, "send_back", officer())
    with pytest.raises(BrokerStepImpossible):
        step(case, "confirm", officer())

    step(case, "leave_open", by)

    case.refresh_from_db()
    assert (case.state, case.reason, case.proposed_by) == ("not_enough", WHY, "")
    with pytest.raises(BrokerStepImpossible):
        step(case, "look", by)


@pytest.mark.parametrize("reason", ["", "ngắn", "x" * 1001])
def test_a_finding_needs_its_reason(reason):
    case, by = made.case(), officer()
    step(case, "look", by)

    with pytest.raises(InvalidBrokerEntry) as refused:
        step(case, "dismiss", by, reason=reason)

    assert [error.pointer for error in refused.value.errors] == ["/reason"]


def test_nobody_looks_into_an_outlet_at_which_she_worked():
    outlet, account = network.outlet(), made.officer()
    case = made.case(outlet)
    made.session(made.citizen(), outlet, account, before=timedelta(minutes=9))

    with pytest.raises(OwnOutletCase):
        step(case, "look", network.acting(account))

    step(case, "look", officer())


def test_a_case_is_seen_by_the_citys_officers_and_auditor_only():
    case = made.case()
    outlet = case.outlet
    for account in (network.clerk(outlet), network.outlet_manager(outlet), network.operator_hq(outlet.operator),
                    network.centre_manager(), network.reviewer(places.HUE), made.officer(places.HANOI)):
        assert not BrokerCase.objects.seen_by(network.acting(account)).exists(), account.role
    for account in (made.officer(), network.auditor(places.HUE)):
        assert BrokerCase.objects.seen_by(network.acting(account)).count() == 1

    scope.enter(network.acting(network.outlet_manager(outlet)))
    try:
        assert not BrokerCase.objects.exists(), "nor would a forgotten filter show it"
        assert not BrokerCall.objects.exists()
    finally:
        scope.leave()


def test_evidence_is_named_in_the_readers_sight():
    case = made.case()

    found = queries.view(case.id, officer())

    assert len(found.evidence) == 6
    assert found.signals[0].hidden == 0
    with pytest.raises(BrokerCaseNotFound):
        queries.view(case.id, network.acting(made.officer(places.HANOI)))


def test_a_sample_is_drawn_by_chance_and_can_be_drawn_again():
    case, drawn = at_calling(officer())

    population = list(case.signals.get().dossiers)
    chosen = [row.dossier_id for row in drawn.calls.order_by("place")]
    assert chosen == calls.sample(population, size=3, seed=7)
    assert chosen == calls.sample(list(reversed(population)), size=3, seed=drawn.seed)
    assert (drawn.population, bytes(drawn.population_sha256)) == (6, calls.digest(population))
    case.refresh_from_db()
    assert case.state == "calling"


def test_chance_chooses_among_all_citizens_of_the_outlet_and_nobody_twice():
    by, outlet = officer(), network.outlet()
    case = made.case(outlet)
    made.dossier(outlet)
    silent = made.citizen()
    type(silent).objects.filter(id=silent.id).update(phone="")
    made.dossier(outlet, of=silent)
    step(case, "look", by)

    first = calls.draw(case_id=case.id, size=50, by=by, at=NIGHT)

    assert (first.population, first.size) == (7, 7), "who left no number is not drawn"
    with pytest.raises(NobodyToCall):
        calls.draw(case_id=case.id, size=1, by=by, at=NIGHT)
    assert 0 <= first.seed < 2**62


@pytest.mark.parametrize("size", [0, 51])
def test_a_sample_has_one_to_fifty_people(size):
    case, by = made.case(), officer()
    step(case, "look", by)
    with pytest.raises(InvalidBrokerEntry):
        calls.draw(case_id=case.id, size=size, by=by, at=NIGHT)


def test_what_is_heard_is_counted_with_those_who_declined_or_were_not_reached():
    by = officer()
    case, drawn = at_calling(by)
    first, second, third = drawn.calls.order_by("place")
    calls.record_call(call_id=first.id, heard=Heard.TALKED, answers=ANSWERS | {"money": "yes"}, by=by, at=NIGHT,
                      note="Bị đòi 50.000 đ, CCCD 046192004127")
    calls.record_call(call_id=second.id, heard=Heard.DECLINED, answers={}, by=by, at=NIGHT)
    for _ in range(3):
        calls.record_call(call_id=third.id, heard=Heard.NO_ANSWER, answers={}, by=by, at=NIGHT)

    heard = queries.view(case.id, by).heard
    assert dict(heard.states) == {"waiting": 0, "reached": 1, "declined": 1, "unreached": 1}
    assert heard.alarming == 3, "not there herself, asked for money, contact not her own"
    first.refresh_from_db()
    assert "046192004127" not in first.note
    with pytest.raises(BrokerStepImpossible):
        calls.record_call(call_id=third.id, heard=Heard.NO_ANSWER, answers={}, by=by, at=NIGHT)


def test_a_talk_answers_the_whole_script():
    by = officer()
    _, drawn = at_calling(by)

    with pytest.raises(InvalidBrokerEntry) as refused:
        calls.record_call(call_id=drawn.calls.first().id, heard=Heard.TALKED, answers={"money": "no"}, by=by, at=NIGHT)

    assert len(refused.value.errors) == len(SCRIPT) - 1


def test_a_number_is_shown_for_one_call_written_down_and_in_no_log(caplog):
    by = officer()
    _, drawn = at_calling(by)
    call = drawn.calls.first()
    with caplog.at_level(logging.DEBUG):
        contact = calls.show_contact(call_id=call.id, by=by, at=NIGHT)

    assert contact.phone == "+84912000111"
    entry = AuditEntry.objects.get(action="broker-call.show_contact")
    assert (entry.actor_id, entry.object_id) == (by.id, str(call.id))
    assert "912000111" not in caplog.text + str(entry.after)
    with pytest.raises(BrokerCaseNotFound):
        calls.show_contact(call_id=call.id, by=network.acting(made.officer(places.HANOI)), at=NIGHT)


def test_when_a_call_has_ended_its_number_is_shown_no_more():
    by = officer()
    case, drawn = at_calling(by)
    first, second = drawn.calls.order_by("place")[:2]

    calls.record_call(call_id=first.id, heard=Heard.DECLINED, answers={}, by=by, at=NIGHT)
    with pytest.raises(BrokerStepImpossible):
        calls.show_contact(call_id=first.id, by=by, at=NIGHT)
    step(case, "dismiss", by)
    with pytest.raises(BrokerStepImpossible):
        calls.show_contact(call_id=second.id, by=by, at=NIGHT)
    assert not AuditEntry.objects.filter(action="broker-call.show_contact").exists()


def test_a_case_that_stays_is_told_to_the_programme_once_and_settled_by_its_next_step():
    case = made.case()
    later = NIGHT + timedelta(days=5)
    assert cases.watch_cases(at=NIGHT) == 0
    assert cases.watch_cases(at=later) == cases.watch_cases(at=later) == 1

    item = WorkItem.objects.get(kind="broker-case-late")
    assert (item.owner_role, item.owner_place, item.reference) == ("programme_officer", "46", str(case.id))
    step(case, "look", officer())
    item.refresh_from_db()
    assert item.closed_at == NIGHT


# --- reports without a name ------------------------------------------------------------------------------------------


def told(**more):
    places.province(places.HUE)
    facts: dict[str, Any] = {
        "province_code": "46", "at": NIGHT, "text": "Có người đứng ở cửa nhận làm nhanh, lấy 200k"}
    return reports.report(**facts | more)


def test_a_report_opens_a_case_and_its_code_opens_the_answer():
    outlet = network.outlet()
    kept = told(outlet_code=outlet.code.lower(), text="Người tên A, số 046192004127, đòi 200 nghìn")
    case, by = kept.report.case, officer()

    assert (case.state, case.outlet_id) == ("opened", outlet.id)
    assert "046192004127" not in BrokerReport.objects.get().text
    assert kept.code.encode() not in bytes(BrokerReport.objects.get().code_index)
    assert reports.read_answer(code=reports.spaced(kept.code).lower()).is_looked_at is False
    step(case, "look", by)
    with pytest.raises(InvalidBrokerEntry):
        step(case, "dismiss", by)
    step(case, "dismiss", by, answer="Đã kiểm tra, người đó không thuộc bưu cục.")

    answer = reports.read_answer(code=kept.code)
    assert (answer.is_looked_at, answer.answered_at) == (True, NIGHT)
    assert "không thuộc" in answer.answer


@pytest.mark.parametrize("code", ["", "abc", "AAAAAAAAAAAA", "\u0131" * 12])
def test_another_code_opens_nothing(code):
    told()
    with pytest.raises(BrokerReportNotFound):
        reports.read_answer(code=code)


@pytest.mark.parametrize(("wrong", "field"), [
    ({"text": "ngắn"}, "/text"), ({"province_code": "99"}, "/province"), ({"outlet_code": "KHÔNG-CÓ"}, "/outlet"),
    ({"happened_on": NIGHT.date() + timedelta(days=2)}, "/happened_on")])
def test_a_report_says_what_and_where(wrong, field):
    with pytest.raises(InvalidBrokerEntry) as refused:
        told(**wrong)
    assert [error.pointer for error in refused.value.errors] == [field]
    assert not BrokerCase.objects.exists()


def test_tries_are_counted_by_an_address_that_is_not_kept_and_forgotten():
    for _ in range(reports.MOST_OF_ADDRESS):
        reports.count_try(address="203.0.113.7", at=NIGHT)
    with pytest.raises(TooManyBrokerReports):
        reports.count_try(address="203.0.113.7", at=NIGHT)
    reports.count_try(address="203.0.113.8", at=NIGHT)

    keys = {bytes(key) for key in BrokerTry.objects.values_list("key", flat=True)}
    assert not any(b"203.0" in key for key in keys)
    reports.count_try(address="203.0.113.7", at=NIGHT + timedelta(hours=2))
    later = {bytes(key) for key in BrokerTry.objects.values_list("key", flat=True)}
    assert not keys & later, "nothing joins two hours"
