"""The search box of every page. Words go in the body, not in the address: names and numbers stay out of logs."""

from typing import Final

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from agents.auth import require_role
from intake.models.citizens import Citizen
from intake.operations.citizens import find_by_national_id
from intake.queries import search as queries
from intake.queries.search import Hits
from intake.rules.card_qr import read_card
from intake.rules.states import Handling
from intake.views.answers import errors_of
from shared.api import WardpostRequest
from shared.calendar import local
from shared.errors import DomainError
from shared.identifiers import NationalId
from shared.roles import CENTRE_ROLES, OUTLET_ROLES, Role

PAGE = "intake/search.html"
LONGEST = 200
DOSSIER_PAGES: Final[dict[str, str]] = {
    **dict.fromkeys(OUTLET_ROLES, "intake:dossier"), **dict.fromkeys(CENTRE_ROLES, "intake:desk")}


@never_cache
@sensitive_post_parameters("q")
@require_http_methods(["GET", "POST"])
@require_role(*Role.values)
def search(request: WardpostRequest) -> HttpResponse:
    """Find a dossier, parcel, citizen or procedure; a whole code opens what it names."""
    text = (request.POST.get("q") or request.GET.get("q", "")).strip()[:LONGEST]
    card = read_card(text)
    number = NationalId.parse(card.national_id if card else text)
    if number is not None:
        return _by_number(request, number)
    hits = queries.search(text, request.actor, local(timezone.now()).date())
    page = DOSSIER_PAGES.get(request.actor.role)
    if hits.only is not None and hits.only.handling == Handling.DRAFT and request.actor.role in OUTLET_ROLES:
        return redirect(f"{reverse('intake:take')}?draft={hits.only.id}")  # a come-back slip: one scan goes on
    if hits.only is not None and page is not None:
        return redirect(page, dossier_id=hits.only.id)
    return _show(request, hits)


def _show(request: WardpostRequest, hits: Hits, **more: object) -> HttpResponse:
    role = request.actor.role
    return render(request, PAGE, {
        "hits": hits, "dossier_page": DOSSIER_PAGES.get(role, ""), "is_outlet": role in OUTLET_ROLES, **more})


def _by_number(request: WardpostRequest, number: NationalId) -> HttpResponse:
    """By exact number: only for a reason, only for those who serve citizens, and always written down."""
    if request.actor.role not in OUTLET_ROLES | CENTRE_ROLES:
        return _show(request, Hits(""), problem=_("Your role does not search citizens by their number."))
    if request.method != "POST":
        messages.warning(request, _("An ID number does not belong into an address. Enter it into the search box."))
        return redirect("search")
    purpose = request.POST.get("purpose", "")
    if not purpose:
        return _show(request, Hits(""), number=number.digits, asks_why=True)
    try:
        found = find_by_national_id(national_id=number.digits, purpose=purpose, by=request.actor, at=timezone.now())
    except DomainError as refusal:
        return _show(request, Hits(""), number=number.digits, asks_why=True,
                     problem=" ".join(errors_of(refusal).values()))
    whole = Citizen.objects.select_related("commune__province", "former_commune")
    people = tuple(whole.filter(id=found.id)) if found is not None else ()
    return _show(request, Hits(number.masked, citizens=people))
