"""The centre's own counter: a citizen comes herself, and filing and reception are one act, on one page."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods

from agents import public as agents
from agents.auth import require_role
from billing import public as billing
from intake.errors import CitizenAlreadyRegistered, CitizenMaybeKnown, CitizenNotFound, ProcedureNotFound
from intake.models.citizens import Citizen, Sex
from intake.models.dossiers import Dossier
from intake.models.procedures import Procedure
from intake.operations import citizens, sessions
from intake.operations.counter_reception import CounterInput, receive_at_counter
from intake.operations.recognition import recognise_citizen
from intake.queries.catalogue import search_procedures
from intake.queries.counter_citizens import find_citizens
from intake.queries.walk_in import CounterOffer, counter_offer
from intake.rules.card_qr import read_card
from intake.rules.catalogue import Channel, ResultChoice
from intake.rules.wording import Words
from intake.views.answers import errors_of, go, said, show
from intake.views.citizen_entries import CitizenEntries, entries_of_card, read_citizen
from intake.views.comparison import Comparison, comparisons
from intake.views.take_entries import number, uuid_or_none
from shared.api import WardpostRequest
from shared.calendar import local
from shared.errors import DomainError
from shared.identifiers import NationalId
from shared.roles import Role

PAGE: Final = "intake/centre/walk_in.html"
FINDING: Final = "tiếp nhận trực tiếp tại quầy"
STAFF: Final = (Role.CENTRE_OFFICER, Role.CENTRE_MANAGER)


@dataclass(frozen=True, slots=True)
class WalkIn:
    """The page as it stands. Without a citizen the officer finds or registers one."""

    client_ref: UUID
    citizen: Citizen | None = None
    find: str = ""
    found: tuple[Citizen, ...] = ()
    is_new: bool = False
    entries: CitizenEntries = field(default_factory=CitizenEntries)
    near: tuple[Comparison, ...] = ()
    procedure_code: str = ""
    procedure_q: str = ""
    copies: str = "1"
    pages: str = "1"
    checked: frozenset[str] = frozenset()
    result_choice: str = ResultChoice.COLLECT.value
    note: str = ""
    told: str = ""
    errors: Mapping[str, str] = field(default_factory=dict)


@require_http_methods(["GET", "POST"])
@never_cache
@sensitive_post_parameters()
@require_role(*STAFF)
def walk_in(request: WardpostRequest) -> HttpResponse:
    """Find or register the citizen, choose the procedure, tick the papers, receive."""
    if request.method == "GET":
        return _page(request, WalkIn(uuid4()), done=_done(request))
    state = _read(request)
    if request.POST.get("recognise"):
        return _recognise(request, state)
    doing = {"find": _find, "register": _register, "receive": _receive}.get(request.POST.get("do", ""))
    if request.POST.get("find") and doing is None and state.citizen is None and not state.is_new:
        doing = _find
    return doing(request, state) if doing is not None else _page(request, state)


@require_GET
@require_role(*STAFF)
def offers(request: WardpostRequest) -> HttpResponse:
    """Offer procedures that are received directly for the words that are being typed."""
    typed = request.GET.get("procedure_q", "").strip()
    return render(request, "intake/counter/procedure_offers.html", {"found": _matching(typed), "typed": typed})


def _matching(typed: str) -> list[Procedure]:
    found = search_procedures(typed, local(timezone.now()).date(), limit=12)
    return [procedure for procedure in found if Channel.DIRECT in procedure.channels][:8]


def _read(request: WardpostRequest) -> WalkIn:
    get = request.POST.get
    citizen_id = uuid_or_none(get("choose", "") or get("citizen_id", ""))
    return WalkIn(
        client_ref=uuid_or_none(get("client_ref", "")) or uuid4(),
        citizen=_in_reach(request, citizen_id) if citizen_id is not None and not get("drop_citizen") else None,
        find=get("find", "").strip(), is_new=get("is_new") == "1" or get("do") == "new",
        entries=read_citizen(request.POST, request.actor.province_code),
        procedure_code="" if get("drop_procedure") else get("pick_procedure", "") or get("procedure_code", ""),
        procedure_q=get("procedure_q", "").strip(), copies=get("copies", "1"), pages=get("pages", "1"),
        checked=frozenset(request.POST.getlist("checked")), note=get("note", ""),
        result_choice=get("result_choice", ResultChoice.COLLECT.value))


def _in_reach(request: WardpostRequest, citizen_id: UUID) -> Citizen:
    if not sessions.is_in_reach(citizen_id, request.actor, timezone.now()):
        raise Http404
    return Citizen.objects.select_related("commune__province", "former_commune").get(id=citizen_id)


def _page(request: WardpostRequest, state: WalkIn, *, done: Dossier | None = None, status: int = 200) -> HttpResponse:
    centre = _centre(request)
    offer = _offer(state, centre)
    return show(request, PAGE, "form", {
        "state": state, "offer": offer, "centre": centre, "done": done, "sexes": Sex.choices,
        "found": _matching(state.procedure_q) if offer is None else (),
        "groups": [(code, Words(vi, en)) for code, vi, en in billing.known_beneficiary_classes()],
        "missing": _missing(state, offer)}, status=status)


def _centre(request: WardpostRequest) -> agents.CentreInfo:
    if request.actor.centre_id is None:
        raise Http404
    return agents.get_centre(request.actor.centre_id)


def _offer(state: WalkIn, centre: agents.CentreInfo) -> CounterOffer | None:
    if not state.procedure_code:
        return None
    try:
        return counter_offer(state.procedure_code, centre, timezone.now(), copies=max(number(state.copies), 1),
                             pages=max(number(state.pages), 1))
    except DomainError:
        return None


def _missing(state: WalkIn, offer: CounterOffer | None) -> tuple[str, str]:
    """What the main button says and where it leads, while something is missing."""
    if state.citizen is None:
        return _("Find the citizen first"), "c-full_name" if state.is_new else "c-find"
    if offer is None:
        return _("Choose the procedure first"), "t-procedure_q"
    lacking = next((paper for paper in offer.papers if paper.is_required and paper.code not in state.checked), None)
    return (_("Check the papers first"), f"paper-{lacking.code}") if lacking is not None else ("", "")


def _done(request: WardpostRequest) -> Dossier | None:
    done_id = uuid_or_none(request.GET.get("done", ""))
    if done_id is None:
        return None
    return Dossier.objects.seen_by(request.actor).select_related("citizen").filter(id=done_id).first()


# --- the citizen ----------------------------------------------------------------------------------------------------


def _find(request: WardpostRequest, state: WalkIn) -> HttpResponse:
    card = read_card(state.find)
    digits = NationalId.parse(card.national_id if card else state.find)
    if digits is None:
        found = tuple(find_citizens(state.find, request.actor))
        told = "" if found else _("Nobody of this centre is found. Register the citizen, or scan the card.")
        chosen = found[0] if len(found) == 1 else None
        return _page(request, replace(state, citizen=chosen, found=() if chosen else found, told=told,
                                      is_new=not found, entries=CitizenEntries(full_name="" if found else state.find)))
    try:
        known = citizens.find_by_national_id(national_id=digits.digits, purpose=FINDING, by=request.actor,
                                             at=timezone.now())
    except DomainError as refusal:
        return _page(request, replace(state, find="", told=said(refusal)))
    if known is not None:
        return _page(request, replace(state, citizen=_in_reach(request, known.id), find=""))
    entries = entries_of_card(card) if card else CitizenEntries(national_id=digits.digits)
    return _page(request, replace(state, is_new=True, find="", entries=entries, told=_(
        "Not known at this centre. Compare the entries with the card and complete them.")))


def _register(request: WardpostRequest, state: WalkIn) -> HttpResponse:
    distinct = tuple(known for text in request.POST.getlist("distinct_from") if (known := uuid_or_none(text)))
    try:
        typed = replace(state.entries.as_input(), distinct_from=distinct)
        made = citizens.register_citizen(typed=typed, by=request.actor, at=timezone.now())
    except CitizenAlreadyRegistered as refusal:
        twin = _in_reach(request, UUID(str(refusal.facts["citizen_id"])))
        return _page(request, replace(state, citizen=twin, is_new=False, told=str(refusal.title)))
    except CitizenMaybeKnown as refusal:
        near = comparisons(refusal, state.entries, distinct)
        return _page(request, replace(state, is_new=True, near=near), status=422)
    except DomainError as refusal:
        return _page(request, replace(state, is_new=True, errors=errors_of(refusal)), status=422)
    return _page(request, replace(state, citizen=_in_reach(request, made.id), is_new=False))


def _recognise(request: WardpostRequest, state: WalkIn) -> HttpResponse:
    known_id = uuid_or_none(request.POST.get("recognise", ""))
    try:
        known = recognise_citizen(citizen_id=known_id or uuid4(), typed=state.entries.as_input(), take_over=(),
                                  by=request.actor, at=timezone.now())
    except CitizenNotFound:
        raise Http404 from None
    except DomainError as refusal:
        return _page(request, replace(state, is_new=True, errors=errors_of(refusal)), status=422)
    return _page(request, replace(state, citizen=_in_reach(request, known.id), is_new=False))


# --- receiving ------------------------------------------------------------------------------------------------------


def _receive(request: WardpostRequest, state: WalkIn) -> HttpResponse:
    if state.citizen is None or _missing(state, _offer(state, _centre(request)))[0]:
        return _page(request, state, status=422)
    counter = CounterInput(
        client_ref=state.client_ref, citizen_id=state.citizen.id, procedure_code=state.procedure_code,
        result_choice=state.result_choice if state.result_choice in set(ResultChoice) else ResultChoice.COLLECT,
        collect_reason=_("at the citizen’s wish") if state.result_choice == ResultChoice.COLLECT else "",
        copies=min(max(number(state.copies), 1), 200), pages=min(max(number(state.pages), 1), 2000),
        checked=tuple(sorted(state.checked)), note=state.note[:300])
    try:
        dossier = receive_at_counter(counter, by=request.actor, at=timezone.now())
    except ProcedureNotFound:
        return _page(request, replace(state, procedure_code=""), status=422)
    except DomainError as refusal:
        return _page(request, replace(state, errors=errors_of(refusal)), status=422)
    messages.success(request, _("Received: %(code)s.") % {"code": dossier.code})
    return go(request, f"{reverse('intake:counter-reception')}?done={dossier.id}")
