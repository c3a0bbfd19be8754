"""What was typed into a page that the proof interrupts: it goes with the proof's form, and passwords never do.

A password waits sealed in the session, for some minutes and for one use; the form carries a number that finds it.
"""

import json
import secrets
from typing import Any, Final

from django.http import QueryDict
from django.utils import timezone

from shared.api import WardpostRequest
from shared.crypto import open_text, seal_text

_KEPT: Final = "proof_kept"
FOUND_BY: Final = "kept-aside"
_LASTS_SECONDS: Final = 10 * 60
_MOST: Final = 4
_SECRET_WORDS: Final = ("password", "secret", "pin")


def is_secret(name: str) -> bool:
    return any(word in name.lower().replace("_", "-").split("-") for word in _SECRET_WORDS)


def kept(request: WardpostRequest, *, but: str) -> list[tuple[str, str]]:
    """Names and values to send again; secrets are put aside, and found again by the last of them.

    `but` begins the names of the proof itself.
    """
    typed = [(name, value) for name, values in request.POST.lists() for value in values
             if name not in {"csrfmiddlewaretoken", FOUND_BY} and not name.startswith(f"{but}-")]
    hidden = {name: value for name, value in typed if is_secret(name) and value}
    open_ones = [(name, value) for name, value in typed if not is_secret(name)]
    if hidden:
        return [*open_ones, (FOUND_BY, _put_aside(request, hidden))]
    return [*open_ones, *((FOUND_BY, value) for value in request.POST.getlist(FOUND_BY)[:1])]


def give_back(request: WardpostRequest) -> None:
    """The proof is right: the interrupted page gets its secrets again, once."""
    number = request.POST.get(FOUND_BY, "")
    waiting = request.session.get(_KEPT, {})
    if not number or number not in waiting:
        return
    found = json.loads(open_text(waiting.pop(number), bound_to=_bound_to(request)) or "{}")
    request.session[_KEPT] = waiting
    is_late = timezone.now().timestamp() - found.get("at", 0) >= _LASTS_SECONDS
    if is_late or found.get("path") != request.path:
        return
    posted: QueryDict = request.POST.copy()
    for name, value in found["typed"].items():
        posted.setlist(name, [value])
    request.POST = posted  # type: ignore[assignment]  # as it would have been without the interruption


def _put_aside(request: WardpostRequest, hidden: dict[str, str]) -> str:
    number = secrets.token_urlsafe(12)
    told: dict[str, Any] = {"at": timezone.now().timestamp(), "path": request.path, "typed": hidden}
    waiting = dict(list(request.session.get(_KEPT, {}).items())[1 - _MOST:])
    request.session[_KEPT] = waiting | {number: seal_text(json.dumps(told), bound_to=_bound_to(request))}
    return number


def _bound_to(request: WardpostRequest) -> str:
    return f"{_KEPT}:{request.user.pk}"
