"""Questions and answers on screens: a panel on the dossier's pages, and a list on each side."""

from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from agents.auth import require_role
from intake.errors import DossierNotFound, InquiryNotFound
from intake.messages import operations, queries
from intake.messages.models import Inquiry
from intake.messages.rules import EXPEDITE_REASONS, KINDS, InquiryKind, Side
from intake.models.documents import Document
from intake.models.dossiers import Dossier
from intake.views.answers import errors_of, said
from intake.views.take_entries import number
from shared.api import WardpostRequest
from shared.errors import DomainError
from shared.roles import CENTRE_ROLES, OUTLET_ROLES, Role

OUTLET: Final = tuple(sorted(OUTLET_ROLES))
CENTRE: Final = tuple(sorted(CENTRE_ROLES))
PAGE: Final = "intake/messages/dossier.html"
ON_A_PAGE: Final = 25


def _side(request: WardpostRequest) -> Side:
    return Side.OUTLET if request.actor.role in OUTLET_ROLES else Side.CENTRE


# --- on one dossier -------------------------------------------------------------------------------------------------


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@require_role(*OUTLET, *CENTRE)
def dossier_messages(request: WardpostRequest, dossier_id: UUID) -> HttpResponse:
    """What was said on a dossier, and the field to say more; the panel alone when htmx asks. POST: say it."""
    if request.method != "POST":
        return _panel(request, dossier_id)
    try:
        masked = _send(request, dossier_id)
    except (DossierNotFound, InquiryNotFound):
        raise Http404 from None
    except DomainError as refusal:
        return _panel(request, dossier_id, errors=errors_of(refusal), status=422)
    if not request.htmx:
        messages.success(request, _masked_words(masked) or _("Sent."))
        return redirect("intake:messages", dossier_id=dossier_id)
    return _panel(request, dossier_id, masked=_masked_words(masked), is_sent=True)


def _send(request: WardpostRequest, dossier_id: UUID) -> int:
    """Raises DomainError."""
    posted, now = request.POST, timezone.now()
    papers = [found for found in map(_uuid, posted.getlist("document")) if found is not None]
    inquiry_id = _uuid(posted.get("inquiry", ""))
    if inquiry_id is not None:
        return operations.reply(inquiry_id=inquiry_id, text=posted.get("text", ""), documents=papers,
                                by=request.actor, at=now).masked
    is_expedite = posted.get("kind") == InquiryKind.EXPEDITE
    return operations.ask(
        dossier_id=dossier_id, text=posted.get("text", ""), reason=posted.get("reason", ""), documents=papers,
        kind=InquiryKind.EXPEDITE if is_expedite else InquiryKind.QUESTION, by=request.actor, at=now).masked


def _masked_words(masked: int) -> str:
    if not masked:
        return ""
    return ngettext("Sent. An ID number in it was covered: the dossier has it already.",
                    "Sent. %(n)s ID numbers in it were covered: the dossier has them already.", masked) % {"n": masked}


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _panel(request: WardpostRequest, dossier_id: UUID, *, errors: dict[str, str] | None = None, masked: str = "",
           is_sent: bool = False, status: int = 200) -> HttpResponse:
    context = _context(request, dossier_id)
    entered = {} if is_sent else request.POST
    reply_to = _reply_to(context["threads"], entered.get("inquiry") or request.GET.get("tra-loi", ""),
                         is_new=request.GET.get("tra-loi") == "moi" or (bool(errors) and not entered.get("inquiry")))
    context |= {"errors": errors or {}, "entered": entered, "masked": masked, "is_sent": is_sent, "reply_to": reply_to,
                "ticked": request.POST.getlist("document") if errors else []}
    part = {"composer": "#composer"}.get(_target(request), "#panel") if request.htmx else ""
    return render(request, f"{PAGE}{part}", context, status=status)


def _target(request: WardpostRequest) -> str:
    return str(request.headers.get("HX-Target", "")).rpartition("#")[2]


def _context(request: WardpostRequest, dossier_id: UUID) -> dict[str, Any]:
    side = _side(request)
    try:
        threads = queries.threads(dossier_id, actor=request.actor, side=side, now=timezone.now())
    except DossierNotFound:
        raise Http404 from None
    dossier: Any = Dossier.objects.seen_by(request.actor).select_related("citizen").get(id=dossier_id)
    return {
        "dossier": dossier, "reference": dossier.code or dossier.agent_ref, "threads": threads, "side": side,
        "unread": queries.unread_here(dossier_id, side), "is_outlet": side is Side.OUTLET, "kinds": KINDS.items(),
        "reasons": EXPEDITE_REASONS.items(), "titles": queries.titles(),
        "may_ask": dossier.outlet_id is not None and bool(dossier.authority_centre_id or dossier.receiving_centre_id),
        "papers": Document.objects.filter(dossier_id=dossier_id).order_by("uploaded_at", "id").values(
            "id", "original_name"),
        "back": reverse("intake:dossier" if side is Side.OUTLET else "intake:desk", args=[dossier_id]),
    }


def _reply_to(threads: tuple[queries.Thread, ...], wished: str, *, is_new: bool) -> queries.Thread | None:
    """The wished thread, else the one that waits for the reader, the most urgent first; None: a new one."""
    if is_new:
        return None
    chosen = next((each for each in threads if str(each.id) == wished and not each.is_closed), None)
    return chosen or min((each for each in threads if each.waits_for_me), key=lambda each: each.due_at, default=None)


@never_cache
@require_GET
@require_role(*OUTLET, *CENTRE)
def threads(request: WardpostRequest, dossier_id: UUID) -> HttpResponse:
    """Only what was said; asked for again every few seconds, and never touches the field somebody types in."""
    return render(request, f"{PAGE}#threads", _context(request, dossier_id))


@require_POST
@require_role(*OUTLET, *CENTRE)
def read(request: WardpostRequest, dossier_id: UUID) -> HttpResponse:
    """What the other side said has been on the screen."""
    try:
        operations.mark_read(dossier_id=dossier_id, by=request.actor, at=timezone.now())
    except DossierNotFound:
        raise Http404 from None
    return HttpResponse(status=204)


@require_POST
@require_role(*OUTLET, *CENTRE)
def close(request: WardpostRequest, inquiry_id: UUID) -> HttpResponse:
    """Whoever asked needs nothing more."""
    try:
        inquiry = operations.close(inquiry_id=inquiry_id, by=request.actor, at=timezone.now())
    except InquiryNotFound:
        raise Http404 from None
    if request.htmx:
        return render(request, f"{PAGE}#threads", _context(request, inquiry.dossier_id))
    return redirect("intake:messages", dossier_id=inquiry.dossier_id)


# --- the lists ------------------------------------------------------------------------------------------------------


@never_cache
@require_GET
@require_role(*OUTLET)
def outlet_list(request: WardpostRequest) -> HttpResponse:
    """What the outlet asked and was asked."""
    return _list(request)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@require_role(*CENTRE)
def centre_list(request: WardpostRequest) -> HttpResponse:
    """What the centre owes an answer to; its manager sets the clock here."""
    if request.method != "POST":
        return _list(request)
    posted = request.POST
    try:
        operations.set_answer_clock(
            question_minutes=number(posted.get("question_minutes", "")) or 0,
            expedite_minutes=number(posted.get("expedite_minutes", "")) or 0, by=request.actor, at=timezone.now())
    except DomainError as refusal:
        return _list(request, errors=errors_of(refusal), status=422)
    messages.success(request, _("The answer clock holds for what is asked from now on."))
    return redirect("intake:centre-questions")


def _list(request: WardpostRequest, *, errors: dict[str, str] | None = None, status: int = 200) -> HttpResponse:
    side, now = _side(request), timezone.now()
    centre_id = request.actor.centre_id
    minutes = queries.answer_minutes(centre_id) if centre_id is not None else None
    part = "#lists" if request.htmx else ""
    return render(request, f"intake/messages/list.html{part}", {
        "lists": queries.lists(request.actor, side=side, now=now), "is_outlet": side is Side.OUTLET, "now": now,
        "question_minutes": minutes[InquiryKind.QUESTION] if minutes else None,
        "expedite_minutes": minutes[InquiryKind.EXPEDITE] if minutes else None,
        "may_set_clock": request.actor.role == Role.CENTRE_MANAGER, "errors": errors or {}, "entered": request.POST,
    }, status=status)


@never_cache
@require_GET
@require_role(*OUTLET, *CENTRE)
def waiting(request: WardpostRequest) -> HttpResponse:
    """The chip at the head of the counter's and the centre's day: how much waits, asked for again and again."""
    side = _side(request)
    return render(request, "intake/messages/waiting.html", {
        "counts": queries.counts(request.actor, side=side, now=timezone.now()), "is_outlet": side is Side.OUTLET})


# --- for the handbook -----------------------------------------------------------------------------------------------


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@require_role(*CENTRE)
def promote(request: WardpostRequest, inquiry_id: UUID) -> HttpResponse:
    """Keep an answer: the question in general words, the answer, the law."""
    inquiry = Inquiry.objects.seen_by(request.actor).filter(id=inquiry_id).first()
    if inquiry is None:
        raise Http404
    if request.method != "POST":
        return _promotion(request, inquiry)
    posted = request.POST
    try:
        operations.promote(inquiry_id=inquiry_id, question=posted.get("question", "")[:500],
                           answer=posted.get("answer", "")[:2000], legal_source=posted.get("legal_source", "")[:300],
                           by=request.actor, at=timezone.now())
    except DomainError as refusal:
        return _promotion(request, inquiry, errors=errors_of(refusal), problem=said(refusal), status=422)
    messages.success(request, _("Kept for the handbook."))
    return redirect("intake:promoted-answers")


def _promotion(request: WardpostRequest, inquiry: Inquiry, *, errors: dict[str, str] | None = None, problem: str = "",
               status: int = 200) -> HttpResponse:
    kept = getattr(inquiry, "promotion", None) if hasattr(inquiry, "promotion") else None
    entered: Any = request.POST or {name: getattr(kept, name, "") for name in ("question", "answer", "legal_source")}
    if not request.POST and kept is None:
        told = list(inquiry.messages.order_by("sent_at", "id").values_list("side", "text"))
        entered = {"question": next((text[:500] for side, text in told if side == inquiry.from_side), ""),
                   "answer": next((text for side, text in reversed(told) if side != inquiry.from_side), "")}
    return render(request, "intake/messages/promote.html", {
        "inquiry": inquiry, "entered": entered, "errors": errors or {}, "problem": problem}, status=status)


@never_cache
@require_GET
@require_role(*OUTLET, *CENTRE, Role.AUDITOR, Role.ADMINISTRATOR)
def promoted_answers(request: WardpostRequest) -> HttpResponse:
    """Answers that are worth the handbook, newest first."""
    page = Paginator(queries.promoted(request.actor), ON_A_PAGE).get_page(request.GET.get("page"))
    return render(request, "intake/messages/promoted.html", {"page": page})
