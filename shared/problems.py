"""Refusals as RFC 9457 problem documents, and the problems that HTTP itself has.

Every problem says what is wrong and what to do in the reader's language, with an English twin for machines and their
makers, and never shows internals. `type` is `/problems/<code>`, a page that explains it; the code never changes.
"""

from collections.abc import Iterable, Mapping
from http import HTTPStatus
from typing import Any, Final
from uuid import UUID

import orjson
from django.http import HttpResponse
from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override
from structlog.contextvars import get_contextvars

from shared.errors import Conflict, DomainError, FieldError, Forbidden, Invalid, NotFound, Unavailable
from shared.money import Money

MEDIA_TYPE: Final = "application/problem+json"


class Malformed(DomainError):
    """The request cannot be read as what it claims to be."""

    status = 400
    code = "malformed-request"
    title = _("The request cannot be read")


class MalformedJson(Malformed):
    code = "malformed-json"
    title = _("The body is not acceptable JSON")


class Unauthenticated(DomainError):
    status = 401
    code = "unauthenticated"
    title = _("Please sign in, or send a valid token")


class CsrfRefused(Forbidden):
    code = "csrf-refused"
    title = _("The page is out of date: reload it and try again")


class MethodNotAllowed(DomainError):
    status = 405
    code = "method-not-allowed"
    title = _("This address does not know this method")


class BodyTooLarge(DomainError):
    status = 413
    code = "body-too-large"
    title = _("The body is too large")


class UnsupportedMediaType(DomainError):
    status = 415
    code = "unsupported-media-type"
    title = _("Send the body as application/json")


class TooManyRequests(DomainError):
    status = 429
    code = "too-many-requests"
    title = _("Too many requests, please wait a moment")
    retry_after_seconds = 60


class Busy(Conflict):
    """The same thing is being done right now by another request."""

    code = "busy"
    title = _("The same thing is being done right now, please try again in a moment")
    retry_after_seconds = 1


class InternalFault(DomainError):
    """Ours, not the caller's. What happened is in our log under the reference."""

    status = 500
    code = "internal-fault"
    title = _("A fault on our side; nothing was changed")
    retry_after_seconds = 30


BY_STATUS: Final[Mapping[int, type[DomainError]]] = {
    400: Malformed, 401: Unauthenticated, 403: Forbidden, 404: NotFound, 405: MethodNotAllowed, 409: Conflict,
    413: BodyTooLarge, 415: UnsupportedMediaType, 422: Invalid, 429: TooManyRequests, 500: InternalFault,
    503: Unavailable,
}


def problem_of_status(status: int) -> DomainError:
    """The general problem of an HTTP status, for answers that were not made by us."""
    return BY_STATUS.get(status, InternalFault if status >= HTTPStatus.INTERNAL_SERVER_ERROR else Malformed)()


def is_retryable(error: DomainError) -> bool:
    return error.retry_after_seconds > 0 or error.status >= HTTPStatus.INTERNAL_SERVER_ERROR


def reference() -> str:
    """What a person reads out over the phone; the log finds the request by it (its `request_id` begins so)."""
    digits = str(get_contextvars().get("request_id", ""))[:8].upper()
    return f"{digits[:4]}-{digits[4:]}" if digits else ""


def as_data(error: DomainError) -> dict[str, object]:
    """The problem document; the error's facts are extension members and never replace a standard one."""
    data: dict[str, object] = dict(error.facts)
    data |= {"type": f"/problems/{error.code}", "title": str(error.title), "status": error.status,
             "detail": str(error.detail), "code": error.code, "retryable": is_retryable(error)}
    with override("en"):
        data |= {"title_en": str(error.title), "detail_en": str(error.detail)}
    if error.errors:
        data["errors"] = [_field(each) for each in error.errors]
    if told := reference():
        data["reference"] = told
    return data


def _field(error: FieldError) -> dict[str, str]:
    with override("en"):
        english = str(error.message)
    return {"pointer": error.pointer, "code": error.code, "message": str(error.message), "message_en": english}


def respond(error: DomainError, *, headers: Mapping[str, str] | None = None) -> HttpResponse:
    """The HTTP answer of a refusal."""
    response = HttpResponse(_body(error), status=error.status, content_type=MEDIA_TYPE)
    if is_retryable(error):
        response["Retry-After"] = str(error.retry_after_seconds or InternalFault.retry_after_seconds)
    if error.status == HTTPStatus.UNAUTHORIZED:
        response["WWW-Authenticate"] = 'Bearer realm="wardpost"'
    response["Cache-Control"] = "no-store"
    for name, value in (headers or {}).items():
        response[name] = value
    return response


def _body(error: DomainError) -> bytes:
    # Dataclasses come to `_plain`: orjson alone would write Money as an object.
    return orjson.dumps(as_data(error), default=_plain, option=orjson.OPT_PASSTHROUGH_DATACLASS)


def _plain(value: object) -> object:
    match value:
        case Money():
            return value.amount
        case set() | frozenset():
            return sorted(value, key=str)
        case Promise() | UUID():
            return str(value)
    raise TypeError(f"A problem's facts are plain values, not {type(value).__name__}.")


def all_problems() -> list[type[DomainError]]:
    """Every kind of refusal that has been declared, by code; what only gathers others is not among them."""
    found: dict[str, type[DomainError]] = {}
    for kind in _descendants(DomainError):
        found.setdefault(kind.code, kind)
    return [found[code] for code in sorted(found)]


def _descendants(kind: type[DomainError]) -> Iterable[type[DomainError]]:
    for child in kind.__subclasses__():
        yield child
        yield from _descendants(child)


def told(template: Any, **facts: object) -> Promise:
    """A lazily translated sentence with facts in braces, so that each reader gets it in her language."""
    sentence: Promise = format_lazy(template, **facts)
    return sentence
