"""What a full sign-in brings at a shared computer."""

from django.http import HttpResponse
from django.utils import timezone

from agents.models.people import StaffAccount
from agents.switching.known import LOCKED, remember
from agents.switching.operations import wake_pin
from shared.api import WardpostRequest


def come_in(request: WardpostRequest, account: StaffAccount, response: HttpResponse) -> HttpResponse:
    """She is known on this computer until tomorrow, her PIN counts again, and nothing is locked."""
    request.session.pop(LOCKED, None)
    wake_pin(account_id=account.pk)
    remember(request, response, account, timezone.now().timestamp())
    return response
