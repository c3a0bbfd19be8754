"""Keys on buttons, and the barcode scanner that is a keyboard."""

from playwright.sync_api import Page, expect

from tests.shared.conftest import OpenPage

BUTTONS = """
<button data-key="F9" onclick="said.value='ended'">End</button>
<button data-key="2" onclick="said.value='two'">Two</button>
<button data-key="Ctrl+Enter" onclick="said.value='sent'">Send</button>
<button data-key="Escape" onclick="said.value='cancelled'">Cancel</button>
<button data-key="Enter" onclick="said.value='gone on'">Go on</button>
<button data-key="h" onclick="said.value='letter'">H</button>
<input id="name"><output id="said"></output>"""


def scan(page: Page, code: str) -> None:
    """Type as a scanner does, without a pause; inside the page, so that a busy machine is as fast."""
    page.evaluate(
        """(code) => [...code, "Enter"].forEach((key) => document.activeElement.dispatchEvent(
            new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true })))""",
        code,
    )


def test_a_key_presses_the_button_that_shows_it(open_page: OpenPage) -> None:
    page = open_page(BUTTONS)
    for key, answer in (("F9", "ended"), ("2", "two"), ("Control+Enter", "sent"), ("Enter", "gone on")):
        page.keyboard.press(key)
        expect(page.locator("#said")).to_have_text(answer)


def test_a_disabled_or_hidden_button_keeps_its_key_to_itself(open_page: OpenPage) -> None:
    page = open_page(BUTTONS.replace('<button data-key="2"', '<button data-key="2" disabled').replace(
        '<button data-key="F9"', '<button data-key="F9" hidden'))
    page.keyboard.press("2")
    page.keyboard.press("F9")
    page.wait_for_timeout(120)
    expect(page.locator("#said")).to_have_text("")


def test_letters_and_digits_inside_a_field_are_text(open_page: OpenPage) -> None:
    page = open_page(BUTTONS)
    page.locator("#name").press_sequentially("h2")
    expect(page.locator("#name")).to_have_value("h2")
    page.wait_for_timeout(120)
    expect(page.locator("#said")).to_have_text("")


def test_escape_leaves_the_field_before_it_cancels(open_page: OpenPage) -> None:
    page = open_page(BUTTONS)
    page.locator("#name").focus()
    page.keyboard.press("Escape")
    expect(page.locator("#main")).to_be_focused()
    expect(page.locator("#said")).to_have_text("")
    page.keyboard.press("Escape")
    expect(page.locator("#said")).to_have_text("cancelled")


def test_a_decision_can_be_sent_from_inside_a_field(open_page: OpenPage) -> None:
    page = open_page(BUTTONS)
    page.locator("#name").press("Control+Enter")
    expect(page.locator("#said")).to_have_text("sent")


def test_enter_on_a_link_belongs_to_the_link(open_page: OpenPage) -> None:
    page = open_page(BUTTONS + '<a id="link" href="#said">link</a>')
    page.locator("#link").press("Enter")
    expect(page).to_have_url("http://wardpost.test/#said")
    expect(page.locator("#said")).to_have_text("")


def test_a_slash_goes_to_the_search(open_page: OpenPage) -> None:
    page = open_page(BUTTONS)
    page.keyboard.press("/")
    expect(page.locator("#find")).to_be_focused()
    expect(page.locator("#find")).to_have_value("")


def test_a_scan_anywhere_opens_what_was_scanned(open_page: OpenPage) -> None:
    page = open_page(BUTTONS, {"/search": (200, "text/html", "found")})
    scan(page, "EH602511079VN")
    expect(page).to_have_url("http://wardpost.test/search?q=EH602511079VN")


def test_the_letters_of_a_scan_press_nothing(open_page: OpenPage) -> None:
    page = open_page(BUTTONS + """<script>
        document.addEventListener("wardpost:scan", (event) => {
            event.preventDefault(); document.body.dataset.scan = event.detail.code; });</script>""")
    scan(page, "H57.31-260114-0231")
    expect(page.locator("body")).to_have_attribute("data-scan", "H57.31-260114-0231")
    page.wait_for_timeout(120)
    expect(page.locator("#said")).to_have_text("")


def test_j_and_k_walk_the_rows(open_page: OpenPage) -> None:
    rows = "".join(f'<li data-row><a id="{name}" href="#">{name}</a></li>' for name in "ab")
    page = open_page(f"<ol data-rows>{rows}</ol>")
    for key, focused in (("j", "#a"), ("j", "#b"), ("j", "#b"), ("k", "#a")):
        page.keyboard.press(key)
        page.wait_for_timeout(120)
        expect(page.locator(focused)).to_be_focused()


def test_letter_keys_can_be_switched_off_while_function_keys_stay(open_page: OpenPage) -> None:
    page = open_page(BUTTONS + "<button data-letter-keys>Letter keys</button>")
    page.locator("[data-letter-keys]").click()
    page.locator("#main").focus()
    page.keyboard.press("2")
    page.wait_for_timeout(120)
    expect(page.locator("#said")).to_have_text("")
    page.keyboard.press("F9")
    expect(page.locator("#said")).to_have_text("ended")


def test_a_screen_reader_hears_the_key(open_page: OpenPage) -> None:
    page = open_page(BUTTONS)
    expect(page.get_by_role("button", name="Send")).to_have_attribute("aria-keyshortcuts", "Control+Enter")
