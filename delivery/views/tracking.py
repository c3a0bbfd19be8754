"""The citizen's page: opened by a code and three digits, phone first."""

import time
from collections.abc import Callable
from http import HTTPStatus
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from delivery.errors import ParcelNotFound, TooManyTries, TrackingNotFound
from delivery.forms import TrackForm
from delivery.opened import remember, remembered
from delivery.operations.tracking import open_tracking
from delivery.queries.tracking import tracked
from shared import scope
from shared.callers import client_address
from shared.errors import DomainError

REFUSAL_TAKES_SECONDS: Final = 0.25
"""Every refusal takes this long, so that the time does not tell what was wrong."""


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def track(request: HttpRequest, code: str = "") -> HttpResponse:
    """Ask for code and digits; what they open is remembered in the session for half an hour, never in the address.

    A scanned slip or label brings its `code` along in the address; the digits are always typed.
    """
    if request.method != "POST":
        return _private(render(request, "delivery/track.html", {"form": TrackForm(initial={"code": code[:40]})}))
    form = TrackForm(request.POST)
    if not form.is_valid():
        return _private(render(request, "delivery/track.html", {"form": form}, status=HTTPStatus.UNPROCESSABLE_ENTITY))
    now = timezone.now()
    try:
        opened = at_even_pace(lambda: open_tracking(
            code=form.cleaned_data["code"], tail=form.cleaned_data["tail"], address=client_address(request), at=now))
    except (TrackingNotFound, TooManyTries) as refusal:
        told = {"form": form, "refusal": refusal}
        return _private(render(request, "delivery/track.html", told, status=refusal.status))
    remember(request.session, opened, now=now)
    return redirect("delivery:tracked")


@never_cache
@require_GET
def tracked_page(request: HttpRequest) -> HttpResponse:
    """Show what was opened; afterwards the code is asked for again."""
    now = timezone.now()
    opened = remembered(request.session, now=now)
    if opened is None:
        return redirect("delivery:track")
    with scope.everything():
        try:
            view = tracked(dossier_id=opened.dossier_id, parcel_id=opened.parcel_id, now=now)
        except ParcelNotFound:
            view = None
        if view is None:
            return redirect("delivery:track")
        return _private(render(request, "delivery/tracked.html", {"view": view, "now": now}))


def at_even_pace[R](call: Callable[[], R]) -> R:
    """Run `call`; when it refuses, refuse only after the same time as always."""
    started = time.monotonic()
    try:
        return call()
    except DomainError:
        time.sleep(max(0.0, REFUSAL_TAKES_SECONDS - (time.monotonic() - started)))
        raise


def _private(response: HttpResponse) -> HttpResponse:
    """Nothing of this page is kept or passed on. (Without any referrer browsers would send the form without origin.)"""
    response["Cache-Control"] = "no-store"
    response["Referrer-Policy"] = "same-origin"
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response
