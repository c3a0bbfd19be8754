"""The register of who signs for whom at a centre."""

from typing import Any, Final
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from agents import public as agents
from agents.auth import require_role
from intake.operations import delegations
from intake.queries.delegations import delegations_seen_by, is_allowed
from intake.views.opinion_forms import RefusableForm
from intake.views.questions import READERS
from shared.api import WardpostRequest
from shared.errors import DomainError
from shared.roles import Role

_DAY: Final = {"type": "date", "class": "input"}


class GrantForm(RefusableForm):
    delegate_id = forms.TypedChoiceField(label=gettext_lazy("Officer"), coerce=UUID)
    procedure_codes = forms.CharField(label=gettext_lazy("Procedures"), max_length=1500, required=False,
                                      help_text=gettext_lazy("Codes, with commas between, e.g. 1.001193, 1.000656."))
    valid_from = forms.DateField(label=gettext_lazy("From"), widget=forms.DateInput(attrs=_DAY))
    valid_to = forms.DateField(label=gettext_lazy("Until, not including"), widget=forms.DateInput(attrs=_DAY))
    legal_basis = forms.CharField(label=gettext_lazy("Legal basis"), max_length=300, required=False)

    def __init__(self, centre_id: UUID, data: Any = None) -> None:
        super().__init__(data)
        officers = [each for each in agents.staff_of_centre(centre_id) if each.role == Role.CENTRE_OFFICER]
        self.fields["delegate_id"].choices = [(str(each.id), each.name) for each in officers]  # type: ignore[attr-defined]


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@require_role(*READERS)
def register(request: WardpostRequest) -> HttpResponse:
    """Who signs for whom, and until when; a manager grants where the city has allowed it."""
    actor, now = request.actor, timezone.now()
    allowed = is_allowed(actor.province_code, now)
    is_manager = actor.role == Role.CENTRE_MANAGER and actor.centre_id is not None
    form = GrantForm(actor.centre_id, request.POST or None) if is_manager and actor.centre_id and allowed else None
    if request.method == "POST" and form is not None and form.is_valid():
        typed = form.cleaned_data
        try:
            delegations.grant(
                delegate_id=typed["delegate_id"], procedure_codes=tuple(typed["procedure_codes"].split(",")),
                valid_from=typed["valid_from"], valid_to=typed["valid_to"], legal_basis=typed["legal_basis"], by=actor,
                at=now)
        except DomainError as refusal:
            form.take_errors(refusal)
        else:
            messages.success(request, _("The delegation is in force; both names stand under what is signed."))
            return redirect("intake:delegations")
    rows = delegations_seen_by(actor).select_related("centre").order_by("revoked_at", "-valid_to", "id")[:100]
    return render(request, "intake/opinions/delegations.html", {
        "rows": rows, "form": form, "allowed": allowed, "today": timezone.localdate(),
        "may_revoke": actor.role in {Role.CENTRE_MANAGER, Role.ADMINISTRATOR},
        "may_open": actor.role == Role.ADMINISTRATOR and bool(actor.province_code),
    }, status=422 if form is not None and form.errors else 200)


@require_POST
@require_role(Role.CENTRE_MANAGER, Role.ADMINISTRATOR)
def revoke(request: WardpostRequest, delegation_id: UUID) -> HttpResponse:
    """End a delegation at once."""
    try:
        delegations.revoke(delegation_id=delegation_id, reason=request.POST.get("reason", ""), by=request.actor,
                           at=timezone.now())
    except DomainError as refusal:
        if refusal.status == 404:
            raise Http404 from refusal
        messages.warning(request, str(refusal.errors[0].message if refusal.errors else refusal.title))
    else:
        messages.success(request, _("The delegation has ended."))
    return redirect("intake:delegations")


@require_POST
@require_role(Role.ADMINISTRATOR)
def switch(request: WardpostRequest) -> HttpResponse:
    """Open the city's register by a decision of its council, or close it."""
    try:
        if request.POST.get("close"):
            delegations.close_register(province_code=request.actor.province_code, by=request.actor, at=timezone.now())
        else:
            delegations.open_register(province_code=request.actor.province_code, by=request.actor, at=timezone.now(),
                                      legal_basis=request.POST.get("legal_basis", ""))
    except DomainError as refusal:
        messages.warning(request, str(refusal.errors[0].message if refusal.errors else refusal.title))
    return redirect("intake:delegations")
