"""Whose turn it is, as a citizen reads it: who has to do something now, and what that means for her."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum, StrEnum
from types import MappingProxyType
from typing import Final

from intake.rules.states import Handling, ResultState
from intake.rules.wording import Words


@dataclass(frozen=True, slots=True)
class Turn:
    """`whose`: "outlet", "centre", "authority", "citizen", "post" or "nobody"."""

    whose: str
    words: Words


H, R = Handling, ResultState

_BY_HANDLING: Final[Mapping[Handling, Turn]] = MappingProxyType({
    H.RECEIVED: Turn("authority", Words("Hồ sơ đang được giải quyết.", "Your dossier is being handled.")),
    H.IN_PROGRESS: Turn("authority", Words("Hồ sơ đang được giải quyết.", "Your dossier is being handled.")),
    H.SUPPLEMENT_ASKED: Turn("citizen", Words(
        "Cần bổ sung giấy tờ; thời hạn tạm dừng.", "Papers are missing; the term is stopped.")),
    H.PAYMENT_ASKED: Turn("citizen", Words(
        "Cần nộp tiền; thời hạn tạm dừng.", "A payment is needed; the term is stopped.")),
    H.STOPPED: Turn("authority", Words("Việc giải quyết đang dừng.", "Handling has been stopped.")),
    H.NOT_ACCEPTED: Turn("nobody", Words(
        "Hồ sơ không được tiếp nhận; phiếu từ chối ghi rõ lý do.", "It was not accepted; the slip says why.")),
    H.WITHDRAWN: Turn("nobody", Words("Bạn đã rút hồ sơ.", "You have withdrawn it.")),
    H.RETURNED: Turn("nobody", Words("Kết quả đã tới tay bạn.", "You have your result.")),
})
_BY_RESULT: Final[Mapping[ResultState, Turn]] = MappingProxyType({
    R.NOT_READY: Turn("centre", Words("Đã có kết quả, sắp gửi về nhà bạn.", "Your result is about to be sent home.")),
    R.TO_SEND: Turn("post", Words("Kết quả sắp được gửi về nhà bạn.", "Your result is about to be sent home.")),
    R.ON_THE_WAY: Turn("post", Words("Kết quả đang trên đường về nhà bạn.", "Your result is on its way home.")),
    R.CAME_BACK: Turn("citizen", Words("Kết quả đã về lại trung tâm.", "Your result lies at the centre again.")),
    R.NOT_BY_POST: Turn("citizen", Words("Kết quả đã sẵn sàng.", "Your result is ready.")),
    R.DELIVERED: Turn("nobody", Words("Kết quả đã tới tay bạn.", "You have your result.")),
})
_UNCLEAR: Final = Turn("centre", Words("Đang xác định cơ quan có thẩm quyền.", "It is being found out who decides."))
_TO_FORWARD: Final = Turn("outlet", Words(
    "Bưu cục sắp chuyển hồ sơ tới trung tâm.", "Your dossier is about to go to the centre."))
_TO_RECEIVE: Final = Turn("centre", Words(
    "Trung tâm đang kiểm tra để tiếp nhận.", "The centre looks at it before it receives it."))

NAMES: Final[Mapping[str, Words]] = MappingProxyType({
    "outlet": Words("Bưu cục", "The post office"), "centre": Words("Trung tâm hành chính công", "The service centre"),
    "authority": Words("Cơ quan giải quyết", "The authority"), "citizen": Words("Bạn", "You"),
    "post": Words("Bưu điện", "The post"), "nobody": Words("Đã xong", "Done"),
})
"""What each is called where it has no name of its own."""


def turn_of(handling: IntEnum, result: StrEnum, *, has_centre: bool, is_forwarded: bool) -> Turn:
    """Whose turn it is in these states of the handling and the result machine."""
    known = _BY_HANDLING.get(Handling(handling))
    if known is not None:
        return known
    if handling == Handling.RESOLVED:
        return _BY_RESULT[ResultState(result)]
    if not has_centre:
        return _UNCLEAR
    return _TO_RECEIVE if is_forwarded else _TO_FORWARD
