"""A NUL in what somebody sends is a wrong request, on every way in, and never a fault of ours."""

import pytest
from django.db import DataError, connection
from django.http import HttpResponse

from config.problems import ProblemsForMachines
from shared.nul import is_about_nul

pytestmark = pytest.mark.django_db

def _asks_the_database(request):
    with connection.cursor() as cursor:
        cursor.execute("SELECT %s::text", [request.POST["said"]])
    raise AssertionError("PostgreSQL keeps no NUL")


def test_a_page_that_lets_one_through_answers_400(rf):
    request = rf.post("/x/", {"said": "a\x00b"})
    with pytest.raises(DataError) as fault:
        _asks_the_database(request)

    answer = ProblemsForMachines(lambda _request: HttpResponse()).process_exception(request, fault.value)
    assert answer is not None
    assert answer.status_code == 400


@pytest.mark.parametrize(("error", "is_one"), [
    (ValueError("embedded null byte"), True), (ValueError("no number"), False), (KeyError("null byte"), False),
    (DataError("PostgreSQL text fields cannot contain NUL (0x00) bytes"), True), (DataError("out of range"), False)])
def test_only_what_is_about_one_is_the_senders_mistake(error, is_one):
    assert is_about_nul(error) is is_one


def test_an_escaped_one_in_json_is_one_too():
    with pytest.raises(DataError) as fault, connection.cursor() as cursor:
        cursor.execute("SELECT %s::jsonb->>'a'", ['{"a": "\\u0000"}'])

    assert is_about_nul(fault.value)
