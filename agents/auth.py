"""Who may call what: `auth=allow(roles=…, scopes=…)` on API operations, `@require_role(…)` on views.

Answers only "may she at all?". What she then sees is bounded by her place (`seen_by`), and whether this may be done
now is the operation's business.
"""

from collections.abc import Callable
from collections.abc import Set as AbstractSet
from functools import wraps
from typing import Any, Concatenate, Final

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils import timezone
from ninja.security.base import AuthBase
from ninja.utils import check_csrf

from agents.errors import NotYourRole, TokenScopeMissing
from agents.people.errors import ProofNeeded
from agents.people.proving import is_fresh
from agents.rules import SCOPES
from agents.tokens import find_token
from shared import scope
from shared.actors import Actor, ActorKind
from shared.api import WardpostRequest
from shared.problems import CsrfRefused, Unauthenticated
from shared.roles import Role

EVERY_ROLE: Final = frozenset(Role)
NOBODY: Final = Actor(ActorKind.CITIZEN, "anonymous")
"""Who is not signed in: sees what is public, and nothing that belongs to a place."""


class Allowed(AuthBase):
    """People of some roles by session, machines of some scopes by token; ninja calls it before an operation."""

    openapi_type = "http"
    openapi_scheme = "bearer"
    csrf = True  # the documentation page sends the session's CSRF token along

    def __init__(self, *, roles: frozenset[str], scopes: frozenset[str], asks_proof: bool = False) -> None:
        super().__init__()
        self.roles = roles
        self.scopes = scopes
        self.asks_proof = asks_proof

    def __call__(self, request: HttpRequest) -> Actor:
        """The actor.

        Raises:
            Unauthenticated: nobody is signed in, or the token is not valid.
            CsrfRefused: a session's unsafe request without its CSRF token.
            NotYourRole, TokenScopeMissing: known, but not allowed.
            ProofNeeded: allowed, but nobody has proved in the last minutes that it is still her.
        """
        if "Authorization" not in request.headers:
            return self._person(request)
        actor = self._machine(request)
        request.actor = actor  # type: ignore[attr-defined]  # declared by WardpostRequest
        scope.enter(actor)
        return actor

    def _machine(self, request: HttpRequest) -> Actor:
        kind, _space, text = request.headers["Authorization"].partition(" ")
        key = find_token(text.strip(), timezone.now()) if kind.lower() == "bearer" else None
        if key is None:
            raise Unauthenticated
        if not self.scopes & key.scopes:
            raise TokenScopeMissing(needed=sorted(self.scopes))
        return key.actor

    def _person(self, request: HttpRequest) -> Actor:
        actor: Actor = getattr(request, "actor", NOBODY)
        if actor.kind is not ActorKind.PERSON:
            raise Unauthenticated
        if check_csrf(request) is not None:
            raise CsrfRefused
        if actor.role not in self.roles:
            raise NotYourRole
        if self.asks_proof and not is_fresh(request.session, timezone.now()):
            raise ProofNeeded
        return actor


def allow(*, roles: AbstractSet[str] = frozenset(), scopes: AbstractSet[str] = frozenset()) -> Allowed:
    """The gate of an API operation; a token needs one of `scopes`.

    Raises:
        ValueError: a role or scope that does not exist (at import, so a misspelt gate never opens or shuts silently).
    """
    unknown = (set(roles) - set(Role.values)) | (set(scopes) - SCOPES.keys())
    if unknown:
        raise ValueError(f"No such role or scope: {', '.join(sorted(unknown))}")
    return Allowed(roles=frozenset(str(role) for role in roles), scopes=frozenset(scopes))


def with_fresh_proof(gate: Allowed) -> Allowed:
    """The same gate for what moves money, gives a role or takes data out: people prove again who they are.

    A machine's key cannot: whoever issued it has proved it, and it is bound to scopes, a place and an end.
    """
    return Allowed(roles=gate.roles, scopes=gate.scopes, asks_proof=True)


type View[**P] = Callable[Concatenate[WardpostRequest, P], HttpResponseBase]


def require_role[**P](*roles: str) -> Callable[[View[P]], View[P]]:
    """Let people of `roles` into a view: others get 403, strangers the log-in page and then this page.

    The roles stay readable on the view (`view.roles`), so that a test can compare them with the access matrix.
    """
    unknown = set(roles) - set(Role.values)
    if unknown or not roles:
        raise ValueError(f"No such role: {', '.join(sorted(unknown))}")

    def guard(view: View[P]) -> View[P]:
        @wraps(view)
        def guarded(request: WardpostRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            if request.actor.kind is not ActorKind.PERSON:
                return _log_in_first(request)
            if request.actor.role not in roles:
                raise PermissionDenied
            return view(request, *args, **kwargs)

        guarded.roles = frozenset(str(role) for role in roles)  # type: ignore[attr-defined]
        return guarded

    return guard


def _log_in_first(request: Any) -> HttpResponse:
    if request.htmx:
        # A fragment cannot show the log-in page: the browser says so and keeps what was typed.
        return HttpResponse(status=401)
    return redirect_to_login(request.get_full_path())
