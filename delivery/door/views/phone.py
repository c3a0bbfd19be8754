"""The postman's page: opened by a link that works once, then kept on her phone and used without a signal."""

from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from delivery.door.api.doors import BETWEEN_KEYS, LONGEST_KEYS, MOST_KEYS, ROUND_COOKIE
from delivery.door.errors import RoundClosed
from delivery.door.operations import rounds
from delivery.door.wording import ID_KINDS, PAPERS
from shared import scope

KEPT_SECONDS: Final = int((rounds.GRACE).total_seconds()) + 24 * 3600
LINK: Final = "delivery/door/link.html"


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def round_link(request: HttpRequest, token: str) -> HttpResponse:
    """Show whose round it is; opening it is a button, so that no preview of a link opens it by itself."""
    now = timezone.now()
    with scope.everything():
        if request.method == "POST":
            try:
                _found, key = rounds.claim_round(token=token, at=now)
            except RoundClosed as refusal:
                return _private(render(request, LINK, {"closed": refusal}, status=refusal.status))
            return _with_key(request, redirect("delivery:door"), key)
        found = rounds.waits_for_its_phone(token, at=now)
    if found is None:
        return _private(render(request, LINK, {"closed": RoundClosed()}, status=RoundClosed.status))
    return _private(render(request, LINK, {"round": found}))


def _with_key(request: HttpRequest, answer: HttpResponse, key: str) -> HttpResponse:
    """The new key before those of earlier rounds, whose acts may still lie on the phone."""
    before = [each for each in request.COOKIES.get(ROUND_COOKIE, "")[:LONGEST_KEYS].split(BETWEEN_KEYS) if each]
    answer.set_cookie(ROUND_COOKIE, BETWEEN_KEYS.join([key, *before][:MOST_KEYS]), max_age=KEPT_SECONDS,
                      httponly=True, samesite="Strict", secure=settings.IS_HTTPS)
    return _private(answer)


@never_cache
@require_GET
def door(request: HttpRequest) -> HttpResponse:
    """The page itself, the same for everybody: what is on the round is asked for by its script, and kept sealed."""
    answer = render(request, "delivery/door/phone.html", {
        "id_kinds": ID_KINDS.items(), "paper_words": {paper: str(words) for paper, words in PAPERS.items()}})
    answer["Referrer-Policy"] = "same-origin"
    answer["X-Robots-Tag"] = "noindex, nofollow"
    return answer


@never_cache
@require_GET
def service_worker(request: HttpRequest) -> HttpResponse:
    """What keeps the page at hand without a signal; it keeps no parcel and no name."""
    return render(request, "delivery/door/service_worker.js", content_type="text/javascript")


def _private(answer: HttpResponse) -> HttpResponse:
    answer["Referrer-Policy"] = "same-origin"
    answer["X-Robots-Tag"] = "noindex, nofollow"
    answer["Cache-Control"] = "no-store"
    return answer
