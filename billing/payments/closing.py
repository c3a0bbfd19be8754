"""The signed close of a shift: what a counted drawer held, in words that never change, and the paper of it.

A worker signs it with the key that signs checkpoints, which no database holds, so that neither the operator nor we can
change what a clerk counted unseen. Whoever keeps the file checks it with the published key.
"""

import json
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.utils.translation import override

from agents import public as agents
from billing.chain.canonical import canonical
from billing.chain.checkpoints import code_of
from billing.chain.keys import key_id_of, key_ring
from billing.papers.minutes import TYPESETTER
from billing.payments.cash import sums_of
from billing.payments.models import CashShift, ShiftPaper
from billing.payments.queries import Drawer
from billing.payments.rules.shifts import CAUSE_WORDS, ShiftCause, ShiftState
from shared import audit
from shared.actors import job
from shared.calendar import local
from shared.formatting import clock, full_stamp, number
from shared.money import Money
from shared.spoken_money import in_words
from shared.transactions import operation

SHAPE: Final = "wardpost/cash-shift/1"
SIGNER: Final = job("sign_shift")
MOST_ON_PAPER: Final = 400


@operation
def sign_shift(*, shift_id: UUID, at: datetime) -> ShiftPaper | None:
    """Sign a counted shift, once; None while it is open, or where this machine has no key."""
    shift = CashShift.objects.select_for_update().filter(id=shift_id).exclude(state=ShiftState.OPEN).first()
    ring = key_ring()
    if shift is None or ring is None:
        return None
    known = ShiftPaper.objects.filter(shift=shift).first()
    if known is not None:
        return known
    said = canonical({**_counted(shift), "key": ring.public.hex()})
    signature = ring.sign(said)
    paper = ShiftPaper.objects.create(shift=shift, said=said, signature=signature, code=code_of(said, signature),
                                      signed_at=at)
    audit.record(actor=SIGNER, action="cash_shift.sign", object_type="cash_shift", object_id=shift.id, at=at,
                 after={"code": paper.code})
    return paper


def sign_unsigned(*, at: datetime) -> int:
    """Sign what no worker with a key has signed yet; says how many."""
    waiting = CashShift.objects.filter(paper=None).exclude(state=ShiftState.OPEN).order_by("closed_at")
    ids = list(waiting.values_list("id", flat=True)[:500])
    return sum(sign_shift(shift_id=shift_id, at=at) is not None for shift_id in ids)


def shift_document(paper: ShiftPaper) -> dict[str, Any]:
    """The file to keep: what was signed, and the signature over exactly these letters."""
    return {"said": paper.said, "signature": bytes(paper.signature).hex(), "code": paper.code}


def shift_pdf(drawer: Drawer, paper: ShiftPaper | None) -> bytes:
    """The close as a paper to sign by hand and keep; Vietnamese whatever the reader's language."""
    with override("vi"):
        return TYPESETTER.pdf("shift", _data(drawer, paper), dated=drawer.shift.closed_at or drawer.shift.opened_at)


# --- the parts ------------------------------------------------------------------------------------------------------


def _counted(shift: CashShift) -> dict[str, Any]:
    sums, closed_at = sums_of(shift), shift.closed_at or shift.opened_at
    movements = [[each.kind, each.fee.amount, each.postage.amount, each.amount.amount, each.reference,
                  each.at.isoformat()] for each in shift.movements.order_by("at", "id")]
    return {
        "shape": SHAPE, "shift": str(shift.id), "outlet": str(shift.outlet_id), "operator_code": shift.operator_code,
        "province_code": shift.province_code, "clerk": shift.clerk_name, "opened_at": shift.opened_at.isoformat(),
        "closed_at": closed_at.isoformat(), "opening": sums.opening.amount, "taken": sums.taken.amount,
        "given_back": sums.given_back.amount, "handed_in": sums.handed_in.amount, "expected": shift.expected.amount,
        "counted": shift.counted.amount, "notes": shift.notes_counted, "movements": movements}


def _data(drawer: Drawer, paper: ShiftPaper | None) -> dict[str, Any]:
    shift, sums = drawer.shift, drawer.sums
    outlet = agents.get_outlet(shift.outlet_id)
    closed = local(shift.closed_at or shift.opened_at)
    answered = f"{CAUSE_WORDS[ShiftCause(shift.cause)].vi}: {shift.answer}" if shift.answer else ""
    open_cause = CAUSE_WORDS[ShiftCause(shift.cause)].vi if shift.cause and not shift.answer else ""
    return {
        "title": f"Chốt ca thu tiền {closed:%d/%m/%Y}", "above": outlet.operator.name, "agency": outlet.name,
        "place_and_day": f"{outlet.commune_name}, ngày {closed:%d} tháng {closed:%m} năm {closed:%Y}",
        "clerk": shift.clerk_name, "span": f"{full_stamp(shift.opened_at)} – {full_stamp(closed)}",
        "sums": [{"label": label, "amount": number(amount.amount)} for label, amount in (
            ("Tiền lẻ đầu ca", sums.opening), ("Đã thu", sums.taken), ("Đã trả lại", sums.given_back),
            ("Đã nộp ngân hàng", sums.handed_in), ("Phải có trong quỹ", shift.expected), ("Đếm được", shift.counted),
            ("Chênh lệch", drawer.difference))],
        "words": in_words(shift.counted),
        "notes": [{"value": number(int(value)), "many": number(many), "sum": number(int(value) * many)}
                  for value, many in sorted(shift.notes_counted.items(), key=lambda pair: -int(pair[0]))],
        "moves": [{"at": clock(move.at), "what": _KINDS[move.kind], "reference": move.reference or "–",
                   "fee": number(move.fee.amount), "postage": number(move.postage.amount),
                   "amount": number(move.amount.amount)} for move in reversed(drawer.movements[:MOST_ON_PAPER])],
        "note": shift.note, "question": open_cause, "answer": answered,
        "difference": bool(drawer.difference != Money(0)), "manager": shift.answered_by_name,
        "seal": {"code": paper.code, "signed_at": full_stamp(paper.signed_at),
                 "key": key_id_of(bytes.fromhex(json.loads(paper.said)["key"]))} if paper is not None else None,
    }


_KINDS: Final = {"taken": "Thu", "given_back": "Trả lại", "handed_in": "Nộp ngân hàng"}
