"""A citizen with a phone looks for help nearby."""

import re

from playwright.sync_api import expect

from tests.factories import network, places
from tests.journeys.conftest import PHONE


def test_a_former_commune_leads_to_the_nearest_outlet(open_as, accessible):
    outlet = network.outlet(name="Bưu cục Phong Dinh", phone="02343555123")
    network.opening_hours(outlet)
    places.former_commune()
    page = open_as("/diem-gan-nhat/", viewport=PHONE)
    accessible(page)

    page.get_by_label("Xã, phường").type("phong chuong")
    page.get_by_role("link", name=re.compile("xã Phong Chương")).click()

    expect(page.get_by_role("heading", name=re.compile("Gần phường Phong Dinh"))).to_be_visible()
    expect(page.get_by_text("Bưu cục Phong Dinh", exact=True)).to_be_visible()
    expect(page.locator(".leaflet-container canvas")).to_be_visible()
    accessible(page)
