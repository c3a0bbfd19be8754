"""A receipt is written when the money is taken, voided by a second person, and never changed.

Decree 254/2026/NĐ-CP, Articles 23 to 25: written at the time of collection, in the outlet's own range, ascending.
"""

from collections.abc import Mapping
from datetime import date, datetime
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from agents import public as agents
from intake.dues import parts_due
from intake.errors import NoReceiptNumber, ReceiptIsVoid, ReceiptNotFound, ReceiptRefused, SecondPersonNeeded
from intake.events import DossierMoneyReturned
from intake.models.dossiers import Dossier
from intake.models.receipts import OutletRange, Receipt
from intake.operations.receipt_numbers import warn_when_few
from intake.papers import wording
from intake.papers.fee_receipt import fee_receipt_data
from intake.rules.receipts import (
    RECEIPTS,
    VOID_REASONS,
    ReceiptAction,
    ReceiptState,
    SeriesKind,
    VoidReason,
    line_kind,
    written,
)
from intake.rules.states import MoneyAction, MoneyState
from intake.steps import take_step
from shared import audit
from shared.actors import Actor, ActorKind
from shared.calendar import local
from shared.errors import ErrorCollector
from shared.money import Money
from shared.outbox.publishing import publish
from shared.text import clean
from shared.transactions import operation


def issue_for(dossier: Dossier, *, by: Actor, at: datetime) -> Receipt:
    """Write the electronic receipt of a dossier's fee; for operations that hold its lock.

    Raises:
        NoReceiptNumber: no published delegation of the authority has a number left at this outlet.
    """
    assert by.outlet_id is not None  # noqa: S101  # the caller takes money at an outlet
    numbers = next_range(by.outlet_id, dossier, local(at).date())
    name, address = dossier.citizen.full_name, wording.home_of(dossier.citizen)
    return write(numbers, dossier=dossier, payer_name=name, payer_address=address, amount=dossier.fee,
                 collected_at=at, by=by, at=at)


def next_range(outlet_id: UUID, dossier: Dossier, on: date) -> OutletRange:
    """The outlet's range for the dossier's authority that has a number left, locked; raises NoReceiptNumber."""
    exact = Q(series__delegation__centre_id=dossier.authority_centre_id or dossier.receiving_centre_id)
    whole = Q(series__delegation__covers_province=True, series__delegation__province_code=dossier.province_code)
    in_force = Q(series__delegation__valid_from__lte=on, series__delegation__published_at__isnull=False,
                 series__delegation__ended_at=None) & (
        Q(series__delegation__valid_to=None) | Q(series__delegation__valid_to__gt=on))
    ranges = OutletRange.objects.select_for_update(of=("self",)).select_related("series__delegation").filter(
        exact | whole, in_force, outlet_id=outlet_id, series__kind=SeriesKind.ELECTRONIC, series__year=on.year)
    usable = [each for each in ranges.order_by("first", "id") if each.left > 0]
    if not usable:
        raise NoReceiptNumber(_("Write a pre-printed receipt and enter it, and ask your headquarters for numbers."))
    wanted = dossier.authority_centre_id or dossier.receiving_centre_id
    return min(usable, key=lambda each: each.series.delegation.centre_id != wanted)


def write(numbers: OutletRange, *, dossier: Dossier | None, payer_name: str, payer_address: str, amount: Money,
          collected_at: datetime, by: Actor, at: datetime, replaces: Receipt | None = None) -> Receipt:
    """Write the next number of `numbers`, which the caller holds locked."""
    receipt = Receipt(
        range=numbers, series=numbers.series, outlet_id=numbers.outlet_id, operator_id=numbers.operator_id,
        province_code=numbers.province_code, number=numbers.next, state=ReceiptState.ISSUED, dossier=dossier,
        payer_name=clean(payer_name)[:120], payer_address=clean(payer_address)[:300], amount=amount,
        lines=_lines(dossier, amount), collected_at=collected_at, entered_at=at, issued_by=by.id,
        issued_by_name=by.name, replaces=replaces)
    receipt.paper = fee_receipt_data(receipt, numbers, agents.get_outlet(numbers.outlet_id))
    receipt.save(force_insert=True)
    numbers.next += 1  # as the database has counted by now
    audit.record(actor=by, action="receipt.issue", object_type="receipt", object_id=receipt.id, at=at,
                 after={"number": receipt.number, "series": str(numbers.series_id), "amount_vnd": amount.amount})
    warn_when_few(numbers, at=at)
    return receipt


def _lines(dossier: Dossier | None, amount: Money) -> list[Mapping[str, object]]:
    if dossier is None:
        return [{"kind": "LP", "name": "Thu phí, lệ phí theo biên lai viết tay", "amount": amount.amount}]
    name = dossier.procedure.name_vi
    return [{"kind": line_kind(name).value, "name": name, "amount": amount.amount}]


# --- void -----------------------------------------------------------------------------------------------------------


@operation
def void_receipt(*, receipt_id: UUID, reason: str, by: Actor, at: datetime, note: str = "", payer_name: str = "",
                 payer_address: str = "") -> Receipt:
    """Void a receipt that somebody else issued; where its reason says so, write another in its place at once.

    The answer is the void receipt; `replaced_by` is the new one.

    Raises:
        ReceiptNotFound: unknown, or of another place.
        SecondPersonNeeded: whoever issued it cannot void it, nor can a machine.
        ReceiptIsVoid: it is void already, or a spoiled sheet.
        ReceiptRefused: the reason is unknown, or what it needs is missing.
        NoReceiptNumber: it is to be replaced and no number is left.
    """
    receipt = locked(receipt_id, by)
    if by.kind != ActorKind.PERSON or by.id == receipt.issued_by:
        raise SecondPersonNeeded(_("A receipt is voided by the manager or another clerk, never by who issued it."))
    if receipt.state != ReceiptState.ISSUED:
        raise ReceiptIsVoid
    why = _checked_reason(receipt, reason, note, payer_name)
    action = ReceiptAction.REPLACE if why.after == "replaced" else ReceiptAction.CANCEL
    receipt.state = RECEIPTS[ReceiptState(receipt.state), action]
    receipt.void_reason, receipt.void_note = why.code, clean(note)[:300]
    receipt.voided_at, receipt.voided_by, receipt.voided_by_name = at, by.id, by.name
    receipt.save(update_fields=["state", "void_reason", "void_note", "voided_at", "voided_by", "voided_by_name"])
    audit.record(actor=by, action="receipt.void", object_type="receipt", object_id=receipt.id, at=at,
                 before={"state": ReceiptState.ISSUED.value}, after={"state": receipt.state}, reason=why.code)
    _follow(receipt, why, (payer_name, payer_address), by, at)
    return receipt


def locked(receipt_id: UUID, by: Actor) -> Receipt:
    """The receipt in the actor's scope, locked; raises ReceiptNotFound."""
    reach = Receipt.objects.seen_by(by).select_for_update(of=("self",))
    receipt = reach.filter(id=receipt_id).first()
    if receipt is None or by.outlet_id is None:
        raise ReceiptNotFound
    return receipt


def _checked_reason(receipt: Receipt, reason: str, note: str, payer_name: str) -> VoidReason:
    wrong = ErrorCollector()
    why = VOID_REASONS.get(reason)
    if why is None:
        wrong.add("/reason", "unknown", _("Choose one of the reasons."))
    elif why.after == "replaced" and receipt.dossier_id is None:
        wrong.add("/reason", "not-matched", _("Say first which dossier the sheet belongs to."))
    elif why.code == "wrong-payer" and clean(payer_name) in {"", receipt.payer_name}:
        wrong.add("/payer_name", "missing", _("Write the right name of the payer."))
    if len(clean(note)) < 5:
        wrong.add("/note", "missing", _("Explain in a sentence what happened."))
    wrong.raise_if_any(ReceiptRefused)
    assert why is not None  # noqa: S101  # refused above
    return why


def _follow(receipt: Receipt, why: VoidReason, payer: tuple[str, str], by: Actor, at: datetime) -> None:
    """Replace the void receipt, or say what has become of the money. `payer`: name and address, empty as before."""
    if receipt.dossier_id is None:
        return
    dossier = Dossier.objects.select_for_update(of=("self",)).select_related("procedure", "citizen").get(
        id=receipt.dossier_id)
    if why.after == "replaced":
        numbers = next_range(receipt.outlet_id, dossier, local(at).date())
        write(numbers, dossier=dossier, payer_name=clean(payer[0]) or receipt.payer_name,
              payer_address=clean(payer[1]) or receipt.payer_address, amount=receipt.amount,
              collected_at=receipt.collected_at, by=by, at=at, replaces=receipt)
    elif dossier.money == MoneyState.PAID:
        action = MoneyAction.REVERSE if why.after == "due" else MoneyAction.REFUND
        take_step(dossier, action, by=by, at=at, data={"receipt": written(receipt.number)})
        _tell_returned(receipt, dossier, was_taken=action is MoneyAction.REFUND, by=by, at=at)


def _tell_returned(receipt: Receipt, dossier: Dossier, *, was_taken: bool, by: Actor, at: datetime) -> None:
    fee, postage = parts_due(dossier)
    publish(DossierMoneyReturned(
        dossier.id, dossier.version, was_taken, fee.amount, postage.amount, receipt.outlet_id, receipt.issued_by, by.id,
        by.name, written(receipt.number), at))
