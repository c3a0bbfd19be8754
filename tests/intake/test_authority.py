"""Where the rules cannot tell: a question with an owner and a due moment, one answer, and the dossier goes on."""

import pytest

from intake.errors import AnswerRefused, NotYourQuestion, QuestionNotFound
from intake.models.dossiers import Dossier
from intake.models.routing import AuthorityQuestion
from intake.operations import authority
from intake.records import PlaceChoice, route_from_data
from intake.rules.states import Handling
from shared.ids import uuid7
from shared.models.oversight import WorkItem
from shared.outbox import relay
from shared.roles import Role
from tests.factories import dossiers, network, places
from tests.intake.moments import MONDAY_MORNING as NOW
from tests.intake.moments import local

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("rate_book")]


@pytest.fixture
def unclear():
    """A dossier of a counter in Hà Nội whose deciding commune, Cống Vị, was split."""
    counter = dossiers.counter(places.HOAN_KIEM)
    places.former_commune(places.CONG_VI)
    return counter.submit(place=PlaceChoice(former_commune_code=places.CONG_VI))


def answer(question: AuthorityQuestion, centre, by, basis: str = "Nghị quyết 1656/NQ-UBTVQH15") -> Dossier:
    return authority.answer_authority_question(question_id=question.id, centre_id=centre.id, legal_basis=basis, by=by,
                                               at=NOW)


def test_an_unclear_authority_becomes_a_question_that_somebody_owns(unclear):
    question = AuthorityQuestion.objects.get()
    item = WorkItem.objects.get()

    assert (question.dossier_id, question.cause) == (unclear.id, "split-unit")
    assert question.due_at == local("2026-01-13 09:30")
    assert (item.kind, item.owner_role, item.owner_place) == ("authority-unclear", "centre_manager", places.HANOI)
    assert (unclear.handling, unclear.authority_centre_id) == (Handling.REGISTERED, None)


def test_the_provincial_centre_owns_it_where_there_is_one():
    counter = dossiers.counter()
    provincial = network.provincial_centre()
    places.commune(places.PHU_XUAN)

    counter.submit(place=PlaceChoice(places.PHU_XUAN))

    assert WorkItem.objects.get().owner_place == provincial.agency_code
    assert AuthorityQuestion.objects.get().cause == "no-centre"


def test_it_waits_and_after_the_answer_it_goes_on_by_itself(unclear):
    relay.drain()
    assert not Dossier.objects.in_inbox().exists()
    centre = network.centre(places.NGOC_HA)

    answer(AuthorityQuestion.objects.get(), centre, network.acting(network.centre_manager(centre)))
    relay.drain()

    unclear.refresh_from_db()
    assert Dossier.objects.in_inbox().get().id == unclear.id
    assert (unclear.authority_centre_id, unclear.receiving_centre_id) == (centre.id, centre.id)
    route = route_from_data(unclear.route)
    assert route is not None
    assert "Nghị quyết 1656/NQ-UBTVQH15" in route.reason.vi
    assert WorkItem.objects.get().closed_at == NOW


def test_a_question_is_answered_once(unclear):
    question = AuthorityQuestion.objects.get()
    centre = network.centre(places.NGOC_HA)
    by = network.acting(network.centre_manager(centre))
    answer(question, centre, by)

    with pytest.raises(QuestionNotFound):
        answer(question, network.centre(places.GIANG_VO), by)


@pytest.mark.parametrize("make", [network.officer, network.clerk, network.auditor])
def test_only_centre_managers_answer(unclear, make):
    with pytest.raises(NotYourQuestion):
        answer(AuthorityQuestion.objects.get(), network.centre(places.NGOC_HA), network.acting(make()))


def test_a_manager_of_another_province_does_not_see_it(unclear):
    stranger = network.centre_manager(network.centre(places.PHONG_DINH))

    with pytest.raises(QuestionNotFound):
        answer(AuthorityQuestion.objects.get(), network.centre(places.NGOC_HA), network.acting(stranger))


def test_an_answer_needs_its_legal_basis_and_a_centre_of_the_province(unclear):
    question = AuthorityQuestion.objects.get()
    centre = network.centre(places.NGOC_HA)
    by = network.acting(network.centre_manager(centre))

    with pytest.raises(AnswerRefused):
        answer(question, centre, by, basis="  ")
    with pytest.raises(AnswerRefused):
        answer(question, network.centre(places.PHONG_DINH), by)
    with pytest.raises(AnswerRefused):
        authority.answer_authority_question(question_id=question.id, centre_id=uuid7(), legal_basis="Luật", by=by,
                                            at=NOW)
    assert AuthorityQuestion.objects.get().answered_at is None


def test_an_administrator_may_answer_for_any_province(unclear):
    admin = network.staff(Role.ADMINISTRATOR, "Quản trị")

    settled = answer(AuthorityQuestion.objects.get(), network.centre(places.NGOC_HA), network.acting(admin))

    assert settled.authority_centre_id is not None
