"""A parcel is split before the carrier has it: both are priced, and a dossier in both arrives with the last part."""

import pytest
from django.db import transaction

from delivery.errors import ParcelNotFound, ParcelNotSplittable, SplitRefused
from delivery.models.parcels import Parcel
from delivery.operations import booking
from delivery.operations.splitting import Moved, split_parcel, weigh_parcel
from delivery.pricing import case_from_data
from delivery.queries.parcels import find_parcel, whole_dossiers
from delivery.records import DeclaredOriginal
from shared.actors import Actor, ActorKind
from shared.ids import uuid7
from shared.models.messages import OutboxMessage
from tests.factories import network, parcels
from tests.factories.parcels import BOOKED_AT

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def outlet():
    return network.outlet()


@pytest.fixture
def clerk(outlet):
    return Actor(ActorKind.PERSON, "clerk", "Lan", role="outlet_clerk", outlet_id=outlet.id)


def packed(outlet, *dossiers, **fields) -> Parcel:
    parcels.number_pool()
    inside = tuple((each, f"H57.31-260114-{i:04d}", ("tờ khai", "sổ hộ khẩu")) for i, each in enumerate(dossiers, 1))
    request = parcels.booking_request(outlet=outlet, direction="dossier", **fields | {"dossiers": inside})
    with transaction.atomic():
        return booking.book(request)


def test_a_dossier_moves_into_a_parcel_of_its_own_with_a_number_and_a_price(outlet, clerk):
    first, second = uuid7(), uuid7()
    parcel = packed(outlet, first, second, weight_grams=900)

    part = split_parcel(parcel_id=parcel.id, moved=[Moved(second)], weight_grams=300, weight_left_grams=600, by=clerk,
                        at=BOOKED_AT)

    parcel.refresh_from_db()
    assert [each[0] for each in find_parcel(part.id).dossiers] == [second]
    assert [each[0] for each in find_parcel(parcel.id).dossiers] == [first]
    assert (parcel.weight_grams, part.weight_grams) == (600, 300)
    assert case_from_data(part.pricing).weight_grams == 300
    assert part.number != parcel.number
    assert part.tracking_code != parcel.tracking_code
    told = OutboxMessage.objects.get(event="ParcelSplit").payload
    assert told["moved_dossier_ids"] == [str(second)]


def test_papers_and_originals_of_one_dossier_may_travel_apart(outlet, clerk):
    dossier, original = uuid7(), uuid7()
    red_book = DeclaredOriginal("Giấy chứng nhận quyền sử dụng đất", "BA 123456", 4, original)
    parcel = packed(outlet, dossier, originals={dossier: (red_book,)})

    part = split_parcel(parcel_id=parcel.id, moved=[Moved(dossier, (), (0,))], weight_grams=80, weight_left_grams=60,
                        by=clerk, at=BOOKED_AT)

    assert find_parcel(part.id).originals[dossier] == (red_book,)
    assert not find_parcel(parcel.id).originals
    told = OutboxMessage.objects.get(event="ParcelSplit").payload
    assert told["moved_original_ids"] == [str(original)]
    assert told["moved_dossier_ids"] == [], "the dossier still lies in both"


def test_a_dossier_in_two_parcels_has_arrived_when_both_have(outlet, clerk):
    dossier = uuid7()
    parcel = packed(outlet, dossier)
    part = split_parcel(parcel_id=parcel.id, moved=[Moved(dossier, (1,))], weight_grams=80, weight_left_grams=60,
                        by=clerk, at=BOOKED_AT)

    Parcel.objects.filter(id=parcel.id).update(state="delivered", delivered_at=BOOKED_AT)
    assert whole_dossiers(parcel.id) == ()
    Parcel.objects.filter(id=part.id).update(state="delivered", delivered_at=BOOKED_AT)

    assert whole_dossiers(part.id) == (dossier,)


@pytest.mark.parametrize("moved", [[], ["all"], ["stranger"]])
def test_something_moves_and_something_stays(outlet, clerk, moved):
    dossier = uuid7()
    parcel = packed(outlet, dossier)
    wanted = [Moved(dossier if each == "all" else uuid7()) for each in moved]

    with pytest.raises(SplitRefused):
        split_parcel(parcel_id=parcel.id, moved=wanted, weight_grams=80, weight_left_grams=60, by=clerk, at=BOOKED_AT)

    assert Parcel.objects.count() == 1


def test_a_sealed_bag_and_what_the_carrier_has_are_not_opened(outlet, clerk):
    first, second = uuid7(), uuid7()
    bag = packed(outlet, first, second, seal_number="HUE-1")
    gone = packed(outlet, uuid7(), uuid7())
    Parcel.objects.filter(id=gone.id).update(handed_over_at=BOOKED_AT)

    for parcel in (bag, gone):
        with pytest.raises(ParcelNotSplittable):
            weigh_parcel(parcel_id=parcel.id, weight_grams=50, by=clerk, at=BOOKED_AT)


def test_another_outlet_does_not_know_the_parcel(outlet):
    parcel = packed(outlet, uuid7())
    stranger = Actor(ActorKind.PERSON, "x", role="outlet_clerk", outlet_id=uuid7())

    with pytest.raises(ParcelNotFound):
        weigh_parcel(parcel_id=parcel.id, weight_grams=50, by=stranger, at=BOOKED_AT)
