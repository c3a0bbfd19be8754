"""The board in the browser: from the situation to the figures, to a place, to the dossiers behind a number."""

import os
import re

import pytest
from playwright.sync_api import expect

from tests.factories import network, places
from tests.intake.centre_cases import at, forwarded, hue_centre
from tests.journeys.conftest import PHONE

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_city_opens_a_figure_down_to_its_dossiers(open_as, accessible):
    centre, neighbour = hue_centre(), network.centre(places.PHU_XUAN)
    dossier = forwarded(moment=at("2025-07-02"))
    reader = network.auditor(places.HUE)

    page = open_as("/tinh-hinh/?luc=2025-07-03T10:00", reader)
    page.get_by_role("link", name="Số liệu", exact=True).click()
    page.wait_for_load_state()
    expect(page.get_by_role("heading", level=1)).to_have_text("Số liệu")
    _look(page, "figures")
    accessible(page)
    page.get_by_role("link", name=re.compile("Phong Dinh")).first.click()
    page.wait_for_load_state()
    expect(page.locator(".board-path b")).to_have_text(centre.name)
    page.locator(".board-cards div", has_text="Chờ tiếp nhận").get_by_role("link").click()
    page.wait_for_load_state()
    expect(page.get_by_role("row").nth(1)).to_contain_text(dossier.agent_ref)
    accessible(page)
    _look(page, "behind")

    page.goto(page.url.replace("/ho-so/", "/so-sanh/").replace("so=on_the_way", "tu=2025-07-01T10:00"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Hai thời điểm")
    accessible(page)
    _look(page, "compare")

    page = open_as("/tinh-hinh/ban-do/?so=on_the_way&luc=2025-07-03T10:00", reader, viewport=PHONE)
    expect(page.locator(".board-side")).to_contain_text(neighbour.commune.name)
    accessible(page)
    _look(page, "map")
    page = open_as("/tinh-hinh/so-lieu/?luc=2025-07-03T10:00", reader, viewport=PHONE)
    _look(page, "phone")


def _look(page, name):
    if folder := os.environ.get("LOOK"):
        page.screenshot(path=f"{folder}/{name}.png", full_page=True)
