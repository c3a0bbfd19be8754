"""Recording under what a citizen is acted for, taking it back, and what cannot be filed without it."""

from datetime import date, timedelta
from typing import Any

import pytest

from agents.models.organisations import Outlet
from intake.errors import MandateNotFound, MandateRefused, NoOpenSession, SubmissionRefused
from intake.models.dossiers import DossierStep
from intake.models.mandates import Mandate
from intake.operations import mandates, sessions
from intake.operations.mandates import MandateInput
from intake.records import DocumentRef, PlaceChoice
from shared import crypto
from shared.models.oversight import AuditEntry
from tests.factories import catalogue, citizens, dossiers, network
from tests.intake.moments import MONDAY_MORNING as NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("rate_book")]

SON: dict[str, Any] = {"kind": "written", "relation": "child", "representative_name": "Nguyễn Văn Con",
       "national_id": "046 090 001 234", "reference": "Giấy uỷ quyền ngày 10/01/2026"}


@pytest.fixture
def counter():
    """The son has come: the citizen herself is not there."""
    made = dossiers.counter()
    sessions.close_session(session_id=dossiers.at_session(made), by=made.by, at=NOW)
    sessions.open_session(citizen_id=made.citizen.id, purposes=citizens.EVERYTHING, by=made.by, at=NOW,
                          is_citizen_present=False)
    return made


def record(counter, **changes) -> Mandate:
    return mandates.record_mandate(session_id=dossiers.at_session(counter), typed=MandateInput(**SON | changes),
                                   by=counter.by, at=NOW)


def refused(counter, **changes) -> dict[str, str]:
    with pytest.raises(MandateRefused) as refusal:
        record(counter, **changes)
    assert not Mandate.objects.exists()
    return {error.pointer: error.code for error in refusal.value.errors}


def test_nothing_is_filed_for_an_absent_citizen_without_a_mandate(counter):
    with pytest.raises(SubmissionRefused) as refusal:
        counter.submit()

    (error,) = refusal.value.errors
    assert (error.pointer, error.code) == ("/mandate", "mandate-missing")
    assert "uỷ quyền" in str(error.message)


def test_a_sons_written_authorisation_is_enough_in_civil_status(counter):
    record(counter)

    assert counter.submit().submitted_at is not None


def test_a_neighbour_needs_a_certified_one(counter):
    record(counter, relation="other")
    with pytest.raises(SubmissionRefused):
        counter.submit()

    record(counter, kind="certified", relation="other", certified_by="UBND phường Phong Dinh")

    assert counter.submit().submitted_at is not None


def test_a_mandate_that_was_taken_back_serves_no_more(counter):
    mandate = record(counter)
    mandates.withdraw_mandate(mandate_id=mandate.id, by=counter.by, at=NOW)

    with pytest.raises(SubmissionRefused):
        counter.submit()
    with pytest.raises(MandateNotFound):
        mandates.withdraw_mandate(mandate_id=mandate.id, by=counter.by, at=NOW)
    assert Mandate.objects.get().withdrawn_by == counter.by.id


def test_a_mandate_ends_with_its_last_day(counter):
    record(counter, valid_to=date(2026, 1, 15))

    with pytest.raises(SubmissionRefused):
        counter.submit(at=NOW + timedelta(days=3))


def test_the_representatives_number_is_sealed(counter):
    mandate = record(counter)

    assert mandate.representative_id_masked == "046•••••1234"
    assert mandate.representative_id_sealed is not None
    assert crypto.decrypt(bytes(mandate.representative_id_sealed), bound_to=mandates.COLUMN) == "046090001234"
    audited = AuditEntry.objects.get(action="mandate.record")
    assert audited.after == {"mandate": str(mandate.id), "kind": "written", "relation": "child"}


@pytest.mark.parametrize(("changes", "wrong"), [
    ({"kind": "own_account"}, {"/kind": "not-a-choice"}),
    ({"kind": ""}, {"/kind": "not-a-choice"}),
    ({"representative_name": "", "national_id": "123", "relation": ""},
     {"/representative_name": "required", "/national_id": "length", "/relation": "required"}),
    ({"relation": "friend"}, {"/relation": "not-a-choice"}),
    ({"reference": " "}, {"/reference": "evidence-needed"}),
    ({"kind": "certified"}, {"/certified_by": "required"}),
    ({"kind": "service_contract", "reference": ""}, {"/reference": "required", "/introduction": "required"}),
    ({"kind": "legal_representative", "relation": "other"}, {"/relation": "not-a-guardian"}),
    ({"valid_to": date(2026, 1, 12)}, {"/valid_to": "mandate-expired"}),
    ({"valid_to": date(2126, 1, 12)}, {"/valid_to": "mandate-too-long"}),
    ({"document_id": "01980c3a-8f00-7000-8000-000000000000"}, {"/document_id": "unknown-document"}),
])
def test_everything_wrong_with_a_mandate_is_said_at_once(counter, changes, wrong):
    assert refused(counter, **changes) == wrong


def test_the_same_mandate_twice_is_one(counter):
    assert record(counter).id == record(counter).id


def test_a_mandate_belongs_to_the_session_of_its_clerk(counter):
    colleague = network.acting(network.clerk(counter.outlet))
    with pytest.raises(NoOpenSession):
        mandates.record_mandate(session_id=dossiers.at_session(counter), typed=MandateInput(**SON), by=colleague,
                                at=NOW)


def test_what_filing_itself_brings_about_stands_in_its_first_step():
    dossier = dossiers.counter().submit()

    assert DossierStep.objects.get(dossier=dossier, action="submit").data["mandates"] == ["own_account"]


def test_an_operator_that_is_not_the_public_post_files_paper_under_its_contract():
    counter = dossiers.counter()
    Outlet.objects.filter(id=counter.outlet.id).update(operator=network.other_operator())
    business = catalogue.procedure(catalogue.BUSINESS)
    papers = tuple(DocumentRef(paper["code"]) for paper in business.documents if paper["required"] != "if_applicable")
    wanted: dict[str, Any] = {"procedure_code": business.code, "channel": "post", "documents": papers,
              "place": PlaceChoice(counter.outlet.commune_id)}
    with pytest.raises(SubmissionRefused) as refusal:
        counter.submit(**wanted)
    assert "/mandate" in {error.pointer for error in refusal.value.errors}

    mandates.record_mandate(session_id=dossiers.at_session(counter), by=counter.by, at=NOW, typed=MandateInput(
        kind="service_contract", reference="HĐ 12/2026", introduction="GT 77"))

    assert counter.submit(**wanted).channel == "post"
