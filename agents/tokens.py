"""Machine tokens: `wp_` and 43 characters of 256 random bits, of which only the SHA-256 digest is kept.

A token is as random as its digest is long, so a fast hash protects it as well as a slow one would.
"""

import re
import secrets
from datetime import datetime
from hashlib import sha256
from typing import Final

from django.db.models import Q

from agents.models.people import ApiToken
from shared.actors import Actor, ActorKind

PREFIX: Final = "wp_"
_FORM: Final = re.compile(r"wp_[A-Za-z0-9_-]{43}", re.ASCII)


def new_token() -> str:
    return PREFIX + secrets.token_urlsafe(32)


def digest_of(token: str) -> bytes:
    return sha256(token.encode()).digest()


def find_token(token: str, at: datetime) -> ApiToken | None:
    """The valid token of this text with its place, in one query; None: unknown, expired or revoked, not told which."""
    if not _FORM.fullmatch(token):
        return None
    return (ApiToken.objects.select_related("outlet__commune", "centre")
            .filter(Q(revoked_at=None) | Q(revoked_at__gt=at), digest=digest_of(token), expires_at__gt=at).first())


def actor_of(token: ApiToken) -> Actor:
    """The machine that acts, bound to its place."""
    return Actor(ActorKind.MACHINE, str(token.id), token.name, outlet_id=token.outlet_id,
                 operator_id=token.operator_id or (token.outlet.operator_id if token.outlet else None),
                 centre_id=token.centre_id, province_code=_province_code(token))


def _province_code(token: ApiToken) -> str:
    if token.province_id:
        return token.province_id
    if token.centre is not None:
        return token.centre.province_id
    return token.outlet.commune.province_id if token.outlet is not None else ""
