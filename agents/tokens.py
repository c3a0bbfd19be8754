"""Machine tokens: `wp_` and 43 characters of 256 random bits, of which only the SHA-256 digest is kept.

A token is as random as its digest is long, so a fast hash protects it as well as a slow one would.
"""

import re
import secrets
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Final

from django.db import connection

from shared.actors import Actor, ActorKind

PREFIX: Final = "wp_"
_FORM: Final = re.compile(r"wp_[A-Za-z0-9_-]{43}", re.ASCII)
# By hand, because every request of every machine begins with it.
_FIND: Final = """
    SELECT token.id, token.name, token.scopes, token.outlet_id, coalesce(token.operator_id, outlet.operator_id),
           token.centre_id, coalesce(token.province_id, centre.province_id, commune.province_id, '')
    FROM agents_apitoken token
    LEFT JOIN agents_outlet outlet ON outlet.id = token.outlet_id
    LEFT JOIN shared_commune commune ON commune.code = outlet.commune_id
    LEFT JOIN agents_centre centre ON centre.id = token.centre_id
    WHERE token.digest = %s AND token.expires_at > %s AND (token.revoked_at IS NULL OR token.revoked_at > %s)
"""


@dataclass(frozen=True, slots=True)
class MachineKey:
    """Who a valid token is, bound to its place, and what it may do at all."""

    actor: Actor
    scopes: frozenset[str]


def new_token() -> str:
    return PREFIX + secrets.token_urlsafe(32)


def digest_of(token: str) -> bytes:
    return sha256(token.encode()).digest()


def find_token(token: str, at: datetime) -> MachineKey | None:
    """The valid token of this text with its place, in one query; None: unknown, expired or revoked, not told which."""
    if not _FORM.fullmatch(token):
        return None
    with connection.cursor() as cursor:
        cursor.execute(_FIND, [digest_of(token), at, at])
        row = cursor.fetchone()
    if row is None:
        return None
    token_id, name, scopes, outlet_id, operator_id, centre_id, province_code = row
    actor = Actor(ActorKind.MACHINE, str(token_id), name, outlet_id=outlet_id, operator_id=operator_id,
                  centre_id=centre_id, province_code=province_code)
    return MachineKey(actor, frozenset(scopes))
