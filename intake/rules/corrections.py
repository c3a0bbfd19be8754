"""What may be corrected after filing, and by which check each new value is kept.

A correction is proposed by one person and approved by another. Corrections never touch what has its own operation: the
procedure, the authority, states and times.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from intake.rules import names, people
from intake.rules.faults import Fault
from intake.rules.wording import Words


@dataclass(frozen=True, slots=True)
class Field:
    """`owner` is what holds it: "citizen", "dossier" or "resolution"; `column` its column there."""

    owner: str
    column: str
    words: Words
    check: Callable[[str], str | Fault]
    longest: int


def _text(longest: int, *, is_required: bool = True) -> Callable[[str], str | Fault]:
    def check(typed: str) -> str | Fault:
        text = names.check_text(typed, longest)
        return Fault("required") if is_required and text == "" else text

    return check


def _name(typed: str) -> str | Fault:
    return names.check_name(typed)


def _phone(typed: str) -> str | Fault:
    return people.check_phone(typed) if typed.strip() else ""


FIELDS: Final[Mapping[str, Field]] = MappingProxyType({
    "citizen_name": Field("citizen", "full_name", Words("Họ và tên", "Full name"), _name, 120),
    "citizen_phone": Field("citizen", "phone", Words("Điện thoại", "Telephone"), _phone, 16),
    "citizen_street": Field("citizen", "street", Words("Số nhà, đường, thôn", "House, street, hamlet"),
                            _text(200, is_required=False), 200),
    "delivery_name": Field("dossier", "delivery_name", Words("Người nhận kết quả", "Recipient of the result"), _name,
                           120),
    "delivery_phone": Field("dossier", "delivery_phone", Words("Điện thoại người nhận", "Recipient's telephone"),
                            _phone, 16),
    "delivery_street": Field("dossier", "delivery_street", Words("Địa chỉ nhận kết quả", "Address for the result"),
                             _text(200), 200),
    "note": Field("dossier", "note", Words("Ghi chú hồ sơ", "Note on the dossier"), _text(2000, is_required=False),
                  2000),
    "decision_number": Field("resolution", "decision_number", Words("Số quyết định, giấy chứng nhận",
                                                                    "Number of the decision"), _text(60), 60),
    "decision_summary": Field("resolution", "summary", Words("Nội dung kết quả", "What was decided"), _text(500), 500),
})
