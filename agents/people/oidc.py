"""Signing in at the organisation's own provider (OpenID Connect Core 1.0): the questions to it, and what counts.

Authorization code with PKCE (RFC 7636), state and nonce. Everything of the ID token is checked, its signature too, as
if it had come from a stranger: issuer, audience, end, nonce, and an algorithm of our choosing.
"""

import secrets
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Final
from urllib.parse import urlencode

import httpx
import jwt
from django.conf import settings
from django.utils.crypto import constant_time_compare

from agents.people.errors import ProviderRefused, ProviderUnreachable

_TIMEOUTS: Final = httpx.Timeout(5.0, connect=2.0)
_ALGORITHMS: Final = ["RS256", "RS384", "RS512", "PS256", "ES256", "ES384", "EdDSA"]
_LEEWAY_SECONDS: Final = 60


@dataclass(frozen=True, slots=True)
class Asked:
    """Where the browser goes, and what its session keeps to recognise the answer."""

    url: str
    state: str
    nonce: str
    verifier: str


@dataclass(frozen=True, slots=True)
class Claims:
    """What the provider vouches for. `email` is empty unless the provider has verified it."""

    issuer: str
    subject: str
    email: str
    is_second_factor: bool
    """Whether the provider asked for more than a password, in words that this house trusts."""
    proved_at: float
    """Unix time at which she last typed or touched something there; 0: it does not say."""


def is_configured() -> bool:
    return bool(settings.WARDPOST_OIDC_ISSUER and settings.WARDPOST_OIDC_CLIENT_ID)


def ask(redirect_uri: str) -> Asked:
    """Raises ProviderUnreachable."""
    state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
    challenge = urlsafe_b64encode(sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    question = {"response_type": "code", "scope": "openid email profile", "redirect_uri": redirect_uri, "state": state,
                "client_id": settings.WARDPOST_OIDC_CLIENT_ID, "nonce": nonce, "code_challenge": challenge,
                "code_challenge_method": "S256"}
    if settings.WARDPOST_OIDC_TRUSTED_ACR:
        question["acr_values"] = " ".join(settings.WARDPOST_OIDC_TRUSTED_ACR)
    address = _address(_discovered(), "authorization_endpoint")
    return Asked(f"{address}{'&' if '?' in address else '?'}{urlencode(question)}", state, nonce, verifier)


def answer(*, code: str, nonce: str, verifier: str, redirect_uri: str) -> Claims:
    """What the provider says for a code.

    Raises:
        ProviderUnreachable: it does not answer, or not as one.
        ProviderRefused: it refuses the code, or its token does not hold.
    """
    known = _discovered()
    form = {"grant_type": "authorization_code", "code": code, "redirect_uri": redirect_uri, "code_verifier": verifier}
    methods = known.get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
    pair = (settings.WARDPOST_OIDC_CLIENT_ID, settings.WARDPOST_OIDC_CLIENT_SECRET)
    by_form = "client_secret_post" in methods
    if by_form:
        form |= {"client_id": pair[0], "client_secret": pair[1]}
    told = _data(_send("POST", _address(known, "token_endpoint"), data=form, auth=None if by_form else pair))
    token = told.get("id_token")
    if not isinstance(token, str):
        raise ProviderRefused
    return _claims(_checked(token, _address(known, "jwks_uri"), nonce))


def sign_out_address(back: str) -> str:
    """Where one signs out of the provider too; empty when it has no such page or does not answer."""
    try:
        address = _address(_discovered(), "end_session_endpoint")
    except ProviderUnreachable:
        return ""
    question = {"client_id": settings.WARDPOST_OIDC_CLIENT_ID, "post_logout_redirect_uri": back}
    return f"{address}{'&' if '?' in address else '?'}{urlencode(question)}"


def _checked(token: str, keys_address: str, nonce: str) -> dict[str, Any]:
    try:
        claims: dict[str, Any] = jwt.decode(
            token, key=_key_of(token, keys_address), algorithms=_ALGORITHMS, issuer=settings.WARDPOST_OIDC_ISSUER,
            audience=settings.WARDPOST_OIDC_CLIENT_ID, leeway=_LEEWAY_SECONDS,
            options={"require": ["exp", "iat", "iss", "aud", "sub", "nonce"]})
    except jwt.PyJWTError as error:
        raise ProviderRefused from error
    party = claims.get("azp", settings.WARDPOST_OIDC_CLIENT_ID)
    if not constant_time_compare(str(claims["nonce"]), nonce) or party != settings.WARDPOST_OIDC_CLIENT_ID:
        raise ProviderRefused
    return claims


def _key_of(token: str, address: str) -> jwt.PyJWK:
    """The provider's signing key that the token names; where it names none, its only one."""
    wanted = jwt.get_unverified_header(token).get("kid")
    keys = jwt.PyJWKSet.from_dict(_data(_send("GET", address))).keys
    fitting = [key for key in keys if key.public_key_use in {None, "sig"} and wanted in {None, key.key_id}]
    if len(fitting) != 1 or fitting[0].key_type not in {"RSA", "EC", "OKP"}:
        raise ProviderRefused
    return fitting[0]


def _claims(said: Mapping[str, Any]) -> Claims:
    methods = said.get("amr") if isinstance(said.get("amr"), list) else []
    is_trusted = said.get("acr") in settings.WARDPOST_OIDC_TRUSTED_ACR or any(
        each in settings.WARDPOST_OIDC_TRUSTED_AMR for each in methods or [])
    proved = said.get("auth_time")
    email = said.get("email") if said.get("email_verified") is True else ""
    subject = said["sub"]
    if not isinstance(subject, str) or not 1 <= len(subject) <= 255 or "\x00" in subject:
        raise ProviderRefused
    return Claims(str(said["iss"]), subject, str(email or "")[:254].lower(), is_trusted,
                  float(proved) if isinstance(proved, int) else 0.0)


def _discovered() -> dict[str, Any]:
    """What the provider says of itself, provided that it is the one we mean (OpenID Connect Discovery 1.0, 4.3)."""
    issuer = settings.WARDPOST_OIDC_ISSUER
    told = _data(_send("GET", f"{issuer.rstrip('/')}/.well-known/openid-configuration"))
    if told.get("issuer") != issuer:
        raise ProviderUnreachable
    return told


def _address(known: Mapping[str, Any], name: str) -> str:
    """An address of the provider, encrypted if its issuer is."""
    address = known.get(name)
    scheme = "https://" if settings.WARDPOST_OIDC_ISSUER.startswith("https://") else "http"
    if not isinstance(address, str) or not address.startswith(scheme):
        raise ProviderUnreachable
    return address


def _send(method: str, address: str, **more: Any) -> httpx.Response:
    try:
        with httpx.Client(timeout=_TIMEOUTS, trust_env=False, follow_redirects=False) as client:
            found = client.request(method, address, **more)
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise ProviderUnreachable from error
    if found.status_code in {400, 401, 403}:
        raise ProviderRefused
    if found.status_code != httpx.codes.OK:
        raise ProviderUnreachable
    return found


def _data(found: httpx.Response) -> dict[str, Any]:
    try:
        data = found.json()
    except ValueError as error:
        raise ProviderUnreachable from error
    if not isinstance(data, dict):
        raise ProviderUnreachable
    return data
