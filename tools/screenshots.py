"""Takes the README's pictures from a running demo: `make screenshots` while `make demo` runs in another window.

Everything is reached as a visitor would: log in, click, look.
"""

import argparse
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright

from config.runtime import paths

FOLDER = paths.PROJECT / "docs" / "screenshots"
LAPTOP = ViewportSize(width=1366, height=768)
PHONE = ViewportSize(width=390, height=844)
LAUNCH_ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
                    "--disable-background-networking", "--disable-component-update"]



def _as_it_stands(page: Page) -> None:
    """Nothing to click."""


def _take_the_draft(page: Page) -> None:
    """Go on with the draft: the citizen agrees, and everything stands on one page."""
    page.locator("a[href*='?draft=']").first.click()
    page.wait_for_load_state("networkidle")
    for box in page.locator("main input[type=checkbox]").all()[:3]:
        box.check()
    page.locator("main button[type=submit]").last.click()
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(800)


def _open_the_first(page: Page) -> None:
    page.locator("a[href*='/trung-tam/ho-so/']").first.click()
    page.wait_for_load_state("networkidle")


def _open_the_plan(page: Page) -> None:
    """The newest plan, down to its two maps."""
    page.locator(".t a[href^='/do-phu/']").first.click()
    page.wait_for_load_state("networkidle")
    page.locator(".placement-maps").first.scroll_into_view_if_needed()
    page.wait_for_timeout(800)


def _open_the_incident(page: Page) -> None:
    page.locator("[data-row] a").first.click()
    page.wait_for_load_state("networkidle")


SHOTS: tuple[tuple[str, str, str, ViewportSize, Callable[[Page], None]], ...] = (
    # file, log-in, address, size, what to do there
    ("counter-day", "quay.hue", "/quay/", LAPTOP, _as_it_stands),
    ("take-a-dossier", "quay.hue", "/quay/", LAPTOP, _take_the_draft),
    ("centre-inbox", "canbo.hue", "/trung-tam/", LAPTOP, _as_it_stands),
    ("centre-desk", "canbo.hue", "/trung-tam/", LAPTOP, _open_the_first),
    ("procedures", "quay.hue", "/quay/thu-tuc/?q=khai+sinh", LAPTOP, _as_it_stands),
    ("hand-over", "quay.hue", "/quay/ban-giao/", LAPTOP, _as_it_stands),
    ("work", "canbo.hue", "/trung-tam/cong-viec/", LAPTOP, _as_it_stands),
    ("deadlines", "canbo.hue", "/trung-tam/thoi-han/", LAPTOP, _as_it_stands),
    ("board", "truongtrungtam.hue", "/tinh-hinh/?luc=2025-07-03T10:00", LAPTOP, _as_it_stands),
    ("coverage", "chuongtrinh.hanoi", "/do-phu/", LAPTOP, _open_the_plan),
    ("incident", "truc.hue", "/su-co/", LAPTOP, _open_the_incident),
    ("finance-month", "xemxet.hanoi", "/tai-chinh/?thang=2026-01&operator=VNPOST", LAPTOP, _as_it_stands),
    ("nearest-outlet", "", "/diem-gan-nhat/", PHONE, _as_it_stands),
    ("tracking", "", "/tra-cuu/", PHONE, _as_it_stands),
)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--address", default="http://localhost:8000")
    parser.add_argument("--language", default="vi", choices=["vi", "en"])
    parser.add_argument("--folder", type=Path, default=FOLDER)
    asked = parser.parse_args()
    asked.folder.mkdir(parents=True, exist_ok=True)
    password = (paths.run_folder() / "demo-password").read_text()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=_chromium(), args=LAUNCH_ARGUMENTS)
        for name, username, address, size, act in SHOTS:
            with _page(browser, asked.address, asked.language, size) as page:
                if username:
                    _log_in(page, asked.address, username, password)
                page.goto(asked.address + address, wait_until="networkidle")
                act(page)
                page.screenshot(path=asked.folder / f"{name}.png")
                print(f"  {name}.png", file=sys.stderr)
        browser.close()
    return 0


def _chromium() -> str:
    """The system's browser; tools/chromium.sh installs it where it can."""
    names = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
    return next(found for name in names if (found := shutil.which(name)))


@contextmanager
def _page(browser: Browser, address: str, language: str, size: ViewportSize) -> Iterator[Page]:
    context = browser.new_context(viewport=size, locale="vi-VN")
    context.add_cookies([{"name": "wardpost_language", "value": language, "url": address}])
    yield context.new_page()
    context.close()


def _log_in(page: Page, address: str, username: str, password: str) -> None:
    page.goto(f"{address}/dang-nhap/")
    page.fill("input[name=username]", username)
    page.fill("input[name=password]", password)
    page.click("main button[type=submit], form button[type=submit]")
    page.wait_for_url(lambda url: "dang-nhap" not in url)


if __name__ == "__main__":
    raise SystemExit(main())
