"""What a city owes an operator for its agents' work, by the norm in force on the local day of the work.

No norm has been published; during a pilot the amount is 0 and the work is still counted, because the experience is to
feed the norms. A demonstration norm is marked as assumed wherever it shows.

An amount is found for the task and, where the norm tells them apart, for the procedure group, the channel and the
complexity; the most particular item wins. Modifiers are worked out from that amount, each rounded to the whole đồng
with halves away from zero, and together never take more than all of it. Stand-by and the cap of a period concern an
outlet's whole month: they are lines of their own, made when the month is fixed, so no order of events changes them.
"""

from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from typing import Final

from billing.records import Step, WorkFacts
from billing.rules.rates import ModifierCard, ModifierKind, NormCard, NormItemCard, RateBook, Unit
from billing.rules.words import Words, dong, share
from shared.money import ZERO, Money, total

STAND_BY: Final = "stand_by"
PERIOD_CAP: Final = "period_cap"
TASKS: Final = {
    "accepted_online": Words("Hồ sơ trực tuyến được tiếp nhận", "Online dossier accepted"),
    "accepted_paper": Words("Hồ sơ giấy được tiếp nhận", "Paper dossier accepted"),
    "delivered_result": Words("Kết quả đã phát", "Result delivered"),
    "account_help": Words("Giúp tạo tài khoản", "Help with an account"),
    "digital_training": Words("Hướng dẫn kỹ năng số", "Digital skills training"),
    STAND_BY: Words("Trực điểm phục vụ cả tháng", "Standing by for the month"),
    PERIOD_CAP: Words("Mức trần tháng của điểm phục vụ", "The outlet's cap for the month"),
}
MODIFIERS: Final = {
    ModifierKind.REMOTE_AREA: Words("Phụ cấp địa bàn khó khăn", "Remote area supplement"),
    ModifierKind.FIRST_TIME_RIGHT: Words("Thưởng hồ sơ đúng ngay lần đầu", "First-time-right bonus"),
    ModifierKind.LATE_HAND_OVER: Words("Trừ bàn giao muộn", "Late hand-over deduction"),
    ModifierKind.PERIOD_CAP: TASKS[PERIOD_CAP],
}
_NO_FACTS: Final = WorkFacts()


def compensation_steps(*, task: str, province_code: str, on: date, book: RateBook,
                       facts: WorkFacts = _NO_FACTS) -> tuple[Step, ...]:
    """The norm's amount, what modifies it and, when something does, the total; 0 with a reason when nothing is owed."""
    label = TASKS.get(task, Words(task, task))
    norm = book.norm(province_code, on)
    if norm is None:
        return (_unknown(label, book.province_name(province_code)),)
    amount = amount_of(norm, task, facts)
    why = _why(norm, amount)
    base = _step(norm, "compensation", amount or ZERO, label, why)
    extra = tuple(_modified(norm, amount, facts)) if amount else ()
    if not extra:
        return (base,)
    owed = max(ZERO, total(step.amount for step in (base, *extra)))
    return (base, *extra, _step(norm, "compensation_total", owed, Words("Thành phố phải trả", "The city owes"), why))


def owed(steps: tuple[Step, ...]) -> Money:
    """What the city owes by these steps: the total, or the only amount there is."""
    return steps[-1].amount


def amount_of(norm: NormCard, task: str, facts: WorkFacts) -> Money | None:
    """The amount of the most particular item that fits: group before channel before complexity. None: not counted."""
    fitting = [item for item in norm.items if item.task == task and item.unit == Unit.PIECE and _fits(item, facts)]
    if not fitting:
        return norm.amounts.get(task)
    return max(fitting, key=lambda item: (bool(item.procedure_group), bool(item.channel),
                                          bool(item.complexity))).amount


def _fits(item: NormItemCard, facts: WorkFacts) -> bool:
    asked = ((item.procedure_group, facts.procedure_group), (item.channel, facts.channel),
             (item.complexity, facts.complexity))
    return all(wanted in {"", told} for wanted, told in asked)


def _modified(norm: NormCard, amount: Money, facts: WorkFacts) -> Iterator[Step]:
    for card in norm.modifiers:
        if (reason := _applies(card, facts)) is None:
            continue
        sign = -1 if card.kind == ModifierKind.LATE_HAND_OVER else 1
        changed = card.amount if card.amount is not None else amount.portion(card.share or Fraction(0))
        name = MODIFIERS[ModifierKind(card.kind)]
        rate = share(card.share) if card.share is not None else dong(changed)
        yield _step(norm, card.kind, changed * sign, Words(f"{name.vi}, {rate.vi}", f"{name.en}, {rate.en}"),
                    (card.kind, reason))


def _applies(card: ModifierCard, facts: WorkFacts) -> Words | None:
    """Why the modifier holds for this work; None when it does not, or nobody can tell."""
    if card.kind == ModifierKind.REMOTE_AREA and facts.outlet_commune in card.communes:
        return Words(f"Điểm phục vụ ở xã {facts.outlet_commune}, trong danh mục địa bàn của định mức.",
                     f"The outlet lies in commune {facts.outlet_commune}, which the norm lists.")
    if card.kind == ModifierKind.FIRST_TIME_RIGHT and facts.is_first_time_right:
        return Words("Tiếp nhận ngay lần đầu, không phải bổ sung.", "Accepted at the first try, nothing was asked for.")
    days, limit = facts.hand_over_days, card.late_after_days
    if card.kind == ModifierKind.LATE_HAND_OVER and days is not None and limit is not None and days > limit:
        return Words(f"Bàn giao sau {days} ngày làm việc, định mức cho {limit}.",
                     f"Handed over after {days} working days, the norm allows {limit}.")
    return None


# --- an outlet's whole month ----------------------------------------------------------------------------------------


def stand_by_steps(norm: NormCard, *, days: int, of_days: int) -> tuple[Step, ...]:
    """For an outlet that was under its agreement on `days` of the month's `of_days`; empty when the norm pays none."""
    amount = next((item.amount for item in norm.items if item.unit == Unit.MONTH), ZERO)
    if not amount or not days:
        return ()
    part, whole = amount.portion(Fraction(days, of_days)), dong(amount)
    reason = Words(f"{whole.vi} một tháng, {days} trên {of_days} ngày có hiệu lực thoả thuận.",
                   f"{whole.en} a month, under agreement on {days} of {of_days} days.")
    return (_step(norm, "compensation", part, TASKS[STAND_BY], ("by-norm", reason)),)


def cap_steps(norm: NormCard, counted: Money) -> tuple[Step, ...]:
    """What an outlet's month of `counted` work is above the norm's cap, negative; empty when it is not."""
    cap = next((card.amount for card in norm.modifiers if card.kind == ModifierKind.PERIOD_CAP), None)
    if cap is None or counted <= cap:
        return ()
    limit, whole = dong(cap), dong(counted)
    reason = Words(f"Công việc trong tháng là {whole.vi}, định mức trả tối đa {limit.vi}.",
                   f"The month's work is {whole.en}, the norm pays at most {limit.en}.")
    return (_step(norm, "compensation", cap - counted, TASKS[PERIOD_CAP], ("period-cap", reason)),)


def _step(norm: NormCard, kind: str, amount: Money, label: Words, why: tuple[str, Words]) -> Step:
    """`why`: the reason's code and words."""
    code, reason = why
    return Step(kind, amount, label.vi, label.en, norm.code, norm.legal_basis, norm.confidence, code, reason.vi,
                reason.en)


def _unknown(label: Words, city: str) -> Step:
    return Step("compensation", ZERO, label.vi, label.en, "none", "", "assumed", "no-known-norm",
                f"Chưa biết định mức chi trả của {city}; công việc vẫn được ghi nhận.",
                f"No compensation norm of {city} is known; the work is still counted.")


def _why(norm: NormCard, amount: Money | None) -> tuple[str, Words]:
    if amount is None:
        return "task-not-in-norm", Words(f"{norm.name_vi} không tính công việc này.",
                                         f"{norm.name_en} does not count this work.")
    if not amount:
        return "pilot-norm", Words(f"{norm.name_vi}.", f"{norm.name_en}.")
    return "by-norm", Words(f"{norm.name_vi}.", f"{norm.name_en}.")
