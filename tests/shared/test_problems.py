"""Whatever is refused is told in one shape, with words that say what to do and nothing that is nobody's business."""

import re

import orjson
import pytest
from django.conf import settings
from django.db import OperationalError
from django.test import Client
from pydantic_core._pydantic_core import list_all_errors

from config.problems import known_problems, problems_document
from shared.errors import DomainError
from shared.problems import as_data, is_retryable
from shared.validation import ANYTHING_ELSE, field_error, json_pointer
from tests.shared import sample_api

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.shared.sample_api")]

STANDARD = {"type", "title", "status", "detail", "code", "retryable", "title_en", "detail_en"}
INTERNALS = re.compile(r"Traceback|File \"|/home|SELECT|\.py\b|Error\b|Exception|0x[0-9a-f]{6}")


@pytest.fixture
def client():
    return Client(raise_request_exception=False)


def send(client, body, path="/api/v1/echo", content_type="application/json", **headers):
    raw = body if isinstance(body, bytes) else orjson.dumps(body)
    return client.post(path, raw, content_type=content_type, headers=headers)


def problem(answer):
    assert answer["Content-Type"] == "application/problem+json"
    told = answer.json()
    assert told.keys() >= STANDARD
    assert told["status"] == answer.status_code
    assert told["type"] == f"/problems/{told['code']}"
    assert not INTERNALS.search(answer.content.decode())
    return told


def pointers(answer):
    return [(error["pointer"], error["code"]) for error in problem(answer)["errors"]]


@pytest.mark.parametrize(("body", "pointer", "code"), [
    ({}, "/reference", "required"),
    ({"reference": ""}, "/reference", "too-short"),
    ({"reference": "   "}, "/reference", "too-short"),
    ({"reference": "x" * 41}, "/reference", "too-long"),
    ({"reference": 7}, "/reference", "text-expected"),
    ({"reference": None}, "/reference", "text-expected"),
    ({"reference": "a\u200bb"}, "/reference", "hidden-character"),
    ({"reference": "a\u202eb"}, "/reference", "hidden-character"),
    ({"reference": "a\u0000b"}, "/reference", "hidden-character"),
    ({"reference": "a", "amount": 1.5}, "/amount", "whole-number-expected"),
    ({"reference": "a", "amount": 1000.0}, "/amount", "whole-number-expected"),
    ({"reference": "a", "amount": True}, "/amount", "whole-number-expected"),
    ({"reference": "a", "amount": "1_000"}, "/amount", "whole-number-expected"),
    ({"reference": "a", "amount": "1000"}, "/amount", "whole-number-expected"),
    ({"reference": "a", "amount": -1}, "/amount", "too-small"),
    ({"reference": "a", "amount": 10**11 + 1}, "/amount", "too-large"),
    ({"reference": "a", "copies": 0}, "/copies", "too-small"),
    ({"reference": "a", "copies": 201}, "/copies", "too-large"),
    ({"reference": "a", "at": "2025-07-03"}, "/at", "moment-expected"),
    ({"reference": "a", "at": "2025-07-03T10:00:00"}, "/at", "moment-expected"),
    ({"reference": "a", "at": "2025-07-03T24:30:00+07:00"}, "/at", "moment-expected"),
    ({"reference": "a", "at": 1751511600}, "/at", "moment-expected"),
    ({"reference": "a", "id": "123"}, "/id", "id-expected"),
    ({"reference": "a", "id": "{01980c3a-8f00-7000-8000-000000000000}"}, "/id", "id-expected"),
    ({"reference": "a", "person": []}, "/person", "object-expected"),
    ({"reference": "a", "person": {"name": "An", "phones": "0"}}, "/person/phones", "list-expected"),
    ({"reference": "a", "person": {"name": "An", "phones": [1]}}, "/person/phones/0", "text-expected"),
    ({"reference": "a", "person": {"name": "An", "phones": ["0"] * 501}}, "/person/phones", "too-many"),
    ({"reference": "a", "person": {"name": "An", "born": "2025-02-31"}}, "/person/born", "date-expected"),
    ({"reference": "a", "person": {"name": "An", "born": "03/07/2025"}}, "/person/born", "date-expected"),
    ({"reference": "a", "person": {"name": "An", "born": "2999-01-01"}}, "/person/born", "born-in-the-future"),
    ({"reference": "a", "person": {"name": "An", "tên/khác~": 1}}, "/person/tên~1khác~0", "unknown-field"),
    ({"reference": "a", "note": "x" * 2001}, "/note", "too-long"),
    ([], "", "object-expected"),
    ("text", "", "object-expected"),
    (None, "", "object-expected"),
])
def test_a_wrong_entry_is_named_by_pointer_and_code_in_both_languages(body, pointer, code, client):
    answer = send(client, body)

    assert answer.status_code == 422
    assert pointers(answer) == [(pointer, code)]
    (error,) = answer.json()["errors"]
    assert error["message"]
    assert error["message_en"]
    assert error["message"] != error["message_en"]


def test_every_wrong_entry_is_named_at_once(client):
    answer = send(client, {"amount": -1, "copies": 0, "surprise": 1, "person": {}})

    assert {pointer for pointer, _code in pointers(answer)} == {
        "/reference", "/amount", "/copies", "/surprise", "/person/name"}


def test_what_is_accepted_comes_in_one_form(client):
    kept = send(client, {"reference": "  Nguye\u0302\u0303n   A ", "note": "Một\r\n\n\n\nhai\t ba "}).json()

    assert (kept["reference"], kept["note"]) == ("Nguyễn A", "Một\n\nhai ba")


@pytest.mark.parametrize(("body", "status", "code"), [
    (b'{"reference": "a", "reference": "b"}', 400, "malformed-json"),
    (b'{"person": {"name": "An", "name": "Ba"}}', 400, "malformed-json"),
    (b'{"reference": "a"', 400, "malformed-json"),
    (b'{"reference": NaN}', 400, "malformed-json"),
    (b'{"amount": Infinity}', 400, "malformed-json"),
    (b'{"reference": "\xff"}', 400, "malformed-json"),
    (b'\xef\xbb\xbf{"reference": "a"}', 400, "malformed-json"),
    (b"[" * 1000 + b"]" * 1000, 400, "malformed-json"),
    (b'{"reference": ' + b"[" * 40 + b"]" * 40 + b"}", 400, "malformed-json"),
    (b'{"reference": "\\ud800"}', 400, "malformed-json"),
    (b'{"reference": "' + b"x" * 1_048_576 + b'"}', 413, "body-too-large"),
    (b'{"reference": "' + b"x" * 13_000_000 + b'"}', 413, "body-too-large"),
])
def test_what_is_not_clean_json_is_refused_before_it_is_read(body, status, code, client):
    answer = send(client, body)

    assert (answer.status_code, problem(answer)["code"]) == (status, code)


def test_brackets_inside_a_text_are_no_depth(client):
    assert send(client, {"reference": "[[{{" * 10, "note": '\\"[' * 60}).status_code == 200


def test_the_position_of_a_slip_and_the_name_given_twice_are_told(client):
    assert "“reference”" in problem(send(client, b'{"reference": "a", "reference": "b"}'))["detail"]
    assert "Line 2, column" in problem(send(client, b'{"reference": "a",\n1: 2}'))["detail_en"]


@pytest.mark.parametrize("content_type", ["text/plain", "application/x-www-form-urlencoded", "application/xml", ""])
def test_a_body_that_does_not_call_itself_json_is_refused(content_type, client):
    answer = send(client, {"reference": "a"}, content_type=content_type)

    assert (answer.status_code, problem(answer)["code"]) == (415, "unsupported-media-type")


def test_no_body_at_all_is_a_missing_entry(client):
    assert problem(send(client, b""))["status"] == 422


@pytest.mark.parametrize(("path", "method", "status", "code"), [
    ("/api/v1/nowhere", "get", 404, "not-found"),
    ("/api/v1/things/not-an-id", "get", 404, "not-found"),
    ("/api/v1/things", "delete", 405, "method-not-allowed"),
    ("/api/v1/things", "post", 401, "unauthenticated"),
    ("/api/v1/fault", "get", 500, "internal-fault"),
])
def test_whoever_refuses_it_is_a_problem(path, method, status, code, client):
    answer = getattr(client, method)(path)

    assert (answer.status_code, problem(answer)["code"]) == (status, code)


def test_a_wrong_method_says_which_ones_there_are(client):
    assert set(client.delete("/api/v1/things")["Allow"].split(", ")) == {"GET", "POST"}


def test_a_host_that_is_not_ours_is_a_problem_too(client):
    answer = client.get("/api/v1/things", headers={"host": "evil.example"})

    assert (answer.status_code, problem(answer)["code"]) == (400, "malformed-request")


def test_too_many_requests_say_when_to_come_back(client, empty_cache):
    client.get("/api/v1/throttled")

    answer = client.get("/api/v1/throttled")

    assert (answer.status_code, problem(answer)["retryable"]) == (429, True)
    assert int(answer["Retry-After"]) > 0


def test_a_database_that_is_away_is_503_and_worth_a_retry(client, monkeypatch):
    def away(**_):
        raise OperationalError("connection refused at /var/run")

    monkeypatch.setattr(sample_api.Filters, "model_dump", lambda *_, **__: away())
    answer = client.get("/api/v1/things")

    assert (answer.status_code, problem(answer)["code"]) == (503, "unavailable")
    assert answer["Retry-After"] == "5"


def test_a_fault_shows_a_reference_that_the_log_has_and_nothing_else(client, caplog):
    told = problem(client.get("/api/v1/fault"))

    assert re.fullmatch(r"[0-9A-F]{4}-[0-9A-F]{4}", told["reference"])
    (fault,) = [
        record.msg for record in caplog.records
        if isinstance(record.msg, dict) and record.msg["event"] == "unexpected_fault"]
    assert fault["request_id"].upper().startswith(told["reference"].replace("-", ""))


@pytest.mark.parametrize(("language", "words"), [("vi", "Hãy sửa"), ("en", "Please correct"), ("de", "Hãy sửa")])
def test_the_words_follow_the_reader_and_the_english_twin_stays(language, words, client):
    told = send(client, {}, **{"Accept-Language": language}).json()

    assert told["detail"].startswith(words)
    assert told["detail_en"].startswith("Please correct")


def test_facts_become_members_but_never_replace_a_standard_one(client):
    told = problem(client.get("/api/v1/refused"))

    assert (told["status"], told["until"]) == (422, "2025-07-04T10:00:00+07:00")


@pytest.mark.parametrize(("asked", "pointer"), [
    ({"limit": "1_0"}, "/query/limit"), ({"limit": "+5"}, "/query/limit"), ({"limit": " 5"}, "/query/limit"),
    ({"limit": "٥"}, "/query/limit"), ({"limit": ""}, "/query/limit"), ({"near": "nan"}, "/query/near"),
    ({"near": "1e5"}, "/query/near"), ({"is_open": "yes"}, "/query/is_open"), ({"on": "20250703"}, "/query/on"),
    ({"sort": "name"}, "/query/sort"), ({"limit__gt": "3"}, "/query/limit__gt"),
])
def test_a_parameter_is_taken_at_its_word_or_refused_by_name(asked, pointer, client):
    answer = client.get("/api/v1/things", asked)

    assert answer.status_code == 422
    assert problem(answer)["errors"][0]["pointer"] == pointer


def test_parameters_in_their_proper_form_are_taken(client):
    asked = {"limit": "7", "near": "-16.46", "is_open": "true", "on": "2025-07-03"}

    taken = client.get("/api/v1/things", asked).json()

    assert taken == {"limit": 7, "near": -16.46, "is_open": True, "on": "2025-07-03"}


# --- the catalogue --------------------------------------------------------------------------------------------------


def test_every_kind_of_refusal_has_a_code_and_a_status_of_its_own():
    kinds = known_problems()

    assert len(kinds) > 40
    for code, kind in kinds.items():
        assert re.fullmatch(r"[a-z]+(-[a-z0-9]+)*", code), code
        assert 400 <= kind.status < 600, code
        assert str(kind.title).strip(), code


def test_no_two_kinds_share_a_code():
    known_problems()
    seen: dict[str, type] = {}
    for kind in _all(DomainError):
        if "code" in vars(kind) and not kind.__module__.startswith("tests."):
            assert seen.setdefault(kind.code, kind) is kind, f"{kind} and {seen[kind.code]} share {kind.code!r}"


def _all(kind):
    for child in kind.__subclasses__():
        yield child
        yield from _all(child)


def test_only_a_4xx_that_says_when_is_worth_a_retry():
    for code, kind in known_problems().items():
        expected = kind.status >= 500 or kind.status == 429 or (kind.status == 409 and kind.retry_after_seconds > 0)
        assert is_retryable(kind()) == expected, code
        assert as_data(kind())["retryable"] == expected


def test_every_kind_of_wrong_entry_that_pydantic_knows_gets_words_and_a_code():
    for known in list_all_errors():
        facts = known.get("example_context") or {}
        error = field_error(pointer="/x", kind=known["type"], facts=facts)
        assert re.fullmatch(r"[a-z]+(-[a-z0-9]+)*", error.code)
        assert "{" not in str(error.message), known["type"]
    assert str(field_error(pointer="/x", kind="value_error", facts={}).message) == str(ANYTHING_ELSE)


def test_pointers_escape_what_rfc_6901_escapes():
    assert json_pointer(("a/b", "c~d", 0)) == "/a~1b/c~0d/0"


def test_the_documentation_is_drawn_from_the_code():
    drawn = (settings.BASE_DIR / "docs" / "problems.md").read_text(encoding="utf-8")

    assert drawn == problems_document(), "Run manage.py draw_problems."


@pytest.mark.urls("config.urls")
def test_every_kind_has_its_page_in_both_languages(client):
    for code, kind in known_problems().items():
        page = client.get(f"/problems/{code}")
        assert page.status_code == 200
        assert code in page.content.decode()
        assert f">{kind.status}<" in page.content.decode()
    assert client.get("/problems/").status_code == 200
    assert client.get("/problems/no-such-thing").status_code == 404
