"""Acting for a citizen: one at a time, with a yes to each purpose."""

import pytest

from intake.errors import CitizenNotFound, ConsentMissing, NoOpenSession, NotAnOutlet, SessionAlreadyOpen
from intake.models.citizens import ActingSession, Citizen, Consent
from intake.operations import citizens, sessions
from intake.queries.sessions import has_consent
from tests.factories import network
from tests.factories.citizens import citizen, national_id, session
from tests.intake.moments import MONDAY_MORNING as NOW

pytestmark = pytest.mark.django_db


def begin(who: Citizen, by, *purposes: str) -> ActingSession:
    return sessions.open_session(citizen_id=who.id, purposes=purposes or ("assist_filing",), by=by, at=NOW)


def test_each_purpose_is_a_consent_of_its_own():
    clerk = network.clerk()
    by = network.acting(clerk)

    opened = begin(citizen(by), by, "assist_filing", "deliver_home")

    given = Consent.objects.filter(session=opened).order_by("id")
    assert [(each.purpose, each.is_given, each.witness_id) for each in given] == [
        ("assist_filing", True, clerk.id), ("deliver_home", True, clerk.id)]


def test_without_a_yes_to_the_filing_nobody_acts():
    by = network.acting(network.clerk())
    with pytest.raises(ConsentMissing):
        begin(citizen(by), by, "notify")

    assert not ActingSession.objects.exists()


def test_a_clerk_acts_for_one_citizen_at_a_time():
    by = network.acting(network.clerk())
    first, second = citizen(by), citizen(by)
    begin(first, by)

    with pytest.raises(SessionAlreadyOpen) as refusal:
        begin(second, by)
    assert refusal.value.facts["citizen_id"] == str(first.id)

    sessions.close_session(session_id=ActingSession.objects.get().id, by=by, at=NOW)
    assert begin(second, by).citizen_id == second.id


def test_opening_again_adds_only_what_is_new():
    by = network.acting(network.clerk())
    who = citizen(by)

    assert begin(who, by).id == begin(who, by, "assist_filing", "notify").id
    assert sorted(Consent.objects.values_list("purpose", flat=True)) == ["assist_filing", "notify"]


def test_a_consent_can_be_taken_back_and_both_stay_written():
    by = network.acting(network.clerk())
    opened = begin(citizen(by), by, "assist_filing", "notify")

    sessions.withdraw_consent(session_id=opened.id, purpose="notify", by=by, at=NOW)

    assert not has_consent(opened, "notify")
    words = Consent.objects.filter(purpose="notify").order_by("id")
    assert [word.is_given for word in words] == [True, False]


def test_an_outlet_reaches_a_stranger_only_after_finding_her_by_number():
    number = national_id()
    who = citizen(national_id=number)
    by = network.acting(network.clerk())
    with pytest.raises(CitizenNotFound):
        begin(who, by)

    citizens.find_by_national_id(national_id=number, purpose="tiếp nhận hồ sơ", by=by, at=NOW)

    assert begin(who, by).citizen_id == who.id
    assert Citizen.objects.seen_by(by).filter(id=who.id).exists()


def test_a_centre_does_not_act_for_citizens():
    who = citizen()
    with pytest.raises(NotAnOutlet):
        begin(who, network.acting(network.officer()))


def test_nobody_closes_the_session_of_another_clerk():
    clerk = network.clerk()
    opened = session(citizen(network.acting(clerk)), clerk)
    colleague = network.acting(network.clerk(clerk.outlet))

    with pytest.raises(NoOpenSession):
        sessions.close_session(session_id=opened.id, by=colleague, at=NOW)

    closed = sessions.close_session(session_id=opened.id, by=network.acting(clerk), at=NOW)
    assert sessions.close_session(session_id=opened.id, by=network.acting(clerk), at=NOW).closed_at == closed.closed_at
