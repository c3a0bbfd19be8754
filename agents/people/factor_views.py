"""One's own second factors, and the second step of signing in."""

from functools import wraps
from typing import Any, Final
from uuid import UUID

import segno
from allauth.mfa.adapter import get_adapter
from allauth.mfa.totp.internal.auth import generate_totp_secret
from allauth.mfa.webauthn.internal import auth as webauthn
from axes.handlers.proxy import AxesProxyHandler
from django.contrib import messages
from django.contrib.auth import login, update_session_auth_hash
from django.contrib.auth.signals import user_login_failed
from django.core.exceptions import NON_FIELD_ERRORS, PermissionDenied
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from agents.auth import EVERY_ROLE, View, require_role
from agents.backends import accounts
from agents.forms import show
from agents.models.people import StaffAccount
from agents.people import linking, proving, second_factor
from agents.people.factor_forms import AppForm, ConfirmForm, FirstTimeForm, PasskeyForm, PasswordForm
from agents.people.proof_views import fresh_proof
from agents.people.proving import EXTERNAL
from agents.switching.coming_in import come_in
from shared.api import WardpostRequest
from shared.crypto import open_text, seal_text
from shared.errors import DomainError

_SECRET: Final = "second_factor_secret"  # noqa: S105  # the name of a place in the session
PENDING: Final = "second_step"
_PENDING_SECONDS: Final = 600


def _me(request: WardpostRequest) -> StaffAccount:
    """Whose page it is; `require_role` lets nobody else in."""
    if not isinstance(request.user, StaffAccount):
        raise PermissionDenied
    return request.user


def _proved_by_a_factor[**P](view: View[P]) -> View[P]:
    """Who has a second factor changes it with a fresh proof: otherwise her password alone would make a new one of it.

    Before her first one the password, which each form asks for, is all she has.
    """
    asks = fresh_proof()(fresh_proof(reads=True)(view))

    @wraps(view)
    def guarded(request: WardpostRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        chosen = view if _me(request).second_factor_at is None else asks
        return chosen(request, *args, **kwargs)

    return guarded


@never_cache
@require_safe
@require_role(*EVERY_ROLE)
def factors(request: WardpostRequest) -> HttpResponse:
    """What signing in asks of one besides the password."""
    return _overview(request, PasswordForm())


def _overview(request: WardpostRequest, form: PasswordForm) -> HttpResponse:
    hers = second_factor.factors_of(_me(request).id)
    context = {"factors": [(each, each.wrap().name if each.type == "webauthn" else _("Authenticator app"))
                           for each in hers],
               "has_app": any(each.type == "totp" for each in hers), "form": form,
               "codes_left": second_factor.codes_left(_me(request).id) if hers else 0,
               "is_required": second_factor.is_required(request.actor.role, timezone.localdate())}
    return render(request, "agents/people/factors.html", context, status=422 if form.errors else 200)


@sensitive_post_parameters("password", "code")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@require_role(*EVERY_ROLE)
@_proved_by_a_factor
def add_app(request: WardpostRequest) -> HttpResponse:
    """Show the secret as a picture; the first right code takes it."""
    secret = _secret_to_confirm(request)
    form = AppForm(request.POST or None, request=request)
    if request.method == "POST" and form.is_valid():
        try:
            codes = second_factor.add_app(account_id=_me(request).id, secret=secret, by=request.actor,
                                          code=form.cleaned_data["code"].replace(" ", ""), at=timezone.now())
        except DomainError as error:
            show(error, form)
        else:
            del request.session[_SECRET]
            return _done(request, codes)
    url = get_adapter().build_totp_url(_me(request), secret)
    context = {"form": form, "secret": " ".join(secret[at:at + 4] for at in range(0, len(secret), 4)),
               "picture": segno.make(url, error="m", micro=False).svg_data_uri(border=2, scale=4)}
    return render(request, "agents/people/add_app.html", context, status=422 if form.errors else 200)


def _secret_to_confirm(request: WardpostRequest) -> str:
    """The secret that was shown, until a code has confirmed it; sealed where sessions are kept."""
    shown = open_text(request.session.get(_SECRET, ""), bound_to=_SECRET)
    if shown:
        return shown
    secret: str = generate_totp_secret()
    request.session[_SECRET] = seal_text(secret, bound_to=_SECRET)
    return secret


@sensitive_post_parameters("password")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@require_role(*EVERY_ROLE)
@_proved_by_a_factor
def add_passkey(request: WardpostRequest) -> HttpResponse:
    """Ask the device for a passkey of this address."""
    form = PasskeyForm(request.POST or None, request=request)
    if request.method == "POST" and form.is_valid():
        try:
            codes = second_factor.add_passkey(
                account_id=_me(request).id, name=form.cleaned_data["name"], credential=form.cleaned_data["credential"],
                by=request.actor, at=timezone.now())
        except DomainError as error:
            show(error, form)
        else:
            return _done(request, codes)
    context = {"form": form, "asked": webauthn.begin_registration(_me(request), False)}
    return render(request, "agents/people/add_passkey.html", context, status=422 if form.errors else 200)


def _done(request: WardpostRequest, codes: list[str]) -> HttpResponse:
    """She stays signed in here, and nowhere else; new recovery codes are shown once."""
    update_session_auth_hash(request, accounts().get(pk=_me(request).id))
    if codes:
        return render(request, "agents/people/codes.html", {"codes": codes})
    messages.success(request, _("Done."))
    return redirect("agents:factors")


@sensitive_post_parameters("password")
@never_cache
@require_POST
@require_role(*EVERY_ROLE)
@_proved_by_a_factor
def renew_codes(request: WardpostRequest) -> HttpResponse:
    """New recovery codes, shown once."""
    form = PasswordForm(request.POST, request=request)
    if not form.is_valid() or _me(request).second_factor_at is None:
        return _overview(request, form)
    codes = second_factor.renew_codes(account_id=_me(request).id, by=request.actor, at=timezone.now())
    return render(request, "agents/people/codes.html", {"codes": codes})


@sensitive_post_parameters("password")
@require_POST
@require_role(*EVERY_ROLE)
@_proved_by_a_factor
def remove(request: WardpostRequest, factor_id: int) -> HttpResponse:
    """Take one of one's own factors off."""
    form = PasswordForm(request.POST, request=request)
    if form.is_valid():
        try:
            second_factor.remove(account_id=_me(request).id, factor_id=factor_id, by=request.actor, at=timezone.now())
        except DomainError as error:
            show(error, form)
        else:
            messages.success(request, _("Done."))
            return redirect("agents:factors")
    return _overview(request, form)


# --- signing in ------------------------------------------------------------------------------------------------------


def ask_second_step(request: WardpostRequest, account: StaffAccount, destination: str, *,
                    bound: dict[str, str] | None = None) -> HttpResponse:
    """The password was right, or the provider of `bound` vouches; nobody is signed in before the second step."""
    request.session.flush()
    request.session[PENDING] = {"account": str(account.pk), "at": timezone.now().timestamp(), "next": destination,
                                "hash": account.get_session_auth_hash(), "bound": bound}
    return redirect("agents:second-step")


@sensitive_post_parameters("code", "password")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def second_step(request: WardpostRequest) -> HttpResponse:
    """A code of the app, a passkey or a recovery code; six wrong ones close the door as wrong passwords do."""
    pending = request.session.get(PENDING, {})
    account = _pending_account(pending)
    if account is None:
        return redirect("agents:login")
    form = _step_form(request, account)
    if request.method == "POST" and form.is_valid():
        if not AxesProxyHandler.is_allowed(request, {"username": account.username}):
            return _locked_out(request)
        if _is_confirmed(request, account, form):
            return _enter(request, account, pending)
        if form.has_error(NON_FIELD_ERRORS):  # it waits, and was not looked at: nothing to count
            return _ask(request, account, form)
        user_login_failed.send(sender=second_step, credentials={"username": account.username}, request=request)
        if getattr(request, "axes_locked_out", False):
            return _locked_out(request)
    return _ask(request, account, form)


def _enter(request: WardpostRequest, account: StaffAccount, pending: dict[str, Any]) -> HttpResponse:
    if bound := pending.get("bound"):
        try:
            linking.bind(account_id=account.pk, at=timezone.now(), **bound)
        except DomainError:
            return redirect("agents:login")
    login(request, account, backend="agents.backends.StaffBackend")
    if bound:
        request.session[EXTERNAL] = True
    return come_in(request, account, redirect(pending["next"]))


def _step_form(request: WardpostRequest, account: StaffAccount) -> ConfirmForm | FirstTimeForm:
    """Without a second factor only whom a provider vouches for the first time comes this far: by her password."""
    return (FirstTimeForm if account.second_factor_at is None else ConfirmForm)(request.POST or None)


def _ask(request: WardpostRequest, account: StaffAccount, form: ConfirmForm | FirstTimeForm) -> HttpResponse:
    kinds = {each.type for each in second_factor.factors_of(account.pk)}
    asked = webauthn.begin_authentication(account) if "webauthn" in kinds else None
    context = {"form": form, "has_app": "totp" in kinds, "asked": asked,
               "by_password": account.second_factor_at is None}
    return render(request, "agents/people/second_step.html", context, status=422 if form.errors else 200)


def _pending_account(pending: dict[str, Any]) -> StaffAccount | None:
    if not pending or timezone.now().timestamp() - pending["at"] > _PENDING_SECONDS:
        return None
    account = accounts().filter(pk=UUID(pending["account"])).first()
    if account is None or not account.has_access(timezone.localdate()):
        return None
    is_same = constant_time_compare(pending.get("hash", ""), account.get_session_auth_hash())
    return account if is_same else None  # otherwise another password, or all sessions ended, since


def _is_confirmed(request: WardpostRequest, account: StaffAccount, form: ConfirmForm | FirstTimeForm) -> bool:
    data, now = form.cleaned_data, timezone.now()
    try:
        if data.get("credential"):
            second_factor.confirm_by_passkey(account_id=account.pk, credential=data["credential"], at=now)
        else:
            proving.confirm(account_id=account.pk, code=data.get("code", ""), password=data.get("password", ""), at=now)
    except DomainError as error:
        show(error, form)
        return False
    return True


def _locked_out(request: WardpostRequest) -> HttpResponse:
    from agents.views.sign_in import locked_out  # which leads here

    request.session.flush()
    return locked_out(request, None, None)
