"""Who may pass an original paper to whom. Every original is in exactly one hand; the table says how it changes hands.

Packing and sealing in the sender's presence, joint count and signature at each hand-over: Decision 45/2016/QĐ-TTg and
Circular 17/2017/TT-BTTTT; a lost original is re-issued at the enterprise's cost, so its whole way must be known.
"""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from intake.rules.wording import Words


class Holder(StrEnum):
    """Whose hand an original is in."""

    CITIZEN = "citizen"
    OUTLET = "outlet"
    PARCEL = "parcel"
    """Sealed, still at the outlet or the centre that packed it."""
    CARRIER = "carrier"
    CENTRE = "centre"
    ARCHIVE = "archive"


class CustodyAction(StrEnum):
    TAKE = "take"
    TAKE_AT_CENTRE = "take_at_centre"
    COLLECT = "collect"
    """At the door, in exchange for a result."""
    SEAL = "seal"
    UNSEAL = "unseal"
    PICK_UP = "pick_up"
    ARRIVE = "arrive"
    BRING_BACK = "bring_back"
    GIVE_BACK = "give_back"
    GIVE_BACK_AT_CENTRE = "give_back_at_centre"
    SEND_HOME = "send_home"
    DELIVER = "deliver"
    COME_BACK = "come_back"
    ARCHIVE = "archive"


H, A = Holder, CustodyAction
CUSTODY: Final[Mapping[tuple[Holder, CustodyAction], Holder]] = MappingProxyType({
    (H.CITIZEN, A.TAKE): H.OUTLET,
    (H.CITIZEN, A.TAKE_AT_CENTRE): H.CENTRE,
    (H.CITIZEN, A.COLLECT): H.CARRIER,
    (H.OUTLET, A.SEAL): H.PARCEL,
    (H.PARCEL, A.UNSEAL): H.OUTLET,
    (H.PARCEL, A.PICK_UP): H.CARRIER,
    (H.CARRIER, A.ARRIVE): H.CENTRE,
    (H.CARRIER, A.BRING_BACK): H.OUTLET,
    (H.OUTLET, A.GIVE_BACK): H.CITIZEN,
    (H.CENTRE, A.GIVE_BACK_AT_CENTRE): H.CITIZEN,
    (H.CENTRE, A.SEND_HOME): H.CARRIER,
    (H.CARRIER, A.DELIVER): H.CITIZEN,
    (H.CARRIER, A.COME_BACK): H.CENTRE,
    (H.CENTRE, A.ARCHIVE): H.ARCHIVE,
})

SIGNED: Final = frozenset({A.GIVE_BACK, A.GIVE_BACK_AT_CENTRE})
"""The citizen signs for what she takes back."""

AT_REST: Final = frozenset({H.CITIZEN, H.ARCHIVE})
"""Nobody has to do anything about an original here."""

HOLDER_WORDS: Final[Mapping[str, Words]] = MappingProxyType({
    H.CITIZEN: Words("Người dân", "The citizen"),
    H.OUTLET: Words("Giao dịch viên tại điểm phục vụ", "The outlet's clerk"),
    H.PARCEL: Words("Bưu gửi đã niêm phong", "A sealed parcel"),
    H.CARRIER: Words("Đơn vị vận chuyển", "The carrier"),
    H.CENTRE: Words("Cán bộ trung tâm", "The centre's officer"),
    H.ARCHIVE: Words("Hồ sơ lưu của cơ quan", "The authority's archive"),
})

ACTION_WORDS: Final[Mapping[str, Words]] = MappingProxyType({
    A.TAKE: Words("Nhận bản chính tại quầy", "Taken at the counter"),
    A.TAKE_AT_CENTRE: Words("Nhận bản chính tại trung tâm", "Taken at the centre"),
    A.COLLECT: Words("Bưu tá thu lại khi trao kết quả", "Taken back at the door for a result"),
    A.SEAL: Words("Đóng gói, niêm phong", "Packed and sealed"),
    A.UNSEAL: Words("Mở niêm phong tại điểm phục vụ", "Unsealed at the outlet"),
    A.PICK_UP: Words("Giao cho đơn vị vận chuyển", "Handed to the carrier"),
    A.ARRIVE: Words("Trung tâm kiểm đếm, nhận", "Counted and taken by the centre"),
    A.BRING_BACK: Words("Chuyển trả điểm phục vụ", "Brought back to the outlet"),
    A.GIVE_BACK: Words("Trả lại người dân tại quầy", "Given back at the counter"),
    A.GIVE_BACK_AT_CENTRE: Words("Trả lại người dân tại trung tâm", "Given back at the centre"),
    A.SEND_HOME: Words("Gửi về cùng kết quả", "Sent home with the result"),
    A.DELIVER: Words("Phát tận tay người dân", "Delivered to the citizen"),
    A.COME_BACK: Words("Chuyển hoàn về trung tâm", "Came back to the centre"),
    A.ARCHIVE: Words("Lưu theo hồ sơ", "Kept in the archive"),
})

# What the citizen fills in for this one dossier stays with the authority; nobody misses it.
_FORMS: Final = ("to_khai", "don", "giay_de_nghi", "thong_bao", "cc01", "dc01", "dc02", "tk01", "du_thao", "ban_ve")


class IllegalMove(ValueError):
    """The table has no such hand-over; operations translate it into the refusal a person reads."""


def next_holder(holder: Holder, action: CustodyAction) -> Holder:
    """Whose hand `action` leads to; raises IllegalMove."""
    try:
        return CUSTODY[holder, action]
    except KeyError:
        raise IllegalMove(f"{holder} does not allow {action}") from None


def is_form(component: str) -> bool:
    """Whether a paper of the published list is a form filled in for this dossier, not an original of the citizen."""
    return any(component == form or component.startswith(f"{form}_") for form in _FORMS)
