"""What a city pays of the postage that the national reduction leaves, and above all why not."""

from typing import Final

from billing.records import PostageCase, Step
from billing.rules.rates import RateBook, SubsidyCard
from billing.rules.words import Words, act, channels, dong, share
from shared.money import ZERO, Money

# Reasons a reviewer wants to see; the rest is the ordinary case.
EXCEPTIONS: Final = frozenset({
    "capped", "direction-not-covered", "no-known-rule", "no-tariff", "not-city", "not-online", "nothing-left",
    "reduced",
})


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
    refusal = _refusal(case, rule, city)
    return _paid(rule, city, left) if refusal is None else _nothing(city, rule, *refusal)


def _refusal(case: PostageCase, rule: SubsidyCard, city: str) -> tuple[str, Words] | None:
    """Why this trip is outside the rule; None when it is inside."""
    title = act(rule.legal_basis)
    if not case.managed_by_city:
        return "not-city", Words(
            f"Thủ tục không thuộc thẩm quyền của {city}: {title.vi} không áp dụng.",
            f"The procedure is not under the authority of {city}: {title.en} does not apply.")
    if case.channel not in rule.channels:
        return "not-online", _wrong_channel(case, rule, title)
    if case.direction not in rule.directions:
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


def _paid(rule: SubsidyCard, city: str, left: Money) -> Step:
    wanted = left.portion(rule.share)
    amount = wanted if rule.cap is None else min(wanted, rule.cap)
    rate, cap = share(rule.share), None if rule.cap is None else dong(rule.cap)
    limit_vi, limit_en = ("", "") if cap is None else (f", tối đa {cap.vi} một lượt", f", at most {cap.en} a trip")
    code, reason = _why(amount, wanted, cap)
    return Step("city_subsidy", -amount, f"{city} trả {rate.vi} phần còn lại{limit_vi}",
                f"{city} pays {rate.en} of what is left{limit_en}", rule.code, rule.legal_basis, rule.confidence,
                code, reason.vi, reason.en)


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
