"""What carriers may say: UPU EMSEVT codes, our own additions, and the words people read.

EMSEVT is the UPU's list of tracking events. A domestic dossier needs a few facts that it lacks (papers sealed before
the applicant, minutes signed, originals taken back, brought back to the authority): those codes begin with "X-".
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum
from types import MappingProxyType
from typing import Final

from delivery.rules import ParcelState


class Phase(IntEnum):
    """How far along a trip a code stands. A later phase wins whatever the carriers' clocks say."""

    NOTE = 0
    """Told beside the trip; moves nothing."""
    ACCEPTANCE = 1
    CARRIAGE = 2
    LAST_MILE = 3
    """At the door, and on the way back from it: these take turns, so within the phase time decides."""
    END = 4


@dataclass(frozen=True, slots=True)
class EventCode:
    """One code: the state it leads to (None for a note) and what it says to staff and, if `is_public`, to citizens."""

    code: str
    phase: Phase
    state: ParcelState | None
    words_vi: str
    words_en: str
    is_public: bool = False


def _codes(*rows: EventCode) -> Mapping[str, EventCode]:
    return MappingProxyType({row.code: row for row in rows})


_S: Final = ParcelState
_P: Final = Phase

EVENT_CODES: Final = _codes(
    EventCode("EMA", _P.ACCEPTANCE, _S.ACCEPTED, "Bưu điện đã nhận", "Accepted by the post", True),
    EventCode("EDD", _P.CARRIAGE, _S.IN_TRANSIT, "Tới trung tâm khai thác", "Arrived at a sorting centre"),
    EventCode("EDE", _P.CARRIAGE, _S.IN_TRANSIT, "Rời trung tâm khai thác", "Left a sorting centre"),
    EventCode("EMB", _P.CARRIAGE, _S.IN_TRANSIT, "Tới bưu cục ngoại dịch gửi", "Arrived at the outward exchange"),
    EventCode("EMC", _P.CARRIAGE, _S.IN_TRANSIT, "Rời bưu cục ngoại dịch gửi", "Left the outward exchange"),
    EventCode("EXA", _P.CARRIAGE, _S.HELD, "Trình hải quan xuất", "Presented to export customs"),
    EventCode("EXB", _P.CARRIAGE, _S.HELD, "Hải quan xuất giữ", "Held by export customs"),
    EventCode("EXC", _P.CARRIAGE, _S.IN_TRANSIT, "Hải quan xuất trả ra", "Returned by export customs"),
    EventCode("EXD", _P.CARRIAGE, _S.HELD, "Giữ tại bưu cục ngoại dịch gửi", "Held at the outward exchange"),
    EventCode("EXX", _P.CARRIAGE, _S.HELD, "Huỷ gửi ra nước ngoài", "Export cancelled"),
    EventCode("EMJ", _P.CARRIAGE, _S.IN_TRANSIT, "Tới bưu cục quá giang", "Arrived at a transit office"),
    EventCode("EMK", _P.CARRIAGE, _S.IN_TRANSIT, "Rời bưu cục quá giang", "Left a transit office"),
    EventCode("EMD", _P.CARRIAGE, _S.IN_TRANSIT, "Tới bưu cục ngoại dịch nhận", "Arrived at the inward exchange"),
    EventCode("EDA", _P.CARRIAGE, _S.HELD, "Giữ tại bưu cục ngoại dịch nhận", "Held at the inward exchange"),
    EventCode("EDB", _P.CARRIAGE, _S.HELD, "Trình hải quan nhập", "Presented to import customs"),
    EventCode("EME", _P.CARRIAGE, _S.HELD, "Hải quan nhập giữ", "Held by import customs"),
    EventCode("EDC", _P.CARRIAGE, _S.IN_TRANSIT, "Hải quan nhập trả ra", "Returned by import customs"),
    EventCode("EDX", _P.CARRIAGE, _S.HELD, "Hải quan nhập chấm dứt", "Terminated by import customs"),
    EventCode("EMF", _P.CARRIAGE, _S.IN_TRANSIT, "Rời bưu cục ngoại dịch nhận", "Left the inward exchange"),
    EventCode("EMG", _P.CARRIAGE, _S.ARRIVED, "Tới bưu cục phát", "Arrived at the delivery office", True),
    EventCode("EDF", _P.LAST_MILE, _S.HELD, "Lưu tại bưu cục phát", "Held at the delivery office", True),
    EventCode("EDG", _P.LAST_MILE, _S.OUT_FOR_DELIVERY, "Bưu tá đang đi phát", "Out for delivery", True),
    EventCode("EDH", _P.LAST_MILE, _S.AT_COLLECTION_POINT, "Chờ người nhận tới lấy", "Waiting for collection", True),
    EventCode("EMH", _P.LAST_MILE, _S.ATTEMPT_FAILED, "Phát chưa thành công", "Delivery attempt failed", True),
    EventCode("EMI", _P.END, _S.DELIVERED, "Đã phát", "Delivered", True),
    EventCode("X-SEAL", _P.NOTE, None, "Đã niêm phong trước mặt người gửi", "Sealed before the sender", True),
    EventCode("X-BBGN", _P.NOTE, None, "Đã ký biên bản giao nhận", "Hand-over minutes signed", True),
    EventCode("X-ORIG", _P.NOTE, None, "Đã thu lại bản chính", "Originals taken back"),
    EventCode("X-DMG", _P.NOTE, None, "Bưu gửi hư hỏng", "Parcel damaged"),
    EventCode("X-PICK", _P.NOTE, None, "Đang đi lấy bưu gửi", "Being picked up"),
    EventCode("X-EDIT", _P.NOTE, None, "Đã sửa thông tin gửi", "Consignment edited"),
    EventCode("X-CANC", _P.NOTE, None, "Đơn vị vận chuyển báo huỷ", "Cancelled by the carrier"),
    EventCode("X-RTN", _P.LAST_MILE, _S.RETURNING, "Đang chuyển trả cơ quan gửi", "Going back to the authority", True),
    EventCode("X-RTA", _P.END, _S.RETURNED, "Đã trả lại cơ quan gửi", "Brought back to the authority", True),
    EventCode("X-LOST", _P.END, _S.LOST, "Bưu gửi thất lạc", "Parcel lost", True),
    EventCode("X-SET", _P.NOTE, None, "Đã được xác định sau khi đối chiếu", "Settled after a check", True),
    EventCode("X-CASK", _P.NOTE, None, "Nơi gửi đã yêu cầu huỷ chuyến", "The sender has asked to call the trip off"),
)
SETTLED: Final = "X-SET"
"""A person looked at contradictory events and said what is true."""
CANCEL_ASKED: Final = "X-CASK"
"""Whoever packed it has asked the carrier to call it off: what the carrier then cancels contradicts nothing."""
OURS: Final = frozenset({SETTLED, CANCEL_ASKED})
"""Written by us; a carrier that says them is not understood."""
