"""The citizen's part of taking a dossier: found or registered, agreed, acted for, and let go again."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from agents.auth import require_role
from billing import public as billing
from intake.errors import CitizenAlreadyRegistered, CitizenMaybeKnown, CitizenNotFound, NoOpenSession
from intake.models.citizens import Citizen, ConsentPurpose, Sex
from intake.operations import citizens, sessions
from intake.operations.recognition import TAKEN, recognise_citizen
from intake.queries.counter_citizens import citizens_in_reach, find_citizens
from intake.queries.sessions import open_session_of
from intake.rules.card_qr import read_card
from intake.rules.wording import Words
from intake.views.answers import errors_of, go, said, show
from intake.views.citizen_entries import CitizenEntries, entries_of_card, read_citizen
from intake.views.comparison import Comparison, comparisons
from intake.views.take_entries import uuid_or_none
from shared.api import WardpostRequest
from shared.errors import DomainError
from shared.identifiers import NationalId
from shared.roles import Role

PAGE = "intake/counter/take_citizen.html"
FINDING = "phục vụ tại quầy"
"""Why a clerk looks a citizen up by the number of the card in hand."""
ALWAYS_ASKED = (ConsentPurpose.ASSIST_FILING, ConsentPurpose.DELIVER_HOME, ConsentPurpose.NOTIFY,
                ConsentPurpose.KEEP_COPIES)


@dataclass(frozen=True, slots=True)
class CitizenPanel:
    """What stands in the citizen's part before a session is open."""

    find: str = ""
    found: tuple[Citizen, ...] = ()
    chosen: Citizen | None = None
    entries: CitizenEntries = field(default_factory=CitizenEntries)
    is_new: bool = False
    errors: Mapping[str, str] = field(default_factory=dict)
    note: str = ""
    agreed: frozenset[str] = frozenset()
    draft_id: str = ""
    near: tuple[Comparison, ...] = ()
    """People who may be the one that is being registered."""
    is_absent: bool = False
    """Somebody came for the citizen."""


@require_POST
@sensitive_post_parameters()
@require_role(Role.OUTLET_CLERK, Role.OUTLET_MANAGER)
def citizen(request: WardpostRequest) -> HttpResponse:
    """Find, register, or begin to act for a citizen; `do` says which."""
    if request.POST.get("recognise"):
        return _recognise(request)
    doing = {"begin": _begin, "register": _register}.get(request.POST.get("do", ""), _look)
    return doing(request)


def panel_page(request: WardpostRequest, panel: CitizenPanel, *, status: int = 200) -> HttpResponse:
    return show(request, PAGE, "panel", {
        "panel": panel, "groups": _groups(), "sexes": Sex.choices,
        "consents": [(purpose, purpose in panel.agreed) for purpose in ALWAYS_ASKED]}, status=status)


def _groups() -> list[tuple[str, Words]]:
    return [(code, Words(vi, en)) for code, vi, en in billing.known_beneficiary_classes()]


def _agreed(request: WardpostRequest) -> frozenset[str]:
    return frozenset(request.POST.getlist("agree"))


def _look(request: WardpostRequest) -> HttpResponse:
    """Find somebody, or keep the registration form as it is with a place picked."""
    text = request.POST.get("find", "").strip()
    draft_id = request.POST.get("draft_id", "")
    if request.POST.get("choose"):
        return panel_page(request, CitizenPanel(chosen=_looked_at(request, _in_reach(request, request.POST["choose"]))))
    is_new, typed = request.POST.get("is_new") == "1", read_citizen(request.POST, request.actor.province_code)
    if request.POST.get("do") != "find" or not text:
        return panel_page(request, CitizenPanel(
            find=text, is_new=is_new or request.POST.get("do") == "new", agreed=_agreed(request), draft_id=draft_id,
            entries=typed, is_absent=_is_absent(request)))
    card = read_card(text)
    number = NationalId.parse(card.national_id if card else text)
    if number is not None:
        return panel_page(request, _found_by_number(request, number, entries_of_card(card) if card else None))
    found = tuple(find_citizens(text, request.actor))
    if len(found) == 1:
        return panel_page(request, CitizenPanel(find=text, chosen=_looked_at(request, found[0])))
    note = "" if found else _("Nobody of this outlet is found. Register the citizen, or scan the card.")
    if is_new and not found:  # asked again in the middle of a registration: nothing typed is lost
        return panel_page(request, CitizenPanel(find=text, note=note, is_new=True, entries=typed, draft_id=draft_id,
                                                agreed=_agreed(request), is_absent=_is_absent(request)))
    return panel_page(request, CitizenPanel(find=text, found=found, note=note, is_new=not found,
                                            entries=_typed_so_far(text)))


def _typed_so_far(text: str) -> CitizenEntries:
    """A search that found nobody is the beginning of a registration, unless it is a code of something else."""
    digits = "".join(letter for letter in text if letter.isdigit())
    if len(digits) > len(text) // 2:
        return CitizenEntries(phone=text)
    is_name = not digits and not set(text) & set("/:|@_")
    return CitizenEntries(full_name=text if is_name else "")


def _found_by_number(request: WardpostRequest, number: NationalId, card: CitizenEntries | None) -> CitizenPanel:
    """The number itself is not repeated on the page: a search box is looked over shoulders."""
    try:
        known = citizens.find_by_national_id(national_id=number.digits, purpose=FINDING, by=request.actor,
                                             at=timezone.now())
    except DomainError as refusal:
        return CitizenPanel(note=said(refusal))
    if known is not None:
        return CitizenPanel(chosen=_whole(known.id))
    note = _("Nobody is registered with this number. Compare the entries with the card and complete them.")
    return CitizenPanel(note=note, is_new=True, entries=card or CitizenEntries(national_id=number.digits))


def _whole(citizen_id: UUID) -> Citizen:
    """Found a moment ago by number, so in reach whoever registered her."""
    return Citizen.objects.select_related("commune__province", "former_commune").get(id=citizen_id)


def _register(request: WardpostRequest) -> HttpResponse:
    entries, agreed = read_citizen(request.POST, request.actor.province_code), _agreed(request)
    distinct = tuple(known for text in request.POST.getlist("distinct_from") if (known := uuid_or_none(text)))
    try:
        typed = replace(entries.as_input(), distinct_from=distinct)
        registered = citizens.register_citizen(typed=typed, by=request.actor, at=timezone.now())
    except CitizenMaybeKnown as refusal:
        return panel_page(request, CitizenPanel(
            entries=entries, is_new=True, agreed=agreed, draft_id=request.POST.get("draft_id", ""),
            near=comparisons(refusal, entries, distinct), is_absent=_is_absent(request)), status=422)
    except CitizenAlreadyRegistered as refusal:
        twin = _whole(UUID(str(refusal.facts["citizen_id"])))
        return panel_page(request, CitizenPanel(chosen=twin, agreed=agreed, note=str(refusal.title)))
    except DomainError as refusal:
        return panel_page(request, CitizenPanel(
            entries=entries, is_new=True, errors=errors_of(refusal), agreed=agreed, is_absent=_is_absent(request),
            draft_id=request.POST.get("draft_id", "")), status=422)
    return _open(request, registered, agreed)


def _recognise(request: WardpostRequest) -> HttpResponse:
    """It is the known one: her record is used, with what is better in the entries."""
    entries = read_citizen(request.POST, request.actor.province_code)
    known_id = uuid_or_none(request.POST.get("recognise", ""))
    if known_id is None:
        raise Http404
    taken = [name for name in TAKEN if request.POST.get(f"take-{known_id}-{name}")]
    try:
        known = recognise_citizen(citizen_id=known_id, typed=entries.as_input(), take_over=taken, by=request.actor,
                                  at=timezone.now())
    except CitizenNotFound:
        raise Http404 from None
    except DomainError as refusal:
        return panel_page(request, CitizenPanel(entries=entries, is_new=True, errors=errors_of(refusal),
                                                agreed=_agreed(request)), status=422)
    return panel_page(request, CitizenPanel(
        chosen=_whole(known.id), agreed=_agreed(request), is_absent=_is_absent(request),
        note=_("The known record is used; nobody was registered twice."), draft_id=request.POST.get("draft_id", "")))


def _is_absent(request: WardpostRequest) -> bool:
    return request.POST.get("who") == "other"


def _looked_at(request: WardpostRequest, person: Citizen) -> Citizen:
    """Each look at a citizen is written down; one just found by number was so already."""
    with suppress(CitizenNotFound):
        citizens.see_citizen(citizen_id=person.id, by=request.actor, at=timezone.now())
    return person


def _begin(request: WardpostRequest) -> HttpResponse:
    return _open(request, _in_reach(request, request.POST.get("citizen_id", "")), _agreed(request))


def _in_reach(request: WardpostRequest, typed_id: str) -> Citizen:
    """Somebody this outlet knows, or has just found by number; nobody else exists."""
    try:
        citizen_id = UUID(typed_id)
    except ValueError:
        raise Http404 from None
    if not sessions.is_in_reach(citizen_id, request.actor, timezone.now()):
        raise Http404
    return _whole(citizen_id)


def _open(request: WardpostRequest, chosen: Citizen, agreed: frozenset[str]) -> HttpResponse:
    try:
        sessions.open_session(citizen_id=chosen.id, purposes=agreed, by=request.actor, at=timezone.now(),
                              is_citizen_present=not _is_absent(request))
    except CitizenNotFound:
        raise Http404 from None
    except DomainError as refusal:
        # She is registered or found, so only the session is refused: mostly a consent that is not ticked.
        panel = CitizenPanel(chosen=chosen, agreed=agreed, errors={"agree": str(refusal.title)},
                             draft_id=request.POST.get("draft_id", ""), is_absent=_is_absent(request))
        return panel_page(request, panel, status=422)
    draft = request.POST.get("draft_id", "")
    return go(request, f"{reverse('intake:take')}?draft={draft}" if draft else "intake:take")


@require_POST
@require_role(Role.OUTLET_CLERK, Role.OUTLET_MANAGER)
def end_session(request: WardpostRequest) -> HttpResponse:
    """Let the citizen go: nobody's dossier is open at this counter any more."""
    session = open_session_of(request.actor)
    if session is not None:
        with suppress(NoOpenSession):  # another tab was first, and the session is closed all the same
            sessions.close_session(session_id=session.id, by=request.actor, at=timezone.now())
        messages.success(request, _("The session is closed. Nobody's dossier is open here."))
    return go(request, "intake:take" if request.POST.get("next") == "take" else "intake:counter")


@require_POST
@require_role(Role.OUTLET_CLERK, Role.OUTLET_MANAGER)
def reveal(request: WardpostRequest, citizen_id: UUID) -> HttpResponse:
    """Show the whole number once, for a reason that is written down."""
    if not citizens_in_reach(request.actor).filter(id=citizen_id).exists():
        raise Http404
    context: dict[str, object] = {"citizen_id": citizen_id}
    try:
        context["number"] = citizens.reveal_national_id(citizen_id=citizen_id, purpose=request.POST.get("purpose", ""),
                                                        by=request.actor, at=timezone.now())
    except CitizenNotFound:
        raise Http404 from None
    except DomainError as refusal:
        context["problem"] = " ".join(errors_of(refusal).values())
        return show(request, "intake/counter/number.html", "number", context, status=422)
    return show(request, "intake/counter/number.html", "number", context)
