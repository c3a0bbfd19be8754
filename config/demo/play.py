"""Lays the network and plays the story, once per database."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Final

from django.conf import settings

from config.demo import (
    accounts,
    accredited,
    brokers,
    card_day,
    cast,
    citizen_side,
    competence,
    counter_staff,
    home_results,
    hue_day,
    kept_promises,
    money_day,
    money_rules,
    network,
    open_figures,
    payouts,
    placement,
    post_troubles,
    programme,
    quality,
    room_day,
    signed_books,
    today,
    told,
    training,
    visits,
)
from config.demo.hanoi_months import Months
from config.demo.post import Post
from config.demo.timeline import Timeline
from delivery.operations import numbers
from shared import audit
from shared.actors import job
from shared.models.oversight import AuditEntry

STORY: Final = "two-cities-3"
"""Changes when the story does, so that an older demo is recognised."""

TODAY: Final = "Hôm nay"
TOLD: Final = "Thông báo, sổ tay"
TRAINING: Final = "Đào tạo và chứng chỉ"
VISITS: Final = "Lịch lưu động"
COMPETENCE: Final = "Thẩm quyền và lịch"
RULES: Final = "Quy định và dự toán"
KEPT: Final = "Giữ hẹn"
HOME: Final = "Kết quả về nhà"
SPOKEN: Final = "Hỏi đáp, hài lòng"
TROUBLES: Final = "Bưu gửi trục trặc"
MONEY: Final = "Đề nghị, khiếu nại, ca quỹ"
PAYOUTS: Final = "Thu hộ, chi trả"
CARDS: Final = "Trả bằng thẻ"
SIGNED: Final = "Sổ đã ký, truy cập hỗ trợ"
ROOM: Final = "Phòng điều hành"
QUALITY: Final = "Chất lượng điểm"
LICENCES: Final = "Công nhận điểm"
PROGRAMME: Final = "Chương trình"
COVERAGE: Final = "Độ phủ"
BROKERS: Final = "Ngăn cò mồi"
STAFF: Final = "Người ở quầy"
FIGURES: Final = "Số liệu công khai"

type Tell = Callable[[str, int, int], None]
"""Hears of progress: chapter, done, left."""


def is_played(chapter: str) -> bool:
    return AuditEntry.objects.filter(action="demo.played", object_type=STORY, object_id=chapter).exists()


def play(*, address: str, now: datetime, tell: Tell, connected: Mapping[str, object] | None = None) -> None:
    """Play the chapters not played yet. `address` is where this house's own API takes the carrier's events.

    `connected` are the settings that connect citizens and the portal: from today's chapter on they are told.
    """
    network.lay_network()
    cast.hire()
    accounts.open_accounts()
    actors = cast.Cast()
    _chapter("Huế 07/2025", lambda timeline: hue_day.plan(timeline, actors), now, tell, waits=False)
    _allot_numbers(now)
    with Post(address) as post:
        _chapter(
            "Hà Nội 12/2025–01/2026", lambda timeline: Months(timeline, actors, post).plan(), now, tell, waits=True
        )
    _chapter(KEPT, kept_promises.plan, now, tell, waits=True)
    for name, value in (connected or {}).items():
        setattr(settings, name, value)
    _chapter(TODAY, lambda timeline: today.plan(timeline, now), now, tell, waits=True)
    _chapter(TRAINING, lambda timeline: timeline.plan(now, training.plan), now, tell, waits=True)
    _chapter(TOLD, lambda timeline: timeline.plan(now, told.tell), now, tell, waits=True)
    _chapter(VISITS, lambda timeline: timeline.plan(now, visits.plan), now, tell, waits=True)
    _chapter(COMPETENCE, lambda timeline: timeline.plan(now, competence.tell), now, tell, waits=True)
    _chapter(RULES, lambda timeline: timeline.plan(now, money_rules.tell), now, tell, waits=True)
    _chapter(SPOKEN, lambda timeline: timeline.plan(now, citizen_side.tell), now, tell, waits=True)
    _chapter(HOME, lambda timeline: home_results.plan(timeline, now), now, tell, waits=True)
    _chapter(TROUBLES, lambda timeline: post_troubles.plan(timeline, now), now, tell, waits=True)
    _chapter(MONEY, lambda timeline: timeline.plan(now, money_day.tell), now, tell, waits=True)
    _chapter(PAYOUTS, lambda timeline: timeline.plan(now, payouts.tell), now, tell, waits=True)
    _chapter(CARDS, lambda timeline: timeline.plan(now, card_day.tell), now, tell, waits=True)
    _chapter(SIGNED, lambda timeline: timeline.plan(now, signed_books.tell), now, tell, waits=True)
    _chapter(ROOM, lambda timeline: room_day.plan(timeline, now), now, tell, waits=True)
    _chapter(QUALITY, lambda timeline: timeline.plan(now, quality.tell), now, tell, waits=True)
    _chapter(LICENCES, lambda timeline: timeline.plan(now, accredited.tell), now, tell, waits=True)
    _chapter(PROGRAMME, lambda timeline: timeline.plan(now, programme.tell), now, tell, waits=True)
    _chapter(COVERAGE, lambda timeline: timeline.plan(now, placement.tell), now, tell, waits=True)
    _chapter(BROKERS, lambda timeline: brokers.plan(timeline, now), now, tell, waits=True)
    _chapter(STAFF, lambda timeline: timeline.plan(now, counter_staff.tell), now, tell, waits=True)
    _chapter(FIGURES, lambda timeline: timeline.plan(now, open_figures.tell), now, tell, waits=True)


def _allot_numbers(now: datetime) -> None:
    """S10 ranges for both operators: invented, so that no label of the demo is a real item's."""
    for operator_code, first in (("VNPOST", 90_000_000), ("VTPOST", 95_000_000)):
        numbers.allot_numbers(
            operator_code=operator_code, first_serial=first, last_serial=first + 999_999, by=job("demo"), at=now
        )


def _chapter(name: str, plan: Callable[[Timeline], object], now: datetime, tell: Tell, *, waits: bool) -> None:
    if is_played(name):
        return
    timeline = Timeline()
    plan(timeline)
    timeline.play(told=lambda done, left: tell(name, done, left), waits=waits)
    audit.record(actor=job("demo"), action="demo.played", object_type=STORY, object_id=name, at=now)
