"""Machine tokens: shown once, kept as a digest, bound to one place, and never for ever."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from agents.errors import InvalidToken, MayNotGrant, TokenNotFound
from agents.models.people import ApiToken
from agents.operations import places
from agents.records import Workplace
from agents.rules import LONGEST_TOKEN_DAYS, SCOPES, Bound, misplaced_scopes
from agents.scope import tokens_seen_by
from agents.tokens import digest_of, new_token
from shared.actors import Actor, ActorKind
from shared.audit import record
from shared.errors import ErrorCollector
from shared.problems import told
from shared.roles import Role
from shared.text import clean, hidden_character
from shared.transactions import operation


@dataclass(frozen=True, slots=True)
class IssuedToken:
    """`clear` is the token itself: it is in no row and in no log, so whoever loses it asks for another."""

    token: ApiToken
    clear: str = field(repr=False)


@operation
def issue_token(*, name: str, scopes: frozenset[str], place: Workplace, expires_at: datetime, by: Actor,
                at: datetime) -> IssuedToken:
    """Give a machine a key to the API, for the scopes and the place named.

    Raises:
        InvalidToken: with every entry that needs correcting.
        MayNotGrant: `by` is no administrator of that place's city.
    """
    _check(clean(name), scopes, place, expires_at, at)
    if by.kind is not ActorKind.JOB and (by.role != Role.ADMINISTRATOR or not places.answers_for(by, place)):
        raise MayNotGrant
    clear = new_token()
    token = ApiToken.objects.create(
        name=clean(name), digest=digest_of(clear), scopes=sorted(scopes), expires_at=expires_at,
        created_by_id=by.id if by.kind is ActorKind.PERSON else None, **place.as_columns())
    record(actor=by, action="issue_token", object_type="api_token", object_id=token.id, at=at,
           after={"scopes": sorted(scopes), "place": place.kinds[0], "expires_at": expires_at.isoformat()})
    return IssuedToken(token, clear)


def _check(name: str, scopes: frozenset[str], place: Workplace, expires_at: datetime, at: datetime) -> None:
    wrong = ErrorCollector()
    if not 3 <= len(name) <= 80 or hidden_character(name) is not None:
        wrong.add("/name", "wrong-form", _("Say in 3 to 80 characters which machine this is for."))
    if len(place.kinds) != 1:
        wrong.add("/place", "place-needed", _("Bind the token to exactly one outlet, operator, centre or province."))
    elif not places.exists(place):
        wrong.add("/place", "unknown-place", _("There is no such place."))
    _check_scopes(scopes, place, wrong)
    if not at < expires_at <= at + timedelta(days=LONGEST_TOKEN_DAYS):
        wrong.add("/expires_at", "out-of-range",
                  told(_("A token ends in the future, within {days} days."), days=LONGEST_TOKEN_DAYS))
    wrong.raise_if_any(InvalidToken)


def _check_scopes(scopes: frozenset[str], place: Workplace, wrong: ErrorCollector) -> None:
    unknown = sorted(scopes - SCOPES.keys())
    if not scopes:
        wrong.add("/scopes", "required", _("Name at least one scope."))
    elif unknown:
        wrong.add("/scopes", "not-a-choice", told(_("There is no scope {names}."), names=", ".join(unknown)[:200]))
    elif len(place.kinds) == 1 and (misplaced := misplaced_scopes(scopes, Bound(place.kinds[0]))):
        wrong.add("/scopes", "misplaced",
                  told(_("A token of this kind of place cannot have {names}."), names=", ".join(sorted(misplaced))))


@operation
def revoke_token(*, token_id: UUID, by: Actor, at: datetime) -> ApiToken:
    """End the token with its next request. Doing it again changes nothing.

    Raises:
        TokenNotFound: no such token within sight of `by`.
    """
    token = tokens_seen_by(by).select_for_update(of=("self",)).filter(id=token_id).first()
    if token is None:
        raise TokenNotFound
    if token.revoked_at is None:
        token.revoked_at = at
        token.save(update_fields=["revoked_at"])
        record(actor=by, action="revoke_token", object_type="api_token", object_id=token.id, at=at)
    return token
