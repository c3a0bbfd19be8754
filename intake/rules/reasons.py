"""Why a centre asks for more, and why it does not take a dossier in: one catalogue, so that reasons can be counted.

A request to supplement names every reason at once (form 02), a refusal names one and its legal basis (form 03), both of
Circular 03/2025/TT-VPCP. An officer may ask only for what the published procedure asks for (Decree 118/2025/NĐ-CP).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from intake.rules.wording import Words

OTHER: Final = "other"


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason in both languages. `needs_text`: the code alone tells the citizen nothing."""

    code: str
    vi: str
    en: str
    needs_text: bool = False
    legal_basis: str = ""
    """Proposed to the officer, who may write another."""

    @property
    def words(self) -> Words:
        return Words(self.vi, self.en)


def _by_code(*reasons: Reason) -> Mapping[str, Reason]:
    return MappingProxyType({reason.code: reason for reason in reasons})


SUPPLEMENT_REASONS: Final = _by_code(
    Reason("missing", "Còn thiếu giấy tờ này", "This paper is missing"),
    Reason("pages-missing", "Thiếu trang", "Pages are missing"),
    Reason("illegible", "Bản quét mờ, mất góc, không đọc được", "The scan is blurred, cut off or illegible"),
    Reason("not-signed", "Thiếu chữ ký hoặc dấu", "A signature or seal is missing"),
    Reason("co-owner-not-signed", "Thiếu chữ ký của đồng sở hữu", "A co-owner has not signed"),
    Reason("wrong-form", "Không đúng mẫu đang có hiệu lực", "Not on the form now in force"),
    Reason("filled-wrong", "Kê khai thiếu hoặc sai", "Filled in incompletely or wrongly"),
    Reason("mismatch", "Thông tin không khớp giữa các giấy tờ", "The papers contradict one another"),
    Reason("expired", "Giấy tờ đã hết hiệu lực", "The paper has expired"),
    Reason("not-certified", "Cần bản sao có chứng thực", "A certified copy is needed"),
    Reason("original-to-compare", "Cần bản chính để đối chiếu", "The original is needed for comparison"),
    Reason("not-legalised", "Giấy tờ nước ngoài chưa hợp pháp hóa lãnh sự hoặc chưa dịch",
           "The foreign paper is not legalised or not translated"),
    Reason(OTHER, "Lý do khác", "Another reason", needs_text=True),
)

_ONE_STOP: Final = "Nghị định 118/2025/NĐ-CP; Thông tư 03/2025/TT-VPCP"

REFUSAL_REASONS: Final = _by_code(
    Reason("not-competent", "Không thuộc thẩm quyền giải quyết", "Outside the authority's competence",
           legal_basis=_ONE_STOP),
    Reason("not-the-procedure", "Không đúng thủ tục hành chính đã công bố", "Not what the published procedure is for",
           legal_basis=_ONE_STOP),
    Reason("not-entitled", "Không đủ điều kiện theo quy định", "The conditions of the law are not met",
           needs_text=True),
    Reason("not-supplemented", "Đã được hướng dẫn mà không bổ sung đủ giấy tờ",
           "The papers asked for were not brought", legal_basis=_ONE_STOP),
    Reason("already-filed", "Đã có hồ sơ về cùng một việc đang được giải quyết",
           "The same matter is already being handled", legal_basis=_ONE_STOP),
    Reason("in-person-only", "Phải đến trực tiếp, không được ủy quyền", "The person must come; nobody may stand in",
           needs_text=True),
    Reason("altered", "Giấy tờ bị tẩy xóa, sửa chữa hoặc có dấu hiệu giả mạo", "The papers are altered or seem forged",
           needs_text=True),
    Reason("in-dispute", "Việc đang có tranh chấp hoặc đang được cơ quan khác giải quyết",
           "The matter is in dispute or before another body", needs_text=True),
    Reason(OTHER, "Lý do khác", "Another reason", needs_text=True),
)

EXTENSION_REASONS: Final = _by_code(
    Reason("more-checking", "Hồ sơ cần thẩm tra, xác minh thêm", "The dossier needs further checking"),
    Reason("opinion-awaited", "Chờ ý kiến của cơ quan phối hợp", "Another authority's opinion is awaited"),
    Reason("site-visit", "Cần kiểm tra thực địa", "A site visit is needed"),
    Reason("many-dossiers", "Số lượng hồ sơ tăng đột biến", "Far more dossiers came than usual"),
    Reason("system-down", "Hệ thống thông tin gián đoạn", "The information system was interrupted"),
    Reason("force-majeure", "Thiên tai, dịch bệnh, sự kiện bất khả kháng", "Natural disaster, epidemic, force majeure"),
    Reason(OTHER, "Lý do khác", "Another reason", needs_text=True),
)
"""Why an authority apologises and needs longer (form 04)."""

NOT_SUPPLEMENTED: Final = "not-supplemented"

STOP_REASONS: Final = _by_code(
    Reason("citizen-asked", "Theo đề nghị của người nộp hồ sơ", "At the citizen's request",
           legal_basis="Điều 7 Thông tư 03/2025/TT-VPCP"),
    Reason(NOT_SUPPLEMENTED, "Quá thời hạn mà không bổ sung giấy tờ", "The papers asked for were not brought in time",
           legal_basis=_ONE_STOP),
    Reason("in-dispute", "Việc đang có tranh chấp, khiếu nại, khởi kiện", "The matter is disputed or before a court",
           needs_text=True),
    Reason("other-authority", "Chờ kết quả giải quyết của cơ quan khác",
           "Another authority's decision must come first", needs_text=True),
    Reason("citizen-died", "Người nộp hồ sơ chết, mất năng lực hành vi dân sự",
           "The citizen has died or lost legal capacity", needs_text=True),
    Reason(OTHER, "Căn cứ khác theo quy định", "Another ground in law", needs_text=True),
)
"""Why handling is stopped (form 05). Nobody who asked for papers says alone that they were not brought."""
