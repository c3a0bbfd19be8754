"""Corrections: proposed by one, approved by another, both sides kept; a returned dossier is reopened only like this."""

import pytest

from intake.errors import (
    CorrectionNotFound,
    CorrectionOpen,
    CorrectionOutdated,
    CorrectionRefused,
    IllegalTransition,
    SecondPersonNeeded,
)
from intake.models.citizens import Citizen
from intake.models.corrections import Correction
from intake.models.decisions import Resolution
from intake.models.dossiers import Dossier
from intake.operations import corrections, reception, resolution
from intake.rules.states import Handling, HandlingAction, ResultState
from intake.steps import take_step
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
def manager():
    return network.acting(network.centre_manager(hue_centre()))


@pytest.fixture
def received(officer):
    dossier = forwarded(code=catalogue.BUSINESS, result_choice="collect")
    reception.receive(dossier_id=dossier.id, by=officer, at=WEDNESDAY)
    return Dossier.objects.get(id=dossier.id)


def propose(dossier, by, **fields) -> Correction:
    return corrections.propose(**{"dossier_id": dossier.id, "values": {"citizen_name": "Phan Văn Thứ"},
                                  "reason": "Gõ sai dấu", "by": by, "at": THURSDAY, **fields})


def test_nothing_changes_until_another_person_approves(received, officer, manager):
    proposed = propose(received, officer)
    assert Citizen.objects.get().full_name == "Phan Văn Thử"
    assert WorkItem.objects.get(kind="correction-to-approve").owner_role == "centre_manager"

    with pytest.raises(SecondPersonNeeded):
        corrections.approve(correction_id=proposed.id, by=officer, at=THURSDAY)
    corrections.approve(correction_id=proposed.id, by=manager, at=THURSDAY)

    citizen = Citizen.objects.get()
    assert (citizen.full_name, citizen.search_key, citizen.version) == ("Phan Văn Thứ", "phan van thu", 2)
    kept = Correction.objects.get()
    assert kept.changes == [{"field": "citizen_name", "before": "Phan Văn Thử", "after": "Phan Văn Thứ"}]
    assert (kept.state, kept.decided_by_name) == ("approved", manager.name)
    assert OutboxMessage.objects.filter(event="DossierCorrected").count() == 1
    assert WorkItem.objects.get(kind="correction-to-approve").outcome == "approved"


def test_the_audit_names_fields_and_no_names(received, officer, manager):
    corrections.approve(correction_id=propose(received, officer).id, by=manager, at=THURSDAY)

    told = str(list(AuditEntry.objects.filter(action__contains="correct").values_list("before", "after", "reason")))
    assert "citizen_name" in told
    assert "Phan" not in told


def test_a_recorded_result_is_corrected_with_its_delivery(received, officer, manager):
    resolution.resolve(dossier_id=received.id, decision_number="12/GNC", summary="Cấp giấy", by=officer, at=WEDNESDAY)
    proposed = propose(received, officer, values={"decision_number": "12/GCN", "delivery_name": "Phan Thị Nhận",
                                                  "decision_summary": "Cấp giấy"})

    corrections.approve(correction_id=proposed.id, by=manager, at=THURSDAY)

    received.refresh_from_db()
    assert (Resolution.objects.get().decision_number, received.delivery_name) == ("12/GCN", "Phan Thị Nhận")
    assert [change["field"] for change in proposed.changes] == ["decision_number", "delivery_name"]


def test_a_returned_dossier_is_reopened_by_two_people_and_handed_over_again(received, officer, manager):
    with pytest.raises(CorrectionRefused):
        propose(received, officer, values={}, reopens=True)
    resolution.resolve(dossier_id=received.id, decision_number="12/GNC", summary="Cấp giấy", by=officer, at=WEDNESDAY)
    given = resolution.Receiver("Phan Văn Thử", "card")
    resolution.hand_over_result(dossier_id=received.id, receiver=given, by=officer, at=WEDNESDAY)

    proposed = propose(received, officer, values={"decision_number": "12/GCN"}, reopens=True)
    corrections.approve(correction_id=proposed.id, by=manager, at=THURSDAY)

    received.refresh_from_db()
    assert (received.handling, received.closed_at) == (Handling.RESOLVED, None)
    resolution.hand_over_result(dossier_id=received.id, receiver=given, by=officer, at=at("2025-07-04"))
    assert received.result_hand_overs.count() == 2


def test_a_result_that_came_home_by_post_lies_at_the_centre_again_when_reopened(received, officer, manager):
    resolution.resolve(dossier_id=received.id, decision_number="1", summary="x", by=officer, at=WEDNESDAY)
    Dossier.objects.filter(id=received.id).update(handling=Handling.RETURNED, result=ResultState.DELIVERED)

    proposed = propose(received, officer, values={"decision_number": "2"}, reopens=True)
    corrections.approve(correction_id=proposed.id, by=manager, at=THURSDAY)

    received.refresh_from_db()
    assert received.result == ResultState.CAME_BACK


def test_reopening_is_no_step_that_a_desk_offers(received):
    with pytest.raises(IllegalTransition):
        take_step(received, HandlingAction.REOPEN, by=network.acting(network.officer(hue_centre())), at=THURSDAY)


def test_one_correction_waits_at_a_time_and_a_refusal_says_why(received, officer, manager):
    proposed = propose(received, officer)
    with pytest.raises(CorrectionOpen):
        propose(received, manager)
    with pytest.raises(CorrectionRefused):
        corrections.reject(correction_id=proposed.id, note=" ", by=manager, at=THURSDAY)

    corrections.reject(correction_id=proposed.id, note="Thẻ ghi đúng", by=manager, at=THURSDAY)

    assert Citizen.objects.get().full_name == "Phan Văn Thử"
    with pytest.raises(CorrectionNotFound):
        corrections.approve(correction_id=proposed.id, by=manager, at=THURSDAY)


def test_what_changed_since_is_not_overwritten(received, officer, manager):
    proposed = propose(received, officer)
    Citizen.objects.update(full_name="Phan Văn Thự")

    with pytest.raises(CorrectionOutdated) as refused:
        corrections.approve(correction_id=proposed.id, by=manager, at=THURSDAY)

    assert refused.value.facts["fields"] == ["citizen_name"]
    assert Citizen.objects.get().full_name == "Phan Văn Thự"


@pytest.mark.parametrize(("values", "pointer"), [
    ({"citizen_name": "Phan 7"}, "/values/citizen_name"), ({"citizen_phone": "12"}, "/values/citizen_phone"),
    ({"decision_number": "1"}, "/values/decision_number"),  # not decided yet
    ({"handling": "9"}, "/values/handling"), ({"citizen_name": "Phan Văn Thử"}, "/values")])
def test_a_wrong_value_is_refused_beside_its_field(values, pointer, received, officer):
    with pytest.raises(CorrectionRefused) as refused:
        propose(received, officer, values=values)

    assert [error.pointer for error in refused.value.errors] == [pointer]


def test_another_centre_does_not_see_it(received, officer):
    stranger = network.acting(network.centre_manager(network.centre(places.PHU_XUAN)))

    with pytest.raises(CorrectionNotFound):
        corrections.approve(correction_id=propose(received, officer).id, by=stranger, at=THURSDAY)
