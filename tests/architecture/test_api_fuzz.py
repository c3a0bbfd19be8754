"""The API under made-up requests, good and bad: never a fault, never an answer that its description does not know."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.utils import timezone
from hypothesis import HealthCheck, settings
from schemathesis.checks import CHECKS

from agents.operations import tokens
from agents.records import Workplace
from agents.rules import SCOPES, Bound
from config.api import api
from config.wsgi import application
from shared.ids import uuid7
from tests.agents.factories import OFFICE, make_centre, make_outlet
from tests.architecture.access_matrix import API

schema = schemathesis.openapi.from_dict(api.get_openapi_schema(path_prefix="api/v1/"))
schema.app = application


@pytest.fixture(autouse=True)
def _connection_stays_open() -> Iterator[None]:
    """A raw WSGI request would close the connection of the test's own transaction."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


def bound_for(method: str, path: str) -> Bound:
    """The kind of place whose token opens the most of this route."""
    _roles, scopes = API.get(f"{method.upper()} {path.removeprefix('/api/v1')}", ("", ""))
    return next((bound for bound in Bound for scope in scopes.split() if bound in SCOPES[scope]), Bound.OUTLET)


@pytest.fixture
def bearers(db) -> dict[Bound, str]:
    """A token per kind of place with everything such a token may have."""
    now, outlet, centre = timezone.now(), make_outlet(), make_centre()
    places = {Bound.OUTLET: Workplace(outlet_id=outlet.id), Bound.OPERATOR: Workplace(operator_id=outlet.operator_id),
              Bound.CENTRE: Workplace(centre_id=centre.id), Bound.PROVINCE: Workplace(province_code=centre.province_id)}
    return {bound: "Bearer " + tokens.issue_token(
        name="Máy thử", scopes=frozenset(scope for scope, bounds in SCOPES.items() if bound in bounds), place=place,
        by=OFFICE, at=now, expires_at=now + timedelta(days=1)).clear for bound, place in places.items()}


@schema.parametrize()
@settings(max_examples=8, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
def test_no_request_makes_a_fault_or_an_unknown_answer(case, bearers):
    case.headers.update({"Authorization": bearers[bound_for(case.method, case.path)], "Host": "localhost",
                         "Idempotency-Key": str(uuid7())})

    case.call_and_validate(checks=[CHECKS.get_one(name) for name in (
        "not_a_server_error", "status_code_conformance", "content_type_conformance", "response_schema_conformance")])
