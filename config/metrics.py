"""Measurements for Prometheus: how many requests, how long they took, what waits."""

import hmac
import os
import time
from collections.abc import Callable

from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, HttpResponseForbidden
from django.views.decorators.http import require_GET
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client import REGISTRY as OWN_PROCESS
from prometheus_client.multiprocess import MultiProcessCollector

from config import health

REQUESTS = Counter("wardpost_requests_total", "Requests answered", ["view", "method", "status"])
SECONDS = Histogram(
    "wardpost_request_seconds",
    "Time to answer",
    ["view"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 3, 10),
)
UNMEASURED = ("/static/", "/healthz", "/metrics")


class MeasureRequests:
    """Counts and times each request under the name of its route, never under its path."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request and note what it cost."""
        began = time.perf_counter()
        response = self.get_response(request)
        if not request.path.startswith(UNMEASURED):
            view = request.resolver_match.view_name if request.resolver_match else "unknown"
            REQUESTS.labels(view or "unnamed", request.method, f"{response.status_code // 100}xx").inc()
            SECONDS.labels(view or "unnamed").observe(time.perf_counter() - began)
        return response


def _may_read(request: HttpRequest) -> bool:
    token = settings.WARDPOST_METRICS_TOKEN
    if token:
        return hmac.compare_digest(request.headers.get("Authorization", ""), f"Bearer {token}")
    is_proxied = "X-Forwarded-For" in request.headers
    return not is_proxied and request.META.get("REMOTE_ADDR") in {"127.0.0.1", "::1", ""}


@require_GET
def measurements(request: HttpRequest) -> HttpResponse:
    """Answer with all processes' measurements in Prometheus' text format."""
    if not _may_read(request):
        return HttpResponseForbidden("Send WARDPOST_METRICS_TOKEN as a bearer token.", content_type="text/plain")
    text = generate_latest(_all_processes()) + generate_latest(_waiting())
    return HttpResponse(text, content_type=CONTENT_TYPE_LATEST)


def _all_processes() -> CollectorRegistry:
    if "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
        return OWN_PROCESS
    registry = CollectorRegistry()
    MultiProcessCollector(registry)  # type: ignore[no-untyped-call]  # the library leaves it untyped
    return registry


def _waiting() -> CollectorRegistry:
    """Measure the queues and heartbeats at this moment; what cannot be asked is left out."""
    registry = CollectorRegistry()
    backlog = Gauge("wardpost_outbox_oldest_unsent_seconds", "Age of the oldest unsent message", registry=registry)
    ages = Gauge("wardpost_heartbeat_age_seconds", "Time since a process last reported", ["name"], registry=registry)
    try:
        backlog.set(health.oldest_unsent_seconds())
        for name, age in health.heartbeat_ages().items():
            ages.labels(name).set(age)
    except DatabaseError:
        pass
    return registry
