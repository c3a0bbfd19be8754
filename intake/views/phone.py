"""The page of a phone that photographs papers into a filing: no log-in, one link, ten minutes, initials only."""

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from intake.errors import PhoneLinkClosed
from intake.models.phone_links import PhoneLink
from intake.operations import phone_links
from intake.rules.wording import Words
from shared import scope
from shared.errors import DomainError

PAGE = "intake/public/phone.html"


@never_cache
@require_http_methods(["GET", "POST"])
def phone(request: HttpRequest, token: str) -> HttpResponse:
    """Show the papers that are asked for; take a photo of one. The link itself is the permission."""
    with scope.everything():
        try:
            link = phone_links.link_behind(token, at=timezone.now())
            answer = _received(request, link, token) if request.method == "POST" else _page(request, link)
        except PhoneLinkClosed as refusal:
            answer = render(request, PAGE, {"closed": refusal}, status=refusal.status)
    answer["Referrer-Policy"] = "same-origin"
    answer["X-Robots-Tag"] = "noindex, nofollow"
    answer["Cache-Control"] = "no-store"
    return answer


def _received(request: HttpRequest, link: PhoneLink, token: str) -> HttpResponse:
    """One photo a request, so that a slow line loses one at most."""
    component, upload = request.POST.get("component", ""), request.FILES.get("photo")
    if upload is None:
        return _page(request, link, failed=component, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        phone_links.store_photo(token=token, chunks=upload.chunks(), name=upload.name or "", component=component,
                                at=timezone.now())
    except PhoneLinkClosed:
        raise
    except DomainError as refusal:
        why = refusal.errors[0].message if refusal.errors else refusal.title
        return _page(request, link, failed=component, why=str(why), status=HTTPStatus.UNPROCESSABLE_ENTITY)
    return _page(request, link)


def _page(request: HttpRequest, link: PhoneLink, *, failed: str = "", why: str = "", status: int = 200) -> HttpResponse:
    counts = phone_links.photos_of(link)
    papers = [{"code": paper["code"], "name": Words(paper["vi"], paper["en"]), "sent": counts.get(paper["code"], 0),
               "failed": failed == paper["code"], "why": why} for paper in link.papers]
    return render(request, PAGE, {"link": link, "papers": papers}, status=status)
