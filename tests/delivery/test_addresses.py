"""Addresses as people say them: read, found on the ground, pinned, verified; and the zone that follows."""

import json
import threading
from collections.abc import Iterator
from datetime import date, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from django.db import transaction

from billing.rules.zones import Zone
from delivery.addresses import operations, zones
from delivery.addresses.models import Address, ZoneEntry
from delivery.addresses.queries import destination_at
from delivery.addresses.reading import read_pin
from delivery.addresses.rules import MOST_TRIES
from delivery.errors import AddressRefused
from shared.actors import Actor, ActorKind
from shared.models.oversight import WorkItem
from shared.places import get_place
from tests.factories import network, places
from tests.factories.parcels import BOOKED_AT

pytestmark = pytest.mark.django_db(transaction=True)


class _Nominatim(BaseHTTPRequestHandler):
    answer: list[dict[str, object]] = []
    status = 200
    asked: list[str] = []

    def do_GET(self) -> None:
        type(self).asked.append(self.path)
        self.send_response(type(self).status)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(json.dumps(type(self).answer).encode())

    def log_message(self, *_args: object) -> None:
        """Nothing: tests are quiet."""


@pytest.fixture
def geocoder(settings) -> Iterator[type[_Nominatim]]:
    server = HTTPServer(("127.0.0.1", 0), _Nominatim)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    settings.WARDPOST_GEOCODER_URL = f"http://127.0.0.1:{server.server_address[1]}"
    settings.WARDPOST_GEOCODER_PAUSE = 0.0
    _Nominatim.answer, _Nominatim.status, _Nominatim.asked = [], 200, []
    yield _Nominatim
    server.shutdown()
    server.server_close()


@pytest.fixture
def clerk() -> Actor:
    return Actor(ActorKind.PERSON, "clerk", role="outlet_clerk", outlet_id=network.outlet().id)


def write(by: Actor, **fields) -> Address:
    said = {"street": "Thôn 1, nhà ông Thử", "landmark": "sau chợ", "commune_code": places.PHONG_DINH,
            "former_commune_code": "", "pin": None, "is_verified": False}
    with transaction.atomic():
        return operations.write(**said | fields, by=by, at=BOOKED_AT)


def middle() -> tuple[float, float]:
    place = get_place(places.PHONG_DINH)
    assert place is not None
    return place.latitude, place.longitude


def test_without_a_geocoder_the_middle_of_the_commune_is_known_and_says_so(clerk):
    address = write(clerk)

    assert (address.precision, address.search) == ("commune", "not_asked")
    assert (address.latitude, address.longitude) == middle()


def test_the_same_words_are_the_same_address_and_verifying_stays(clerk):
    first = write(clerk, is_verified=True)

    assert write(clerk).id == first.id
    assert Address.objects.get().verified_at == BOOKED_AT
    assert write(clerk, street="Thôn 2").verified_at is None, "other words are another address"


def test_a_pin_must_lie_near_its_commune(clerk):
    latitude, longitude = middle()

    pinned = write(clerk, pin=(latitude + 0.01, longitude))

    assert pinned.precision == "pin"
    with pytest.raises(AddressRefused):
        write(clerk, pin=(latitude + 2, longitude))


def test_the_geocoder_is_told_no_name_and_its_house_is_believed(clerk, geocoder):
    latitude, longitude = middle()
    geocoder.answer = [{"lat": str(latitude + 0.002), "lon": str(longitude), "place_rank": 30, "display_name": "Nhà"}]
    address = write(clerk)
    assert address.search == "waiting"

    operations.find_on_ground(address_id=address.id, at=BOOKED_AT)

    address.refresh_from_db()
    assert (address.search, address.precision) == ("found", "house")
    assert len(geocoder.asked) == 1
    assert "street=" in geocoder.asked[0]


def test_a_place_of_the_same_name_elsewhere_is_not_believed(clerk, geocoder):
    geocoder.answer = [{"lat": "10.77", "lon": "106.70", "place_rank": 30, "display_name": "Sài Gòn"}]
    address = write(clerk)

    operations.find_on_ground(address_id=address.id, at=BOOKED_AT)

    address.refresh_from_db()
    assert (address.search, address.precision) == ("elsewhere", "commune")
    assert (address.latitude, address.longitude) == middle()


def test_a_silent_geocoder_is_asked_again_and_then_somebody_is_told(clerk, geocoder):
    geocoder.status = 503
    address, at = write(clerk), BOOKED_AT
    for _ in range(MOST_TRIES):
        operations.find_waiting(at=at)
        at += timedelta(hours=3)

    address.refresh_from_db()
    assert (address.search, address.try_at) == ("gave_up", None)
    assert WorkItem.objects.get().kind == "geocoder-away"


def test_a_pin_that_comes_while_the_geocoder_is_asked_stays(clerk, geocoder):
    address = write(clerk)

    write(clerk, pin=middle())

    assert operations.find_on_ground(address_id=address.id, at=BOOKED_AT) is None
    assert Address.objects.get().precision == "pin"


def test_what_was_checked_counts_only_while_its_words_stay(clerk):
    address = write(clerk, is_verified=True)
    at = {"street": address.street, "commune_code": address.commune_id}

    assert destination_at(address.id, **at).is_verified
    assert not destination_at(address.id, **at | {"street": "Thôn 9"}).is_verified


@pytest.mark.parametrize(("typed", "pin"), [
    ("16.4637, 107.5909", (16.4637, 107.5909)), ("107.5909 16.4637", (16.4637, 107.5909)),
    ("https://maps.example/@16.4637,107.5909,17z", (16.4637, 107.5909)), ("geo:16.4637,107.5909", (16.4637, 107.5909)),
    ("48.85, 2.35", None), ("sau chợ", None), ("", None)])
def test_a_pin_is_read_as_maps_give_it(typed, pin):
    assert read_pin(typed) == pin


def test_degrees_minutes_and_seconds_are_read():
    pin = read_pin("16°27'49\"N 107°35'27\"E")

    assert pin is not None
    assert pin == pytest.approx((16.46361, 107.59083), abs=1e-4)


def test_an_operators_table_beats_the_rule_of_the_tariff_on_its_days():
    places.commune(places.PHONG_DINH)
    places.commune(places.PHU_XUAN)
    here, there = get_place(places.PHONG_DINH), get_place(places.PHU_XUAN)
    assert here is not None
    assert there is not None
    by_rule = zones.zone_between("VNPOST", here, there, date(2026, 1, 14))
    ZoneEntry.objects.create(
        operator_code="VNPOST", basis="commune", origin_code=min(here.code, there.code),
        destination_code=max(here.code, there.code), zone=Zone.INTER_FAR_REGION, valid_from=date(2026, 1, 1),
        valid_to=date(2026, 2, 1), legal_basis="Bảng vùng cước thử", confidence="assumed")
    zones.forget()

    found, line = zones.explain_zone("VNPOST", there, here, date(2026, 1, 14))

    assert found.zone == Zone.INTER_FAR_REGION
    assert line is not None
    assert line.legal_basis == "Bảng vùng cước thử"
    assert zones.zone_between("VNPOST", here, there, date(2026, 2, 1)) == by_rule
    zones.forget()
