"""Shares of carriers: what is in force, what is proposed and on which ground; a person decides."""

from typing import Final
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from agents.auth import require_role
from delivery.errors import ProposalNotFound
from delivery.searches.views import said_of
from delivery.shares import operations
from delivery.shares.models import ShareProposal
from delivery.shares.rules import ProposalState, usual_shares
from shared import places
from shared.api import WardpostRequest
from shared.errors import DomainError
from shared.roles import FINANCE_ROLES, Role

READERS: Final = (*sorted(FINANCE_ROLES), Role.AUDITOR, Role.ADMINISTRATOR)
LATEST: Final = 20
WORDS: Final = {
    ProposalState.PROPOSED: gettext_lazy("Waits for a decision"), ProposalState.CONFIRMED: gettext_lazy("Confirmed"),
    ProposalState.DECLINED: gettext_lazy("Declined"),
}


class DecisionForm(forms.Form):
    words = forms.CharField(label=gettext_lazy("Why, for the operators"), max_length=300,
                            widget=forms.Textarea(attrs={"rows": 2}))


@require_safe
@require_role(*READERS)
def shares(request: WardpostRequest) -> HttpResponse:
    """The city's shares and the latest proposals."""
    province, now = request.actor.province_code, timezone.now()
    contracts = operations.contracts_of(province, now) if province else []
    in_force = (operations.shares_in_force(province, now) if province else None) or usual_shares(contracts)
    proposals = operations.proposals_seen_by(request.actor).order_by("-proposed_at")[:LATEST]
    return render(request, "delivery/shares.html", {
        "contracts": [(contract, in_force.get(contract.operator_code)) for contract in contracts],
        "proposals": [_row(each) for each in proposals], "form": DecisionForm(),
        "may_decide": request.actor.role == Role.ADMINISTRATOR,
        "province_name": places.province_full_name(province) if province else ""})


def _row(proposal: ShareProposal) -> dict[str, object]:
    state = ProposalState(proposal.state)
    parts = [{"code": code, "before": proposal.before.get(code, 0), "after": share,
              **proposal.records.get(code, {"due": 0, "kept": 0})} for code, share in sorted(proposal.shares.items())]
    return {"proposal": proposal, "words": WORDS[state], "parts": parts, "is_open": state is ProposalState.PROPOSED}


@require_POST
@require_role(Role.ADMINISTRATOR)
def decide(request: WardpostRequest, proposal_id: UUID) -> HttpResponse:
    """Confirm or decline a shift."""
    try:
        operations.decide(proposal_id=proposal_id, is_confirmed=request.POST.get("do") == "confirm",
                          words=request.POST.get("words", "")[:300], by=request.actor, at=timezone.now())
        messages.success(request, _("Decided; bookings follow from now on."))
    except ProposalNotFound:
        raise Http404 from None
    except DomainError as refusal:
        messages.warning(request, said_of(refusal))
    return redirect("delivery:shares")
