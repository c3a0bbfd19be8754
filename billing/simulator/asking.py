"""How the service is asked: bodies in the bracketed form of Stripe's interface, and refusals in its shape."""

import re
from typing import Any, Final
from urllib.parse import parse_qsl

_PART: Final = re.compile(r"\[([^\]]*)\]")


class RefusedError(Exception):
    """The request is refused; nothing was done."""

    def __init__(self, message: str, *, status: int = 400, kind: str = "invalid_request_error", code: str = "",
                 param: str = "") -> None:
        super().__init__(message)
        self.status = status
        self.body: dict[str, Any] = {"error": {"type": kind, "message": message} | (
            {"code": code} if code else {}) | ({"param": param} if param else {})}


def read_form(text: str) -> dict[str, Any]:
    """`a[b][0][c]=1` as nested dicts; every value is text, and a list is a dict with "0", "1", …"""
    told: dict[str, Any] = {}
    for name, value in parse_qsl(text, keep_blank_values=True):
        first, *rest = [name.split("[", 1)[0], *_PART.findall(name)]
        place = told
        for part, following in zip([first, *rest], rest, strict=False):
            place = place.setdefault(part, {})
            if not isinstance(place, dict):
                raise RefusedError(f"Invalid {following}", param=name)
        last = rest[-1] if rest else first
        place[str(len(place)) if last == "" else last] = value
    return told


def amount_in(told: dict[str, Any], name: str = "amount") -> int:
    """A positive whole amount of the smallest unit, which for VND is the đồng."""
    text = str(told.get(name, ""))
    if not text:
        raise RefusedError(f"Missing required param: {name}.", code="parameter_missing", param=name)
    if not (text.isascii() and text.isdecimal()):
        raise RefusedError(f"Invalid integer: {text}", code="parameter_invalid_integer", param=name)
    if not 0 < int(text) <= 99_999_999:
        kind = "amount_too_large" if int(text) else "parameter_invalid_integer"
        raise RefusedError("Amount is out of its bounds.", code=kind, param=name)
    return int(text)


def text_in(told: dict[str, Any], name: str) -> str:
    value = told.get(name)
    if not isinstance(value, str) or not value:
        raise RefusedError(f"Missing required param: {name}.", code="parameter_missing", param=name)
    return value


def meta_in(told: dict[str, Any]) -> dict[str, str]:
    found = told.get("metadata") or {}
    return {str(name): str(value) for name, value in found.items()} if isinstance(found, dict) else {}
