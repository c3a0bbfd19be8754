"""The carriers: whether they answer, what they were asked, what nobody knows, and their daily files."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Final
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from agents.auth import require_role
from delivery.carrier_words import KINDS, LINE_FACES, REQUEST_FACES
from delivery.errors import CarrierRequestNotFound, ParkedEventNotFound, UnknownCarrier
from delivery.operations.carrier_requests import answer_by_hand
from delivery.operations.carrier_uploads import LARGEST, upload_file
from delivery.operations.files import FileReport
from delivery.operations.unknown_parcels import assign_event, dismiss_event
from delivery.queries import carriers as found
from delivery.rules.carrier_requests import FINAL_REQUEST_STATES, RequestKind, RequestState
from shared.api import WardpostRequest
from shared.errors import DomainError
from shared.roles import Role

READERS: Final = (Role.OPERATOR_HQ, Role.AUDITOR, Role.ADMINISTRATOR)
WRITERS: Final = (Role.OPERATOR_HQ, Role.ADMINISTRATOR)
REFUSED_SHOWN: Final = 50


@never_cache
@require_safe
@require_role(*READERS)
def carriers(request: WardpostRequest) -> HttpResponse:
    """Everything about the carriers in sight."""
    return _page(request)


def _page(request: WardpostRequest, *, problem: str = "", report: FileReport | None = None,
          typed: dict[str, str] | None = None, status: int = HTTPStatus.OK) -> HttpResponse:  # fmt: skip
    actor, now, answered = request.actor, timezone.now(), request.GET.get("pick") == "answered"
    asked = found.answered_requests(actor) if answered else found.open_requests(actor)
    rows = found.lines_of(actor, now)
    return render(request, "delivery/carriers.html", {
        "lines": [(row, LINE_FACES[row.state]) for row in rows], "answered": answered,
        "requests": [(each, KINDS[RequestKind(each.kind)], REQUEST_FACES[RequestState(each.state)],
                      each.state not in FINAL_REQUEST_STATES) for each in asked],
        "parked": found.parked_rows(actor, now), "may_act": actor.role in WRITERS, "problem": problem,
        "typed": typed or {}, "report": report, "refused": report.refused[:REFUSED_SHOWN] if report else (),
        "choices": found.carriers_spoken_for(actor) if actor.role in WRITERS else []}, status=status)


@require_POST
@require_role(*WRITERS)
def answer(request: WardpostRequest, request_id: UUID) -> HttpResponse:
    """Write down what a carrier said to a person."""
    return _act(request, str(request_id), lambda reason: answer_by_hand(
        request_id=request_id, is_accepted=request.POST.get("do") == "accept", reason=reason, by=request.actor,
        at=timezone.now()), lambda _none: _("Written down."))


@require_POST
@require_role(*WRITERS)
def decide(request: WardpostRequest, event_id: int) -> HttpResponse:
    """Assign a waiting event to a parcel, or dismiss it."""
    if request.POST.get("do") == "dismiss":
        return _act(request, str(event_id), lambda reason: dismiss_event(
            event=event_id, reason=reason, by=request.actor, at=timezone.now()),
            lambda _none: _("Dismissed; the event stays kept."))
    return _act(request, str(event_id), lambda reason: assign_event(
        event=event_id, number=request.POST.get("number", "")[:40], reason=reason, by=request.actor,
        at=timezone.now()), _assigned)


def _assigned(applied: int) -> str:
    return ngettext("%(n)d event applied to the parcel.", "%(n)d events applied to the parcel.", applied) % {
        "n": applied}


def _act[R](request: WardpostRequest, row: str, act: Callable[[str], R], done: Callable[[R], str]) -> HttpResponse:
    """Do it; what is refused keeps what was typed, beside its row."""
    reason = request.POST.get("reason", "")[:300]
    try:
        result = act(reason)
    except (CarrierRequestNotFound, ParkedEventNotFound):
        raise Http404 from None
    except DomainError as refusal:
        typed = {"row": row, "reason": reason, "number": request.POST.get("number", "")[:40]}
        return _page(request, problem=_words(refusal), typed=typed, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    messages.success(request, done(result))
    return redirect("delivery:carriers")


@never_cache
@require_POST
@require_role(*WRITERS)
def send_file(request: WardpostRequest) -> HttpResponse:
    """Take in a carrier's daily file and show what became of its lines."""
    upload = request.FILES.get("file")
    if upload is None:
        return _file_refused(request, _("Choose a file."))
    try:
        report = upload_file(carrier=request.POST.get("carrier", ""), content=upload.read(LARGEST + 1),
                             by=request.actor, at=timezone.now())
    except UnknownCarrier:
        raise Http404 from None
    except DomainError as refusal:
        return _file_refused(request, _words(refusal))
    return _page(request, report=report)


def _file_refused(request: WardpostRequest, words: str) -> HttpResponse:
    typed = {"row": "file", "carrier": request.POST.get("carrier", "")[:12]}
    return _page(request, problem=words, typed=typed, status=HTTPStatus.UNPROCESSABLE_ENTITY)


def _words(refusal: DomainError) -> str:
    return " ".join(str(error.message) for error in refusal.errors) or str(refusal.detail)
