"""The address of everything. Each app keeps its own in `<app>/urls.py`; the API is config/api.py."""

from collections.abc import Sequence
from importlib.util import find_spec

from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path
from django.urls.resolvers import RoutePattern

from agents.views import sign_in
from config import health, metrics, problems

APPS = ("shared", "agents", "intake", "delivery", "billing")

urlpatterns: list[URLPattern | URLResolver] = [
    # The probes are answered by config.health.ProbesFirst; they stand here to be found.
    path("healthz", health.alive, name="alive"),
    path("readyz", health.ready, name="ready"),
    path("readyz/web", health.ready_to_serve, name="ready-to-serve"),
    path("metrics", metrics.measurements, name="metrics"),
    path("problems/", problems.index, name="problems"),
    path("problems/<slug:code>", problems.explain, name="problem"),
    path("quan-tri/login/", sign_in.admin_gate),
    path("quan-tri/", admin.site.urls),
    path("i18n/", include("django.conf.urls.i18n")),
    *(path("", include(f"{app}.urls")) for app in APPS if find_spec(f"{app}.urls")),
]


def _by_first_part(patterns: Sequence[URLPattern | URLResolver]) -> list[URLPattern | URLResolver]:
    """The same addresses below what they begin with, so that a request is compared with a few of them only."""
    parts: dict[str, list[URLPattern | URLResolver]] = {}
    for pattern in patterns:
        first, slash, rest = str(pattern.pattern).partition("/")
        is_plain = isinstance(pattern, URLPattern) and isinstance(pattern.pattern, RoutePattern) and "<" not in first
        if slash and is_plain and isinstance(pattern, URLPattern):
            parts.setdefault(first + slash, []).append(path(rest, pattern.callback, pattern.default_args, pattern.name))
        else:
            parts.setdefault("", []).append(pattern)
    return [*(path(first, include(below)) for first, below in parts.items() if first), *parts.get("", [])]


if find_spec("config.api"):
    from config.api import api

    _patterns, _app_name, _namespace = api.urls
    # First: machines ask most, and every address before theirs is compared with what they ask for.
    urlpatterns.insert(0, path("api/v1/", (_by_first_part(_patterns), _app_name, _namespace)))
