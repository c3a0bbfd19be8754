"""Telling carriers to expect parcels: once each, whatever happens on the line.

A try is claimed in the row before anything is sent, and no transaction is open while the carrier is asked. After a try
whose outcome is unknown the carrier is asked first whether it has the parcel. While a carrier is down (`lines`), no
parcel spends its tries.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

import structlog
from django.db.models import F

from delivery.carriers.adapter import line_to
from delivery.carriers.known import get_carrier
from delivery.carriers.messages import is_item_number
from delivery.carriers.protocol import Answer, Carrier, Consignment, Outcome, Party
from delivery.errors import UnknownCarrier
from delivery.models.lines import CarrierNumber
from delivery.models.parcels import Parcel, ParcelQuerySet
from delivery.operations import lines
from delivery.operations.telling import open_item
from shared import audit, work
from shared.actors import job
from shared.transactions import operation

log = structlog.get_logger()

LEASE: Final = timedelta(seconds=60)
LONGEST_PAUSE: Final = timedelta(hours=1)
PATIENCE_ATTEMPTS: Final = 8
"""After so many tries without an answer, which takes about two hours, a person is asked as well."""
AT_ONCE: Final = 200
US: Final = job("delivery.sending")


def send_parcel(*, parcel_id: UUID, at: datetime) -> Outcome | None:
    """Tell the parcel's carrier, unless it knows or somebody else is telling it now; says how that ended.

    Never raises for what the carrier does: what has not worked is tried again by the sweep.
    """
    if not _is_carrier_up(parcel_id, at) or not _claim(parcel_id, at):
        return None
    parcel = Parcel.objects.select_related("origin_commune__province", "recipient_commune__province").prefetch_related(
        "contents").get(id=parcel_id)  # fmt: skip
    answer = _tell(parcel, at)
    _note(parcel_id=parcel_id, answer=answer, at=at)
    log.info("parcel_sent_to_carrier", parcel_id=str(parcel_id), outcome=answer.outcome, reason=answer.reason)
    return answer.outcome


def send_unsent_parcels(*, at: datetime) -> int:
    """Tell carriers of all parcels whose turn has come; returns how many are known to them now."""
    due = _due(at)
    carriers = list(due.order_by("carrier").values_list("carrier", flat=True).distinct())
    return sum(_send_due(due.filter(carrier=carrier), at) for carrier in carriers)


def _due(at: datetime) -> ParcelQuerySet:
    """Parcels whose turn has come. A trip that is over is booked no more: the label told, or a person did."""
    return Parcel.objects.live().filter(is_sent_to_carrier=False, send_next_at__lte=at)


def _send_due(due: ParcelQuerySet, at: datetime) -> int:
    """Tell one carrier, oldest first, until it is done or the carrier is down."""
    sent = 0
    for parcel_id in list(due.order_by("send_next_at", "id").values_list("id", flat=True)[:AT_ONCE]):
        outcome = send_parcel(parcel_id=parcel_id, at=at)
        sent += outcome is Outcome.BOOKED
        if outcome is None and due.filter(id=parcel_id).exists():
            break  # nobody took it: the carrier is down
    return sent


def _is_carrier_up(parcel_id: UUID, at: datetime) -> bool:
    carrier = _due(at).filter(id=parcel_id).values_list("carrier", flat=True).first()
    return carrier is not None and lines.may_ask(carrier, at)


@operation
def _claim(parcel_id: UUID, at: datetime) -> bool:
    """Count the try before it is made, and keep others away for a minute."""
    due = _due(at).filter(id=parcel_id)
    return bool(due.update(send_next_at=at + LEASE, send_attempts=F("send_attempts") + 1))


def _tell(parcel: Parcel, at: datetime) -> Answer:
    try:
        carrier = line_to(get_carrier(parcel.carrier))
    except UnknownCarrier:
        return Answer(Outcome.REFUSED, "unknown carrier")
    if carrier is None:
        return Answer(Outcome.BOOKED, "no interface: the label tells")
    answer = _ask(carrier, parcel)
    lines.note_answer(parcel.carrier, is_answered=answer.outcome is not Outcome.UNKNOWN, reason=answer.reason, at=at)
    return answer


def _ask(carrier: Carrier, parcel: Parcel) -> Answer:
    """After a try that was not answered: first whether it has it."""
    if parcel.send_attempts > 1:
        found = carrier.find(parcel.number)
        if found.outcome is not Outcome.ABSENT:
            return found
    return _book(carrier, parcel)


def _book(carrier: Carrier, parcel: Parcel) -> Answer:
    return carrier.book(Consignment(
        number=parcel.number,
        direction=parcel.direction,
        weight_grams=parcel.weight_grams,
        sender=Party(parcel.sender_name, "", parcel.sender_address, str(parcel.origin_commune)),
        receiver=Party(parcel.recipient_name, parcel.recipient_phone, parcel.recipient_address,
                       f"{parcel.recipient_commune}, {parcel.recipient_commune.province}"),
        references=tuple(row.dossier_code for row in parcel.contents.all()),
        booked_at=parcel.booked_at,
        promised_date=parcel.promised_date,
    ))  # fmt: skip


@operation
def _note(*, parcel_id: UUID, answer: Answer, at: datetime) -> None:
    parcel = Parcel.objects.select_for_update().get(id=parcel_id)
    parcel.send_error = answer.reason[:120]
    match answer.outcome:
        case Outcome.BOOKED:
            _note_booked(parcel, answer, at)
        case Outcome.UNKNOWN:
            parcel.send_next_at = at + min(LEASE * 2 ** min(parcel.send_attempts, 10), LONGEST_PAUSE)
            if parcel.send_attempts >= PATIENCE_ATTEMPTS:
                open_item("parcel-unsent", parcel.number, parcel.operator_code, at, {"reason": answer.reason})
        case _:
            parcel.send_next_at = at + timedelta(days=1)
            open_item("parcel-booking-refused", parcel.number, parcel.operator_code, at, {"reason": answer.reason})
    parcel.save(update_fields=["is_sent_to_carrier", "send_next_at", "send_error"])


def _note_booked(parcel: Parcel, answer: Answer, at: datetime) -> None:
    parcel.is_sent_to_carrier = True
    audit.record(actor=US, action="parcel.send", object_type="parcel", object_id=parcel.id, at=at,
                 after={"carrier": parcel.carrier}, reason=answer.reason)  # fmt: skip
    _keep_own_numbers(parcel, answer.own_numbers, at)
    for kind in ("parcel-booking-refused", "parcel-unsent"):
        work.close_item(kind=kind, reference=parcel.number, by=US.id, at=at, outcome="the carrier has it")


def _keep_own_numbers(parcel: Parcel, numbers: Sequence[str], at: datetime) -> None:
    """Events may come under these; a carrier that took the parcel twice is a person's business."""
    others = [number for number in dict.fromkeys(numbers) if number != parcel.number and is_item_number(number)]
    CarrierNumber.objects.bulk_create(
        [CarrierNumber(carrier=parcel.carrier, number=number, parcel=parcel, source="booking", known_at=at)
         for number in others], ignore_conflicts=True)  # fmt: skip
    if len(others) > 1:
        open_item("parcel-booked-twice", parcel.number, parcel.operator_code, at, {"own_numbers": others})
