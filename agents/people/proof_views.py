"""Asking again who is at the keyboard, before money, roles and people's data. Nothing that was typed is lost."""

from collections.abc import Callable
from collections.abc import Set as AbstractSet
from functools import wraps
from typing import Any, Final
from uuid import UUID

from allauth.mfa.webauthn.internal import auth as webauthn
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from agents.auth import EVERY_ROLE, View, require_role
from agents.forms import show
from agents.models.people import StaffAccount
from agents.people import proof_keeping, proving, second_factor
from agents.people.proof_forms import PREFIX, ProofForm
from shared.api import WardpostRequest
from shared.errors import DomainError

_SAFE: Final = frozenset({"GET", "HEAD"})


def fresh_proof[**P](*, steps: AbstractSet[str] | None = None, named: str = "step",
                     reads: bool = False) -> Callable[[View[P]], View[P]]:
    """Ask for a proof of the last minutes before a view does something; put it below `require_role`.

    `steps`: only these of the address's or the form's `named`; `reads`: showing it is what asks, as with a file.
    """
    def guard(view: View[P]) -> View[P]:
        @wraps(view)
        def guarded(request: WardpostRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            is_read = request.method in _SAFE
            step = kwargs.get(named) or request.POST.get(named, "")
            if is_read != reads or (steps is not None and step not in steps):
                return view(request, *args, **kwargs)
            if proving.is_fresh(request.session, timezone.now()):
                # Proved meanwhile in another tab: what this one put aside goes with it.
                proof_keeping.give_back(request)
                return view(request, *args, **kwargs)
            if is_read:
                return redirect(f"{reverse('agents:prove')}?{urlencode({'next': request.get_full_path()})}")
            return _asked_first(request, view, *args, **kwargs)

        return guarded

    return guard


def _asked_first[**P](request: WardpostRequest, view: View[P], /, *args: P.args,
                      **kwargs: P.kwargs) -> HttpResponseBase:
    """The proof, and then the page as it was sent."""
    refused = _asked(request, action=request.get_full_path(), is_interrupted=True)
    if refused is not None:
        return refused
    proof_keeping.give_back(request)
    return view(request, *args, **kwargs)


@sensitive_post_parameters(f"{PREFIX}-password", f"{PREFIX}-code")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@require_role(*EVERY_ROLE)
def prove(request: WardpostRequest) -> HttpResponse:
    """The proof alone, and then the page that asked for it."""
    asked = request.GET.get("next", "")
    is_ours = asked.startswith("/") and url_has_allowed_host_and_scheme(
        asked, {request.get_host()}, require_https=request.is_secure())
    following = asked if is_ours else reverse("agents:account")
    refused = _asked(request, action=request.get_full_path(), is_interrupted=False)
    if refused is not None:
        return refused
    if not is_ours:
        messages.success(request, _("Thank you. For some minutes nothing asks you again."))
    return redirect(following)


def _asked(request: WardpostRequest, *, action: str, is_interrupted: bool) -> HttpResponse | None:
    """The question; None: it was answered rightly just now."""
    account = request.user
    if not isinstance(account, StaffAccount):
        raise PermissionDenied
    is_answered = any(name.startswith(f"{PREFIX}-") for name in request.POST)
    form = ProofForm(request.POST if is_answered else None, account=account)
    if is_answered and form.is_valid() and _is_proved(account, form):
        proving.remember(request.session, timezone.now())
        return None
    kept = proof_keeping.kept(request, but=PREFIX) if is_interrupted else []
    return _question(request, account, form, action, kept)


def _question(request: WardpostRequest, account: StaffAccount, form: ProofForm, action: str,
              kept: list[tuple[str, str]]) -> HttpResponse:
    kinds = {each.type for each in second_factor.factors_of(account.pk)}
    asked = webauthn.begin_authentication(account) if "webauthn" in kinds else None
    context: dict[str, Any] = {
        "form": form, "action": action, "kept": kept, "asked": asked, "has_app": "totp" in kinds,
        "minutes": int(proving.lasts().total_seconds() // 60)}
    answer = render(request, "agents/people/prove.html", context, status=422 if form.errors else 200)
    answer["Cache-Control"] = "no-store"
    return answer


def _is_proved(account: StaffAccount, form: ProofForm) -> bool:
    data, now, account_id = form.cleaned_data, timezone.now(), UUID(str(account.pk))
    try:
        if data.get("credential"):
            second_factor.confirm_by_passkey(account_id=account_id, credential=data["credential"], at=now)
        else:
            proving.confirm(account_id=account_id, code=data.get("code", ""), password=data.get("password", ""), at=now)
    except DomainError as error:
        show(error, form)
        return False
    return True

