"""Taking a test, and setting a city's gate."""

import secrets
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from agents.models.people import StaffAccount
from agents.practice import live
from agents.training import gate, rules
from agents.training.errors import (
    AnswersIncomplete,
    AttemptClosed,
    AttemptNotFound,
    AttemptTooEarly,
    CourseNotFound,
    GateRefused,
    NotATrainee,
    PracticeMissing,
)
from agents.training.models import Attempt, Certificate, Course, TrainingGate
from agents.training.queries import courses_on, gate_rows
from shared.actors import Actor, ActorKind
from shared.audit import record
from shared.calendar import local
from shared.errors import ErrorCollector
from shared.identifiers import spoken_code
from shared.models.oversight import WorkItem
from shared.roles import OUTLET_ROLES, Role
from shared.text import clean
from shared.transactions import operation

ENDING: Final = "certificate-ending"
_SEEDS: Final = 2**31


@operation
def start_attempt(*, course_code: str, by: Actor, at: datetime, seed: int | None = None) -> Attempt:
    """Draw a test for whoever asks; an attempt that is still open is gone on with.

    Raises:
        CourseNotFound: there is no such course today.
        NotATrainee: `by` works at no outlet, or is a machine.
        AttemptTooEarly: the last one failed a short while ago; fact `from` says when the next may begin.
        PracticeMissing: her city asks for the course's exercises first; fact `exercises` names those not finished.
    """
    account = _trainee(by)
    course = courses_on(local(at).date()).filter(code=course_code).first()
    if course is None:
        raise CourseNotFound
    hers = Attempt.objects.filter(account=account, course__code=course_code)
    opened = hers.filter(finished_at=None).order_by("-started_at").first()
    if opened is not None and opened.closes_at > at:
        return opened
    close_lapsed_of(account_id=account.id, at=at)
    last = hers.filter(finished_at__isnull=False).order_by("-finished_at").first()
    failed_at = last.finished_at if last is not None and not last.has_passed else None
    wait = rules.may_try_from(failed_at, course.wait_hours)
    if wait is not None and wait > at:
        fact: dict[str, Any] = {"from": local(wait).isoformat()}  # a word of Python's own
        raise AttemptTooEarly(**fact)
    if missing := exercises_missing(course, account):
        raise PracticeMissing(exercises=missing)
    drawn = secrets.randbelow(_SEEDS) if seed is None else seed
    attempt = Attempt.objects.create(
        account=account, course=course, seed=drawn, started_at=at, closes_at=at + timedelta(minutes=course.minutes),
        paper=rules.draw(course.questions, how_many=course.draws, seed=drawn))
    record(actor=by, action="training.start", object_type="attempt", object_id=attempt.id, at=at,
           after={"course": course.code, "version": course.valid_from.isoformat()})
    return attempt


def exercises_missing(course: Course, account: StaffAccount) -> list[str]:
    """Codes of the exercises that stand between her and the test; none where her city does not ask for them."""
    if not course.exercises or not live.is_connected() or account.outlet is None:
        return []
    row = gate_rows().filter(province_id=account.outlet.commune.province_id).first()
    if row is None or not row.asks_practice:
        return []
    done = live.done_by(account.id)
    return [code for code in course.exercises if code not in done]


def close_lapsed_of(*, account_id: UUID, at: datetime) -> None:
    """What nobody handed in by its time has failed at that time; inside the caller's transaction."""
    for attempt in Attempt.objects.filter(account_id=account_id, finished_at=None, closes_at__lte=at):
        attempt.finished_at = attempt.closes_at
        attempt.save(update_fields=["finished_at"])


@operation
def hand_in(*, attempt_id: UUID, answers: Mapping[str, int], by: Actor, at: datetime) -> Attempt:
    """Mark a test. Who has passed has her certificate with it; the same answers again give the same result.

    Raises:
        AttemptNotFound: unknown, or somebody else's.
        AttemptClosed: handed in before with other answers, or its time is over.
        AnswersIncomplete: a question has no answer, or one that it does not offer.
    """
    account = _trainee(by)
    attempt = Attempt.objects.select_for_update(of=("self",)).select_related("course").filter(
        id=attempt_id, account=account).first()
    if attempt is None:
        raise AttemptNotFound
    if attempt.finished_at is not None and attempt.answers == dict(answers) and answers:
        return attempt
    if attempt.finished_at is not None or attempt.closes_at <= at:
        raise AttemptClosed
    _check(attempt, answers)
    attempt.answers, attempt.finished_at = dict(answers), at
    attempt.right = rules.right_answers(attempt.paper, answers)
    attempt.has_passed = rules.has_passed(attempt.right, attempt.asked, attempt.course.pass_percent)
    attempt.save(update_fields=["answers", "finished_at", "right", "has_passed"])
    record(actor=by, action="training.hand_in", object_type="attempt", object_id=attempt.id, at=at,
           after={"right": attempt.right, "asked": attempt.asked, "has_passed": attempt.has_passed})
    if attempt.has_passed:
        _certify(attempt, account, by, at)
    return attempt


def _check(attempt: Attempt, answers: Mapping[str, int]) -> None:
    wrong = ErrorCollector()
    offered = {question["code"]: len(question["options"]) for question in attempt.paper}
    for code, options in offered.items():
        if not 0 <= answers.get(code, -1) < options:
            wrong.add(f"/answers/{code}", "missing", _("Choose one answer."))
    for code in answers:
        if code not in offered:
            wrong.add("/answers", "unknown-question", _("This question was not asked."))
    wrong.raise_if_any(AnswersIncomplete)


def _certify(attempt: Attempt, account: StaffAccount, by: Actor, at: datetime) -> None:
    """A new certificate; the reminders of the former ones are settled."""
    assert account.outlet is not None  # noqa: S101  # a trainee works at one
    course, day = attempt.course, local(at).date()
    former = list(Certificate.objects.filter(account=account, group=course.group).values_list("id", flat=True))
    issued = Certificate.objects.create(
        number=spoken_code(), account=account, attempt=attempt, group=course.group, title_vi=course.title_vi,
        title_en=course.title_en, holder=account.display_name, outlet_name=account.outlet.name, issued_at=at,
        issued_on=day, valid_until=rules.valid_until(day, course.valid_months))
    WorkItem.objects.filter(kind=ENDING, closed_at=None, reference__in=[str(each) for each in former]).update(
        closed_at=at, closed_by=by.id, outcome="renewed")
    record(actor=by, action="training.certify", object_type="certificate", object_id=issued.id, at=at,
           after={"group": issued.group, "number": issued.number, "valid_until": issued.valid_until.isoformat()})


def _trainee(by: Actor) -> StaffAccount:
    """Locked, so that two attempts of one person follow one another."""
    if by.kind is not ActorKind.PERSON or by.role not in OUTLET_ROLES:
        raise NotATrainee
    account = StaffAccount.objects.select_for_update(of=("self",)).select_related("outlet__commune").filter(
        id=by.id, is_active=True).first()
    if account is None:
        raise NotATrainee
    return account


@operation
def set_gate(*, holds_from: date | None, reason: str, by: Actor, at: datetime,
             asks_practice: bool = False) -> TrainingGate:
    """From `holds_from` on, the outlets of the officer's city ask for certificates; None lifts the gate.

    With `asks_practice` a test begins only after its course's exercises, from now on.

    Raises:
        GateRefused: no reason, a day so near that nobody can still take a course, or exercises asked for where no
            practice house is connected.
    """
    wrong = ErrorCollector()
    if by.role != Role.PROGRAMME_OFFICER or not by.province_code:
        wrong.add("/holds_from", "not-yours", _("The programme officer of a city sets its gate."))
    if not clean(reason):
        wrong.add("/reason", "required", _("Say why; the audit keeps it."))
    if holds_from is not None and holds_from < local(at).date() + rules.LEAST_NOTICE:
        wrong.add("/holds_from", "too-soon", _("Give at least a week: people need time for the courses."))
    if asks_practice and not live.is_connected():
        wrong.add("/asks_practice", "no-practice", _("No practice house is connected; exercises cannot be asked for."))
    wrong.raise_if_any(GateRefused)
    row = TrainingGate.objects.create(province_id=by.province_code, holds_from=holds_from, reason=clean(reason)[:300],
                                      set_at=at, set_by_name=by.name, asks_practice=asks_practice)
    record(actor=by, action="training.set_gate", object_type="province", object_id=by.province_code, at=at,
           after={"holds_from": holds_from.isoformat() if holds_from else None, "asks_practice": asks_practice},
           reason=clean(reason)[:300])
    gate.forget()
    return row


