"""People and machines at the API."""

from datetime import timedelta
from itertools import count
from typing import Any

import orjson
from django.test import Client
from django.utils import timezone

from agents.models.organisations import Outlet
from agents.models.people import ApiToken, StaffAccount
from agents.tokens import digest_of, new_token

_keys = count(1)


class Api:
    """Sends JSON as one person or machine, each unsafe request with a key of its own."""

    def __init__(self, *, person: StaffAccount | None = None, token: str = "") -> None:
        self.client = Client()
        self.headers = {"Authorization": f"Bearer {token}"} if token else {}
        if person is not None:
            self.client.force_login(person)

    def get(self, path: str, **query: Any) -> Any:
        answer: Any = self.client.get(f"/api/v1{path}", query, headers=self.headers)
        return answer

    def post(self, path: str, body: Any, *, key: str | None = None, method: str = "POST") -> Any:
        headers = self.headers | {"Idempotency-Key": key or f"test-{next(_keys)}"}
        answer: Any = self.client.generic(
            method, f"/api/v1{path}", orjson.dumps(body), content_type="application/json", headers=headers)
        return answer

    def upload(self, path: str, *, key: str | None = None, **form: Any) -> Any:
        headers = self.headers | {"Idempotency-Key": key or f"test-{next(_keys)}"}
        answer: Any = self.client.post(f"/api/v1{path}", form, headers=headers)
        return answer


def machine(outlet: Outlet, *scopes: str) -> Api:
    """The counter system of an outlet."""
    clear = new_token()
    ApiToken.objects.create(name="Quầy", digest=digest_of(clear), scopes=list(scopes), outlet=outlet,
                            expires_at=timezone.now() + timedelta(days=30))
    return Api(token=clear)


def body_of(answer: Any) -> Any:
    return orjson.loads(answer.content)
