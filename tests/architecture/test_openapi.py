"""What the API says of itself: complete enough that a machine's maker needs nothing else."""

import json
import re
from collections import defaultdict

import pytest
from ninja.openapi.schema import OpenAPISchema
from ninja.schema import NinjaGenerateJsonSchema

from config.api import api
from shared.openapi import UNSAFE
from tests.architecture.test_access import ROUTES


@pytest.fixture(scope="module")
def described():
    return api.get_openapi_schema(path_prefix="api/v1/")


def operations(described):
    for path, methods in described["paths"].items():
        for method, operation in methods.items():
            yield f"{method.upper()} {path}", method, operation


def test_every_route_is_described_once_and_under_a_name_of_its_own(described):
    names = [operation["operationId"] for _route, _method, operation in operations(described)]

    assert described["openapi"] == "3.1.0"
    assert len(names) == len(ROUTES)
    assert len(set(names)) == len(names)


def test_every_refusal_is_described_as_a_problem(described):
    for route, method, operation in operations(described):
        wanted = {400, 404, 405, 422, 429, 500, 503} | ({409, 413, 415} if method in UNSAFE else set())
        wanted |= {401, 403} if operation.get("security") else set()
        assert operation["responses"].keys() >= wanted, route
        for status in wanted:
            (media_type,) = operation["responses"][status]["content"]
            assert media_type == "application/problem+json", route


def test_every_unsafe_route_takes_an_idempotency_key_and_no_other_does(described):
    for route, method, operation in operations(described):
        takes_it = any(parameter["name"] == "Idempotency-Key" for parameter in operation.get("parameters", []))
        assert takes_it == (method in UNSAFE), route


def test_every_body_is_closed_and_bounded(described):
    """Unknown fields are refused, and no text or list is without an end."""
    for name, schema in described["components"]["schemas"].items():
        if schema.get("additionalProperties") is False:
            for field, details in schema.get("properties", {}).items():
                for each in [details, *details.get("anyOf", [])]:
                    if each.get("type") == "string" and not each.keys() & {"enum", "const", "format"}:
                        assert "maxLength" in each, f"{name}.{field}"
                    if each.get("type") == "array":
                        assert "maxItems" in each, f"{name}.{field}"


def test_every_body_that_comes_in_is_a_closed_one(described):
    for route, _method, operation in operations(described):
        for media_type, content in operation.get("requestBody", {}).get("content", {}).items():
            schema = content["schema"]
            if media_type == "application/json" and "$ref" in schema:
                named = described["components"]["schemas"][schema["$ref"].rsplit("/", 1)[-1]]
                assert named.get("additionalProperties") is False, route


def test_the_description_is_made_once_a_process_however_often_it_is_asked_for(client, db):
    first = client.get("/api/v1/openapi.json")

    assert first.status_code == 200
    assert api.get_openapi_schema(path_prefix="/api/v1/") is api.get_openapi_schema(path_prefix="/api/v1/")
    assert client.get("/api/v1/openapi.json").content == first.content


def test_no_two_schemas_share_a_name_in_the_description(monkeypatch):
    """A generated client has one class a name: the last would describe the routes of all the others, wrongly."""
    classes, definitions = defaultdict(set), defaultdict(set)
    reference, add = NinjaGenerateJsonSchema.get_defs_ref, OpenAPISchema.add_schema_definitions

    def noting_classes(generator, core_and_mode):
        core_ref, _mode = core_and_mode
        qualified = re.sub(r":\d+", "", core_ref)
        classes[re.sub(r"[a-z_][\w.]*\.", "", qualified)].add(qualified)
        return reference(generator, core_and_mode)

    def noting_definitions(schema, added):
        for name, definition in added.items():
            definitions[name].add(json.dumps(definition, sort_keys=True))
        add(schema, added)

    monkeypatch.setattr(NinjaGenerateJsonSchema, "get_defs_ref", noting_classes)
    monkeypatch.setattr(OpenAPISchema, "add_schema_definitions", noting_definitions)
    OpenAPISchema(api, "api/v1/")

    assert "Page[DossierItem]" in classes
    assert {name: sorted(held) for name, held in classes.items() if len(held) > 1} == {}
    assert {name: sorted(held) for name, held in definitions.items() if len(held) > 1} == {}


def test_a_file_is_described_as_what_it_is_and_a_refusal_of_one_route_at_that_route(described):
    def answers(route, method="get"):
        return described["paths"][f"/api/v1{route}"][method]["responses"]

    assert answers("/dossiers/{dossier_id}/control-slip")[200]["content"].keys() == {"application/pdf"}
    assert "application/problem+json" in answers("/dossiers/{dossier_id}/control-slip")[409]["content"]
    assert 409 not in answers("/dossiers/{dossier_id}")
    for route in ("/cards/events", "/carriers/{carrier}/events"):
        assert "application/problem+json" in answers(route, "post")[401]["content"]
