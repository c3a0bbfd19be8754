"""What a citizen reads about her dossier: whose turn, until when, what it costs whom, and who looked."""

from datetime import datetime, timedelta

import pytest
from django.utils.translation import override

from intake.operations import citizens as citizen_operations
from intake.operations import reception, supplements
from intake.operations.supplements import MissingThing
from intake.queries.stories import Stories
from intake.records import DocumentRef, PlaceChoice
from intake.rules.states import Handling, ResultState
from intake.rules.turns import turn_of
from tests.factories import dossiers, network
from tests.factories.dossiers import counter
from tests.intake.moments import MONDAY_MORNING

pytestmark = pytest.mark.django_db(transaction=True)


def minutes_later(minutes: int) -> datetime:
    return MONDAY_MORNING + timedelta(minutes=minutes)


@pytest.fixture
def at(rate_book):
    return counter()


def story_of(dossier, now=MONDAY_MORNING):
    story = Stories().tell(dossier.id, now)
    assert story is not None
    return story


def received(at):
    dossier = dossiers.forwarded(at)
    officer = network.acting(network.officer(at.centre))
    reception.receive(dossier_id=dossier.id, by=officer, at=minutes_later(60))
    dossier.refresh_from_db()
    return dossier, officer


def test_a_dossier_is_found_by_either_code_and_a_draft_by_none(at):
    dossier, _officer = received(at)

    assert Stories().find(dossier.code) == Stories().find(dossier.agent_ref) == dossier.id
    assert Stories().find("NOTHING") is None
    type(dossier).objects.filter(id=dossier.id).update(handling=Handling.DRAFT)
    assert Stories().find(dossier.agent_ref) is None


def test_the_citizens_own_phone_opens_it(at):
    dossier = at.submit()

    assert Stories().phone_of(dossier.id) == at.citizen.phone
    assert at.citizen.phone


def test_while_it_is_handled_it_is_the_authoritys_turn_until_the_due_moment(at):
    dossier, _officer = received(at)

    story = story_of(dossier, minutes_later(90))

    assert (story.turn, story.turn_name) == ("authority", at.centre.authority_name)
    assert story.promised_at == dossier.due_at
    assert story.steps[0].words == "Nộp hồ sơ"
    assert story.reference == dossier.code


def test_who_pays_what_adds_up_to_the_price_she_was_shown(at):
    dossier = at.submit()
    shares = sum(payment.amount.amount for payment in story_of(dossier).payments)
    pricing = dossier.quote

    assert shares == (pricing["fee"]["amount"] or 0) + sum(
        (pricing[way] or {"gross": 0})["gross"] for way in ("out", "home"))


def test_who_looked_is_told_by_name_and_place_once_each(at):
    dossier, officer = received(at)
    citizen_operations.see_citizen(citizen_id=at.citizen.id, by=at.by, at=minutes_later(61))

    views = story_of(dossier, minutes_later(90)).views

    names = [view.name for view in views]
    assert sorted(names) == sorted({at.by.name, officer.name})
    assert any(at.outlet.name in view.purpose for view in views)


def test_missing_papers_are_asked_for_in_words(at):
    dossier, officer = received(at)
    missing = MissingThing("giay_chung_sinh", "not-signed", "Giấy chứng sinh chưa ký")
    supplements.ask(dossier_id=dossier.id, by=officer, at=minutes_later(70), reasons=(missing,))

    story = story_of(dossier, minutes_later(90))

    assert (story.turn, story.is_paused) == ("citizen", True)
    assert "Giấy chứng sinh chưa ký" in story.bring[0].reason
    assert story.bring_to.name == at.outlet.name


def test_the_story_is_told_in_english_as_well(at):
    dossier, _officer = received(at)
    with override("en"):
        story = story_of(dossier, minutes_later(90))

    assert story.turn_words == "Your dossier is being handled."


@pytest.mark.parametrize("handling", list(Handling))
@pytest.mark.parametrize("result", list(ResultState))
def test_it_is_always_somebodys_turn(handling, result):
    for has_centre in (True, False):
        turn = turn_of(handling, result, has_centre=has_centre, is_forwarded=has_centre)
        assert turn.words.vi
        assert turn.words.en


def test_dossiers_of_the_same_visit_know_each_other_and_drafts_stay_unnamed(at):
    from intake.models.counter import EventBundle
    from shared.ids import uuid7
    from tests.factories import catalogue

    catalogue.procedure(catalogue.EXTRACT)
    first = at.submit()
    second = at.submit(procedure_code=catalogue.EXTRACT, documents=(DocumentRef("to_khai"),),
                       place=PlaceChoice(commune_code=at.outlet.commune_id))
    bundle = EventBundle.objects.create(client_ref=uuid7(), event_code="birth", outlet=at.outlet, citizen=at.citizen,
                                        created_at=MONDAY_MORNING, created_by=at.by.id)
    type(first).objects.filter(id__in=[first.id, second.id]).update(bundle=bundle)

    assert [each.reference for each in story_of(first).siblings] == [second.agent_ref]
    type(first).objects.filter(id=second.id).update(handling=Handling.DRAFT)
    assert story_of(first).siblings == ()
