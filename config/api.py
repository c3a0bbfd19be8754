"""The API of version 1: each app's `<app>.api.router` under /api/v1/."""

from importlib import import_module
from importlib.util import find_spec
from typing import Final

from ninja import Router

from agents.auth import allow
from shared.api import WardpostAPI

APPS: Final = ("agents", "intake", "delivery", "billing")

DESCRIPTION: Final = """
Runs a city's network of postal public-service agents: dossiers from an outlet's counter to the citizen's door.

* Machines send `Authorization: Bearer wp_…`; people use their session with its CSRF token.
* Every request that changes something carries an `Idempotency-Key`; repeating it gives the first answer again.
* Every refusal is a problem document (RFC 9457) with words in Vietnamese or English (`Accept-Language`).
* Amounts are whole đồng as JSON integers; moments carry their offset; unknown fields are refused by name.
"""

# Fails closed: an operation that names no gate of its own lets nobody in.
api = WardpostAPI(title="Wardpost", version="1.0.0", description=DESCRIPTION, urls_namespace="api", auth=allow())


def routers() -> dict[str, Router]:
    """The router of every app that has one."""
    modules = {app: import_module(f"{app}.api") for app in APPS if find_spec(f"{app}.api")}
    return {app: module.router for app, module in modules.items() if hasattr(module, "router")}


for _router in routers().values():
    api.add_router("", _router)
