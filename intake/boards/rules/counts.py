"""What a board counts. A flow is what happened up to a moment; a stock is what stands there at it.

Every dossier that was filed is at one stage or out of the house, so at any moment
filed = at_outlet + on_the_way + in_hand + with_citizen + stopped + result_waiting + returned + ended.
"""

from dataclasses import dataclass, fields
from datetime import timedelta
from enum import IntEnum
from operator import add, attrgetter, sub
from typing import Final

from intake.rules.wording import Words

STUCK_AFTER: Final = timedelta(days=7)
"""So long without a step, at the outlet, on the way, in hand or stopped: stuck. Waiting for the citizen is not."""


class Stage(IntEnum):
    """Where a dossier is between two steps of its handling."""

    OVER = 0
    """Not in the house: a draft, or closed."""
    AT_OUTLET = 1
    ON_THE_WAY = 2
    IN_HAND = 3
    WITH_CITIZEN = 4
    STOPPED = 5
    RESULT_WAITING = 6


class Flow(IntEnum):
    """What a step tells a board; most tell nothing."""

    NOTHING = 0
    FILED = 1
    RECEIVED = 2
    RESOLVED = 3
    RETURNED = 4
    ENDED = 5
    """Refused or withdrawn."""
    REOPENED = 6
    """A return that was taken back."""


@dataclass(frozen=True, slots=True)
class Counts:
    """Numbers of dossiers; the order is that of the columns."""

    filed: int = 0
    received: int = 0
    resolved: int = 0
    resolved_late: int = 0
    returned: int = 0
    ended: int = 0
    at_outlet: int = 0
    on_the_way: int = 0
    in_hand: int = 0
    with_citizen: int = 0
    stopped: int = 0
    result_waiting: int = 0
    late: int = 0
    """In hand and past the due moment."""
    stuck: int = 0

    def __add__(self, other: "Counts") -> "Counts":
        return Counts(*map(add, _values(self), _values(other)))

    def __sub__(self, other: "Counts") -> "Counts":
        return Counts(*map(sub, _values(self), _values(other)))

    def __bool__(self) -> bool:
        return any(_values(self))

    @property
    def waiting(self) -> int:
        """Filed and received by nobody yet."""
        return self.at_outlet + self.on_the_way

    @property
    def paused(self) -> int:
        return self.with_citizen + self.stopped

    @property
    def open(self) -> int:
        """Everything in the house whose decision is still to come."""
        return self.waiting + self.in_hand + self.paused

    @property
    def resolved_in_time(self) -> int:
        return self.resolved - self.resolved_late

    @property
    def rate(self) -> float | None:
        """Resolved per received, in percent; None without a base."""
        return _percent(self.resolved, self.received)

    @property
    def in_time_rate(self) -> float | None:
        """Resolved in time per resolved."""
        return _percent(self.resolved_in_time, self.resolved)

    @property
    def late_rate(self) -> float | None:
        """Late per in hand."""
        return _percent(self.late, self.in_hand)


def _percent(part: int, base: int) -> float | None:
    return 100 * part / base if base else None


MEASURES: Final = tuple(field.name for field in fields(Counts))
_values: Final = attrgetter(*MEASURES)
"""As astuple() gives them; that one copies deeply, and a board adds up thousands."""


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a figure is called, and exactly what it counts."""

    words: Words
    told: Words
    is_stock: bool
    is_bad: bool = False


MEANINGS: Final = {
    "filed": Meaning(
        Words("Đã nộp", "Filed"), Words("số hồ sơ nộp từ đầu đến lúc này", "dossiers filed up to the moment"), False),
    "received": Meaning(
        Words("Tiếp nhận", "Received"),
        Words("số hồ sơ trung tâm đã tiếp nhận đến lúc này", "dossiers that a centre received up to the moment"),
        False),
    "resolved": Meaning(
        Words("Giải quyết", "Resolved"), Words("số hồ sơ có kết quả đến lúc này", "dossiers decided up to the moment"),
        False),
    "resolved_late": Meaning(
        Words("Giải quyết trễ hẹn", "Resolved late"),
        Words("số hồ sơ có kết quả sau lúc hẹn trả", "dossiers decided after their due moment"), False, True),
    "returned": Meaning(
        Words("Đã trả kết quả", "Handed over"),
        Words("số hồ sơ mà kết quả đã đến tay người dân", "dossiers whose result the citizen has"), False),
    "ended": Meaning(
        Words("Từ chối, rút", "Refused or withdrawn"),
        Words("số hồ sơ kết thúc mà không có quyết định", "dossiers that ended without a decision"), False),
    "at_outlet": Meaning(
        Words("Còn ở điểm nhận", "At the outlet"),
        Words("đã nộp, điểm bưu chính chưa chuyển đi", "filed and not forwarded by the outlet"), True),
    "on_the_way": Meaning(
        Words("Chờ tiếp nhận", "Waiting for reception"),
        Words("đã chuyển, trung tâm chưa tiếp nhận", "forwarded and received by no centre yet"), True),
    "in_hand": Meaning(
        Words("Đang giải quyết", "In hand"),
        Words("đã tiếp nhận, thời hạn đang chạy", "received, the clock runs"), True),
    "with_citizen": Meaning(
        Words("Chờ người dân", "Waiting for the citizen"),
        Words("chờ bổ sung giấy tờ hoặc nộp phí, tạm dừng thời hạn", "papers or payment awaited, the clock stands"),
        True),
    "stopped": Meaning(
        Words("Dừng xử lý", "Stopped"), Words("trung tâm đã dừng xử lý", "the centre stopped handling"), True),
    "result_waiting": Meaning(
        Words("Chờ trả kết quả", "Result waiting"),
        Words("đã có kết quả, chưa đến tay người dân", "decided, and the citizen does not have it yet"), True),
    "late": Meaning(
        Words("Quá hạn", "Late"),
        Words("đang giải quyết và đã qua lúc hẹn trả", "in hand and past the due moment"), True, True),
    "stuck": Meaning(
        Words("Đứng yên", "Stuck"),
        Words("7 ngày liền không có bước nào, không kể lúc chờ người dân",
              "no step for 7 days, waiting for the citizen not counted"), True, True),
}
"""In the order of MEASURES."""
