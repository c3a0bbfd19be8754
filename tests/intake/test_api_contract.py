"""The described API and the real one agree on intake's part, for whatever a machine may send (schemathesis)."""

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
from tests.factories import catalogue, dossiers
from tests.factories.browsers import machine

TAGS = ["catalogue", "citizens", "routing", "dossiers", "documents"]
CHECKS = (not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance,
          negative_data_rejection)
SCOPES = ("citizens:read", "citizens:write", "catalogue:read", "dossiers:read", "dossiers:write", "documents:read",
          "documents:write", "network:read")

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("rate_book")]
_keys = count(1)

described = schemathesis.openapi.from_dict(json.loads(json.dumps(api.get_openapi_schema())))
described.app = application
described.config.generation.update(modes=[GenerationMode.POSITIVE, GenerationMode.NEGATIVE])


@pytest.fixture(autouse=True)
def one_connection(tmp_path, settings):
    """A raw WSGI request would close the connection that the test's transaction lives on."""
    settings.MEDIA_ROOT = tmp_path / "media"
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture
def token():
    """The counter system of an outlet that has a citizen, a dossier and two procedures to speak of."""
    counter = dossiers.counter()
    catalogue.procedure(catalogue.RED_BOOK)
    counter.submit()
    return machine(counter.outlet, *SCOPES).headers


@described.include(tag=TAGS).parametrize()
@settings(max_examples=10, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
def test_whatever_is_sent_the_answer_is_a_described_one(case, token):
    if case.method in {"POST", "PUT", "DELETE"}:
        case.headers = {**(case.headers or {}), "Idempotency-Key": f"schema-{next(_keys)}"}
    case.call_and_validate(headers=token, checks=CHECKS)
