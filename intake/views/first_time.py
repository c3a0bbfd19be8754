"""First time right: for whoever answers for an outlet."""

from datetime import date, timedelta
from typing import Final

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from agents.auth import require_role
from intake.queries.first_time import first_time_right
from shared.api import WardpostRequest
from shared.calendar import local
from shared.roles import Role

LONGEST_DAYS: Final = 400


@require_GET
@never_cache
@require_role(Role.OUTLET_MANAGER, Role.OPERATOR_HQ, Role.AUDITOR)
def first_time(request: WardpostRequest) -> HttpResponse:
    """How many dossiers needed no second try, which reasons were ours, and how long taking took."""
    today = local(timezone.now()).date()
    from_date = _day(request.GET.get("from", "")) or today.replace(day=1)
    to_date = _day(request.GET.get("to", "")) or today
    problem = ""
    if to_date < from_date or (to_date - from_date).days > LONGEST_DAYS:
        problem = _("Choose a period of at most 400 days whose end comes after its beginning.")
        from_date, to_date = today.replace(day=1), today
    report = first_time_right(request.actor, from_date=from_date, to_date=to_date)
    before = from_date - timedelta(days=1)
    return render(request, "intake/counter/first_time.html", {
        "report": report, "problem": problem, "previous": (before.replace(day=1), before)})


def _day(typed: str) -> date | None:
    try:
        return date.fromisoformat(typed)
    except ValueError:
        return None
