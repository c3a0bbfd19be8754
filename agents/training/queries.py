"""What is read of courses, attempts and certificates; people first by who may see them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Exists, Max, OuterRef, Q, QuerySet

from agents.backends import accounts
from agents.models.people import StaffAccount
from agents.scope import outlets_seen_by
from agents.training.models import Attempt, Certificate, Course, TrainingGate
from agents.training.rules import Standing, last_day, may_try_from, standing
from shared.actors import Actor, ActorKind
from shared.roles import OUTLET_ROLES


def trainees_seen_by(actor: Actor) -> QuerySet[StaffAccount]:
    """The people of outlets whom `actor` answers for; a clerk sees herself alone."""
    trainees = accounts().filter(role__in=OUTLET_ROLES)
    if actor.kind is ActorKind.PERSON and actor.role == "outlet_clerk":
        return trainees.filter(id=actor.id)
    return trainees.filter(outlet__in=outlets_seen_by(actor).values("id"))


def courses_on(day: date) -> QuerySet[Course]:
    """The version of each course that is in force."""
    return Course.objects.filter(Q(valid_to=None) | Q(valid_to__gt=day), valid_from__lte=day).order_by("place", "code")


def certificates_seen_by(actor: Actor) -> QuerySet[Certificate]:
    return Certificate.objects.filter(account__in=trainees_seen_by(actor).values("id"))


def newest_ends(account_ids: Iterable[UUID]) -> Mapping[tuple[UUID, str], date]:
    """(account, group) → the first day on which none of her certificates of it holds any more."""
    rows = Certificate.objects.filter(account_id__in=list(account_ids)).values("account_id", "group").annotate(
        until=Max("valid_until"))
    return {(row["account_id"], row["group"]): row["until"] for row in rows}


@dataclass(frozen=True, slots=True)
class MyCourse:
    """A course as one person stands with it."""

    course: Course
    standing: Standing
    certificate: Certificate | None
    open_attempt: Attempt | None
    last: Attempt | None
    """The newest that is over."""
    may_try_from: datetime | None
    """None: at once."""

    @property
    def last_day(self) -> date | None:
        return last_day(self.certificate.valid_until) if self.certificate is not None else None


def my_courses(account_id: UUID, now: datetime, day: date) -> list[MyCourse]:
    """Every course in force and where the person stands with it; three questions to the database."""
    courses = list(courses_on(day))
    certificates: dict[str, Certificate] = {}
    for held in Certificate.objects.filter(account_id=account_id).order_by("valid_until"):
        certificates[held.group] = held
    attempts: dict[str, Attempt] = {}
    open_ones: dict[str, Attempt] = {}
    of_hers = Attempt.objects.filter(account_id=account_id).select_related("course").defer(
        "course__lessons", "course__questions")
    for attempt in of_hers.order_by("started_at"):
        is_open = attempt.finished_at is None and attempt.closes_at > now
        (open_ones if is_open else attempts)[attempt.course.code] = attempt
    return [MyCourse(each, standing(_end_of(certificates.get(each.group)), day), certificates.get(each.group),
                     open_ones.get(each.code), attempts.get(each.code), _wait(each, attempts.get(each.code), now))
            for each in courses]


def _end_of(certificate: Certificate | None) -> date | None:
    return certificate.valid_until if certificate is not None else None


def _wait(course: Course, last: Attempt | None, now: datetime) -> datetime | None:
    failed_at = (last.finished_at or last.closes_at) if last is not None and not last.has_passed else None
    wait = may_try_from(failed_at, course.wait_hours)
    return wait if wait is not None and wait > now else None


def lacking(trainees: QuerySet[StaffAccount], groups: Iterable[str], day: date) -> QuerySet[StaffAccount]:
    """Those without a certificate that holds on `day` in at least one of `groups`."""
    lacks = Q(pk__in=[])
    for group in groups:
        held = Certificate.objects.filter(account=OuterRef("pk"), group=group, valid_until__gt=day)
        lacks |= ~Q(Exists(held))
    return trainees.filter(lacks)


def gate_rows() -> QuerySet[TrainingGate]:
    """The newest row of each city."""
    return TrainingGate.objects.order_by("province_id", "-id").distinct("province_id")
