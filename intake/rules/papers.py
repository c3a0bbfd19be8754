"""When a paper may be opened, and what was noticed on it, in plain words."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from intake.rules.document_states import DocumentState
from intake.rules.wording import Words


class Opening(StrEnum):
    """What whoever may see a paper gets: the view, or why not (yet)."""

    VIEW = "view"
    WAIT = "wait"
    INFECTED = "infected"
    UNREADABLE = "unreadable"
    DAMAGED = "damaged"


_CLOSED: Final[Mapping[DocumentState, Opening]] = MappingProxyType({
    DocumentState.QUARANTINED: Opening.WAIT,
    DocumentState.CLEAN: Opening.VIEW,
    DocumentState.INFECTED: Opening.INFECTED,
    DocumentState.UNREADABLE: Opening.UNREADABLE,
    DocumentState.DAMAGED: Opening.DAMAGED,
})


def opening(state: DocumentState, *, has_engine: bool) -> Opening:
    """Where an antivirus engine is configured nothing is shown before its verdict, whether it answers today or not.

    Where a place has none, the view, which was rebuilt by us, is shown with the words "not yet checked".
    """
    if state == DocumentState.SAFE:
        return Opening.WAIT if has_engine else Opening.VIEW
    return _CLOSED[state]


LOST: Final = frozenset({DocumentState.INFECTED, DocumentState.UNREADABLE, DocumentState.DAMAGED})
"""Nothing of such a paper can be shown: it has to come again."""

TAKEN_OUT: Final[Mapping[str, Words]] = MappingProxyType({
    "javascript": Words("mã chạy trong tệp", "a script"),
    "launch": Words("lệnh mở chương trình", "a command that starts a program"),
    "embedded": Words("tệp đính kèm bên trong", "attached files"),
    "xfa": Words("biểu mẫu XFA", "an XFA form"),
    "external": Words("liên kết tới tệp khác", "references to other files"),
    "links": Words("liên kết ra ngoài", "links"),
    "media": Words("âm thanh, phim", "sound or film"),
    "location": Words("vị trí chụp ảnh", "where the photo was taken"),
    "frames": Words("các khung hình sau", "further frames"),
})
"""What a view no longer holds."""

NOTICED: Final[Mapping[str, Words]] = MappingProxyType({
    "blurred": Words("Ảnh mờ", "Blurred"),
    "dark": Words("Ảnh tối", "Too dark"),
    "small": Words("Ảnh nhỏ, khó đọc", "Small, hard to read"),
})
"""What makes a page hard to read."""

STANDINGS: Final[Mapping[str, Words]] = MappingProxyType({
    "valid": Words("Chữ ký số hợp lệ", "Valid digital signature"),
    "altered": Words("Tệp đã bị sửa sau khi ký", "Changed after it was signed"),
    "broken": Words("Chữ ký số sai", "The digital signature does not fit"),
    "expired": Words("Chứng thư số đã hết hạn khi ký", "The certificate had expired when it was used"),
    "revoked": Words("Chứng thư số đã bị thu hồi", "The certificate was revoked"),
    "untrusted": Words("Chưa xác minh được bên cấp chứng thư", "The issuer of the certificate is not known here"),
    "unreadable": Words("Không kiểm tra được chữ ký", "The signature could not be checked"),
})
"""A digital signature's standing. Only "valid" needs nobody to look."""
