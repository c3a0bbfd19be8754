"""Scores from the story's own dossiers: nothing is invented but what people say about them."""

from datetime import date, datetime, time, timedelta
from typing import Any, Final

from agents.models.people import StaffAccount
from agents.quality import appeals, commending, launch
from agents.quality.computing import count_month, freeze_months
from agents.quality.models import Commendation, ScoreMeasure
from agents.quality.rules import Measure, PraiseState, PraiseStep, month_of
from config.demo.network import HANOI
from intake.complaints import operations as complaints
from intake.complaints.models import Complaint
from intake.models.dossiers import Dossier
from intake.rules.states import Handling
from shared.actors import Actor
from shared.calendar import at_local, local

CITIES: Final = (HANOI, "46")
COUNTED: Final = ((date(2025, 7, 1), date(2025, 8, 5)), (date(2025, 12, 1), date(2026, 1, 10)),
                  (date(2026, 1, 1), date(2026, 2, 5)))
"""The story's months, and the night in which each was counted."""
FROZEN_AT: Final = at_local(date(2026, 2, 20), time(2, 25))
_COMPLAINTS: Final = (("waiting", "Chờ gần một giờ vì chỉ mở một quầy."),
                      ("instructions", "Được dặn mang bản chứng thực, đến nơi lại bảo bản chụp là đủ."))


def tell(now: datetime) -> None:
    """Count, freeze, commend, complain, appeal. What cannot be found in this story is left out."""
    for month, night in COUNTED:
        _count(month, at_local(night, time(2, 25)))
    freeze_months(at=FROZEN_AT)
    commending.propose(at=FROZEN_AT)
    _commend(FROZEN_AT + timedelta(days=1, hours=7))
    _complain(now)
    _count(month_of(local(now).date()), now)
    _appeal(now)
    launch.begin_watches(at=now)


def _count(month: date, at: datetime) -> None:
    for province_code in CITIES:
        count_month(province_code=province_code, month=month, at=at)


def _actor(username: str) -> Actor:
    return StaffAccount.objects.select_related("outlet__operator", "outlet__commune", "province").get(
        username=username).actor


def _commend(at: datetime) -> None:
    proposed = Commendation.objects.filter(province_code=HANOI, state=PraiseState.PROPOSED).order_by("outlet__code")
    first = proposed.first()
    if first is not None:
        commending.decide(commendation_id=first.id, step=PraiseStep.CONFIRM, by=_actor("chuongtrinh.hanoi"), at=at,
                          words="Hồ sơ chuyển đi trong ngày, người dân không phải đến lần hai.")


def _complain(now: datetime) -> None:
    done: Any = Dossier.objects.filter(province_code=HANOI, handling=Handling.RETURNED, outlet__isnull=False)
    for number, (dossier_id, (subject, text)) in enumerate(zip(
            done.order_by("-id").values_list("id", flat=True)[:len(_COMPLAINTS)], _COMPLAINTS, strict=False)):
        if Complaint.objects.filter(dossier_id=dossier_id).exists():
            continue
        said = complaints.complain(dossier_id=dossier_id, subject=subject, text=text, at=now - timedelta(days=2))
        if number == 0:
            complaints.decide(complaint_id=said.id, is_founded=False, by=_actor("chuongtrinh.hanoi"),
                              at=now - timedelta(days=1),
                              answer="Hôm đó điểm mở đủ hai quầy theo lịch; đã xin lỗi vì giờ cao điểm phải chờ.")


def _appeal(now: datetime) -> None:
    manager = _actor("truong.hue")
    assert manager.outlet_id is not None  # noqa: S101  # as the log-ins are made
    missed = ScoreMeasure.objects.filter(
        score__outlet_id=manager.outlet_id, score__month=month_of(local(now).date()), missed__gt=0,
        measure=Measure.TRAINING, score__appeals=None).first()
    if missed is not None:
        appeals.appeal(score_id=missed.score_id, measure=missed.measure, cases=[], by=manager, at=now,
                       reason="Máy chủ thi trực tuyến không mở được hai ngày liền, đã báo phòng điều hành.")
