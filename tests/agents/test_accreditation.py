"""From a candidate to a licence and its end: each step by its role, four eyes, arithmetic that adds up."""

from datetime import date, timedelta

import pytest
from django.db import Error, transaction
from hypothesis import given
from hypothesis import strategies as st

from agents.accreditation import public_acts, queries, steps, surveying
from agents.accreditation.errors import (
    AccreditationNotFound,
    AccreditationStepImpossible,
    InvalidAccreditation,
    NotTheSurveyor,
    TooManyReports,
)
from agents.accreditation.models import Accreditation, AccreditationStep, SurveyPhoto
from agents.accreditation.rules import CHECKLIST, FINAL, MOVES, TAKEN_BY, WATCHED, Mark, State, Step, readiness
from agents.accreditation.surveying import Marked
from agents.accreditation.sweeps import watch_accreditations
from agents.accreditation.wording import DONE, FACES, ITEMS, STATES, STEPS
from agents.errors import NotYourRole, OutletCodeTaken, OutletStepImpossible
from agents.models.organisations import Outlet, OutletStatus
from agents.operations import outlets
from shared.models.oversight import AuditEntry, WorkItem
from shared.roles import Role
from tests.agents import accredited
from tests.agents.accredited import JPEG, NOON, finished, licensed, marks, proposal, proposed
from tests.agents.factories import make_operator, make_outlet, make_province, moment, staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def people():
    return accredited.people()


def take(found, step, by, at=NOON, reason="vì thế"):
    return steps.take_step(accreditation_id=found.id, step=step, by=by, at=at, reason=reason)


def test_a_place_is_proposed_surveyed_approved_by_another_and_opened(people):
    found = finished(people)
    assert found.state == State.SURVEYED

    found = take(found, Step.APPROVE, people.second)
    assert found.licence_number == "46-HUE-009-2025"
    assert not Outlet.objects.filter(code="HUE-009").exists()
    found = take(found, Step.ACTIVATE, people.operator)

    outlet = Outlet.objects.get(code="HUE-009")
    assert (found.state, found.outlet_id, outlet.status) == (State.ACTIVE, outlet.id, OutletStatus.ACTIVE)
    assert (found.licensed_from, found.licensed_until) == (date(2025, 7, 3), date(2027, 7, 3))
    assert [row.step for row in found.steps.order_by("id")] == ["propose", "survey", "approve", "activate"]
    assert AuditEntry.objects.filter(action="accreditation.activate").count() == 1
    assert not WorkItem.objects.filter(closed_at=None).exists()


def test_who_made_the_survey_does_not_decide(people):
    found = finished(people)
    for step in (Step.APPROVE, Step.RETURN):
        with pytest.raises(NotTheSurveyor):
            take(found, step, people.first)
    found.refresh_from_db()
    assert found.state == State.SURVEYED


@pytest.mark.parametrize("step", [Step.APPROVE, Step.SUSPEND, Step.RENEW, Step.RETURN])
def test_an_operator_takes_no_step_of_the_city(people, step):
    with pytest.raises(NotYourRole):
        take(finished(people), step, people.operator)


def test_a_survey_with_a_required_item_missing_is_returned_not_approved(people):
    found = finished(people, privacy=Marked(Mark.PARTLY))
    with pytest.raises(AccreditationStepImpossible) as refused:
        take(found, Step.APPROVE, people.second)
    assert refused.value.facts["unmet"] == ["privacy"]

    with pytest.raises(InvalidAccreditation):
        take(found, Step.RETURN, people.second, reason="")
    found = take(found, Step.RETURN, people.second, reason="Đặt vách ngăn ở quầy")
    assert (found.state, found.reason) == (State.RETURNED, "Đặt vách ngăn ở quầy")
    assert take(found, Step.PROPOSE_AGAIN, people.operator).state == State.CANDIDATE


def test_an_old_survey_approves_nothing(people):
    with pytest.raises(AccreditationStepImpossible):
        take(finished(people), Step.APPROVE, people.second, at=NOON + timedelta(days=91))


def test_a_survey_is_whole_and_made_at_the_place(people):
    found = proposed(people)
    with pytest.raises(InvalidAccreditation) as refused:
        surveying.finish_survey(accreditation_id=found.id, latitude=16.5, longitude=107.59, note="", by=people.first,
                                at=NOON)
    assert {each.pointer for each in refused.value.errors} == {"/marks", "/photo", "/latitude"}
    found.refresh_from_db()
    assert found.state == State.CANDIDATE


def test_two_officers_do_not_survey_at_once(people):
    found = proposed(people)
    surveying.save_marks(accreditation_id=found.id, marks={"sign": Marked(Mark.MET)}, by=people.first, at=NOON)
    with pytest.raises(AccreditationStepImpossible):
        surveying.save_marks(accreditation_id=found.id, marks={}, by=people.second, at=NOON)


def test_a_required_item_always_applies(people):
    with pytest.raises(InvalidAccreditation):
        surveying.save_marks(accreditation_id=proposed(people).id, marks={"sign": Marked(Mark.NOT_APPLICABLE)},
                             by=people.first, at=NOON)


def test_a_photo_is_sealed_and_shown_only_to_those_who_see_the_place(people):
    found = finished(people)
    photo = SurveyPhoto.objects.filter(item="sign").get()
    assert JPEG not in bytes(photo.sealed)
    assert surveying.photo_of(photo.id, people.operator) == ("image/jpeg", JPEG)
    stranger = staff(Role.OPERATOR_HQ, operator=make_operator("VTPOST", name="Viettel Post")).actor
    with pytest.raises(AccreditationNotFound):
        surveying.photo_of(photo.id, stranger)
    with pytest.raises(AccreditationNotFound):
        queries.find(found.id, stranger)


def test_only_pictures_are_kept(people):
    with pytest.raises(InvalidAccreditation):
        surveying.add_photo(accreditation_id=proposed(people).id, item="sign", content=b"<svg/>", by=people.first,
                            at=NOON)


def test_another_citys_officer_knows_nothing_of_it(people):
    elsewhere = staff(Role.PROGRAMME_OFFICER, province=make_province("01", name="Hà Nội")).actor
    with pytest.raises(AccreditationNotFound):
        queries.find(proposed(people).id, elsewhere)


def test_a_code_is_given_once(people):
    proposed(people)
    with pytest.raises(OutletCodeTaken):
        proposed(people)
    make_outlet(code="HUE-010")
    with pytest.raises(OutletCodeTaken):
        steps.propose(operator_id=people.operator.operator_id, proposal=proposal("HUE-010"), by=people.operator,
                      at=NOON)


def test_a_suspended_licence_stops_the_outlet_and_its_operator_cannot_lift_it(people):
    found = licensed(people)
    take(found, Step.SUSPEND, people.first, reason="Thu tiền ngoài quy định")
    outlet = Outlet.objects.get(code="HUE-009")
    assert outlet.status == OutletStatus.SUSPENDED

    with pytest.raises(OutletStepImpossible):
        outlets.resume_outlet(outlet_id=outlet.id, reason="xong", by=people.operator, at=NOON)
    take(found, Step.RESUME, people.second, reason="Đã khắc phục")
    outlet.refresh_from_db()
    assert outlet.status == OutletStatus.ACTIVE
    take(found, Step.CLOSE, people.operator, reason="Hết hợp đồng thuê")
    outlet.refresh_from_db()
    assert outlet.status == OutletStatus.CLOSED


def test_a_licence_is_renewed_in_time_or_stops_by_itself(people):
    found = licensed(people)
    early, soon, after = moment("2027-05-03 09:00"), moment("2027-05-05 09:00"), moment("2027-07-03 00:30")
    assert watch_accreditations(now=early) == 0
    assert not WorkItem.objects.filter(kind=steps.RENEWAL).exists()
    watch_accreditations(now=soon)
    assert WorkItem.objects.get(kind=steps.RENEWAL, closed_at=None).due_at == moment("2027-07-03 00:00")

    assert (watch_accreditations(now=after), watch_accreditations(now=after)) == (1, 0)
    found.refresh_from_db()
    assert (found.state, Outlet.objects.get(code="HUE-009").status) == (State.SUSPENDED, OutletStatus.SUSPENDED)
    with pytest.raises(AccreditationStepImpossible):
        take(found, Step.RESUME, people.second, at=after)

    finished(people, found=found, at=after)
    found = take(found, Step.RENEW, people.second, at=after)
    assert (found.state, found.licensed_until) == (State.ACTIVE, date(2029, 7, 3))
    assert Outlet.objects.get(code="HUE-009").status == OutletStatus.ACTIVE
    assert not WorkItem.objects.filter(kind=steps.RENEWAL, closed_at=None).exists()


def test_history_and_photos_only_grow(people):
    licensed(people)
    for rows in (AccreditationStep.objects.all(), SurveyPhoto.objects.all()):
        with pytest.raises(Error), transaction.atomic():
            rows.delete()


def test_the_register_shows_what_works_and_finds_a_commune_without_accents(people):
    found = licensed(people)
    assert [row.code for row in queries.register("kim long")] == ["HUE-009"]
    assert not queries.register("Thuận Hóa")
    assert queries.find_registered("HUE-009", date(2025, 7, 3)).is_genuine
    assert not queries.find_registered("HUE-009", date(2027, 7, 3)).is_genuine
    assert found.outlet_id is not None
    outlets.suspend_outlet(outlet_id=found.outlet_id, reason="sửa", by=people.operator, at=NOON)
    assert not queries.find_registered("HUE-009", date(2025, 7, 3)).is_genuine
    with pytest.raises(AccreditationNotFound):
        queries.find_registered("HUE-777", date(2025, 7, 3))


def test_a_badge_holds_while_its_person_works_at_the_outlet(people):
    found = licensed(people)
    assert found.outlet_id is not None
    outlet = Outlet.objects.get(id=found.outlet_id)
    clerk = staff(Role.OUTLET_CLERK, outlet=outlet, display_name="Trần Thị Lan")
    badge = public_acts.issue_badge(account_id=clerk.id, by=people.operator, at=NOON)
    assert public_acts.issue_badge(account_id=clerk.id, by=people.operator, at=NOON).number == badge.number
    assert public_acts.check_badge(code="HUE-009", number=f" {badge.number.lower()} ").name == "Trần Thị Lan"
    assert not public_acts.check_badge(code="HUE-010", number=badge.number).is_valid

    clerk.is_active = False
    clerk.save()
    answer = public_acts.check_badge(code="HUE-009", number=badge.number)
    assert (answer.is_valid, answer.name) == (False, "")


def test_a_report_becomes_work_and_is_answered_once(people):
    licensed(people)
    with pytest.raises(InvalidAccreditation):
        public_acts.report_outlet(code="HUE-009", text="ngắn", at=NOON)
    report = public_acts.report_outlet(code="HUE-009", text="Nhân viên đòi 50.000 đ sáng nay", at=NOON)
    item = WorkItem.objects.get(kind=public_acts.REPORT, closed_at=None)
    assert (item.owner_role, item.owner_place) == (Role.PROGRAMME_OFFICER, "46")

    public_acts.settle_report(report_id=report.id, outcome="Đã trả lại tiền", by=people.first, at=NOON)
    item.refresh_from_db()
    assert item.closed_at is not None
    with pytest.raises(AccreditationNotFound):
        public_acts.settle_report(report_id=report.id, outcome="lần nữa", by=people.first, at=NOON)


def test_an_address_that_tries_too_often_waits_an_hour():
    for _ in range(public_acts.MOST_OF_ADDRESS):
        public_acts.count_try(code="HUE-009", address="203.0.113.9", at=NOON)
    with pytest.raises(TooManyReports):
        public_acts.count_try(code="HUE-010", address="203.0.113.9", at=NOON)
    public_acts.count_try(code="HUE-009", address="203.0.113.10", at=NOON)
    public_acts.count_try(code="HUE-009", address="203.0.113.9", at=NOON + timedelta(minutes=61))


def test_every_state_step_and_item_has_its_words_and_its_owner():
    assert set(STATES) == set(FACES) == set(State)
    assert set(STEPS) == set(TAKEN_BY) == set(Step)
    assert {step.value for step in Step} < set(DONE)
    assert list(ITEMS) == [item.code for item in CHECKLIST]
    assert set(State) - FINAL - set(WATCHED) == {State.ACTIVE}  # watched by the end of its licence
    assert not [state for state, _ in MOVES if state in FINAL]


@given(st.fixed_dictionaries({item.code: st.sampled_from([mark.value for mark in Mark]) for item in CHECKLIST}))
def test_readiness_stays_between_nothing_and_everything_and_a_better_mark_never_lowers_it(found):
    result = readiness(found)
    assert 0 <= result.percent <= 100
    assert result.points <= result.most
    better = {code: Mark.MET.value if mark == Mark.PARTLY else mark for code, mark in found.items()}
    assert readiness(better).percent >= result.percent


def test_everything_met_is_a_hundred():
    whole = readiness({code: each.mark for code, each in marks().items()},
                      frozenset(item.code for item in CHECKLIST if item.wants_photo))
    assert (whole.percent, whole.passes, whole.points) == (100, True, whole.most)
    assert Accreditation.objects.count() == 0
