"""The locked screen of a computer that several people share."""

from typing import Any
from uuid import UUID

from allauth.mfa.webauthn.internal import auth as webauthn
from axes.handlers.proxy import AxesProxyHandler
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from agents.auth import EVERY_ROLE, require_role
from agents.forms import show
from agents.models.people import StaffAccount
from agents.people import second_factor
from agents.switching import operations
from agents.switching.forms import PinForm, UnlockForm
from agents.switching.known import LOCKED, here_mark, known_people
from agents.switching.letting_on import let_on, proven_by
from agents.switching.models import CounterPin
from shared.api import WardpostRequest
from shared.errors import DomainError

WAIT_MINUTES = 15


@never_cache
@require_POST
@require_role(*EVERY_ROLE)
def lock(request: WardpostRequest) -> HttpResponse:
    """Cover everything until somebody has shown who she is. A script hears 204; a button leads to the locked screen."""
    request.session[LOCKED] = True
    if request.headers.get("x-wardpost") == "lock":
        return HttpResponse(status=204)
    return redirect("agents:switch")


@sensitive_post_parameters("secret")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@require_role(*EVERY_ROLE)
def switch(request: WardpostRequest) -> HttpResponse:
    """The locked screen: who has signed in here today comes on by PIN, password or passkey; anybody else signs in."""
    people = _people(request)
    chosen = _chosen(request, people)
    form = UnlockForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        how = proven_by(request, chosen, form.cleaned_data)
        if how:
            let_on(request, chosen, how)
            return _let_on_answer(request, chosen)
        form.add_error("secret", _("This is not right. After a few wrong ones only the full sign-in helps."))
    if _is_script(request):
        return JsonResponse({"error": str(form.errors.get("secret", [""])[0])}, status=422)
    return _page(request, people, chosen, form)


def _people(request: WardpostRequest) -> list[StaffAccount]:
    """Whose session it is first: she is always known to it."""
    here = _me(request)
    others = [each for each in known_people(request, timezone.now().timestamp()) if each.pk != here.pk]
    return [here, *(each for each in others if each.has_access(timezone.localdate()))]


def _me(request: WardpostRequest) -> StaffAccount:
    if not isinstance(request.user, StaffAccount):
        raise PermissionDenied
    return request.user


def _chosen(request: WardpostRequest, people: list[StaffAccount]) -> StaffAccount:
    asked = request.POST.get("account", "") or request.GET.get("ai", "")
    return next((each for each in people if str(each.pk) == asked), people[0])


def _page(request: WardpostRequest, people: list[StaffAccount], chosen: StaffAccount, form: UnlockForm) -> HttpResponse:
    kinds = {each.type for each in second_factor.factors_of(chosen.pk)}
    is_waiting = not AxesProxyHandler.is_allowed(request, {"username": chosen.username})
    context = {"people": people, "chosen": chosen, "form": form, "is_waiting": is_waiting, "minutes": WAIT_MINUTES,
               "next": _ours(request),
               "asked": webauthn.begin_authentication(chosen) if "webauthn" in kinds else None}
    return render(request, "agents/switching/lock.html", context, status=422 if form.errors else 200)


def _let_on_answer(request: WardpostRequest, account: StaffAccount) -> HttpResponse:
    if _is_script(request):
        told: dict[str, Any] = {"token": get_token(request), "here": here_mark(str(account.pk), is_locked=False)}
        return JsonResponse(told)
    return redirect(_ours(request) or "agents:home")


def _is_script(request: WardpostRequest) -> bool:
    return request.headers.get("x-wardpost") == "unlock"


def _ours(request: WardpostRequest) -> str:
    asked = request.POST.get("next", "") or request.GET.get("next", "")
    is_ours = asked.startswith("/") and url_has_allowed_host_and_scheme(
        asked, {request.get_host()}, require_https=request.is_secure())
    return asked if is_ours else ""


@sensitive_post_parameters("pin-pin", "pin-password")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@require_role(*EVERY_ROLE)
def pin(request: WardpostRequest) -> HttpResponse:
    """One's own PIN: set, change, take off."""
    me = _me(request)
    form = PinForm(request.POST or None, request=request)
    if request.method == "POST" and "off" in request.POST:
        operations.take_pin_off(account_id=me.pk, by=request.actor, at=timezone.now())
        return redirect("agents:counter-pin")
    if request.method == "POST" and form.is_valid():
        try:
            operations.set_pin(account_id=UUID(request.actor.id), pin=form.cleaned_data["pin"], by=request.actor,
                               at=timezone.now())
        except DomainError as error:
            show(error, form)
        else:
            messages.success(request, _("Your PIN is set."))
            return redirect("agents:counter-pin")
    context = {"form": form, "kept": CounterPin.objects.filter(account=me).first(),
               "most": operations.MOST_FAILURES}
    return render(request, "agents/switching/pin.html", context, status=422 if form.errors else 200)
