"""A planner brings demand and sites as files, asks twice, compares the answers and hands a site on."""

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from agents.models.placement import PlacementScenario
from agents.placement.computing import compute_placement
from tests.factories import network, places

CODES = (places.PHONG_DINH, places.PHU_XUAN, places.HUONG_AN)


@pytest.fixture
def officer(transactional_db):
    for code in CODES:
        places.commune(code)
    network.outlet(places.HUONG_AN)
    return network.programme_officer(places.HUE)


def file_of(text):
    return {"name": "a.csv", "mimeType": "text/csv", "buffer": text.encode("utf-8-sig")}


def bring(page, path, name, text):
    """A file is looked at first, then kept."""
    page.goto(path)
    form = page.locator("form", has=page.locator("[name=file]"))
    form.locator("[name=name]").fill(name)
    form.locator("[name=file]").set_input_files(file_of(text))
    form.locator(".btn-main").click()
    page.wait_for_load_state()
    page.locator("form:has(textarea[name=content])").locator(".btn-main").click()
    expect(page.get_by_role("link", name=name)).to_be_visible()  # of the list; the preview has none


def ask(page, name, wanted):
    """The worker's part is done here; the page finds the answer by itself."""
    page.goto("/do-phu/")
    page.keyboard.press("n")
    page.locator("[name=name]").fill(name)
    page.locator("[name=wanted]").fill(wanted)
    page.locator("[name=reach_km]").fill("3")
    page.locator("form.card .btn-main").click()
    expect(page.locator("#answer")).to_be_visible()
    scenario = PlacementScenario.objects.get(name=name)
    compute_placement(scenario_id=scenario.id, at=timezone.now())
    expect(page.get_by_role("heading", name="Địa điểm được chọn và lý do")).to_be_visible()


def test_demand_and_sites_from_files_are_solved_and_two_answers_compared(open_as, accessible, officer):
    page = open_as("/do-phu/", officer)
    rows = "".join(f"{code},{number}\n" for code, number in zip(CODES, (100, 5000, 300), strict=True))
    bring(page, "/do-phu/nhu-cau/", "Dân số mẫu", f"commune_code,demand\n{rows}")
    communes = [places.commune(code) for code in CODES]
    rows = "".join(f"D-{each.code},Điểm {each.code},{each.latitude},{each.longitude}\n" for each in communes)
    bring(page, "/do-phu/dia-diem/", "Bưu cục mẫu", f"code,name,latitude,longitude\n{rows}")

    ask(page, "Thêm một điểm", "1")
    accessible(page)
    sites = page.locator("section", has=page.locator("#sites"))
    expect(sites.get_by_text(f"D-{places.PHU_XUAN}")).to_be_visible()  # where most people are without an outlet
    expect(page.locator("[aria-labelledby=map-a] .map-canvas")).to_be_visible()
    ask(page, "Thêm hai điểm", "2")

    page.goto("/do-phu/")
    accessible(page)
    for box in page.locator("[name=chon]").all():
        box.check()
    page.get_by_role("button", name="So sánh hai phương án").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Hai phương án")
    both = page.locator("section", has=page.locator("#both"))
    expect(both.locator("tbody tr")).to_have_count(2)
    expect(both.locator("tbody tr", has_text=f"D-{places.PHONG_DINH}").get_by_text("được chọn")).to_have_count(1)
    accessible(page)
