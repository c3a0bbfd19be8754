"""While a session is locked nothing of it is shown or done; nothing that somebody saw stays in the browser's caches."""

from collections.abc import Callable
from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode

from agents.models.people import StaffAccount
from agents.switching.errors import ScreenLocked
from agents.switching.known import HERE_COOKIE, LOCKED, here_mark
from shared.problems import respond

_OPEN_WHILE_LOCKED: Final = (
    "/doi-nguoi/", "/dang-nhap/", "/dang-xuat/", "/i18n/", "/static/", "/problems/", "/su-co/nhip/")


class LockScreen:
    """Behind AttachActor. A locked session reaches its locked screen, the sign-in and the way out."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = _refusal(request) if _is_shut(request) else self.get_response(request)
        account = request.user
        if isinstance(account, StaffAccount):
            _keep_out_of_caches(response)
        _tell_whose_it_is(request, response, account)
        return response


def _is_shut(request: HttpRequest) -> bool:
    if not isinstance(request.user, StaffAccount) or request.path.startswith(_OPEN_WHILE_LOCKED):
        return False
    return bool(request.session.get(LOCKED))


def _refusal(request: HttpRequest) -> HttpResponse:
    """A page leads to the locked screen and back; a script or a machine is told why not."""
    if request.path.startswith("/api/") or "HX-Request" in request.headers or request.method not in {"GET", "HEAD"}:
        return respond(ScreenLocked())
    return redirect(f"{reverse('agents:switch')}?{urlencode({'next': request.get_full_path()})}")


def _keep_out_of_caches(response: HttpResponse) -> None:
    """So that the next person's Back button asks us rather than the browser's memory."""
    if response.headers.get("Content-Type", "").startswith("text/html") and not response.has_header("Cache-Control"):
        response["Cache-Control"] = "no-store"


def _tell_whose_it_is(request: HttpRequest, response: HttpResponse, account: object) -> None:
    """Pages compare this cookie with the mark they carry, and cover themselves when it is not theirs."""
    told = request.COOKIES.get(HERE_COOKIE, "")
    mark = ""
    if isinstance(account, StaffAccount):
        mark = here_mark(str(account.pk), is_locked=bool(request.session.get(LOCKED)))
    if mark and mark != told:
        response.set_cookie(HERE_COOKIE, mark, max_age=settings.SESSION_COOKIE_AGE, samesite="Lax",
                            secure=settings.SESSION_COOKIE_SECURE)
    elif told and not mark:
        response.delete_cookie(HERE_COOKIE)
