"""The outlet's slip: phiếu gửi hồ sơ for papers that travel, a look-up slip for an online filing.

Fields and sentences: Decision 45/2016/QĐ-TTg, Circular 17/2017/TT-BTTTT, Postal Law 49/2010/QH12, Decree
47/2011/NĐ-CP.
"""

from typing import Any, Final

from django.conf import settings
from django.utils.translation import override

from agents import public as agents
from intake.models.custody import Original
from intake.models.dossiers import Dossier
from intake.papers import codes, wording
from intake.papers.facts import KIND_WORDS, OTHER_PAPER, papers_of, procedure_words, result_words, submitter_facts
from intake.papers.wording import Fact, fact
from intake.plain_data import pricing_from_data
from intake.records import Pricing, route_from_data
from intake.rules.catalogue import Channel, DocumentKind
from intake.rules.terms import term_of
from shared import places
from shared.calendar import local
from shared.confidence import Confidence

NOT_A_RECEIPT: Final = (
    "Phiếu này không thay Giấy tiếp nhận hồ sơ và hẹn trả kết quả: giấy đó do trung tâm cấp khi tiếp nhận hồ sơ.")
POSTAL_TERMS: Final = (
    ("Giấy tờ đã được kiểm đếm, đóng gói và niêm phong trước mặt người gửi. Hồ sơ được tính là nộp hợp lệ từ lúc "
     "trung tâm và bưu chính ký Biên bản giao nhận (Quyết định 45/2016/QĐ-TTg, Điều 7)."),
    ("Người gửi được đổi địa chỉ nhận hoặc rút hồ sơ trước khi phát (Luật Bưu chính 49/2010/QH12, Điều 16). Kết quả "
     "được mời nhận ít nhất hai lần, cách nhau 2 ngày làm việc, sau đó chuyển về trung tâm."),
    ("Mất, hỏng: bồi thường ít nhất bốn lần cước, gồm cả hoàn cước (Nghị định 47/2011/NĐ-CP, Điều 25); mất bản chính: "
     "doanh nghiệp chịu chi phí cấp lại. Chậm: hoàn cước."),
    "Khiếu nại trong 6 tháng; trả lời trong 5 ngày làm việc (nội tỉnh) hoặc 7 ngày làm việc (liên tỉnh).",
    NOT_A_RECEIPT,
)
ONLINE_TERMS: Final = (
    ("Hồ sơ được nộp bằng tài khoản định danh của chính người nộp; điểm hỗ trợ không giữ mật khẩu, mã OTP và không "
     "quyết định thay cơ quan có thẩm quyền."),
    "Kết quả bản giấy được mời nhận ít nhất hai lần, cách nhau 2 ngày làm việc, sau đó chuyển về trung tâm.",
    NOT_A_RECEIPT,
)


def slip_data(dossier: Dossier) -> dict[str, Any]:
    """All that the slip says about a submitted dossier, from its rows alone."""
    assert dossier.outlet_id is not None  # noqa: S101  # the caller issues it for outlets' dossiers only
    assert dossier.submitted_at is not None  # noqa: S101
    outlet = agents.get_outlet(dossier.outlet_id)
    place = places.get_place(outlet.commune_code)
    is_post = dossier.channel == Channel.POST
    with override("vi"):
        return {
            "title": "Phiếu gửi hồ sơ" if is_post else "Phiếu tra cứu hồ sơ nộp trực tuyến",
            "subtitle": _service(outlet, is_post=is_post), "reference": dossier.agent_ref,
            "above": outlet.operator.name, "agency": outlet.name,
            "place_and_day": wording.place_and_day(place.name if place else "", local(dossier.submitted_at).date()),
            "qr": codes.qr_svg(codes.tracking_url(dossier.agent_ref)),
            "lookup_words": f"{settings.WARDPOST_PUBLIC_URL.partition('//')[2]}/tra-cuu/, nhập mã này và 3 số cuối "
                            "điện thoại.",
            "from_label": "Người gửi" if is_post else "Người nộp", "to_label": "Nơi nhận",
            "sender": submitter_facts(dossier), "recipient": _recipient(dossier), "dossier": _dossier(dossier),
            "papers": _papers(dossier, is_post=is_post),
            "times": _times(dossier, is_post=is_post), **_money(dossier),
            "terms": list(POSTAL_TERMS if is_post else ONLINE_TERMS),
            "left_role": "NGƯỜI GỬI" if is_post else "NGƯỜI NỘP", "right_role": "GIAO DỊCH VIÊN",
            "submitter": dossier.citizen.full_name,
            "clerk": dossier.clerk.display_name if dossier.clerk is not None else "",
        }


def _papers(dossier: Dossier, *, is_post: bool) -> list[dict[str, Any]]:
    """What was handed in; originals with their numbers, so that the slip is the receipt for each of them."""
    assert dossier.submitted_at is not None  # noqa: S101  # as in slip_data
    kept = list(dossier.originals.order_by("id"))
    by_component = {original.component: original for original in kept if original.component != OTHER_PAPER["code"]}
    rows = [_row(*paper, is_post=is_post) | _original(by_component.pop(paper[1]["code"], None))
            for paper in papers_of(dossier, dossier.submitted_at)]
    more = [original for original in kept
            if original.component == OTHER_PAPER["code"] or original.component in by_component]
    return rows + [{"number": number, "name": original.name} | _original(original)
                   for number, original in enumerate(more, len(rows) + 1)]


def _original(original: Original | None) -> dict[str, Any]:
    """How the slip witnesses an original that the outlet took; nothing for other papers."""
    if original is None:
        return {}
    number = f" số {original.identifier}" if original.identifier else ""
    back = "trả lại người gửi" if original.goes_back else "cơ quan giữ"
    return {"form": f"Bản chính{number}, {back}", "count": str(original.sheets)}


def _service(outlet: agents.OutletInfo, *, is_post: bool) -> str:
    if not is_post:
        return "có hỗ trợ của điểm dịch vụ công trực tuyến"
    return "Dịch vụ bưu chính công ích" if outlet.operator.is_public_post else "Dịch vụ bưu chính theo hợp đồng"


def _recipient(dossier: Dossier) -> list[Fact]:
    receiving, authority = dossier.receiving_centre, dossier.authority_centre
    if receiving is None or authority is None:
        return [fact("Cơ quan giải quyết", "đang được xác định; người nộp được báo ngay khi có trả lời", heavy=True)]
    return [
        fact("Nơi tiếp nhận", receiving.name, heavy=True), fact("Địa chỉ", receiving.address),
        fact("Điện thoại", receiving.phone), fact("Thẩm quyền", authority.authority_name)]


def _dossier(dossier: Dossier) -> list[Fact]:
    route = route_from_data(dossier.route)
    named = route.former_place_name or route.place_name if route is not None else ""
    return [
        fact("Thủ tục", procedure_words(dossier), heavy=True),
        fact("Nơi quyết định thẩm quyền", named),
        fact("Trả kết quả", result_words(dossier)),
        fact("Ghi chú", dossier.note),
    ]


def _row(number: int, paper: dict[str, Any], files: int, *, is_post: bool) -> dict[str, Any]:
    is_shown = paper["kind"] == DocumentKind.PRESENT_ONLY or not (files or is_post)
    form = KIND_WORDS[DocumentKind.PRESENT_ONLY] if is_shown else (
        KIND_WORDS[DocumentKind(paper["kind"])] if is_post else "Bản quét điện tử")
    return {"number": number, "name": paper["name_vi"], "form": form, "count": "" if is_shown else str(max(files, 1))}


def _times(dossier: Dossier, *, is_post: bool) -> list[Fact]:
    term = term_of(dossier.procedure.terms, dossier.channel)
    return [
        fact("Nhận tại quầy", wording.moment(dossier.submitted_at)),
        fact("Thời hạn tính từ", "lúc ký Biên bản giao nhận" if is_post else "lúc trung tâm tiếp nhận"),
        fact("Thời hạn giải quyết", wording.term_words(term)),
    ]


def _money(dossier: Dossier) -> dict[str, Any]:
    pricing = pricing_from_data(dossier.quote)
    if pricing is None:
        return {"money": [], "total": {"label": "Người nộp trả", "amount": "chưa tính"}, "money_note": ""}
    fee = pricing.fee
    rows = [{"label": "Phí, lệ phí", "amount": wording.amount(fee.amount) if fee.amount is not None else "chưa rõ"}]
    rows += [{"label": label, "amount": wording.amount(quote.gross)} for label, quote in (
        ("Cước gửi hồ sơ", pricing.postage_out), ("Cước trả kết quả", pricing.postage_home)) if quote is not None]
    rows += [{"label": label, "amount": wording.amount(-amount)} for label, amount in (
        ("Giảm giá theo quy định", pricing.reduction), ("Ngân sách thành phố hỗ trợ", pricing.subsidy)) if amount]
    return {"money": rows, "total": {"label": "Người nộp trả", "amount": wording.amount(pricing.citizen_total)},
            "money_note": _money_note(pricing)}


def _money_note(pricing: Pricing) -> str:
    notes = [pricing.unknown.vi] if pricing.unknown else []
    if not pricing.fee.is_known:
        notes.append(pricing.fee.words.vi)
    if any(step.confidence == Confidence.ASSUMED for quote in pricing.quotes for step in quote.steps):
        notes.append("Mức cước hoặc mức hỗ trợ có phần là giả định, được tính lại khi có biểu giá chính thức.")
    return " ".join(notes)
