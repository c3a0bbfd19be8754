"""A claim file comes in, is read, and is confirmed or discarded by the operator who sent it. All of it, or nothing."""

from datetime import date, datetime, timedelta
from hashlib import sha256
from pathlib import PurePath
from typing import Final
from uuid import UUID

from django.db import IntegrityError
from django.utils.translation import gettext_lazy as _

from billing.claims.files.reading import Reading, read_whole
from billing.claims.states import move, move_item
from billing.errors import (
    AnotherClaimThere,
    ClaimNotFound,
    ClaimStateWrong,
    ClaimTooLarge,
    NotAnOperator,
    PeriodNotOver,
)
from billing.events import ClaimConfirmed, ClaimReceived
from billing.models.claims import Claim, ClaimFault, ClaimFile
from billing.models.statements import Statement, StatementState
from billing.queries.books import books_of
from billing.rules.claims import LIVE_CLAIM, ClaimAction, ClaimState
from billing.rules.periods import month_after, month_of
from shared import audit
from shared.actors import Actor
from shared.outbox.publishing import publish
from shared.text import clean
from shared.transactions import operation

LARGEST_BYTES: Final = 20 * 1024 * 1024
READ_AT_ONCE_BYTES: Final = 128 * 1024
"""About a thousand rows: read while the sender waits. Larger files are a worker's."""


def receive_claim(*, province_code: str, period: date, file_name: str, content: bytes, by: Actor,
                  at: datetime) -> Claim:
    """Keep a file and read it, at once or by a worker. A file that is there already is answered as it stands.

    Raises:
        NotAnOperator: `by` does not act for an operator.
        ClaimTooLarge: more than 20 MB.
        PeriodNotOver: the month has not ended.
        AnotherClaimThere: the month has a claim from another file.
    """
    operator_code = books_of(by).operator_code
    if not operator_code:
        raise NotAnOperator
    if len(content) > LARGEST_BYTES:
        raise ClaimTooLarge
    if month_of(at) < month_after(period):
        raise PeriodNotOver(_("A month is claimed when it is over."))
    try:
        return _receive(Claim(
            province_id=province_code, operator_code=operator_code, period=period, file_name=_named(file_name),
            format="xlsx" if content.startswith(b"PK") else "csv", size_bytes=len(content),
            sha256=sha256(content).hexdigest(), sent_by=by.id, sent_by_name=by.name, sent_at=at, state_at=at),
            content, by=by, at=at)
    except IntegrityError as error:
        if "claim_live_once" in str(error):
            raise AnotherClaimThere from error
        raise


@operation
def _receive(claim: Claim, content: bytes, *, by: Actor, at: datetime) -> Claim:
    there = Claim.objects.filter(province_id=claim.province_id, operator_code=claim.operator_code, period=claim.period,
                                 state__in=LIVE_CLAIM).first()
    if there is not None:
        if there.sha256 == claim.sha256:
            return there
        raise AnotherClaimThere
    claim.save(force_insert=True)
    ClaimFile.objects.create(claim=claim, content=content)
    audit.record(actor=by, action="claim.receive", object_type="claim", object_id=claim.id, at=at,
                 after={"sha256": claim.sha256, "bytes": claim.size_bytes})
    if len(content) <= READ_AT_ONCE_BYTES:
        _read(claim, content, by=by, at=at)
    else:
        publish(ClaimReceived(claim.id))
    return claim


def _named(file_name: str) -> str:
    """The last part of the name as the sender's machine had it, without anything that hides."""
    return clean("".join(c for c in PurePath(file_name.replace("\\", "/")).name if c.isprintable()))[:120] or "claim"


@operation
def read_claim(*, claim_id: UUID, by: Actor, at: datetime) -> None:
    """Read a file that a worker was asked to read; again changes nothing."""
    claim = Claim.objects.select_for_update().filter(id=claim_id, state=ClaimState.RECEIVED).first()
    if claim is not None:
        _read(claim, bytes(ClaimFile.objects.get(claim=claim).content), by=by, at=at)


def _read(claim: Claim, content: bytes, *, by: Actor, at: datetime) -> None:
    reading = read_whole(content)
    claim.format, claim.reading = reading.format or claim.format, reading.as_data()
    claim.rows, claim.faults, claim.claimed = reading.rows, reading.fault_count, reading.claimed
    _keep_faults(claim, reading)
    move(claim, ClaimAction.FIND_FAULTS if reading.fault_count else ClaimAction.READ, by=by, at=at)
    claim.save(update_fields=["format", "reading", "rows", "faults", "claimed", "state", "state_at"])


def _keep_faults(claim: Claim, reading: Reading) -> None:
    ClaimFault.objects.bulk_create(
        ClaimFault(claim=claim, row=each.row, column=each.column[:60], code=each.code, shown=each.shown[:80])
        for each in sorted(reading.faults, key=lambda each: each.row))


@operation
def confirm_claim(*, claim_id: UUID, by: Actor, at: datetime) -> Claim:
    """What was understood is what is claimed. Confirmed before: answered as it stands.

    Raises:
        ClaimNotFound: none of the operator of `by`.
        ClaimStateWrong: it is not waiting to be confirmed.
    """
    claim = locked(claim_id, by)
    if claim.state in {ClaimState.CONFIRMED, ClaimState.MATCHED}:
        return claim
    move(claim, ClaimAction.CONFIRM, by=by, at=at)
    claim.confirmed_by = by.name or by.id
    claim.save(update_fields=["confirmed_by", "state", "state_at"])
    move_item(claim, at=at, due=timedelta(days=3))
    publish(ClaimConfirmed(claim.id, claim.province_id, claim.operator_code, claim.period))
    return claim


@operation
def discard_claim(*, claim_id: UUID, reason: str, by: Actor, at: datetime) -> Claim:
    """Take a claim out of the way of another one; its rows and verdicts stay to be read.

    Raises:
        ClaimNotFound: none of the operator of `by`.
        ClaimStateWrong: it is over, or its statement was reviewed.
    """
    claim = locked(claim_id, by)
    month = Statement.objects.select_for_update().filter(
        province_id=claim.province_id, operator_code=claim.operator_code, period=claim.period).first()
    if month is not None and month.state not in {StatementState.OPEN, StatementState.PREPARED}:
        raise ClaimStateWrong(_("The month was reviewed with this claim; ask the city to send it back first."))
    move(claim, ClaimAction.DISCARD, by=by, at=at)
    claim.discard_reason = clean(reason)[:300]
    claim.save(update_fields=["discard_reason", "state", "state_at"])
    move_item(claim, at=at, due=None)
    return claim


def locked(claim_id: UUID, by: Actor) -> Claim:
    """The operator's own claim, locked."""
    books = books_of(by)
    if books.belong_to_city:
        raise NotAnOperator
    claim = Claim.objects.select_for_update().filter(books.statements, id=claim_id).first()
    if claim is None:
        raise ClaimNotFound
    return claim
