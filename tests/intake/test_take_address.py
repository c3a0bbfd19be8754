"""Where a result goes is understood while it is typed, verified without leaving the page, and never in the way."""

from dataclasses import replace

import pytest
from django.test import Client

from delivery.addresses.models import Address
from intake.errors import SubmissionRefused
from intake.models.dossiers import Dossier
from intake.operations import drafts
from intake.plain_data import filing_as_data, filing_from_data
from intake.records import AddressCheck, DeliveryAddress
from intake.views.take_entries import entries_of
from tests.factories import dossiers, places
from tests.intake.counter_cases import Counter
from tests.intake.moments import MONDAY_MORNING as NOW

pytestmark = pytest.mark.django_db
HOME = f"{places.PHONG_DINH}/{places.PHONG_CHUONG}"


@pytest.fixture
def counter(client: Client, rate_book) -> Counter:
    places.former_commune(places.PHONG_CHUONG)
    found = Counter(client)
    found.acts_for()
    return found


def body(answer) -> str:
    return answer.content.decode()


def test_a_former_name_shows_its_commune_of_today_and_that_nobody_has_asked_yet(counter):
    page = body(counter.posts(result_choice="home", street="Thôn 1", home=HOME))

    assert "<s>xã Phong Chương" in page
    assert "chưa xác nhận" in page
    assert "Chỉ biết trung tâm xã, phường" in page


def test_a_whole_address_in_the_street_is_offered_to_be_taken_apart(counter):
    typed = "Thôn 1, xã Phong Chương, huyện Phong Điền"

    offered = body(counter.posts(result_choice="home", street=typed, home=""))
    apart = body(counter.posts(result_choice="home", street=typed, home="", take_apart=HOME, note="Vẫn còn đây"))

    assert f'name="take_apart" value="{HOME}"' in offered
    assert 'value="Thôn 1"' in apart
    assert f'name="home" value="{HOME}"' in apart
    assert "Vẫn còn đây" in apart


def test_a_pin_says_how_far_it_lies_and_a_wrong_one_keeps_what_was_typed(counter):
    middle = places.commune(places.PHONG_DINH)
    near = f"{middle.latitude + 0.01:.4f}, {middle.longitude:.4f}"

    assert "Đã ghim, cách trung tâm xã, phường 1" in body(
        counter.posts(result_choice="home", street="Thôn 1", home=HOME, pin=near))
    for wrong in ("gần chợ", "21.0285, 105.8542"):
        page = body(counter.posts(result_choice="home", street="Thôn 1", home=HOME, pin=wrong))
        assert f'value="{wrong}"' in page
        assert 'id="t-delivery_pin-error"' in page


def test_what_was_verified_is_kept_with_the_dossier_and_known_the_next_time(counter):
    said = {"result_choice": "home", "street": "Thôn 1", "home": HOME, "landmark": "Cổng xanh", "is_read_back": "1"}

    counter.posts(do="submit", **said)

    dossier, address = Dossier.objects.get(), Address.objects.get()
    assert dossier.delivery_address_id == address.id
    assert (address.landmark, address.former_commune_id) == ("Cổng xanh", places.PHONG_CHUONG)
    assert address.verified_at is not None
    page = body(counter.posts(result_choice="home", street="Thôn 1", home=HOME))
    assert "đã xác nhận với người dân" in page


def test_an_address_that_nobody_confirmed_never_keeps_a_dossier_waiting(counter):
    assert counter.posts(do="submit", result_choice="home").status_code == 302
    assert Dossier.objects.get().delivery_address_id is None
    assert not Address.objects.exists()


def test_the_former_name_of_another_address_stays_with_the_dossier_and_prices_it():
    places.former_commune(places.PHONG_CHUONG)
    counter = dossiers.counter()
    given = DeliveryAddress("Thôn Thử", places.PHONG_DINH, former_commune_code=places.PHONG_CHUONG)

    dossier = counter.submit(delivery=given)

    assert dossier.delivery_address_id is not None
    address = Address.objects.get(id=dossier.delivery_address_id)
    assert (address.former_commune_id, address.verified_at) == (places.PHONG_CHUONG, None)


def test_a_wrong_pin_is_refused_beside_its_field_and_nothing_is_kept():
    counter = dossiers.counter()

    with pytest.raises(SubmissionRefused) as refusal:
        counter.submit(address_check=AddressCheck(pin="gần chợ"))

    assert [error.pointer for error in refusal.value.errors] == ["/delivery/pin"]
    assert not Address.objects.exists()


def test_a_draft_keeps_the_check():
    counter = dossiers.counter()
    places.former_commune(places.PHONG_CHUONG)
    filing = replace(counter.filing(), documents=(), address_check=AddressCheck("Cổng xanh", "16.5, 107.4", True),
                     delivery=DeliveryAddress("Thôn 1", places.PHONG_DINH, former_commune_code=places.PHONG_CHUONG))

    draft = drafts.save_draft(filing, by=counter.by, at=NOW)
    entries = entries_of(filing_from_data(draft.filing), "46")

    assert (entries.landmark, entries.pin, entries.is_read_back) == ("Cổng xanh", "16.5, 107.4", True)
    assert entries.home.value == HOME
    assert filing_from_data(filing_as_data(filing)) == filing
