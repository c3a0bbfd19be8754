"""Learning at the screen: courses, tests, certificates, and the public page that confirms one."""

from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from agents.auth import require_role
from agents.practice import live
from agents.practice.exercises import exercise_of
from agents.training import operations, papers, rules
from agents.training.errors import AnswersIncomplete, AttemptTooEarly, PracticeMissing
from agents.training.models import Attempt, Certificate, Course
from agents.training.queries import certificates_seen_by, my_courses
from shared import scope
from shared.api import WardpostRequest
from shared.calendar import local
from shared.errors import DomainError
from shared.identifiers import is_spoken_code
from shared.roles import OUTLET_ROLES, Role

READERS: Final = (Role.OUTLET_CLERK, Role.OUTLET_MANAGER, Role.OPERATOR_HQ, Role.PROGRAMME_OFFICER, Role.AUDITOR,
                  Role.ADMINISTRATOR)
TRAINEES: Final = (Role.OUTLET_CLERK, Role.OUTLET_MANAGER)
LETTERS: Final = "ABCDEF"


@require_safe
@require_role(*READERS)
def training(request: WardpostRequest) -> HttpResponse:
    """Every course; for the people of an outlet, where they stand with it."""
    now = timezone.now()
    rows = my_courses(UUID(request.actor.id), now, local(now).date())
    context = {"rows": rows, "is_trainee": request.actor.role in OUTLET_ROLES, "tab": "courses",
               "has_practice": live.is_connected()}
    return render(request, "agents/training/courses.html", context)


@never_cache
@require_safe
@require_role(*READERS)
def course(request: WardpostRequest, code: str) -> HttpResponse:
    """Read a course; those who answer for it see its questions too."""
    now = timezone.now()
    rows = my_courses(UUID(request.actor.id), now, local(now).date())
    row = next((each for each in rows if each.course.code == code), None)
    if row is None:
        raise Http404
    is_trainee = request.actor.role in OUTLET_ROLES
    context = {"row": row, "is_trainee": is_trainee, "lessons": _lessons(row.course),
               "exercises": _exercises(request, row.course),
               "bank": () if is_trainee else [_question(each) for each in row.course.questions]}
    return render(request, "agents/training/course.html", context)


def _exercises(request: WardpostRequest, shown: Course) -> list[dict[str, Any]]:
    """The course's exercises with what she has done of them; none where there is no practice."""
    if not shown.exercises or not live.is_connected():
        return []
    done = live.done_by(UUID(request.actor.id))
    return [{"exercise": each, "result": done.get(code)} for code in shown.exercises if (each := exercise_of(code))]


@require_POST
@require_role(*TRAINEES)
def start(request: WardpostRequest, code: str) -> HttpResponse:
    """Draw a test, or go on with the one that is open."""
    try:
        attempt = operations.start_attempt(course_code=code, by=request.actor, at=timezone.now())
    except (AttemptTooEarly, PracticeMissing) as refusal:
        messages.warning(request, str(refusal.title))
        return redirect("agents:training-course", code=code)
    except DomainError:
        raise Http404 from None
    return redirect("agents:training-attempt", attempt_id=attempt.id)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@require_role(*TRAINEES)
def attempt(request: WardpostRequest, attempt_id: UUID) -> HttpResponse:
    """Answer the questions; afterwards, what was right, why, and where it is written."""
    mine = Attempt.objects.select_related("course", "certificate").filter(
        id=attempt_id, account_id=UUID(request.actor.id)).first()
    if mine is None:
        raise Http404
    if request.method != "POST" or mine.finished_at is not None:
        return _result(request, mine) if _is_over(mine) else _questions(request, mine, {}, status=200)
    answers = _answers(request, mine)
    try:
        operations.hand_in(attempt_id=mine.id, answers=answers, by=request.actor, at=timezone.now())
    except AnswersIncomplete:
        return _questions(request, mine, answers, status=422)
    except DomainError as refusal:
        messages.warning(request, str(refusal.title))
    return redirect("agents:training-attempt", attempt_id=mine.id)


def _is_over(mine: Attempt) -> bool:
    return mine.finished_at is not None or mine.closes_at <= timezone.now()


def _answers(request: HttpRequest, mine: Attempt) -> dict[str, int]:
    given = {question["code"]: request.POST.get(f"q-{question['code']}", "") for question in mine.paper}
    return {code: int(value) for code, value in given.items() if value.isascii() and value.isdigit() and len(value) < 3}


def _questions(request: WardpostRequest, mine: Attempt, answers: dict[str, int], *, status: int) -> HttpResponse:
    asked = [_question(question, answers.get(question["code"])) for question in mine.paper]
    missing = [each for each in asked if each["chosen"] is None] if status != 200 else []
    context = {"attempt": mine, "questions": asked, "missing": missing, "is_refused": status != 200}
    return render(request, "agents/training/attempt.html", context, status=status)


def _result(request: WardpostRequest, mine: Attempt) -> HttpResponse:
    asked = [_question(question, mine.answers.get(question["code"])) for question in mine.paper]
    ended = mine.finished_at or mine.closes_at
    again = None if mine.has_passed else rules.may_try_from(ended, mine.course.wait_hours)
    context = {"attempt": mine, "questions": asked, "again": again, "is_lapsed": not mine.answers,
               "may_try": again is not None and again <= timezone.now(),
               "certificate": getattr(mine, "certificate", None)}
    return render(request, "agents/training/result.html", context)


def _question(question: Any, chosen: int | None = None) -> dict[str, Any]:
    """A question in the reader's language."""
    en = get_language() == "en"
    options = [{"value": index, "letter": LETTERS[index], "text": pair[1 if en else 0], "is_chosen": index == chosen,
                "is_right": index == question["right"]} for index, pair in enumerate(question["options"])]
    return {"code": question["code"], "text": question["text_en" if en else "text_vi"], "options": options,
            "chosen": chosen, "is_right": chosen == question["right"], "why": question["why_en" if en else "why_vi"],
            "source": question["source"]}


def _lessons(shown: Course) -> list[dict[str, Any]]:
    suffix = "en" if get_language() == "en" else "vi"
    return [{"title": each[f"title_{suffix}"], "paragraphs": each[f"text_{suffix}"].split("\n"),
             "picture": each.get("picture", ""), "caption": each.get(f"picture_{suffix}", ""),
             "video": each.get("video", "")} for each in shown.lessons]


@require_safe
@require_role(*READERS)
def certificate(request: WardpostRequest, certificate_id: UUID) -> HttpResponse:
    """The certificate as a PDF, for its holder and those who answer for her."""
    found = certificates_seen_by(request.actor).filter(id=certificate_id).first()
    if found is None:
        raise Http404
    return HttpResponse(papers.certificate_pdf(found), content_type="application/pdf",
                        headers={"Content-Disposition": f'inline; filename="{found.number}.pdf"',
                                 "Cache-Control": "no-store, private"})


@never_cache
@require_safe
def check(request: HttpRequest, number: str = "") -> HttpResponse:
    """Anybody who holds a certificate's number may ask whether it is genuine and still holds."""
    asked = (number or request.GET.get("number", "")).strip().upper().replace("-", "").replace(" ", "")[:20]
    found = _genuine(asked)
    today = timezone.localdate()
    context = {"asked": asked, "certificate": found, "last_day": papers.last_day(found) if found else None,
               "holds": found is not None and found.valid_until > today}
    return render(request, "agents/training/check.html", context, status=200 if found or not asked else 404)


def _genuine(number: str) -> Certificate | None:
    """A number with a wrong check character costs no question to the database."""
    if not is_spoken_code(number):
        return None
    with scope.everything():
        return Certificate.objects.filter(number=number).first()

