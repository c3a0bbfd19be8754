"""Certificates of the demonstration, through real tests; Hà Nội asks for them from a day that lies ahead."""

from datetime import datetime, timedelta
from typing import Final

from agents.models.people import StaffAccount
from agents.training import operations
from agents.training.models import Attempt, Certificate, TrainingGate
from agents.training.queries import courses_on
from shared.calendar import local

# log-in: the courses whose test is passed, and how many days before the demonstration's day
_PASSED: Final = (
    ("quay.hanoi", ("acting-for-a-citizen", "certified-copies", "civil-status"), 60),
    ("quay.hanoi", ("hand-over-and-custody",), 345),
    ("quay.hue", ("acting-for-a-citizen", "civil-status", "household-business"), 30),
    ("truong.hue", ("acting-for-a-citizen", "hand-over-and-custody"), 20),
    ("quay.viettel", ("acting-for-a-citizen",), 10),
)
_GATE_IN: Final = timedelta(days=60)


def plan(now: datetime) -> None:
    """Take the tests and set the gate; what was done before is left as it is."""
    for username, codes, days in _PASSED:
        account = StaffAccount.objects.select_related("outlet__operator", "outlet__commune").get(username=username)
        for code in codes:
            _pass(account, code, now - timedelta(days=days))
    officer = StaffAccount.objects.select_related("province").get(username="chuongtrinh.hanoi")
    if not TrainingGate.objects.filter(province=officer.province_id).exists():
        operations.set_gate(holds_from=local(now).date() + _GATE_IN, by=officer.actor, at=now,
                            reason="Kế hoạch đào tạo mạng lưới đại lý (dữ liệu minh hoạ)")


def _pass(account: StaffAccount, code: str, at: datetime) -> None:
    course = courses_on(local(at).date()).filter(code=code).first()
    if course is None or Certificate.objects.filter(account=account, group=course.group).exists():
        return
    begun = operations.start_attempt(course_code=code, by=account.actor, at=at)
    answers = {question["code"]: question["right"] for question in Attempt.objects.get(id=begun.id).paper}
    operations.hand_in(attempt_id=begun.id, answers=answers, by=account.actor, at=at + timedelta(minutes=9))
