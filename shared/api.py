"""What every app's API stands on: requests with an actor, answers remembered by key, pages, one shape of refusal."""

import inspect
from collections.abc import Callable, Mapping
from functools import wraps
from hashlib import sha256
from typing import Any, Final

import orjson
import structlog
from django.core.exceptions import RequestDataTooBig
from django.db import OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, Throttled, ValidationError
from ninja.renderers import BaseRenderer
from pydantic import BaseModel, TypeAdapter

from shared import openapi, validation
from shared.actors import Actor, ActorKind
from shared.errors import DomainError, NotFound, Unavailable
from shared.idempotency import Answer, KeyGuard, Replay, fingerprint, guarded
from shared.json_body import StrictParser
from shared.nul import is_about_nul
from shared.pagination import Page, PageAsked, page_of
from shared.problems import (
    BodyTooLarge,
    Busy,
    InternalFault,
    Malformed,
    TooManyRequests,
    Unauthenticated,
    problem_of_status,
    respond,
)
from shared.schemas import Amount, Asked, Dong, In, Latitude, Longitude, NothingIn, Out, Paragraphs, wrong

__all__ = [
    "Amount", "Asked", "Dong", "In", "Latitude", "Longitude", "NothingIn", "Out", "Page", "PageAsked", "Paragraphs",
    "WardpostAPI", "WardpostRequest", "idempotent", "page_of", "wrong",
]

log = structlog.get_logger()

LONGEST_KEY: Final = 255
# PostgreSQL could not wait any longer for somebody else, or chose one of two that waited for each other.
SOMEBODY_ELSE_IS_AT_IT: Final = frozenset({"55P03", "40P01", "40001"})


class WardpostRequest(HttpRequest):
    """A request after agents.middleware: `actor` is who acts, also for pages that anybody may see."""

    actor: Actor
    htmx: Any


# --- idempotency ----------------------------------------------------------------------------------------------------


class IdempotencyKeyMissing(Malformed):
    code = "idempotency-key-missing"
    title = _("Send an Idempotency-Key with every request that changes something")


class IdempotencyKeyMalformed(Malformed):
    code = "idempotency-key-malformed"
    title = _("An Idempotency-Key is 1 to 255 printable ASCII characters")


def idempotent[R](request: WardpostRequest, *, status: int, schema: Any, call: Callable[[], R],
                  present: Callable[[R], object] | None = None) -> HttpResponse:
    """Run the one operation that `call` makes and answer `schema` of its result, remembered under Idempotency-Key.

    The same key and request get the same bytes again, with `Idempotency-Replayed: true`. A refusal is not remembered:
    nothing happened. People in a session may leave the header out. `present` turns the operation's result into what
    `schema` reads, where that is not the result itself.

    Raises:
        IdempotencyKeyMissing, IdempotencyKeyMalformed: the header.
        IdempotencyKeyReused: the key came with another request before.
        Busy: the first request with this key is still running.
    """
    def render(result: Any) -> Answer:
        shown = result if present is None else present(result)
        return Answer(status, body_of(schema, shown))

    key = _key(request)
    if key is None:
        return _answer(render(call()))
    held = KeyGuard(scope=f"{request.actor.kind}:{request.actor.id}", key=key,
                    route=f"{request.method} {request.path}"[:200], fingerprint=_fingerprint(request), render=render)
    try:
        with guarded(held):
            call()
    except Replay as replay:
        return _answer(replay.answer, replayed=True)
    except OperationalError as error:
        if _is_busy(error):
            raise Busy from error
        raise
    if held.answer is None:
        raise RuntimeError("An idempotent call must make exactly one operation.")
    return _answer(held.answer)


def _is_busy(error: OperationalError) -> bool:
    return getattr(error.__cause__, "sqlstate", "") in SOMEBODY_ELSE_IS_AT_IT


def body_of(schema: Any, result: object) -> bytes:
    """The JSON of `result` as `schema`, read by attribute."""
    adapter: TypeAdapter[Any] = TypeAdapter(schema)
    return adapter.dump_json(adapter.validate_python(result, from_attributes=True))


def _answer(answer: Answer, *, replayed: bool = False) -> HttpResponse:
    response = HttpResponse(answer.body, status=answer.status, content_type="application/json; charset=utf-8")
    if replayed:
        response["Idempotency-Replayed"] = "true"
    return response


def _key(request: WardpostRequest) -> str | None:
    key = request.headers.get("Idempotency-Key")
    if key is None:
        if request.actor.kind is ActorKind.MACHINE:
            raise IdempotencyKeyMissing
        return None
    if not (1 <= len(key) <= LONGEST_KEY and key.isascii() and key.isprintable()):
        raise IdempotencyKeyMalformed
    return key


def _fingerprint(request: HttpRequest) -> bytes:
    where = f"{request.method} {request.get_full_path()}".encode()
    if request.content_type != "multipart/form-data":
        return fingerprint(where, request.body)
    # The boundary of a repeat is another one: what counts is what was sent.
    fields = [f"{name}={value}".encode() for name in sorted(request.POST) for value in request.POST.getlist(name)]
    files = [_digest(each) for name in sorted(request.FILES) for each in request.FILES.getlist(name)]
    return fingerprint(where, *fields, *files)


def _digest(upload: Any) -> bytes:
    digest = sha256()
    for chunk in upload.chunks():
        digest.update(chunk)
    upload.seek(0)
    return digest.digest()


# --- the API --------------------------------------------------------------------------------------------------------


class OrjsonRenderer(BaseRenderer):
    media_type = "application/json"

    def render(self, request: HttpRequest, data: Any, *, response_status: int) -> bytes:  # ninja's
        return orjson.dumps(data, default=_plain)


def _plain(value: object) -> object:
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json")
    return str(value)


class WardpostAPI(NinjaAPI):
    """django-ninja with strict bodies, known parameters only, and every refusal as a problem document."""

    def __init__(self, **options: Any) -> None:
        self._described: dict[str, Any] = {}
        super().__init__(parser=StrictParser(), renderer=OrjsonRenderer(), **options)
        self.add_decorator(_know_the_operation, mode="view")

    def set_default_exception_handlers(self) -> None:
        """Replace ninja's handlers by ours."""
        handlers: Mapping[type[Exception], Callable[..., HttpResponse]] = {
            Exception: _unexpected, DomainError: _refused, ValidationError: _not_valid, HttpError: _http_error,
            Http404: _nothing_there, RequestDataTooBig: _too_big,
        }
        for kind, handler in handlers.items():
            self.add_exception_handler(kind, handler)

    def get_openapi_schema(self, **options: Any) -> Any:
        """Ninja's description with every refusal and the Idempotency-Key added.

        Made once a process: it costs a second, and anybody may ask for it.
        """
        asked = repr(sorted(options.items()))
        if asked not in self._described:
            schema = super().get_openapi_schema(**options)
            openapi.complete(schema)
            self._described[asked] = schema
        return self._described[asked]

    def create_temporal_response(self, request: HttpRequest) -> HttpResponse:
        """Called when the caller is known and before anything is read: the place to refuse unknown parameters."""
        unknown = sorted(set(request.GET) - getattr(request, "known_parameters", set()))
        if unknown:
            kinds = [{"loc": ("query", name[:80]), "type": "extra_forbidden"} for name in unknown[:20]]
            raise validation.invalid_request(kinds)
        return super().create_temporal_response(request)


def _know_the_operation(run: Callable[..., Any]) -> Callable[..., Any]:
    """Tell the request which parameters its operation has."""
    operation: Any = getattr(inspect.unwrap(run), "__self__", None)
    models = [model for model in getattr(operation, "models", ()) if model.__ninja_param_source__ == "query"]
    known = {name for model in models for name in model.__ninja_flatten_map__}

    @wraps(run)
    def run_knowing(request: Any, **options: Any) -> Any:
        request.known_parameters = known
        return run(request, **options)

    return run_knowing


def _refused(request: HttpRequest, error: DomainError) -> HttpResponse:
    return respond(error)


def _not_valid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    if validation.is_about_path_only(error.errors):
        return respond(NotFound())
    return respond(validation.invalid_request(error.errors))


def _http_error(request: HttpRequest, error: HttpError) -> HttpResponse:
    if isinstance(error.__cause__, DomainError):
        return respond(error.__cause__)
    if isinstance(error, AuthenticationError):
        return respond(Unauthenticated())
    if isinstance(error, Throttled):
        return respond(TooManyRequests())
    return respond(problem_of_status(error.status_code))


def _nothing_there(request: HttpRequest, error: Http404) -> HttpResponse:
    return respond(NotFound())


def _too_big(request: HttpRequest, error: RequestDataTooBig) -> HttpResponse:
    return respond(BodyTooLarge())


def _unexpected(request: HttpRequest, error: Exception) -> HttpResponse:
    """A fault of ours: logged with its traceback (without local variables), told without internals."""
    if isinstance(error, OperationalError) and _is_busy(error):
        return respond(Busy())
    if isinstance(error, OperationalError):
        log.error("database_unavailable", error=type(error).__name__, path=request.path)
        return respond(Unavailable())
    if is_about_nul(error):
        return respond(Malformed(_("Some text holds a NUL character.")))
    log.error("unexpected_fault", path=request.path, method=request.method, exc_info=error)
    return respond(InternalFault())
