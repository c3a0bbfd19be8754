"""Queue, inbox and desk: what they show to whom, in a constant number of queries."""

import pytest

from intake.errors import DossierNotFound
from intake.operations import reception, resolution, supplements
from intake.operations.supplements import MissingThing
from intake.queries.centre import arrivals_count, inbox, queue
from intake.queries.desk import find_desk
from intake.rules.states import Handling
from tests.factories import catalogue, network, places
from tests.intake.centre_cases import WEDNESDAY, at, forwarded, hue_centre

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer():
    return network.acting(network.officer(hue_centre()))


def received(officer, moment=WEDNESDAY, **fields):
    dossier = forwarded(moment=moment, **fields)
    return reception.receive(dossier_id=dossier.id, by=officer, at=moment)


def test_the_queue_is_ordered_by_what_is_left_and_paused_clocks_stand_apart(officer):
    permit = received(officer, code=catalogue.PERMIT, name="Phan Văn Đức")
    extract = received(officer, code=catalogue.EXTRACT, name="Nguyễn Thị Bé")
    business = received(officer, code=catalogue.BUSINESS, name="Đặng Hữu Phước")
    supplements.ask(dossier_id=business.id, reasons=(MissingThing("other", "other", "Ảnh"),), by=officer, at=WEDNESDAY)
    collected = received(officer, code=catalogue.DEATH, result_choice="collect")
    resolution.resolve(dossier_id=collected.id, decision_number="1", summary="x", by=officer, at=WEDNESDAY)

    seen = queue(officer, now=at("2025-07-03", "08:10"))

    assert [row.id for row in seen.running] == [extract.id, permit.id]
    assert [row.deadline.look for row in seen.running] == ["late", "run"]
    assert [(row.id, row.deadline.look) for row in seen.paused] == [(business.id, "pause")]
    assert [row.id for row in seen.to_hand_over] == [collected.id]


def test_an_officer_may_look_at_her_own_and_what_is_nobodys(officer):
    mine = received(officer)
    received(network.acting(network.officer(hue_centre())))

    seen = queue(officer, now=WEDNESDAY, only_mine=True)

    assert [row.id for row in seen.running] == [mine.id]
    assert seen.running[0].is_mine


def test_papers_on_their_way_are_not_among_what_has_arrived(officer):
    online = forwarded()
    travelling = forwarded(channel="post", code=catalogue.BUSINESS)
    handed_over = forwarded(channel="post", code=catalogue.BUSINESS, handed_over_at=WEDNESDAY)

    seen = inbox(officer)

    assert {row.id for row in seen.arrived} == {online.id, handed_over.id}
    assert [row.id for row in seen.expected] == [travelling.id]
    assert arrivals_count(officer) == 2


def test_another_centres_arrivals_are_not_shown(officer):
    forwarded(centre=network.centre(places.PHU_XUAN))

    assert inbox(officer).arrived == ()


def test_the_desk_shows_the_published_papers_and_the_trace_and_no_number(officer):
    dossier = received(officer, code=catalogue.BUSINESS)

    desk = find_desk(dossier.id, actor=officer, now=WEDNESDAY)

    assert desk.code == "H57.31-250702-0001"
    assert desk.handling == Handling.RECEIVED
    assert [paper.code for paper in desk.papers] == [paper["code"] for paper in dossier.procedure.documents]
    assert {paper.state for paper in desk.papers} == {"missing"}
    assert [step.action for step in desk.trail] == ["submit", "forward", "receive"]
    assert desk.citizen.national_id_masked == "046•••••4127"


def test_a_dossier_of_another_centre_is_not_found(officer):
    dossier = forwarded(centre=network.centre(places.PHU_XUAN))

    with pytest.raises(DossierNotFound):
        find_desk(dossier.id, actor=officer, now=WEDNESDAY)


@pytest.mark.parametrize("count", [1, 15])
def test_queue_and_inbox_cost_the_same_however_long(count, officer, django_assert_num_queries):
    for _ in range(count):
        forwarded()
        received(officer)
    queue(officer, now=WEDNESDAY)

    with django_assert_num_queries(3):
        queue(officer, now=WEDNESDAY)
    with django_assert_num_queries(2):
        inbox(officer)


@pytest.mark.parametrize("rounds", [1, 5])
def test_the_desk_costs_the_same_however_much_has_happened(rounds, officer, django_assert_max_num_queries):
    dossier = received(officer, code=catalogue.BUSINESS)
    for round_ in range(rounds):
        supplements.ask(dossier_id=dossier.id, reasons=(MissingThing("other", "other", "Ảnh"),), by=officer,
                        at=WEDNESDAY, again_because="x" if round_ else "")
        supplements.answer(dossier_id=dossier.id, text="", by=officer, at=WEDNESDAY)

    with django_assert_max_num_queries(10):
        find_desk(dossier.id, actor=officer, now=WEDNESDAY)
