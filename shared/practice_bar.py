"""On every page of practice: a bar that says so, and colours of its own. Nobody has to remember it for a new page."""

from collections.abc import Callable
from typing import Final

from django.core.exceptions import MiddlewareNotUsed
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils import translation

from shared import practice

HEADER: Final = "X-Wardpost-Practice"
_BODY: Final = b"<body"
_HEAD_ENDS: Final = b"</head>"


class SayPractice:
    """Puts the bar into whole pages, after everything else has made them; every answer says it in a header too."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        if not practice.is_on():
            raise MiddlewareNotUsed
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        answer = self.get_response(request)
        answer[HEADER] = "1"
        answer["X-Robots-Tag"] = "noindex, nofollow"
        if not answer.streaming and answer.get("Content-Type", "").startswith("text/html"):
            answer.content = _with_bar(answer.content, getattr(request, "LANGUAGE_CODE", "vi"))
            if "Content-Length" in answer:
                answer["Content-Length"] = str(len(answer.content))
        return answer


def _with_bar(page: bytes, language: str) -> bytes:
    """The page with its own styles last in the head and the bar first in the body; a fragment stays as it is."""
    begins = page.find(_BODY)
    ends = page.find(b">", begins)
    if begins < 0 or ends < 0:
        return page
    with translation.override(language):
        bar = render_to_string("components/practice_bar.html").encode()
    style = f'<link rel="stylesheet" href="{static("wardpost/css/practice.css")}">'.encode()
    marked = page[:ends + 1] + bar + page[ends + 1:]
    return marked.replace(_HEAD_ENDS, style + _HEAD_ENDS, 1)
