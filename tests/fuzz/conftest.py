"""One world for all routes of a file; nothing that a request does to it stays."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from pytest_django import DjangoDbBlocker


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Any]:
    """Made once a file and rolled back with it."""
    from tests.fuzz.requests import undone
    from tests.fuzz.world import made

    with django_db_blocker.unblock(), undone():
        yield made()


@pytest.fixture(autouse=True)
def _at_home(tmp_path: Any, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Files stay in the test's folder, and a raw WSGI request keeps the connection that the world lives on."""
    from delivery.views import tracking

    settings.MEDIA_ROOT = tmp_path / "media"
    monkeypatch.setattr(tracking, "REFUSAL_TAKES_SECONDS", 0.0)
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)
