"""The clock for staff, bounded by their place, and as a published page for everybody."""

import csv
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Final

from django.http import HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from agents.auth import require_role
from delivery.clock import page as pages
from delivery.clock.queries import FEWEST, Line, detail, scope_of
from shared.api import WardpostRequest
from shared.roles import Role
from shared.text import harmless

READERS: Final = tuple(Role)
COLUMNS: Final = ("week", "by", "key", "name", "due", "kept", "late", "waiting", "lost", "uncounted")


@require_safe
@require_role(*READERS)
def staff_clock(request: WardpostRequest) -> HttpResponse:
    """How the post keeps its word, as far as the reader's place goes."""
    page = pages.build(request.GET, timezone.localdate(), scope_of(request.actor))
    return render(request, "delivery/clock.html", {"page": page})


@require_safe
@cache_control(public=True, max_age=300)
def public_clock(request: WardpostRequest) -> HttpResponse:
    """The same for everybody: figures, no person."""
    page = pages.build(request.GET, timezone.localdate(), {})
    return render(request, "delivery/clock_public.html", {"page": page})


@require_safe
@require_role(*READERS)
def staff_file(request: WardpostRequest) -> HttpResponseBase:
    return _file(request, scope_of(request.actor))


@require_safe
@cache_control(public=True, max_age=300)
def public_file(request: WardpostRequest) -> HttpResponseBase:
    return _file(request, {})


def _file(request: WardpostRequest, scope: Mapping[str, object]) -> HttpResponseBase:
    """Week by week, as CSV. Where fewer than five promises fell due only their number is told."""
    window = pages.asked_of(request.GET, timezone.localdate(), scope)
    asked, by = window.asked, window.by
    name = f"promises-kept-{by.value}-{asked.first}-{asked.last}.csv"
    return StreamingHttpResponse(
        _rows(detail(asked, by), by.value), content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'})


class _Echo:
    """A file for csv.writer whose writing answers the text."""

    def write(self, text: str) -> str:
        return text


def _rows(found: Sequence[tuple[date, Line]], by: str) -> Iterator[str]:
    writer = csv.writer(_Echo())
    yield "\ufeff" + str(writer.writerow(COLUMNS))
    for week, line in found:
        tally = line.tally
        told = [tally.kept, tally.late, tally.waiting, tally.lost, tally.uncounted] if tally.due >= FEWEST else [""] * 5
        yield str(writer.writerow([week, by, line.key, harmless(line.name), tally.due, *told]))
