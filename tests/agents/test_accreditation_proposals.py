"""A proposal is corrected, outlets are taken over, equipment is noted, nothing opens past the programme."""

from datetime import date

import pytest
from django.urls import reverse

from agents.accreditation import proposals, steps
from agents.accreditation.errors import AccreditationStepImpossible, InvalidAccreditation
from agents.accreditation.models import Accreditation
from agents.accreditation.rules import State, Step
from agents.accreditation.surveying import Marked, save_marks
from agents.errors import NotYourRole
from agents.models.people import StaffAccount
from agents.operations.outlets import Agreement, Site, open_outlet
from agents.programme import decisions, phases
from agents.programme.errors import NotPastAccreditation
from agents.programme.rules import DecisionStep
from shared.roles import Role
from tests.agents import accredited, programmes
from tests.agents.accredited import NOON, POINT, finished, licensed, proposed
from tests.agents.factories import OFFICE, make_commune, make_outlet, staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def people():
    return accredited.people()


def corrected(found, by, name="Bưu cục Kim Long mới", lat=POINT[0]):
    asked = steps.Proposal("X-1", name, Site(found.commune_id, "5 Kim Long", lat, POINT[1]), frozenset({"advise"}),
                           "pilot")
    return proposals.change_proposal(accreditation_id=found.id, proposal=asked, by=by, at=NOON)


def test_a_proposal_is_corrected_by_its_operator_before_the_survey_only(people):
    found = proposed(people)
    with pytest.raises(NotYourRole):
        corrected(found, people.first)
    changed = corrected(found, people.operator)
    assert (changed.name, changed.code, changed.state) == ("Bưu cục Kim Long mới", "HUE-009", State.CANDIDATE)
    save_marks(accreditation_id=found.id, marks={"sign": Marked("met")}, by=people.first, at=NOON)
    with pytest.raises(AccreditationStepImpossible):
        corrected(found, people.operator)
    finished(people, found=found)
    with pytest.raises(AccreditationStepImpossible):
        corrected(found, people.operator)
    steps.take_step(accreditation_id=found.id, step=Step.RETURN, by=people.second, at=NOON, reason="Sai địa chỉ")
    assert corrected(found, people.operator).state == State.RETURNED


def licence(until=date(2026, 7, 1)):
    return proposals.Licence(date(2025, 3, 21), until, "Thoả thuận minh hoạ ngày 21/03/2025")


def test_outlets_that_work_are_taken_over_with_dates_and_source_all_or_none(people):
    first, second = make_outlet(), make_outlet()
    make_outlet(status="closed")
    with pytest.raises(InvalidAccreditation) as refused:
        proposals.take_over(codes=[first.code, "HUE-777"], licence=licence(date(2028, 1, 1)), by=people.first, at=NOON)
    assert {each.pointer for each in refused.value.errors} == {"/codes", "/licensed_until"}
    assert not Accreditation.objects.exists()
    made = proposals.take_over(codes=[first.code, second.code], licence=licence(), by=people.first, at=NOON)
    assert [(each.state, each.licensed_from, each.legal_basis) for each in made] == [
        (State.ACTIVE, date(2025, 3, 21), "Thoả thuận minh hoạ ngày 21/03/2025")] * 2
    assert proposals.without_accreditation(people.first) == []
    with pytest.raises(NotYourRole):
        proposals.take_over(codes=[first.code], licence=licence(), by=people.operator, at=NOON)


def test_equipment_is_noted_over_time_and_a_fault_needs_words(people):
    found = licensed(people)
    manager = staff(Role.OUTLET_MANAGER, outlet=found.outlet).actor
    with pytest.raises(InvalidAccreditation):
        proposals.note_equipment(accreditation_id=found.id, item="printer", status="faulty", note="", by=manager,
                                 at=NOON)
    proposals.note_equipment(accreditation_id=found.id, item="printer", status="faulty", note="Kẹt giấy", by=manager,
                             at=NOON)
    proposals.note_equipment(accreditation_id=found.id, item="printer", status="works", note="", by=manager, at=NOON)
    assert [each.status for each in found.equipment.order_by("id")] == ["faulty", "works"]
    with pytest.raises(InvalidAccreditation):
        proposals.note_equipment(accreditation_id=found.id, item="sign", status="works", note="", by=manager, at=NOON)


def test_where_the_programme_holds_an_outlet_opens_under_its_accreditation_only(people):
    who = programmes.Officers(people.first, people.second)
    programmes.begun(who)
    phases.switch_on(holds_from=programmes.TODAY, reason=programmes.WHY, by=who.first, at=NOON)
    commune = make_commune(name="An Cựu")
    with pytest.raises(NotPastAccreditation):
        open_outlet(code="HUE-050", name="Bưu cục An Cựu", operator_id=people.operator.operator_id,
                    site=Site(commune.code, "1 An Cựu", *POINT), hours=[], by=OFFICE, at=NOON,
                    agreement=Agreement(frozenset({"advise"}), programmes.TODAY))
    found = finished(people)
    steps.take_step(accreditation_id=found.id, step=Step.APPROVE, by=people.second, at=NOON)
    with pytest.raises(AccreditationStepImpossible) as refused:
        steps.take_step(accreditation_id=found.id, step=Step.ACTIVATE, by=people.operator, at=NOON)
    assert refused.value.facts["reason"] == "operator-not-admitted"

    programmes.admitted(who)
    phase = programmes.planned(who, communes=[found.commune_id])
    decision = decisions.propose_decision(phase_id=phase.id, by=who.first, at=NOON,
                                          proposed=decisions.Proposed("go", programmes.WHY))
    decisions.settle_decision(decision_id=decision.id, step=DecisionStep.SIGN, reason=programmes.WHY, by=who.second,
                              at=NOON)
    assert steps.take_step(accreditation_id=found.id, step=Step.ACTIVATE, by=people.operator, at=NOON).outlet


def test_the_pages_correct_take_over_and_note(client, people):
    found, outlet = proposed(people), make_outlet()

    def as_(actor):
        client.force_login(StaffAccount.objects.get(id=actor.id))

    as_(people.operator)
    url = reverse("agents:change-proposal", args=[found.id])
    entries = {"name": "Bưu cục mới", "commune": found.commune_id, "address": "5 Kim Long", "latitude": "16.46",
               "longitude": "107.59", "tasks": ["advise"], "phase": "pilot"}
    assert "Bưu cục Kim Long" in client.get(url).content.decode()
    assert client.post(url, entries | {"latitude": "10"}).status_code == 422
    assert client.post(url, entries).status_code == 302
    as_(people.first)
    take = reverse("agents:take-over-outlets")
    assert outlet.code in client.get(take).content.decode()
    assert client.post(take, {"codes": [outlet.code]}).status_code == 422
    today = date.today()  # what a person types
    until = today.replace(year=today.year + 1, day=1).isoformat()
    assert client.post(take, {"codes": [outlet.code], "licensed_from": "2025-03-21", "licensed_until": until,
                              "legal_basis": "Thoả thuận minh hoạ"}).status_code == 302
    made = Accreditation.objects.get(outlet=outlet)
    notes = reverse("agents:equipment", args=[made.id])
    assert client.post(notes, {"item": "printer", "status": "faulty"}).status_code == 422
    assert client.post(notes, {"item": "printer", "status": "faulty", "note": "Kẹt giấy"}).status_code == 302
    assert "Kẹt giấy" in client.get(notes).content.decode()
    steps_url = f"/api/v1/accreditations/{made.id}/steps"
    answer = client.post(steps_url, {"step": "suspend", "reason": "Máy in hỏng lâu ngày"},
                         content_type="application/json")
    assert answer.json()["state"] == "suspended"
    assert client.post(steps_url, {"step": "survey"}, content_type="application/json").status_code == 404
