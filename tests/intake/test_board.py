"""The board as of any moment: exact whatever was folded, by the same figures that the steps give one by one."""

from collections import Counter
from datetime import datetime, timedelta
from random import Random
from uuid import uuid4

import pytest

from intake.models.board import BoardDelta, BoardSnapshot, BoardTotal
from intake.models.dossiers import Dossier, DossierStep
from intake.operations import board as folding
from intake.operations.counter_reception import CounterInput, receive_at_counter
from intake.operations.resolution import resolve
from intake.queries.board import HOURS_SHOWN, Count, board_as_of, board_figures, ranking
from intake.rules.states import HandlingAction
from intake.steps import take_step
from shared.actors import job
from shared.identifiers import spoken_code
from tests.factories import catalogue, network, places
from tests.intake.centre_cases import at, citizen, hue_centre

pytestmark = pytest.mark.django_db

START = at("2025-06-29", "20:00")
END = at("2025-07-04", "12:00")
CODES = (catalogue.CERTIFIED_COPY, catalogue.BUSINESS, catalogue.DEATH)


def moments(random: Random, count: int) -> list[datetime]:
    """Moments all over the days, whole hours and local midnights among them."""
    minutes = int((END - START).total_seconds() // 60)
    anywhere = [START + timedelta(seconds=random.randrange(60 * minutes)) for _ in range(count)]
    return [*anywhere, at("2025-07-01", "00:00"), at("2025-07-02", "00:00"), at("2025-07-03", "10:00"), END]


def play(random: Random, centres, count: int) -> None:
    """Receptions and resolutions at random moments, in random order, as counters and late reports give them."""
    who, person = job("test"), citizen()
    procedures = [catalogue.procedure(code) for code in CODES]
    for _ in range(count):
        centre, procedure = random.choice(centres), random.choice(procedures)
        received_at = random.choice(moments(random, 20))
        dossier = Dossier.objects.create(
            client_ref=uuid4(), agent_ref=spoken_code(), code=str(uuid4()), procedure=procedure,
            procedure_code=procedure.code, citizen=person, province_code=centre.province_id, receiving_centre=centre,
            authority_centre=centre, channel="direct", result_choice="collect", created_at=received_at,
            received_at=received_at, handling=1)
        take_step(dossier, HandlingAction.RECEIVE, by=who, at=received_at)
        if random.random() < 0.4:
            take_step(dossier, HandlingAction.START, by=who, at=received_at)
            resolved_at = received_at + timedelta(minutes=random.randrange(3000))
            take_step(dossier, HandlingAction.RESOLVE, by=who, at=resolved_at)


def slow_count(province: str, as_of: datetime) -> dict[tuple[object, str], Count]:
    """The same answer from the steps, one by one."""
    received: Counter[tuple[object, str]] = Counter()
    resolved: Counter[tuple[object, str]] = Counter()
    steps = DossierStep.objects.filter(at__lte=as_of, dossier__province_code=province)
    for step in steps.select_related("dossier"):
        pair = (step.dossier.receiving_centre_id, step.dossier.procedure_code)
        received[pair] += step.action == "receive"
        resolved[pair] += step.action == "resolve"
    return {pair: Count(received[pair], resolved[pair]) for pair in received if received[pair] or resolved[pair]}


def slow_hours(province: str, as_of: datetime) -> dict[datetime, Count]:
    """The hours of the three days before `as_of`, from the steps one by one."""
    since = as_of.replace(minute=0, second=0) - HOURS_SHOWN
    hours: dict[datetime, Count] = {}
    for step in DossierStep.objects.filter(at__gte=since, at__lte=as_of, dossier__province_code=province):
        hour = step.at.replace(minute=0, second=0)
        counted = Count(int(step.action == "receive"), int(step.action == "resolve"))
        hours[hour] = hours.get(hour, Count()) + counted
    return {hour: count for hour, count in hours.items() if count != Count()}


def must_be_equal(random: Random) -> None:
    for moment in moments(random, 12):
        for province in (places.HUE, places.HANOI):
            figures = board_figures(province, moment)
            assert figures.by_pair == slow_count(province, moment), moment
            assert figures.by_hour == slow_hours(province, moment), moment


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_board_equals_the_steps_before_between_and_after_foldings(seed):
    random = Random(seed)
    centres = [hue_centre(), network.centre(places.PHU_XUAN), network.centre(places.HOAN_KIEM)]

    play(random, centres, 40)
    must_be_equal(random)
    folding.fold_board(at=at("2025-07-02", "11:30"))
    must_be_equal(random)
    play(random, centres, 30)
    must_be_equal(random)
    folding.fold_board(at=END)
    must_be_equal(random)
    play(random, centres, 5)
    folding.fold_board(at=END + timedelta(days=2))
    must_be_equal(random)

    assert not BoardDelta.objects.filter(is_folded=False).exists()
    assert BoardSnapshot.objects.exists()


def test_rebuilding_from_the_steps_gives_the_same_rows_and_snapshots():
    random = Random(7)
    play(random, [hue_centre(), network.centre(places.PHU_XUAN)], 60)
    folding.fold_board(at=END)

    def kept():
        deltas = BoardDelta.objects.values_list("hour", "centre_id", "procedure_code", "received", "resolved")
        totals = BoardTotal.objects.values_list(
            "snapshot__starts_at", "centre_id", "procedure_code", "received", "resolved")
        return sorted(map(str, deltas)), sorted(map(str, totals))

    before = kept()
    folding.rebuild_board(at=END)

    assert kept() == before
    must_be_equal(random)


def test_folding_nothing_changes_nothing():
    assert folding.fold_board(at=END) == 0


def test_a_dossier_counts_at_its_very_second_and_not_before():
    centre = hue_centre()
    officer = network.acting(network.officer(centre))
    catalogue.procedure(catalogue.CERTIFIED_COPY)
    ten = at("2025-07-03", "10:00")
    counter = CounterInput(uuid4(), citizen().id, catalogue.CERTIFIED_COPY)
    dossier = receive_at_counter(counter, by=officer, at=ten)
    resolve(dossier_id=dossier.id, decision_number="1", summary="Đã chứng thực", by=officer, at=ten)

    assert board_as_of(places.HUE, ten - timedelta(seconds=1)).received == 0
    board = board_as_of(places.HUE, ten)
    assert (board.received, board.resolved) == (1, 1)
    assert board.by_procedure[0].name.vi.startswith("Chứng thực bản sao")
    assert board.by_hour[0].starts_at == ten


def test_every_centre_has_its_row_and_rates_stand_on_their_base():
    centre, idle = hue_centre(), network.centre(places.PHU_XUAN)
    play(Random(4), [centre], 10)

    board = board_as_of(places.HUE, END + timedelta(days=3))
    rows = {row.centre.id: row.count for row in board.by_centre}

    assert rows[idle.id] == Count(0, 0)
    assert rows[idle.id].rate is None
    assert rows[centre.id].received == 10
    assert rows[centre.id].rate == 10 * rows[centre.id].resolved
    assert board.received == 10


def test_ties_share_a_place_and_are_never_broken():
    first, second, third = hue_centre(), network.centre(places.PHU_XUAN), network.centre(places.QUANG_DIEN)
    for centre, count in ((first, 2), (second, 5), (third, 5)):
        play(Random(1), [centre], count)

    ranks = ranking(board_as_of(places.HUE, END + timedelta(days=3)).by_centre, by="received", limit=3)

    assert [(rank.place, rank.is_shared, rank.count.received) for rank in ranks] == [
        (1, True, 5), (1, True, 5), (3, False, 2)]


@pytest.mark.parametrize("count", [1, 25])
def test_a_board_costs_the_same_however_much_was_counted(count, django_assert_num_queries):
    play(Random(2), [hue_centre(), network.centre(places.PHU_XUAN)], count)

    with django_assert_num_queries(4):
        board_as_of(places.HUE, END)
