"""What a city owes an operator for one piece of its agents' work, by the norm in force on the local day of the work.

No norm has been published; during a pilot the amount is 0 and the work is still counted, because the experience is to
feed the norms. A demonstration norm is marked as assumed wherever it shows.
"""

from datetime import date
from typing import Final

from billing.records import Step
from billing.rules.rates import NormCard, RateBook
from billing.rules.words import Words
from shared.money import ZERO, Money

TASKS: Final = {
    "accepted_online": Words("Hồ sơ trực tuyến được tiếp nhận", "Online dossier accepted"),
    "accepted_paper": Words("Hồ sơ giấy được tiếp nhận", "Paper dossier accepted"),
    "delivered_result": Words("Kết quả đã phát", "Result delivered"),
    "account_help": Words("Giúp tạo tài khoản", "Help with an account"),
    "digital_training": Words("Hướng dẫn kỹ năng số", "Digital skills training"),
}


def compensation_step(*, task: str, province_code: str, on: date, book: RateBook) -> Step:
    """The step's amount is what the city owes; 0 with a reason when it owes nothing."""
    label = TASKS.get(task, Words(task, task))
    norm = book.norm(province_code, on)
    if norm is None:
        city = book.province_name(province_code)
        return Step("compensation", ZERO, label.vi, label.en, "none", "", "assumed", "no-known-norm",
                    f"Chưa biết định mức chi trả của {city}; công việc vẫn được ghi nhận.",
                    f"No compensation norm of {city} is known; the work is still counted.")
    amount = norm.amounts.get(task)
    code, reason = _why(norm, amount)
    return Step("compensation", amount or ZERO, label.vi, label.en, norm.code, norm.legal_basis, norm.confidence, code,
                reason.vi, reason.en)


def _why(norm: NormCard, amount: Money | None) -> tuple[str, Words]:
    if amount is None:
        return "task-not-in-norm", Words(f"{norm.name_vi} không tính công việc này.",
                                         f"{norm.name_en} does not count this work.")
    if not amount:
        return "pilot-norm", Words(f"{norm.name_vi}.", f"{norm.name_en}.")
    return "by-norm", Words(f"{norm.name_vi}.", f"{norm.name_en}.")
