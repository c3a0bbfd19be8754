"""An outlet's move: asked, surveyed, decided by somebody else, told, carried out on its day, or called off."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from agents.accreditation import steps, surveying
from agents.accreditation.models import Accreditation
from agents.accreditation.rules import CHECKLIST, Mark
from agents.accreditation.surveying import Marked
from agents.announcements.models import Announcement
from agents.errors import InvalidOutlet, NotYourRole, OutletNotFound
from agents.moves import carrying_out, operations, places, telling
from agents.moves.errors import InvalidOutletMove, NotTheAsker, OutletMoveImpossible, OutletMoveNotFound
from agents.moves.events import OutletMoveApproved, OutletMoveCalledOff, OutletMoved
from agents.moves.models import OutletMove
from agents.moves.operations import WAITING, NewPlace
from agents.moves.rules import FINAL, MOVES, MoveState, MoveStep
from agents.operations.outlets import Site
from agents.public import nearest_outlets
from agents.queries import outlet_info, outlets
from shared.ids import uuid7
from shared.models.messages import OutboxMessage
from shared.models.oversight import AuditEntry, WorkItem
from shared.roles import Role
from tests.agents import accredited
from tests.agents.factories import make_centre, make_commune, make_operator, make_outlet, make_province, moment, staff

pytestmark = pytest.mark.django_db
NOON = moment("2025-07-03 12:00")
DAY = date(2025, 7, 14)
THERE = (16.47, 107.60)
BASIS = "Công văn minh hoạ 12/CV-TP"


@pytest.fixture(autouse=True)
def _today(time_machine):
    time_machine.move_to(NOON, tick=False)


@pytest.fixture
def outlet():
    return make_outlet(code="HUE-001", commune=make_commune(name="Kim Long"), address="3 Kim Long")


@pytest.fixture
def manager(outlet):
    return staff(Role.OUTLET_MANAGER, outlet=outlet).actor


@pytest.fixture
def officers():
    return [staff(Role.PROGRAMME_OFFICER, province=make_province(), display_name=name).actor
            for name in ("Phan Thị Thu Hà", "Lê Văn Bình")]


def new_place(**more):
    commune = more.pop("commune", None) or make_commune(name="Hương Long")
    return NewPlace(Site(commune.code, more.pop("address", "15 Nguyễn Phúc Nguyên"), *more.pop("point", THERE)),
                    **{"effective_from": DAY} | more)


def asked(outlet, by, **more):
    return operations.ask_move(outlet_id=outlet.id, place=new_place(**more), reason="Hết hạn thuê nhà", by=by, at=NOON)


def decided(move, by, step=MoveStep.APPROVE, at=NOON):
    return operations.decide_move(move_id=move.id, step=step, decision=BASIS, by=by, at=at)


def events(kind):
    return OutboxMessage.objects.filter(event__endswith=kind.__name__).count()


def test_a_move_is_asked_decided_and_carried_out_on_its_day(outlet, manager, officers):
    move = asked(outlet, manager, phone="02343999999")
    waiting = WorkItem.objects.get(kind=WAITING)
    assert (waiting.owner_role, waiting.owner_place) == ("programme_officer", "46")
    decided(move, officers[0])
    assert not WorkItem.objects.filter(kind=WAITING, closed_at=None).exists()

    assert carrying_out.carry_out_due(at=moment("2025-07-13 23:59")) == 0
    outlet.refresh_from_db()
    assert outlet.address == "3 Kim Long"
    assert carrying_out.carry_out_due(at=moment("2025-07-14 00:00")) == 1
    assert carrying_out.carry_out_due(at=moment("2025-07-14 00:05")) == 0

    outlet.refresh_from_db()
    assert (outlet.address, outlet.commune.name, outlet.phone) == ("15 Nguyễn Phúc Nguyên", "Hương Long",
                                                                   "02343999999")
    assert (outlet.latitude, outlet.longitude) == THERE
    kept = OutletMove.objects.get()
    assert (kept.state, kept.from_address, kept.decided_by_name) == ("done", "3 Kim Long", "Phan Thị Thu Hà")
    assert (events(OutletMoveApproved), events(OutletMoved)) == (1, 1)
    assert set(AuditEntry.objects.filter(object_type="outlet-move").values_list("action", flat=True)) == {
        "outlet-move.ask", "outlet-move.approve", "outlet-move.carry_out"}


def test_who_asks_does_not_decide_and_only_the_city_does(outlet, manager, officers):
    move = asked(outlet, officers[0])

    with pytest.raises(NotTheAsker):
        decided(move, officers[0])
    for role, error in ((Role.OUTLET_MANAGER, NotYourRole), (Role.OPERATOR_HQ, NotYourRole)):
        by = manager if role == Role.OUTLET_MANAGER else staff(role, operator=outlet.operator).actor
        with pytest.raises(error):
            decided(move, by)
    refused = decided(move, officers[1], MoveStep.REFUSE)
    assert (refused.state, refused.decision, events(OutletMoveApproved)) == ("refused", BASIS, 0)
    with pytest.raises(OutletMoveImpossible):
        decided(move, officers[1])
    assert carrying_out.carry_out_due(at=moment("2025-07-14 00:05")) == 0


def test_who_may_ask(outlet):
    with pytest.raises(OutletNotFound):
        asked(outlet, staff(Role.OUTLET_MANAGER, outlet=make_outlet()).actor)
    with pytest.raises(OutletNotFound):
        asked(outlet, staff(Role.OPERATOR_HQ, operator=make_operator("VTPOST", name="Viettel Post")).actor)
    with pytest.raises(NotYourRole):
        asked(outlet, staff(Role.OUTLET_CLERK, outlet=outlet).actor)
    asked(outlet, staff(Role.OPERATOR_HQ, operator=outlet.operator).actor)


@pytest.mark.parametrize(("more", "pointer"), [
    ({"effective_from": date(2025, 7, 9)}, "/effective_from"), ({"effective_from": date(2026, 7, 5)},
                                                                "/effective_from"),
    ({"phone": "0" * 21}, "/phone")])
def test_what_is_wrong_is_named_by_field(outlet, manager, more, pointer):
    with pytest.raises(InvalidOutletMove) as refused:
        asked(outlet, manager, **more)
    assert [each.pointer for each in refused.value.errors] == [pointer]


def test_it_moves_within_its_city_and_really(outlet, manager):
    hanoi = make_commune(name="Ba Đình", province=make_province("01", name="Hà Nội"), latitude=21.03,
                         longitude=105.83)
    with pytest.raises(InvalidOutletMove) as refused:
        asked(outlet, manager, commune=hanoi, point=(21.03, 105.83))
    assert [each.pointer for each in refused.value.errors] == ["/commune"]
    with pytest.raises(InvalidOutletMove) as refused:
        asked(outlet, manager, commune=outlet.commune, address=outlet.address,
              point=(outlet.latitude, outlet.longitude))
    assert [each.pointer for each in refused.value.errors] == ["/address"]
    with pytest.raises(InvalidOutlet):
        asked(outlet, manager, point=(107.6, 16.47))


def test_one_move_at_a_time(outlet, manager, officers):
    move = asked(outlet, manager)
    with pytest.raises(OutletMoveImpossible):
        asked(outlet, manager)
    move.id = uuid7()
    with pytest.raises(IntegrityError), transaction.atomic():
        move.save(force_insert=True)
    decided(OutletMove.objects.get(), officers[0], MoveStep.REFUSE)
    assert asked(outlet, manager).state == "asked"


def test_it_is_decided_in_time_to_tell_people_or_not_at_all(outlet, manager, officers):
    move = asked(outlet, manager)
    with pytest.raises(OutletMoveImpossible):
        decided(move, officers[0], at=moment("2025-07-12 08:00"))

    assert carrying_out.carry_out_due(at=moment("2025-07-14 00:05")) == 0

    move.refresh_from_db()
    assert (move.state, move.ended_by_name) == ("cancelled", "carry_out_moves")
    assert events(OutletMoveCalledOff) == 0


def test_a_decided_move_is_called_off_before_its_day_and_told(outlet, manager, officers):
    move = decided(asked(outlet, manager), officers[0])
    places.forget()
    assert places.coming_move(outlet.id, NOON.date()).on == DAY

    with pytest.raises(InvalidOutletMove):
        operations.cancel_move(move_id=move.id, because="", by=manager, at=NOON)
    with pytest.raises(OutletMoveNotFound):
        operations.cancel_move(move_id=move.id, because="Nhầm", by=staff(Role.OUTLET_MANAGER,
                                                                         outlet=make_outlet()).actor, at=NOON)
    with pytest.raises(OutletMoveImpossible):
        operations.cancel_move(move_id=move.id, because="Thuê lại được", by=manager, at=moment("2025-07-14 00:01"))
    operations.cancel_move(move_id=move.id, because="Thuê lại được", by=manager, at=NOON)

    assert events(OutletMoveCalledOff) == 1
    places.forget()
    assert places.coming_move(outlet.id, NOON.date()) is None
    assert carrying_out.carry_out_due(at=moment("2025-07-14 00:05")) == 0


def test_each_day_has_its_place_before_and_after_all_moves(outlet, manager, officers):
    decided(asked(outlet, manager), officers[0])
    places.forget()
    info = outlet_info(outlets().get(id=outlet.id))
    assert places.place_on(info, DAY - timedelta(days=1)).address == "3 Kim Long"
    assert places.place_on(info, DAY).address == "15 Nguyễn Phúc Nguyên"
    assert places.last_move(outlet.id, DAY - timedelta(days=1)) is None

    carrying_out.carry_out_due(at=moment("2025-07-14 00:05"))
    places.forget()
    info = outlet_info(outlets().get(id=outlet.id))
    assert places.place_on(info, DAY - timedelta(days=1)).words == "3 Kim Long, phường Kim Long"
    assert places.place_on(info, DAY + timedelta(days=300)).address == "15 Nguyễn Phúc Nguyên"
    assert places.last_move(outlet.id, DAY + timedelta(days=59)).here.address == "3 Kim Long"
    assert places.last_move(outlet.id, DAY + timedelta(days=60)) is None


def test_the_nearest_outlet_says_where_it_moves_and_is_found_where_it_stands(outlet, manager, officers):
    decided(asked(outlet, manager), officers[0])

    def near(at):
        places.forget()
        return nearest_outlets(latitude=outlet.latitude, longitude=outlet.longitude, at=at, tasks=frozenset())[0]

    before = near(NOON)
    assert before.distance_km < 0.01
    assert (before.moves_on, before.moves_to) == (DAY, "15 Nguyễn Phúc Nguyên, phường Hương Long")
    carrying_out.carry_out_due(at=moment("2025-07-14 00:05"))
    after = near(moment("2025-07-14 09:00"))
    assert after.distance_km > 1
    assert (after.moves_on, after.moves_to) == (None, "")


def test_moves_are_remembered_so_that_asking_costs_nothing(outlet, manager, officers):
    decided(asked(outlet, manager), officers[0])
    places.forget()
    places.coming_move(outlet.id, NOON.date())

    with CaptureQueriesContext(connection) as queries:
        places.coming_move(outlet.id, NOON.date())
        places.last_move(outlet.id, NOON.date())
    assert len(queries) == 0


# --- under a licence --------------------------------------------------------------------------------------------------


def surveyed(paper, by, at, **other):
    """A survey at the new place."""
    for item in CHECKLIST:
        if item.wants_photo:
            surveying.add_photo(accreditation_id=paper.id, item=item.code, content=accredited.JPEG, by=by, at=at)
    surveying.finish_survey(accreditation_id=paper.id, latitude=THERE[0], longitude=THERE[1], note="", by=by, at=at,
                            marks=accredited.marks(**other))


def test_a_licensed_outlet_moves_after_a_survey_of_the_new_place_by_somebody_else():
    people = accredited.people()
    paper = accredited.licensed(people)
    third = staff(Role.PROGRAMME_OFFICER, province=make_province(), display_name="Trần Thị Ba").actor
    place = NewPlace(Site(paper.commune_id, "15 Nguyễn Phúc Nguyên", *THERE), DAY)
    at = NOON + timedelta(hours=1)
    assert paper.outlet_id is not None
    move = operations.ask_move(outlet_id=paper.outlet_id, place=place, reason="Hết hạn thuê", by=people.operator, at=at)
    assert move.wants_survey

    with pytest.raises(OutletMoveImpossible):
        decided(move, people.second, at=at)  # the survey of the old place says nothing
    surveyed(paper, people.first, at, sign=Marked(Mark.MISSING, "Chưa có biển"))
    with pytest.raises(OutletMoveImpossible):
        decided(move, people.second, at=at)  # it does not pass
    later = at + timedelta(hours=1)
    surveyed(paper, people.first, later)
    with pytest.raises(NotTheAsker):
        decided(move, people.first, at=later)
    decided(move, third, at=later)
    carrying_out.carry_out_due(at=moment("2025-07-14 00:05"))

    paper = Accreditation.objects.get()
    assert (paper.state, paper.address, paper.latitude) == ("active", "15 Nguyễn Phúc Nguyên", THERE[0])
    assert paper.steps.order_by("id").last().step == "move"
    assert steps.locked(paper.id, third).licence_number == paper.licence_number
    assert OutletMove.objects.get().survey.latitude == THERE[0]


# --- the staff is told ------------------------------------------------------------------------------------------------


def test_staff_reads_of_it_once_and_that_it_was_called_off(outlet, manager, officers):
    centre = make_centre()
    move = decided(asked(outlet, manager), officers[0])

    assert telling.announce_move(move_id=move.id, centre_ids=[centre.id], at=NOON) is not None
    assert telling.announce_move(move_id=move.id, centre_ids=[centre.id], at=NOON) is None
    told = Announcement.objects.get()
    assert (told.outlet_ids, told.operator_ids, told.centre_ids) == ([outlet.id], [outlet.operator_id], [centre.id])
    assert told.is_must_read
    assert "15 Nguyễn Phúc Nguyên, phường Hương Long" in told.text
    assert told.published_by == officers[0].id

    operations.cancel_move(move_id=move.id, because="Thuê lại được", by=manager, at=NOON)
    telling.take_back_announcement(move_id=move.id, at=NOON)
    telling.take_back_announcement(move_id=move.id, at=NOON)
    told.refresh_from_db()
    assert told.withdrawn_because == "Không chuyển nữa: Thuê lại được"


def test_nothing_leads_out_of_an_end():
    assert not {state for state, _step in MOVES} & FINAL
    assert {MOVES[pair] for pair in MOVES} <= set(MoveState)
