"""Which authority decides: a table of dated rules by level and place, and the reasons they give. Nothing is guessed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from intake.records import CentreRef, RouteStep
from intake.rules.catalogue import PlaceRule, ProcedureLevel
from intake.rules.wording import Words

_COMMUNE_BASIS: Final = "Luật Tổ chức chính quyền địa phương 72/2025/QH15; Nghị định 118/2025/NĐ-CP"


@dataclass(frozen=True, slots=True)
class RoutingRule:
    """In force from `valid_from`; `valid_to` is the first day on which it no longer holds."""

    code: str
    level: ProcedureLevel
    place_rule: PlaceRule
    valid_from: date
    valid_to: date | None
    legal_basis: str
    confidence: str
    because: Words
    """Which place decides, as the beginning of the reason."""

    @property
    def version(self) -> str:
        return self.valid_from.isoformat()

    def is_in_force(self, on: date) -> bool:
        return self.valid_from <= on and (self.valid_to is None or on < self.valid_to)


_BECAUSE: Final = {
    PlaceRule.RESIDENCE: Words("Giải quyết theo nơi cư trú", "Decided by the place of residence"),
    PlaceRule.EVENT_PLACE: Words("Giải quyết theo nơi xảy ra sự việc", "Decided by where it happened"),
    PlaceRule.LAND: Words("Giải quyết theo nơi có đất", "Decided by where the land lies"),
    PlaceRule.BUILDING: Words("Giải quyết theo nơi xây dựng công trình", "Decided by where the building stands"),
    PlaceRule.BUSINESS: Words("Giải quyết theo nơi đặt trụ sở hộ kinh doanh", "Decided by the seat of the business"),
    PlaceRule.REGISTER_HOLDER: Words("Giải quyết theo nơi lưu sổ gốc", "Decided by who keeps the register"),
    PlaceRule.ANYWHERE_IN_PROVINCE: Words("Nộp được tại bất kỳ xã, phường nào trong tỉnh, thành phố",
                                          "May be filed at any commune of the province"),
    PlaceRule.NONE: Words("Giải quyết tại cấp tỉnh", "Decided by the province"),
}
_SINCE: Final = date(2025, 7, 1)

RULES: Final[Sequence[RoutingRule]] = tuple(
    RoutingRule(f"{level}-{rule.replace('_', '-')}", level, rule, _SINCE, None, _COMMUNE_BASIS, "known", _BECAUSE[rule])
    for level in ProcedureLevel
    for rule in PlaceRule
    if not (level == ProcedureLevel.COMMUNE and rule == PlaceRule.NONE)
)
"""Two levels of local government since 1 July 2025: what a district decided, the commune or the province decides. A
ministry's own line is met at the provincial centre. No two rules for one level and place rule hold on the same day."""


def rule_for(level: str, place_rule: str, on: date) -> RoutingRule | None:
    """The rule in force on a day; None: the table says nothing, so a person must."""
    fitting = (rule for rule in RULES if rule.level == level and rule.place_rule == place_rule)
    return next((rule for rule in fitting if rule.is_in_force(on)), None)


# --- reasons --------------------------------------------------------------------------------------------------------


def place_step(rule: RoutingRule, named: str) -> RouteStep:
    """`named` is the place as the citizen names it, old or new."""
    return RouteStep("place", Words(f"{rule.because.vi}: {named}.", f"{rule.because.en}: {named}."))


def former_step(former: str, present: str, since: date, *, was_chosen: bool) -> RouteStep:
    """What became of a dissolved unit."""
    day_vi, day_en = f"{since:%d/%m/%Y}", f"{since.day} {since:%B %Y}"
    if was_chosen:
        return RouteStep("former-place", Words(
            f"{_capital(former)} được chia cho nhiều đơn vị từ {day_vi}; theo địa chỉ, người dân chọn {present}.",
            f"{_capital(former)} was split on {day_en}; by the address, the citizen chose {present}."))
    return RouteStep("former-place", Words(f"{_capital(former)} nay thuộc {present} từ {day_vi}.",
                                           f"{_capital(former)} is part of {present} since {day_en}."))


def precedent_step(said: str, basis: str, since: date, source: str) -> RouteStep:
    """An earlier answer tells who is competent."""
    return RouteStep("precedent", Words(
        f"Theo trả lời ngày {since:%d/%m/%Y} của {source}: {said} có thẩm quyền. Căn cứ: {basis}.",
        f"By the answer of {source}, {since.day} {since:%B %Y}: {said} is competent. Basis: {basis}."))


def advice_step(question: Words, verdict: Words, basis: str, place: str, since: date) -> RouteStep:
    """An earlier answer that the clerk should know of before she files."""
    return RouteStep("advice", Words(
        f"Đã hỏi và có trả lời ngày {since:%d/%m/%Y} cho {place}: {question.vi} {verdict.vi}. Căn cứ: {basis}.",
        f"Asked before and answered on {since.day} {since:%B %Y} for {place}: {question.en} {verdict.en}. "
        f"Basis: {basis}."))


def authority_step(authority: CentreRef) -> RouteStep:
    return RouteStep("authority", Words(f"Cơ quan có thẩm quyền: {authority.authority_name}.",
                                        f"Competent authority: {authority.authority_name}."))


def receiving_step(receiving: CentreRef, authority: CentreRef) -> RouteStep:
    if receiving.id == authority.id:
        return RouteStep("receiving", Words(f"Nơi tiếp nhận: {receiving.name}.", f"Received at: {receiving.name}."))
    return RouteStep("receiving", Words(
        f"Nơi tiếp nhận: {receiving.name}, không phụ thuộc địa giới hành chính trong tỉnh (Nghị định 118/2025/NĐ-CP).",
        f"Received at: {receiving.name}, regardless of boundaries within the province (Decree 118/2025/NĐ-CP)."))


def unclear_step(cause: str, named: str, candidates: Sequence[str]) -> RouteStep:
    """Why the rules cannot tell, and what happens now."""
    listed = ", ".join(candidates)
    reasons = {
        "split-unit": Words(f"{_capital(named)} đã được chia cho: {listed}. Địa chỉ cho biết là đơn vị nào.",
                            f"{_capital(named)} was split between {listed}. The address must tell which one."),
        "several-centres": Words(f"{_capital(named)} có nhiều trung tâm đang mở: {listed}.",
                                 f"{_capital(named)} has several open centres: {listed}."),
        "no-centre": Words(f"Chưa có trung tâm nào đang mở cho {named}.", f"No centre is open for {named}."),
        "place-unknown": Words("Chưa biết địa điểm quyết định thẩm quyền.", "The place that decides is not known."),
        "no-rule": Words("Chưa có quy tắc thẩm quyền cho thủ tục này vào ngày đó.",
                         "No rule of competence is known for this procedure on that day."),
    }
    reason = reasons[cause]
    return RouteStep("unclear", Words(f"{reason.vi} Không đoán: câu hỏi được chuyển cho người có trách nhiệm trả lời.",
                                      f"{reason.en} Not guessed: the question goes to a person who answers for it."))


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
