"""Who acts, known to everything behind it: views, API, audit, logs and PostgreSQL's row-level security."""

from collections.abc import Callable
from typing import Final

import structlog
from django.core.signals import request_finished
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from agents.auth import NOBODY
from agents.duties.acting import acting_for
from agents.models.people import StaffAccount
from agents.people.errors import SecondFactorRequired
from agents.people.proving import TRUSTED
from agents.people.second_factor import is_required
from shared import scope
from shared.actors import Actor
from shared.problems import respond

_WITHOUT_SECOND_FACTOR: Final = ("/tai-khoan/", "/doi-nguoi/", "/dang-xuat/", "/i18n/", "/static/", "/problems/")


class AttachActor:
    """Set `request.actor`. Without a session cookie nothing is asked of the database."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        actor = _actor_of(request)
        request.actor = actor  # type: ignore[attr-defined]  # declared by WardpostRequest
        if actor is not NOBODY:
            structlog.contextvars.bind_contextvars(
                actor_id=actor.id, role=actor.role, outlet_id=_text(actor.outlet_id), centre_id=_text(actor.centre_id))
            scope.enter(actor)
        elif scope.is_open():
            # Only where a process works for all, such as a test: a stranger sees no more there than on the web.
            scope.enter(None)
        if actor is not NOBODY and _must_set_up_first(request):
            return _set_up_first(request)
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_: object) -> HttpResponse | None:
        """A page of a duty that was handed to her is worked on the giver's behalf, under both names."""
        user, match = request.user, request.resolver_match
        if match is None or not isinstance(user, StaffAccount) or user.stands_in_until is None:
            return None
        actor = acting_for(user, match.view_name, match.route, timezone.localdate())
        if actor is None:
            return None
        request.actor = actor  # type: ignore[attr-defined]  # the same
        structlog.contextvars.bind_contextvars(role=actor.role, on_behalf_of=actor.on_behalf_of)
        scope.enter(actor)
        # What protects the giver's work protects it in other hands too.
        return _set_up_first(request) if _must_set_up_first(request, role=actor.role) else None


def _leave_scope(**_: object) -> None:
    """At the very end of a request, when a streamed answer has been sent too."""
    if connection.connection is not None:
        scope.leave()


request_finished.connect(_leave_scope, dispatch_uid="agents.leave_scope")


def _actor_of(request: HttpRequest) -> Actor:
    user = request.user
    return user.actor if isinstance(user, StaffAccount) and user.is_authenticated else NOBODY


def _must_set_up_first(request: HttpRequest, role: str = "") -> bool:
    """Whether her role asks for a second factor that she does not have, and she is anywhere but setting it up."""
    user = request.user
    return (isinstance(user, StaffAccount) and user.second_factor_at is None and not request.session.get(TRUSTED)
            and is_required(role or user.role, timezone.localdate())
            and not request.path.startswith(_WITHOUT_SECOND_FACTOR))


def _set_up_first(request: HttpRequest) -> HttpResponse:
    if request.path.startswith("/api/"):
        return respond(SecondFactorRequired())
    return redirect("agents:factors")


def _text(value: object) -> str:
    return "" if value is None else str(value)
