"""Acting for a citizen: one at a time, with a yes to each purpose."""

from datetime import timedelta

import pytest

from intake.errors import CitizenNotFound, ConsentMissing, NoOpenSession, NotAnOutlet, SessionAlreadyOpen
from intake.models.citizens import ActingSession, Citizen, Consent
from intake.operations import citizens, sessions
from intake.queries.sessions import agrees_to, has_consent
from shared.models.messages import OutboxMessage
from tests.factories import network
from tests.factories.citizens import citizen, national_id, session
from tests.intake.moments import MONDAY_MORNING as NOW
from tests.intake.moments import local

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


def test_taking_back_the_help_itself_ends_the_session():
    by = network.acting(network.clerk())
    opened = begin(citizen(by), by, "assist_filing", "notify")

    sessions.withdraw_consent(session_id=opened.id, purpose="assist_filing", by=by, at=NOW)

    opened.refresh_from_db()
    assert (opened.closed_at, opened.closed_because) == (NOW, "withdrawn")
    assert OutboxMessage.objects.filter(event="ConsentWithdrawn", stream=f"citizen:{opened.citizen_id}").exists()


def test_a_yes_can_be_taken_back_by_telephone_long_after_the_session():
    by = network.acting(network.clerk())
    who = citizen(by)
    opened = begin(who, by, "assist_filing", "notify")
    sessions.close_session(session_id=opened.id, by=by, at=NOW)
    assert agrees_to(who.id, "notify")

    sessions.withdraw_at_any_time(citizen_id=who.id, purpose="notify", channel="phone", by=by, at=NOW)

    assert not agrees_to(who.id, "notify")
    assert Consent.objects.filter(purpose="notify").order_by("-id")[0].channel == "phone"
    with pytest.raises(ConsentMissing):
        sessions.withdraw_at_any_time(citizen_id=who.id, purpose="notify", channel="phone", by=by, at=NOW)


def test_another_outlet_takes_no_consent_back():
    who = citizen()
    with pytest.raises(CitizenNotFound):
        sessions.withdraw_at_any_time(citizen_id=who.id, purpose="notify", channel="phone",
                                      by=network.acting(network.clerk()), at=NOW)


def test_taking_back_the_help_by_telephone_ends_what_is_open():
    by = network.acting(network.clerk())
    opened = begin(citizen(by), by)

    sessions.withdraw_at_any_time(citizen_id=opened.citizen_id, purpose="assist_filing", channel="paper", by=by, at=NOW)

    opened.refresh_from_db()
    assert opened.closed_because == "withdrawn"


@pytest.mark.parametrize(("minutes", "because"), [(30, ""), (46, "idle")])
def test_an_idle_session_ends_by_itself(minutes, because):
    by = network.acting(network.clerk())
    opened = begin(citizen(by), by)

    sessions.end_forgotten_sessions(at=NOW + timedelta(minutes=minutes))

    opened.refresh_from_db()
    assert opened.closed_because == because


def test_a_session_in_which_something_is_done_goes_on():
    by = network.acting(network.clerk())
    opened = begin(citizen(by), by)
    sessions.keep_alive(session_id=opened.id, by=by, at=NOW + timedelta(minutes=40))

    assert sessions.end_forgotten_sessions(at=NOW + timedelta(minutes=80)) == 0


def test_at_closing_time_nobody_is_acted_for_any_more():
    clerk = network.clerk()
    assert clerk.outlet is not None
    network.opening_hours(clerk.outlet)
    by = network.acting(clerk)
    evening = local("2026-01-12 16:50")
    opened = sessions.open_session(citizen_id=citizen(by).id, purposes=("assist_filing",), by=by, at=evening)

    assert sessions.end_forgotten_sessions(at=local("2026-01-12 17:25")) == 0
    assert sessions.end_forgotten_sessions(at=local("2026-01-12 17:31")) == 1
    opened.refresh_from_db()
    assert opened.closed_because == "closing_time"
