"""After a swap the focus stands somewhere sensible; a request that fails says so and changes nothing."""

import json

from playwright.sync_api import expect

from tests.shared.conftest import OpenPage

FORM = """<div id="part"><form hx-post="/answer" hx-target="#part"><input id="place" name="place" value="Phong">
<button>Go</button></form></div>"""
ROWS = """<a id="row" href="/why" hx-get="/why" hx-target="#drawer">Why 26.000?</a>"""
DRAWER = """<aside data-drawer tabindex="-1"><h2>Why</h2>
<button data-close-drawer data-key="Escape">Close</button></aside>"""


def test_the_field_just_used_has_the_focus_again(open_page: OpenPage) -> None:
    answer = '<form><input id="place" name="place" value="Phong"></form>'
    page = open_page(FORM.replace('hx-post="/answer"', 'hx-post="/answer" hx-trigger="change"'),
                     {"/answer": (200, "text/html", answer)})
    page.locator("#place").fill("Phong D")
    page.locator("#place").dispatch_event("change")
    expect(page.locator("#place")).to_have_value("Phong")
    expect(page.locator("#place")).to_be_focused()


def test_an_error_summary_takes_the_focus(open_page: OpenPage) -> None:
    answer = '<div tabindex="-1" data-error-summary>One thing to correct</div><input id="place" name="place">'
    page = open_page(FORM, {"/answer": (422, "text/html", answer)})
    page.get_by_role("button", name="Go").click()
    expect(page.locator("[data-error-summary]")).to_be_focused()


def test_focus_that_lost_its_place_goes_to_the_new_heading(open_page: OpenPage) -> None:
    page = open_page(FORM, {"/answer": (200, "text/html", "<h2 id='done'>Received</h2>")})
    page.get_by_role("button", name="Go").click()
    expect(page.locator("#done")).to_be_focused()


def test_a_drawer_takes_the_focus_and_escape_gives_it_back(open_page: OpenPage) -> None:
    page = open_page(ROWS, {"/why": (200, "text/html", DRAWER)})
    page.locator("#row").click()
    expect(page.locator("[data-drawer]")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("[data-drawer]")).to_have_count(0)
    expect(page.locator("#row")).to_be_focused()


def test_an_error_page_is_never_swapped_in_but_put_into_words(open_page: OpenPage) -> None:
    for status, words in ((500, "it failed"), (403, "not yours")):
        page = open_page(FORM, {"/answer": (status, "text/html", "<h1>raw error page</h1>")})
        page.get_by_role("button", name="Go").click()
        expect(page.locator("#toasts")).to_have_text(words)
        expect(page.locator("#place")).to_have_value("Phong")


def test_a_problem_is_told_in_its_own_words(open_page: OpenPage) -> None:
    problem = json.dumps({"title": "Already received.", "detail": "Open the dossier."})
    page = open_page(FORM, {"/answer": (409, "application/problem+json", problem)})
    page.get_by_role("button", name="Go").click()
    expect(page.locator("#toasts")).to_have_text("Already received. Open the dossier.")


def test_large_print_is_remembered_for_the_next_page(open_page: OpenPage) -> None:
    page = open_page('<button data-large-print aria-pressed="false">Large print</button>')
    page.get_by_role("button", name="Large print").click()
    expect(page.locator("html")).to_have_class("wp-large")
    expect(page.get_by_role("button", name="Large print")).to_have_attribute("aria-pressed", "true")
    assert "wp_large=1" in page.evaluate("document.cookie")
