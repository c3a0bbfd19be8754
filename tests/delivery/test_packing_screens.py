"""The packing table from the first label to the collector's signature, as a clerk clicks through it."""

import pytest

from delivery.dispatch.models import Dispatch
from delivery.models.parcels import Parcel
from shared.ids import uuid7
from tests.factories import network, parcels

pytestmark = pytest.mark.django_db


@pytest.fixture
def place():
    return network.outlet()


@pytest.fixture
def seen(client, place):
    client.force_login(network.clerk(place))
    return client


def packed(place, n: int = 1) -> list[Parcel]:
    return [parcels.parcel(outlet=place, direction="dossier", case=parcels.postage_case("dossier"),
                           dossier_ids=[uuid7(), uuid7()]) for _ in range(n)]


@pytest.mark.django_db(transaction=True)
def test_a_clerk_prints_scans_seals_and_lets_the_collector_sign(seen, place):
    (parcel,) = packed(place)
    assert parcel.number in seen.get("/buu-gui/giao-di/").content.decode()

    labels = seen.post("/buu-gui/nhan.pdf", {"parcel": [str(parcel.id)]})
    assert labels.content.startswith(b"%PDF")
    assert seen.post("/buu-gui/giao-di/quet/", {"code": parcel.number}).status_code == 302
    dispatch = Dispatch.objects.get()
    page = f"/buu-gui/chuyen-thu/{dispatch.id}/"
    refused = seen.post(f"{page}chot/", {"seal": ["x"]})
    assert refused.status_code == 422
    assert 'value="x"' in refused.content.decode(), "what was typed stays"
    seen.post(f"{page}chot/", {"seal": ["HUE1001"]})
    assert seen.get(f"{page}phieu.pdf").content.startswith(b"%PDF")
    seen.post(f"{page}ban-giao/", {"gave_name": "Lan Anh", "taken_by_name": "Văn Phát", "taken_by_badge": "BT-1"})

    parcel.refresh_from_db()
    assert parcel.handed_over_at is not None
    assert parcel.label_printed_at is not None
    assert "Văn Phát" in seen.get(page).content.decode()
    assert dispatch.code in seen.get("/buu-gui/chuyen-thu/").content.decode()


@pytest.mark.django_db(transaction=True)
def test_a_clerk_splits_a_parcel_on_its_page(seen, place):
    (parcel,) = packed(place)
    row = parcel.contents.order_by("id").first()
    assert row is not None
    assert f"/buu-gui/{parcel.id}/tach/" in seen.get(f"/buu-gui/{parcel.id}/").content.decode()
    assert seen.get(f"/buu-gui/{parcel.id}/tach/").status_code == 200

    answer = seen.post(f"/buu-gui/{parcel.id}/tach/", {
        "thing": [f"d-{row.pk}"], "weight_grams": "60", "weight_left_grams": "40"})

    part = Parcel.objects.exclude(id=parcel.id).get()
    assert answer["Location"] == f"/buu-gui/{part.id}/"
    assert parcel.number in seen.get(f"/buu-gui/{part.id}/").content.decode()


@pytest.mark.parametrize("waiting", [1, 6])
def test_the_packing_table_costs_the_same_however_much_waits(seen, place, waiting, django_assert_max_num_queries):
    packed(place, waiting)
    seen.get("/buu-gui/giao-di/")

    with django_assert_max_num_queries(17):
        assert seen.get("/buu-gui/giao-di/").status_code == 200
