"""Asking for an opinion, reading and answering it, and what stands about it on a dossier."""

from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from agents.auth import require_role
from intake.models.dossiers import Dossier
from intake.operations import opinion_answers, opinions
from intake.operations.documents import store_document
from intake.operations.opinion_papers import open_paper
from intake.papers.opinions import opinion_pdf
from intake.queries.opinions import AddresseeRow, OpinionRow, asked_on_dossier, find_opinion
from intake.rules.questions import QuestionKey
from intake.views.opinion_forms import AnswerForm, AskForm
from intake.views.place_entries import PlaceEntry, read_place
from intake.views.questions import READERS
from shared.api import WardpostRequest
from shared.errors import DomainError
from shared.roles import CENTRE_ROLES, Role

ASKERS: Final = (*sorted(CENTRE_ROLES), Role.ADMINISTRATOR)
SEERS: Final = (*READERS, Role.OUTLET_CLERK, Role.OUTLET_MANAGER)


# --- asking ---------------------------------------------------------------------------------------------------------


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@require_role(*sorted(CENTRE_ROLES))
def ask(request: WardpostRequest) -> HttpResponse:
    """The question, whom to ask and until when; `?dossier=` asks about a dossier."""
    dossier = _dossier(request)
    place = read_place(request.POST if request.method == "POST" else _place_of(dossier), "place",
                       request.actor.province_code)
    if request.method != "POST":
        return _ask_page(request, _ask_form(request, dossier), place, dossier)
    form = _ask_form(request, dossier, request.POST)
    if "drop_place" in request.POST or "pick_place" in request.POST:
        return _ask_page(request, _ask_form(request, dossier, None, dict(request.POST.items())), place, dossier)
    if form.is_valid():
        try:
            asked = form.as_input(place_code=_code(place), dossier_id=dossier.id if dossier else None)
            opinion = opinions.ask(asked, by=request.actor, at=timezone.now())
        except DomainError as refusal:
            form.take_errors(refusal)
        else:
            told = (_("It was answered before: the precedent answers this question.") if opinion.outcome == "precedent"
                    else _("Asked. The answer shows here and on the dossier at once."))
            messages.success(request, told)
            return redirect("intake:opinion", opinion.id)
    return _ask_page(request, form, place, dossier, status=422)


def _dossier(request: WardpostRequest) -> Dossier | None:
    wished = request.POST.get("dossier") or request.GET.get("dossier")
    if not wished:
        return None
    try:
        dossier = Dossier.objects.seen_by(request.actor).select_related("procedure").filter(id=UUID(wished)).first()
    except ValueError:
        raise Http404 from None
    if dossier is None:
        raise Http404
    return dossier


def _ask_form(request: WardpostRequest, dossier: Dossier | None, data: Any = None, kept: Any = None) -> AskForm:
    initial = kept or {"procedure_code": dossier.procedure_code if dossier is not None else "",
                       "key": request.GET.get("key", QuestionKey.PERMIT_NEEDED)}
    return AskForm(request.actor.province_code, timezone.localdate(), request.actor.centre_id, data, initial)


def _place_of(dossier: Dossier | None) -> dict[str, str]:
    """The dossier's own place, as the place field reads it."""
    route = dossier.route if dossier is not None else {}
    former, present = route.get("former_place_code", ""), route.get("place_code", "")
    return {"place": f"{present}/{former}"} if present or former else {}


def _code(place: PlaceEntry) -> str:
    """The former unit where one was named: the answer holds for it, not for the whole of its successor."""
    choice = place.choice
    return choice.former_commune_code or choice.commune_code


def _ask_page(request: WardpostRequest, form: AskForm, place: PlaceEntry, dossier: Dossier | None,
              status: int = 200) -> HttpResponse:
    return render(request, "intake/opinions/ask.html", {"form": form, "place": place, "dossier": dossier},
                  status=status)


# --- reading and answering ------------------------------------------------------------------------------------------


@never_cache
@require_GET
@require_role(*SEERS)
def opinion(request: WardpostRequest, opinion_id: UUID) -> HttpResponse:
    """The question, who was asked, and each answer; who was asked answers here."""
    return _opinion_page(request, _seen(request, opinion_id))


def _seen(request: WardpostRequest, opinion_id: UUID) -> OpinionRow:
    row = find_opinion(opinion_id, actor=request.actor, now=timezone.now())
    if row is None:
        raise Http404
    return row


def _opinion_page(request: WardpostRequest, row: OpinionRow, form: AnswerForm | None = None, *,
                  concluding: AnswerForm | None = None, status: int = 200) -> HttpResponse:
    mine = next((each for each in row.addressees if each.is_mine), None)
    may_conclude = (row.is_open and request.actor.role in {Role.CENTRE_MANAGER, Role.ADMINISTRATOR}
                    and row.asked_by_centre_id == request.actor.centre_id)
    return render(request, "intake/opinions/opinion.html", {
        "opinion": row, "mine": mine, "form": form or (_answer_form(request, row, mine) if mine else None),
        "conclusion": concluding or (_answer_form(request, row, None) if may_conclude else None),
        "may_take_back": row.is_open and row.asked_by_centre_id == request.actor.centre_id
        and request.actor.role in ASKERS,
    }, status=status)


def _answer_form(request: WardpostRequest, row: OpinionRow, mine: AddresseeRow | None, data: Any = None) -> AnswerForm:
    return AnswerForm(row.key, request.actor.province_code, timezone.localdate(), data=data,
                      is_outside=mine is not None and mine.is_outside)


@require_POST
@require_role(*ASKERS)
def answer(request: WardpostRequest, opinion_id: UUID, addressee_id: int) -> HttpResponse:
    """Keep the answer, with the paper that came with it."""
    row = _seen(request, opinion_id)
    mine = next((each for each in row.addressees if each.id == addressee_id and each.is_mine), None)
    if mine is None:
        raise Http404
    form = _answer_form(request, row, mine, request.POST)
    if form.is_valid():
        try:
            said = form.as_answer()
            document_ids = _stored(request)
            opinion_answers.answer(
                opinion_answers.AnswerInput(**{**_plain(said), "document_ids": document_ids}), opinion_id=opinion_id,
                addressee_id=addressee_id, by=request.actor, at=timezone.now())
        except DomainError as refusal:
            form.take_errors(refusal)
        else:
            messages.success(request, _("Answered."))
            return redirect("intake:opinion", opinion_id)
    return _opinion_page(request, row, form, status=422)


def _plain(said: opinion_answers.AnswerInput) -> dict[str, Any]:
    return {name: getattr(said, name) for name in said.__slots__}


def _stored(request: WardpostRequest) -> tuple[UUID, ...]:
    """The paper of the answer, kept first; an answer that is refused afterwards leaves it waiting."""
    upload = request.FILES.get("paper")
    if upload is None or request.actor.centre_id is None:
        return ()
    stored = store_document(chunks=upload.chunks(), name=upload.name or "", component="other", by=request.actor,
                            at=timezone.now())
    return (stored.id,)


@require_POST
@require_role(Role.CENTRE_MANAGER, Role.ADMINISTRATOR)
def conclude(request: WardpostRequest, opinion_id: UUID) -> HttpResponse:
    """Settle a question whose answers differ, or which nobody answers."""
    row = _seen(request, opinion_id)
    form = _answer_form(request, row, None, request.POST)
    if form.is_valid():
        try:
            opinion_answers.conclude(form.as_answer(), opinion_id=opinion_id, by=request.actor, at=timezone.now())
        except DomainError as refusal:
            form.take_errors(refusal)
        else:
            messages.success(request, _("Concluded."))
            return redirect("intake:opinion", opinion_id)
    return _opinion_page(request, row, concluding=form, status=422)


@require_POST
@require_role(*ASKERS)
def take_back(request: WardpostRequest, opinion_id: UUID) -> HttpResponse:
    """The asker no longer needs the answer."""
    row = _seen(request, opinion_id)
    try:
        opinions.take_back(opinion_id=opinion_id, reason=request.POST.get("reason", ""), by=request.actor,
                           at=timezone.now())
    except DomainError as refusal:
        messages.warning(request, str(refusal.errors[0].message if refusal.errors else refusal.title))
    return redirect("intake:opinion", row.id)


@never_cache
@require_GET
@require_role(*SEERS)
def paper(request: WardpostRequest, opinion_id: UUID, document_id: UUID) -> HttpResponse:
    """A paper beside the question or an answer; every opening is written down."""
    row = _seen(request, opinion_id)
    known = next((each for each in row.papers if each.document_id == document_id), None)
    if known is None:
        raise Http404
    content_type, content = open_paper(opinion_id=opinion_id, document_id=document_id, by=request.actor,
                                       at=timezone.now())
    return HttpResponse(content, content_type=content_type, headers={"Content-Disposition": "inline"})


@never_cache
@require_GET
@require_role(*SEERS)
def letter(request: WardpostRequest, opinion_id: UUID) -> HttpResponse:
    """The letter that asks (Phiếu xin ý kiến), with the answers once there are any."""
    row = _seen(request, opinion_id)
    return HttpResponse(opinion_pdf(row), content_type="application/pdf",
                        headers={"Content-Disposition": 'inline; filename="phieu-xin-y-kien.pdf"'})


# --- on a dossier ---------------------------------------------------------------------------------------------------


@never_cache
@require_GET
@require_role(*SEERS)
def panel(request: WardpostRequest, dossier_id: UUID) -> HttpResponse:
    """What was asked about a dossier: a fragment for the desk and the counter, a page without scripts."""
    found = asked_on_dossier(dossier_id, actor=request.actor, now=timezone.now())
    if found is None:
        raise Http404
    name = "intake/opinions/panel.html" if request.htmx else "intake/opinions/panel_page.html"
    return render(request, name, {"asked": found, "may_ask": request.actor.role in CENTRE_ROLES})
