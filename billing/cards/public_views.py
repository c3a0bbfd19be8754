"""The citizen's page for one card payment: its address is the code that the counter shows."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from billing.cards.errors import CardPaymentNotFound
from billing.cards.queries import page_of
from shared import scope


@never_cache
@require_safe
def pay_by_card(request: HttpRequest, reference: str) -> HttpResponse:
    """How far the payment is. Says nothing about whose it is; asked for again by itself until it is settled.

    `xong` in the address: the card service has sent the cardholder back after paying.
    """
    with scope.everything():
        try:
            page = page_of(reference, came_back="xong" in request.GET)
        except CardPaymentNotFound:
            raise Http404 from None
    template = "billing/cards/pay_state.html" if request.headers.get("HX-Request") else "billing/cards/pay.html"
    answer = render(request, template, {"page": page})
    answer["Cache-Control"] = "no-store"
    answer["Referrer-Policy"] = "same-origin"
    answer["X-Robots-Tag"] = "noindex, nofollow"
    return answer
