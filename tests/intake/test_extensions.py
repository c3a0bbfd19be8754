"""Apology and extension (form 04): warned and drafted, sent by the officer or by the system, once, in time."""

from datetime import date

import pytest

from intake import apologies
from intake.errors import DecisionRefused, ExtensionNotPossible
from intake.models.decisions import Extension
from intake.models.dossiers import Dossier, DossierStep
from intake.operations import extensions, handling, reception, resolution, supplements
from intake.operations.extensions import Apology
from intake.operations.supplements import MissingThing
from intake.rules import extension as rules
from shared.models.messages import OutboxMessage
from shared.models.oversight import WorkItem
from shared.working_days import work_calendar
from tests.factories import catalogue, network
from tests.intake.centre_cases import WEDNESDAY, at, forwarded, hue_centre

pytestmark = pytest.mark.django_db
DUE = at("2025-07-07", "17:00")  # three working days from Wednesday 2 July


@pytest.fixture
def officer():
    return network.acting(network.officer(hue_centre()))


@pytest.fixture
def received(officer):
    dossier = forwarded(code=catalogue.BUSINESS, result_choice="collect")
    reception.receive(dossier_id=dossier.id, by=officer, at=WEDNESDAY)
    return Dossier.objects.get(id=dossier.id)


def test_the_last_moment_is_one_working_day_before_the_due_moment():
    calendar = work_calendar()
    assert rules.send_by(DUE, calendar) == at("2025-07-04", "17:00")  # Monday's on the Friday before
    assert rules.draft_from(DUE, 2, calendar) == at("2025-07-02", "17:00")


def test_an_apology_makes_the_term_longer_and_tells_the_citizen(received, officer):
    assert received.due_at == DUE
    sent = extensions.apologise(
        dossier_id=received.id, apology=Apology("site-visit", "Mưa lớn, chưa kiểm tra được", date(2025, 7, 9)),
        by=officer, at=at("2025-07-03"))

    received.refresh_from_db()
    assert (received.due_at, received.term_minutes) == (at("2025-07-09", "17:00"), 420 + 3 * 480 + 2 * 480)
    event = OutboxMessage.objects.get(event="DossierExtended").payload
    assert event["due_after"].startswith("2025-07-09")
    assert sent.paper["reason"] == "Cần kiểm tra thực địa"
    assert sent.paper["form"] == "Mẫu số 04, Thông tư 01/2018/TT-VPCP"  # the circular in force in July 2025
    assert DossierStep.objects.get(dossier=received, action="extend").data["reason"] == "site-visit"


def test_a_term_is_extended_once(received, officer):
    extensions.apologise(dossier_id=received.id, apology=Apology(), by=officer, at=at("2025-07-03"))

    with pytest.raises(ExtensionNotPossible) as refused:
        extensions.apologise(dossier_id=received.id, apology=Apology(), by=officer, at=at("2025-07-04"))

    assert refused.value.facts["cause"] == "extended-before"


def test_after_the_day_before_there_is_no_extension_any_more(received, officer):
    with pytest.raises(ExtensionNotPossible) as refused:
        extensions.apologise(dossier_id=received.id, apology=Apology(), by=officer, at=at("2025-07-04", "17:01"))

    assert refused.value.facts["cause"] == "too-late"
    assert "04/07/2025" in str(refused.value.detail)


def test_a_clock_that_stands_still_is_not_extended(received, officer):
    supplements.ask(dossier_id=received.id, reasons=(MissingThing("other", "other", "bản vẽ"),), by=officer,
                    at=at("2025-07-03"))

    with pytest.raises(ExtensionNotPossible) as refused:
        extensions.apologise(dossier_id=received.id, apology=Apology(), by=officer, at=at("2025-07-03"))

    assert refused.value.facts["cause"] == "not-running"


@pytest.mark.parametrize(("apology", "pointer"), [
    (Apology("rain"), "/reason"),
    (Apology("other", " "), "/explanation"),
    (Apology(due_day=date(2025, 7, 12)), "/due_day"),  # a Saturday
    (Apology(due_day=date(2025, 7, 4)), "/due_day"),  # before the present one
    (Apology(due_day=date(2025, 8, 4)), "/due_day"),  # longer than the term itself
])
def test_an_apology_that_says_nothing_or_promises_a_wrong_day_is_refused(apology, pointer, received, officer):
    with pytest.raises(DecisionRefused) as refused:
        extensions.apologise(dossier_id=received.id, apology=apology, by=officer, at=at("2025-07-03"))

    assert [error.pointer for error in refused.value.errors] == [pointer]
    assert not Extension.objects.exists()


# --- by itself ------------------------------------------------------------------------------------------------------


def test_what_is_due_soon_is_drafted_once_and_its_officer_told(received):
    assert apologies.draft_apologies(at=at("2025-07-02", "16:00")) == 0
    assert apologies.draft_apologies(at=at("2025-07-03", "09:00")) == 1
    assert apologies.draft_apologies(at=at("2025-07-03", "09:05")) == 0

    draft = Extension.objects.get()
    assert (draft.sent_at, draft.send_by) == (None, at("2025-07-04", "17:00"))
    assert draft.due_after > DUE
    item = WorkItem.objects.get(kind="apology-to-send")
    assert (item.owner_role, item.owner_place, item.due_at) == ("centre_officer", "H57.31", draft.send_by)


def test_the_system_sends_at_the_last_moment_in_the_managers_name(received):
    manager = network.centre_manager(hue_centre())
    apologies.run(at=at("2025-07-03", "09:00"))
    assert apologies.run(at=at("2025-07-04", "16:30")) == 0

    assert apologies.run(at=at("2025-07-04", "16:45")) == 1

    received.refresh_from_db()
    sent = Extension.objects.get()
    assert (sent.signed_by_name, received.due_at) == (manager.display_name, sent.due_after)
    assert DossierStep.objects.get(dossier=received, action="extend").actor_kind == "job"
    assert WorkItem.objects.get(kind="apology-to-send").outcome == "sent by itself"
    assert apologies.run(at=at("2025-07-04", "16:50")) == 0


def test_a_house_may_keep_the_sending_to_its_people(received, settings):
    settings.WARDPOST_APOLOGY_BY_SYSTEM = False
    apologies.run(at=at("2025-07-03", "09:00"))

    assert apologies.run(at=at("2025-07-04", "16:45")) == 0
    assert Extension.objects.get().sent_at is None


def test_a_draft_goes_when_the_dossier_is_decided_or_stands_still(received, officer):
    apologies.draft_apologies(at=at("2025-07-03", "09:00"))
    handling.start(dossier_id=received.id, by=officer, at=at("2025-07-03"))
    resolution.resolve(dossier_id=received.id, decision_number="1", summary="x", by=officer, at=at("2025-07-03"))

    assert apologies.run(at=at("2025-07-04", "16:45")) == 0

    assert not Extension.objects.exists()
    assert WorkItem.objects.get(kind="apology-to-send").outcome == "settled"


def test_a_same_day_item_has_no_day_before_and_gets_no_draft(officer):
    dossier = forwarded(result_choice="collect")
    reception.receive(dossier_id=dossier.id, by=officer, at=WEDNESDAY)
    Dossier.objects.filter(id=dossier.id).update(due_at=at("2025-07-02", "17:00"), term_minutes=420)

    assert apologies.draft_apologies(at=at("2025-07-02", "10:00")) == 0


def test_drafting_costs_the_same_however_many_are_due(officer, django_assert_max_num_queries):
    for _ in range(6):
        dossier = forwarded(code=catalogue.BUSINESS)
        reception.receive(dossier_id=dossier.id, by=officer, at=WEDNESDAY)

    with django_assert_max_num_queries(7):
        assert apologies.draft_apologies(at=at("2025-07-03", "09:00")) == 6
