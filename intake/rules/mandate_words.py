"""Mandates, relations and decisions in words, in both languages."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from intake.rules.mandates import MandateKind, Relation
from intake.rules.second_citizen import StopDecision
from intake.rules.wording import Words

K, R, D = MandateKind, Relation, StopDecision

MANDATE_WORDS: Final[Mapping[str, Words]] = MappingProxyType({
    K.OWN_ACCOUNT: Words("Tài khoản của chính người dân", "The citizen’s own account"),
    K.WRITTEN: Words("Văn bản uỷ quyền", "Written authorisation"),
    K.CERTIFIED: Words("Văn bản uỷ quyền có công chứng, chứng thực", "Certified authorisation"),
    K.POSTAL_SLIP: Words("Phiếu gửi hồ sơ", "Postal dossier slip"),
    K.SERVICE_CONTRACT: Words("Hợp đồng dịch vụ và giấy giới thiệu", "Service contract and letter of introduction"),
    K.LEGAL_REPRESENTATIVE: Words("Người đại diện theo pháp luật", "Legal representative"),
})

RELATION_WORDS: Final[Mapping[str, Words]] = MappingProxyType({
    R.GRANDPARENT: Words("ông, bà", "grandparent"),
    R.PARENT: Words("cha, mẹ", "parent"),
    R.CHILD: Words("con", "child"),
    R.SPOUSE: Words("vợ, chồng", "spouse"),
    R.SIBLING: Words("anh, chị, em ruột", "sibling"),
    R.GUARDIAN: Words("người giám hộ", "guardian"),
    R.OTHER: Words("người khác", "somebody else"),
})

DECISION_WORDS: Final[Mapping[str, tuple[Words, Words]]] = MappingProxyType({
    D.SWITCH: (Words("Chuyển sang phục vụ người này", "Go on with this person instead"),
               Words("Phiên hiện tại kết thúc; hồ sơ dở được giữ trong bản nháp.",
                     "The present session ends; what was begun stays among the drafts.")),
    D.REPRESENTATIVE: (Words("Người này đến thay người nộp", "This person came for the citizen"),
                       Words("Ghi tiếp văn bản uỷ quyền hoặc giấy tờ đại diện.",
                             "Record the authorisation or proof of representation next.")),
    D.RELATION: (Words("Giấy tờ của người có liên quan", "A paper of a related person"),
                 Words("Ví dụ thẻ của cha mẹ trong hồ sơ của con.", "Such as a parent’s card in a child’s dossier.")),
    D.COMMON_PAPER: (Words("Cùng một giấy tờ dùng cho cả hai", "One paper that serves both"),
                     Words("Ví dụ mẫu đơn trống hoặc giấy tờ chung của hộ.",
                           "Such as an empty form, or a paper of the household.")),
    D.MISTAKE: (Words("Nhầm: không thuộc phiên này", "A mistake: it does not belong here"),
                Words("Không dùng gì của giấy tờ này; trả lại cho đúng người.",
                      "Nothing of it is used; give it back to whom it belongs.")),
})
