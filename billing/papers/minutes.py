"""Biên bản đối soát: the joint minutes of a month, made from the figures that both sides sign.

Period of settlement and joint minutes: city practice after Decision 45/2016/QĐ-TTg and Circular 17/2017/TT-BTTTT.
The paper is Vietnamese whatever the reader's language, and the same figures give the same bytes.
"""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from django.utils.translation import override

from agents import public as agents
from billing.claims.reading_lines import ReasonCount, summed, sums_by_reason
from billing.claims.wording import reason_words
from billing.models.claims import CallBack, Claim, ClaimLine
from billing.models.statements import Statement, StatementSignature
from billing.queries.rates import rate_book
from billing.rules.settling import Step
from billing.settling.figures import Figures, figures_of, matched_claim
from billing.settling.workflow import signatures
from shared.calendar import local
from shared.formatting import full_stamp, number
from shared.money import Money
from shared.spoken_money import in_words
from shared.typesetting import Typesetter

TYPESETTER: Final = Typesetter(Path(__file__).parent / "typst")
MOST_ON_PAPER: Final = 300
"""Lines set out one by one; the rest is in the file whose digest the minutes name."""
_OUTCOMES: Final = {"received": "đã nhận", "denied": "nói chưa nhận", "unreachable": "không liên lạc được"}


def minutes_pdf(statement: Statement) -> bytes:
    """The minutes of a statement that is at least prepared, dated by its last step."""
    with override("vi"):
        return TYPESETTER.pdf("minutes", minutes_data(statement), dated=_dated(statement))


def _dated(statement: Statement) -> datetime:
    assert statement.prepared_at is not None  # noqa: S101  # the caller asks for prepared ones only
    return statement.state_at or statement.prepared_at


def minutes_data(statement: Statement) -> dict[str, Any]:
    figures, signed, claim = figures_of(statement), signatures(statement), matched_claim(statement)
    reasons = sums_by_reason(claim) if claim is not None else []
    city = rate_book().province_name(statement.province_id)
    operator = _operator(statement.operator_code)
    day = local(_dated(statement)).date()
    return {
        "title": f"Biên bản đối soát {operator} {statement.period:%m/%Y}",
        "above": f"Ủy ban nhân dân {city}", "agency": f"Tài chính {city}",
        "number": f"{statement.operator_code}-{statement.period:%Y%m}-{statement.round}/BBĐS",
        "place_and_day": f"{city}, ngày {day:%d} tháng {day:%m} năm {day:%Y}", "month": f"{statement.period:%m/%Y}",
        "parties": [{"side": "Bên A", "name": f"Tài chính {city}", "person": _name(signed.get(Step.REVIEW))},
                    {"side": "Bên B", "name": operator, "person": _name(signed.get(Step.AGREE))}],
        "figures": _figures(figures, statement, claim, reasons), "words": in_words(Money(figures.payable)),
        "reasons": [_reason(each) for each in reasons if each.reason_code], **_rows(claim),
        "sample": _sample(claim), "digests": _digests(figures), "short_digest": figures.digest[:16],
        "signatures": _signatures(signed, city, operator)}


def _operator(code: str) -> str:
    return next((each.name for each in agents.operators() if each.code == code), code)


def _name(signature: StatementSignature | None) -> str:
    return "" if signature is None else signature.signer_name


def _figures(figures: Figures, statement: Statement, claim: Claim | None,
             reasons: list[ReasonCount]) -> list[dict[str, Any]]:
    sums = summed(reasons)
    rows: list[tuple[str, int | None, int]] = []
    if claim is not None:
        rows += [("Bưu chính đề nghị", sums.lines, figures.claimed), ("Chấp nhận", None, figures.admitted),
                 ("Không chấp nhận", None, figures.claimed - figures.admitted),
                 ("Sổ có, bưu chính chưa đề nghị", claim.unclaimed_lines, claim.unclaimed.amount)]
        if figures.work:
            rows.append(("Công việc của đại lý theo sổ", None, figures.work))
    else:
        rows.append(("Theo sổ của hệ thống (bưu chính không gửi đề nghị)", statement.lines, figures.books))
    rows += [(label, None, amount) for label, amount in (
        ("Bút toán khác và sửa dòng của tháng trước", figures.adjusted),
        ("Đang giữ vì tranh chấp", -figures.held), ("Chờ dự toán", -figures.waiting),
        ("Của các tháng trước, nay trả được", figures.carried)) if amount]
    plain = [{"label": label, "lines": "" if lines is None else number(lines), "amount": number(amount), "heavy": False}
             for label, lines, amount in rows]
    return [*plain, {"label": "Thành phố trả", "lines": "", "amount": number(figures.payable), "heavy": True}]


def _reason(each: ReasonCount) -> dict[str, str]:
    return {"label": reason_words(each.reason_code), "lines": number(each.lines),
            "claimed": number(each.claimed.amount), "admitted": number(each.admitted.amount),
            "difference": number(each.difference.amount)}


def _rows(claim: Claim | None) -> dict[str, Any]:
    if claim is None:
        return {"rows": [], "more": ""}
    lines = ClaimLine.objects.filter(claim=claim, verdict__in=["rejected", "reduced"]).order_by("row")
    shown, count = list(lines.defer("facts")[:MOST_ON_PAPER]), lines.count()
    more = "" if count <= MOST_ON_PAPER else (
        f"Còn {number(count - MOST_ON_PAPER)} dòng nữa trong tệp xuất của đề nghị này.")
    return {"more": more, "rows": [
        {"row": str(line.row), "parcel": line.parcel_number, "dossier": line.dossier_code,
         "reason": reason_words(line.reason_code), "claimed": number(line.claimed.amount),
         "admitted": number(line.admitted.amount)} for line in shown]}


def _sample(claim: Claim | None) -> str:
    if claim is None:
        return "Không có đề nghị nên không lấy mẫu."
    outcomes = list(CallBack.objects.filter(claim=claim).values_list("outcome", flat=True))
    if not outcomes:
        return "Không có dòng nào để lấy mẫu."
    found = ", ".join(f"{outcomes.count(code)} {words}" for code, words in _OUTCOMES.items() if code in outcomes)
    waiting = f", {outcomes.count('')} chưa hỏi" if "" in outcomes else ""
    return (f"Đã chọn theo rủi ro {len(outcomes)} dòng không có gì lạ để hỏi lại người dân: "
            f"{found}{waiting}.").replace(": ,", ":")


def _digests(figures: Figures) -> list[dict[str, str]]:
    named: Mapping[str, str] = {"Bảng kê": figures.lines_digest, "Tệp đề nghị": figures.claim_sha256,
                                "Số liệu được ký": figures.digest}
    return [{"label": label, "value": value} for label, value in named.items() if value]


def _signatures(signed: Mapping[Step, StatementSignature], city: str, operator: str) -> list[dict[str, str]]:
    return [{"role": f"ĐẠI DIỆN {name.upper()}", "name": _name(signed.get(step)), "signed": _stamp(signed.get(step))}
            for step, name in ((Step.REVIEW, f"Tài chính {city}"), (Step.AGREE, operator))]


def _stamp(signature: StatementSignature | None) -> str:
    return "" if signature is None else f"đã ký trên hệ thống {full_stamp(signature.signed_at)}"
