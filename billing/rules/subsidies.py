"""What a city pays of the postage that the national reduction leaves, and above all why not."""

from dataclasses import replace
from typing import Final

from billing.records import PostageCase, Step
from billing.rules import repeats
from billing.rules.rates import BudgetStopCard, RateBook, SubsidyCard, SubsidyPartCard, WhenEmpty
from billing.rules.words import Words, act, channels, dong, share
from shared.money import ZERO, Money

# Reasons a reviewer wants to see; the rest is the ordinary case.
EXCEPTIONS: Final = frozenset({
    "budget-empty", "budget-queued",
    "capped", "direction-not-covered", "no-known-rule", "no-tariff", "not-city", "not-online", "nothing-left",
    "reduced",
}) | repeats.CODES


def subsidy_step(case: PostageCase, left: Money, book: RateBook) -> Step:
    """`left` is the postage after the national reduction; the step's amount is what the city takes of it, negative."""
    city = book.province_name(case.province_code)
    if not left:
        return _nothing(city, None, "nothing-left", Words(
            "Giảm trừ quốc gia đã hết cước; thành phố không trả phần đã được giảm.",
            "The national reduction took the whole price; the city does not pay what was removed."))
    rule = book.subsidy(case.province_code, case.on)
    if rule is None:
        return _nothing(city, None, "no-known-rule", Words(
            f"Chưa biết chính sách hỗ trợ của {city}.", f"No support policy of {city} is known."))
    part = _best_part(case, rule, left)
    refusal = _refusal(case, rule, city, part)
    if refusal is not None:
        return _nothing(city, rule, *refusal)
    stop = book.budget_stop(case.province_code, rule.budget_line, case.on)
    if stop is not None and stop.when_empty == WhenEmpty.CITIZEN_PAYS:
        return _nothing(city, rule, "budget-empty", _empty(stop, city))
    paid = _paid(rule, part, city, left)
    return paid if stop is None else queued(paid, stop)


def _best_part(case: PostageCase, rule: SubsidyCard, left: Money) -> SubsidyCard | SubsidyPartCard:
    """The part that pays most of this trip; the general one when no other pays more."""
    parts: list[SubsidyCard | SubsidyPartCard] = [rule]
    parts += [part for part in rule.parts if set(part.beneficiary_classes) & set(case.beneficiary_classes)]
    return max(parts, key=lambda part: _amount(part, left) if _covers(part, case) else ZERO)


def _covers(part: SubsidyCard | SubsidyPartCard, case: PostageCase) -> bool:
    return case.channel in part.channels and case.direction in part.directions


def _amount(part: SubsidyCard | SubsidyPartCard, left: Money) -> Money:
    wanted = left.portion(part.share)
    return wanted if part.cap is None else min(wanted, part.cap)


def _empty(stop: BudgetStopCard, city: str) -> Words:
    day = f"{stop.valid_from:%d/%m/%Y}"
    return Words(
        f"Dự toán {stop.budget_line} của {city} đã hết; hồ sơ tiếp nhận từ {day} do người dân trả cho đến khi được bổ"
        " sung.",
        f"Budget line {stop.budget_line} of {city} is used up; the citizen pays for what is accepted from {day} until"
        " it is filled again.")


def queued(paid: Step, stop: BudgetStopCard) -> Step:
    """The same amount, owed all the same, with the word that it waits for more budget."""
    day = f"{stop.valid_from:%d/%m/%Y}"
    return replace(
        paid, reason_code="budget-queued",
        reason_vi=f"{paid.reason_vi} Dự toán {stop.budget_line} đã hết từ {day}: khoản này chờ dự toán bổ sung.",
        reason_en=f"{paid.reason_en} Budget line {stop.budget_line} is used up since {day}: this waits for more.")


def _refusal(case: PostageCase, rule: SubsidyCard, city: str,
             part: SubsidyCard | SubsidyPartCard) -> tuple[str, Words] | None:
    """Why this trip is outside the rule; None when it is inside."""
    title = act(rule.legal_basis)
    if not case.managed_by_city:
        return "not-city", Words(
            f"Thủ tục không thuộc thẩm quyền của {city}: {title.vi} không áp dụng.",
            f"The procedure is not under the authority of {city}: {title.en} does not apply.")
    if case.channel not in part.channels:
        return "not-online", _wrong_channel(case, rule, title)
    if case.direction not in part.directions:
        return "direction-not-covered", Words(
            f"{title.vi} không trả cho chiều này.", f"{title.en} does not pay this direction.")
    return None


def _wrong_channel(case: PostageCase, rule: SubsidyCard, title: Words) -> Words:
    paid = channels(rule.channels)
    name_vi, name_en = {
        "post": ("Hồ sơ giấy", "A paper dossier"), "direct": ("Hồ sơ nộp trực tiếp", "A dossier filed in person"),
        "online": ("Hồ sơ trực tuyến", "An online dossier")}.get(case.channel, ("Hồ sơ này", "This dossier"))
    return Words(f"{name_vi} không được hỗ trợ: {title.vi} chỉ trả cho hồ sơ nộp {paid.vi}.",
                 f"{name_en} is not supported: {title.en} only pays for dossiers filed {paid.en}.")


def _paid(rule: SubsidyCard, part: SubsidyCard | SubsidyPartCard, city: str, left: Money) -> Step:
    wanted, amount = left.portion(part.share), _amount(part, left)
    rate, cap = share(part.share), None if part.cap is None else dong(part.cap)
    limit_vi, limit_en = ("", "") if cap is None else (f", tối đa {cap.vi} một lượt", f", at most {cap.en} a trip")
    whom_vi, whom_en = ("", "") if part is rule else (f" ({part.name_vi})", f" ({part.name_en})")
    code, reason = _why(amount, wanted, cap)
    return Step("city_subsidy", -amount, f"{city} trả {rate.vi} phần còn lại{limit_vi}{whom_vi}",
                f"{city} pays {rate.en} of what is left{limit_en}{whom_en}", rule.code, part.legal_basis,
                part.confidence, code, reason.vi, reason.en)


def _why(amount: Money, wanted: Money, cap: Words | None) -> tuple[str, Words]:
    if cap is None:
        return "covered", Words("Hồ sơ trong diện được hỗ trợ.", "The dossier is covered.")
    if amount == wanted:
        return "within-cap", Words(f"Trong mức trần {cap.vi} một lượt.", f"Within the cap of {cap.en} a trip.")
    over = dong(wanted - amount)
    return "capped", Words(f"Đạt mức trần {cap.vi} một lượt, vượt {over.vi}.",
                           f"The cap of {cap.en} a trip is reached, {over.en} are above it.")


def _nothing(city: str, rule: SubsidyCard | None, code: str, reason: Words) -> Step:
    unruled = "assumed" if code == "no-known-rule" else "verified"
    return Step("city_subsidy", ZERO, f"{city} hỗ trợ", f"Support of {city}", "none" if rule is None else rule.code,
                "" if rule is None else rule.legal_basis, unruled if rule is None else rule.confidence,
                code, reason.vi, reason.en)
