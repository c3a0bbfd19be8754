"""A PDF as the answer to a request."""

from collections.abc import Callable

from django.http import Http404, HttpResponse

from intake.errors import DossierNotFound


def pdf_answer(make: Callable[[], bytes], name: str) -> HttpResponse:
    """What `make` makes, to be looked at in the browser; 404 for a paper that the reader does not see."""
    try:
        made = make()
    except DossierNotFound:
        raise Http404 from None
    return HttpResponse(made, content_type="application/pdf",
                        headers={"Content-Disposition": f'inline; filename="{name}"'})
