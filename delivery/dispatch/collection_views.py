"""Collections: by when each place is collected, what waits there, and what was missed."""

from datetime import time
from typing import Final
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from agents import public as agents
from agents.auth import require_role
from delivery.dispatch.operations.collecting import set_cut_off
from delivery.dispatch.queries import collections_of
from delivery.errors import MayNotHandNumbers
from shared.api import WardpostRequest
from shared.errors import DomainError
from shared.roles import Role

READERS: Final = (Role.OPERATOR_HQ, Role.AUDITOR, Role.ADMINISTRATOR)
WRITERS: Final = (Role.OPERATOR_HQ, Role.ADMINISTRATOR)


@never_cache
@require_safe
@require_role(*READERS)
def collections(request: WardpostRequest) -> HttpResponse:
    """Every place with its cut-off, the missed ones first."""
    return _page(request)


def _page(request: WardpostRequest, *, problem: str = "", status: int = 200) -> HttpResponse:
    now = timezone.now()
    rows = collections_of(request.actor, now)
    busy = [row for row in rows if row.is_busy]
    return render(request, "delivery/dispatch/collections.html", {
        "rows": busy, "quiet": [row for row in rows if not row.is_busy], "missed": sum(row.missed for row in rows),
        "may_set": request.actor.role in WRITERS, "problem": problem}, status=status)


@require_POST
@require_role(*WRITERS)
def cut_off(request: WardpostRequest) -> HttpResponse:
    """Set or drop the cut-off of a place."""
    posted = request.POST
    try:
        set_cut_off(operator_code=posted.get("operator", "")[:12], outlet_id=_uuid(posted.get("outlet", "")),
                    centre_id=_uuid(posted.get("centre", "")), clock=_clock(posted.get("at", "")), by=request.actor,
                    at=timezone.now())
    except (agents.OutletNotFound, agents.CentreNotFound, MayNotHandNumbers):
        raise Http404 from None
    except DomainError as refusal:
        words = " ".join(str(error.message) for error in refusal.errors) or str(refusal.detail)
        return _page(request, problem=words, status=422)
    except ValueError:
        return _page(request, problem=_("Write a time such as 16:30."), status=422)
    messages.success(request, _("Kept."))
    return redirect("delivery:collections")


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        raise Http404 from None


def _clock(text: str) -> time | None:
    return time.fromisoformat(text.strip()) if text.strip() else None
