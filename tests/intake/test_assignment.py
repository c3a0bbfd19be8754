"""Whose a dossier is: claimed, assigned, passed on, released, covered; nobody's work is lost."""

from typing import cast
from uuid import UUID, uuid4

import pytest

from agents.events import StaffLeft
from agents.operations import accounts
from config.subscriptions import return_dossiers
from intake.errors import AbsenceRefused, DecisionRefused, DossierChanged, NotYourDossier, OnlyTheManager
from intake.models.dossiers import DossierStep
from intake.operations import absences, assignment, handling, reception
from intake.operations.absences import AbsenceInput
from intake.operations.assignment import Chosen
from intake.sweeps import run_sweep
from shared.actors import Actor, ActorKind
from shared.models.messages import OutboxMessage
from shared.models.oversight import AuditEntry, WorkItem
from tests.factories import catalogue, network, places
from tests.intake.centre_cases import WEDNESDAY, at, forwarded, hue_centre

pytestmark = pytest.mark.django_db
THURSDAY = at("2025-07-03")


@pytest.fixture
def officer():
    return network.acting(network.officer(hue_centre()))


@pytest.fixture
def colleague():
    return network.acting(network.staff("centre_officer", "Trần Quốc Bảo", centre=hue_centre()))


@pytest.fixture
def manager():
    return network.acting(network.centre_manager(hue_centre()))


@pytest.fixture
def received(officer):
    dossier = forwarded(code=catalogue.BUSINESS)
    return reception.receive(dossier_id=dossier.id, by=officer, at=WEDNESDAY)


def step_of(dossier, action) -> DossierStep:
    return DossierStep.objects.filter(dossier=dossier, action=action).latest("id")


def test_a_manager_assigns_and_the_timeline_says_to_whom(received, colleague, manager):
    assignment.assign(dossier_id=received.id, officer_id=UUID(colleague.id), by=manager, at=THURSDAY, note="Gấp")

    received.refresh_from_db()
    assert str(received.officer_id) == colleague.id
    step = step_of(received, "assign")
    assert (step.actor_name, step.data["to_name"], step.note) == (manager.name, "Trần Quốc Bảo", "Gấp")


def test_an_officer_does_not_assign_and_nobody_elses_staff_is_assigned(received, officer, colleague, manager):
    stranger = network.officer(network.centre(places.PHU_XUAN))
    with pytest.raises(OnlyTheManager):
        assignment.assign(dossier_id=received.id, officer_id=UUID(colleague.id), by=officer, at=THURSDAY)
    with pytest.raises(DecisionRefused):
        assignment.assign(dossier_id=received.id, officer_id=stranger.id, by=manager, at=THURSDAY)


def test_a_centres_own_system_may_assign(received, colleague):
    system = Actor(ActorKind.MACHINE, str(uuid4()), "Hệ thống một cửa", centre_id=hue_centre().id)

    assignment.assign(dossier_id=received.id, officer_id=UUID(colleague.id), by=system, at=THURSDAY)

    received.refresh_from_db()
    assert str(received.officer_id) == colleague.id


def test_a_dossier_is_passed_on_with_a_note_by_its_officer_alone(received, officer, colleague):
    with pytest.raises(NotYourDossier):
        assignment.pass_on(dossier_id=received.id, officer_id=UUID(colleague.id), note="x", by=colleague, at=THURSDAY)
    with pytest.raises(DecisionRefused) as refused:
        assignment.pass_on(dossier_id=received.id, officer_id=UUID(colleague.id), note=" ", by=officer, at=THURSDAY)
    assert refused.value.errors[0].pointer == "/note"

    assignment.pass_on(dossier_id=received.id, officer_id=UUID(colleague.id), note="Còn chờ bản vẽ", by=officer,
                       at=THURSDAY)

    received.refresh_from_db()
    assert str(received.officer_id) == colleague.id
    assert step_of(received, "pass_on").note == "Còn chờ bản vẽ"


def test_what_is_released_is_the_managers_until_somebody_takes_it(received, officer, colleague):
    assignment.release(dossier_id=received.id, by=officer, at=THURSDAY)

    received.refresh_from_db()
    item = WorkItem.objects.get(kind="without-officer", closed_at=None)
    assert (received.officer_id, item.owner_role, item.owner_place) == (None, "centre_manager", "H57.31")
    run_sweep(name="due moments", at=THURSDAY)
    assert WorkItem.objects.filter(kind="without-officer", closed_at=None).count() == 1

    assignment.claim(dossier_id=received.id, by=colleague, at=THURSDAY)
    assert not WorkItem.objects.filter(kind="without-officer", closed_at=None).exists()


def test_many_are_assigned_at_once_and_one_that_changed_stays(received, officer, colleague, manager):
    second = reception.receive(dossier_id=forwarded().id, by=officer, at=WEDNESDAY)
    chosen = [Chosen(received.id, received.version), Chosen(second.id, second.version - 1), Chosen(uuid4(), 1)]

    placed = assignment.assign_many(chosen=chosen, officer_id=UUID(colleague.id), by=manager, at=THURSDAY)

    received.refresh_from_db()
    second.refresh_from_db()
    assert placed.done == (received.id,)
    assert len(placed.changed) == 2
    assert (str(received.officer_id), str(second.officer_id)) == (colleague.id, officer.id)
    assert AuditEntry.objects.filter(action="dossier.assign").count() == 1


@pytest.mark.parametrize("count", [2, 9])
def test_assigning_many_costs_the_same_however_many(count, officer, colleague, manager, django_assert_max_num_queries):
    rows = [reception.receive(dossier_id=forwarded().id, by=officer, at=WEDNESDAY) for _ in range(count)]
    chosen = [Chosen(row.id, row.version) for row in rows]

    with django_assert_max_num_queries(10):
        assignment.assign_many(chosen=chosen, officer_id=UUID(colleague.id), by=manager, at=THURSDAY)


def test_an_officer_who_leaves_leaves_no_dossier_behind(received, officer, manager):
    closed = accounts.deactivate(account_id=UUID(officer.id), by=manager, at=THURSDAY, reason="Nghỉ việc")
    told = OutboxMessage.objects.get(event="StaffLeft")
    assert (closed.is_active, told.subscriber) == (False, "return_dossiers")

    return_dossiers(StaffLeft(UUID(officer.id), THURSDAY))
    return_dossiers(StaffLeft(UUID(officer.id), THURSDAY))

    received.refresh_from_db()
    assert received.officer_id is None
    assert step_of(received, "release").actor_kind == "job"
    assert WorkItem.objects.filter(kind="without-officer", owner_role="centre_manager", closed_at=None).count() == 1


def test_the_version_decides_who_was_first(received, officer, manager, colleague):
    seen = received.version
    handling.start(dossier_id=received.id, by=officer, at=WEDNESDAY)

    with pytest.raises(DossierChanged) as refused:
        assignment.assign(dossier_id=received.id, officer_id=UUID(colleague.id), by=manager, at=THURSDAY, version=seen)

    changes = cast("list[dict[str, str]]", refused.value.facts["changes"])
    assert [change["action"] for change in changes] == ["start"]


# --- absences -------------------------------------------------------------------------------------------------------


def away(officer, cover=None, first="2025-07-03", last="2025-07-04") -> AbsenceInput:
    return AbsenceInput(UUID(officer.id), at(first).date(), at(last).date(), cover and UUID(cover.id))


def test_who_stands_in_acts_under_both_names_and_leaves_the_dossier_hers(received, officer, colleague, manager):
    absences.plan_absence(away(officer, colleague), by=manager, at=WEDNESDAY)

    handling.start(dossier_id=received.id, by=colleague, at=THURSDAY)

    received.refresh_from_db()
    step = step_of(received, "start")
    assert step.actor_name == f"Trần Quốc Bảo (thay {officer.name})"
    assert (str(received.officer_id), step.data["covers"]) == (officer.id, officer.id)


def test_standing_in_ends_with_the_last_day_and_with_the_cancelling(received, officer, colleague, manager):
    planned = absences.plan_absence(away(officer, colleague), by=manager, at=WEDNESDAY)
    assignment.pass_on(dossier_id=received.id, officer_id=UUID(manager.id), note="x", by=colleague,
                       at=at("2025-07-04", "16:00"))
    assignment.assign(dossier_id=received.id, officer_id=UUID(officer.id), by=manager, at=at("2025-07-04", "16:30"))
    with pytest.raises(NotYourDossier):
        assignment.release(dossier_id=received.id, by=colleague, at=at("2025-07-05"))

    absences.cancel_absence(absence_id=planned.id, by=manager, at=THURSDAY)
    with pytest.raises(NotYourDossier):
        assignment.release(dossier_id=received.id, by=colleague, at=THURSDAY)


def test_an_absence_without_cover_is_the_managers_work_until_somebody_is_named(officer, colleague, manager):
    planned = absences.plan_absence(away(officer), by=officer, at=WEDNESDAY)

    item = WorkItem.objects.get(kind="absence-uncovered")
    assert (item.owner_role, item.owner_place, item.due_at) == ("centre_manager", "H57.31", at("2025-07-03", "08:00"))
    absences.name_cover(absence_id=planned.id, covered_by=UUID(colleague.id), by=manager, at=WEDNESDAY)
    item.refresh_from_db()
    assert item.outcome == "covered"


def test_nothing_is_given_to_somebody_who_is_away_uncovered(received, colleague, manager):
    absences.plan_absence(away(colleague), by=colleague, at=WEDNESDAY)

    with pytest.raises(DecisionRefused) as refused:
        assignment.assign(dossier_id=received.id, officer_id=UUID(colleague.id), by=manager, at=THURSDAY)

    assert "04/07/2025" in str(refused.value.errors[0].message)


@pytest.mark.parametrize(("change", "pointer"), [
    ({"until_day": at("2025-07-02").date()}, "/until_day"),
    ({"until_day": at("2027-07-02").date()}, "/until_day"),
    ({"covered_by": uuid4()}, "/covered_by"),
])
def test_an_absence_that_cannot_be_is_refused_beside_its_field(change, pointer, officer, manager):
    with pytest.raises(AbsenceRefused) as refused:
        absences.plan_absence(AbsenceInput(**{
            "officer_id": UUID(officer.id), "from_day": at("2025-07-03").date(), "until_day": at("2025-07-04").date(),
            **change}), by=manager, at=WEDNESDAY)

    assert refused.value.errors[0].pointer == pointer


def test_nobody_is_away_twice_or_covered_by_somebody_who_is_away(officer, colleague, manager):
    absences.plan_absence(away(officer, colleague), by=manager, at=WEDNESDAY)

    with pytest.raises(AbsenceRefused):
        absences.plan_absence(away(officer, None, "2025-07-04", "2025-07-08"), by=manager, at=WEDNESDAY)
    with pytest.raises(AbsenceRefused):
        absences.plan_absence(away(manager, officer), by=manager, at=WEDNESDAY)
    with pytest.raises(OnlyTheManager):
        absences.plan_absence(away(manager, colleague), by=officer, at=WEDNESDAY)
