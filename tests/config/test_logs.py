"""What a log line may know of a request."""

import pytest

from config.logs import without_query_string


@pytest.mark.parametrize(("request_line", "logged"), [
    ("GET /tim/?q=Nguyễn", "GET /tim/"),
    ("POST /dt/kR3x-9_aQ/", "POST /dt/…/"),
    ("POST /phat/kR3x-9_aQ/", "POST /phat/…/"),
    ("GET /quay/", "GET /quay/"),
])
def test_a_log_knows_neither_who_was_searched_for_nor_the_token_of_a_phone(request_line, logged):
    assert without_query_string(None, "", {"request": request_line, "path": request_line}) == {
        "request": logged, "path": logged}
