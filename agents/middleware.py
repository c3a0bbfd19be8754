"""Who acts, known to everything behind it: views, API, audit and logs."""

from collections.abc import Callable

import structlog
from django.http import HttpRequest, HttpResponse

from agents.auth import NOBODY
from agents.models.people import StaffAccount
from shared.actors import Actor


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
        return self.get_response(request)


def _actor_of(request: HttpRequest) -> Actor:
    user = request.user
    return user.actor if isinstance(user, StaffAccount) and user.is_authenticated else NOBODY


def _text(value: object) -> str:
    return "" if value is None else str(value)
