"""A label can be read by machines and people, and a reprint is the same to the last byte."""

import io

import numpy as np
import pytest
import zxingcpp
from PIL import Image
from pypdf import PdfReader

from delivery.errors import ParcelNotFound
from delivery.papers import label
from tests.delivery import carrier
from tests.factories import network, parcels

pytestmark = pytest.mark.django_db


@pytest.fixture
def place():
    return network.outlet()


def printed(parcel, place):
    return label.label_pdf(parcel_id=parcel.id, by=network.acting(network.clerk(place)))[1]


def picture(parcel):
    from delivery.queries.parcels import loaded

    loaded_parcel = loaded().get(id=parcel.id)
    png = label.TYPESETTER.png("label", label.label_data(loaded_parcel), dated=parcel.booked_at, ppi=200)
    return Image.open(io.BytesIO(png)).convert("L")


def test_both_codes_on_the_label_can_be_scanned(place, settings):
    parcel = parcels.parcel(outlet=place)

    read = {code.format.name: code.text for code in zxingcpp.read_barcodes(np.asarray(picture(parcel)))}

    assert read["Code128"] == parcel.number
    assert read["QRCode"] == f"{settings.WARDPOST_PUBLIC_URL}/tra-cuu/{parcel.tracking_code}/"


def test_the_page_is_100_by_150_millimetres_and_says_who_gets_it(place):
    parcel = parcels.parcel(outlet=place)

    page = PdfReader(io.BytesIO(printed(parcel, place))).pages[0]

    assert [round(float(side) / 72 * 25.4) for side in page.mediabox[2:]] == [100, 150]
    text = page.extract_text()
    for words in (parcel.number, "Nguyễn Thị Thử", "phường Phú Xuân", "0914", "H57.31-260114-0001", "16/01/2026"):
        assert words in text, words


def test_a_reprint_is_the_same_whatever_happened_since(place, client):
    parcel = parcels.parcel(outlet=place)
    first = printed(parcel, place)

    carrier.tell(client, carrier.event(parcel.number, "EMA"), carrier.delivered(parcel.number))

    assert printed(parcel, place) == first


def test_a_long_name_and_many_dossiers_still_fit_on_one_page(place):
    from shared.ids import uuid7

    parcel = parcels.parcel(outlet=place, recipient_name="Công Tằng Tôn Nữ " * 9, recipient_address="ngõ 5 " * 45,
                            dossier_ids=[uuid7() for _ in range(12)])

    reader = PdfReader(io.BytesIO(printed(parcel, place)))

    assert len(reader.pages) == 1
    assert "và 9 hồ sơ khác" in reader.pages[0].extract_text()


def test_another_outlets_label_does_not_exist(place):
    parcel = parcels.parcel(outlet=network.outlet())

    with pytest.raises(ParcelNotFound):
        printed(parcel, place)
