"""The citizen's own pages behind her tracking code, and what managers see of all answers."""

from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from agents.auth import require_role
from delivery import public as delivery
from intake.errors import AlreadyRated, MoneyReportNotFound, NotRateableYet
from intake.models.dossiers import Dossier
from intake.notices import operations as notices
from intake.notices import queries as notice_queries
from intake.notices.rules import ORDER
from intake.satisfaction import operations, queries
from intake.satisfaction.operations import CITIZEN, Asked
from intake.satisfaction.rules import ANSWERS, MONEY_AT, MUST, QUESTIONS
from intake.views.answers import errors_of, said
from shared import scope
from shared.api import WardpostRequest
from shared.errors import DomainError
from shared.roles import Role

MANAGERS: Final = (Role.OUTLET_MANAGER, Role.OPERATOR_HQ, Role.CENTRE_MANAGER, Role.AUDITOR, Role.ADMINISTRATOR)
SETTLERS: Final = (Role.CENTRE_MANAGER, Role.ADMINISTRATOR)
LOOKS_BACK: Final = timedelta(days=92)


def _opened(request: HttpRequest) -> UUID | None:
    """The dossier whose code and digits this visitor has shown."""
    opened = delivery.remembered(request.session, now=timezone.now())
    return opened.dossier_id if opened is not None else None


def _private(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "no-store"
    response["Referrer-Policy"] = "same-origin"
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def rate(request: HttpRequest) -> HttpResponse:
    """Ask how it was; only who has opened the dossier by code and digits gets here."""
    dossier_id = _opened(request)
    if dossier_id is None:
        return redirect("delivery:track")
    with scope.everything():
        if request.method != "POST":
            asked = queries.is_asked(dossier_id)
            return _private(render(request, "intake/satisfaction/rate.html", _form(request, is_asked=asked)))
        try:
            operations.answer(dossier_id=dossier_id, at=timezone.now(), **_entered(request))
        except (AlreadyRated, NotRateableYet) as refusal:
            return _private(render(request, "intake/satisfaction/rate.html", _form(
                request, is_asked=False, problem=said(refusal)), status=409))
        except DomainError as refusal:
            return _private(render(request, "intake/satisfaction/rate.html", _form(
                request, is_asked=True, errors=errors_of(refusal)), status=422))
    return _private(render(request, "intake/satisfaction/rate.html", _form(request, is_asked=False, is_done=True)))


def _entered(request: HttpRequest) -> dict[str, Any]:
    posted = request.POST
    answers = {name: int(posted[name]) for name in QUESTIONS if posted.get(name, "").isdecimal()
               and len(posted[name]) == 1}
    asked = None
    if posted.get("money") == "yes":
        digits = "".join(letter for letter in posted.get("money_amount", "") if letter in "0123456789")[:12]
        asked = Asked(posted.get("money_at", ""), int(digits) if digits else None,
                      posted.get("money_words", "")[:1000])
    return {"answers": answers, "comment": posted.get("comment", "")[:1000], "asked": asked}


def _form(request: HttpRequest, *, is_asked: bool, is_done: bool = False, problem: str = "",
          errors: dict[str, str] | None = None) -> dict[str, Any]:
    posted = request.POST
    questions = [{"name": name, "words": words, "must": name == MUST, "error": (errors or {}).get(name, ""),
                  "answers": [{"value": value, "words": answer, "is_chosen": posted.get(name) == str(value)}
                              for value, answer in ANSWERS.items()]} for name, words in QUESTIONS.items()]
    return {"questions": questions, "is_asked": is_asked, "is_done": is_done, "problem": problem,
            "errors": errors or {}, "entered": posted, "money_at": MONEY_AT.items()}


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def choose_notices(request: HttpRequest) -> HttpResponse:
    """She says herself how she wants to be told."""
    dossier_id = _opened(request)
    if dossier_id is None:
        return redirect("delivery:track")
    with scope.everything():
        dossier = Dossier.objects.select_related("citizen").filter(id=dossier_id).first()
        if dossier is None:
            return redirect("delivery:track")
        is_kept = request.method == "POST"
        if is_kept:
            wanted = set(request.POST.getlist("channel"))
            notices.choose_channels(
                citizen_id=dossier.citizen_id, refused=frozenset(each for each in ORDER if str(each) not in wanted),
                language=request.POST.get("language", "vi"), by="citizen", actor=CITIZEN, at=timezone.now())
        choices, language = notice_queries.choices_of(dossier.citizen)
        return _private(render(request, "intake/satisfaction/notices.html", {
            "choices": choices, "language": language, "is_kept": is_kept}))


# --- managers -------------------------------------------------------------------------------------------------------


@never_cache
@require_GET
@require_role(*MANAGERS)
def results(request: WardpostRequest) -> HttpResponse:
    """How citizens were served at the places one answers for; reports about money for whom they are meant."""
    return _results(request)


def _results(request: WardpostRequest, *, errors: dict[str, str] | None = None, about: UUID | None = None,
             status: int = 200) -> HttpResponse:
    now = timezone.now()
    found = queries.results(request.actor, since=now - LOOKS_BACK)
    return render(request, "intake/satisfaction/results.html", {
        "results": found, "questions": QUESTIONS.values(), "reports": queries.reports(request.actor),
        "may_settle": request.actor.role in SETTLERS, "errors": errors or {}, "about": about, "entered": request.POST,
        "sees_reports": found.asked_for_money is not None}, status=status)


@require_POST
@require_role(*SETTLERS)
def settle(request: WardpostRequest, report_id: UUID) -> HttpResponse:
    """Say what became of a report about money."""
    try:
        operations.settle(report_id=report_id, outcome=request.POST.get("outcome", "")[:500], by=request.actor,
                          at=timezone.now())
    except MoneyReportNotFound:
        raise Http404 from None
    except DomainError as refusal:
        return _results(request, errors=errors_of(refusal), about=report_id, status=422)
    messages.success(request, _("The report is settled."))
    return redirect("intake:satisfaction")
