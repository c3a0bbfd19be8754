"""How often the post keeps its word: counted by the database as the rules say, published without naming anybody."""

import csv
import io
from datetime import date, datetime, timedelta

import pytest
import time_machine

from delivery.clock.counting import count_promises, monday_of
from delivery.clock.models import PromiseCount
from delivery.clock.queries import Asked, By, Tally, lines, recent
from delivery.models.events import TrackingEvent
from delivery.models.parcels import Parcel
from delivery.promise.rules import Kept, kept
from delivery.rules import ParcelState
from shared.calendar import LOCAL_ZONE
from tests.factories import network, parcels, places
from tests.factories.parcels import BOOKED_AT

pytestmark = pytest.mark.django_db

S = ParcelState
PROMISED = date(2026, 1, 16)
LATER = BOOKED_AT + timedelta(days=12)  # Monday 26 January


def at(day: int, hour: int = 9) -> datetime:
    return datetime(2026, 1, day, hour, tzinfo=LOCAL_ZONE)


def ended(state: str = S.DELIVERED, on: int | None = 16, attempts: tuple[int, ...] = (), **fields) -> Parcel:
    """Promised for Friday 16 January."""
    parcel = parcels.parcel(**fields)
    Parcel.objects.filter(id=parcel.id).update(
        state=state, delivered_at=at(on, 20) if on and state == S.DELIVERED else None,
        summary={"attempt_days": [f"2026-01-{day:02d}" for day in attempts]} if attempts else {})
    return parcel


def laid_out(parcel: Parcel, on: int) -> None:
    TrackingEvent.objects.create(parcel=parcel, carrier="vnpost", event_id=f"edh-{parcel.id}", code="EDH",
                                 occurred_at=at(on), received_at=at(on))


def told_by(client, query: str) -> list[dict[str, str]]:
    """The rows of the published file."""
    text = b"".join(client.get(f"/giu-hen/so-lieu.csv{query}")).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


CASES = [
    (S.DELIVERED, 16, (), None), (S.DELIVERED, 17, (), None), (S.DELIVERED, 19, (16,), None),
    (S.DELIVERED, 19, (19,), None), (S.IN_TRANSIT, None, (), None), (S.ATTEMPT_FAILED, None, (15, 19), None),
    (S.RETURNED, None, (16,), None), (S.RETURNED, None, (), None), (S.LOST, None, (), None),
    (S.NEEDS_REVIEW, None, (15,), None), (S.AT_COLLECTION_POINT, None, (), 16), (S.AT_COLLECTION_POINT, None, (), 17),
    (S.DELIVERED, 20, (), 16), (S.BOOKED, None, (), None),
]


@pytest.mark.parametrize(("state", "delivered", "attempts", "collect"), CASES)
def test_the_database_counts_as_the_rules_say(state, delivered, attempts, collect):
    parcel = ended(state, delivered, attempts)
    if collect:
        laid_out(parcel, collect)
    offered = [day for day in (delivered, *attempts[:1], collect) if day]

    count_promises(at=LATER)

    first = date(2026, 1, min(offered)) if offered else None
    outcome = kept(state=state, promised=PROMISED, first_offered=first, today=LATER.date())
    row = PromiseCount.objects.get()
    assert {name: getattr(row, name) for name in Kept if name != Kept.OPEN} == {
        name: int(name == outcome) for name in Kept if name != Kept.OPEN}
    assert (row.week, row.commune_code, row.operator_code) == (date(2026, 1, 12), places.PHU_XUAN, "VNPOST")


def test_a_promise_counts_from_the_day_after_and_again_counts_the_same():
    ended()

    assert count_promises(at=at(16, 23)) == 0
    assert count_promises(at=at(17)) == 1
    assert count_promises(at=at(18)) == 1
    assert PromiseCount.objects.get().kept == 1


def test_what_is_learnt_later_changes_the_count():
    parcel = ended(S.IN_TRANSIT, None)
    count_promises(at=at(19))
    assert PromiseCount.objects.get().waiting == 1

    Parcel.objects.filter(id=parcel.id).update(state=S.DELIVERED, delivered_at=at(19))
    count_promises(at=at(20))

    row = PromiseCount.objects.get()
    assert (row.waiting, row.late) == (0, 1)


def test_the_worst_comes_first_and_too_few_say_nothing():
    for number in range(6):
        ended(on=16 if number < 5 else 19)
    ended(on=19, recipient_commune_code=places.PHONG_DINH, origin_commune_code=places.PHU_XUAN)
    count_promises(at=LATER)

    told = lines(Asked(*recent(LATER.date()), province_code=places.HUE), By.COMMUNE)

    assert [(line.key, line.tally.share) for line in told] == [(places.PHU_XUAN, 5 / 6), (places.PHONG_DINH, None)]
    assert told[0].at is not None
    assert Tally(kept=3, uncounted=9).share is None


def test_weeks_begin_on_monday():
    assert {monday_of(date(2026, 1, day)) for day in range(12, 19)} == {date(2026, 1, 12)}


@time_machine.travel(LATER)
def test_everybody_reads_the_published_page_and_the_file(client):
    outlet = network.outlet()
    for number in range(6):
        ended(on=16 if number < 5 else 19, outlet=outlet)
    count_promises(at=LATER)

    page = client.get("/giu-hen/").content.decode()
    rows = told_by(client, "?theo=outlet")

    assert "83,3" in page
    assert "phường Phú Xuân" in page
    assert [(row["name"], row["due"], row["kept"]) for row in rows] == [(outlet.name, "6", "5")]
    told = client.get("/api/v1/promise-kept?by=operator").json()["items"]
    assert [(item["key"], item["due"], item["late"]) for item in told] == [("VNPOST", 6, 1)]


@time_machine.travel(LATER)
def test_few_promises_are_published_without_what_became_of_them(client):
    ended(on=19)
    count_promises(at=LATER)

    row = told_by(client, "")[0]
    item = client.get("/api/v1/promise-kept?by=commune").json()["items"][0]

    assert (row["due"], row["kept"], row["late"]) == ("1", "", "")
    assert (item["due"], item["late"], item["share"]) == (1, None, None)


@time_machine.travel(LATER)
def test_staff_read_the_clock_of_their_own_place(client):
    mine, theirs = network.outlet(), network.outlet(places.PHU_XUAN)
    for outlet in (mine, theirs):
        for _ in range(5):
            ended(outlet=outlet)
    count_promises(at=LATER)

    client.force_login(network.clerk(mine))
    page = client.get("/buu-gui/giu-hen/?theo=outlet").content.decode()
    assert mine.name in page
    assert theirs.name not in page

    client.force_login(network.officer())
    page = client.get("/buu-gui/giu-hen/?theo=outlet").content.decode()
    assert mine.name in page
    assert theirs.name in page


@time_machine.travel(LATER)
@pytest.mark.parametrize("query", ["", "?tuan=x&theo=y&tinh=zz", "?tuan=99999999999", "?tinh=46&theo=week&tuan=4",
                                   "?theo=operator", "?tinh=%00%ff"])
def test_whatever_is_asked_the_page_answers(client, query):
    assert client.get(f"/giu-hen/{query}").status_code == 200
    ended()
    count_promises(at=LATER)
    assert client.get(f"/giu-hen/{query}").status_code == 200


@time_machine.travel(LATER)
@pytest.mark.parametrize("many", [1, 8])
def test_the_page_costs_the_same_however_many(many, client, django_assert_num_queries):
    for _ in range(many):
        ended(outlet=network.outlet())
    count_promises(at=LATER)
    client.get("/giu-hen/")

    with django_assert_num_queries(9):
        client.get("/giu-hen/?theo=outlet")


AFTER_A_YEAR = datetime(2027, 1, 20, 9, tzinfo=LOCAL_ZONE)


@time_machine.travel(AFTER_A_YEAR)
def test_a_city_that_has_stood_still_shows_the_last_weeks_that_were_counted(client):
    for _ in range(5):
        ended()
    count_promises(at=LATER)

    page = client.get("/giu-hen/?tuan=4").content.decode()
    assert "22/12/2025 – 18/01/2026" in page
    assert "100,0" in page
    assert 'rel="next"' in page
    assert 'rel="prev"' not in page


@time_machine.travel(LATER)
def test_the_weeks_before_and_after_are_a_link_away(client):
    for _ in range(5):
        ended()
    count_promises(at=LATER)

    earlier = client.get("/giu-hen/?tuan=4&den=2026-01-11").content.decode()
    assert "15/12/2025 – 11/01/2026" in earlier
    assert 'rel="next"' in earlier
    for nonsense in ("9999-12-31", "0001-01-01", "x", "2026-02-31"):
        assert client.get(f"/giu-hen/?den={nonsense}").status_code == 200
        assert client.get(f"/giu-hen/so-lieu.csv?den={nonsense}").status_code == 200
    assert client.get("/api/v1/promise-kept?until=0001-01-01").status_code == 200
    told = client.get("/api/v1/promise-kept?weeks=4&until=2026-01-18").json()
    assert (told["first_week"], told["last_week"], told["items"][-1]["due"]) == ("2025-12-22", "2026-01-12", 5)
