"""Citizens: registered once, found by number for a purpose, shown masked, revealed one at a time."""

from datetime import date, timedelta

import pytest

from intake.errors import (
    CitizenAlreadyRegistered,
    CitizenChanged,
    CitizenDoubtful,
    CitizenNotFound,
    CitizenRefused,
    PurposeMissing,
    RevealNotAllowed,
)
from intake.models.citizens import BirthPrecision, Citizen
from intake.operations import citizens, sessions
from intake.records import ClaimInput
from shared import crypto
from shared.models.oversight import AuditEntry
from tests.factories import network, places
from tests.factories.citizens import citizen, entries, national_id, session
from tests.intake.moments import MONDAY_MORNING as NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("rate_book")]


@pytest.fixture
def clerk():
    return network.clerk()


@pytest.fixture
def by(clerk):
    return network.acting(clerk)


def codes(refusal) -> dict[str, str]:
    return {error.pointer: error.code for error in refusal.value.errors}


def test_a_citizen_is_kept_with_the_number_sealed_and_masked(by):
    number = national_id()

    kept = citizen(by, national_id=number, full_name="Nguyễn Thị  Hạnh ", birth="1992")

    assert (kept.full_name, kept.search_key, kept.phone) == ("Nguyễn Thị Hạnh", "nguyen thi hanh", "+84914275268")
    assert (kept.birth_date, kept.birth_precision) == (date(1992, 1, 1), BirthPrecision.YEAR)
    assert kept.national_id_masked == f"046•••••{number[-4:]}"
    row = Citizen.objects.filter(id=kept.id).values().get()
    assert number not in str(row)
    assert crypto.decrypt(bytes(row["national_id_sealed"] or b""), bound_to="citizen.national_id") == number
    assert kept.registered_at_outlet_id == by.outlet_id


def test_every_wrong_entry_is_named_at_once(by):
    places.commune()
    with pytest.raises(CitizenRefused) as refusal:
        citizens.register_citizen(typed=entries(
            full_name="NguyÔn", national_id="123456789", birth="31/02/1990", sex="x", phone="0914", email="nobody@",
            commune_code="99999", street="\u202eđường",
            claims=(ClaimInput("vip", "", date(2026, 1, 1), date(2025, 1, 1)),)), by=by, at=NOW)

    assert codes(refusal) == {
        "/full_name": "wrong-font", "/national_id": "old-identity-card", "/birth": "no-such-day",
        "/sex": "not-a-choice", "/phone": "phone-number", "/email": "email", "/commune_code": "place-unknown",
        "/street": "hidden-character", "/claims/0/group": "not-a-choice", "/claims/0/valid_to": "period",
        "/claims/0/evidence_reference": "required"}
    assert refusal.value.facts["data_kept"] is True
    assert not Citizen.objects.exists()


def test_the_commune_of_an_old_card_is_mapped_and_remembered(by):
    places.former_commune(places.PHONG_CHUONG)

    kept = citizen(by, commune_code="", former_commune_code=places.PHONG_CHUONG)

    assert (kept.commune_id, kept.former_commune_id) == (places.PHONG_DINH, places.PHONG_CHUONG)


def test_a_split_commune_is_asked_about_with_its_candidates(by):
    places.former_commune(places.CONG_VI)

    with pytest.raises(CitizenRefused) as refusal:
        citizens.register_citizen(typed=entries(commune_code="", former_commune_code=places.CONG_VI), by=by, at=NOW)

    assert codes(refusal) == {"/commune_code": "split-unit"}
    assert "phường Ngọc Hà, phường Giảng Võ" in str(refusal.value.errors[0].message)
    assert refusal.value.facts["candidates"] == [{"code": places.NGOC_HA, "name": "phường Ngọc Hà"},
                                                 {"code": places.GIANG_VO, "name": "phường Giảng Võ"}]


def test_a_split_commune_with_a_choice_is_kept(by):
    places.former_commune(places.CONG_VI)

    kept = citizen(by, commune_code=places.GIANG_VO, former_commune_code=places.CONG_VI)

    assert (kept.commune_id, kept.former_commune_id) == (places.GIANG_VO, places.CONG_VI)


def test_what_does_not_fit_the_card_is_asked_once_and_then_believed(by):
    places.commune()
    odd = entries(birth="1990-01-01", sex="male")

    with pytest.raises(CitizenDoubtful) as question:
        citizens.register_citizen(typed=odd, by=by, at=NOW)
    assert {error.code for error in question.value.errors} == {"birth-year-differs", "sex-differs"}

    kept = citizens.register_citizen(
        typed=entries(birth="1990-01-01", sex="male", is_confirmed=True), by=by, at=NOW)
    assert kept.birth_date == date(1990, 1, 1)


def test_the_same_number_is_one_citizen_and_finding_her_is_written_down(by):
    number = national_id()
    first = citizen(by, national_id=number)
    other = network.acting(network.clerk())

    with pytest.raises(CitizenAlreadyRegistered) as refusal:
        citizens.register_citizen(typed=entries(national_id=number), by=other, at=NOW)

    assert refusal.value.facts == {"citizen_id": str(first.id)}
    assert Citizen.objects.count() == 1
    assert AuditEntry.objects.filter(action="citizen.find", actor_id=other.id, object_id=str(first.id)).count() == 1


def test_people_without_a_number_may_share_a_name(by):
    assert citizen(by, national_id="").id != citizen(by, national_id="").id


def test_a_correction_needs_the_version_that_was_seen(by):
    kept = citizen(by)

    changed = citizens.correct_citizen(citizen_id=kept.id, typed=entries(full_name="Lê Văn A", national_id=""),
                                       version=1, by=by, at=NOW)

    assert (changed.full_name, changed.version) == ("Lê Văn A", 2)
    assert changed.national_id_masked == kept.national_id_masked
    with pytest.raises(CitizenChanged):
        citizens.correct_citizen(citizen_id=kept.id, typed=entries(), version=1, by=by, at=NOW)


def test_another_outlet_can_neither_correct_nor_claim_nor_reveal(by):
    kept = citizen(by)
    stranger = network.acting(network.outlet_manager())

    with pytest.raises(CitizenNotFound):
        citizens.correct_citizen(citizen_id=kept.id, typed=entries(), version=1, by=stranger, at=NOW)
    with pytest.raises(CitizenNotFound):
        citizens.claim_priority(citizen_id=kept.id, by=stranger, at=NOW,
                                claim=ClaimInput("war_invalid", "QĐ 12", date(2020, 1, 1)))
    with pytest.raises(CitizenNotFound):
        citizens.reveal_national_id(citizen_id=kept.id, purpose="xem thử", by=stranger, at=NOW)


def test_finding_by_number_needs_a_purpose_and_leaves_a_trace_even_when_nobody_is_found(by):
    number = national_id()
    kept = citizen(by, national_id=number)
    other = network.acting(network.clerk())

    with pytest.raises(PurposeMissing):
        citizens.find_by_national_id(national_id=number, purpose=" ", by=other, at=NOW)
    found = citizens.find_by_national_id(national_id=number, purpose="tiếp nhận hồ sơ", by=other, at=NOW)
    nobody = citizens.find_by_national_id(national_id=national_id(), purpose="tiếp nhận hồ sơ", by=other, at=NOW)

    assert (found, nobody) == (kept, None)
    searches = AuditEntry.objects.filter(action="citizen.find", actor_id=other.id).order_by("id")
    assert [search.after for search in searches] == [{"found": True}, {"found": False}]
    assert number not in str(list(searches.values()))


def test_a_centre_finds_only_people_of_its_own_dossiers(by):
    number = national_id()
    citizen(by, national_id=number)
    officer = network.acting(network.officer())

    assert citizens.find_by_national_id(national_id=number, purpose="tra cứu", by=officer, at=NOW) is None


def test_a_clerk_sees_the_whole_number_for_a_day_after_serving(clerk, by):
    number = national_id()
    kept = citizen(by, national_id=number)
    with pytest.raises(RevealNotAllowed):
        citizens.reveal_national_id(citizen_id=kept.id, purpose="đối chiếu thẻ", by=by, at=NOW)

    session(kept, clerk)
    shown = citizens.reveal_national_id(citizen_id=kept.id, purpose="đối chiếu thẻ", by=by, at=NOW)

    assert shown == number
    looks = AuditEntry.objects.filter(action="citizen.reveal", object_id=str(kept.id))
    assert [(look.actor_id, look.reason) for look in looks] == [(by.id, "đối chiếu thẻ")]
    with pytest.raises(RevealNotAllowed):
        citizens.reveal_national_id(citizen_id=kept.id, purpose="đối chiếu thẻ", by=by, at=NOW + timedelta(hours=25))


def test_no_number_of_a_citizen_is_written_in_the_audit(by):
    number = national_id()
    kept = citizen(by, national_id=number)
    citizens.find_by_national_id(national_id=number, purpose=f"thẻ {number}", by=by, at=NOW)
    sessions.open_session(citizen_id=kept.id, purposes=["assist_filing"], by=by, at=NOW)

    assert number not in str(list(AuditEntry.objects.values()))
    assert "Hạnh" not in str(list(AuditEntry.objects.values("before", "after", "reason", "object_id")))
