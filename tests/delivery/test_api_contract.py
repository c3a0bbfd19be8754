"""The described API and the real one agree on delivery's part, for whatever anybody may send (schemathesis)."""

import json
from itertools import count

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, settings
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_schema_conformance,
    status_code_conformance,
)

from config.api import api
from config.wsgi import application
from delivery.views import tracking
from tests.factories import network, parcels
from tests.factories.browsers import machine

CHECKS = (not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance,
          negative_data_rejection)

pytestmark = pytest.mark.django_db
_keys = count(1)

described = schemathesis.openapi.from_dict(json.loads(json.dumps(api.get_openapi_schema())))
described.app = application
described.config.generation.update(modes=[GenerationMode.POSITIVE, GenerationMode.NEGATIVE])


@pytest.fixture(autouse=True)
def one_connection(monkeypatch):
    """A raw WSGI request would close the connection that the test's transaction lives on."""
    monkeypatch.setattr(tracking, "REFUSAL_TAKES_SECONDS", 0.0)
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture
def token():
    """A machine of an outlet that has a parcel."""
    outlet = network.outlet()
    parcels.parcel(outlet=outlet)
    return machine(outlet, "parcels:read").headers


@described.include(tag="delivery").parametrize()
@settings(max_examples=12, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
def test_whatever_is_sent_the_answer_is_a_described_one(case, token):
    if case.method == "POST":
        case.headers = {**(case.headers or {}), "Idempotency-Key": f"schema-{next(_keys)}"}
    case.call_and_validate(headers=token, checks=CHECKS)
