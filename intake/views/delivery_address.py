"""Where a result goes: said by the citizen, read back to her, put on the map, verified."""

from collections.abc import Mapping
from typing import Final
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from agents.auth import require_role
from delivery import public as delivery
from intake.errors import DossierNotFound
from intake.operations.delivery_address import AddressInput, settle_delivery_address
from intake.queries.delivery_address import DeliveryPlace, distance_words, find_delivery_place, map_of
from intake.views.answers import errors_of, go
from intake.views.place_entries import PlaceEntry, read_place
from intake.views.take_entries import number
from shared.api import WardpostRequest
from shared.errors import DomainError
from shared.roles import CENTRE_ROLES, OUTLET_ROLES

PAGE: Final = "intake/delivery_address.html"
TYPED: Final = ("street", "landmark", "pin", "line")


@never_cache
@require_http_methods(["GET", "POST"])
@require_role(*sorted(OUTLET_ROLES | CENTRE_ROLES))
def delivery_address(request: WardpostRequest, dossier_id: UUID) -> HttpResponse:
    """Show it; a POST reads a pasted line, picks a commune, or keeps the address."""
    try:
        found = find_delivery_place(dossier_id, actor=request.actor, today=timezone.localdate())
    except DossierNotFound:
        raise Http404 from None
    if request.method != "POST":
        return _page(request, found, _kept(found), _place_kept(found))
    entered = {name: request.POST.get(name, "")[:400] for name in TYPED}
    place = read_place(request.POST, "home", found.place.province_code)
    if "read" in request.POST:
        entered, place = _read(entered, place, found)
        return _page(request, found, entered, place)
    if "save" not in request.POST:  # a place was picked or dropped
        return _page(request, found, entered, place)
    return _save(request, found, entered, place)


def _kept(found: DeliveryPlace) -> dict[str, str]:
    pin = ""
    if found.ground is not None and found.ground.precision == "pin":
        pin = f"{found.ground.latitude:.6f}, {found.ground.longitude:.6f}"
    return {"street": found.street, "landmark": found.ground.landmark if found.ground else "", "pin": pin, "line": ""}


def _place_kept(found: DeliveryPlace) -> PlaceEntry:
    value = f"{found.place.code}/{found.former_code}" if found.former_code else found.place.code
    return read_place({"home": value}, "home", found.place.province_code)


def _read(entered: dict[str, str], place: PlaceEntry, found: DeliveryPlace) -> tuple[dict[str, str], PlaceEntry]:
    """Take a pasted line apart; what is not certain is asked, never chosen silently."""
    reading = delivery.read_address(entered["line"], province_code=found.place.province_code)
    if not reading.guesses:
        return entered, PlaceEntry("home", entered["line"], None)
    entered |= {"street": reading.street or entered["street"], "line": ""}
    if reading.is_certain:
        return entered, read_place({"home": reading.guesses[0].value}, "home", found.place.province_code)
    return entered, read_place({"home_q": reading.guesses[0].place.name if reading.guesses[0].former is None
                                else reading.guesses[0].former.name}, "home", found.place.province_code)


def _save(request: WardpostRequest, found: DeliveryPlace, entered: dict[str, str], place: PlaceEntry) -> HttpResponse:
    choice = place.choice
    typed = AddressInput(entered["street"], choice.commune_code, choice.former_commune_code, entered["landmark"],
                         entered["pin"], is_verified=request.POST.get("is_verified") == "1")
    try:
        settle_delivery_address(typed, dossier_id=found.dossier_id, by=request.actor, at=timezone.now(),
                                version=number(request.POST.get("version", "0"), 9))
    except DossierNotFound:
        raise Http404 from None
    except DomainError as refusal:
        return _page(request, found, entered, place, errors=errors_of(refusal), status=422)
    messages.success(request, _("Kept, and verified with the citizen.") if typed.is_verified else _("Kept."))
    return go(request, "intake:delivery-address", dossier_id=found.dossier_id)


def _page(request: WardpostRequest, found: DeliveryPlace, entered: Mapping[str, str], place: PlaceEntry, *,
          errors: Mapping[str, str] | None = None, status: int = 200) -> HttpResponse:
    is_outlet = request.actor.role in OUTLET_ROLES
    return render(request, PAGE, {
        "found": found, "entered": entered, "home": place, "errors": errors or {}, "map": map_of(found),
        "radius": distance_words(found.ground.radius_metres) if found.ground is not None else "",
        "ticked": request.POST.get("is_verified") == "1",
        "back": reverse("intake:dossier" if is_outlet else "intake:desk", args=[found.dossier_id])}, status=status)
