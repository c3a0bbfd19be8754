"""The books are signed: a checkpoint, each outlet's daily statement, and an administrator who was let in to look.

Two support accesses: one that was allowed, used and ended, so that the outlet sees who looked at what; one that waits
for the city's finance approver.
"""

from datetime import datetime, timedelta
from typing import Final

from agents.models.people import StaffAccount
from billing.chain.checkpoints import close_day
from billing.models.ledger import Charge
from billing.support.models import SupportAccess
from billing.support.opening import AccessAsked, ask_access, decide_access, end_access, look
from shared.actors import Actor

ADMINISTRATOR: Final = "quantri.hanoi"
APPROVER: Final = "duyet.hanoi"
MINUTES: Final = 30
_BEGAN: Final = timedelta(hours=3)


def tell(at: datetime) -> None:
    """Through the operations that the screens and the nightly job use; told again, nothing happens."""
    _support(_actor(ADMINISTRATOR), _actor(APPROVER), at)
    close_day(at=at)


def _support(administrator: Actor, approver: Actor, at: datetime) -> None:
    lines = Charge.objects.filter(province_code=administrator.province_code, outlet_id__isnull=False)
    if SupportAccess.objects.exists() or not lines.exists():
        return
    newest = lines.order_by("-period", "-occurred_at", "id").first()
    assert newest is not None  # noqa: S101  # there is one
    began = at - _BEGAN
    access = ask_access(AccessAsked(
        outlet_id=newest.outlet_id, ticket="HT-2026-0117", minutes=MINUTES,
        reason="Trưởng điểm hỏi vì sao một dòng cước của điểm không có mặt trong bản ký hằng ngày."),
        by=administrator, at=began)
    decide_access(access.id, allow=True, by=approver, at=began + timedelta(minutes=6))
    look(access.id, period=newest.period, by=administrator, at=began + timedelta(minutes=8))
    look(access.id, period=newest.period, line_id=newest.id, by=administrator, at=began + timedelta(minutes=11))
    end_access(access.id, by=administrator, at=began + timedelta(minutes=15))
    ask_access(AccessAsked(
        outlet_id=newest.outlet_id, ticket="HT-2026-0123", minutes=MINUTES,
        reason="Kiểm tra lại dòng đã trả lời hôm nay trước khi đóng câu hỏi của điểm."), by=administrator, at=at)


def _actor(username: str) -> Actor:
    people = StaffAccount.objects.select_related("outlet__operator", "outlet__commune", "centre", "operator")
    return people.get(username=username).actor
