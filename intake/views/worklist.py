"""A centre's work as a list to filter, page through and hand out."""

from typing import Any, Final
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from agents import public as agents
from agents.auth import require_role
from intake.operations import assignment
from intake.operations.assignment import Chosen
from intake.queries.centre import CHANNEL_WORDS
from intake.queries.worklist import Asked, counts, worklist
from shared.api import WardpostRequest
from shared.errors import DomainError
from shared.roles import CENTRE_ROLES, Role

STAFF: Final = tuple(sorted(CENTRE_ROLES))
FILTERS: Final = ("whose", "state", "pace", "procedure", "channel", "officer")


@never_cache
@require_GET
@require_role(*STAFF)
def work(request: WardpostRequest) -> HttpResponse:
    """The list; every filter is in the address, so a page can be kept and sent."""
    now, asked = timezone.now(), _asked(request.GET)
    try:
        page = worklist(request.actor, asked, now=now)
    except (ValueError, TypeError):
        raise Http404 from None
    chosen = {name: request.GET.get(name, "") for name in FILTERS}
    return render(request, "intake/centre/work.html", {
        "page": page, "counts": counts(request.actor, now=now), "chosen": chosen, "tab": "work", "now": now,
        "tabs": _tabs(chosen), "channels": CHANNEL_WORDS.items(), "is_manager": _is_manager(request),
        "colleagues": _colleagues(request), "next_url": _address(chosen | {"after": page.next}) if page.next else "",
        "is_filtered": any(chosen.values()), "is_later": bool(asked.after), "first_url": _address(chosen)})


def _asked(entered: QueryDict) -> Asked:
    officer = entered.get("officer", "")
    try:
        officer_id = UUID(officer) if officer else None
    except ValueError:
        raise Http404 from None
    whose, state, pace, procedure, channel = (entered.get(name, "")[:40] for name in FILTERS[:5])
    return Asked(whose, state, pace, procedure, channel, officer_id, entered.get("after", "")[:300])


def _tabs(chosen: dict[str, str]) -> list[dict[str, Any]]:
    """Whose and in which state, as links that keep the other filters."""
    kept = {name: chosen[name] for name in ("procedure", "channel")}
    wanted: tuple[tuple[str, str, dict[str, str]], ...] = (
        (_("The team's"), "team", {}), (_("Mine"), "mine", {"whose": "mine"}),
        (_("Nobody's"), "nobody", {"whose": "nobody"}),
        (_("Due soon"), "near", {"pace": "near"}), (_("Past due"), "late", {"pace": "late"}),
        (_("Clock stands still"), "paused", {"state": "paused"}))
    now = {name: chosen[name] for name in ("whose", "pace", "state")}
    return [{"label": label, "count": count, "url": _address(kept | narrow),
             "is_here": now == {"whose": "", "pace": "", "state": ""} | narrow} for label, count, narrow in wanted]


def _address(chosen: dict[str, str]) -> str:
    return f"{reverse('intake:work')}?{urlencode({name: value for name, value in chosen.items() if value})}"


def _is_manager(request: WardpostRequest) -> bool:
    return request.actor.role == Role.CENTRE_MANAGER


def _colleagues(request: WardpostRequest) -> list[agents.ColleagueInfo]:
    return agents.staff_of_centre(request.actor.centre_id) if request.actor.centre_id is not None else []


@require_POST
@require_role(Role.CENTRE_MANAGER)
def assign(request: WardpostRequest) -> HttpResponse:
    """Give the ticked dossiers to one officer; back to the list as it was."""
    back = f"{reverse('intake:work')}?{request.POST.get('back', '')[:500]}"
    chosen = []
    for ticked in request.POST.getlist("dossier")[:500]:
        dossier_id, _separator, version = ticked.partition("@")
        try:
            chosen.append(Chosen(UUID(dossier_id), int(version)))
        except ValueError:
            raise Http404 from None
    try:
        officer_id = UUID(request.POST.get("officer_id", ""))
    except ValueError:
        messages.warning(request, _("Choose a colleague."))
        return redirect(back)
    try:
        placed = assignment.assign_many(chosen=chosen, officer_id=officer_id, by=request.actor, at=timezone.now(),
                                        note=request.POST.get("note", "")[:500])
    except DomainError as refusal:
        messages.warning(request, "; ".join(str(error.message) for error in refusal.errors) or str(refusal.title))
        return redirect(back)
    if placed.done:
        done = len(placed.done)
        messages.success(request, ngettext("%(n)s dossier assigned.", "%(n)s dossiers assigned.", done) % {"n": done})
    if placed.changed:
        changed = len(placed.changed)
        messages.warning(request, ngettext(
            "%(n)s dossier was changed by somebody in the meantime and stays where it is.",
            "%(n)s dossiers were changed by somebody in the meantime and stay where they are.",
            changed) % {"n": changed})
    return redirect(back)
