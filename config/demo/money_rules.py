"""Finance in Hà Nội: a budget for 2026 in force, a draft norm that waits for approval, a draft tried over January."""

from datetime import date, datetime
from typing import Any, Final

from agents.models.people import StaffAccount
from billing.budget import reckoning
from billing.rule_book import approving, drafting
from billing.rules.periods import month_after, month_of
from billing.what_if import asking
from shared.actors import Actor, ActorKind

_LEGAL: Final = "Số liệu minh hoạ để chạy thử; không phải quyết định giao dự toán"


def tell(at: datetime) -> None:
    """Everything through the operations that the screens use."""
    reviewer, approver = _actor("xemxet.hanoi"), _actor("duyet.hanoi")
    for line, year, amount in (("NQ39-2024", 2025, 6_000_000), ("NQ77-2025", at.year, 40_000_000)):
        grant = drafting.write_draft(terms=_budget(line, year, amount), note="Dự toán minh hoạ", by=reviewer, at=at)
        drafting.propose(draft_id=grant.id, by=reviewer, at=at)
        approving.approve(draft_id=grant.id, digest=grant.digest, note="", by=approver, at=at)
    reckoning.watch_budgets(at=at)
    begin = month_after(month_after(month_of(at)))
    norm = drafting.write_draft(terms=_norm(begin), by=reviewer, at=at,
                                note="Thử phân biệt nhóm thủ tục, địa bàn và hồ sơ đúng ngay lần đầu")
    drafting.propose(draft_id=norm.id, by=reviewer, at=at)
    half = drafting.write_draft(terms=_half(begin), note="Nếu chỉ hỗ trợ một nửa", by=reviewer, at=at)
    asking.ask_scenario(name="Định mức mới và hỗ trợ một nửa, tháng 12 và tháng 1", draft_ids=[norm.id, half.id],
                        first_period=date(2025, 12, 1), last_period=date(2026, 1, 1), by=reviewer, at=at)


def _actor(username: str) -> Actor:
    person = StaffAccount.objects.get(username=username)
    return Actor(ActorKind.PERSON, str(person.id), person.display_name, person.role,
                 province_code=person.province_id or "")


def _budget(line: str, year: int, amount: int) -> dict[str, Any]:
    return {"kind": "budget", "code": line, "name_vi": f"Hỗ trợ cước theo {line}, năm {year}",
            "name_en": f"Postage support by {line}, {year}", "year": year, "amount_vnd": amount,
            "granted_on": f"{year}-01-02", "when_empty": "citizen_pays", "warn_weeks": 6, "legal_basis": _LEGAL,
            "confidence": "assumed"}


def _norm(begin: date) -> dict[str, Any]:
    return {
        "kind": "norm", "code": "DM-THU", "name_vi": "Định mức dự thảo (minh hoạ)",
        "name_en": "Draft norm (illustration)", "valid_from": begin.isoformat(), "valid_to": None,
        "legal_basis": "Bản dự thảo minh hoạ, chưa có văn bản nào quy định", "confidence": "assumed",
        "items": [{"task": "accepted_online", "amount_vnd": 12000}, {"task": "accepted_paper", "amount_vnd": 9000},
                  {"task": "accepted_online", "amount_vnd": 20000, "procedure_group": "land"},
                  {"task": "delivered_result", "amount_vnd": 3000},
                  {"task": "stand_by", "amount_vnd": 3_000_000, "unit": "month"}],
        "modifiers": [{"kind": "remote_area", "numerator": 1, "denominator": 5, "communes": ["09700"]},  # Ba Vì
                      {"kind": "first_time_right", "amount_vnd": 2000},
                      {"kind": "late_hand_over", "numerator": 1, "denominator": 10, "late_after_days": 2},
                      {"kind": "period_cap", "amount_vnd": 15_000_000}]}


def _half(begin: date) -> dict[str, Any]:
    return {
        "kind": "subsidy", "code": "NQ-MOT-NUA", "name_vi": "Hỗ trợ một nửa (minh hoạ)",
        "name_en": "Half support (illustration)", "valid_from": begin.isoformat(), "valid_to": None,
        "legal_basis": "Phương án minh hoạ, chưa có văn bản nào quy định", "confidence": "assumed", "numerator": 1,
        "denominator": 2, "cap_per_trip_vnd": None, "channels": ["online"], "directions": ["dossier", "result"],
        "budget_line": "NQ77-2025"}
