"""Made-up requests to one route at a time, from everybody whom the access matrix lets in.

Each route is tried as a token and as a session of each kind that it knows, with addresses of things that exist and of
things that do not, with bodies that keep to the description and bodies that break it. The same requests every time:
`WARDPOST_FUZZ=50` tries so many a route instead of a few.
"""

import copy
import os
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from typing import Any, Final

import schemathesis
from django.core.handlers.wsgi import WSGIHandler
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.schemas import APIOperation
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_schema_conformance,
    status_code_conformance,
)

from config.api import api
from tests.architecture.access_matrix import API, PUBLIC, roles_of
from tests.fuzz.world import World

A_FEW: Final = 3
EXAMPLES: Final = int(os.environ.get("WARDPOST_FUZZ", A_FEW))
CHECKS: Final = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance,
                 negative_data_rejection]

described = schemathesis.openapi.from_dict(copy.deepcopy(api.get_openapi_schema(path_prefix="api/v1/")))
described.app = WSGIHandler()
type Operation = APIOperation[Any, Any, Any, Any]
_keys = count(1)


def _app_of_each_route() -> Iterator[tuple[str, str]]:
    for bound in api._get_bound_routers():
        for view in bound.path_operations.values():
            for operation in view.operations:
                name = operation.operation_id or api.get_openapi_operation_id(operation)
                yield str(name), operation.view_func.__module__.partition(".")[0]


def _operations() -> Iterator[tuple[str, Operation]]:
    for result in described.get_all_operations():
        operation = result.ok()
        yield f"{operation.method.upper()} {operation.path.removeprefix('/api/v1')}", operation


_APPS: Final = dict(_app_of_each_route())
OPERATIONS: Final = dict(_operations())


def routes_of(app: str) -> list[str]:
    """The routes whose operations live in this app, as the access matrix names them."""
    return sorted(name for name, operation in OPERATIONS.items()
                  if _APPS[operation.definition.raw["operationId"]] == app)


def try_route(name: str, world: World) -> None:
    """Send made-up requests to this route.

    Raises:
        schemathesis.errors.FailureGroup: an answer was a fault, or is not described.
    """
    operation = OPERATIONS[name]

    @given(case=_cases(operation, world.identifiers), credentials=st.sampled_from(_credentials(name, world)))
    @settings(max_examples=EXAMPLES, deadline=None, derandomize=True, database=None, phases=[Phase.generate],
              suppress_health_check=list(HealthCheck))
    def send(case: Case[Any], credentials: dict[str, str]) -> None:
        headers = {"Host": "localhost", "Accept-Encoding": "identity", "Idempotency-Key": f"fuzz-{next(_keys)}",
                   **credentials}
        with undone():
            case.call_and_validate(headers=headers, checks=CHECKS)

    send()


def _cases(operation: Operation, identifiers: dict[str, str]) -> st.SearchStrategy[Case[Any]]:
    """Requests that keep to the description and, where anything can be wrong, requests that break it."""
    known = {each.name: identifiers[each.name] for each in operation.path_parameters if each.name in identifiers}
    good = operation.as_strategy(GenerationMode.POSITIVE, path_parameters=known or None)
    if not (operation.body or operation.query):
        return good
    return st.one_of(good, operation.as_strategy(GenerationMode.NEGATIVE, path_parameters=known or None))


def _credentials(name: str, world: World) -> list[dict[str, str]]:
    """The headers of each kind of caller who may open this route; of nobody where it is public."""
    roles, scopes = API[name]
    if roles == PUBLIC:
        return [{}]
    tokens = [world.bearer(scope) for scope in scopes.split()]
    return [*tokens[:2], *(world.sessions[role] for role in sorted(roles_of(roles)))]


@contextmanager
def undone() -> Iterator[None]:
    """A transaction that an operation may open its own in, and that leaves nothing behind."""
    block = transaction.atomic()
    block._from_testcase = True  # type: ignore[attr-defined]  # as Django's own test cases say of theirs
    with block:
        yield
        transaction.set_rollback(True)
