"""The survey on a phone: one list from top to bottom, kept as one goes along."""

from collections.abc import Mapping
from typing import Final
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from agents.accreditation import queries, surveying
from agents.accreditation.errors import AccreditationNotFound
from agents.accreditation.forms import EndForm, PhotoForm
from agents.accreditation.models import Accreditation
from agents.accreditation.rules import CHECKLIST, MOVES, PASS_PERCENT, Mark, State, Step
from agents.accreditation.surveying import Marked
from agents.accreditation.wording import ITEMS, MARKS
from agents.auth import require_role
from agents.forms import show
from shared.api import WardpostRequest
from shared.errors import DomainError
from shared.roles import Role

_PHOTO: Final = "photo"
_END: Final = "end"


@require_http_methods(["GET", "HEAD", "POST"])
@require_role(Role.PROGRAMME_OFFICER)
def survey(request: WardpostRequest, accreditation_id: UUID) -> HttpResponse:
    """Mark items, add photos, finish; every button keeps what was marked."""
    try:
        found = queries.find(accreditation_id, request.actor)
    except AccreditationNotFound as error:
        raise Http404 from error
    if (State(found.state), Step.SURVEY) not in MOVES:
        return redirect("agents:accreditation", accreditation_id)
    items = sorted(((item.code, ITEMS[item.code]) for item in CHECKLIST), key=_with_photo_first)
    asked = request.POST.get("do", "") if request.method == "POST" else ""
    photo = PhotoForm(request.POST if asked == _PHOTO else None, request.FILES if asked == _PHOTO else None,
                      items=items)
    end = EndForm(request.POST if asked == _END else None)
    if request.method == "POST":
        answer = _kept(request, found, asked, photo, end)
        if answer is not None:
            return answer
    status = 422 if photo.errors or end.errors else 200
    return render(request, "agents/accreditation/survey.html", {
        "it": found, "look": queries.look(surveying.open_survey(found)), "photo": photo, "end": end,
        "marks": [(mark.value, MARKS[mark]) for mark in Mark], "pass_percent": PASS_PERCENT}, status=status)


def _with_photo_first(choice: tuple[str, object]) -> bool:
    return not any(item.wants_photo and item.code == choice[0] for item in CHECKLIST)


def _kept(request: WardpostRequest, found: Accreditation, asked: str, photo: PhotoForm,
          end: EndForm) -> HttpResponse | None:
    """Where to go on; None when something must be corrected on the page."""
    marks, now, by = _marks(request.POST), timezone.now(), request.actor
    form = photo if asked == _PHOTO else end
    try:
        if asked == _PHOTO:
            surveying.save_marks(accreditation_id=found.id, marks=marks, by=by, at=now)
            if not photo.is_valid():
                return None
            content = photo.cleaned_data["photo"].read(surveying.LARGEST_PHOTO + 1)
            surveying.add_photo(accreditation_id=found.id, item=photo.cleaned_data["item"], content=content, by=by,
                                at=now)
            messages.success(request, _("The photo is kept."))
        elif asked == _END:
            surveying.save_marks(accreditation_id=found.id, marks=marks, by=by, at=now)
            if not end.is_valid():
                return None
            surveying.finish_survey(accreditation_id=found.id, by=by, at=now, **end.cleaned_data)
            messages.success(request, _("The survey is finished. Another officer decides now."))
            return redirect("agents:accreditation", found.id)
        else:
            surveying.save_marks(accreditation_id=found.id, marks=marks, by=by, at=now)
            messages.success(request, _("What you marked is kept."))
    except DomainError as error:
        if not form.is_bound:
            messages.error(request, str(error.detail))
        else:
            form.is_valid()
            show(error, form)
            return None
    return redirect("agents:accreditation-survey", found.id)


def _marks(posted: Mapping[str, str]) -> dict[str, Marked]:
    return {item.code: Marked(posted[f"mark-{item.code}"], posted.get(f"note-{item.code}", ""))
            for item in CHECKLIST if posted.get(f"mark-{item.code}")}
