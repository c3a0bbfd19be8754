"""Correcting a proposal, taking over outlets that work already, noting equipment."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from agents.accreditation import proposals, queries
from agents.accreditation.errors import AccreditationNotFound
from agents.accreditation.forms import CorrectionForm, EquipmentForm, TakeOverForm
from agents.accreditation.models import Accreditation
from agents.accreditation.proposals import without_accreditation
from agents.accreditation.rules import LICENSED, PIECES
from agents.accreditation.steps import Proposal
from agents.accreditation.wording import CONDITIONS
from agents.accreditation.wording import PIECES as NAMES
from agents.auth import require_role
from agents.forms import show
from agents.operations.outlets import Site
from shared.api import WardpostRequest
from shared.errors import DomainError
from shared.roles import Role

NOTERS = (Role.OUTLET_MANAGER, Role.OPERATOR_HQ, Role.PROGRAMME_OFFICER)
READERS = (*NOTERS, Role.AUDITOR, Role.ADMINISTRATOR)


def _seen(request: WardpostRequest, accreditation_id: UUID) -> Accreditation:
    try:
        return queries.find(accreditation_id, request.actor)
    except AccreditationNotFound as error:
        raise Http404 from error


@require_http_methods(["GET", "HEAD", "POST"])
@require_role(Role.OPERATOR_HQ)
def change_proposal(request: WardpostRequest, accreditation_id: UUID) -> HttpResponse:
    """Correct what was proposed."""
    found = _seen(request, accreditation_id)
    form = CorrectionForm(request.POST or None, initial={
        "name": found.name, "commune": found.commune_id, "address": found.address, "latitude": found.latitude,
        "longitude": found.longitude, "phone": found.phone, "tasks": found.tasks, "phase": found.phase})
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        site = Site(data["commune"], data["address"], data["latitude"], data["longitude"])
        asked = Proposal(found.code, data["name"], site, frozenset(data["tasks"]), data["phase"], data["phone"])
        try:
            proposals.change_proposal(accreditation_id=accreditation_id, proposal=asked, by=request.actor,
                                      at=timezone.now())
        except DomainError as error:
            _show_or_raise(error, form)
        else:
            messages.success(request, _("The proposal is corrected."))
            return redirect("agents:accreditation", accreditation_id)
    return render(request, "agents/accreditation/propose.html", {"form": form, "it": found},
                  status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@require_role(Role.PROGRAMME_OFFICER)
def take_over(request: WardpostRequest) -> HttpResponse:
    """Bring outlets that work already under accreditation."""
    rows = without_accreditation(request.actor)
    choices = [(row.code, f"{row.code} · {row.name} · {row.operator.name}") for row in rows]
    form = TakeOverForm(request.POST or None, outlets=choices)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        licence = proposals.Licence(data["licensed_from"], data["licensed_until"], data["legal_basis"])
        try:
            made = proposals.take_over(codes=data["codes"], licence=licence, by=request.actor, at=timezone.now())
        except DomainError as error:
            _show_or_raise(error, form)
        else:
            messages.success(request, _("%(count)s outlets are under accreditation now.") % {"count": len(made)})
            return redirect("agents:accreditations")
    return render(request, "agents/accreditation/take_over.html", {"form": form, "rows": rows},
                  status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@require_role(*READERS)
def equipment(request: WardpostRequest, accreditation_id: UUID) -> HttpResponse:
    """An outlet's equipment: how each piece does now, and what was noted before."""
    found = _seen(request, accreditation_id)
    may_note = request.actor.role in NOTERS and found.state in LICENSED
    form = EquipmentForm(request.POST or None)
    if request.method == "POST":
        if request.actor.role not in NOTERS:
            raise PermissionDenied
        if form.is_valid():
            try:
                proposals.note_equipment(accreditation_id=accreditation_id, **form.cleaned_data, by=request.actor,
                                         at=timezone.now())
            except DomainError as error:
                _show_or_raise(error, form)
            else:
                messages.success(request, _("Noted."))
                return redirect("agents:equipment", accreditation_id)
    return render(request, "agents/accreditation/equipment.html", _equipment(found) | {
        "it": found, "form": form, "may_note": may_note}, status=422 if form.errors else 200)


def _equipment(found: Accreditation) -> dict[str, Any]:
    notes = list(found.equipment.order_by("-at", "-id"))
    newest = {note.item: note for note in reversed(notes)}
    return {"pieces": [(NAMES[item], newest.get(item), CONDITIONS.get(newest[item].status) if item in newest else "")
                       for item in PIECES],
            "notes": [(NAMES.get(note.item, note.item), CONDITIONS.get(note.status), note) for note in notes]}


def _show_or_raise(error: DomainError, form: forms.Form) -> None:
    if error.status == 404:
        raise Http404 from error
    if error.status == 403:
        raise PermissionDenied from error
    show(error, form)
