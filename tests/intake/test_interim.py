"""The steps inside a handling, in hours, and the control slip that the trace becomes."""

from itertools import pairwise
from uuid import UUID

import pytest

from intake.errors import DecisionRefused, OnlyTheManager, PaperNotReady
from intake.models.dossiers import Dossier
from intake.models.papers import IssuedPaper, PaperKind
from intake.operations import handling, interim, reception, resolution, supplements
from intake.operations.papers import issue_paper
from intake.operations.supplements import MissingThing
from intake.queries.interim import steps_inside
from intake.rules.interim import PlannedStep, typical_plan
from intake.rules.wording import Words
from tests.factories import catalogue, network
from tests.intake.centre_cases import WEDNESDAY, at, forwarded, hue_centre

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer():
    return network.acting(network.officer(hue_centre()))


@pytest.fixture
def manager():
    return network.acting(network.centre_manager(hue_centre()))


@pytest.fixture
def received(officer):
    dossier = forwarded(code=catalogue.BUSINESS, result_choice="collect")
    reception.receive(dossier_id=dossier.id, by=officer, at=WEDNESDAY)
    return Dossier.objects.get(id=dossier.id)


def test_a_day_is_split_two_three_two_one():
    assert [step.minutes for step in typical_plan(480)] == [120, 180, 120, 60]
    assert sum(step.minutes for step in typical_plan(487)) == 487


def test_each_step_shows_what_it_took_without_the_pauses(received, officer, manager):
    interim.hand_on(dossier_id=received.id, by=officer, at=at("2025-07-02", "11:00"), officer_id=UUID(manager.id))
    supplements.ask(dossier_id=received.id, reasons=(MissingThing("other", "other", "x"),), by=officer,
                    at=at("2025-07-02", "13:00"))
    supplements.answer(dossier_id=received.id, text="", by=officer, at=at("2025-07-03", "13:00"))
    received.refresh_from_db()

    first, second, third, _last = steps_inside(received, at("2025-07-03", "14:00"))

    assert (first.state, first.spent) == ("done", 120)
    assert (second.state, second.spent, second.officer) == ("now", 60 + 60, manager.name)
    assert (third.state, third.spent) == ("next", 0)
    assert str(received.officer_id) == manager.id


def test_a_step_may_come_back_and_counts_both_times(received, officer):
    for number, clock in ((2, "10:00"), (1, "11:00"), (2, "13:00")):
        interim.hand_on(dossier_id=received.id, by=officer, at=at("2025-07-02", clock), number=number)
    received.refresh_from_db()

    first, second, *_rest = steps_inside(received, at("2025-07-02", "14:00"))

    assert (first.spent, second.spent) == (60 + 60, 60 + 60)


def test_the_steps_end_with_the_decision(received, officer):
    resolution.resolve(dossier_id=received.id, decision_number="1", summary="x", by=officer,
                       at=at("2025-07-02", "10:00"))
    received.refresh_from_db()

    assert next(step.state for step in steps_inside(received, at("2025-07-09"))) == "done"
    with pytest.raises(DecisionRefused):
        interim.hand_on(dossier_id=received.id, by=officer, at=at("2025-07-03"))


@pytest.mark.parametrize("fields", [{"number": 9}, {"number": 0}, {"officer_id": UUID(int=7)}])
def test_there_is_no_step_or_colleague_that_is_not_there(fields, received, officer):
    with pytest.raises(DecisionRefused):
        interim.hand_on(dossier_id=received.id, by=officer, at=WEDNESDAY, **fields)


def test_a_manager_writes_the_steps_of_a_procedure(received, officer, manager):
    steps = (PlannedStep(Words("Tiếp nhận", "Receive"), 60), PlannedStep(Words("Ký số", "Sign"), 120))
    with pytest.raises(OnlyTheManager):
        interim.write_process(procedure_code=catalogue.BUSINESS, steps=steps, by=officer, at=WEDNESDAY)

    interim.write_process(procedure_code=catalogue.BUSINESS, steps=steps, by=manager, at=WEDNESDAY)
    interim.write_process(procedure_code=catalogue.BUSINESS, steps=steps[::-1], by=manager, at=WEDNESDAY)

    assert [step.name.vi for step in steps_inside(received, WEDNESDAY)] == ["Ký số", "Tiếp nhận"]
    with pytest.raises(DecisionRefused) as refused:
        interim.write_process(procedure_code="1", steps=(PlannedStep(Words(" ", ""), 0),), by=manager, at=WEDNESDAY)
    assert [error.pointer for error in refused.value.errors] == ["/steps/0/name_vi", "/steps/0/minutes"]


# --- the control slip -----------------------------------------------------------------------------------------------


def control(dossier, by) -> IssuedPaper:
    return issue_paper(dossier_id=dossier.id, kind=PaperKind.CONTROL, by=by, at=at("2025-07-03"))


def test_the_control_slip_is_the_trace_from_hand_to_hand(received, officer, manager):
    interim.hand_on(dossier_id=received.id, by=officer, at=at("2025-07-02", "11:00"), officer_id=UUID(manager.id))
    resolution.resolve(dossier_id=received.id, decision_number="1", summary="x", by=manager,
                       at=at("2025-07-02", "15:00"))

    rows = control(received, officer).data["rows"]

    assert [row["note"] for row in rows[2:4]] == ["Tiếp nhận, thời hạn bắt đầu", "Bước 2: Thẩm định hồ sơ"]
    assert (rows[3]["giver"].split(",")[0], rows[3]["taker"]) == (officer.name, manager.name)
    assert rows[-1]["result"] == "Trước hạn"
    assert all(before["taker"] == after["giver"] for before, after in pairwise(rows))


def test_a_slip_is_the_same_until_something_happens(received, officer):
    first, again = control(received, officer), control(received, officer)
    handling.start(dossier_id=received.id, by=officer, at=at("2025-07-03"))
    later = control(received, officer)

    assert (first.id, len(later.data["rows"])) == (again.id, len(first.data["rows"]) + 1)


def test_a_form_is_a_circular_and_a_number(received, officer):
    old = control(received, officer)
    Dossier.objects.filter(id=received.id).update(received_at=at("2026-01-08"), version=99)
    new = control(received, officer)

    assert (old.circular, old.form_number) == ("01/2018/TT-VPCP", "05")
    assert (new.circular, new.form_number) == ("03/2025/TT-VPCP", "06")


def test_there_is_no_slip_before_reception(officer):
    with pytest.raises(PaperNotReady):
        control(forwarded(), officer)
