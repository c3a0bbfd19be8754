"""Which question is answered by what: addresses, keys that make a repeat the same change, lists page by page."""

import json
from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256
from typing import Any, Final
from urllib.parse import parse_qsl

from billing.simulator import disputes, objects
from billing.simulator.asking import RefusedError, read_form
from billing.simulator.balance import available
from billing.simulator.objects import Told
from billing.simulator.service import Service, public

type Answer = tuple[int, Told, dict[str, str]]

KINDS: Final = {
    "checkout/sessions": "checkout.session", "payment_intents": "payment_intent", "charges": "charge",
    "refunds": "refund", "transfers": "transfer", "accounts": "account", "events": "event", "disputes": "dispute",
    "balance_transactions": "balance_transaction"}
_FILTERS: Final = ("payment_intent", "transfer_group", "destination", "charge", "source", "type")
_EXPANDED: Final = {"latest_charge": "charge", "balance_transaction": "balance_transaction",
                    "failure_balance_transaction": "balance_transaction"}
FAULT: Final = {"error": {"type": "api_error", "message": "An error occurred on our side."}}


def answer(service: Service, method: str, path: str, *, query: str, body: str, key: str) -> Answer:
    """Status, body and headers. Holds the store's lock: one change after the other, as a key needs it."""
    with service.store.lock:
        service.ripen()
        try:
            if method == "GET":
                return 200, _read(service, path.removeprefix("/v1/"), query), {}
            return _once(service, path, body, key)
        except RefusedError as refused:
            return refused.status, refused.body, {}
        finally:
            service.store.save()


def _once(service: Service, path: str, body: str, key: str) -> Answer:
    """The change, or the kept answer of its key; a refusal before it began is not kept."""
    mark = sha256(f"{path}\n{body}".encode()).hexdigest()
    kept = service.store.answers.get(key) if key else None
    if kept is not None:
        if kept[0] != mark:
            raise RefusedError("Keys for idempotent requests can only be used with the same parameters they were first "
                               "used with.", kind="idempotency_error")
        return kept[1], kept[2], {"Idempotent-Replayed": "true"}
    service.key = key
    if service.faults.errors_before:
        service.faults = replace(service.faults, errors_before=service.faults.errors_before - 1)
        status, told = 500, FAULT
    else:
        status, told = 200, public(_change(service, path.removeprefix("/v1/"), read_form(body)))
        if service.faults.errors_after:
            service.faults = replace(service.faults, errors_after=service.faults.errors_after - 1)
            status, told = 500, FAULT
    if key:
        # As it was answered, not as the object becomes.
        service.store.answers[key] = [mark, status, json.loads(json.dumps(told))]
    return status, told, {}


def _change(service: Service, path: str, asked: Told) -> Told:
    makers: dict[str, Callable[[Told], Told]] = {
        "checkout/sessions": service.open_page, "refunds": service.refund, "transfers": service.transfer,
        "accounts": service.account, "account_links": service.account_link}
    if path in makers:
        return makers[path](asked)
    match path.split("/"):
        case ["checkout", "sessions", own, "expire"]:
            return service.close_page(_known(service, "checkout.session", own))
        case ["transfers", own, "reversals"]:
            return service.reverse(_known(service, "transfer", own), asked)
        case ["disputes", own]:
            return disputes.answer(service, _known(service, "dispute", own), asked)
        case ["disputes", own, "close"]:
            return disputes.close(service, _known(service, "dispute", own))
    raise RefusedError(f"Unrecognized request URL (POST: /v1/{path}).", status=404)


def _read(service: Service, path: str, query: str) -> Told:
    asked = dict(parse_qsl(query))
    expand = {value.removeprefix("data.") for name, value in asked.items() if name.startswith("expand[")}
    if path in KINDS:
        return _list(service, path, asked, parse_qsl(query), expand)
    if path == "balance":
        return {"object": "balance", "available": [{"amount": available(service.store), "currency": "vnd"}],
                "livemode": False, "pending": [{"amount": 0, "currency": "vnd"}]}
    if path.startswith("transfers/") and path.endswith("/reversals"):
        of = _known(service, "transfer", path.split("/")[1])
        return objects.listed([public(each) for each in of["reversals"]["data"]], f"/v1/{path}", has_more=False)
    collection, _slash, own = path.rpartition("/")
    if collection not in KINDS:
        raise RefusedError(f"Unrecognized request URL (GET: /v1/{path}).", status=404)
    return _shown(service, _known(service, KINDS[collection], own), expand)


def _list(service: Service, path: str, asked: dict[str, str], pairs: list[tuple[str, str]], expand: set[str]) -> Told:
    wanted = [value for name, value in pairs if name.startswith("types[")]
    found = [each for each in service.store.all(KINDS[path])
             if all(each.get(name) == asked[name] for name in _FILTERS if name in asked)
             and each["created"] >= int(asked.get("created[gte]", 0)) and (not wanted or each["type"] in wanted)]
    if after := asked.get("starting_after"):
        ids = [each["id"] for each in found]
        found = found[ids.index(after) + 1:] if after in ids else []
    limit = min(100, max(1, int(asked.get("limit", 10))))
    return objects.listed([_shown(service, each, expand) for each in found[:limit]], f"/v1/{path}",
                          has_more=len(found) > limit)


def _shown(service: Service, told: Told, expand: set[str]) -> Told:
    shown: dict[str, Any] = public(told)
    for path in sorted(expand):
        _expand(service, shown, path.split("."))
    return shown


def _expand(service: Service, shown: Told, path: list[str]) -> None:
    """Put the object itself in the place of its id, along a path such as latest_charge.balance_transaction."""
    name, *rest = path
    if name not in _EXPANDED or not shown.get(name):
        return
    if isinstance(shown[name], str):
        shown[name] = public(_known(service, _EXPANDED[name], shown[name]))
    if rest:
        _expand(service, shown[name], rest)


def _known(service: Service, kind: str, own: str) -> Told:
    found = service.store.get(kind, own)
    if found is None:
        raise RefusedError(f"No such {kind.rpartition('.')[2]}: '{own}'", status=404, code="resource_missing",
                           param="id")
    return found
