"""Checks of the papers: missing, unreadable, of the wrong type, outlived."""

from typing import Final

from intake.rules.precheck.check import Rule, Severity
from intake.rules.wording import Words

READABLE: Final = ["application/pdf", "image/jpeg", "image/png"]
_SENT = ["in", "channel", ["online", "post"]]
_THERE = ["any", ["set", "paper.is_scanned"], ["set", "paper.is_shown"]]

RULES: Final = (
    Rule("paper-missing", Severity.STOP, ["all", _SENT, ["set", "paper.is_required"], ["not", _THERE]],
         Words("Còn thiếu: {paper.name_vi}", "Missing: {paper.name_en}"),
         Words("Quét, hoặc đánh dấu đã có.", "Scan it, or tick that it is there."),
         "/documents", each="papers", prevents=("missing", "not-supplemented")),
    Rule("paper-empty", Severity.STOP, ["all", _SENT, ["set", "paper.is_scanned"], ["is", "paper.pages", 0]],
         Words("Tệp không có trang nào: {paper.name_vi}", "The file has no page: {paper.name_en}"),
         Words("Quét lại giấy này.", "Scan this paper again."),
         "/documents", each="papers", prevents=("pages-missing", "wrong-form")),
    Rule("paper-type", Severity.STOP,
         ["all", _SENT, ["set", "paper.content_types"],
          ["not", ["any", *(["has", "paper.content_types", kind] for kind in READABLE)]]],
         Words("Không đúng loại tệp: {paper.name_vi}", "Not a file the centre can read: {paper.name_en}"),
         Words("Quét thành PDF, JPEG hoặc PNG.", "Scan it as PDF, JPEG or PNG."),
         "/documents", each="papers", prevents=("wrong-form", "illegible")),
    Rule("paper-expired", Severity.STOP,
         ["all", _SENT, _THERE, ["outlived", "paper.dated", "paper.valid_months", "on"]],
         Words("Đã hết hạn ({paper.valid_months} tháng kể từ {paper.dated}): {paper.name_vi}",
               "Expired ({paper.valid_months} months from {paper.dated}): {paper.name_en}"),
         Words("Xin giấy mới trước khi nộp.", "A new one is needed before filing."),
         "/documents", each="papers", prevents=("expired",)),
    Rule("paper-lost", Severity.STOP, ["all", _SENT, ["set", "paper.is_lost"]],
         Words("Không mở được tệp đã quét: {paper.name_vi}", "The scan cannot be opened: {paper.name_en}"),
         Words("Bỏ tệp đó và quét lại.", "Remove that file and scan the paper again."),
         "/documents", each="papers", prevents=("illegible",)),
    Rule("paper-hard-to-read", Severity.WARN, ["all", _SENT, ["set", "paper.is_hard_to_read"]],
         Words("Ảnh khó đọc: {paper.name_vi}", "Hard to read: {paper.name_en}"),
         Words("Quét hoặc chụp lại nếu được: ảnh phải rõ và đủ.", "Scan or photograph it again if possible."),
         "/documents", each="papers", prevents=("illegible",), legal_basis="Thông tư 01/2023/TT-VPCP, Điều 8"),
    Rule("paper-signature", Severity.WARN, ["all", _SENT, ["set", "paper.signature_vi"]],
         Words("{paper.signature_vi}: {paper.name_vi}", "{paper.signature_en}: {paper.name_en}"),
         Words("Vẫn nhận hồ sơ; xin tệp ký lại nếu có, nếu không trung tâm xem xét chữ ký.",
               "Take the dossier all the same; ask for a newly signed file, or the centre looks at the signature."),
         "/documents", each="papers"),
    Rule("paper-undated", Severity.WARN,
         ["all", _SENT, _THERE, ["set", "paper.valid_months"], ["not", ["set", "paper.dated"]]],
         Words("Có hạn dùng {paper.valid_months} tháng, chưa ghi ngày cấp: {paper.name_vi}",
               "Valid for {paper.valid_months} months, its date is not entered: {paper.name_en}"),
         Words("Xem ngày cấp trên giấy rồi ghi vào.", "Read the date on the paper and enter it."),
         "/documents", each="papers", prevents=("expired",)),
)
