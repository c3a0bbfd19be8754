"""Every refusal under /api/ as a problem document, whoever made it, and a page that explains each kind."""

from collections.abc import Callable
from functools import cache
from http import HTTPStatus
from importlib import import_module
from typing import Final

import structlog
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import override
from django.views.decorators.http import require_safe
from django.views.defaults import bad_request

from shared.errors import DomainError
from shared.nul import is_about_nul
from shared.problems import MEDIA_TYPE, all_problems, problem_of_status, respond

log = structlog.get_logger()

API: Final = "/api/"
APPS: Final = ("shared", "agents", "billing", "delivery", "intake")
# Modules besides those called `errors` that declare refusals.
ELSEWHERE: Final = ("shared.problems", "shared.idempotency", "shared.validation", "shared.api")


class ProblemsForMachines:
    """Turn what Django itself answers under /api/ (no such address, wrong method, a fault) into problem documents."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if response.status_code < HTTPStatus.BAD_REQUEST or not request.path_info.startswith(API):
            return response
        if response.headers.get("Content-Type", "").startswith(MEDIA_TYPE):
            return response
        kept = {name: response.headers[name] for name in ("Allow", "Retry-After") if name in response.headers}
        return respond(problem_of_status(response.status_code), headers=kept)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """A form with a NUL somewhere is a wrong request, and no fault of ours."""
        if not is_about_nul(exception):
            return None
        log.warning("nul_refused", path=request.path)
        return bad_request(request, exception)


def known_problems() -> dict[str, type[DomainError]]:
    """Every kind of refusal in the house, by code."""
    for name in (*_declaring(), *ELSEWHERE):
        import_module(name)
    return {kind.code: kind for kind in all_problems() if kind.__module__.partition(".")[0] in (*APPS, "config")}


@cache
def _declaring() -> tuple[str, ...]:
    """Modules and packages called `errors`, of the apps and of the packages inside them."""
    root = settings.BASE_DIR
    found = (path for app in APPS for pattern in ("errors.py", "errors/*.py") for path in (root / app).rglob(pattern))
    return tuple(sorted(".".join(path.relative_to(root).with_suffix("").parts) for path in found))


@require_safe
def explain(request: HttpRequest, code: str) -> HttpResponse:
    """Tell what a kind of problem means, in both languages."""
    kind = known_problems().get(code)
    if kind is None:
        raise Http404
    return render(request, "config/problem.html", {"problem": _described(kind), "code": code})


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """List every kind of problem."""
    problems = [_described(kind) for kind in known_problems().values()]
    return render(request, "config/problems.html", {"problems": problems})


def _described(kind: type[DomainError]) -> dict[str, object]:
    with override("vi"):
        vietnamese = str(kind.title)
    with override("en"):
        english = str(kind.title)
    error = kind()
    return {"code": kind.code, "status": kind.status, "phrase": HTTPStatus(kind.status).phrase, "title_vi": vietnamese,
            "title_en": english, "retryable": error.retry_after_seconds > 0 or kind.status >= 500}


def problems_document() -> str:
    """The whole text of docs/problems.md."""
    lines = [
        "# Problems", "",
        "Every refusal of the API is an `application/problem+json` document (RFC 9457) of the type `/problems/<code>`.",
        "This table is drawn from the code by `manage.py draw_problems`; a test compares them. A code never changes",
        "its meaning. `retryable`: the very same request may succeed later, and `Retry-After` says when.", "",
        "| code | status | Tiếng Việt | English | retryable |", "| --- | --- | --- | --- | --- |",
    ]
    for problem in map(_described, known_problems().values()):
        retryable = "yes" if problem["retryable"] else ""
        lines.append(f"| `{problem['code']}` | {problem['status']} | {problem['title_vi']} | {problem['title_en']} |"
                     f" {retryable} |")
    return "\n".join(lines) + "\n"
