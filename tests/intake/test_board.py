"""Boards as of any moment: the same figures as the steps give one by one, whatever is counted already."""

from datetime import datetime, timedelta
from random import Random
from uuid import UUID, uuid4

import pytest
from django.core.management import CommandError, call_command
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from intake.boards import operations
from intake.boards.figures import HOURS_SHOWN, Unit, read_figures
from intake.boards.models import BoardCell, BoardSnapshot, BoardStay, BoardTotal
from intake.boards.ranking import ranking
from intake.boards.reading import board_as_of
from intake.boards.rules.counts import Counts
from intake.boards.statements import CUT_PLACES, PLACES, Cut
from intake.boards.truth import differences, slow_counts, summed
from intake.models.dossiers import Dossier, DossierStep
from intake.operations.counter_reception import CounterInput, receive_at_counter
from intake.operations.resolution import resolve
from intake.rules.states import HANDLING, Handling, HandlingAction
from intake.steps import take_step
from shared.actors import job
from shared.identifiers import spoken_code
from tests.factories import catalogue, network, places
from tests.intake.centre_cases import at, citizen, hue_centre

pytestmark = pytest.mark.django_db

START = at("2025-06-29", "20:00")
END = at("2025-07-14", "12:00")
CODES = (catalogue.CERTIFIED_COPY, catalogue.BUSINESS, catalogue.DEATH)
FINEST = tuple(name for name in PLACES if name in CUT_PLACES[Cut.CENTRE_PROCEDURE])


class Stories:
    """Dossiers that go any way the table of states allows, at any pace, some of them told late."""

    def __init__(self, random: Random) -> None:
        self.random = random
        self.centres = [hue_centre(), network.centre(places.PHU_XUAN), network.centre(places.HOAN_KIEM)]
        self.outlets = [network.outlet(), network.outlet(places.PHU_XUAN), None]
        self.procedures = [catalogue.procedure(code) for code in CODES]
        self.person = citizen()
        self.open: list[tuple[Dossier, datetime]] = []

    def begin(self, count: int) -> None:
        for _ in range(count):
            centre, outlet = self.random.choice(self.centres), self.random.choice(self.outlets)
            procedure, moment = self.random.choice(self.procedures), self._anywhere()
            dossier = Dossier.objects.create(
                client_ref=uuid4(), agent_ref=spoken_code(), code=str(uuid4()), procedure=procedure,
                procedure_code=procedure.code, citizen=self.person, province_code=centre.province_id,
                receiving_centre=centre, authority_centre=centre, outlet=outlet,
                operator=outlet.operator if outlet else None, channel="direct", result_choice="collect",
                created_at=moment, received_at=moment)
            self._take(dossier, HandlingAction.SUBMIT, moment)
            self.open.append((dossier, moment))

    def go_on(self, count: int) -> None:
        """So many steps, of dossiers chosen at random; a tenth of them told as if they had been earlier."""
        for _ in range(count):
            number = self.random.randrange(len(self.open))
            dossier, before = self.open[number]
            allowed = [action for (state, action) in HANDLING if state == Handling(dossier.handling)]
            if not allowed:
                continue
            shift = timedelta(minutes=self.random.choice((0, 7, 55, 600, 4000, 11000)))
            moment = before - shift / 9 if self.random.random() < 0.1 else before + shift
            self._take(dossier, self.random.choice(allowed), moment)
            self.open[number] = (dossier, moment)

    def _take(self, dossier: Dossier, action: HandlingAction, moment) -> None:
        if self.random.random() < 0.5:
            dossier.due_at = moment + timedelta(minutes=self.random.choice((1, 50, 3000)))
        take_step(dossier, action, by=job("test"), at=moment, also=("due_at",))

    def _anywhere(self):
        return self.random.choice(moments(self.random, 20))


def moments(random: Random, count: int):
    """Moments all over the days, whole hours and local midnights among them."""
    minutes = int((END - START).total_seconds() // 60)
    anywhere = [START + timedelta(seconds=random.randrange(60 * minutes)) for _ in range(count)]
    return [*anywhere, at("2025-07-01", "00:00"), at("2025-07-02", "00:00"), at("2025-07-03", "10:00"), END]


def slow_hours(province: str, as_of):
    """Filed, received and resolved in the hours of the three days before `as_of`, from the steps one by one."""
    since = as_of.replace(minute=0, second=0) - HOURS_SHOWN
    latest: dict[UUID, datetime] = {}
    hours: dict[tuple[datetime, str], int] = {}
    names = {"submit": "filed", "receive": "received", "resolve": "resolved"}
    for step in DossierStep.objects.filter(province_code=province).order_by("id"):
        latest[step.dossier_id] = max(step.at, latest.get(step.dossier_id, step.at))
        moment = latest[step.dossier_id]
        if step.action in names and since <= moment <= as_of:
            hour = moment.replace(minute=0, second=0, microsecond=0)
            key = (hour, names[step.action])
            hours[key] = hours.get(key, 0) + 1
    return hours


def must_be_equal(random: Random) -> None:
    chosen = moments(random, 1)
    for province in (places.HUE, places.HANOI):
        assert differences(province, chosen) == []
        for moment in chosen[-2:]:
            by_hour = read_figures(Unit(province), moment, groups={FINEST: Cut.CENTRE_PROCEDURE},
                                   with_hours=True).by_hour
            told = {(hour, name): getattr(counts, name) for hour, counts in by_hour.items()
                    for name in ("filed", "received", "resolved") if getattr(counts, name)}
            assert told == slow_hours(province, moment)


@settings(max_examples=2, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(min_value=0, max_value=2**32))
def test_boards_equal_the_steps_before_between_and_after_countings(seed):
    random = Random(seed)
    stories = Stories(random)
    stories.begin(8)
    stories.go_on(20)
    must_be_equal(random)

    operations.keep_up(at=at("2025-07-02", "11:30"))
    must_be_equal(random)
    stories.begin(4)
    stories.go_on(30)
    must_be_equal(random)
    operations.keep_up(at=END)
    must_be_equal(random)
    stories.go_on(5)
    operations.keep_up(at=END + timedelta(days=20))

    must_be_equal(random)
    assert operations.keep_up(at=END) == 0
    assert BoardSnapshot.objects.exists()


def test_making_everything_again_gives_the_same_rows():
    random = Random(7)
    stories = Stories(random)
    stories.begin(10)
    operations.keep_up(at=at("2025-07-03"))
    stories.go_on(40)
    operations.keep_up(at=END)

    def kept():
        lines = [model.objects.values_list(*names) for model, names in (
            (BoardStay, ("step_id", "stage", "from_at", "until_at", "late_at", "stuck_at")),
            (BoardTotal, ("snapshot__starts_at", "cut", *PLACES, "received", "late", "stuck")))]
        return [sorted(map(str, rows)) for rows in lines]

    before = kept()
    operations.rebuild(at=END)

    after = kept()
    assert after[0] == before[0]
    assert [line for line in after[1] if not line.endswith("0, 0, 0)")] == [
        line for line in before[1] if not line.endswith("0, 0, 0)")]
    must_be_equal(random)


def test_a_damaged_cell_is_named_and_repaired():
    stories = Stories(Random(5))
    stories.begin(6)
    operations.keep_up(at=END)
    cell = BoardCell.objects.filter(cut=Cut.CENTRE_PROCEDURE, province_code=places.HUE, filed__gt=0).first()
    BoardCell.objects.filter(id=cell.id).update(filed=cell.filed + 3)
    BoardSnapshot.objects.all().delete()

    (found,) = [each for each in differences(places.HUE, [END]) if each.measure == "filed"]
    assert found.found == found.truth + 3
    assert "by the steps" in str(found)
    assert found in operations.repair(at=END, moments={places.HUE: [END]})
    assert differences(places.HUE, [END]) == []
    assert operations.repair(at=END, moments={places.HUE: [END]}) == []


def test_the_command_compares_and_names_what_differs(capsys):
    Stories(Random(5)).begin(3)
    call_command("verify_boards", again=True, moments=1)
    assert "0 figures differed" in capsys.readouterr().out

    BoardSnapshot.objects.all().delete()
    BoardCell.objects.all().delete()
    with pytest.raises(CommandError, match="figures differ"):
        call_command("verify_boards", province=Dossier.objects.values_list("province_code", flat=True)[0], moments=0)
    assert "filed is" in capsys.readouterr().out


def test_nothing_is_lost_between_the_stages():
    stories = Stories(Random(3))
    stories.begin(12)
    stories.go_on(60)

    for moment in moments(Random(4), 6):
        total = board_as_of(places.HUE, moment).total
        assert total.filed == (total.waiting + total.in_hand + total.paused + total.result_waiting + total.returned
                               + total.ended)
        assert min(total.late, total.stuck, total.in_hand, total.returned) >= 0
        assert total.late <= total.in_hand


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


def test_a_dossier_is_late_from_the_moment_after_its_due_one_until_it_is_decided():
    centre = hue_centre()
    officer = network.acting(network.officer(centre))
    catalogue.procedure(catalogue.CERTIFIED_COPY)
    dossier = receive_at_counter(CounterInput(uuid4(), citizen().id, catalogue.CERTIFIED_COPY), by=officer,
                                 at=at("2025-07-03", "09:10"))
    due = dossier.due_at
    assert due is not None
    operations.keep_up(at=at("2025-07-03", "09:11"))
    resolve(dossier_id=dossier.id, decision_number="1", summary="x", by=officer, at=due + timedelta(minutes=30))

    def late(moment) -> int:
        return board_as_of(places.HUE, moment).total.late

    assert [late(due), late(due + timedelta(seconds=1)), late(due + timedelta(minutes=30))] == [0, 1, 0]
    assert board_as_of(places.HUE, due + timedelta(minutes=30)).total.resolved_late == 1


def received(centre, count: int) -> None:
    officer = network.acting(network.officer(centre))
    catalogue.procedure(catalogue.CERTIFIED_COPY)
    for number in range(count):
        receive_at_counter(CounterInput(uuid4(), citizen().id, catalogue.CERTIFIED_COPY), by=officer,
                           at=at("2025-07-03", "09:10") + timedelta(minutes=number))


def test_every_centre_has_its_row_and_rates_stand_on_their_base():
    centre, idle = hue_centre(), network.centre(places.PHU_XUAN)
    received(centre, 4)

    board = board_as_of(places.HUE, END)
    rows = {row.centre.id: row.count for row in board.by_centre}

    assert rows[idle.id] == Counts()
    assert rows[idle.id].rate is None
    assert (rows[centre.id].received, rows[centre.id].rate) == (4, 0)
    assert board.received == 4


def test_ties_share_a_place_and_are_never_broken():
    first, second, third = hue_centre(), network.centre(places.PHU_XUAN), network.centre(places.QUANG_DIEN)
    for centre, count in ((first, 1), (second, 3), (third, 3)):
        received(centre, count)

    ranks = ranking(board_as_of(places.HUE, END).by_centre, by="received", limit=3)

    assert [(rank.place, rank.is_shared, rank.count.received) for rank in ranks] == [
        (1, True, 3), (1, True, 3), (3, False, 1)]


@pytest.mark.parametrize("count", [1, 12])
def test_a_board_costs_the_same_however_much_was_counted(count, django_assert_num_queries):
    received(hue_centre(), count)

    with django_assert_num_queries(5):
        board_as_of(places.HUE, END)


def test_the_slow_truth_adds_up_to_any_places():
    received(hue_centre(), 2)

    truth = slow_counts(places.HUE, END)

    assert summed(truth, ()) == {(): Counts(filed=2, received=2, in_hand=2, late=2, stuck=2)}
