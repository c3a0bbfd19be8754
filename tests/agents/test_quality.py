"""Month scores from facts, their faults and appeals, freezing, launch watch and commendations."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from agents.errors import NotYourRole
from agents.quality import appeals, cases, commending, launch
from agents.quality.cases import Look, Period
from agents.quality.computing import count_month, freeze_months
from agents.quality.errors import (
    AppealDecided,
    AppealNotFound,
    AppealNotPossible,
    CommendationDecided,
    InvalidAppeal,
    InvalidQualityEntry,
    LaunchWatchEnded,
    OwnOutlet,
    ScoreNotFound,
)
from agents.quality.models import Commendation, LaunchWatch, ScoreAppeal, ScoreMonth
from agents.quality.rules import AppealState, AppealStep, Measure, PraiseStep, ScoreState, WatchState
from agents.quality.sweeps import count_scores
from agents.room.models import Outage
from intake.models.decisions import SupplementRequest
from intake.rules.first_time import check_that_could_tell
from intake.rules.reasons import SUPPLEMENT_REASONS
from shared.models.oversight import WorkItem
from tests.agents import quality_cases
from tests.agents.quality_cases import (
    AFTER,
    LATE_AT,
    LATER,
    MONTH,
    counted,
    manager,
    measure,
    month_of_six,
    officer,
    taken,
)
from tests.factories import catalogue, network, places
from tests.intake.moments import local

pytestmark = pytest.mark.django_db
REASON = "Bưu cục bị cắt điện cả ngày, có biên bản"


@pytest.fixture
def outlet():
    quality_cases.load_formula()
    return network.outlet()


def outage(outlet, since="2026-01-13 09:10", until="2026-01-13 11:40"):
    return Outage.objects.create(
        place_id=outlet.id, province_code=places.HUE, outlet=outlet, operator=outlet.operator, place_name=outlet.name,
        started_at=local(since), ended_at=local(until), ended_by="contact")


def test_each_measure_counts_its_own_cases(outlet):
    month_of_six(outlet, forwarded=LATE_AT, visits=3)
    score = counted(outlet)

    found = {row.measure: (row.met, row.missed) for row in score.measures.all()}
    assert found["forward_time"] == (5, 1)
    assert found["first_time_right"] == (6, 0)
    assert found["visits"] == (5, 1)
    assert measure(score, "visits").amount == 8
    assert found["complaints"] == (6, 0)
    assert found["satisfaction"] == (0, 0)
    assert measure(score, "satisfaction").points is None
    assert score.total is not None


def test_counting_again_keeps_the_row_and_gives_the_same(outlet):
    month_of_six(outlet, forwarded=LATE_AT)
    first = counted(outlet)
    again = counted(outlet, at=LATER + timedelta(days=1))

    assert (again.id, again.total) == (first.id, first.total)
    assert again.measures.count() == 7


def test_too_few_cases_are_shown_and_not_judged(outlet):
    quality_cases.taken(outlet, forwarded=LATE_AT)
    score = counted(outlet)

    assert score.total is None
    assert (measure(score, "forward_time").missed, measure(score, "forward_time").points) == (1, None)


def test_what_was_missed_while_the_network_was_down_does_not_count(outlet):
    dossiers = month_of_six(outlet, forwarded=LATE_AT)
    before = counted(outlet).total
    outage(outlet)
    score = counted(outlet)

    row = measure(score, "forward_time")
    assert (row.met, row.missed, row.faulty) == (5, 0, 1)
    assert [(each["cases"], each["kind"]) for each in row.faults] == [(1, "network")]
    assert before is not None
    assert score.total is not None
    assert score.total >= before
    period = Period.of_month(places.HUE, MONTH, LATER)
    listed = cases.listed(Measure.FORWARD_TIME, Look(period, cases.faults_in(period), outlet_id=outlet.id))
    assert [each.key for each in listed if each.fault is not None] == [str(dossiers[0].id)]


def test_what_was_down_after_the_end_of_the_month_excuses_a_case_whose_time_ran_until_then(outlet):
    month_of_six(outlet, moment="2026-01-30 15:30", forwarded="2026-02-02 14:00")
    at = local("2026-02-03 02:25")
    assert measure(counted(outlet, at=at), "forward_time").missed == 1
    outage(outlet, "2026-02-02 07:30", "2026-02-02 11:50")

    row = measure(counted(outlet, at=at), "forward_time")
    assert (row.missed, row.faulty) == (0, 1)


def test_another_outlets_outage_excuses_nobody(outlet):
    month_of_six(outlet, forwarded=LATE_AT)
    outage(network.outlet(places.PHU_XUAN))

    assert measure(counted(outlet), "forward_time").faulty == 0


def test_only_what_the_counter_could_have_seen_counts_as_sent_back(outlet):
    ours, not_ours, *_ = month_of_six(outlet)
    for dossier, component, reason in ((ours, "to_khai", "missing"), (not_ours, "to_khai", "mismatch")):
        SupplementRequest.objects.create(
            dossier=dossier, reasons=[{"component": component, "reason": reason, "text": ""}], requested_at=LATER,
            requested_by=dossier.id, requested_by_name="Cán bộ")
    row = measure(counted(outlet), "first_time_right")

    assert (row.met, row.missed) == (5, 1)


def test_the_statement_and_the_rule_say_the_same_of_every_reason(outlet):
    papers = {each["code"]: each for each in catalogue.procedure().documents}
    said = {}
    for reason in SUPPLEMENT_REASONS:
        for component in [*papers, "other"]:
            dossier = quality_cases.taken(outlet)
            SupplementRequest.objects.create(
                dossier=dossier, reasons=[{"component": component, "reason": reason, "text": ""}], requested_at=LATER,
                requested_by=dossier.id, requested_by_name="Cán bộ")
            said[str(dossier.id)] = not check_that_could_tell(reason, component, papers.get(component), "post")
    period = Period.of_month(places.HUE, MONTH, LATER)

    listed = cases.listed(Measure.FIRST_TIME_RIGHT, Look(period, outlet_id=outlet.id))
    assert {each.key: each.is_met for each in listed} == said
    assert set(said.values()) == {True, False}


def appealed(outlet, **more):
    month_of_six(outlet, forwarded=LATE_AT)
    score = counted(outlet)
    return score, appeals.appeal(**{"score_id": score.id, "measure": "forward_time", "cases": [], "reason": REASON,
                                    "by": manager(outlet), "at": LATER} | more)


def test_while_nobody_decides_nothing_counts_against_the_outlet(outlet):
    score, made = appealed(outlet)
    row = measure(score, "forward_time")

    assert (row.missed, row.spared) == (0, 1)
    assert ScoreMonth.objects.get().total >= made.total_before
    item = WorkItem.objects.get(kind=appeals.WAITING)
    assert (item.owner_role, item.owner_place, item.due_at) == ("programme_officer", places.HUE, made.due_at)


def test_what_is_taken_out_changes_only_while_nobody_counts(outlet):
    month_of_six(outlet, forwarded=LATE_AT)
    score = counted(outlet)
    with CaptureQueriesContext(connection) as raising:
        made = appeals.appeal(score_id=score.id, measure="forward_time", cases=[], reason=REASON, by=manager(outlet),
                              at=LATER)
    with CaptureQueriesContext(connection) as deciding:
        appeals.decide(appeal_id=made.id, step=AppealStep.UPHOLD, decision=REASON, by=officer(), at=LATER)
    with CaptureQueriesContext(connection) as freezing:
        freeze_months(at=AFTER)

    for asked in (raising, deciding, freezing):
        waits = [each["sql"] for each in asked if "pg_advisory_xact_lock" in each["sql"] or "FOR UPDATE" in each["sql"]]
        assert "8204011" in waits[0]
        assert "FOR UPDATE" in waits[1]


def test_an_appeal_is_upheld_or_refused_with_a_reason_and_the_score_follows(outlet):
    score, made = appealed(outlet)
    with pytest.raises(InvalidAppeal):
        appeals.decide(appeal_id=made.id, step=AppealStep.REFUSE, decision="", by=officer(), at=LATER)
    refused = appeals.decide(appeal_id=made.id, step=AppealStep.REFUSE, decision="Không có biên bản kèm theo",
                             by=officer(), at=LATER)

    assert (refused.state, refused.total_after) == (AppealState.REFUSED, refused.total_before)
    assert measure(score, "forward_time").missed == 1
    assert not WorkItem.objects.filter(closed_at=None, kind=appeals.WAITING).exists()
    with pytest.raises(AppealDecided):
        appeals.decide(appeal_id=made.id, step=AppealStep.UPHOLD, decision=REASON, by=officer(), at=LATER)
    with pytest.raises(AppealNotPossible):
        appeals.appeal(score_id=score.id, measure="forward_time", cases=[], reason=REASON, by=manager(outlet), at=LATER)


def test_an_upheld_appeal_spares_the_named_cases_only(outlet):
    first, second, *_ = month_of_six(outlet, forwarded=LATE_AT)
    type(first).objects.filter(id=second.id).update(forwarded_at=local(LATE_AT))
    score = counted(outlet)
    made = appeals.appeal(score_id=score.id, measure="forward_time", cases=[str(first.id)], reason=REASON,
                          by=manager(outlet), at=LATER)
    upheld = appeals.decide(appeal_id=made.id, step=AppealStep.UPHOLD, decision=REASON, by=officer(), at=LATER)
    row = measure(score, "forward_time")

    assert (row.met, row.missed, row.spared) == (4, 1, 1)
    assert upheld.total_before is not None
    assert upheld.total_after is not None
    assert upheld.total_after >= upheld.total_before


def test_only_misses_of_the_measure_may_be_named_and_not_too_many(outlet):
    late, fine, *_ = month_of_six(outlet, forwarded=LATE_AT)
    score, by = counted(outlet), manager(outlet)

    for keys in (["nothing"], [str(fine.id)], [str(late.id), "x"], [str(number) for number in range(501)]):
        with pytest.raises(InvalidAppeal) as refused:
            appeals.appeal(score_id=score.id, measure="forward_time", cases=keys, reason=REASON, by=by, at=LATER)
        assert [each.pointer for each in refused.value.errors] == ["/cases"]
    made = appeals.appeal(score_id=score.id, measure="forward_time", cases=[str(late.id)] * 2, reason=REASON, by=by,
                          at=LATER)
    assert made.cases == [str(late.id)]


def test_each_night_goes_on_past_a_month_that_is_frozen(outlet):
    """An old month waits for a decision while a newer one is closed already."""
    score, made = appealed(outlet)
    newer = date(2026, 2, 1)
    taken(outlet, moment="2026-02-10 09:30", forwarded="2026-02-10 16:00")
    assert count_month(province_code=places.HUE, month=newer, at=AFTER) == 1
    ScoreMonth.objects.filter(month=newer).update(state=ScoreState.FROZEN, frozen_at=AFTER)
    late = local("2026-05-20 02:25")

    count_scores(now=late)

    score.refresh_from_db()
    assert (score.state, score.counted_at) == (ScoreState.OPEN, late)
    assert ScoreMonth.objects.get(month=newer).counted_at == AFTER
    appeals.decide(appeal_id=made.id, step=AppealStep.UPHOLD, decision=REASON, by=officer(), at=late)
    count_scores(now=late)
    score.refresh_from_db()
    assert score.state == ScoreState.FROZEN


def test_who_may_appeal_and_who_decides(outlet):
    score, made = appealed(outlet)
    stranger = manager(network.outlet(places.PHU_XUAN))
    with pytest.raises(ScoreNotFound):
        appeals.appeal(score_id=score.id, measure="visits", cases=[], reason=REASON, by=stranger, at=LATER)
    with pytest.raises(AppealNotFound):
        appeals.decide(appeal_id=made.id, step=AppealStep.UPHOLD, decision=REASON, by=officer(places.HANOI), at=LATER)
    for by in (manager(outlet), network.operator_hq(outlet.operator).actor):
        with pytest.raises(NotYourRole):
            appeals.decide(appeal_id=made.id, step=AppealStep.UPHOLD, decision=REASON, by=by, at=LATER)
    assert ScoreAppeal.objects.get().state == AppealState.OPEN


def test_who_visits_an_outlet_decides_no_appeal_of_it(outlet):
    _score, made = appealed(outlet)
    by = officer()
    LaunchWatch.objects.create(outlet=outlet, operator=outlet.operator, province_code=places.HUE, begun_on=MONTH,
                               until=MONTH + timedelta(weeks=8), visitor_id=by.id, visitor_name=by.name)
    with pytest.raises(OwnOutlet):
        appeals.decide(appeal_id=made.id, step=AppealStep.UPHOLD, decision=REASON, by=by, at=LATER)


def test_an_appeal_that_nobody_decides_climbs_to_the_administrators(outlet):
    _score, made = appealed(outlet)
    assert appeals.climb(at=made.due_at) == 0
    assert appeals.climb(at=made.due_at + timedelta(minutes=1)) == 1
    assert WorkItem.objects.get(kind=appeals.OVERDUE).owner_role == "administrator"


def test_a_month_is_frozen_after_its_appeals_and_then_stays(outlet):
    score, made = appealed(outlet)
    assert freeze_months(at=AFTER) == 0  # an appeal waits
    appeals.withdraw(appeal_id=made.id, by=manager(outlet), at=AFTER)
    assert freeze_months(at=AFTER) == 1
    quality_cases.taken(outlet, forwarded=LATE_AT)

    again = counted(outlet, at=AFTER)
    assert (again.state, again.measures.get(measure="visits").met) == (ScoreState.FROZEN, 6)
    with pytest.raises(AppealNotPossible):
        appeals.appeal(score_id=score.id, measure="visits", cases=[], reason=REASON, by=manager(outlet), at=AFTER)


def test_the_night_counts_freezes_and_proposes(outlet):
    for number in range(12):
        quality_cases.taken(outlet, answer=5, moment=f"2026-01-{number + 12:02d} 09:30",
                            forwarded=f"2026-01-{number + 12:02d} 16:00")
    assert count_scores(now=LATER) == 1
    assert not Commendation.objects.exists()
    count_scores(now=AFTER)
    count_scores(now=AFTER + timedelta(days=1))

    row = Commendation.objects.get()
    assert (row.praise, row.month, row.state) == ("kind", MONTH, "proposed")
    with pytest.raises(InvalidQualityEntry):
        commending.decide(commendation_id=row.id, step=PraiseStep.CONFIRM, words="", by=officer(), at=AFTER)
    done = commending.decide(commendation_id=row.id, step=PraiseStep.CONFIRM, words="Phục vụ tận tình", by=officer(),
                             at=AFTER)
    assert done.state == "confirmed"
    with pytest.raises(CommendationDecided):
        commending.decide(commendation_id=row.id, step=PraiseStep.DECLINE, words="Nhầm lẫn", by=officer(), at=AFTER)


def test_a_new_outlet_is_watched_by_signals_and_ended_by_a_decision(outlet):
    type(outlet).objects.filter(id=outlet.id).update(agreement_from=MONTH)
    month_of_six(outlet, forwarded=LATE_AT)
    assert launch.begin_watches(at=LATER) == 1
    assert launch.begin_watches(at=LATER) == 0
    watch = LaunchWatch.objects.get()
    seen = launch.signals(watch, LATER)

    assert (seen.dossiers, seen.late.missed, seen.visit_is_due) == (6, 1, True)
    assert seen.quiet_days == 13  # since Tuesday the 13th
    by = officer()
    launch.look_after(watch_id=watch.id, by=by, at=LATER)
    launch.note(watch_id=watch.id, kind="visit", text="Quầy đủ biển, còn thiếu máy quét", by=by, at=LATER)
    assert not launch.signals(watch, LATER).visit_is_due
    launch.extend(watch_id=watch.id, weeks=2, reason="Chờ máy quét", by=by, at=LATER)
    watch.refresh_from_db()
    assert watch.until == MONTH + timedelta(weeks=10)
    ended = launch.end(watch_id=watch.id, outcome="Đã chạy ổn định", by=by, at=AFTER)
    assert (ended.state, ended.notes.count()) == (WatchState.ENDED, 4)
    with pytest.raises(LaunchWatchEnded):
        launch.note(watch_id=watch.id, kind="note", text="Thêm", by=by, at=AFTER)
    with pytest.raises(NotYourRole):
        launch.end(watch_id=watch.id, outcome="Xong", by=manager(outlet), at=AFTER)


def test_the_whole_city_is_counted_in_as_many_statements_as_one_outlet(outlet, django_assert_num_queries):
    month_of_six(outlet)
    counted(outlet)
    with CaptureQueriesContext(connection) as one:
        count_month(province_code=places.HUE, month=MONTH, at=LATER)
    month_of_six(network.outlet(places.PHU_XUAN))
    with django_assert_num_queries(len(one)):
        count_month(province_code=places.HUE, month=MONTH, at=LATER)
