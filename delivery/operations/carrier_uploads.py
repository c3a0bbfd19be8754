"""A carrier's daily file from a person's or a program's hand: the whole of it in one transaction, or nothing."""

from datetime import datetime
from io import BytesIO
from typing import Final

from django.utils.translation import gettext_lazy as _

from delivery.carriers.adapter import adapter_of
from delivery.carriers.files import COLUMNS, HeaderWrongError, looked_through
from delivery.errors import CarrierFileRefused, UnknownCarrier
from delivery.operations import files
from delivery.operations.files import FileReport
from delivery.queries.carriers import carriers_spoken_for
from shared import audit
from shared.actors import Actor
from shared.errors import FieldError, Text
from shared.transactions import operation

LARGEST: Final = 4 * 1024 * 1024
"""Bytes, some 30,000 events; more in one piece is for `manage.py ingest_carrier_file`."""


@operation
def upload_file(*, carrier: str, content: bytes, by: Actor, at: datetime) -> FileReport:
    """Take in a carrier's file. Lines that cannot be taken are named, the others are; the same file changes nothing.

    Raises:
        UnknownCarrier: none that `by` may speak for.
        CarrierFileRefused: too large, not UTF-8, or without the columns' names.
    """
    if carrier not in carriers_spoken_for(by):
        raise UnknownCarrier
    _check(content)
    try:
        with looked_through(carrier, BytesIO(content), files.AT_ONCE) as daily:
            report = files.total_of(files.take_in_chunk(carrier, daily.name, chunk, at) for chunk in daily.chunks())
    except HeaderWrongError:
        columns = adapter_of(carrier).file_columns or COLUMNS
        raise _refusal(_("The first line must name the columns: %(columns)s") % {
            "columns": ",".join(columns)}) from None
    audit.record(actor=by, action="carrier_file.take_in", object_type="carrier", object_id=carrier, at=at, after={
        "sha256": daily.name, "lines": report.lines, "applied": report.applied, "known": report.known,
        "parked": report.parked, "refused": len(report.refused)})  # fmt: skip
    return report


def _check(content: bytes) -> None:
    if len(content) > LARGEST:
        raise _refusal(_("The file is larger than 4 MB. Send it in parts, or hand it to the administrator."))
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        raise _refusal(_("The file is not UTF-8 text. Save it as CSV in UTF-8.")) from None
    if "\x00" in text:
        raise _refusal(_("The file is not UTF-8 text. Save it as CSV in UTF-8."))


def _refusal(words: Text) -> CarrierFileRefused:
    return CarrierFileRefused(errors=(FieldError("/file", "refused", words),))
