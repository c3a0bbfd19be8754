"""Coming in, going out, and where each role begins."""

from typing import Any, Final

import structlog
from django.conf import settings
from django.contrib.auth import login, logout
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from agents.forms import SignInForm
from agents.people import oidc
from agents.people.factor_views import ask_second_step
from agents.people.proving import EXTERNAL
from agents.switching.coming_in import come_in
from agents.switching.known import LOCKED, forget
from shared.actors import ActorKind
from shared.api import WardpostRequest
from shared.shell import build_shell

log = structlog.get_logger()

LOCKED_SECONDS: Final = 900


@sensitive_post_parameters("password")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def log_in(request: WardpostRequest) -> HttpResponse:
    """Ask who is there; a person already signed in goes on to her page."""
    if request.actor.kind is ActorKind.PERSON and not request.session.get(LOCKED):
        return redirect(_destination(request))
    if request.method != "POST":
        return _page(request, SignInForm(request))
    form = SignInForm(request, data=request.POST)
    if not form.is_valid():
        log.warning("sign_in_refused")
        return _page(request, form, status=422)
    account = form.get_user()
    if account.second_factor_at is not None:
        return ask_second_step(request, account, _destination(request))
    login(request, account)
    log.info("signed_in", account_id=str(account.pk))
    return come_in(request, account, redirect(_destination(request)))


def locked_out(request: HttpRequest, response: HttpResponse | None, credentials: dict[str, Any] | None) -> HttpResponse:
    """Answer instead of the log-in after too many wrong passwords (django-axes calls this)."""
    answer = _page(request, SignInForm(request), status=429, is_locked=True)
    answer["Retry-After"] = str(LOCKED_SECONDS)
    return answer


def _page(request: HttpRequest, form: SignInForm, *, status: int = 200, is_locked: bool = False) -> HttpResponse:
    context = {"form": form, "next": _asked_for(request), "is_locked": is_locked, "minutes": LOCKED_SECONDS // 60,
               "provider": settings.WARDPOST_OIDC_NAME if oidc.is_configured() else ""}
    return render(request, "agents/sign_in.html", context, status=status)


def _asked_for(request: HttpRequest) -> str:
    return request.POST.get("next", "") or request.GET.get("next", "")


def _destination(request: HttpRequest) -> str:
    """The page that was asked for, when it is one of ours."""
    asked = _asked_for(request)
    is_ours = asked.startswith("/") and url_has_allowed_host_and_scheme(
        asked, {request.get_host()}, require_https=request.is_secure())
    return asked if is_ours else reverse("agents:home")


@require_POST
def log_out(request: WardpostRequest) -> HttpResponse:
    """End the session, after which her PIN opens nothing on this computer any more.

    Who came by the organisation's sign-in is told that it may still know her.
    """
    is_external, gone = request.session.get(EXTERNAL, False) and oidc.is_configured(), request.actor.id
    logout(request)
    response = redirect("agents:provider-signed-out" if is_external else "agents:login")
    forget(request, response, [gone], timezone.now().timestamp())
    return response


@never_cache
@require_safe
def home(request: WardpostRequest) -> HttpResponse:
    """Send each role to the first of its places."""
    if request.actor.kind is not ActorKind.PERSON:
        return redirect("agents:login")
    places = build_shell(request).places
    return redirect(places[0].url if places else reverse("agents:account"))


@require_safe
def admin_gate(request: WardpostRequest) -> HttpResponse:
    """The administration site's own log-in: there is one door only, and it is ours."""
    if request.actor.kind is ActorKind.PERSON:
        raise PermissionDenied
    return redirect(f"{reverse('agents:login')}?next={reverse('admin:index')}")
