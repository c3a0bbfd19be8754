"""Courses are learnt, tests are drawn and marked, certificates end, and the gate asks for them from its day on."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from agents.training import operations, rules, sweeps
from agents.training.errors import (
    AnswersIncomplete,
    AttemptClosed,
    AttemptNotFound,
    AttemptTooEarly,
    CourseNotFound,
    GateRefused,
    NotATrainee,
)
from agents.training.gate import may_take
from agents.training.models import Attempt, Certificate, Course
from shared.identifiers import is_spoken_code
from shared.models.oversight import AuditEntry, WorkItem
from shared.roles import Role
from tests.agents.factories import OFFICE, make_outlet, staff
from tests.agents.training_cases import MORNING, certified, gate_from, load_courses, right, take

pytestmark = pytest.mark.django_db


@pytest.fixture
def clerk():
    load_courses()
    return staff(Role.OUTLET_CLERK)


def start(account, code="civil-status", at=MORNING, **more):
    return operations.start_attempt(course_code=code, by=account.actor, at=at, **more)


def test_every_course_of_the_repository_has_a_bank_larger_than_its_test_and_a_source_for_each_question(clerk):
    groups = {course.group: course for course in Course.objects.all()}

    assert set(groups) == {"acting", "certification", "civil_status", "household_business", "custody"}
    for course in groups.values():
        assert len(course.questions) >= 8
        assert all(question["source"] and question["why_vi"] and question["why_en"] for question in course.questions)


def test_the_same_seed_draws_the_same_paper_and_another_seed_another(clerk):
    bank = Course.objects.get(code="civil-status").questions

    assert rules.draw(bank, how_many=6, seed=1) == rules.draw(bank, how_many=6, seed=1)
    assert rules.draw(bank, how_many=6, seed=1) != rules.draw(bank, how_many=6, seed=2)


def test_shuffled_options_keep_their_right_answer(clerk):
    bank = {question["code"]: question for question in Course.objects.get(code="civil-status").questions}

    for seed in range(20):
        for drawn in rules.draw(list(bank.values()), how_many=6, seed=seed):
            original = bank[drawn["code"]]
            assert drawn["options"][drawn["right"]] == original["options"][original["right"]]


def test_who_passes_has_a_certificate_with_number_and_end(clerk):
    certificate = certified(clerk, "civil-status")

    assert is_spoken_code(certificate.number)
    assert (certificate.group, certificate.issued_on, certificate.valid_until) == (
        "civil_status", date(2025, 10, 6), date(2026, 10, 6))
    assert AuditEntry.objects.filter(action="training.certify", object_id=str(certificate.id)).exists()


def test_the_pass_mark_is_a_share_of_the_questions_asked(clerk):
    assert rules.has_passed(5, 6, 80)
    assert not rules.has_passed(4, 6, 80)
    assert not take(clerk, "civil-status", wrong=2).has_passed
    assert not Certificate.objects.exists()


def test_after_failing_one_waits_and_then_may_try_again(clerk):
    take(clerk, "civil-status", wrong=3)

    with pytest.raises(AttemptTooEarly) as refusal:
        start(clerk, at=MORNING + timedelta(hours=23))
    assert refusal.value.facts["from"] == (MORNING + timedelta(hours=24)).isoformat()
    assert start(clerk, at=MORNING + timedelta(hours=24)).finished_at is None


def test_failing_one_course_does_not_hold_up_another(clerk):
    take(clerk, "civil-status", wrong=3)

    assert take(clerk, "certified-copies").has_passed


def test_an_open_attempt_is_gone_on_with_rather_than_drawn_anew(clerk):
    first = start(clerk, seed=1)

    assert start(clerk, at=MORNING + timedelta(minutes=5), seed=2) == first


def test_an_attempt_whose_time_is_over_has_failed_at_that_time(clerk):
    attempt = start(clerk)
    late = attempt.closes_at

    with pytest.raises(AttemptClosed):
        operations.hand_in(attempt_id=attempt.id, answers=right(attempt), by=clerk.actor, at=late)
    assert sweeps.close_lapsed(at=late) == 1
    attempt.refresh_from_db()
    assert (attempt.finished_at, attempt.has_passed) == (late, False)
    with pytest.raises(AttemptTooEarly):
        start(clerk, at=late + timedelta(hours=1))


def test_a_lapsed_attempt_waits_too_when_no_sweep_has_run(clerk):
    attempt = start(clerk)

    with pytest.raises(AttemptTooEarly):
        start(clerk, at=attempt.closes_at + timedelta(minutes=1))
    assert start(clerk, at=attempt.closes_at + timedelta(hours=24)) != attempt


@pytest.mark.parametrize("spoil", [
    lambda answers: dict(list(answers.items())[1:]), lambda answers: answers | {"nonsense": 0},
    lambda answers: answers | {next(iter(answers)): 9}, lambda answers: {}])
def test_incomplete_or_strange_answers_are_refused_and_the_attempt_stays_open(clerk, spoil):
    attempt = start(clerk)

    with pytest.raises(AnswersIncomplete):
        operations.hand_in(attempt_id=attempt.id, answers=spoil(right(attempt)), by=clerk.actor, at=MORNING)
    assert Attempt.objects.get().finished_at is None


def test_handing_in_twice_gives_one_certificate(clerk):
    attempt = start(clerk)
    answers = right(attempt)

    for _ in range(2):
        operations.hand_in(attempt_id=attempt.id, answers=answers, by=clerk.actor, at=MORNING)
    assert Certificate.objects.count() == 1
    with pytest.raises(AttemptClosed):
        operations.hand_in(attempt_id=attempt.id, answers=right(attempt, wrong=1), by=clerk.actor, at=MORNING)


def test_nobody_hands_in_for_somebody_else(clerk):
    attempt = start(clerk)
    colleague = staff(Role.OUTLET_CLERK, outlet=clerk.outlet)

    with pytest.raises(AttemptNotFound):
        operations.hand_in(attempt_id=attempt.id, answers=right(attempt), by=colleague.actor, at=MORNING)


def test_offices_and_machines_take_no_test_and_unknown_courses_do_not_exist(clerk):
    for by in (OFFICE, staff(Role.PROGRAMME_OFFICER).actor):
        with pytest.raises(NotATrainee):
            operations.start_attempt(course_code="civil-status", by=by, at=MORNING)
    with pytest.raises(CourseNotFound):
        start(clerk, code="no-such")


# --- the gate ---------------------------------------------------------------------------------------------------------


def test_without_a_gate_everybody_may_take_everything(clerk):
    may_take(clerk.id, "civil_status", date(2025, 10, 6))
    with CaptureQueriesContext(connection) as queries:
        assert may_take(clerk.id, "civil_status", date(2025, 10, 6)).is_open
    assert len(queries) == 0


def test_the_gate_holds_from_its_day_on_and_in_its_city_alone(clerk):
    gate_from("46", date(2025, 10, 6))

    assert may_take(clerk.id, "civil_status", date(2025, 10, 5)).is_open
    refused = may_take(clerk.id, "civil_status", date(2025, 10, 6))
    assert [lack.group for lack in refused.lacks] == ["acting", "civil_status"]
    assert refused.holds_from == date(2025, 10, 6)
    assert may_take(staff(Role.CENTRE_OFFICER).id, "civil_status", date(2025, 10, 6)).is_open


def test_a_gate_of_another_city_asks_for_nothing_here(clerk):
    from tests.agents.factories import make_province

    make_province("01", name="Hà Nội")
    gate_from("01", date(2025, 1, 1))

    assert may_take(clerk.id, "civil_status", date(2025, 10, 6)).is_open


def test_the_certificates_of_base_and_group_open_the_gate_until_they_end(clerk):
    gate_from("46", date(2025, 10, 1))
    certified(clerk, "acting-for-a-citizen")
    certified(clerk, "civil-status")

    assert may_take(clerk.id, "civil_status", date(2026, 10, 5)).is_open
    ended = may_take(clerk.id, "civil_status", date(2026, 10, 6))
    assert [lack.expired_on for lack in ended.lacks] == [date(2026, 10, 6)] * 2
    assert [lack.group for lack in may_take(clerk.id, "certification", date(2025, 10, 6)).lacks] == ["certification"]


def test_a_group_without_a_course_asks_for_the_base_alone_and_custody_for_none(clerk):
    gate_from("46", date(2025, 10, 1))

    assert [lack.group for lack in may_take(clerk.id, "land", date(2025, 10, 6)).lacks] == ["acting"]
    assert rules.needed_for("custody", {"acting", "custody"}) == ("acting",)


def test_a_certificate_follows_its_holder_to_another_outlet(clerk):
    gate_from("46", date(2025, 10, 1))
    certified(clerk, "acting-for-a-citizen")
    clerk.outlet = make_outlet()
    clerk.save()

    assert may_take(clerk.id, "land", date(2025, 10, 6)).is_open


def test_the_officer_sets_the_gate_a_week_ahead_with_a_reason_and_lifts_it_again(clerk):
    officer = staff(Role.PROGRAMME_OFFICER).actor

    operations.set_gate(holds_from=date(2025, 10, 13), reason="Kế hoạch đào tạo", by=officer, at=MORNING)
    assert not may_take(clerk.id, "land", date(2025, 10, 13)).is_open
    operations.set_gate(holds_from=None, reason="Lùi lại", by=officer, at=MORNING)
    assert may_take(clerk.id, "land", date(2025, 10, 13)).is_open


@pytest.mark.parametrize(("day", "reason", "pointer"), [
    (date(2025, 10, 12), "Sớm", "/holds_from"), (date(2025, 10, 20), " ", "/reason")])
def test_a_gate_too_near_or_without_a_reason_is_refused(clerk, day, reason, pointer):
    with pytest.raises(GateRefused) as refusal:
        operations.set_gate(holds_from=day, reason=reason, by=staff(Role.PROGRAMME_OFFICER).actor, at=MORNING)
    assert [error.pointer for error in refusal.value.errors] == [pointer]


def test_nobody_but_the_programme_officer_sets_it(clerk):
    with pytest.raises(GateRefused):
        operations.set_gate(holds_from=None, reason="Thử", by=clerk.actor, at=MORNING)


# --- reminders --------------------------------------------------------------------------------------------------------


def test_the_manager_is_reminded_once_and_renewing_settles_it(clerk):
    certificate = certified(clerk, "civil-status")
    near_end = MORNING + timedelta(days=340)

    assert sweeps.remind(at=MORNING) == 0
    assert sweeps.remind(at=near_end) == 1
    assert sweeps.remind(at=near_end) == 0
    item = WorkItem.objects.get(kind=operations.ENDING)
    assert (item.owner_role, item.owner_place, item.reference) == (
        Role.OUTLET_MANAGER, clerk.outlet.code, str(certificate.id))
    take(clerk, "civil-status", near_end, seed=9)
    item.refresh_from_db()
    assert item.outcome == "renewed"
    assert sweeps.remind(at=near_end) == 0


def test_a_reminder_about_somebody_who_left_is_closed(clerk):
    certified(clerk, "civil-status")
    near_end = MORNING + timedelta(days=340)
    sweeps.remind(at=near_end)
    clerk.is_active = False
    clerk.save()

    sweeps.remind(at=near_end)

    assert WorkItem.objects.get(kind=operations.ENDING).closed_at is not None


def test_a_certificate_of_a_leap_day_ends_in_its_month():
    assert rules.valid_until(date(2024, 2, 29), 12) == date(2025, 2, 28)
    assert rules.valid_until(date(2025, 11, 30), 3) == date(2026, 2, 28)
    assert rules.valid_until(date(2025, 12, 6), 12) == date(2026, 12, 6)
