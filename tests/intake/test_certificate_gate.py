"""Who lacks the certificate that her city asks for takes no dossier; drafts and machines are not asked."""

from dataclasses import replace
from datetime import timedelta

import pytest

from agents.models.people import StaffAccount
from intake.admission import admission_of
from intake.errors import CertificateMissing, GroupNotYours
from intake.models.dossiers import Dossier
from intake.operations import drafts
from shared.actors import Actor, ActorKind
from tests.agents.training_cases import certified, gate_from, load_courses
from tests.factories import dossiers
from tests.intake.moments import MONDAY_MORNING

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("rate_book")]


def test_intake_refuses_a_clerk_without_certificate_keeps_her_draft_and_lets_her_in_afterwards():
    load_courses()
    counter = dossiers.counter()
    gate_from(counter.centre.province_id, MONDAY_MORNING.date())

    with pytest.raises(CertificateMissing) as refusal:
        counter.submit()
    assert refusal.value.facts["courses"] == ["acting-for-a-citizen", "civil-status"]
    assert not Dossier.objects.exists()

    for code in ("acting-for-a-citizen", "civil-status"):
        certified(counter.clerk, code, MONDAY_MORNING - timedelta(days=1))
    assert counter.submit().id


def test_a_gate_that_does_not_hold_yet_changes_nothing():
    load_courses()
    counter = dossiers.counter()
    gate_from(counter.centre.province_id, MONDAY_MORNING.date() + timedelta(days=1))

    assert counter.submit().id


def test_a_draft_is_kept_and_a_machine_is_not_asked():
    load_courses()
    counter = dossiers.counter()
    gate_from(counter.centre.province_id, MONDAY_MORNING.date())

    assert drafts.save_draft(counter.filing(), by=counter.by, at=MONDAY_MORNING).id
    machine = Actor(ActorKind.MACHINE, "kiosk", outlet_id=counter.outlet.id)
    assert admission_of("civil_status", by=machine, on=MONDAY_MORNING.date()).is_open


def test_the_page_says_why_and_leads_to_the_course(client):
    load_courses()
    counter = dossiers.counter()
    client.force_login(counter.clerk)
    gate_from(counter.centre.province_id, MONDAY_MORNING.date())

    page = client.get("/quay/ho-so-moi/", {"procedure": "1.001193"}).content.decode()

    assert "/dao-tao/khoa/acting-for-a-citizen/" in page
    assert "/dao-tao/khoa/civil-status/" in page
    assert "Cần đạt bài kiểm tra trước" in page


def test_a_clerk_takes_no_dossier_of_a_group_that_she_was_not_given_and_the_page_says_so(client):
    counter = dossiers.counter()
    bound = replace(counter, by=replace(counter.by, groups=frozenset({"land"})))

    with pytest.raises(GroupNotYours):
        bound.submit()
    assert not Dossier.objects.exists()
    StaffAccount.objects.filter(id=counter.clerk.id).update(procedure_groups=["land"])
    client.force_login(counter.clerk)
    page = client.get("/quay/ho-so-moi/", {"procedure": "1.001193"}).content.decode()
    assert "Bạn không được giao nhóm thủ tục này" in page
    assert counter.submit().id
