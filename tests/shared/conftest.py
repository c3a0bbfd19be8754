"""A browser for the page's own scripts, with a made-up site behind it: no server, no database."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

import django_htmx
import pytest
from playwright.sync_api import Browser, Page, Route

SITE: Final = "http://wardpost.test"
SCRIPTS: Final = Path(__file__).parents[2] / "shared" / "static" / "wardpost" / "js"
HTMX: Final = Path(django_htmx.__file__).parent / "static" / "django_htmx" / "htmx-4.min.js"
FRAME: Final = """<!doctype html><html lang="vi"><head>
<meta name="htmx-config" content='{"noSwap":["204","304","40x","41x","429","5xx"]}'></head><body>
<form data-scan-form action="/search" method="get"><input id="find" name="q" data-key="/"></form>
<main id="main" tabindex="-1">%s</main><div id="drawer" data-drawer-slot></div><div id="toasts"></div>
<template id="toast-template"><div data-toast><span></span></div></template>
<template id="request-words" data-offline="no answer" data-failed="it failed" data-refused="not yours"></template>
%s</body></html>"""

type Answer = tuple[int, str, str]
type OpenPage = Callable[..., Page]


@pytest.fixture
def open_page(chromium: Browser) -> Iterator[OpenPage]:
    """Open a page whose main part is `body`; `answers` maps a path to (status, content type, text)."""
    context = chromium.new_context()

    def opened(body: str, answers: dict[str, Answer] | None = None) -> Page:
        page = context.new_page()
        scripts = "".join(f"<script>{path.read_text()}</script>" for path in (HTMX, *sorted(SCRIPTS.glob("*.js"))))
        pages = {"/": (200, "text/html", FRAME % (body, scripts)), **(answers or {})}
        page.route(f"{SITE}/**", lambda route: _answer(route, pages))
        page.goto(f"{SITE}/")
        return page

    yield opened
    context.close()


def _answer(route: Route, pages: dict[str, Answer]) -> None:
    path = route.request.url.removeprefix(SITE).partition("?")[0]
    status, kind, text = pages.get(path, (404, "text/html", "nothing here"))
    route.fulfill(status=status, content_type=f"{kind}; charset=utf-8", body=text)
