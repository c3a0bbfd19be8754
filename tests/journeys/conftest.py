"""A real browser on a real server: what every journey through the screens stands on.

A journey fails by itself when the page logs an error, breaks the content security policy, raises in a script, or asks
for something that is not there.
"""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from importlib import import_module
from typing import TYPE_CHECKING, Final

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.db import connection
from playwright.sync_api import Browser, ConsoleMessage, Page, Response, ViewportSize, expect

if TYPE_CHECKING:
    from agents.models.people import StaffAccount

LAPTOP: Final = ViewportSize(width=1366, height=768)
PHONE: Final = ViewportSize(width=390, height=844)
# Said by every Chromium without a graphics card, about itself.
_HARMLESS: Final = ("Automatic fallback to software WebGL", "GPU stall")

# A busy machine answers late, not wrongly.
expect.set_options(timeout=20_000)

type OpenAs = Callable[..., Page]


@dataclass  # no slots: Playwright marks the listeners' owner
class Watch:
    """What went wrong on a page, and what is expected to."""

    faults: list[str] = field(default_factory=list)
    expected_statuses: set[int] = field(default_factory=set)

    def on_console(self, message: ConsoleMessage) -> None:
        text = message.text
        is_policy = "Content Security Policy" in text
        is_status = text.startswith("Failed to load resource")  # told apart by on_response
        if (message.type == "error" or is_policy) and not is_status and not any(h in text for h in _HARMLESS):
            self.faults.append(f"console: {text}")

    def on_response(self, response: Response) -> None:
        if response.status >= 400 and response.status not in self.expected_statuses:
            self.faults.append(f"{response.status} {response.request.method} {response.url}")


def _let_the_server_finish() -> None:
    """Wait for what a closing page still asked for: emptying the tables meanwhile would end in a deadlock."""
    quiet, give_up = 0, time.monotonic() + 8
    while quiet < 3 and time.monotonic() < give_up:
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
                           " AND pid <> pg_backend_pid() AND state <> 'idle'")
            quiet = 0 if cursor.fetchone() != (0,) else quiet + 1
        time.sleep(0.05)


@pytest.fixture
def open_as(chromium: Browser, live_server) -> Iterator[OpenAs]:
    """Open `path` in a browser of its own, signed in as `account` (nobody: as a citizen).

    `viewport`, `locale` ("vi" or "en") and `allow` (statuses that this journey provokes) may be given.
    """
    contexts, watches = [], []

    def opened(path: str, account: "StaffAccount | None" = None, *, viewport: ViewportSize = LAPTOP,
               locale: str = "vi", allow: frozenset[int] = frozenset()) -> Page:
        context = chromium.new_context(base_url=live_server.url, viewport=viewport, locale="vi-VN",
                                       accept_downloads=True, timezone_id="Asia/Ho_Chi_Minh")
        contexts.append(context)
        cookies = [(settings.LANGUAGE_COOKIE_NAME, locale)]
        if account is not None:
            cookies.append((settings.SESSION_COOKIE_NAME, session_of(account)))
        context.add_cookies([{"name": name, "value": value, "url": live_server.url} for name, value in cookies])
        page = context.new_page()
        watch = Watch(expected_statuses={422, *allow})
        watches.append(watch)
        page.on("console", watch.on_console)
        page.on("pageerror", lambda error: watch.faults.append(f"script: {error}"))
        page.on("response", watch.on_response)
        page.goto(path)
        return page

    yield opened
    for context in contexts:
        context.close()
    _let_the_server_finish()
    faults = [fault for watch in watches for fault in watch.faults]
    assert not faults, "\n".join(faults)


def session_of(account: "StaffAccount") -> str:
    """A session as logging in makes it; the log-in page has tests of its own."""
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY

    session = import_module(settings.SESSION_ENGINE).SessionStore()
    session[SESSION_KEY] = str(account.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[-1]
    session[HASH_SESSION_KEY] = account.get_session_auth_hash()
    session.save()
    return str(session.session_key)


@pytest.fixture
def accessible() -> Callable[[Page], None]:
    """Check a page as it stands against WCAG 2.2 AA."""
    axe = Axe()

    def check(page: Page) -> None:
        tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
        found = axe.run(page, options={"runOnly": {"type": "tag", "values": tags}})
        told = [f"{v['id']}: {v['help']}\n    " + "\n    ".join(node["html"][:200] for node in v["nodes"][:4])
                for v in found.response["violations"]]
        assert not told, "\n".join(told)

    return check
