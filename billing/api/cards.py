"""Where the card service tells what happened."""

from typing import Final

import structlog
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Router

from billing.cards import hearing
from billing.cards.errors import CardMessageUnreadable, CardSignatureWrong
from shared.json_body import LARGEST_BODY
from shared.openapi import refusing
from shared.problems import BodyTooLarge
from shared.schemas import Out

log = structlog.get_logger()
router = Router(tags=["payments"])
HEADER: Final = "Stripe-Signature"
_SPEC: Final = {
    "requestBody": {"required": True, "content": {"application/json": {"schema": {"type": "object"}}}},
    "parameters": [{"name": HEADER, "in": "header", "required": True, "schema": {"type": "string"},
                    "description": "t=<seconds since 1970>,v1=<hex of HMAC-SHA-256 over '<t>.<raw body>'>"}],
    "responses": refusing(401)}


class EventKept(Out):
    event_id: str
    is_new: bool


@router.post("/cards/events", response=EventKept, auth=None, openapi_extra=_SPEC,
             summary="Tell what happened at the card service", operation_id="ingest_card_event")
def ingest_card_event(request: HttpRequest) -> EventKept | HttpResponse:
    """One signed event, kept before this answers. The same event again changes nothing."""
    length = str(request.META.get("CONTENT_LENGTH") or "0")
    if not length.isdecimal() or int(length) > LARGEST_BODY:
        raise BodyTooLarge
    raw = request.body
    try:
        event = hearing.read_event(raw, request.headers.get(HEADER, ""))
    except (CardSignatureWrong, CardMessageUnreadable) as refusal:
        log.warning("card_message_refused", problem=refusal.code)
        raise
    is_new = hearing.keep_event(event=event, raw=raw, at=timezone.now())
    return EventKept(event_id=event.id, is_new=is_new)
