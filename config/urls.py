"""The address of everything. Each app keeps its own in `<app>/urls.py`; the API is config/api.py."""

from importlib.util import find_spec

from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path

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

if find_spec("config.api"):
    from config.api import api

    # First: machines ask most, and every address before theirs is compared with what they ask for.
    urlpatterns.insert(0, path("api/v1/", api.urls))
