"""Signing for another: off until the city allows it, for some procedures and a term, ended at once, never passed on."""

from datetime import date

import pytest
from django.urls import reverse

from intake.models.decisions import Resolution
from intake.models.delegations import SigningDelegation
from intake.operations import delegations, reception, resolution
from intake.opinion_errors import DelegationNotAllowed, DelegationNotFound, DelegationRefused
from shared.roles import Role
from tests.factories import catalogue, network, places
from tests.intake.centre_cases import forwarded, hue_centre
from tests.intake.moments import local

pytestmark = pytest.mark.django_db
NOW = local("2026-01-12 09:30")
TERM = {"valid_from": date(2026, 1, 12), "valid_to": date(2026, 4, 1)}


@pytest.fixture
def centre():
    return hue_centre()


@pytest.fixture
def officer(centre):
    return network.officer(centre)


@pytest.fixture
def boss(centre):
    return network.acting(network.centre_manager(centre))


def allow():
    city = network.acting(network.staff(Role.ADMINISTRATOR, "Quản trị", province=places.province(places.HUE)))
    delegations.open_register(province_code=places.HUE, legal_basis="Nghị quyết 12/NQ-HĐND", by=city, at=NOW)
    return city


def grant(officer, boss, **changes):
    catalogue.procedure()
    fields = {"delegate_id": officer.id, "procedure_codes": (catalogue.BIRTH,),
              "legal_basis": "Quyết định 7/QĐ-UBND", **TERM}
    return delegations.grant(**fields | changes, by=boss, at=NOW)


def resolved(officer) -> Resolution:
    dossier = forwarded(moment=NOW, result_choice="collect")
    by = network.acting(officer)
    reception.receive(dossier_id=dossier.id, by=by, at=NOW)
    return resolution.resolve(dossier_id=dossier.id, decision_number="12/GKS", summary="Cấp giấy khai sinh", by=by,
                              at=NOW)


def test_it_is_off_until_the_citys_council_allows_it(officer, boss):
    with pytest.raises(DelegationNotAllowed):
        grant(officer, boss)
    assert resolved(officer).resolved_by_name == officer.display_name


def test_both_names_stand_under_what_a_delegate_signs(officer, boss):
    allow()
    grant(officer, boss)

    assert resolved(officer).resolved_by_name == f"{officer.display_name} (TUQ. {boss.name})"


def test_an_ended_delegation_counts_no_more_from_that_moment(officer, boss):
    allow()
    made = grant(officer, boss)

    delegations.revoke(delegation_id=made.id, reason="Điều động công tác", by=boss, at=NOW)

    assert resolved(officer).resolved_by_name == officer.display_name
    with pytest.raises(DelegationNotFound):
        delegations.revoke(delegation_id=made.id, reason="Lần nữa", by=boss, at=NOW)


def test_when_the_city_closes_the_register_nobody_signs_for_another(officer, boss):
    city = allow()
    grant(officer, boss)

    delegations.close_register(province_code=places.HUE, by=city, at=NOW)

    assert resolved(officer).resolved_by_name == officer.display_name


def test_another_procedure_is_not_covered(officer, boss):
    allow()
    catalogue.procedure(catalogue.DEATH)
    grant(officer, boss, procedure_codes=(catalogue.DEATH,))

    assert resolved(officer).resolved_by_name == officer.display_name


def test_a_delegate_cannot_pass_it_on(centre, officer, boss):
    allow()
    grant(officer, boss)
    colleague = network.officer(centre)

    with pytest.raises(DelegationNotAllowed):
        grant(colleague, network.acting(officer))


@pytest.mark.parametrize("changes", [
    {"procedure_codes": ()}, {"procedure_codes": ("9.999999",)}, {"valid_to": date(2026, 1, 12)},
    {"valid_from": date(2025, 12, 1)}, {"valid_to": date(2028, 1, 1)}, {"legal_basis": " "}])
def test_person_procedures_term_and_basis_are_checked(officer, boss, changes):
    allow()

    with pytest.raises(DelegationRefused):
        grant(officer, boss, **changes)


def test_an_officer_of_another_centre_is_refused(boss):
    allow()

    with pytest.raises(DelegationRefused):
        grant(network.officer(network.centre(places.PHU_XUAN)), boss)


def test_the_register_shows_and_ends_delegations(client, officer, boss, centre):
    client.force_login(network.centre_manager(centre))
    assert "Chưa có ai ký thay" in client.get(reverse("intake:delegations")).content.decode()
    allow()
    made = grant(officer, boss)

    shown = client.get(reverse("intake:delegations")).content.decode()
    assert officer.display_name in shown
    client.post(reverse("intake:revoke-delegation", args=[made.id]), {"reason": "Điều động"})
    assert SigningDelegation.objects.get().revoked_because == "Điều động"
