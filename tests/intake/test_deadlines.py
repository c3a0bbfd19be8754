"""Every dossier has exactly one responsible party and one deadline; what passes it climbs the ladder."""

from datetime import timedelta
from itertools import product

import pytest
from django.urls import reverse

from intake import tasks
from intake.models.dossiers import Dossier, DossierStep
from intake.models.routing import AuthorityQuestion
from intake.operations import escalation, opinions
from intake.operations.opinions import Addressee
from intake.queries.deadlines import WHERE, deadlines, past, standing_of, with_duty
from intake.records import PlaceChoice
from intake.rules import duties
from intake.rules.duties import LADDERS, RULES, Duty, Holder
from intake.rules.states import FINAL_HANDLING, HANDLING, Handling, ResultState
from shared.models.oversight import WorkItem
from shared.roles import Role
from shared.working_days import work_calendar
from tests.factories import catalogue, dossiers, network, places
from tests.intake.centre_cases import WEDNESDAY, at, filed, hue_centre
from tests.intake.moments import MONDAY_MORNING
from tests.intake.test_opinions import manager, permit_question

pytestmark = pytest.mark.django_db
FRIDAY = at("2025-07-04", "17:00")


def lying(**columns) -> Dossier:
    """A dossier whose columns say that it has lain there since 2 July 2025."""
    dossier = filed()
    changes = {"forwarded_at": WEDNESDAY, "received_at": WEDNESDAY, "resolved_at": WEDNESDAY,
               "code": f"H57.31-250702-{dossier.agent_ref[-4:]}", "clock_started_at": WEDNESDAY} | columns
    Dossier.objects.filter(id=dossier.id).update(**changes)
    dossier.refresh_from_db()
    return dossier


def test_in_every_state_exactly_one_party_is_responsible_by_exactly_one_deadline():
    states = {state for edge in HANDLING for state in (edge[0], HANDLING[edge])} | {Handling.DRAFT}
    calendar = work_calendar()
    for handling, result, channel, sent, signed, clear, due in product(
            states, ResultState, ("online", "post"), (None, WEDNESDAY), (None, WEDNESDAY), (True, False),
            (None, FRIDAY)):
        standing = duties.Standing(
            Handling(handling), result, channel, clear, WEDNESDAY, WEDNESDAY, sent, signed, WEDNESDAY, due,
            None, WEDNESDAY)
        duty = duties.duty_of(standing)
        if handling in FINAL_HANDLING:
            assert duty is None
            continue
        assert duty is not None
        assert duty in RULES
        assert duties.deadline(standing, duty, calendar) >= duties.since(standing, duty)


@pytest.mark.parametrize("columns", [
    {"handling": 0, "forwarded_at": None}, {"handling": 1, "forwarded_at": None}, {"handling": 1},
    {"handling": 1, "channel": "post"}, {"handling": 1, "channel": "post", "handed_over_at": WEDNESDAY},
    {"handling": 1, "authority_centre": None}, {"handling": 2}, {"handling": 4}, {"handling": 5},
    {"handling": 6}, {"handling": 8}, {"handling": 9}, {"handling": 9, "result": "to_send"},
    {"handling": 9, "result": "on_the_way"}, {"handling": 9, "result": "came_back"},
    {"handling": 9, "result": "not_by_post"}, {"handling": 9, "result": "delivered"},
    {"handling": 3}, {"handling": 7}, {"handling": 10},
], ids=str)
def test_sql_and_rules_name_the_same_single_duty(columns):
    dossier = lying(**columns)
    named = [duty for duty, where in WHERE.items() if Dossier.objects.filter(where, id=dossier.id).exists()]

    duty = duties.duty_of(standing_of(dossier))
    assert named == ([] if duty is None else [duty])
    if duty is not None:
        row = with_duty(Dossier.objects.filter(id=dossier.id)).get()
        assert (row.duty, row.since) == (duty, duties.since(standing_of(dossier), duty))


@pytest.mark.parametrize("minutes", [-480, 0, 480, 960])
@pytest.mark.parametrize("handling", [1, 2, 5, 9])
def test_sql_finds_what_is_past_exactly_when_the_rules_say_so(handling, minutes):
    dossier = lying(handling=handling, due_at=at("2025-07-04", "15:00"))
    duty, calendar = duties.duty_of(standing_of(dossier)), work_calendar()
    assert duty is not None
    due = duties.deadline(standing_of(dossier), duty, calendar)
    told_at = duties_moment(due, minutes, calendar)

    for now, expected in ((told_at - timedelta(minutes=2), False), (told_at + timedelta(minutes=2), True)):
        found = with_duty(Dossier.objects.all()).filter(past(duty, now, minutes, calendar)).exists()
        assert found is expected, (now, due)


def duties_moment(due, minutes, calendar):
    from intake.rules.clock import moment_before

    return moment_before(due, -minutes, calendar) if minutes < 0 else calendar.add_working_minutes(due, minutes)


def test_the_page_says_who_has_it_since_when_and_what_to_do():
    dossier = lying(handling=4, due_at=FRIDAY)
    officer = network.officer(hue_centre())
    Dossier.objects.filter(id=dossier.id).update(officer=officer)
    by = network.acting(network.centre_manager(hue_centre()))

    found = deadlines(by, now=FRIDAY - timedelta(hours=2))
    assert [(row.duty, row.person_name, row.is_late) for row in found.nearing] == [
        (Duty.DECIDE, officer.display_name, False)]
    late = deadlines(by, now=FRIDAY + timedelta(hours=20))
    assert [row.id for row in late.late] == [dossier.id]


def test_what_stands_still_too_long_is_the_outlets_to_chase():
    dossier = lying(handling=5, paused_at=WEDNESDAY)
    clerk = network.acting(network.clerk(dossier.outlet))

    found = deadlines(clerk, now=WEDNESDAY + timedelta(days=12))

    assert [(row.duty, row.holder, row.is_ours) for row in found.standing] == [(Duty.GET_PAPERS, Holder.OUTLET, True)]
    centre = deadlines(network.acting(network.officer(hue_centre())), now=WEDNESDAY + timedelta(days=12),
                       only_ours=True)
    assert centre.count == 0


def test_a_late_dossier_climbs_the_ladder_once_with_a_named_owner_and_a_step():
    dossier = lying(handling=4, due_at=FRIDAY)
    boss = network.centre_manager(hue_centre())
    city = network.staff(Role.ADMINISTRATOR, "Lê Thị Thành", province=places.province(places.HUE))
    before = dossier.version

    near = escalation.escalate(duty=Duty.DECIDE, at=FRIDAY - timedelta(hours=3))
    late = escalation.escalate(duty=Duty.DECIDE, at=FRIDAY + timedelta(minutes=1))
    again = escalation.escalate(duty=Duty.DECIDE, at=FRIDAY + timedelta(minutes=5))
    later = escalation.escalate(duty=Duty.DECIDE, at=at("2025-07-08", "08:00"))

    assert (near, late, again, later) == (1, 1, 0, 1)
    owners = {item.kind: item.detail["owner"] for item in WorkItem.objects.all()}
    assert owners["late-decide-manager"] == boss.display_name
    assert owners["late-decide-city"] == city.display_name
    steps = DossierStep.objects.filter(dossier=dossier, action="escalate").order_by("id")
    assert [step.data["rung"] for step in steps] == ["officer", "manager", "city"]
    dossier.refresh_from_db()
    assert dossier.version == before


def test_a_moved_due_moment_starts_the_ladder_anew_and_closes_what_was_open():
    dossier = lying(handling=4, due_at=FRIDAY)
    escalation.escalate(duty=Duty.DECIDE, at=FRIDAY + timedelta(minutes=1))
    Dossier.objects.filter(id=dossier.id).update(due_at=FRIDAY + timedelta(days=14))

    escalation.escalate(duty=Duty.DECIDE, at=FRIDAY + timedelta(minutes=6))
    assert not WorkItem.objects.filter(closed_at=None).exists()
    assert escalation.escalate(duty=Duty.DECIDE, at=FRIDAY + timedelta(days=15)) >= 2


def test_an_outlet_that_does_not_forward_is_told_then_its_operator_then_the_city():
    dossier = lying(handling=1, forwarded_at=None)
    network.outlet_manager(dossier.outlet)

    for day in ("2025-07-04", "2025-07-07", "2025-07-08"):
        escalation.escalate(duty=Duty.FORWARD, at=at(day, "12:00"))

    roles = list(WorkItem.objects.order_by("id").values_list("owner_role", flat=True))
    assert roles == ["outlet_manager", "operator_hq", "administrator"]


@pytest.mark.parametrize("duty", Duty)
def test_the_ladder_costs_the_same_however_many_are_late(duty, django_assert_max_num_queries):
    for _ in range(6):
        lying(handling=4, due_at=FRIDAY)

    with django_assert_max_num_queries(24):
        escalation.escalate(duty=duty, at=at("2025-07-20"))


def test_every_duty_has_a_ladder_and_every_rung_a_role():
    assert {RULES[duty].holder for duty in Duty} <= set(LADDERS)
    assert {rung.role for ladder in LADDERS.values() for rung in ladder} <= set(Role.values)


@pytest.mark.usefixtures("rate_book")
def test_a_question_of_competence_nobody_answers_goes_to_the_city_once():
    counter = dossiers.counter()
    counter.submit(place=PlaceChoice(places.commune(places.PHU_XUAN).code))
    later = MONDAY_MORNING + timedelta(days=3)

    assert escalation.escalate_questions(at=later) == 1
    assert escalation.escalate_questions(at=later) == 0
    assert WorkItem.objects.get(kind="authority-late").owner_role == "administrator"
    assert AuthorityQuestion.objects.get().escalated_at == later


def test_an_opinion_that_is_late_is_asked_for_again_once():
    catalogue.procedure(catalogue.PERMIT)
    places.former_commune(places.PHONG_CHUONG)
    commune, provincial = network.centre(), network.provincial_centre()
    opinions.ask(permit_question(Addressee(provincial.id)), by=manager(commune), at=MONDAY_MORNING)
    later = MONDAY_MORNING + timedelta(days=5)

    assert [escalation.escalate_questions(at=later) for _ in range(2)] == [1, 0]
    assert WorkItem.objects.get(kind="opinion-late").owner_place == commune.agency_code


@pytest.mark.parametrize("count", [1, 8])
def test_the_page_costs_the_same_however_long(client, count, django_assert_max_num_queries):
    for _ in range(count):
        lying(handling=4, due_at=FRIDAY)
    client.force_login(network.centre_manager(hue_centre()))
    client.get(reverse("intake:deadlines"))

    with django_assert_max_num_queries(9):
        shown = client.get(reverse("intake:deadlines")).content.decode()
    assert "Giải quyết trước hạn" in shown
    assert client.get("/api/v1/deadlines").json()["late"][0]["duty"] == "decide"


def test_the_sweep_of_every_few_minutes_climbs_the_ladder():
    lying(handling=4, due_at=FRIDAY)

    tasks.watch_dossiers()

    assert WorkItem.objects.filter(kind="late-decide-city").exists()
