"""Who works when at an outlet, and what happens to opening hours that nobody covers."""

from datetime import date, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.errors import OutletNotFound
from agents.models.people import StaffAccount
from agents.models.sites import SiteDay
from agents.opening import Span, is_open
from agents.roster import absences, operations, sweeps
from agents.roster.errors import (
    InvalidAbsence,
    InvalidShift,
    NotYourRoster,
    ShiftNotFound,
    SwapNotFound,
    SwapNotPossible,
    SwapOver,
)
from agents.roster.models import RosterAbsence, RosterShift, RosterSwap
from agents.roster.queries import week_of
from agents.roster.rules import Stretch, SwapState, gaps
from agents.site_days import site_calendar
from agents.training import gate
from shared import scope
from shared.models.oversight import WorkItem
from shared.procedure_groups import PROCEDURE_GROUPS
from shared.roles import Role
from tests.agents.factories import make_outlet, moment, opens, staff
from tests.agents.people_cases import reads_of
from tests.agents.training_cases import certified, gate_from, load_courses
from tests.factories.browsers import Api, body_of

NOW = moment("2026-01-12 08:00")  # a Monday
MONDAY = date(2026, 1, 12)
WEEK = [MONDAY + timedelta(days=number) for number in range(6)]


@pytest.fixture
def manager(db, time_machine):
    time_machine.move_to(NOW, tick=False)
    account = staff(Role.OUTLET_MANAGER, display_name="Lê Minh Tuấn")
    assert account.outlet is not None
    opens(account.outlet, at="07:30", until="17:30")
    return account


def clerk_of(manager, **facts) -> StaffAccount:
    return staff(Role.OUTLET_CLERK, outlet=manager.outlet, **facts)


def put(person, manager, *days, begins="07:30", ends="17:30", at=NOW):
    return operations.add_shifts(
        outlet_id=manager.outlet_id, account_id=person.id, days=days, begins=time.fromisoformat(begins),
        ends=time.fromisoformat(ends), by=manager.actor, at=at)


def uncovered(manager, monday=MONDAY):
    return {day.date: [f"{gap.begins:%H:%M}-{gap.ends:%H:%M}" for gap in day.gaps]
            for day in week_of(manager.outlet, monday).days if day.gaps}


minutes = st.integers(0, 47)


def stretches(most):
    pair = st.tuples(minutes, minutes).filter(lambda each: each[0] < each[1])
    return st.lists(pair.map(lambda each: Stretch(*(time(half // 2, 30 * (half % 2)) for half in each))), max_size=most)


@settings(max_examples=60, deadline=None)
@given(stretches(1), stretches(5))
def test_every_half_hour_open_is_either_covered_or_in_a_gap_and_never_both(opening, shifts):
    found = gaps(opening, shifts)

    for half in range(48):
        at = time(half // 2, 30 * (half % 2))
        is_in = [any(each.begins <= at < each.ends for each in group) for group in (opening, shifts, found)]
        assert is_in[2] == (is_in[0] and not is_in[1])


def test_gaps_are_what_shifts_leave_of_the_opening_hours(manager):
    put(clerk_of(manager), manager, *WEEK[:5], begins="07:30", ends="12:00")
    put(clerk_of(manager), manager, *WEEK[:4], begins="12:00", ends="17:30")

    assert uncovered(manager) == {WEEK[4]: ["12:00-17:30"], WEEK[5]: ["07:30-17:30"]}


def test_who_has_left_or_helps_no_longer_covers_nothing(manager):
    helper = clerk_of(manager, works_until=WEEK[2])
    put(helper, manager, *WEEK[:2])
    with pytest.raises(InvalidShift):
        put(helper, manager, WEEK[2])
    assert sorted(uncovered(manager)) == WEEK[2:]

    StaffAccount.objects.filter(id=helper.id).update(is_active=False)

    assert sorted(uncovered(manager)) == WEEK


@pytest.mark.parametrize(("days", "begins", "ends", "pointer"), [
    ([], "07:30", "12:00", "/days"), ([MONDAY - timedelta(days=1)], "07:30", "12:00", "/days"),
    ([MONDAY], "12:00", "12:00", "/ends"), ([MONDAY], "16:00", "18:00", "/begins")])
def test_what_is_wrong_with_a_shift_is_said_beside_its_field(days, begins, ends, pointer, manager):
    clerk = clerk_of(manager)
    put(clerk, manager, MONDAY, begins="13:00", ends="17:00")

    with pytest.raises(InvalidShift) as refusal:
        put(clerk, manager, *days, begins=begins, ends=ends)

    assert pointer in [each.pointer for each in refusal.value.errors]
    assert RosterShift.objects.count() == 1


def test_only_its_manager_and_headquarters_plan_an_outlet_and_strangers_find_none(manager):
    clerk = clerk_of(manager)
    headquarters = staff(Role.OPERATOR_HQ, operator=manager.outlet.operator)
    shift = put(clerk, manager, MONDAY)[0]
    facts = {"outlet_id": manager.outlet_id, "account_id": clerk.id, "days": [WEEK[1]], "begins": time(8),
             "ends": time(9), "at": NOW}

    with pytest.raises(NotYourRoster):
        operations.add_shifts(by=clerk.actor, **facts)
    with pytest.raises(OutletNotFound):
        operations.add_shifts(by=staff(Role.OUTLET_MANAGER).actor, **facts)
    with pytest.raises(ShiftNotFound):
        operations.remove_shift(shift_id=shift.id, by=staff(Role.OUTLET_MANAGER).actor, at=NOW)
    with pytest.raises(InvalidShift):
        operations.add_shifts(by=manager.actor, **facts | {"account_id": staff(Role.OUTLET_CLERK).id})
    assert operations.add_shifts(by=headquarters.actor, **facts)


def test_last_week_is_taken_over_without_those_who_left_and_without_doubles(manager):
    stays, leaves = clerk_of(manager), clerk_of(manager)
    put(stays, manager, WEEK[0], WEEK[1])
    put(leaves, manager, WEEK[2])
    StaffAccount.objects.filter(id=leaves.id).update(is_active=False)
    following = MONDAY + timedelta(days=7)
    put(stays, manager, following, begins="09:00", ends="10:00")

    copied = [operations.copy_week(outlet_id=manager.outlet_id, monday=following, by=manager.actor, at=NOW)
              for _ in range(2)]

    assert copied == [1, 0]
    assert RosterShift.objects.filter(date=following + timedelta(days=1), account=stays).count() == 1


def test_a_gap_becomes_dated_work_of_the_manager_and_ends_when_it_is_covered(manager):
    opens(make_outlet())  # uses no roster, so nobody is asked
    clerk = clerk_of(manager)
    put(clerk, manager, *WEEK[:5])

    assert sweeps.watch_rosters(at=NOW) == 1
    assert sweeps.watch_rosters(at=NOW) == 0
    item = WorkItem.objects.get(kind=sweeps.GAP)
    assert item.owner_place == manager.outlet.code
    assert item.due_at == moment("2026-01-17 07:30")
    assert item.detail == {"gaps": ["07:30–17:30"], "unskilled": []}

    put(clerk, manager, WEEK[5])
    sweeps.watch_rosters(at=NOW)
    item.refresh_from_db()
    assert item.outcome == "covered"


def test_a_manager_makes_the_week_on_its_page_and_her_clerk_reads_it(manager, client):
    clerk = clerk_of(manager, display_name="Nguyễn Thị Hạnh")
    client.force_login(manager)
    page = f"/lich-truc/{manager.outlet_id}/"
    form = {"tuan": "2026-01-12", "account_id": str(clerk.id), "days": ["2026-01-13"], "begins": "7h30",
            "ends": "12:00"}

    assert client.get("/lich-truc/")["Location"] == page
    wrong = client.post(f"{page}them/", form | {"ends": "7:00"})
    assert wrong.status_code == 422
    assert 'value="7h30"' in wrong.content.decode()
    assert client.post(f"{page}them/", form).status_code == 302
    assert client.post(f"{page}nhu-tuan-truoc/", {"tuan": "2026-01-19"}).status_code == 302
    shown = client.get(page, {"tuan": "2026-01-20"}).content.decode()
    assert "07:30–12:00" in shown
    assert "12:00–17:30" in shown, "the gap"

    client.force_login(clerk)
    assert "Nguyễn Thị Hạnh" in client.get(page).content.decode()
    assert client.post(f"{page}them/", form).status_code == 403
    assert client.get(f"/lich-truc/{make_outlet().id}/").status_code == 404
    assert client.get(page, {"tuan": "khong-phai-ngay"}).status_code == 200
    assert client.get(page, {"tuan": "9999-12-31"}).status_code == 200


def test_a_week_costs_the_same_however_many_work(manager, client):
    put(clerk_of(manager), manager, MONDAY)
    client.force_login(manager)
    page = f"/lich-truc/{manager.outlet_id}/"
    client.get(page)
    before = reads_of(client, page)

    for _ in range(6):
        put(clerk_of(manager), manager, *WEEK)

    assert reads_of(client, page) == before


def test_the_api_tells_and_makes_the_week(manager):
    api, clerk = Api(person=manager), clerk_of(manager)
    path = f"/outlets/{manager.outlet_id}"
    body = {"account_id": str(clerk.id), "days": ["2026-01-13"], "begins": "07:30", "ends": "17:30"}

    made = api.post(f"{path}/roster-shifts", body)
    week = body_of(api.get(f"{path}/roster", day="2026-01-15"))

    assert made.status_code == 201
    assert [shift["date"] for shift in week["shifts"]] == ["2026-01-13"]
    assert [day["date"] for day in week["days"] if day["gaps"]][:2] == ["2026-01-12", "2026-01-14"]
    number = body_of(made)["items"][0]["id"]
    assert api.post(f"/roster-shifts/{number}", {}, method="DELETE").status_code == 200
    assert api.post(f"/roster-shifts/{number}", {}, method="DELETE").status_code == 404


def test_the_database_itself_shows_an_outlet_and_its_operator_their_own_shifts_only(manager):
    shift = put(clerk_of(manager), manager, MONDAY)[0]
    headquarters = staff(Role.OPERATOR_HQ, operator=manager.outlet.operator)
    stranger = staff(Role.OUTLET_MANAGER)
    seen = {}

    for who in (manager, headquarters, stranger):
        scope.enter(who.actor)
        seen[who.id] = list(RosterShift.objects.values_list("id", flat=True))
        scope.leave()

    assert seen == {manager.id: [shift.id], headquarters.id: [shift.id], stranger.id: []}


# --- who may take what -----------------------------------------------------------------------------------------------


def unskilled(manager):
    return {day.date: [(str(each.stretch), each.groups, each.is_all) for each in day.unskilled]
            for day in week_of(manager.outlet, MONDAY).days if day.unskilled}


def test_hours_in_which_nobody_there_is_in_reach_of_a_group_are_shown(manager):
    put(clerk_of(manager, procedure_groups=["land"]), manager, MONDAY)
    put(clerk_of(manager, procedure_groups=[each for each in PROCEDURE_GROUPS if each != "land"]), manager, MONDAY,
        begins="07:30", ends="12:00")

    assert unskilled(manager) == {
        MONDAY: [("12:00–17:30", tuple(each for each in PROCEDURE_GROUPS if each != "land"), False)]}


def test_where_the_city_asks_certificates_a_person_covers_only_what_she_has_one_for(manager):
    load_courses()
    clerk = clerk_of(manager)
    certified(clerk, "acting-for-a-citizen")
    gate_from("46", WEEK[1])
    put(clerk, manager, MONDAY, WEEK[1])

    found = unskilled(manager)
    certified(clerk, "certified-copies")
    then = unskilled(manager)
    gate.forget()

    assert list(found) == [WEEK[1]], "on Monday nobody asks yet"
    ((hours, groups, _),) = found[WEEK[1]]
    assert hours == "07:30–17:30"
    assert "certification" in groups
    assert "certification" not in [each for _, groups, _ in then.get(WEEK[1], []) for each in groups]


def test_what_the_outlet_does_not_offer_is_lacking_to_nobody(manager):
    manager.outlet.tasks = ["advise"]
    manager.outlet.save(update_fields=["tasks"])
    put(clerk_of(manager, procedure_groups=["land"]), manager, MONDAY)

    assert unskilled(manager) == {}


# --- away, and swaps -------------------------------------------------------------------------------------------------


def away(person, by, first, back, at=NOW):
    return absences.set_absence(account_id=person.id, from_date=first, until_date=back, by=by.actor, at=at)


def test_who_is_away_covers_nothing_and_her_shifts_stay_until_she_is_back(manager):
    clerk = clerk_of(manager)
    put(clerk, manager, *WEEK)

    absence = away(clerk, clerk, WEEK[1], WEEK[3])
    assert sorted(uncovered(manager)) == WEEK[1:3]
    with pytest.raises(InvalidShift):
        put(clerk, manager, WEEK[2], begins="18:00", ends="19:00")
    assert operations.copy_week(outlet_id=manager.outlet_id, monday=MONDAY, by=manager.actor, at=NOW) == 0

    absences.end_absence(absence_id=absence.id, by=manager.actor, at=NOW)
    assert uncovered(manager) == {}
    assert RosterShift.objects.count() == len(WEEK)


def test_an_absence_that_has_begun_keeps_its_past_days(manager):
    clerk = clerk_of(manager)
    absence = away(clerk, manager, WEEK[0], WEEK[5])

    absences.end_absence(absence_id=absence.id, by=clerk.actor, at=moment("2026-01-14 09:00"))

    absence.refresh_from_db()
    assert (absence.from_date, absence.until_date) == (WEEK[0], WEEK[2])


@pytest.mark.parametrize(("first", "back", "pointer"), [
    (MONDAY - timedelta(days=1), MONDAY, "/from_date"), (MONDAY, MONDAY, "/until_date"),
    (MONDAY, MONDAY + timedelta(days=200), "/until_date"), (WEEK[2], WEEK[3], "/from_date"),
    (date(9999, 12, 30), date.max, "/from_date")])
def test_days_that_make_no_absence_are_refused_beside_their_field(first, back, pointer, manager):
    clerk = clerk_of(manager)
    away(clerk, manager, WEEK[2], WEEK[4])

    with pytest.raises(InvalidAbsence) as refusal:
        away(clerk, manager, first, back)

    assert [each.pointer for each in refusal.value.errors] == [pointer]
    assert RosterAbsence.objects.count() == 1


def test_a_clerk_says_only_of_herself_that_she_is_away(manager):
    with pytest.raises(NotYourRoster):
        away(manager, clerk_of(manager), WEEK[1], WEEK[2])


def asked(manager, **facts):
    asker, colleague = clerk_of(manager), clerk_of(manager, **facts)
    shift = put(asker, manager, WEEK[1])[0]
    swap = absences.ask_swap(shift_id=shift.id, colleague_id=colleague.id, by=asker.actor, at=NOW)
    return asker, colleague, shift, swap


def test_a_shift_changes_hands_with_the_colleagues_yes_and_not_before(manager):
    asker, colleague, shift, swap = asked(manager)
    shift.refresh_from_db()
    assert shift.account_id == asker.id
    with pytest.raises(SwapNotFound):
        absences.take_shift(swap_id=swap.id, by=asker.actor, at=NOW)

    absences.take_shift(swap_id=swap.id, by=colleague.actor, at=NOW)

    shift.refresh_from_db()
    assert shift.account_id == colleague.id
    with pytest.raises(SwapOver):
        absences.answer_no(swap_id=swap.id, by=asker.actor, at=NOW)


def test_a_colleague_who_is_busy_or_away_by_then_cannot_take_the_shift(manager):
    asker, colleague, shift, swap = asked(manager)
    put(colleague, manager, WEEK[1], begins="08:00", ends="09:00")
    with pytest.raises(SwapNotPossible):
        absences.take_shift(swap_id=swap.id, by=colleague.actor, at=NOW)
    swap.refresh_from_db()
    assert swap.state == SwapState.ASKED

    absences.answer_no(swap_id=swap.id, by=colleague.actor, at=NOW)
    third = clerk_of(manager)
    away(third, manager, WEEK[1], WEEK[2])
    with pytest.raises(SwapNotPossible):
        absences.ask_swap(shift_id=shift.id, colleague_id=third.id, by=asker.actor, at=NOW)


def test_a_question_that_nobody_answers_ends_when_the_shift_begins(manager):
    _, colleague, _, swap = asked(manager)

    assert sweeps.lapse_swaps(at=moment("2026-01-13 07:29")) == 0
    with pytest.raises(SwapOver):
        absences.take_shift(swap_id=swap.id, by=colleague.actor, at=moment("2026-01-13 07:30"))
    assert sweeps.lapse_swaps(at=moment("2026-01-13 07:30")) == 1
    assert RosterSwap.objects.get().state == SwapState.LAPSED


def test_a_clerk_asks_for_a_swap_on_the_page_and_her_colleague_takes_it(manager, client):
    asker, colleague = clerk_of(manager, display_name="Nguyễn Thị Hạnh"), clerk_of(manager)
    shift = put(asker, manager, WEEK[1])[0]
    page = f"/lich-truc/{manager.outlet_id}/"
    client.force_login(asker)
    form = {"tuan": "2026-01-12", "shift_id": str(shift.id), "colleague_id": str(colleague.id)}
    assert client.post(f"{page}doi-ca/", form | {"colleague_id": str(asker.id)}).status_code == 422
    assert client.post(f"{page}doi-ca/", form).status_code == 302
    wrong = client.post(f"{page}nghi/", {"account_id": str(asker.id), "from_date": "2026-01-20",
                                         "last_day": "2026-01-19"})
    assert wrong.status_code == 422
    assert 'value="2026-01-20"' in wrong.content.decode()

    client.force_login(colleague)
    swap = RosterSwap.objects.get()
    assert "Nguyễn Thị Hạnh" in client.get(page).content.decode()
    assert client.post(f"/lich-truc/doi-ca/{swap.id}/nhan/").status_code == 302
    assert client.post(f"/lich-truc/doi-ca/{swap.id}/nhan/").status_code == 302  # settled: said, not broken
    shift.refresh_from_db()
    assert shift.account_id == colleague.id


def test_the_api_tells_who_is_away_and_swaps(manager):
    asker, colleague = clerk_of(manager), clerk_of(manager)
    shift = put(asker, manager, WEEK[1])[0]

    absence = Api(person=manager).post("/roster-absences", {
        "account_id": str(colleague.id), "from_date": "2026-01-14", "until_date": "2026-01-15"})
    swap = Api(person=asker).post(f"/roster-shifts/{shift.id}/swaps", {"colleague_id": str(colleague.id)})
    week = body_of(Api(person=asker).get(f"/outlets/{manager.outlet_id}/roster"))
    assert [len(week[name]) for name in ("absences", "swaps")] == [1, 1]

    answers = f"/roster-swaps/{body_of(swap)['id']}/answers"
    assert body_of(Api(person=colleague).post(answers, {"takes": True}))["state"] == "taken"
    ended = Api(person=manager).post(f"/roster-absences/{body_of(absence)['id']}", {}, method="DELETE")
    assert ended.status_code == 200
    assert not RosterAbsence.objects.exists()


def test_a_gap_leaves_the_hours_told_to_citizens_as_they_are(manager):
    put(clerk_of(manager), manager, WEEK[5])
    sweeps.watch_rosters(at=NOW)

    spans = [Span(row.weekday, row.opens, row.closes) for row in manager.outlet.opening_hours.all()]
    assert is_open(spans, NOW, site_calendar(manager.outlet_id))
    assert not SiteDay.objects.exists()
