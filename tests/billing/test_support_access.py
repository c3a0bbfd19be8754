"""Break-glass: an administrator reads one outlet's books, allowed by another, for an hour, and the outlet sees it."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, ProgrammingError, transaction
from django.urls import reverse

from billing.models.ledger import Charge
from billing.support import opening
from billing.support.errors import (
    SecondPersonNeeded,
    SupportAccessClosed,
    SupportAccessIncomplete,
    SupportAccessStateForbids,
    SupportAccessWaiting,
)
from billing.support.models import SupportAccess, SupportLook
from billing.support.opening import AccessAsked
from billing.support.rules import ANSWERED_WITHIN, MOST_MINUTES
from billing.tasks import end_support_accesses
from shared.models.oversight import AuditEntry, WorkItem
from shared.roles import Role
from tests.architecture.access_matrix import API, PAGES
from tests.billing import disputes as cases
from tests.billing.events import NOW
from tests.billing.people import operator, person, signed_in

pytestmark = pytest.mark.django_db
AT = datetime(2026, 1, 20, 2, 0, tzinfo=UTC)
WHY = "Điểm hỏi vì sao dòng ngày 19/01 không có công việc."


@pytest.fixture
def outlet(rate_tables):
    place = cases.outlet()
    cases.line_of(place, at=NOW)
    return place


@pytest.fixture
def admin():
    return person(Role.ADMINISTRATOR)


@pytest.fixture
def approver():
    return person(Role.FINANCE_APPROVER)


def asked(outlet, admin, **changes):
    told = {"outlet_id": outlet.id, "ticket": "HT-0412", "reason": WHY, "minutes": 30, **changes}
    return opening.ask_access(AccessAsked(**told), by=admin.actor, at=AT)


def allowed(outlet, admin, approver):
    return opening.decide_access(asked(outlet, admin).id, allow=True, by=approver.actor, at=AT)


def looked(access, by, at, line_id=None):
    return opening.look(access.id, period=AT.date().replace(day=1), line_id=line_id, by=by.actor, at=at)


def test_what_was_allowed_opens_one_outlets_books_for_its_minutes_and_no_longer(outlet, admin, approver):
    access = allowed(outlet, admin, approver)

    assert looked(access, admin, AT + timedelta(minutes=29)).outlet_id == outlet.id
    with pytest.raises(SupportAccessClosed):
        looked(access, admin, AT + timedelta(minutes=30))
    assert [each.line_id for each in SupportLook.objects.all()] == [None]


def test_nothing_opens_before_another_person_has_allowed_it(outlet, admin):
    access = asked(outlet, admin)

    with pytest.raises(SupportAccessClosed):
        looked(access, admin, AT)
    with pytest.raises(SecondPersonNeeded):
        opening.decide_access(access.id, allow=True, by=admin.actor, at=AT)
    assert WorkItem.objects.get(kind="support-access-asked").owner_role == Role.FINANCE_APPROVER


def test_the_database_itself_wants_two_people_and_an_hour_at_most(outlet, admin):
    access = asked(outlet, admin)

    with pytest.raises(IntegrityError, match="two_people"), transaction.atomic():
        SupportAccess.objects.filter(id=access.id).update(decided_by=admin.actor.id)
    with pytest.raises(IntegrityError, match="support_access_short"), transaction.atomic():
        SupportAccess.objects.filter(id=access.id).update(minutes=MOST_MINUTES + 1)


def test_only_the_asker_looks_and_an_ended_access_stays_ended(outlet, admin, approver):
    access = allowed(outlet, admin, approver)
    with pytest.raises(SupportAccessClosed):
        looked(access, person(Role.ADMINISTRATOR), AT)

    opening.end_access(access.id, by=cases.manager(outlet).actor, at=AT + timedelta(minutes=1))
    with pytest.raises(SupportAccessClosed):
        looked(access, admin, AT + timedelta(minutes=2))
    with pytest.raises(SupportAccessStateForbids):
        opening.decide_access(access.id, allow=True, by=approver.actor, at=AT)
    with pytest.raises(ProgrammingError, match="Cannot"), transaction.atomic():
        SupportAccess.objects.filter(id=access.id).update(state="open")


def test_looks_are_never_changed_or_deleted_and_are_in_the_audit(outlet, admin, approver):
    access = allowed(outlet, admin, approver)
    line = Charge.objects.get()
    looked(access, admin, AT, line.id)

    for spoil in (lambda: SupportLook.objects.update(line_id=None), SupportLook.objects.all().delete):
        with pytest.raises(ProgrammingError), transaction.atomic():
            spoil()
    entry = AuditEntry.objects.get(action="look_under_support_access")
    assert entry.after == {"period": "2026-01", "line": str(line.id)}


@pytest.mark.parametrize("changes", [{"ticket": "x"}, {"reason": "vì thế"}, {"minutes": 61}, {"minutes": 0},
                                     {"outlet_id": None}])
def test_an_access_without_a_reason_a_ticket_or_an_end_is_refused(outlet, admin, changes):
    with pytest.raises(SupportAccessIncomplete) as refusal:
        asked(outlet, admin, **changes)
    assert [each.pointer for each in refusal.value.errors] == [f"/{next(iter(changes))}"]


def test_an_outlet_of_another_city_cannot_be_asked_for(outlet):
    with pytest.raises(SupportAccessIncomplete):
        asked(outlet, person(Role.ADMINISTRATOR, "46"))


def test_the_same_outlet_is_asked_for_once_at_a_time(outlet, admin):
    asked(outlet, admin)
    with pytest.raises(SupportAccessWaiting):
        asked(outlet, admin)


def test_what_nobody_answers_lapses_and_what_ran_out_is_over(outlet, admin, approver, time_machine):
    time_machine.move_to(AT + timedelta(hours=5), tick=False)
    waiting = asked(outlet, admin)
    other = cases.outlet()
    open_one = allowed(other, admin, approver)
    end_support_accesses()
    end_support_accesses()

    assert SupportAccess.objects.get(id=waiting.id).state == "lapsed"
    over = SupportAccess.objects.get(id=open_one.id)
    assert (over.state, over.ended_at) == ("over", AT + timedelta(minutes=30))
    assert not WorkItem.objects.filter(kind="support-access-asked", closed_at=None).exists()


def test_the_approver_reads_on_her_month_that_somebody_waits_for_her(client, outlet, admin):
    asked(outlet, admin)

    approver = signed_in(client, Role.FINANCE_APPROVER, "01")
    page = approver.get("/tai-chinh/")
    assert page.status_code in {200, 302}
    assert "đề nghị xem sổ của một điểm" in approver.get("/tai-chinh/", follow=True).content.decode()
    reviewer = signed_in(client, Role.FINANCE_REVIEWER, "01")
    assert "đề nghị xem sổ của một điểm" not in reviewer.get("/tai-chinh/", follow=True).content.decode()


def test_what_was_not_answered_in_time_is_over_before_the_sweep_has_come(outlet, admin, approver):
    access = asked(outlet, admin)

    with pytest.raises(SupportAccessStateForbids):
        opening.decide_access(access.id, allow=True, by=approver.actor, at=access.asked_at + ANSWERED_WITHIN)


def test_the_whole_of_it_on_screens_seen_by_the_outlet_the_same_day(client, outlet, admin, approver, time_machine):
    time_machine.move_to(AT, tick=False)
    client.force_login(admin, backend="agents.backends.StaffBackend")
    wrong = client.post(reverse("billing:support"), {"outlet_id": outlet.id, "ticket": "HT-1", "reason": "vì",
                                                     "minutes": "30"})
    assert (wrong.status_code, "HT-1" in wrong.content.decode()) == (422, True)
    client.post(reverse("billing:support"), {"outlet_id": outlet.id, "ticket": "HT-1", "reason": WHY, "minutes": "30"})
    access = SupportAccess.objects.get()
    month = reverse("billing:support-month", args=[access.id])
    assert client.get(month).status_code == 302

    client.force_login(approver, backend="agents.backends.StaffBackend")
    client.post(reverse("billing:support-step", args=[access.id, "cho-phep"]))
    client.force_login(admin, backend="agents.backends.StaffBackend")
    line = Charge.objects.get()
    assert line.dossier_code in client.get(month, {"thang": "2026-01"}).content.decode()
    page = client.get(reverse("billing:support-line", args=[access.id, line.id]), {"thang": "2026-01"}).content.decode()
    assert "SHA-256" in page
    assert "dispute-form" not in page

    signed_in(client, Role.OUTLET_MANAGER, outlet=outlet)
    assert WHY in client.get(reverse("billing:money")).content.decode()
    seen = client.get(reverse("billing:support")).content.decode()
    assert str(line.id) in seen
    assert "danh sách tháng 01/2026" in seen
    client.logout()
    assert "01/2026" in client.get(reverse("billing:public-checkpoints")).content.decode()


def test_another_outlet_and_another_city_see_nothing_of_it(client, outlet, admin, approver):
    access = allowed(outlet, admin, approver)
    for role, places in ((Role.OUTLET_MANAGER, {"outlet": cases.outlet()}), (Role.FINANCE_APPROVER, {"province": "46"}),
                         (Role.OPERATOR_HQ, {"operator": operator("VTPOST")})):
        signed_in(client, role, **places)
        assert client.get(f"/api/v1/support-accesses/{access.id}").status_code == 404
        assert client.get("/api/v1/support-accesses").json()["items"] == []


def test_the_api_takes_the_same_steps(client, outlet, admin, approver):
    client.force_login(admin, backend="agents.backends.StaffBackend")
    body = {"outlet_id": str(outlet.id), "ticket": "HT-0412", "reason": WHY, "minutes": 5}
    made = client.post("/api/v1/support-accesses", json.dumps(body), content_type="application/json",
                       headers={"Idempotency-Key": "a-1"})
    assert made.status_code == 201, made.content
    url = f"/api/v1/support-accesses/{made.json()['id']}"
    client.force_login(approver, backend="agents.backends.StaffBackend")
    decided = client.post(f"{url}/decisions", '{"allow": true}', content_type="application/json",
                          headers={"Idempotency-Key": "a-2"}).json()
    assert (decided["state"], decided["decided_by_name"]) == ("open", approver.display_name)
    ended = client.post(f"{url}/endings", "", content_type="application/json", headers={"Idempotency-Key": "a-3"})
    assert (ended.json()["state"], client.get(url).json()["looks"]) == ("over", [])


def test_no_step_of_money_takes_an_administrator_with_or_without_an_access():
    """Reading is all that it opens: the gate of every route that changes money names other roles."""
    money = ("/statements", "/claims", "/rule", "/budget", "/disputes", "/collect", "/cash", "/bank", "/known-errors",
             "/scenarios", "/quotes", "/payouts", "/payments")
    for route, (roles, _scopes) in API.items():
        method, path = route.split(" ", 1)
        if method != "GET" and path.startswith(money) and path != "/quotes":
            assert "SA" not in roles.split(), route
    reads = {"billing:support", "billing:support-month", "billing:support-line", "billing:support-step"}
    for name, roles in PAGES.items():
        if name.startswith("billing:") and roles not in {"public", "*"} and name not in reads:
            assert "SA" not in roles.split(), name
