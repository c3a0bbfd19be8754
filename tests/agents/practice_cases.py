"""The two houses in one process: settings of each, and a result carried from one to the other."""

from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

KEY: Final = "of-the-tests-only-0123456789-abcdefghijk"
LIVE_URL: Final = "https://wardpost.example"
PRACTICE_URL: Final = "https://luyentap.wardpost.example"


def as_live(settings: Any) -> None:
    """From now on this process is the live house, with practice beside it."""
    settings.WARDPOST_PRACTICE = False
    settings.WARDPOST_PUBLIC_URL, settings.WARDPOST_PRACTICE_URL = LIVE_URL, PRACTICE_URL
    settings.WARDPOST_LIVE_URL, settings.WARDPOST_PRACTICE_KEY = "", KEY
    settings.SECRET_KEY = "live-" + "x" * 50


def as_practice(settings: Any) -> None:
    """From now on this process is the practice house."""
    settings.WARDPOST_PRACTICE = True
    settings.WARDPOST_PUBLIC_URL, settings.WARDPOST_PRACTICE_URL = PRACTICE_URL, ""
    settings.WARDPOST_LIVE_URL, settings.WARDPOST_PRACTICE_KEY = LIVE_URL, KEY
    settings.SECRET_KEY = "practice-" + "y" * 50
    settings.ALLOWED_HOSTS = ["*"]


def token_in(url: str) -> str:
    """The signed words of a link."""
    return parse_qs(urlsplit(url).query)["ve"][0]
