"""The demo's bags, receipts and originals, played at a counter made for it."""

from datetime import datetime

import pytest

from config.demo import hand_over
from config.demo.timeline import Timeline
from intake.models.custody import Original
from intake.models.manifests import Manifest
from intake.models.receipts import Receipt
from shared.calendar import LOCAL_ZONE
from tests.factories import catalogue, network, places, rates
from tests.factories.parcels import number_pool

pytestmark = pytest.mark.django_db
OPENING = datetime(2026, 3, 10, 8, 5, tzinfo=LOCAL_ZONE)


def test_one_bag_is_on_its_way_one_has_a_difference_and_a_receipt_is_replaced():
    rates.load()
    number_pool()
    for code in (hand_over.EXTRACT, hand_over.SINGLE_STATUS):
        catalogue.procedure(code)
    outlet, centre = network.outlet(places.PHONG_DINH), network.centre(places.PHONG_DINH)
    for username, account in (
            ("quay.hue", network.clerk(outlet)), ("truong.hue", network.outlet_manager(outlet)),
            ("canbo.hue", network.officer(centre)), ("dieuhanh.vnpost", network.operator_hq(outlet.operator))):
        account.username = username
        account.save(update_fields=["username"])
    timeline = Timeline()

    hand_over.plan(timeline, OPENING)
    timeline.play(told=lambda done, left: None)

    assert dict(Manifest.objects.values_list("seal_number", "state")) == {
        "HUE-260417": "with_differences", "HUE-260418": "with_carrier"}
    assert sorted(Receipt.objects.values_list("state", flat=True)) == ["issued"] * 4 + ["replaced"]
    assert set(Original.objects.values_list("holder", flat=True)) == {"outlet", "carrier", "centre"}
