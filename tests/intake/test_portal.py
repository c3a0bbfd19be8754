"""The portal is told of every change of state: in order, once, whatever happens on the line."""

from datetime import timedelta

import httpx
import pytest
from django.utils import timezone

from intake.errors import DossierNotFound, NothingParked
from intake.models.documents import Document
from intake.models.dossiers import Dossier
from intake.operations import handling, reception, resolution, supplements, withdrawal
from intake.operations.documents import store_document
from intake.portal import client as portal_client
from intake.portal import queueing, sending, settling
from intake.portal.client import HttpPortal, PortalRefused, PortalSilent
from intake.portal.models import PortalCall, PortalComparison, PortalDifference, PortalLane, PortalUpdate
from intake.portal.rules import may_follow, pause_seconds
from intake.rules.states import Handling
from shared.models.oversight import WorkItem
from tests.factories import catalogue, network, places
from tests.intake import centre_cases
from tests.intake.moments import local
from tests.intake.simulated import simulators

pytestmark = pytest.mark.django_db
MONDAY = local("2026-01-12 09:30")
CITIZEN_NUMBER = "4127"


@pytest.fixture
def house(settings):
    """A house connected to a portal that does not exist."""
    with simulators() as (made, address):
        settings.WARDPOST_PORTAL_URL = f"{address}/portal"
        settings.WARDPOST_PORTAL_USER, settings.WARDPOST_PORTAL_SECRET = made.portal.user, made.portal.secret
        portal_client._portal.cache_clear()
        yield made.portal
        portal_client._portal.cache_clear()


class Desk:
    """A centre that takes dossiers through their states; the portal hears after each."""

    def __init__(self) -> None:
        self.by = network.acting(network.officer(centre_cases.hue_centre()))

    def received(self, **fields) -> Dossier:
        dossier = centre_cases.forwarded(moment=MONDAY, **fields)
        reception.receive(dossier_id=dossier.id, by=self.by, at=MONDAY)
        return dossier

    def resolved(self) -> Dossier:
        dossier = self.received()
        handling.start(dossier_id=dossier.id, by=self.by, at=MONDAY)
        resolution.resolve(dossier_id=dossier.id, decision_number="1/UBND", summary="Đồng ý", by=self.by, at=MONDAY)
        return dossier


@pytest.fixture
def desk():
    return Desk()


def queued(dossier):
    queueing.queue_steps(dossier_id=dossier.id, at=MONDAY)
    return PortalLane.objects.get(pk=dossier.id)


def state(dossier):
    return Dossier.objects.get(id=dossier.id).sync


def calls(dossier):
    return list(PortalCall.objects.filter(lane_id=dossier.id).order_by("id").values_list("call", "outcome"))


def test_a_dossier_goes_through_the_calls_in_their_order(house, desk):
    dossier = desk.resolved()
    store_document(chunks=[centre_cases.small_picture()], name="Chị Hoa CCCD.png", component="to_khai", by=desk.by,
                   at=MONDAY, dossier_id=dossier.id)
    lane = queued(dossier)
    assert (state(dossier), lane.is_waiting) == ("pending", True)

    assert sending.send_waiting(at=MONDAY) == 1

    update = [("CapNhatTienTrinh", "done"), ("CapNhatTrangThai", "done")]
    assert calls(dossier) == [("GetNextValue", "done"), ("UploadFile", "done"), ("NopHoSo", "done"), *update * 3]
    lane.refresh_from_db()
    filed = house.dossiers[lane.portal_code]
    assert (filed.status, filed.copies, len(filed.progress)) == (9, 1, 3)
    assert (state(dossier), lane.is_waiting, lane.portal_status) == ("synced", False, 9)
    assert Dossier.objects.get(id=dossier.id).code != lane.portal_code, "ours stays ours"


def test_what_is_sent_holds_the_name_and_nothing_else_of_the_citizen(house, desk, caplog):
    dossier = desk.received(name="Phan Văn Thử")
    queued(dossier)
    sending.send_waiting(at=MONDAY)

    told = next(iter(house.dossiers.values())).told
    assert told["ChuHoSo"] == "Phan Văn Thử"
    assert set(told) == {"MaHoSo", "MaHoSoDonVi", "MaTTHC", "MaDichVuCong", "ChuHoSo", "LoaiDoiTuong",
                         "MaDonViTiepNhan", "KenhTiepNhan", "NgayNop", "NgayTiepNhan", "ThanhPhanHoSo",
                         "ThongTinNguoiNop"}
    assert (told["NgayNop"], told["KenhTiepNhan"]) == ("20260112093000", 2)
    assert not any(secret in str(told) for secret in ("914000268", CITIZEN_NUMBER, "Thử Nghiệm"))
    assert "Phan Văn Thử" not in caplog.text
    assert not PortalCall.objects.filter(cause__contains="Phan").exists()


def test_telling_again_tells_nothing_new(house, desk):
    dossier = desk.received()
    queued(dossier)
    sending.send_waiting(at=MONDAY)
    before = len(house.calls)

    assert queueing.queue_steps(dossier_id=dossier.id, at=MONDAY) == 0
    assert sending.send_waiting(at=MONDAY) == 0
    assert len(house.calls) == before


def test_a_draft_and_what_no_centre_has_seen_are_none_of_its_business(house):
    dossier = centre_cases.forwarded(moment=MONDAY)

    assert queueing.queue_steps(dossier_id=dossier.id, at=MONDAY) == 0
    assert state(dossier) == "not_connected"


def test_without_settings_nothing_is_queued_or_sent(settings, desk):
    dossier = desk.received()

    assert queueing.queue_steps(dossier_id=dossier.id, at=MONDAY) == 0
    assert (queueing.queue_missed(at=MONDAY), sending.send_waiting(at=MONDAY)) == (0, 0)
    assert settling.compare(at=MONDAY) is None
    assert not PortalLane.objects.exists()


def test_dossiers_from_before_the_connection_stay_untold(house, desk, settings):
    settings.WARDPOST_PORTAL_SINCE = MONDAY + timedelta(days=1)

    assert queueing.queue_steps(dossier_id=desk.received().id, at=MONDAY) == 0


def test_events_queue_and_the_sweep_finds_what_has_no_event(house, desk):
    from shared.outbox import relay

    dossier = desk.received()
    relay.drain()
    assert PortalUpdate.objects.count() == 1
    handling.start(dossier_id=dossier.id, by=desk.by, at=MONDAY)
    withdrawal.stop(dossier_id=dossier.id, reason="Chờ toà", legal_basis="Điều 1", by=desk.by, at=MONDAY)

    assert queueing.queue_missed(at=MONDAY) == 1
    sending.send_waiting(at=timezone.now())
    assert next(iter(house.dossiers.values())).status == Handling.STOPPED


def test_syncing_does_not_disturb_the_officer_who_has_the_dossier_open(house, desk):
    dossier = desk.received()
    version = Dossier.objects.get(id=dossier.id).version
    queued(dossier)
    sending.send_waiting(at=MONDAY)

    handling.start(dossier_id=dossier.id, by=desk.by, at=MONDAY, version=version)


# --- faults ---------------------------------------------------------------------------------------------------------


def drained(start, hours=1.0):
    """Sweep every ten seconds of a clock that is made up, until nothing waits; returns how long that took."""
    at = start
    while PortalLane.objects.filter(is_waiting=True, parked_at=None).exists():
        at += timedelta(seconds=10)
        sending.send_waiting(at=at)
        assert at < start + timedelta(hours=hours), "does not converge"
    return at - start


def test_six_hours_down_cost_nothing_but_time(house, desk):
    dossiers = [desk.resolved() for _ in range(4)]
    for dossier in dossiers:
        queued(dossier)
    house.faults = house.faults.changed({"down": True})
    at = MONDAY
    for _ in range(12):
        at += timedelta(minutes=30)
        sending.send_waiting(at=at)

    pauses = [lane.next_at - at for lane in PortalLane.objects.all()]
    assert max(pauses) <= timedelta(seconds=60), "ready a minute after it is back, not an hour"
    item = WorkItem.objects.get(kind="portal-behind", closed_at=None)
    assert (item.owner_role, len(house.dossiers)) == ("administrator", 0)
    assert {state(dossier) for dossier in dossiers} == {"pending"}

    house.faults = house.faults.changed({"down": False})
    assert drained(at) <= timedelta(minutes=2)

    assert {(filed.status, filed.copies, len(filed.progress)) for filed in house.dossiers.values()} == {(9, 1, 3)}
    assert len(house.dossiers) == 4
    assert {state(dossier) for dossier in dossiers} == {"synced"}
    assert not WorkItem.objects.filter(kind="portal-behind", closed_at=None).exists()


def test_a_portal_that_is_down_is_not_hammered(house, desk):
    for _ in range(8):
        queued(desk.received())
    house.faults = house.faults.changed({"down": True})

    sending.send_waiting(at=MONDAY)

    assert PortalCall.objects.count() == sending.SILENCES


@pytest.mark.parametrize("fault", ["lose_answers", "break_after"])
def test_what_was_taken_without_an_answer_is_found_and_not_sent_again(house, desk, fault):
    dossier = desk.resolved()
    lane = queued(dossier)
    house.faults = house.faults.changed({fault: True})

    drained(MONDAY)

    filed = next(iter(house.dossiers.values()))
    assert (filed.status, filed.copies) == (9, 1)
    assert len(filed.progress) == len(set(filed.progress)) == 3, "not one line of progress twice"
    assert ("NopHoSo", "silent") in calls(dossier)
    assert ("NopHoSo", "found") in calls(dossier)
    lane.refresh_from_db()
    assert (lane.in_doubt, state(dossier)) == ("", "synced")


def test_a_worker_killed_between_call_and_answer_leaves_a_doubt_that_the_next_one_settles(house, desk, monkeypatch):
    dossier = desk.received()
    queued(dossier)
    submit = HttpPortal.submit

    def killed(self, body):
        submit(self, body)
        raise KeyboardInterrupt

    monkeypatch.setattr(HttpPortal, "submit", killed)
    with pytest.raises(KeyboardInterrupt):
        sending.send_waiting(at=MONDAY)
    monkeypatch.setattr(HttpPortal, "submit", submit)
    assert PortalLane.objects.get().in_doubt == "NopHoSo:"

    assert sending.send_waiting(at=MONDAY + sending.LEASE) == 1

    assert [filed.copies for filed in house.dossiers.values()] == [1]


def test_a_token_that_runs_out_is_renewed(house, desk):
    house.faults = house.faults.changed({"token_lasts": 2})
    dossier = desk.resolved()
    queued(dossier)

    assert sending.send_waiting(at=MONDAY) == 1
    assert state(dossier) == "synced"


def test_a_wrong_secret_is_a_persons_work(house, desk):
    house.secret = "another"
    dossier = desk.received()
    queued(dossier)
    sending.send_waiting(at=MONDAY)

    assert (state(dossier), PortalLane.objects.get().parked_because) == ("parked", "log-in-refused")


def test_an_error_inside_200_is_no_success(house, desk):
    house.faults = house.faults.changed({"fail_in_200": True})
    dossier = desk.received()
    queued(dossier)
    sending.send_waiting(at=MONDAY)

    assert (state(dossier), house.dossiers) == ("parked", {})


def test_a_refusal_is_parked_with_an_owner_and_sent_again_after_correction(house, desk):
    house.faults = house.faults.changed({"unknown_procedures": [catalogue.BIRTH]})
    refused = desk.received()
    other = desk.received(code=catalogue.EXTRACT)
    for dossier in (refused, other):
        queued(dossier)

    sending.send_waiting(at=MONDAY)

    assert (state(refused), state(other)) == ("parked", "synced"), "one blocked dossier blocks only itself"
    item = WorkItem.objects.get(kind="portal-refused", closed_at=None)
    assert (item.reference, item.owner_role, item.detail["cause"]) == (
        str(refused.id), "administrator", "procedure-unknown")
    assert sending.send_waiting(at=MONDAY + timedelta(days=1)) == 0, "the portal would say the same again"

    house.faults = house.faults.changed({"unknown_procedures": []})
    settling.release(dossier_id=refused.id, by=desk.by, at=MONDAY)
    assert state(refused) == "pending"
    assert sending.send_waiting(at=MONDAY) == 1
    assert (state(refused), WorkItem.objects.filter(closed_at=None).count()) == ("synced", 0)
    with pytest.raises(NothingParked):
        settling.release(dossier_id=refused.id, by=desk.by, at=MONDAY)


def test_only_who_sees_the_dossier_sends_it_again(house, desk):
    house.faults = house.faults.changed({"fail_in_200": True})
    dossier = desk.received()
    queued(dossier)
    sending.send_waiting(at=MONDAY)
    stranger = network.acting(network.officer(network.centre(places.PHU_XUAN)))

    with pytest.raises(DossierNotFound):
        settling.release(dossier_id=dossier.id, by=stranger, at=MONDAY)


def test_a_change_that_the_table_does_not_know_is_never_sent(house, desk):
    dossier = desk.received()
    lane = queued(dossier)
    sending.send_waiting(at=MONDAY)
    PortalLane.objects.update(portal_status=10)
    handling.start(dossier_id=dossier.id, by=desk.by, at=MONDAY)
    queued(dossier)
    before = len(house.calls)

    sending.send_waiting(at=MONDAY)

    lane.refresh_from_db()
    assert (lane.parked_because, len(house.calls)) == ("transition-not-in-table", before)


def test_the_nightly_comparison_shows_what_differs_and_closes_what_does_not_any_more(house, desk):
    lost, doubled, behind, good = (desk.received() for _ in range(4))
    for dossier in (lost, doubled, behind, good):
        queued(dossier)
    sending.send_waiting(at=MONDAY)
    codes = dict(PortalLane.objects.values_list("pk", "portal_code"))
    del house.dossiers[codes[lost.id]]
    house.dossiers[codes[doubled.id]].copies = 2
    house.dossiers[codes[behind.id]].status = 1

    night = MONDAY + timedelta(hours=17)
    run = settling.compare(at=night)

    assert (run.compared, run.differing) == (4, 3)
    kinds = dict(PortalDifference.objects.values_list("lane_id", "kind"))
    assert kinds == {lost.id: "missing", doubled.id: "doubled", behind.id: "behind"}
    assert WorkItem.objects.filter(kind="portal-differs", closed_at=None).count() == 3

    for dossier in (lost, behind):
        settling.tell_again(dossier_id=dossier.id, by=desk.by, at=night)
    with pytest.raises(NothingParked):
        settling.tell_again(dossier_id=doubled.id, by=desk.by, at=night)
    assert sending.send_waiting(at=night) == 2
    settling.compare(at=night + timedelta(days=1))
    assert list(PortalDifference.objects.filter(settled_at=None).values_list("lane_id", flat=True)) == [doubled.id]
    assert PortalComparison.objects.count() == 2


def test_a_comparison_with_a_silent_portal_finds_no_differences(house, desk):
    queued(desk.received())
    sending.send_waiting(at=MONDAY)
    house.faults = house.faults.changed({"down": True})

    run = settling.compare(at=MONDAY + timedelta(hours=17))

    assert (run.compared, PortalDifference.objects.count()) == (0, 0)


def test_supplement_and_answer_go_out_in_their_order(house, desk):
    dossier = desk.received()
    reason = supplements.MissingThing(component="to_khai", reason="illegible")
    supplements.ask(dossier_id=dossier.id, reasons=(reason,), by=desk.by, at=MONDAY)
    supplements.answer(dossier_id=dossier.id, text="", by=desk.by, at=MONDAY)
    queued(dossier)
    sending.send_waiting(at=MONDAY)

    told = list(PortalUpdate.objects.order_by("step_id").values_list("to_status", flat=True))
    assert (told, next(iter(house.dossiers.values())).status) == ([2, 5, 4], 4)


def test_infected_papers_and_results_are_not_uploaded(house, desk):
    dossier = desk.received()
    for component in ("to_khai", "result"):
        store_document(chunks=[centre_cases.small_picture()], name="a.png", component=component, by=desk.by, at=MONDAY,
                       dossier_id=dossier.id)
    Document.objects.filter(component="to_khai").update(verdict="infected")
    queued(dossier)
    sending.send_waiting(at=MONDAY)

    assert house.files == {}


# --- rules ----------------------------------------------------------------------------------------------------------


def test_every_step_of_ours_that_changes_the_state_is_in_the_portals_table():
    from intake.rules.states import HANDLING

    ours = {(before, after) for (before, _action), after in HANDLING.items() if before >= 1 and before != after}
    assert [pair for pair in ours if not may_follow(*pair)] == []


def test_a_lane_never_rests_longer_than_a_minute():
    assert [pause_seconds(n) for n in (0, 1, 5, 6, 500)] == [1, 2, 32, 60, 60]


def test_the_client_tells_refusal_from_silence(house):
    wrong = HttpPortal("http://127.0.0.1:9", "u", "s", httpx.Client(timeout=0.5))
    with pytest.raises(PortalSilent):
        wrong.next_code("H57", "1")
    connected = portal_client.portal()
    with pytest.raises(PortalRefused) as refusal:
        connected.tell_status({"MaHoSo": "none", "TrangThai": 2})
    assert refusal.value.code == "dossier-unknown"


def test_the_simulators_page_says_that_nothing_is_real(house, settings):
    import httpx

    base = settings.WARDPOST_PORTAL_URL.removesuffix("/portal")
    page = httpx.get(base).text
    assert "Đây là bản mô phỏng" in page
    assert "This is a simulator" in page
    assert httpx.post(f"{base}/admin/faults/portal", json={"gremlins": 1}).status_code == 422
    assert httpx.post(f"{base}/admin/faults/portal", content=b'{"down":true}',
                      headers={"Content-Type": "text/plain"}).status_code == 404
