"""Pre-printed receipts for when the network is down: entered later in the order of their numbers, each one matched.

Every sheet of a block is a receipt, void, or spoiled; what is written and not matched yet is listed every day until
nothing is left.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from intake.errors import ReceiptIsVoid, ReceiptNotFound, ReceiptRefused
from intake.events import DossierPaid
from intake.models.dossiers import Dossier
from intake.models.receipts import OutletRange, Receipt
from intake.operations import receipts
from intake.plain_data import pricing_from_data
from intake.rules.receipts import ReceiptState, SeriesKind, written
from intake.rules.states import Handling, MoneyAction, MoneyState
from intake.scanning import reference_in
from intake.steps import take_step
from shared import audit
from shared.actors import Actor
from shared.calendar import local
from shared.errors import ErrorCollector
from shared.money import Money
from shared.outbox.publishing import publish
from shared.text import clean
from shared.transactions import operation

MOST_DONG: Final = 1_000_000_000


@dataclass(frozen=True, slots=True)
class SheetInput:
    """What stands on a pre-printed sheet; `code` names its dossier once that is in the system."""

    number: int
    collected_at: datetime
    amount: Money
    payer_name: str
    payer_address: str = ""
    code: str = ""


@operation
def enter_sheet(sheet: SheetInput, *, range_id: UUID, by: Actor, at: datetime) -> Receipt:
    """Enter the next sheet of a block; with a dossier its money is recorded as of the time on the sheet.

    Raises:
        ReceiptNotFound: no such block at this outlet.
        ReceiptRefused: not the block's next number, or something on it cannot be.
    """
    block = _block(range_id, by)
    wrong = ErrorCollector()
    _check_number(block, sheet.number, wrong)
    if not 0 < sheet.amount.amount <= MOST_DONG:
        wrong.add("/amount", "range", _("Write the amount on the sheet, in whole đồng."))
    if not 2 <= len(clean(sheet.payer_name)) <= 120:
        wrong.add("/payer_name", "missing", _("Write the payer’s name as it stands on the sheet."))
    if not block.allotted_at <= sheet.collected_at <= at or local(sheet.collected_at).year != block.series.year:
        wrong.add("/collected_at", "range", _("The time on the sheet lies between the day of the block and now."))
    dossier = _dossier(sheet.code, by, wrong) if sheet.code.strip() else None
    if dossier is not None:
        _check_money(dossier, sheet.amount, wrong)
    wrong.raise_if_any(ReceiptRefused)
    receipt = receipts.write(
        block, dossier=dossier, payer_name=sheet.payer_name, payer_address=sheet.payer_address, amount=sheet.amount,
        collected_at=sheet.collected_at, by=by, at=at)
    if dossier is not None:
        _paid(dossier, receipt, by, at)
    return receipt


@operation
def spoil_sheet(*, range_id: UUID, number: int, note: str, by: Actor, at: datetime) -> Receipt:
    """Declare the next sheet of a block spoiled: never used for money.

    Raises:
        ReceiptNotFound: no such block at this outlet.
        ReceiptRefused: not the block's next number, or nothing says why.
    """
    block = _block(range_id, by)
    wrong = ErrorCollector()
    _check_number(block, number, wrong)
    if len(clean(note)) < 3:
        wrong.add("/note", "missing", _("Say how the sheet was spoiled."))
    wrong.raise_if_any(ReceiptRefused)
    receipt = Receipt(
        range=block, series=block.series, outlet_id=block.outlet_id, operator_id=block.operator_id,
        province_code=block.province_code, number=number, state=ReceiptState.SPOILED, collected_at=at, entered_at=at,
        issued_by=by.id, issued_by_name=by.name, void_note=clean(note)[:300])
    receipt.save(force_insert=True)
    audit.record(actor=by, action="receipt.spoil", object_type="receipt", object_id=receipt.id, at=at,
                 after={"number": number}, reason=clean(note))
    return receipt


@operation
def match_sheet(*, receipt_id: UUID, code: str, by: Actor, at: datetime) -> Receipt:
    """Say which dossier a sheet belongs to. The same again changes nothing.

    Raises:
        ReceiptNotFound: unknown, or of another place.
        ReceiptIsVoid: void or spoiled.
        ReceiptRefused: no such dossier, it has a receipt already, or the amounts differ.
    """
    receipt = receipts.locked(receipt_id, by)
    if receipt.state != ReceiptState.ISSUED:
        raise ReceiptIsVoid
    wrong = ErrorCollector()
    dossier = _dossier(code, by, wrong)
    if dossier is not None and receipt.dossier_id == dossier.id:
        return receipt
    if receipt.dossier_id is not None:
        wrong.add("/code", "matched", _("This receipt belongs to another dossier already."))
    if dossier is not None:
        _check_money(dossier, receipt.amount, wrong)
    wrong.raise_if_any(ReceiptRefused)
    assert dossier is not None  # noqa: S101  # refused above
    receipt.dossier = dossier
    receipt.save(update_fields=["dossier"])
    _paid(dossier, receipt, by, at)
    return receipt


def _block(range_id: UUID, by: Actor) -> OutletRange:
    block = OutletRange.objects.seen_by(by).select_for_update(of=("self",)).select_related("series__delegation").filter(
        id=range_id, series__kind=SeriesKind.PREPRINTED).first()
    if block is None or by.outlet_id is None:
        raise ReceiptNotFound
    return block


def _check_number(block: OutletRange, number: int, wrong: ErrorCollector) -> None:
    if block.left <= 0:
        wrong.add("/number", "used-up", _("This block is used up."))
    elif number != block.next:
        wrong.add("/number", "not-next", _(
            "The next sheet of this block is {number}: enter it first, or declare it spoiled.").format(
                number=written(block.next)))


def _dossier(code: str, by: Actor, wrong: ErrorCollector) -> Dossier | None:
    reference = reference_in(code)
    found = Dossier.objects.seen_by(by).select_for_update(of=("self",)).select_related("procedure", "citizen").filter(
        Q(agent_ref=reference) | Q(code=reference)).exclude(handling=Handling.DRAFT).first()
    if found is None:
        wrong.add("/code", "unknown", _("No dossier of this outlet has this code. Scan the code on its slip."))
    return found


def _check_money(dossier: Dossier, amount: Money, wrong: ErrorCollector) -> None:
    """A known fee is what the sheet says; where only the centre knows it, the sheet is believed."""
    pricing = pricing_from_data(dossier.quote)
    is_known = pricing is None or pricing.fee.is_known
    if is_known and amount != dossier.fee:
        wrong.add("/amount", "differs", _(
            "The sheet says {sheet}, the dossier’s fee is {fee}. Somebody else voids the sheet.").format(
                sheet=_dong(amount), fee=_dong(dossier.fee)))
    if Receipt.objects.filter(dossier=dossier, state=ReceiptState.ISSUED).exists():
        wrong.add("/code", "has-one", _("This dossier has a receipt already."))


def _dong(amount: Money) -> str:
    return f"{amount.amount:,} đ".replace(",", ".")


def _paid(dossier: Dossier, receipt: Receipt, by: Actor, at: datetime) -> None:
    Receipt.objects.filter(id=receipt.id).update(matched_at=at, matched_by=by.id)
    receipt.matched_at, receipt.matched_by = at, by.id
    audit.record(actor=by, action="receipt.match", object_type="receipt", object_id=receipt.id, at=at,
                 after={"dossier_id": str(dossier.id)})
    if dossier.money == MoneyState.DUE:
        take_step(dossier, MoneyAction.PAY, by=by, at=receipt.collected_at,
                  data={"amount_vnd": receipt.amount.amount, "receipt": written(receipt.number)})
        publish(DossierPaid(dossier.id, dossier.version, "cash", receipt.amount.amount, 0, receipt.outlet_id, by.id,
                            by.name, written(receipt.number), receipt.collected_at))
