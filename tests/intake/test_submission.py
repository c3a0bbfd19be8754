"""Submitting: one dossier for one client_ref, complete, explained, or refused with everything that is wrong."""

from dataclasses import replace
from datetime import date

import pytest

from agents.models.organisations import OutletStatus
from intake.errors import (
    CitizenNotFound,
    ClientRefReused,
    ConsentMissing,
    NoOpenSession,
    NotAnOutlet,
    OutletMayNot,
    SubmissionRefused,
)
from intake.models.dossiers import Dossier, DossierStep
from intake.operations import drafts, sessions, submission
from intake.plain_data import pricing_from_data
from intake.records import ClaimInput, DeliveryAddress, DocumentRef, PlaceChoice, route_from_data
from intake.rules.states import Handling, MoneyState
from shared.ids import uuid7
from shared.models.messages import OutboxMessage
from shared.models.oversight import AuditEntry
from shared.money import ZERO, Money
from tests.factories import catalogue, dossiers, network, places
from tests.factories import citizens as people
from tests.intake.moments import MONDAY_MORNING as NOW
from tests.intake.moments import local

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("rate_book")]


def refused(at, **changes) -> dict[str, str]:
    """Pointer → code of everything that was wrong; nothing may have happened."""
    with pytest.raises(SubmissionRefused) as refusal:
        at.submit(**changes)
    assert not Dossier.objects.exists()
    assert not OutboxMessage.objects.exists()
    return {error.pointer: error.code for error in refusal.value.errors}


def test_a_dossier_is_submitted_with_route_price_steps_and_event():
    counter = dossiers.counter()

    dossier = counter.submit()

    assert (dossier.handling, dossier.code) == (Handling.REGISTERED, None)
    assert (dossier.authority_centre_id, dossier.receiving_centre_id) == (counter.centre.id, counter.centre.id)
    assert (dossier.outlet_id, dossier.operator_id, dossier.clerk_id) == (
        counter.outlet.id, counter.outlet.operator_id, counter.clerk.id)
    assert dossier.delivery_name == "Nguyễn Thị Hạnh"
    steps = DossierStep.objects.filter(dossier=dossier).order_by("id")
    assert [(step.machine, step.action) for step in steps] == [("handling", "submit"), ("money", "charge")]
    assert OutboxMessage.objects.filter(event="DossierSubmitted", stream=f"dossier:{dossier.id}").exists()
    audited = AuditEntry.objects.filter(object_id=str(dossier.id), action="dossier.submit")
    assert [entry.actor_id for entry in audited] == [counter.by.id]


def test_the_route_of_a_citizen_of_former_phong_chuong_is_kept_with_its_reason():
    places.former_commune(places.PHONG_CHUONG)
    counter = dossiers.counter(former_commune_code=places.PHONG_CHUONG)

    route = route_from_data(counter.submit().route)

    assert route is not None
    assert route.authority is not None
    assert route.authority.authority_name == "UBND phường Phong Dinh"
    assert "xã Phong Chương" in route.reason.vi


@pytest.mark.parametrize(("day", "gross", "subsidy", "owed"), [
    ("2025-12-29 09:00", 26_000, 26_000, 0), ("2026-01-15 09:00", 26_000, 26_000, 0)])
def test_hanoi_pays_the_way_home_of_an_online_dossier(day, gross, subsidy, owed):
    counter = dossiers.counter(places.HOAN_KIEM)

    dossier = counter.submit(at=local(day))

    pricing = pricing_from_data(dossier.quote)
    assert pricing is not None
    assert (pricing.postage, pricing.subsidy, pricing.citizen_total) == (Money(gross), Money(subsidy), Money(owed))
    assert dossier.money == MoneyState.NOTHING_DUE


def test_a_citizen_of_hue_pays_the_postage_and_is_told():
    dossier = dossiers.submitted()

    pricing = pricing_from_data(dossier.quote)
    assert pricing is not None
    assert (pricing.subsidy, pricing.citizen_total) == (ZERO, pricing.postage)
    assert dossier.money == MoneyState.DUE


def test_a_proven_priority_group_lowers_the_price():
    counter = dossiers.counter(claims=(ClaimInput("war_invalid", "Thẻ thương binh 123", date(2020, 1, 1)),))

    pricing = pricing_from_data(counter.submit(priority_group="war_invalid").quote)

    assert pricing is not None
    assert (pricing.postage, pricing.reduction) == (Money(26_000), Money(13_000))


def test_a_paper_dossier_is_priced_both_ways():
    pricing = pricing_from_data(dossiers.submitted(channel="post").quote)

    assert pricing is not None
    assert pricing.postage == Money(52_000)


# --- the same client_ref --------------------------------------------------------------------------------------------


def test_the_same_request_again_is_the_same_dossier():
    counter = dossiers.counter()
    filing = counter.filing()

    first = submission.submit_dossier(filing, by=counter.by, at=NOW)
    again = submission.submit_dossier(filing, by=counter.by, at=local("2026-01-13 08:00"))

    assert first.id == again.id
    assert Dossier.objects.count() == 1
    assert OutboxMessage.objects.filter(event="DossierSubmitted").count() == 1


def test_it_is_the_same_dossier_even_after_the_session_was_closed():
    counter = dossiers.counter()
    filing = counter.filing()
    first = submission.submit_dossier(filing, by=counter.by, at=NOW)
    sessions.close_session(session_id=dossiers.at_session(counter), by=counter.by, at=NOW)

    assert submission.submit_dossier(filing, by=counter.by, at=NOW).id == first.id


def test_another_content_under_the_same_client_ref_is_refused():
    counter = dossiers.counter()
    filing = counter.filing()
    submission.submit_dossier(filing, by=counter.by, at=NOW)

    with pytest.raises(ClientRefReused):
        submission.submit_dossier(replace(filing, copies=2), by=counter.by, at=NOW)
    assert Dossier.objects.get().copies == 1


def test_a_client_ref_of_another_outlet_is_nobodys_business():
    filing = dossiers.counter().filing()
    one = dossiers.counter(places.PHU_XUAN)
    submission.submit_dossier(one.filing(client_ref=filing.client_ref), by=one.by, at=NOW)
    other = dossiers.counter()

    with pytest.raises(ClientRefReused) as refusal:
        other.submit(client_ref=filing.client_ref)
    assert "dossier_id" not in refusal.value.facts


# --- who may --------------------------------------------------------------------------------------------------------


def test_without_an_open_session_nothing_is_filed():
    counter = dossiers.counter()
    sessions.close_session(session_id=dossiers.at_session(counter), by=counter.by, at=NOW)

    with pytest.raises(NoOpenSession):
        counter.submit()


def test_the_session_must_be_this_citizens():
    counter = dossiers.counter()
    somebody = people.citizen(counter.by)

    with pytest.raises(NoOpenSession):
        counter.submit(citizen_id=somebody.id)


def test_the_address_is_not_passed_on_without_a_yes():
    counter = dossiers.counter()
    sessions.withdraw_consent(session_id=dossiers.at_session(counter), purpose="deliver_home", by=counter.by, at=NOW)

    with pytest.raises(ConsentMissing) as refusal:
        counter.submit()
    assert refusal.value.facts == {"purpose": "deliver_home"}
    assert counter.submit(result_choice="electronic").handling == Handling.REGISTERED


@pytest.mark.parametrize("changes", [
    {"status": OutletStatus.SUSPENDED}, {"tasks": ["advise", "forward_paper"]}, {"agreement_until": date(2026, 1, 12)},
    {"agreement_from": date(2026, 1, 13)}])
def test_an_outlet_without_the_task_today_may_not_file(changes):
    counter = dossiers.counter()
    for name, value in changes.items():
        setattr(counter.outlet, name, value)
    counter.outlet.save()

    with pytest.raises(OutletMayNot):
        counter.submit()
    assert not Dossier.objects.exists()


def test_a_centre_does_not_file_for_an_outlet():
    counter = dossiers.counter()

    with pytest.raises(NotAnOutlet):
        submission.submit_dossier(counter.filing(), by=network.acting(network.officer()), at=NOW)


def test_a_citizen_of_another_outlet_does_not_exist():
    counter = dossiers.counter()
    stranger = people.citizen(network.acting(network.clerk()))

    with pytest.raises(CitizenNotFound):
        counter.submit(citizen_id=stranger.id)


# --- what is wrong --------------------------------------------------------------------------------------------------


def test_everything_wrong_is_said_at_once():
    found = refused(
        dossiers.counter(), copies=0, pages=3000, result_choice="collect", priority_group="war_invalid",
        receiving_centre_id=uuid7(), documents=(DocumentRef("vip_paper"), DocumentRef("to_khai", uuid7())))

    assert found == {
        "/copies": "copies", "/pages": "pages", "/collect_reason": "collect-reason",
        "/priority_group": "unproven-group", "/receiving_centre_id": "unknown-centre",
        "/documents/0/component": "unknown-paper", "/documents/1/document_id": "unknown-document",
        "/documents": "paper-missing"}


@pytest.mark.parametrize(("code", "channel", "expected"), [
    (catalogue.CERTIFIED_COPY, "online", "direct-only"), (catalogue.ID_CARD, "online", "refer-only"),
    (catalogue.MARRIAGE, "post", "refer-only"), (catalogue.RESIDENCE, "post", "channel-not-offered"),
    (catalogue.BIRTH, "direct", "direct-only"), (catalogue.BIRTH, "fax", "not-a-choice"),
    ("1.999999", "online", None),
])
def test_a_way_that_is_closed_is_refused_with_its_reason(code, channel, expected):
    counter = dossiers.counter()
    if code != "1.999999":
        catalogue.procedure(code)

    found = refused(counter, procedure_code=code, channel=channel)

    if expected is None:
        assert found == {"/procedure_code": "unknown-procedure"}
    else:
        assert found["/channel"] == expected


def test_in_hanoi_no_paper_may_be_asked_for_an_essential_service():
    assert refused(dossiers.counter(places.HOAN_KIEM), channel="post")["/channel"] == "paper-forbidden"


def test_by_post_the_copies_of_what_would_be_shown_are_needed():
    assert refused(dossiers.counter(), channel="post", documents=dossiers.SHOWN) == {"/documents": "paper-missing"}


def test_where_only_the_citizen_knows_the_place_it_must_be_said():
    catalogue.procedure(catalogue.RED_BOOK)
    papers = (DocumentRef("don_dang_ky"),)
    counter = dossiers.counter()

    assert refused(counter, procedure_code=catalogue.RED_BOOK, documents=papers) == {
        "/place/commune_code": "place-needed"}
    filed = counter.submit(procedure_code=catalogue.RED_BOOK, documents=papers, place=PlaceChoice(places.PHONG_DINH))
    assert filed.authority_centre_id == counter.centre.id


def test_an_unknown_place_and_a_split_address_are_refused_where_they_stand():
    places.former_commune(places.CONG_VI)
    counter = dossiers.counter()

    found = refused(counter, place=PlaceChoice("99999"),
                    delivery=DeliveryAddress(street="1 ngõ Thử", commune_code=places.CONG_VI))

    assert found == {"/place/commune_code": "place-unknown", "/delivery/commune_code": "split-unit"}


def test_an_address_in_a_dissolved_commune_is_brought_to_the_present_one():
    places.former_commune(places.PHONG_CHUONG)
    counter = dossiers.counter()

    dossier = counter.submit(delivery=DeliveryAddress("Thôn Thử", places.PHONG_CHUONG, "Lê Văn A", "0914275268"))

    assert (dossier.delivery_commune_id, dossier.delivery_phone) == (places.PHONG_DINH, "+84914275268")


def test_a_national_id_number_in_a_note_is_masked():
    dossier = dossiers.submitted(note="Hồ sơ của 046192004127")

    assert "046192004127" not in f"{dossier.note}{dossier.filing}"
    assert "046•••••4127" in dossier.note


# --- drafts ---------------------------------------------------------------------------------------------------------


def test_a_draft_is_kept_changed_and_submitted_as_one_dossier():
    counter = dossiers.counter()
    filing = counter.filing(copies=2)

    draft = drafts.save_draft(replace(filing, documents=()), by=counter.by, at=NOW)
    drafts.save_draft(filing, by=counter.by, at=NOW)
    dossier = submission.submit_draft(dossier_id=draft.id, by=counter.by, at=NOW)

    assert (dossier.id, dossier.handling, dossier.copies) == (draft.id, Handling.REGISTERED, 2)
    assert submission.submit_draft(dossier_id=draft.id, by=counter.by, at=NOW).version == dossier.version
    assert submission.submit_dossier(filing, by=counter.by, at=NOW).id == draft.id
    assert Dossier.objects.count() == 1


def test_a_draft_may_be_incomplete_but_is_not_submitted_so():
    counter = dossiers.counter()
    draft = drafts.save_draft(counter.filing(documents=()), by=counter.by, at=NOW)

    with pytest.raises(SubmissionRefused):
        submission.submit_draft(dossier_id=draft.id, by=counter.by, at=NOW)
    draft.refresh_from_db()
    assert draft.handling == Handling.DRAFT


def test_a_submitted_dossier_is_no_draft_any_more():
    counter = dossiers.counter()
    filing = counter.filing()
    submission.submit_dossier(filing, by=counter.by, at=NOW)

    with pytest.raises(ClientRefReused):
        drafts.save_draft(filing, by=counter.by, at=NOW)
