"""Every state that is not final has somebody who answers for it and a sweep that notices."""

from datetime import timedelta
from itertools import chain

import pytest

from intake.models.dossiers import Dossier
from intake.rules import states
from intake.rules.state_words import STATE_WORDS, STEP_WORDS
from intake.rules.states import Handling, MoneyState, ResultState, SyncState
from intake.sweeps import SWEEPS, run_sweep
from shared.models.oversight import WorkItem
from shared.roles import Role
from shared.working_days import work_calendar
from tests.intake.centre_cases import WEDNESDAY, at, filed

ALL = list(chain(Handling, MoneyState, ResultState, SyncState))
FINAL = states.FINAL_HANDLING | states.FINAL_MONEY | states.FINAL_RESULT | states.FINAL_SYNC
LATER = WEDNESDAY + timedelta(days=60)


def test_every_state_that_is_not_final_is_watched_by_a_sweep_that_exists():
    unwatched = [state for state in ALL if state not in FINAL and state not in states.WATCHED]
    lost = [watch.sweep for watch in states.WATCHED.values() if watch.sweep not in SWEEPS]

    assert (unwatched, lost) == ([], [])
    assert {watch.owner_role for watch in states.WATCHED.values()} <= set(Role.values)


def test_no_sweep_is_left_that_nothing_promises():
    assert set(SWEEPS) == {watch.sweep for watch in states.WATCHED.values()}


def test_every_state_and_action_has_words():
    actions = {str(action) for table in (states.HANDLING, states.MONEY, states.RESULT, states.SYNC)
               for _, action in table}

    assert [state for state in ALL if state not in STATE_WORDS] == []
    assert sorted(actions - set(map(str, STEP_WORDS))) == []


def lying_in(state) -> Dossier:
    """A dossier that has been in `state` since 2 July 2025, whatever its other machines do."""
    dossier = filed()
    columns = {"forwarded_at": WEDNESDAY, "received_at": WEDNESDAY, "code": "H57.31-250702-0001",
               "due_at": at("2025-07-07", "17:00"), "resolved_at": WEDNESDAY}
    match state:
        case Handling.DRAFT:
            columns = {"handling": state}
        case Handling.REGISTERED:
            columns = {"handling": state, "forwarded_at": None}
        case Handling():
            paused = WEDNESDAY if state in states.PAUSED else None
            columns |= {"handling": state, "paused_at": paused, "remaining_minutes": 60 if paused else None}
        case MoneyState():
            columns |= {"handling": Handling.IN_PROGRESS, "money": state}
        case ResultState.NOT_READY:
            columns |= {"handling": Handling.IN_PROGRESS, "result": state}
        case ResultState():
            columns |= {"handling": Handling.RESOLVED, "result": state}
        case SyncState():
            columns |= {"handling": Handling.IN_PROGRESS, "sync": state}
    Dossier.objects.filter(id=dossier.id).update(**columns)
    return dossier


@pytest.mark.django_db
@pytest.mark.parametrize("state", states.WATCHED, ids=lambda state: state.name)
def test_a_dossier_that_stays_becomes_work_of_who_answers_for_it(state):
    dossier, watch = lying_in(state), states.WATCHED[state]

    run_sweep(name=watch.sweep, at=LATER)

    item = WorkItem.objects.get(reference=str(dossier.id), owner_role=watch.owner_role)
    assert item.due_at > LATER
    if item.owner_role == Role.OUTLET_CLERK:
        assert dossier.outlet is not None
        assert item.owner_place == dossier.outlet.code
    if item.owner_role in {Role.CENTRE_OFFICER, Role.CENTRE_MANAGER}:
        assert item.owner_place == "H57.31"


@pytest.mark.django_db
@pytest.mark.parametrize("state", sorted(states.FINAL_HANDLING), ids=lambda state: state.name)
def test_what_has_ended_is_nobodys_work(state):
    dossier = filed()
    Dossier.objects.filter(id=dossier.id).update(
        handling=state, result=ResultState.DELIVERED, code="H57.31-250702-0001", received_at=WEDNESDAY,
        closed_at=WEDNESDAY)

    for name in SWEEPS:
        run_sweep(name=name, at=LATER)

    assert not WorkItem.objects.exists()


@pytest.mark.django_db
def test_a_sweep_tells_once_and_closes_what_has_settled_itself():
    dossier = lying_in(Handling.REGISTERED)
    name = states.WATCHED[Handling.REGISTERED].sweep

    assert run_sweep(name=name, at=LATER) == 1
    assert run_sweep(name=name, at=LATER) == 0
    Dossier.objects.filter(id=dossier.id).update(handling=Handling.WITHDRAWN)
    run_sweep(name=name, at=LATER + timedelta(hours=1))

    assert WorkItem.objects.get().outcome == "settled"


@pytest.mark.django_db
def test_a_dossier_due_in_three_working_hours_is_told_with_its_own_due_moment():
    dossier = lying_in(Handling.IN_PROGRESS)

    run_sweep(name="due moments", at=at("2025-07-07", "14:00"))

    assert WorkItem.objects.get(kind="due-soon", reference=str(dossier.id)).due_at == at("2025-07-07", "17:00")


@pytest.mark.django_db
@pytest.mark.parametrize("count", [1, 12])
def test_a_sweep_costs_the_same_however_much_it_finds(count, django_assert_num_queries):
    for _ in range(count):
        lying = filed()
        Dossier.objects.filter(id=lying.id).update(handling=Handling.DRAFT)
    work_calendar()  # kept for a minute

    with django_assert_num_queries(5):
        run_sweep(name="drafts left lying", at=LATER)
