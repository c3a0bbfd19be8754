"""One centre's own calendar: closed, short and extra days move due moments, and nothing else does."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st

from agents import public as agents
from agents.errors import CentreNotFound, InvalidSite, NotYourSite, SiteDayNotFound
from agents.models.sites import SiteDay
from agents.operations import sites
from agents.operations.sites import Site
from agents.site_days import Particular, with_particulars
from intake.models.dossiers import DossierStep
from intake.operations import reception, site_days
from intake.records import PlaceChoice
from intake.routing import find_route
from intake.rules import clock
from intake.rules.terms import Term, TermUnit, due_moment, next_opening
from shared.calendar import AFTERNOON, MORNING, WorkCalendar, calendar_of
from shared.models.oversight import AuditEntry
from shared.outbox import relay
from tests.factories import catalogue, network, places
from tests.intake.centre_cases import forwarded, hue_centre
from tests.intake.moments import local

NOW = local("2026-01-12 09:30")  # a Monday
WEDNESDAY = date(2026, 1, 14)
PLAIN = calendar_of([])


def closed(day: date = WEDNESDAY, kind: str = "closed") -> WorkCalendar:
    return with_particulars(PLAIN, [Particular(day, kind)])


def manager(centre):
    return network.acting(network.centre_manager(centre))


def set_day(centre, by=None, *, day=WEDNESDAY, kind="closed", at=NOW):
    return sites.set_day(site=Site(centre_id=centre.id), day=day, kind=kind, reason="Mất điện toàn phường",
                         legal_basis="Thông báo 12/TB-UBND", by=by or manager(centre), at=at)


# --- the arithmetic -------------------------------------------------------------------------------------------------


def test_a_closed_day_is_no_working_day_of_its_site():
    term = Term(3, TermUnit.WORKING_DAY)

    assert due_moment(term, NOW, False, PLAIN) == local("2026-01-15 17:00")
    assert due_moment(term, NOW, False, closed()) == local("2026-01-16 17:00")


def test_a_term_that_ends_on_a_short_day_ends_when_the_site_closes():
    assert due_moment(Term(2, TermUnit.WORKING_DAY), NOW, False, closed(kind="morning")) == local("2026-01-14 12:00")


def test_an_extra_day_receives_and_never_shortens_a_term():
    saturday = closed(date(2026, 1, 17), "extra_morning")
    friday_evening = local("2026-01-16 18:00")

    assert next_opening(friday_evening, saturday) == local("2026-01-17 08:00")
    assert next_opening(friday_evening, PLAIN) == local("2026-01-19 08:00")
    assert due_moment(Term(5, TermUnit.WORKING_DAY), NOW, False, saturday) == local("2026-01-19 17:00")


def test_a_same_day_item_received_after_a_short_days_closing_is_due_the_next_day():
    term = Term(0, TermUnit.SAME_DAY)

    assert due_moment(term, local("2026-01-14 13:30"), True, closed(kind="morning")) == local("2026-01-15 17:00")


_MOMENTS = st.datetimes(min_value=datetime(2026, 1, 5), max_value=datetime(2026, 3, 20)).map(
    lambda each: each.replace(second=0, microsecond=0, tzinfo=UTC))
_PARTICULAR = st.builds(Particular, st.dates(date(2026, 1, 5), date(2026, 3, 31)),
                        st.sampled_from(["closed", "morning", "afternoon", "extra_morning", "extra_day"]))


@settings(max_examples=150, deadline=None)
@given(start=_MOMENTS, term=st.integers(30, 4800), days=st.lists(_PARTICULAR, max_size=8),
       waits=st.lists(st.tuples(st.integers(1, 3000), st.integers(1, 20_000)), max_size=5))
def test_pauses_at_any_moments_keep_the_working_minutes_of_the_term(start, term, days, waits):
    calendar = with_particulars(PLAIN, days)
    due, now, used = calendar.add_working_minutes(start, term), start, 0
    for run, wait in waits:
        if clock.remaining_at(due, now, calendar) <= 0:
            break
        paused = now + timedelta(minutes=run)
        used += calendar.working_minutes_between(now, paused)
        left = clock.remaining_at(due, paused, calendar)
        if left <= 0:
            return
        now = paused + timedelta(minutes=wait)
        due = clock.due_after_pause(left, now, calendar)
    assert used + clock.remaining_at(due, now, calendar) == term


@settings(max_examples=100, deadline=None)
@given(start=_MOMENTS, term=st.integers(1, 4800), day=_PARTICULAR)
def test_a_day_set_and_taken_back_leaves_the_due_moment_where_it_was(start, term, day):
    changed = with_particulars(PLAIN, [day])
    since = datetime.combine(day.day, time.min, tzinfo=NOW.tzinfo)
    due = PLAIN.add_working_minutes(start, term)
    if not start < since <= due:
        return

    moved = clock.due_after_change(due, since, PLAIN, changed)

    assert moved >= due
    assert clock.due_after_change(moved, since, changed, PLAIN) == due


def test_the_halves_of_a_day_are_the_whole_day():
    both = [closed(kind=kind).hours_of(WEDNESDAY) for kind in ("morning", "afternoon")]

    assert both == [(MORNING,), (AFTERNOON,)]


# --- who sets what --------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_closed_day_moves_the_due_moments_of_running_terms_once():
    centre = hue_centre()
    officer = network.acting(network.officer(centre))
    dossier = forwarded(code=catalogue.BUSINESS, moment=NOW)
    reception.receive(dossier_id=dossier.id, by=officer, at=NOW)
    dossier.refresh_from_db()
    due = dossier.due_at

    made = set_day(centre)
    relay.drain()
    site_days.follow_site_day(site_day_id=made.id, is_withdrawn=False, at=NOW)

    dossier.refresh_from_db()
    assert due is not None
    assert dossier.due_at == due + timedelta(days=1)
    step = DossierStep.objects.get(dossier=dossier, action="due_moved")
    assert (step.note, step.data["day"]) == ("Mất điện toàn phường", "2026-01-14")
    assert AuditEntry.objects.filter(action="dossier.due_moved", object_id=str(dossier.id)).count() == 1


@pytest.mark.django_db
def test_a_day_taken_back_gives_the_term_its_day_back():
    centre = hue_centre()
    dossier = forwarded(code=catalogue.BUSINESS, moment=NOW)
    reception.receive(dossier_id=dossier.id, by=network.acting(network.officer(centre)), at=NOW)
    dossier.refresh_from_db()
    due = dossier.due_at
    made = set_day(centre)
    relay.drain()

    sites.withdraw_day(site_day_id=made.id, by=manager(centre), at=NOW)
    relay.drain()

    dossier.refresh_from_db()
    assert dossier.due_at == due


@pytest.mark.django_db
def test_a_dossier_received_later_is_due_by_the_deciding_centres_calendar():
    centre = hue_centre()
    set_day(centre)
    dossier = forwarded(code=catalogue.BUSINESS, moment=NOW)
    other = forwarded(code=catalogue.BUSINESS, moment=NOW, centre=network.centre(places.PHU_XUAN))
    for each in (dossier, other):
        by = network.acting(network.officer(each.receiving_centre))
        reception.receive(dossier_id=each.id, by=by, at=NOW)
        each.refresh_from_db()

    assert other.due_at is not None
    assert dossier.due_at == other.due_at + timedelta(days=1)


@pytest.mark.django_db
@pytest.mark.parametrize(("day", "kind"), [
    (date(2026, 1, 11), "closed"), (date(2026, 1, 9), "closed"), (WEDNESDAY, "extra_day"),
    (date(2026, 1, 17), "closed"), (WEDNESDAY, "holiday"), (date(2028, 1, 12), "closed"),
])
def test_a_day_that_has_passed_or_makes_no_difference_is_refused(day, kind):
    with pytest.raises(InvalidSite):
        set_day(hue_centre(), day=day, kind=kind)


@pytest.mark.django_db
def test_only_who_runs_the_place_sets_its_days():
    centre = hue_centre()

    with pytest.raises(NotYourSite):
        set_day(centre, network.acting(network.officer(centre)))
    with pytest.raises(NotYourSite):
        set_day(centre, manager(network.centre(places.PHU_XUAN)))
    with pytest.raises(CentreNotFound):
        set_day(centre, manager(network.centre(places.HOAN_KIEM)))
    made = set_day(centre)
    with pytest.raises(SiteDayNotFound):
        sites.withdraw_day(site_day_id=made.id, by=manager(network.centre(places.PHU_XUAN)), at=NOW)


@pytest.mark.django_db
def test_a_day_set_again_replaces_its_entry():
    centre = hue_centre()
    set_day(centre)
    set_day(centre, kind="morning")

    assert list(SiteDay.objects.filter(withdrawn_at=None).values_list("kind", flat=True)) == ["morning"]


@pytest.mark.django_db
def test_a_moved_centre_is_sent_to_at_its_new_address_and_decides_as_before():
    centre = hue_centre()
    boss = network.acting(network.staff("administrator", "Quản trị"))
    sites.move_centre(centre_id=centre.id, effective_from=date(2026, 2, 1), address="1 đường Mới", phone="",
                      latitude=centre.latitude + 0.01, longitude=centre.longitude, legal_basis="Quyết định 45/QĐ-UBND",
                      by=boss, at=NOW)

    before, after = (agents.centres_of_communes([places.PHONG_DINH], day)[0]
                     for day in (date(2026, 1, 31), date(2026, 2, 1)))
    assert (before.address, after.address) == (centre.address, "1 đường Mới")
    routes = [find_route(procedure=catalogue.procedure(), place=PlaceChoice(places.PHONG_DINH), on=day)
              for day in (date(2026, 1, 31), date(2026, 2, 1))]
    assert {route.authority.id for route in routes} == {centre.id}


@pytest.mark.django_db
def test_the_site_page_sets_and_withdraws_days(client):
    centre = hue_centre()
    client.force_login(network.centre_manager(centre))
    where = reverse("agents:site", args=["centre", centre.id])
    today = datetime.now(tz=NOW.tzinfo).date()
    day = today + timedelta(days=(9 - today.weekday()))  # a Wednesday to come

    bad = client.post(where, {"date": day.isoformat(), "kind": "closed", "reason": "", "legal_basis": ""})
    assert bad.status_code == 422
    client.post(where, {"date": day.isoformat(), "kind": "morning", "reason": "Tập huấn toàn trung tâm",
                        "legal_basis": "Thông báo 12/TB"})
    assert "Tập huấn toàn trung tâm" in client.get(where).content.decode()

    client.post(reverse("agents:withdraw-site-day", args=[SiteDay.objects.get().id]))
    assert SiteDay.objects.get().withdrawn_at is not None
