"""Signing in at the organisation's provider, and who answers for a person linking her account with it."""

import json
from typing import Any, Final
from uuid import UUID

import structlog
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from agents.auth import require_role
from agents.forms import show
from agents.models.people import StaffAccount
from agents.people import linking, oidc, proving
from agents.people.errors import ProviderRefused
from agents.people.factor_views import ask_second_step
from agents.people.forms import IdentityForm
from agents.people.oidc import Claims
from agents.people.proof_views import fresh_proof
from agents.people.proving import EXTERNAL, TRUSTED
from agents.switching.coming_in import come_in
from agents.views.staff import ENROLLERS, detail, seen
from shared.api import WardpostRequest
from shared.crypto import open_text, seal_text
from shared.errors import DomainError

log = structlog.get_logger()

_ASKED: Final = "provider_asked"
_ASKED_SECONDS: Final = 600


@never_cache
@require_safe
def start(request: WardpostRequest) -> HttpResponse:
    """Lead to the provider; the session keeps, sealed, what recognises its answer."""
    _must_be_configured()
    try:
        asked = oidc.ask(_back())
    except DomainError as error:
        return _refused(request, error)
    kept = {"state": asked.state, "nonce": asked.nonce, "verifier": asked.verifier,
            "at": timezone.now().timestamp(), "next": _destination(request)}
    request.session[_ASKED] = seal_text(json.dumps(kept), bound_to=_ASKED)
    return redirect(asked.url)


@never_cache
@require_safe
def come_back(request: WardpostRequest) -> HttpResponse:
    """The provider's answer: an account that is linked to it, or a page that says what to do."""
    _must_be_configured()
    kept = _kept(request.session.pop(_ASKED, ""))
    is_ours = bool(kept) and constant_time_compare(request.GET.get("state", ""), kept["state"])
    if not is_ours or not request.GET.get("code"):
        return _refused(request, ProviderRefused())
    try:
        claims = oidc.answer(code=request.GET["code"][:2000], nonce=kept["nonce"], verifier=kept["verifier"],
                             redirect_uri=_back())
        found = linking.account_of(claims)
        if found is None or not found[0].has_access(timezone.localdate()):
            log.warning("provider_sign_in_unknown")
            return _refused(request, None, claims)
        return _enter(request, found[0], claims, kept["next"], has_come_before=found[1])
    except DomainError as error:
        return _refused(request, error)


def _enter(request: WardpostRequest, account: StaffAccount, claims: Claims, following: str, *,
           has_come_before: bool) -> HttpResponse:
    """Her first time she confirms with what she has here, second factor or password, whatever the provider says.

    Otherwise whoever may link an account could come in as somebody else by linking it to her own e-mail.
    """
    bound = {"issuer": claims.issuer, "subject": claims.subject}
    if not has_come_before or (account.second_factor_at is not None and not claims.is_second_factor):
        return ask_second_step(request, account, following, bound=bound)
    linking.bind(account_id=account.id, at=timezone.now(), **bound)
    login(request, account, backend="agents.backends.StaffBackend")
    request.session[EXTERNAL], request.session[TRUSTED] = True, claims.is_second_factor
    proving.remember_since(request.session, claims.proved_at)
    log.info("signed_in", account_id=str(account.pk), by="provider")
    return come_in(request, account, redirect(following))


def _must_be_configured() -> None:
    if not oidc.is_configured():
        raise Http404


def _kept(sealed: object) -> dict[str, Any]:
    text = open_text(sealed, bound_to=_ASKED)
    kept: dict[str, Any] = json.loads(text) if text else {}
    is_late = bool(kept) and timezone.now().timestamp() - kept["at"] > _ASKED_SECONDS
    return {} if is_late else kept


def _back() -> str:
    return f"{settings.WARDPOST_PUBLIC_URL}{reverse('agents:provider-back')}"


def _destination(request: WardpostRequest) -> str:
    from agents.views.sign_in import _destination as destination  # which leads here

    return destination(request)


def _refused(request: WardpostRequest, error: DomainError | None, claims: Claims | None = None) -> HttpResponse:
    context = {"error": error, "claims": claims, "provider": settings.WARDPOST_OIDC_NAME}
    status = 403 if error is None else error.status
    return render(request, "agents/people/provider_refused.html", context, status=status)


@never_cache
@require_safe
def signed_out(request: WardpostRequest) -> HttpResponse:
    """Here she is out; the provider may still know her."""
    _must_be_configured()
    context = {"provider": settings.WARDPOST_OIDC_NAME,
               "address": oidc.sign_out_address(f"{settings.WARDPOST_PUBLIC_URL}{reverse('agents:login')}")}
    return render(request, "agents/people/provider_signed_out.html", context)


# --- linking --------------------------------------------------------------------------------------------------------


@require_POST
@require_role(*ENROLLERS)
@fresh_proof()
def link(request: WardpostRequest, account_id: UUID) -> HttpResponse:
    """Say by which e-mail the provider knows her."""
    _must_be_configured()
    account, form = seen(request, account_id), IdentityForm(request.POST)
    if form.is_valid():
        try:
            linking.link(account_id=account_id, issuer=settings.WARDPOST_OIDC_ISSUER,
                         email=form.cleaned_data["email"], by=request.actor, at=timezone.now())
        except DomainError as error:
            if error.status == 403:
                raise PermissionDenied from error
            show(error, form)
        else:
            messages.success(request, _("Linked. With her first sign-in there the link is hers for good."))
            return redirect("agents:staff-account", account_id)
    return detail(request, account, identity=form)


@require_POST
@require_role(*ENROLLERS)
def unlink(request: WardpostRequest, account_id: UUID) -> HttpResponse:
    """The provider signs nobody in to this account any more."""
    _must_be_configured()
    seen(request, account_id)
    try:
        linking.unlink(account_id=account_id, by=request.actor, at=timezone.now())
    except DomainError as error:
        raise PermissionDenied from error
    messages.success(request, _("Done."))
    return redirect("agents:staff-account", account_id)
