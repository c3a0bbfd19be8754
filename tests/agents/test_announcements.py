"""Announcements: shown to those addressed, read with proof, their managers told who has not."""

from datetime import timedelta

import pytest
from django.utils import timezone

from agents.announcements import board, operations, queries
from agents.announcements.errors import (
    AnnouncementNotFound,
    AnnouncementOver,
    InvalidAnnouncement,
    MayNotAnnounce,
)
from agents.announcements.models import AnnouncementReading
from agents.announcements.operations import Notice
from agents.announcements.rules import Addressed
from shared.models.oversight import WorkItem
from shared.roles import Role
from tests.agents.factories import make_outlet, make_province, staff

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("empty_cache")]


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def room():
    return staff(Role.OPERATIONS_OFFICER, province=make_province()).actor


@pytest.fixture
def clerk():
    return staff(Role.OUTLET_CLERK)


def announce(room, now, *, to=None, **facts):
    notice = Notice(**{"title": "Cổng dừng tối nay", "text": "Từ 22 giờ.", "starts_at": now - timedelta(minutes=1),
                       "ends_at": now + timedelta(days=2), "is_must_read": True,
                       "addressed": to or Addressed()} | facts)
    made = operations.publish(notice=notice, by=room, at=now)
    board.remember()
    return made


def test_a_must_read_is_on_top_of_every_page_until_it_is_confirmed(client, room, clerk, now):
    made = announce(room, now)
    client.force_login(clerk)

    assert "Cổng dừng tối nay" in client.get("/so-tay/").content.decode()
    assert client.post(f"/thong-bao/{made.id}/da-doc/").status_code == 302

    assert "announcement-banner" not in client.get("/so-tay/").content.decode()
    assert AnnouncementReading.objects.get().account_id == clerk.id


def test_confirming_again_keeps_the_first_moment(room, clerk, now):
    made = announce(room, now)

    first = operations.confirm(announcement_id=made.id, by=clerk.actor, at=now)
    again = operations.confirm(announcement_id=made.id, by=clerk.actor, at=now + timedelta(hours=1))

    assert again.read_at == first.read_at == now


def test_the_banner_asks_nothing_while_nothing_is_announced_and_one_thing_otherwise(
    room, clerk, now, django_assert_num_queries
):
    board.remember()
    with django_assert_num_queries(0):
        assert board.banner(clerk.actor, now) is None
    announce(room, now, to=Addressed(roles=frozenset({Role.CENTRE_OFFICER})))
    with django_assert_num_queries(0):
        assert board.banner(clerk.actor, now) is None
    made = announce(room, now, to=Addressed(outlet_ids=frozenset({clerk.outlet_id})))
    announce(room, now, title="Thứ hai")
    with django_assert_num_queries(1):
        found = board.banner(clerk.actor, now)
    assert (found.id, found.more) == (made.id, 1)


def test_only_those_addressed_see_and_confirm(room, clerk, now):
    other = staff(Role.OUTLET_CLERK, outlet=make_outlet(), username="other").actor
    made = announce(room, now, to=Addressed(outlet_ids=frozenset({clerk.outlet_id})))

    assert [row.announcement.id for row in queries.seen_by(clerk.actor, now)] == [made.id]
    assert queries.seen_by(other, now) == []
    assert queries.one(made.id, other, now) is None
    with pytest.raises(AnnouncementNotFound):
        operations.confirm(announcement_id=made.id, by=other, at=now)


def test_an_operator_reaches_the_staff_of_its_outlets(room, clerk, now):
    made = announce(room, now, to=Addressed(operator_ids=frozenset({clerk.outlet.operator_id})))

    assert board.banner(clerk.actor, now).id == made.id
    assert clerk.id in {each.id for each in queries.addressed_accounts(made)}


def test_nothing_is_shown_before_its_time_nor_after(room, clerk, now):
    made = announce(room, now, starts_at=now + timedelta(minutes=5))

    assert board.banner(clerk.actor, now) is None
    assert queries.seen_by(clerk.actor, now) == []
    assert board.banner(clerk.actor, now + timedelta(minutes=6)).id == made.id
    assert board.banner(clerk.actor, now + timedelta(days=3)) is None
    with pytest.raises(AnnouncementOver):
        operations.confirm(announcement_id=made.id, by=clerk.actor, at=now + timedelta(days=3))


def test_a_manager_sees_her_own_people_who_have_not_read_first(room, clerk, now):
    manager = staff(Role.OUTLET_MANAGER, outlet=clerk.outlet, username="chi")
    staff(Role.OUTLET_CLERK, outlet=make_outlet(), username="elsewhere")
    made = announce(room, now)
    operations.confirm(announcement_id=made.id, by=clerk.actor, at=now)

    hers = queries.readers(made, manager.actor)
    everybody = queries.readers(made, room)

    assert [row.read_at is None for row in hers] == [True, False]
    assert len(hers) == 2 < len(everybody)


def test_who_has_not_read_in_time_is_her_managers_work_until_she_has(room, clerk, now):
    made = announce(room, now, read_by=now + timedelta(hours=1), to=Addressed(outlet_ids=frozenset({clerk.outlet_id})))
    assert operations.remind(at=now) == 0

    later = now + timedelta(hours=2)
    assert operations.remind(at=later) == 1
    operations.remind(at=later)

    item = WorkItem.objects.get(kind=operations.UNREAD)
    assert (item.owner_role, item.owner_place) == (Role.OUTLET_MANAGER, clerk.outlet.code)

    operations.confirm(announcement_id=made.id, by=clerk.actor, at=later)
    operations.remind(at=later)
    item.refresh_from_db()
    assert item.closed_at == later


def test_a_replaced_announcement_is_withdrawn_and_its_work_closed(room, clerk, now):
    made = announce(room, now, read_by=now + timedelta(hours=1))
    operations.remind(at=now + timedelta(hours=2))
    newer = operations.publish(
        notice=Notice("Mới", "Từ 23 giờ.", now, now + timedelta(days=1), is_must_read=True), replaces=made.id, by=room,
        at=now + timedelta(hours=3))
    board.remember()

    made.refresh_from_db()
    assert made.withdrawn_because
    assert newer.replaces_id == made.id
    assert (made.version, newer.version) == (1, 2)
    assert not WorkItem.objects.filter(kind=operations.UNREAD, closed_at=None).exists()
    assert board.banner(clerk.actor, now + timedelta(hours=3)).id == newer.id


def test_withdrawing_needs_a_reason_and_a_sender(room, clerk, now):
    made = announce(room, now)

    with pytest.raises(InvalidAnnouncement):
        operations.withdraw(announcement_id=made.id, because=" ", by=room, at=now)
    with pytest.raises(MayNotAnnounce):
        operations.withdraw(announcement_id=made.id, because="Nhầm", by=clerk.actor, at=now)
    operations.withdraw(announcement_id=made.id, because="Nhầm", by=room, at=now)
    board.remember()

    assert board.banner(clerk.actor, now) is None
    with pytest.raises(AnnouncementOver):
        operations.withdraw(announcement_id=made.id, because="Nhầm", by=room, at=now)


def test_places_of_another_city_are_refused(room, now):
    stranger = staff(Role.OPERATIONS_OFFICER, province=make_province("01", name="Hà Nội"), username="hn").actor
    outlet = make_outlet()

    with pytest.raises(InvalidAnnouncement) as refused:
        announce(stranger, now, to=Addressed(outlet_ids=frozenset({outlet.id})))

    assert refused.value.errors[0].pointer == "/outlet_ids"
    made = announce(room, now)
    assert queries.one(made.id, stranger, now) is None


def test_the_pages_announce_replace_and_withdraw(client, room, now):
    from agents.models.people import StaffAccount

    client.force_login(StaffAccount.objects.get(id=room.id))
    outlet = make_outlet(code="HUE-777")
    stamp = "%Y-%m-%dT%H:%M"
    local_now = timezone.localtime(now)
    sent = {"title": "Nghỉ lễ", "text": "Đóng cửa", "is_must_read": "on", "starts_at": local_now.strftime(stamp),
            "ends_at": (local_now + timedelta(days=1)).strftime(stamp), "roles": [Role.OUTLET_CLERK],
            "outlets": "hue-777"}
    refused = client.post("/thong-bao/moi/", sent | {"outlets": "HUE-000"})
    assert refused.status_code == 422
    assert "HUE-000" in refused.content.decode()
    assert client.post("/thong-bao/moi/", sent).status_code == 302
    made = queries.seen_by(room, now)[0].announcement
    assert made.outlet_ids == [outlet.id]
    assert "Nghỉ lễ" in client.get(f"/thong-bao/moi/?replaces={made.id}").content.decode()
    assert client.post(f"/thong-bao/{made.id}/rut/", {"because": ""}).status_code == 422
    assert client.post(f"/thong-bao/{made.id}/rut/", {"because": "Nhầm"}).status_code == 302
    assert client.get("/thong-bao/").status_code == 200
