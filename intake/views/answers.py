"""How screens answer: a whole page, or the part that htmx asked for; refusals beside their fields."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from intake.rules.names import mask_numbers
from shared.api import WardpostRequest
from shared.errors import DomainError


def show(request: WardpostRequest, template: str, part: str, context: Mapping[str, object], *,
         status: int = 200) -> HttpResponse:
    """The page, or only its partial `part` when htmx asks."""
    if not request.htmx:
        return render(request, template, dict(context), status=status)
    answer = render(request, f"{template}#{part}", dict(context), status=status)
    if waiting := messages.get_messages(request):  # said now, with the part, and not on whatever page comes next
        answer.write(render_to_string("components/toasts_now.html", {"messages": waiting}))
    return answer


def go(request: WardpostRequest, to: str, **where: Any) -> HttpResponse:
    """Go to another page after a change: a redirect, which htmx follows as a page of its own."""
    response: HttpResponse = redirect(to, **where)
    if not request.htmx:
        return response
    answer = HttpResponse(status=200)
    answer["HX-Redirect"] = response["Location"]
    return answer


def errors_of(refusal: DomainError) -> dict[str, str]:
    """Field name → what to do. "/delivery/street" is `delivery_street`; what belongs to no field is under ""."""
    found: dict[str, str] = {}
    for error in refusal.errors:
        name = error.pointer.strip("/").replace("/", "_")
        found[name] = f"{found[name]} {error.message}" if name in found else str(error.message)
    return found or {"": said(refusal)}


def said(refusal: DomainError) -> str:
    """Title and, where it says more, detail."""
    title, detail = str(refusal.title), str(refusal.detail)
    return title if detail == title else f"{title}. {detail}"


def tell_if_masked(request: WardpostRequest, *texts: str) -> None:
    """Say that an ID number in what was typed is kept hidden, so that nobody looks for it later."""
    if any(mask_numbers(text) != text for text in texts):
        messages.info(request, _("An ID number in your text is kept hidden: notes are read by many people."))


def uploads(request: WardpostRequest) -> "Iterator[tuple[str, UploadedFile[Any]]]":
    """Each file of the request with the component it was uploaded for; the field is `file-<component>`."""
    for field in request.FILES:
        for upload in request.FILES.getlist(field):
            if isinstance(upload, UploadedFile):
                yield field.removeprefix("file-"), upload
