"""What may follow what at the national portal, and when it is tried again. Pure."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from intake.rules.states import Handling
from intake.rules.wording import Words
from shared.calendar import local

H = Handling
FOLLOWING: Final[Mapping[Handling, frozenset[Handling]]] = MappingProxyType({
    H.REGISTERED: frozenset({H.RECEIVED, H.NOT_ACCEPTED, H.WITHDRAWN}),
    H.RECEIVED: frozenset({H.IN_PROGRESS, H.SUPPLEMENT_ASKED, H.PAYMENT_ASKED, H.WITHDRAWN, H.STOPPED}),
    H.IN_PROGRESS: frozenset({H.SUPPLEMENT_ASKED, H.PAYMENT_ASKED, H.WITHDRAWN, H.STOPPED, H.RESOLVED}),
    H.SUPPLEMENT_ASKED: frozenset({H.RECEIVED, H.IN_PROGRESS, H.WITHDRAWN, H.STOPPED}),
    H.PAYMENT_ASKED: frozenset({H.IN_PROGRESS, H.WITHDRAWN, H.STOPPED}),
    H.STOPPED: frozenset({H.IN_PROGRESS, H.RETURNED}),
    H.RESOLVED: frozenset({H.RETURNED}),
    H.RETURNED: frozenset({H.RESOLVED}),
})
"""The portal's ten status codes and which may follow which; 3 and 7 are final there, and 10 goes back to 9
only as an audited correction. Assumed from integrations that
agree; the agreement with the Government Office decides."""

CHANNELS: Final[Mapping[str, int]] = MappingProxyType({"direct": 1, "online": 2, "post": 3})
LONGEST_PAUSE_SECONDS: Final = 60
ALARM_MINUTES: Final = 15


class Call(StrEnum):
    """The portal's interface, in the order a new dossier goes through it; looking up is ours to ask in doubt."""

    TOKEN = "GetToken"  # noqa: S105  # the call's name
    NEXT_CODE = "GetNextValue"
    UPLOAD = "UploadFile"
    SUBMIT = "NopHoSo"
    PROGRESS = "CapNhatTienTrinh"
    STATUS = "CapNhatTrangThai"
    LOOK_UP = "TraCuuHoSo"


class Difference(StrEnum):
    MISSING = "missing"
    BEHIND = "behind"
    DOUBLED = "doubled"


DIFFERENCES: Final[Mapping[Difference, Words]] = MappingProxyType({
    Difference.MISSING: Words("Cổng không có hồ sơ", "The portal does not have it"),
    Difference.BEHIND: Words("Trạng thái khác nhau", "The states differ"),
    Difference.DOUBLED: Words("Cổng ghi hai lần", "The portal has it twice"),
})
NOT_IN_THE_TABLE: Final = "transition-not-in-table"
CAUSES: Final[Mapping[str, Words]] = MappingProxyType({
    NOT_IN_THE_TABLE: Words("Cổng không cho chuyển trạng thái này", "The portal has no such change of state"),
    "procedure-unknown": Words("Cổng không biết thủ tục này", "The portal does not know this procedure"),
    "component-missing": Words("Cổng đòi thêm thành phần hồ sơ", "The portal asks for another component"),
    "agency-unknown": Words("Cổng không biết mã đơn vị", "The portal does not know this agency"),
})
"""Words for the refusals we know; others are shown by their code."""


def may_follow(before: int, after: int) -> bool:
    """Whether the portal takes `after` when it has `before`."""
    return Handling(after) in FOLLOWING.get(Handling(before), frozenset())


def pause_seconds(silences: int) -> int:
    """How long a lane rests after so many tries in a row without an answer."""
    return int(min(LONGEST_PAUSE_SECONDS, 2 ** min(silences, 6)))


def portal_time(moment: datetime | None) -> str:
    """A moment as the portal writes it: `20260114143100`, local; empty when there is none."""
    return f"{local(moment):%Y%m%d%H%M%S}" if moment is not None else ""


def difference_of(ours: int, theirs: int | None, copies: int) -> Difference | None:
    """What is wrong between what we were told was taken and what the portal shows; None when nothing is."""
    if theirs is None:
        return Difference.MISSING
    if copies > 1:
        return Difference.DOUBLED
    return Difference.BEHIND if theirs != ours else None
