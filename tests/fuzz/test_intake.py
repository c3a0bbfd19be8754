"""Made-up requests to the API of intake."""

import pytest

from tests.fuzz.requests import routes_of, try_route

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("route", routes_of("intake"))
def test_no_request_makes_a_fault_or_an_unknown_answer(route, world):
    try_route(route, world)
