"""One key, one effect, one answer: whoever repeats, however often, whatever dies in between."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import orjson
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.test import Client

from agents.operations import tokens
from agents.records import Workplace
from shared.models.messages import IdempotencyKey
from shared.models.oversight import WorkItem
from shared.roles import Role
from tests.agents.factories import OFFICE, make_outlet, staff
from tests.shared import sample_api

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.urls("tests.shared.sample_api")]

URL = "/api/v1/things"


@pytest.fixture
def bearer(time_machine):
    """The Authorization header of a machine at an outlet."""
    time_machine.move_to("2025-07-03T10:00:00+07:00")
    issued = tokens.issue_token(
        name="Kiosk", scopes=frozenset({"dossiers:write"}), place=Workplace(outlet_id=make_outlet().id), by=OFFICE,
        expires_at=sample_api._AT.replace(month=8), at=sample_api._AT)
    return f"Bearer {issued.clear}"


def send(bearer, key="k-1", reference="ho-so-1", path=URL, client=None, **more):
    headers = {"Authorization": bearer} | ({} if key is None else {"Idempotency-Key": key})
    body = orjson.dumps({"reference": reference, **more})
    return (client or Client(raise_request_exception=False)).post(
        path, body, content_type="application/json", headers=headers)


def test_twenty_at_once_have_one_effect_and_one_answer(bearer):
    start = Barrier(20)

    def one(_number):
        start.wait()
        try:
            answer = send(bearer)
            return answer.status_code, answer.content, answer.headers.get("Idempotency-Replayed")
        finally:
            connection.close()

    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(one, range(20)))

    assert {(status, body) for status, body, _ in answers} == {(201, answers[0][1])}
    assert sorted(str(replayed) for *_, replayed in answers) == ["None"] + ["true"] * 19
    assert WorkItem.objects.count() == 1
    assert IdempotencyKey.objects.count() == 1


def test_a_repeat_gets_the_first_answer_byte_by_byte(bearer):
    first, again = send(bearer), send(bearer)

    assert (again.status_code, again.content) == (first.status_code, first.content)
    assert again["Content-Type"] == first["Content-Type"]
    assert "Idempotency-Replayed" not in first.headers


@pytest.mark.parametrize("other", [{"reference": "ho-so-2"}, {"copies": 2}])
def test_the_same_key_with_another_request_is_refused_and_changes_nothing(other, bearer):
    first = send(bearer)

    answer = send(bearer, **other)

    assert (answer.status_code, answer.json()["code"]) == (422, "idempotency-key-reused")
    assert WorkItem.objects.count() == 1
    assert send(bearer).content == first.content


def test_the_same_key_at_another_address_is_another_request(bearer):
    send(bearer)

    assert send(bearer, path=f"{URL}?x=1").status_code == 422


def test_another_caller_has_keys_of_its_own(bearer):
    send(bearer)
    other = tokens.issue_token(
        name="Kiosk 2", scopes=frozenset({"dossiers:write"}), place=Workplace(outlet_id=make_outlet().id), by=OFFICE,
        expires_at=sample_api._AT.replace(month=8), at=sample_api._AT)

    answer = send(f"Bearer {other.clear}", reference="ho-so-2")

    assert answer.status_code == 201
    assert WorkItem.objects.count() == 2


@pytest.mark.parametrize("crash", ["connection", "fault"])
def test_what_dies_between_effect_and_commit_leaves_neither_and_the_repeat_does_it_once(crash, bearer):
    sample_api.CRASH["next"] = crash
    died = send(bearer)

    assert died.status_code in {500, 503}
    assert died.json()["retryable"]
    assert not WorkItem.objects.exists()
    assert not IdempotencyKey.objects.exists()

    assert send(bearer).status_code == 201
    assert send(bearer)["Idempotency-Replayed"] == "true"
    assert WorkItem.objects.count() == 1


def test_a_refusal_is_not_remembered_because_nothing_happened(bearer):
    send(bearer, key="k-1", reference="ho-so-1")
    refused = send(bearer, key="k-2", reference="ho-so-1")
    WorkItem.objects.all().delete()

    assert (refused.status_code, refused.json()["code"]) == (409, "thing-taken")
    assert send(bearer, key="k-2", reference="ho-so-1").status_code == 201


def test_a_refusals_facts_are_plain_members(bearer):
    send(bearer)

    told = send(bearer, key="k-2").json()

    assert (told["amount"], told["day"], told["places"]) == (5, "2025-07-03", ["a", "b"])


def test_a_machine_must_send_a_key(bearer):
    answer = send(bearer, key=None)

    assert (answer.status_code, answer.json()["code"]) == (400, "idempotency-key-missing")
    assert not WorkItem.objects.exists()


@pytest.mark.parametrize("key", ["", "x" * 256, "khoá", "a\tb"])
def test_a_key_is_printable_ascii_of_reasonable_length(key, bearer):
    answer = send(bearer, key=key)

    assert (answer.status_code, answer.json()["code"]) == (400, "idempotency-key-malformed")


def test_a_key_of_255_characters_is_fine(bearer):
    assert send(bearer, key="x" * 255).status_code == 201


def test_a_person_in_a_session_may_leave_the_key_out(client):
    client.force_login(staff(Role.OUTLET_CLERK))

    answer = client.post(URL, {"reference": "ho-so-1"}, content_type="application/json")

    assert answer.status_code == 201
    assert not IdempotencyKey.objects.exists()


def test_a_session_without_its_csrf_token_is_refused():
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(staff(Role.OUTLET_CLERK))

    answer = strict.post(URL, {"reference": "ho-so-1"}, content_type="application/json")

    assert (answer.status_code, answer.json()["code"]) == (403, "csrf-refused")
    assert not WorkItem.objects.exists()


def test_a_token_needs_no_csrf_token(bearer):
    assert send(bearer, client=Client(enforce_csrf_checks=True)).status_code == 201


def test_a_file_sent_again_is_the_same_request_and_another_file_is_not(bearer):
    def upload(content):
        headers = {"Authorization": bearer, "Idempotency-Key": "tep-1"}
        fields = {"reference": "giay", "file": SimpleUploadedFile("a.pdf", content)}
        return Client().post("/api/v1/files", fields, headers=headers)

    first, again, other = upload(b"%PDF-1"), upload(b"%PDF-1"), upload(b"%PDF-2")

    assert (first.status_code, again.content, other.status_code) == (201, first.content, 422)
    assert again["Idempotency-Replayed"] == "true"


def test_while_the_first_request_still_runs_the_second_is_told_to_come_back(bearer):
    send(bearer, key="k-0", reference="ho-so-0")
    scope = IdempotencyKey.objects.get().scope
    with ThreadPoolExecutor(1) as pool:
        from django.db import transaction

        with transaction.atomic():
            IdempotencyKey.objects.create(scope=scope, key="k-1", route=f"POST {URL}", fingerprint=b"x" * 32)
            answer = pool.submit(_with_short_patience, bearer).result()

    assert (answer.status_code, answer.json()["code"]) == (409, "busy")
    assert answer["Retry-After"] == "1"
    assert answer.json()["retryable"]


def test_a_row_that_somebody_else_holds_is_worth_a_retry_for_people_too():
    account = staff(Role.OUTLET_CLERK)
    with ThreadPoolExecutor(1) as pool, transaction.atomic():
        WorkItem.objects.create(kind="sample", reference="ho-so-1", owner_role="administrator",
                                opened_at=sample_api._AT, due_at=sample_api._AT)
        answer = pool.submit(_with_short_patience, None, account).result()

    assert (answer.status_code, answer.json()["code"]) == (409, "busy")


def _with_short_patience(bearer, account=None):
    with connection.cursor() as cursor:
        cursor.execute("SET lock_timeout = '200ms'")
    try:
        if account is None:
            return send(bearer)
        browser = Client(raise_request_exception=False)
        browser.force_login(account)
        return browser.post(URL, {"reference": "ho-so-1"}, content_type="application/json")
    finally:
        connection.close()
