"""A working month's money: a claim that does not agree everywhere, disputes, a line to take back, a counted drawer."""

from datetime import date, datetime, time, timedelta
from typing import Final

from agents.models.people import StaffAccount
from billing.claims.importing import confirm_claim, receive_claim
from billing.disputes.models import Dispute
from billing.disputes.raising import Objection, raise_dispute
from billing.disputes.rules import Reason
from billing.models.claims import Claim
from billing.models.ledger import Charge
from billing.operations.statements import prepare_statement
from billing.payments import cash
from billing.payments.models import CashShift
from billing.payments.records import Till
from billing.payments.rules.shifts import DENOMINATIONS
from billing.take_backs.asking import TakeBackAsked, ask
from billing.take_backs.hindrances import hindrance
from billing.take_backs.models import TakeBack
from config.demo.network import HANOI
from shared.actors import Actor
from shared.calendar import at_local, local

CLAIMED: Final = date(2025, 12, 1)
DISPUTED: Final = date(2026, 1, 1)
OPERATOR: Final = "VNPOST"
SHORT_VND: Final = 2_000
"""What the counted drawer lacks: a question to the manager, never the clerk's debt."""
_FLOAT: Final = {50_000: 2, 20_000: 3, 10_000: 3, 5_000: 2}
_TITLES: Final = "Số hiệu bưu gửi;Mã hồ sơ;Chiều;Số tiền;Ngày phát"
_NEVER_OURS: Final = "RR999999995VN"


def tell(at: datetime) -> None:
    """Everything through the operations that the screens use; what the story has not played is left out."""
    headquarters = _actor("dieuhanh.vnpost")
    _claim(headquarters, _actor("xemxet.hanoi"), at)
    _dispute(headquarters, at)
    _take_back(_actor("xemxet.hanoi"), at)
    _count_the_drawer(_actor("quay.hue"), at)


def _actor(username: str) -> Actor:
    people = StaffAccount.objects.select_related("outlet__operator", "outlet__commune", "centre", "operator")
    return people.get(username=username).actor


# --- the claim ------------------------------------------------------------------------------------------------------


def _claim(headquarters: Actor, reviewer: Actor, at: datetime) -> None:
    """December as its operator has it: prepared by the city, claimed, compared; what differs waits for a verdict."""
    rows = _rows()
    if not rows or Claim.objects.filter(province_id=HANOI, operator_code=OPERATOR, period=CLAIMED).exists():
        return
    prepare_statement(province_code=HANOI, operator_code=OPERATOR, period=CLAIMED, by=reviewer, at=at)
    claim = receive_claim(province_code=HANOI, period=CLAIMED, file_name="de-nghi-2025-12.csv",
                          content="\n".join([_TITLES, *rows]).encode("utf-8-sig"), by=headquarters, at=at)
    confirm_claim(claim_id=claim.id, by=headquarters, at=at)


def _rows() -> list[str]:
    """Right but for four: one too dear, one claimed twice, one that was never booked, and one left out."""
    lines = [line for line in Charge.objects.filter(
        province_code=HANOI, operator_code=OPERATOR, period=CLAIMED, source_type="parcel", reverses=None,
    ).order_by("occurred_at", "id") if line.city_subsidy]
    if len(lines) < 4:
        return []
    rows = [_row(line, dearer=8_000 if number == 1 else 0) for number, line in enumerate(lines[:-1])]
    return [*rows, rows[0], f"{_NEVER_OURS};{lines[0].dossier_code};về;30000;{CLAIMED:%d/%m/%Y}"]


def _row(line: Charge, *, dearer: int) -> str:
    """What the city owes of the line's postage, as the operator writes it."""
    way = "đi" if line.direction == "dossier" else "về"
    return ";".join([line.parcel_number, line.dossier_code, way, str(line.city_subsidy.amount + dearer),
                     f"{local(line.occurred_at):%d/%m/%Y}"])


# --- the dispute ----------------------------------------------------------------------------------------------------


def _dispute(headquarters: Actor, at: datetime) -> None:
    """Two lines of January that the operator does not agree with; a reviewer of the city has still to take them."""
    lines = Charge.objects.filter(province_code=HANOI, operator_code=OPERATOR, period=DISPUTED, reverses=None)
    chosen = list(lines.filter(source_type="parcel").order_by("occurred_at", "id").values_list("id", flat=True)[:2])
    if not chosen or Dispute.objects.filter(province_code=HANOI).exists():
        return
    for line_id, reason, text in zip(
            chosen, (Reason.TOO_LITTLE, Reason.UNCLEAR),
            ("Bưu gửi phát hai lần, lần hai do người nhận hẹn lại; đề nghị tính cước phát lại.",
             "Đề nghị cho biết vì sao dòng này được giảm."), strict=False):
        raise_dispute(Objection(lines=[line_id], reason=reason, text=text), by=headquarters, at=at)


# --- a line to be taken back ----------------------------------------------------------------------------------------


def _take_back(reviewer: Actor, at: datetime) -> None:
    """One more line of January that the city itself thinks wrong; its approver has still to answer."""
    lines = Charge.objects.filter(province_code=HANOI, operator_code=OPERATOR, period=DISPUTED, reverses=None)
    found = lines.filter(source_type="parcel").order_by("-occurred_at", "-id").first()
    if found is None or TakeBack.objects.filter(province_code=HANOI).exists() or hindrance(found) is not None:
        return
    ask(TakeBackAsked(line_id=found.id, charge_anew=False, reason=(
        "Bưu chính báo bưu gửi này đã hoàn về điểm gửi, chưa phát đến người nhận.")), by=reviewer, at=at)


# --- the drawer -----------------------------------------------------------------------------------------------------


def _count_the_drawer(clerk: Actor, at: datetime) -> None:
    """Yesterday's drawer, opened by its first money, is counted and lacks a little; today's has its small change."""
    shift = CashShift.objects.filter(clerk_id=clerk.id, state="open", is_opened_by_money=True).first()
    if shift is None:
        return
    expected = cash.sums_of(shift).expected.amount
    closing = max(at_local(local(shift.opened_at).date(), time(17, 5)), shift.opened_at + timedelta(hours=1))
    cash.close_shift(shift_id=shift.id, notes=_notes(max(0, expected - SHORT_VND)), by=clerk, at=min(closing, at),
                     note="Đếm hai lần")
    till = Till(shift.outlet_id, shift.operator_id, shift.operator_code, shift.province_code)
    cash.open_shift(till=till, notes=_FLOAT, by=clerk, at=at)


def _notes(amount: int) -> dict[int, int]:
    """The fewest notes that make `amount` đồng; what is less than the smallest one is left out."""
    notes = {}
    for value in DENOMINATIONS:
        notes[value], amount = divmod(amount, value)
    return notes
