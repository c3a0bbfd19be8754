"""First time right: what came back, and whether the counter could have seen why."""

import pytest
from django.test import Client

from intake.models.counter import Taking
from intake.models.decisions import SupplementRequest
from intake.models.dossiers import Dossier
from intake.queries.first_time import first_time_right
from intake.rules.first_time import check_that_could_tell
from tests.factories import network
from tests.intake.counter_cases import Counter
from tests.intake.moments import MONDAY_MORNING

pytestmark = pytest.mark.django_db
TODAY = MONDAY_MORNING.date()
NEEDED = {"code": "to_khai", "required": "always"}


@pytest.mark.parametrize(("reason", "paper", "channel", "check"), [
    ("missing", NEEDED, "online", "paper-missing"),
    ("missing", {"code": "x", "required": "by_post"}, "post", "paper-missing"),
    ("missing", {"code": "x", "required": "by_post"}, "online", ""),
    ("missing", {"code": "x", "required": "if_applicable"}, "online", ""),
    ("missing", None, "online", ""),
    ("expired", NEEDED | {"valid_months": 6}, "online", "paper-expired"),
    ("expired", NEEDED, "online", ""),
    ("mismatch", NEEDED, "online", ""),
    ("already-filed", None, "online", "duplicate-open"),
    ("not-entitled", None, "online", ""),
])
def test_a_reason_is_ours_when_a_check_could_have_told(reason, paper, channel, check):
    assert check_that_could_tell(reason, "x", paper, channel) == check


@pytest.fixture
def manager(client: Client, rate_book):
    """An outlet with four dossiers: two right, one sent back for our fault, one for what nobody could see."""
    counter = Counter(client)
    for reason in ("", "", "missing", "mismatch"):
        counter.acts_for()
        counter.posts(do="submit")
        dossier = Dossier.objects.order_by("-created_at").first()
        assert dossier is not None
        assert dossier.submitted_at is not None
        dossier.code, dossier.received_at, dossier.handling = f"H57-{dossier.agent_ref}", dossier.submitted_at, 2
        dossier.save()
        if reason:
            SupplementRequest.objects.create(
                dossier=dossier, reasons=[{"component": "to_khai", "reason": reason, "text": ""}],
                requested_by=counter.clerk.id, requested_by_name="Cán bộ", requested_at=dossier.submitted_at)
        client.post("/quay/phien/ket-thuc/")
    Taking.objects.update(seconds=50)
    account = network.outlet_manager(counter.outlet)
    client.force_login(account)
    return network.acting(account)


def report(actor):
    day = Dossier.objects.order_by("submitted_at").values_list("submitted_at", flat=True)[0].date()
    return first_time_right(actor, from_date=day.replace(day=1), to_date=day.replace(year=day.year + 1, day=1))


def test_it_counts_right_ours_and_what_could_not_be_seen(manager):
    found = report(manager)

    assert (found.submitted, found.judged, found.right, found.sent_back) == (4, 4, 2, 2)
    assert (found.ours, found.not_checkable, found.percent) == (1, 1, 50)
    assert {line.reason_code: line.check for line in found.lines} == {"missing": "paper-missing", "mismatch": ""}
    assert [(pace.taken, pace.median_seconds) for pace in found.paces] == [(4, 50)]


def test_another_outlet_has_its_own_figures(manager):
    other = network.acting(network.clerk())

    assert report(other).submitted == 0
    assert report(other).rate is None


def test_the_manager_reads_it_on_a_page_and_by_api(manager, client):
    page = client.get("/quay/dung-ngay-lan-dau/").content.decode()
    told = client.get("/api/v1/first-time-right").json()

    assert "50 %" in page
    assert "Của điểm: kiểm thấy được" in page
    assert "0:50" in page
    assert (told["right"], told["ours"], told["rate"]) == (2, 1, 0.5)


@pytest.mark.parametrize("asked", ["?from=x&to=y", "?from=2026-02-01&to=2026-01-01", "?from=1900-01-01"])
def test_a_strange_period_is_answered_with_this_month(manager, client, asked):
    assert client.get(f"/quay/dung-ngay-lan-dau/{asked}").status_code == 200


def test_it_costs_the_same_however_much_came_back(manager, django_assert_max_num_queries):
    with django_assert_max_num_queries(9):
        report(manager)
