"""Requests that come at the same moment, on the real database: one client_ref is one dossier."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier

import pytest
from django.db import connection

from intake.errors import CitizenAlreadyRegistered, ClientRefReused, SessionAlreadyOpen
from intake.models.citizens import ActingSession, Citizen
from intake.models.decisions import Forwarding
from intake.models.dossiers import Dossier, DossierStep
from intake.operations import citizens, drafts, forwarding, sessions, submission
from shared.models.messages import OutboxMessage
from tests.factories import citizens as people
from tests.factories import dossiers, network, places
from tests.intake.moments import MONDAY_MORNING as NOW

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("rate_book")]
AT_ONCE = 8


def at_once(*calls):
    """What each call gave or raised, all of them started at the same moment."""
    start = Barrier(len(calls))

    def run(call):
        try:
            start.wait()
            return call()
        except Exception as error:  # noqa: BLE001  # the test looks at it
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


def test_the_same_submission_sent_at_once_is_one_dossier():
    counter = dossiers.counter()
    filing = counter.filing()

    answers = at_once(*[lambda: submission.submit_dossier(filing, by=counter.by, at=NOW)] * AT_ONCE)

    assert {answer.id for answer in answers} == {Dossier.objects.get().id}
    assert DossierStep.objects.filter(action="submit").count() == 1
    assert OutboxMessage.objects.filter(event="DossierSubmitted").count() == 1


def test_of_two_contents_under_one_client_ref_exactly_one_is_taken():
    counter = dossiers.counter()
    filing = counter.filing()
    filings = [replace(filing, copies=copies) for copies in range(1, AT_ONCE + 1)]

    answers = at_once(*[lambda each=each: submission.submit_dossier(each, by=counter.by, at=NOW) for each in filings])

    assert sum(isinstance(answer, Dossier) for answer in answers) == 1
    assert sum(isinstance(answer, ClientRefReused) for answer in answers) == AT_ONCE - 1
    assert Dossier.objects.count() == 1


def test_a_draft_submitted_twice_at_once_is_submitted_once():
    counter = dossiers.counter()
    draft = drafts.save_draft(counter.filing(), by=counter.by, at=NOW)

    at_once(*[lambda: submission.submit_draft(dossier_id=draft.id, by=counter.by, at=NOW)] * AT_ONCE)

    assert DossierStep.objects.filter(action="submit").count() == 1


def test_the_same_person_registered_at_two_counters_at_once_is_one_citizen():
    places.commune()
    number = people.national_id()
    actors = [network.acting(network.clerk()) for _ in range(AT_ONCE)]

    answers = at_once(*[lambda by=by: citizens.register_citizen(typed=people.entries(national_id=number), by=by, at=NOW)
                        for by in actors])

    assert sum(isinstance(answer, Citizen) for answer in answers) == 1
    assert sum(isinstance(answer, CitizenAlreadyRegistered) for answer in answers) == AT_ONCE - 1
    assert Citizen.objects.count() == 1


def test_a_clerk_opens_one_session_however_many_tabs():
    by = network.acting(network.clerk())
    several = [people.citizen(by) for _ in range(AT_ONCE)]

    answers = at_once(*[lambda who=who: sessions.open_session(
        citizen_id=who.id, purposes=["assist_filing"], by=by, at=NOW) for who in several])

    assert sum(isinstance(answer, ActingSession) for answer in answers) == 1
    assert sum(isinstance(answer, SessionAlreadyOpen) for answer in answers) == AT_ONCE - 1


def test_two_workers_forward_a_dossier_once():
    dossier = dossiers.submitted()

    at_once(*[lambda: forwarding.forward_electronically(dossier_id=dossier.id, at=NOW)] * AT_ONCE)

    assert Forwarding.objects.count() == 1
    assert DossierStep.objects.filter(action="forward").count() == 1
