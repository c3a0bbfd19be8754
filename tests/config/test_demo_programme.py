"""The demo's programme: operators under agreements, a pilot that was signed, a phase that waits, and nothing stops."""

from datetime import timedelta

import pytest

from agents.programme.models import OperatorAgreement, PhaseDecision, Programme, ProgrammeOperator, ProgrammePhase
from config.demo import programme
from tests.factories import network, places
from tests.intake.moments import MONDAY_MORNING as NOW

pytestmark = pytest.mark.django_db


def test_a_phase_runs_by_four_eyes_another_waits_and_the_programme_does_not_hold_yet():
    network.outlet(places.HOAN_KIEM, code="HNI-001")
    network.other_operator()
    for username in ("chuongtrinh.hanoi", "chuongtrinh2.hanoi"):
        account = network.programme_officer()
        account.username = username
        account.save(update_fields=["username"])

    programme.tell(NOW)
    programme.tell(NOW + timedelta(hours=1))

    assert Programme.objects.get().holds_from is None
    assert list(ProgrammePhase.objects.order_by("number").values_list("state", flat=True)) == [
        "running", "planned", "planned"]
    signed, waiting = PhaseDecision.objects.order_by("proposed_at")
    assert (signed.state, waiting.state) == ("signed", "proposed")
    assert signed.decided_by != signed.proposed_by
    assert waiting.measured
    assert set(ProgrammeOperator.objects.values_list("operator__code", "state")) == {
        ("VNPOST", "active"), ("VTPOST", "active")}
    assert OperatorAgreement.objects.count() == 2
