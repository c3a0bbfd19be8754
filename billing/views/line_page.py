"""One line of a month on a page of its own, with what stands in the way of taking it back."""

from collections.abc import Mapping

from django.http import HttpResponse
from django.shortcuts import render

from billing.queries.lines import OpenLine
from billing.take_backs import queries as take_backs
from billing.wording import rules, why
from shared.api import WardpostRequest


def line_page(request: WardpostRequest, line: OpenLine, *, errors: Mapping[str, str] | None = None,
              status: int = 200) -> HttpResponse:
    """The whole page; `errors` are beside the fields of the request to take it back, with what was typed."""
    return render(request, "billing/line.html", {
        "line": line, "why": why(line), "rules": rules(line.charge), "errors": errors or {},
        "entered": request.POST if errors else {}, "take_backs": take_backs.of_line(line.charge, request.actor)},
        status=status)
