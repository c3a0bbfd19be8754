"""Courses, attempts and certificates, made through the real operations."""

from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction

from agents.models.people import StaffAccount
from agents.training import gate, operations
from agents.training.models import Attempt, Certificate, TrainingGate
from config.reference_data import courses
from tests.agents.factories import moment

MORNING = moment("2025-10-06 09:00")


def load_courses() -> None:
    """The courses of the repository."""
    with transaction.atomic():
        courses.read(Path(settings.BASE_DIR) / "reference_data")()


def right(attempt: Attempt, *, wrong: int = 0) -> dict[str, int]:
    """Answers to an attempt's questions, the first `wrong` of them not right."""
    return {question["code"]: (question["right"] + 1) % len(question["options"]) if number < wrong
            else question["right"] for number, question in enumerate(attempt.paper)}


def take(account: StaffAccount, code: str, at: datetime = MORNING, *, wrong: int = 0, seed: int = 7) -> Attempt:
    attempt = operations.start_attempt(course_code=code, by=account.actor, at=at, seed=seed)
    return operations.hand_in(attempt_id=attempt.id, answers=right(attempt, wrong=wrong), by=account.actor, at=at)


def certified(account: StaffAccount, code: str, at: datetime = MORNING) -> Certificate:
    return take(account, code, at).certificate


def gate_from(province_code: str, day: date | None, **facts: Any) -> TrainingGate:
    row = TrainingGate.objects.create(province_id=province_code, holds_from=day, reason="Thử", set_at=MORNING,
                                      set_by_name="Phan Thị Thu Hà", **facts)
    gate.forget()
    return row
