"""What ninja does not say of itself in the OpenAPI description: every refusal, and the Idempotency-Key."""

from collections.abc import Iterator
from http import HTTPStatus
from typing import Any, Final

from shared.problems import MEDIA_TYPE

UNSAFE: Final = frozenset({"post", "put", "patch", "delete"})
_METHODS: Final = UNSAFE | {"get", "head", "options"}

_ANYWHERE: Final = (400, 404, 405, 422, 429, 500, 503)
_BEHIND_A_GATE: Final = (401, 403)
_WITH_A_BODY: Final = (409, 413, 415)

PROBLEM: Final[dict[str, Any]] = {
    "type": "object",
    "title": "Problem",
    "description": "RFC 9457. Facts of the kind of problem are further members.",
    "required": ["type", "title", "status", "detail", "code", "retryable", "title_en", "detail_en"],
    "properties": {
        "type": {"type": "string", "format": "uri-reference", "examples": ["/problems/dossier-not-found"]},
        "title": {"type": "string", "description": "In the language of the request."},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "What happened and what to do, in the language of the request."},
        "code": {"type": "string", "description": "The last part of `type`; never changes its meaning."},
        "title_en": {"type": "string"},
        "detail_en": {"type": "string"},
        "retryable": {"type": "boolean", "description": "Whether the very same request may succeed later."},
        "reference": {"type": "string", "description": "Read it out to support: the log finds this request by it."},
        "errors": {"type": "array", "items": {"$ref": "#/components/schemas/FieldProblem"}},
    },
}
FIELD_PROBLEM: Final[dict[str, Any]] = {
    "type": "object",
    "title": "FieldProblem",
    "required": ["pointer", "code", "message", "message_en"],
    "properties": {
        "pointer": {"type": "string", "description": "JSON pointer into the body; `/query/…` for a parameter."},
        "code": {"type": "string"},
        "message": {"type": "string"},
        "message_en": {"type": "string"},
    },
}
IDEMPOTENCY_KEY: Final[dict[str, Any]] = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "schema": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[ -~]+$"},
    "description": "Needed with a token. The same key and request get the first answer again, marked "
                   "`Idempotency-Replayed: true`; the same key with another request is refused.",
}


def refusing(*statuses: int) -> dict[int, Any]:
    """`responses` of an operation (`openapi_extra`) that refuses in more ways than all of its kind do."""
    return {status: _answer(status) for status in statuses}


def complete(schema: dict[str, Any]) -> None:
    """Add to ninja's description what it leaves out and take out what it guesses wrong, in place."""
    components = schema.setdefault("components", {}).setdefault("schemas", {})
    components |= {"Problem": PROBLEM, "FieldProblem": FIELD_PROBLEM}
    for method, operation in _operations(schema):
        for answer in operation["responses"].values():
            _only_a_file(answer.get("content", {}))
        for status in _statuses(method, operation):
            operation["responses"].setdefault(status, _answer(status))
        if method in UNSAFE:
            operation.setdefault("parameters", []).append(IDEMPOTENCY_KEY)


def _only_a_file(content: dict[str, Any]) -> None:
    """Ninja calls every answer JSON, also the bytes of a file that says itself what it is."""
    guessed = content.get("application/json", {}).get("schema", {})
    if len(content) > 1 and guessed.get("format") == "binary":
        del content["application/json"]


def _operations(schema: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for path in schema["paths"].values():
        for method, operation in path.items():
            if method in _METHODS:
                yield method, operation


def _statuses(method: str, operation: dict[str, Any]) -> Iterator[int]:
    yield from _ANYWHERE
    if operation.get("security"):
        yield from _BEHIND_A_GATE
    if method in UNSAFE:
        yield from _WITH_A_BODY


def _answer(status: int) -> dict[str, Any]:
    content = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {"description": HTTPStatus(status).phrase, "content": content}
