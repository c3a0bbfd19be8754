"""The address of everything."""

from django.contrib import admin
from django.urls import URLPattern, URLResolver, path

from config import health, metrics

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", health.alive, name="alive"),
    path("readyz", health.ready, name="ready"),
    path("readyz/web", health.ready_to_serve, name="ready-to-serve"),
    path("metrics", metrics.measurements, name="metrics"),
    path("admin/", admin.site.urls),
]
