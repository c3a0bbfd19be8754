"""Which form a paper is: the circular in force on its day and the number it has there.

Circular 03/2025/TT-VPCP (Annex I) replaced Circular 01/2018/TT-VPCP and numbers the forms anew: "form 05" was the
control slip and is the notice of stopping. So a form is a circular and a number, never a number alone.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Final

NEW: Final = "03/2025/TT-VPCP"
OLD: Final = "01/2018/TT-VPCP"
NEW_FROM: Final = date(2025, 9, 15)
"""The day of Circular 03/2025/TT-VPCP."""


@dataclass(frozen=True, slots=True)
class Form:
    """One form of one circular."""

    circular: str
    number: str
    title: str

    @property
    def label(self) -> str:
        """As it is printed in the corner of the sheet."""
        return f"Mẫu số {self.number}, Thông tư {self.circular}"


_NEW: Final[Mapping[str, tuple[str, str]]] = MappingProxyType({
    "receipt": ("01", "Giấy tiếp nhận hồ sơ và hẹn trả kết quả"),
    "supplement": ("02", "Phiếu yêu cầu bổ sung, hoàn thiện hồ sơ"),
    "refusal": ("03", "Phiếu từ chối tiếp nhận giải quyết hồ sơ"),
    "apology": ("04", "Văn bản xin lỗi và đề nghị gia hạn thời gian giải quyết"),
    "stop": ("05", "Thông báo dừng giải quyết hồ sơ"),
    "control": ("06", "Phiếu kiểm soát quá trình giải quyết hồ sơ"),
    "logbook": ("07", "Sổ theo dõi hồ sơ"),
})
_OLD: Final[Mapping[str, tuple[str, str]]] = MappingProxyType({
    "receipt": ("01", "Giấy tiếp nhận hồ sơ và hẹn trả kết quả"),
    "supplement": ("02", "Phiếu yêu cầu bổ sung, hoàn thiện hồ sơ"),
    "refusal": ("03", "Phiếu từ chối tiếp nhận giải quyết hồ sơ"),
    "apology": ("04", "Phiếu xin lỗi và hẹn lại ngày trả kết quả"),
    "control": ("05", "Phiếu kiểm soát quá trình giải quyết hồ sơ"),
    "logbook": ("06", "Sổ theo dõi hồ sơ"),
})


def form_of(kind: str, on: date) -> Form | None:
    """The form that `kind` ("receipt", "apology", …) is on a day; None for a paper that is no one-stop form."""
    circular, forms = (NEW, _NEW) if on >= NEW_FROM else (OLD, _OLD)
    if kind not in _NEW:
        return None
    # A notice of stopping has no form in the old circular: it is written on the new one's.
    return Form(circular, *forms[kind]) if kind in forms else Form(NEW, *_NEW[kind])
