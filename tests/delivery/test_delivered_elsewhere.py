"""A parcel handed over in another commune, which nobody ordered, is noticed, kept out of claims, and decided."""

import json

import pytest
from django.utils import timezone

from delivery.door.models import DeliveryChange
from delivery.door.operations.elsewhere import consider_place
from delivery.models.parcels import Parcel
from delivery.rules.claimed_places import Named, claimed_in
from shared.models.oversight import AuditEntry, WorkItem
from shared.models.places import FormerCommune, Succession
from tests.delivery import carrier
from tests.factories import network, parcels, places

pytestmark = pytest.mark.django_db(transaction=True)
NAMES = (Named("phuong phu", frozenset({"1"})), Named("phuong phu xuan", frozenset({"2"})),
         Named("xa phong chuong", frozenset({"3", "4"})))


@pytest.mark.parametrize(("told", "codes"), [
    ("buu cuc phat phuong phu xuan", {"2"}), ("bc p.phu xuan", {"2"}), ("phuong phu", {"1"}),
    ("xa phong chuong", {"3", "4"}), ("buu cuc phu xuan", set()), ("trung tam khai thac", set()), ("", set())])
def test_only_a_name_with_its_kind_says_where(told, codes):
    assert claimed_in(told, NAMES) == codes


def delivered_at(client, office: str) -> Parcel:
    """A result for Phú Xuân, handed over where the carrier says."""
    places.commune(places.PHONG_DINH)
    parcel = parcels.parcel()
    carrier.tell(client, carrier.delivered(parcel.number, office=office))
    consider_place(parcel_id=parcel.id, at=timezone.now())
    parcel.refresh_from_db()
    return parcel


@pytest.mark.parametrize("office", [
    "Bưu cục phát phường Phú Xuân", "Bưu cục Phong Dinh", "", "Trung tâm khai thác Huế"])
def test_the_own_commune_and_the_name_of_an_office_are_no_doubt(client, office):
    assert delivered_at(client, office).delivered_in == ""
    assert not WorkItem.objects.filter(kind="parcel-wrong-commune").exists()


def test_another_commune_is_the_operators_work_and_stands_on_the_parcels_page(client):
    parcel = delivered_at(client, "Bưu cục phát phường Phong Dinh")

    assert parcel.delivered_in == places.PHONG_DINH
    assert WorkItem.objects.get(kind="parcel-wrong-commune").owner_place == "VNPOST"
    client.force_login(network.operator_hq())
    assert "Phát ở phường Phong Dinh" in client.get(f"/buu-gui/{parcel.id}/").content.decode()


def test_what_somebody_ordered_there_is_right(client):
    places.commune(places.PHONG_DINH)
    parcel = parcels.parcel()
    DeliveryChange.objects.create(
        parcel=parcel, kind="address", commune_id=places.PHONG_DINH, address="3 đường Thử Nghiệm",
        ordered_by_kind="citizen", ordered_by="citizen", ordered_at=timezone.now())
    carrier.tell(client, carrier.delivered(parcel.number, office="Bưu cục phát phường Phong Dinh"))

    assert consider_place(parcel_id=parcel.id, at=timezone.now()) is False


def test_a_former_name_of_the_own_commune_is_right(client):
    commune = places.commune(places.PHU_XUAN)
    former = FormerCommune.objects.create(
        code="90001", name="Thuận Lộc", kind="phuong", district_code="474", district_name="quận Phú Xuân",
        province_code="46", province_name="Thành phố Huế", dissolved_on="2025-07-01", search_key="thuan loc")
    Succession.objects.create(former=former, commune=commune, is_default=True)

    assert delivered_at(client, "Bưu cục phát phường Thuận Lộc").delivered_in == ""


def test_the_citys_finance_may_accept_it_and_says_why(client):
    parcel = delivered_at(client, "Bưu cục phát phường Phong Dinh")
    path, body = f"/api/v1/parcels/{parcel.id}/place-acceptances", {"reason": "người nhận ký biên bản"}

    def accept(account, key, **changed):
        client.force_login(account)
        return client.post(path, json.dumps(body | changed), content_type="application/json",
                           headers={"Idempotency-Key": key})

    assert accept(network.operator_hq(), "a").status_code == 403
    reviewer = network.reviewer(places.HUE)
    assert accept(reviewer, "b", reason=" ").status_code == 422
    assert client.post(f"/buu-gui/{parcel.id}/noi-phat/", {"reason": ""}).status_code == 422
    assert accept(reviewer, "c").json()["delivered_in"] == ""
    assert accept(reviewer, "d").status_code == 409, "nothing is doubted any more"

    assert not WorkItem.objects.filter(kind="parcel-wrong-commune", closed_at=None).exists()
    assert AuditEntry.objects.get(action="parcel.accept-place").reason == "người nhận ký biên bản"
