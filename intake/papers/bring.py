"""What to bring, on one sheet: the checklist of a procedure for one way of filing."""

from datetime import date
from typing import Any

from django.utils.translation import override

from intake.papers import codes
from intake.papers.facts import KIND_WORDS
from intake.papers.wording import fact
from intake.queries.guides import Guide, GuideWay
from intake.records import ChecklistItem
from intake.rules.catalogue import DocumentKind
from shared import formatting


def bring_data(guide: Guide, way: GuideWay, *, link: str, on: date) -> dict[str, Any]:
    """All that the sheet says, in Vietnamese."""
    procedure, route = guide.procedure, guide.route
    with override("vi"):
        fee = formatting.money(way.fee.amount.amount) if way.fee.amount is not None else way.fee.words.vi
        decides = route.authority.authority_name if route is not None and route.authority is not None else ""
        return {
            "title": procedure.name_vi, "code": procedure.code, "way": way.name.vi, "qr": codes.qr_svg(link),
            "link": link.partition("//")[2].partition("?")[0],
            "bring": [_item(paper) for paper in way.to_bring], "maybe": [_item(paper) for paper in way.maybe],
            "facts": [fact("Phí, lệ phí", fee), fact("Thời hạn", way.term.vi),
                      fact("Cơ quan giải quyết", decides or procedure.authority),
                      fact("Vì sao", route.reason.vi if route is not None else ""),
                      fact("Điểm hỗ trợ", "nhận làm hộ cách này" if way.may_agent
                           else guide.refer_reason.vi or "chỉ hướng dẫn, không nộp thay cách này"),
                      fact("Căn cứ", procedure.legal_basis)],
            "note": guide.note.vi, "assumed": guide.is_assumed, "day": formatting.full_day(on),
        }


def _item(paper: ChecklistItem) -> dict[str, str]:
    return {"name": paper.name.vi, "form": KIND_WORDS.get(DocumentKind(paper.kind), ""), "note": paper.condition.vi}
