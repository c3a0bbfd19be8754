"""The live house's page about practice: what can be practised, what one has done, and the button that leads there."""

from typing import Final
from uuid import UUID

import httpx
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from agents.auth import require_role
from agents.practice import live
from agents.practice.exercises import exercises
from agents.training.models import Course
from agents.training.queries import courses_on
from shared.api import WardpostRequest
from shared.errors import DomainError
from shared.roles import OUTLET_ROLES, Role

READERS: Final = (Role.OUTLET_CLERK, Role.OUTLET_MANAGER, Role.OPERATOR_HQ, Role.PROGRAMME_OFFICER, Role.AUDITOR,
                  Role.ADMINISTRATOR)
TRAINEES: Final = (Role.OUTLET_CLERK, Role.OUTLET_MANAGER)
ANSWERS_WITHIN_SECONDS: Final = 1.0


@never_cache
@require_safe
@require_role(*READERS)
def exercise_list(request: WardpostRequest) -> HttpResponse:
    """Every exercise; for the people of an outlet, which they have done."""
    if settings.WARDPOST_PRACTICE:
        return redirect("agents:practice")
    is_trainee = request.actor.role in OUTLET_ROLES
    done = live.done_by(UUID(request.actor.id)) if is_trainee else {}
    courses = list(courses_on(timezone.localdate()).defer("lessons", "questions"))
    rows = [{"exercise": each, "result": done.get(each.code), "courses": _courses_with(each.code, courses)}
            for each in exercises()]
    context = {"rows": rows, "is_trainee": is_trainee, "is_connected": live.is_connected(), "tab": "practice"}
    return render(request, "agents/practice/live.html", context)


def _courses_with(code: str, courses: list[Course]) -> list[Course]:
    return [course for course in courses if code in course.exercises]


@require_POST
@require_role(*TRAINEES)
def open_practice(request: WardpostRequest) -> HttpResponse:
    """Lead into practice by a link of one's own, while its house answers."""
    if not live.is_connected():
        raise Http404
    if not _answers():
        messages.warning(request, _("Practice does not answer right now. Try again in a minute."))
        return redirect("agents:practice-live")
    try:
        link = live.give_link(exercise_code=request.POST.get("exercise", "")[:40], by=request.actor, at=timezone.now())
    except DomainError:
        raise Http404 from None
    return redirect(link.url)


def _answers() -> bool:
    """A trainee is not sent where nobody is."""
    try:
        answer = httpx.get(f"{settings.WARDPOST_PRACTICE_URL}/healthz", timeout=ANSWERS_WITHIN_SECONDS, trust_env=False)
    except httpx.HTTPError:
        return False
    return answer.is_success
