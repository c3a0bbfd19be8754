"""Every route is opened by every role, a stranger and machines, and answers as the access matrix says."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone

from agents.auth import Allowed
from agents.models.people import ApiToken, StaffAccount
from agents.operations import tokens
from agents.records import Workplace
from agents.rules import SCOPES, Bound
from config.api import api
from shared.roles import Role
from tests.agents.factories import OFFICE, make_centre, make_operator, make_outlet, make_province, staff
from tests.architecture.access_matrix import API, PAGES, PUBLIC, roles_of

GATE_CODES = {"unauthenticated", "not-your-role", "token-scope-missing", "csrf-refused"}
NOT_PAGES_OF_OURS = {"admin"}


@dataclass(frozen=True)
class Route:
    method: str
    path: str
    gates: tuple[Allowed, ...]

    @property
    def name(self) -> str:
        return f"{self.method} {re.sub(r'{[a-z]+:', '{', self.path)}"

    @property
    def example(self) -> str:
        return "/api/v1" + re.sub(r"{[^}]*}", lambda found: "x" if ":" not in found[0] else str(uuid4()), self.path)


def api_routes() -> Iterator[Route]:
    for bound in api._get_bound_routers():
        for path, view in bound.path_operations.items():
            for operation in view.operations:
                for method in operation.methods:
                    yield Route(method, path, tuple(operation.auth_callbacks))  # type: ignore[arg-type]


def pages(resolver: URLResolver, prefix: str = "", namespace: str = "") -> Iterator[tuple[str, str]]:
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            if pattern.namespace not in NOT_PAGES_OF_OURS:
                yield from pages(pattern, prefix + str(pattern.pattern), pattern.namespace or namespace)
        elif pattern.name and not _is_api_operation(pattern):
            yield (f"{namespace}:{pattern.name}" if namespace else pattern.name), prefix + str(pattern.pattern)


def _is_api_operation(pattern: URLPattern) -> bool:
    return pattern.callback.__module__ == "ninja.operation"


ROUTES = {route.name: route for route in api_routes()}
PAGE_PATHS = dict(pages(get_resolver()))


def test_every_api_route_has_its_row_and_every_row_its_route():
    assert sorted(ROUTES.keys() - API.keys()) == [], "Add these to tests/architecture/access_matrix.py."
    assert sorted(API.keys() - ROUTES.keys()) == [], "These rows name no route (any more)."


def test_every_page_has_its_row_and_every_row_its_page():
    assert sorted(PAGE_PATHS.keys() - PAGES.keys()) == [], "Add these to tests/architecture/access_matrix.py."
    assert sorted(PAGES.keys() - PAGE_PATHS.keys()) == [], "These rows name no page (any more)."


@pytest.mark.parametrize("name", sorted(ROUTES.keys() & API.keys()))
def test_the_gate_of_an_api_route_is_the_one_of_its_row(name):
    roles, scopes = API[name]
    gates = ROUTES[name].gates

    if roles == PUBLIC:
        assert gates == ()
    else:
        (gate,) = gates
        assert (gate.roles, gate.scopes) == (roles_of(roles), frozenset(scopes.split()))


# --- and the doors themselves, tried ---------------------------------------------------------------------------------


@dataclass
class Network:
    """One account per role and one token per kind of place, each with its client."""

    accounts: dict[str, StaffAccount]
    browsers: dict[str, Client]
    tokens: dict[Bound, ApiToken]
    machines: dict[Bound, Client]

    def machine(self, bound: Bound, scopes: frozenset[str]) -> Client:
        ApiToken.objects.filter(id=self.tokens[bound].id).update(scopes=sorted(scopes))
        return self.machines[bound]


@pytest.fixture(scope="module")
def network(django_db_setup: None, django_db_blocker: Any) -> Iterator[Network]:
    """Made once for all tests of this module, and rolled back with it."""
    with django_db_blocker.unblock(), transaction.atomic():
        hue = make_province()
        office = {"province": hue, "is_staff": True}
        accounts = {str(role): staff(role, **(office if role == Role.ADMINISTRATOR else {})) for role in Role}
        issued = {bound: _token(place) for bound, place in {
            Bound.OUTLET: Workplace(outlet_id=make_outlet().id), Bound.CENTRE: Workplace(centre_id=make_centre().id),
            Bound.OPERATOR: Workplace(operator_id=make_operator().id),
            Bound.PROVINCE: Workplace(province_code=hue.code)}.items()}
        yield Network(
            accounts, {role: _browser(account) for role, account in accounts.items()},
            {bound: token.token for bound, token in issued.items()},
            {bound: Client(raise_request_exception=False, headers={"Authorization": f"Bearer {token.clear}"})
             for bound, token in issued.items()})
        transaction.set_rollback(True)


def _browser(account: StaffAccount) -> Client:
    browser = Client(raise_request_exception=False)
    browser.force_login(account)
    return browser


def _token(place: Workplace) -> tokens.IssuedToken:
    now = timezone.now()
    issue = tokens.issue_token.__wrapped__  # type: ignore[attr-defined]  # inside this module's own transaction
    issued: tokens.IssuedToken = issue(
        name="Máy thử", scopes=frozenset({"network:read"}), place=place, by=OFFICE, at=now,
        expires_at=now + timedelta(days=1))
    return issued


def call(client: Client, route: Route) -> tuple[int, str]:
    body = "{}" if route.method in {"POST", "PUT", "PATCH"} else ""
    answer = client.generic(route.method, route.example, body, content_type="application/json",
                            headers={"Idempotency-Key": uuid4().hex})
    told = answer.json().get("code", "") if answer["Content-Type"] == "application/problem+json" else ""
    assert answer.status_code < 500, (route.name, answer.content[:500])
    return answer.status_code, told


@pytest.mark.parametrize("name", sorted(name for name, (roles, _) in API.items() if roles != PUBLIC))
def test_an_api_route_lets_in_the_roles_of_its_row_and_nobody_else(name, network, db):
    route, (roles, scopes) = ROUTES[name], API[name]
    allowed = roles_of(roles)

    assert call(Client(), route) == (401, "unauthenticated")
    for role, browser in network.browsers.items():
        status, code = call(browser, route)
        assert (code not in GATE_CODES) == (role in allowed), f"{role}: {status} {code}"
        assert role in allowed or status == 403
    for bound in Bound:
        possible = frozenset(scope for scope, kinds in SCOPES.items() if bound in kinds)
        others = possible - set(scopes.split())
        assert call(network.machine(bound, others), route) == (403, "token-scope-missing")
        for scope in possible & set(scopes.split()):
            assert call(network.machine(bound, frozenset({scope})), route)[1] not in GATE_CODES


def open_page(client: Client, path: str) -> Any:
    answer = client.get(path)
    if answer.status_code == 405:
        answer = client.post(path)
    assert answer.status_code != 500, path
    return answer


def example_of(name: str) -> str:
    def value(found: re.Match[str]) -> str:
        return {"uuid": str(uuid4()), "int": "1"}.get(found[1] or "", "x")

    if PAGE_PATHS[name].startswith("^"):
        return example_of_expression(PAGE_PATHS[name])
    return "/" + re.sub(r"<(?:(\w+):)?\w+>", value, PAGE_PATHS[name])


def example_of_expression(pattern: str) -> str:
    """An address that an expression of ours matches: ids are UUIDs, choices their first."""
    def value(found: re.Match[str]) -> str:
        return str(uuid4()) if "{36}" in found[1] else found[1].split("|")[0]

    return "/" + re.sub(r"\(\?P<\w+>([^)]*)\)", value, pattern.strip("^$")).replace("\\", "")


def is_sent_to_log_in(answer: Any) -> bool:
    return answer.status_code == 302 and answer["Location"].startswith("/dang-nhap/")


@pytest.mark.parametrize("name", sorted(name for name, roles in PAGES.items() if roles != PUBLIC))
def test_a_page_lets_in_the_roles_of_its_row_and_sends_strangers_to_the_log_in(name, network, db):
    path, allowed = example_of(name), roles_of(PAGES[name])

    assert is_sent_to_log_in(open_page(Client(), path))
    for role, browser in network.browsers.items():
        answer = open_page(browser, path)
        assert not is_sent_to_log_in(answer)
        assert (answer.status_code != 403) == (role in allowed), f"{role}: {answer.status_code}"


@pytest.mark.parametrize("name", sorted(name for name, roles in PAGES.items() if roles == PUBLIC))
def test_a_public_page_asks_nobody_to_log_in(name, db):
    if name in {"agents:logout", "agents:second-step"}:
        return  # it ends at the log-in by its nature, and belongs to whoever has given a password there
    answer = open_page(Client(), example_of(name))

    assert not is_sent_to_log_in(answer)
    assert answer.status_code not in {401, 403} or name == "metrics"


@pytest.mark.parametrize("role", list(Role))
def test_only_administrators_enter_the_administration_site_and_change_nothing_there(role, network, db):
    browser = network.browsers[str(role)]

    answer = browser.get("/quan-tri/")

    if role != Role.ADMINISTRATOR:
        assert answer.status_code == 302
        assert browser.get(answer["Location"]).status_code == 403
        return
    assert answer.status_code == 200
    for model in ("outlet", "staffaccount", "operator", "centre"):
        assert browser.get(f"/quan-tri/agents/{model}/").status_code == 200
        assert browser.get(f"/quan-tri/agents/{model}/add/").status_code == 403
    for model in ("auditentry", "workitem", "outboxmessage", "calendarday"):
        assert browser.get(f"/quan-tri/shared/{model}/").status_code == 200


def test_a_password_is_on_no_page_of_the_administration_site(network, db):
    role = str(Role.ADMINISTRATOR)
    account = network.accounts[role]

    shown = network.browsers[role].get(f"/quan-tri/agents/staffaccount/{account.id}/change/")

    assert shown.status_code == 200
    assert account.password not in shown.content.decode()
    assert settings.SECRET_KEY not in shown.content.decode()
