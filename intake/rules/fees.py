"""What a procedure itself costs the citizen, as far as it is known.

Fees of the Ministry of Finance are national. Fees that provincial councils set are known to us only where a resolution
says 0 đ: elsewhere the answer is "not known", never a guess.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any, Final

from intake.records import Fee
from intake.rules.wording import Words
from shared.money import ZERO, Money, total

HANOI: Final = "01"
HANOI_ONLINE_FROM: Final = date(2026, 1, 1)
HANOI_BASIS: Final = (
    "Nghị quyết 77/2025/NQ-HĐND ngày 27/11/2025 của HĐND thành phố Hà Nội: phí, lệ phí khi nộp hồ sơ trực tuyến")

# People of merit, as the national postage reductions group them (Circular 22/2017/TT-BTTTT).
MERIT: Final = frozenset({
    "revolution_before_1945", "heroic_mother", "armed_forces_hero", "labour_hero", "war_invalid", "sick_soldier",
    "toxic_chemical_victim", "imprisoned_revolutionary", "martyr_relative",
})
EXEMPT_GROUPS: Final[Mapping[str, frozenset[str]]] = {
    "merit": MERIT, "poor_household": frozenset({"poor_household"}), "disabled": frozenset({"disabled"}),
}


@dataclass(frozen=True, slots=True)
class FeeCase:
    """A filing, as far as its fee depends on it. `fee` is the published table, Procedure.fee."""

    fee: Mapping[str, Any]
    legal_basis: str
    confidence: str
    channel: str
    on: date
    province_code: str
    managed_by_city: bool
    copies: int = 1
    pages: int = 1
    beneficiary_class: str = ""


def fee_of(case: FeeCase) -> Fee:
    kind = case.fee.get("kind", "not_shown")
    if kind == "free":
        return _answer(case, ZERO, "free", Words("Không thu phí, lệ phí.", "No fee."))
    if exempt := _exemption(case):
        return exempt
    if _is_waived_in_hanoi(case):
        part = "IV" if kind == "council_set" else "III"
        return Fee(ZERO, Words("0 đ: Hà Nội không thu phí, lệ phí khi nộp trực tuyến từ 01/01/2026.",
                               "0 VND: Hà Nội takes no fee for online filing since 1 January 2026."),
                   f"NQ77-2025-{part}", HANOI_BASIS, "verified" if kind == "council_set" else "known")
    if kind == "council_set":
        return _set_by_the_council(case)
    amount = _amount(case)
    if amount is None:
        return _answer(case, None, "not-shown", Words("Chưa rõ: cơ sở dữ liệu thủ tục không nêu mức phí.",
                                                      "Not known: the published procedure shows no amount."))
    return _answer(case, amount, kind, _explained(case, amount))


def _answer(case: FeeCase, amount: Money | None, rule: str, words: Words) -> Fee:
    return Fee(amount, words, rule, case.legal_basis, case.confidence)


def _exemption(case: FeeCase) -> Fee | None:
    """Published exemptions by group, on the proof that was recorded."""
    groups = [EXEMPT_GROUPS.get(name, frozenset()) for name in case.fee.get("exempt") or ()]
    if not any(case.beneficiary_class in group for group in groups):
        return None
    return _answer(case, ZERO, "exempt", Words("Miễn lệ phí theo đối tượng ưu tiên đã chứng minh.",
                                               "Exempt: the proven priority group pays no fee."))


def _is_waived_in_hanoi(case: FeeCase) -> bool:
    return (case.province_code == HANOI and case.managed_by_city and case.channel == "online"
            and case.on >= HANOI_ONLINE_FROM)


def _set_by_the_council(case: FeeCase) -> Fee:
    listed = case.fee.get("listed_vnd")
    vi = "Chưa rõ mức: do Hội đồng nhân dân cấp tỉnh quy định; trung tâm sẽ báo khi tiếp nhận."
    en = "Not known: set by the provincial People's Council; the centre tells it on receipt."
    if listed:
        vi += f" Cơ sở dữ liệu thủ tục nêu {_grouped(int(listed), '.')} đ."
        en += f" The published procedure names {_grouped(int(listed), ',')} VND."
    if case.fee.get("free_when_vi"):
        vi, en = f"{vi} {case.fee['free_when_vi']}", f"{en} {case.fee.get('free_when_en', '')}"
    return _answer(case, None, "council-set", Words(vi, en.strip()))


def _amount(case: FeeCase) -> Money | None:
    if case.fee["kind"] == "per_page_steps":
        return _by_pages(case) * case.copies
    listed = (case.fee.get("amounts_vnd") or {}).get(case.channel)
    if listed is None:
        return None
    once = Money(int(listed)).portion(_reduction(case))
    return once * case.copies if case.fee["kind"] == "per_copy" else once


def _by_pages(case: FeeCase) -> Money:
    steps = sorted(case.fee["steps"], key=lambda step: step["from_page"])
    prices = [next(step["amount_vnd"] for step in reversed(steps) if page >= step["from_page"])
              for page in range(1, case.pages + 1)]
    most = case.fee.get("max_per_copy_vnd")
    price = total(Money(int(price)) for price in prices)
    return price if most is None else min(price, Money(int(most)))


def _reduction(case: FeeCase) -> Fraction:
    """The temporary share of the amount; `valid_to` is the first day of the full one."""
    reduced = case.fee.get("reduced")
    if not reduced or case.on >= date.fromisoformat(reduced["valid_to"]):
        return Fraction(1)
    return Fraction(int(reduced["numerator"]), int(reduced["denominator"]))


def _explained(case: FeeCase, amount: Money) -> Words:
    if case.fee["kind"] == "per_copy":
        each = amount.amount // case.copies
        return Words(f"{_grouped(each, '.')} đ mỗi bản × {case.copies}.",
                     f"{_grouped(each, ',')} VND a copy × {case.copies}.")
    if case.fee["kind"] == "per_page_steps":
        return Words(f"Theo số trang ({case.pages} trang mỗi bản) × {case.copies} bản.",
                     f"By pages ({case.pages} a copy) × {case.copies} copies.")
    return Words("Tính theo hồ sơ.", "For the dossier as a whole.")


def _grouped(amount: int, mark: str) -> str:
    return f"{amount:,}".replace(",", mark)
