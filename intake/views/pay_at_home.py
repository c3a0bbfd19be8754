"""The citizen pays by card what is due for the dossier that she has opened by code and digits."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from delivery import public as delivery
from intake.dues import parts_due
from intake.models.dossiers import Dossier
from intake.operations import payments
from intake.rules.states import MoneyState
from intake.views.answers import said
from shared import scope
from shared.errors import DomainError
from shared.money import ZERO

PAGE = "intake/public/pay_at_home.html"


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def pay_at_home(request: HttpRequest) -> HttpResponse:
    """What is due; then the page of the payment itself."""
    opened = delivery.remembered(request.session, now=timezone.now())
    if opened is None or opened.dossier_id is None:
        return redirect("delivery:track")
    with scope.everything():
        dossier = Dossier.objects.filter(id=opened.dossier_id).first()
        if dossier is None or dossier.money != MoneyState.DUE:
            return redirect("delivery:tracked")
        shown = {"amount": sum(parts_due(dossier), ZERO), "parts": parts_due(dossier)}
        if request.method != "POST":
            return _private(render(request, PAGE, shown))
        try:
            asked = payments.ask_card_at_home(dossier_id=dossier.id, at=timezone.now())
        except DomainError as refusal:
            return _private(render(request, PAGE, shown | {"problem": said(refusal)}, status=refusal.status))
    return redirect("billing:pay-by-card", reference=asked.reference)


def _private(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "no-store"
    response["Referrer-Policy"] = "same-origin"
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response
