"""The dossier log book (form 07) of a period: asked for by a person, made by a worker, kept encrypted."""

from datetime import date, datetime
from hashlib import sha256
from typing import Final
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from intake import blobs
from intake.errors import LogBookRefused, NotYourCentre
from intake.events import LogBookAsked
from intake.log_book import MOST_ON_PAPER, build
from intake.models.papers import LogBook, LogBookFormat
from intake.queries.log_book import count_rows
from shared import audit
from shared.actors import Actor
from shared.calendar import local
from shared.errors import ErrorCollector
from shared.formatting import number
from shared.outbox.publishing import publish
from shared.problems import told
from shared.transactions import operation

LONGEST_DAYS: Final = 366


@operation
def ask_log_book(*, from_day: date, until_day: date, format: str, by: Actor, at: datetime) -> LogBook:  # noqa: A002
    """Ask for the log book of the days from `from_day` to `until_day`, both included; a worker makes the file.

    Raises:
        NotYourCentre: `by` does not work at a centre.
        LogBookRefused: the days cannot be, the format is unknown, or a PDF would be too long.
    """
    if by.centre_id is None:
        raise NotYourCentre(_("Only a centre keeps this book."))
    _check(by.centre_id, from_day, until_day, format, at)
    book = LogBook.objects.create(centre_id=by.centre_id, from_day=from_day, until_day=until_day, format=format,
                                  asked_by=by.id, asked_by_name=by.name, asked_at=at)
    audit.record(actor=by, action="log_book.ask", object_type="log_book", object_id=book.id, at=at,
                 after={"from": from_day.isoformat(), "until": until_day.isoformat(), "format": format})
    publish(LogBookAsked(book.id))
    return book


def _check(centre_id: UUID, from_day: date, until_day: date, wanted: str, at: datetime) -> None:
    wrong = ErrorCollector()
    if wanted not in LogBookFormat.values:
        wrong.add("/format", "not-a-choice", _("Choose PDF, XLSX or CSV."))
    if until_day < from_day:
        wrong.add("/until_day", "period", _("The last day comes after the first."))
    elif (until_day - from_day).days > LONGEST_DAYS:
        wrong.add("/until_day", "too-long", _("A log book covers at most a year."))
    elif from_day > local(at).date():
        wrong.add("/from_day", "in-the-future", _("This day has not come yet."))
    elif wanted == LogBookFormat.PDF and count_rows(centre_id, from_day, until_day) > MOST_ON_PAPER:
        wrong.add("/format", "too-long-for-paper", told(
            _("More than {most} dossiers: take XLSX or CSV, or fewer days."), most=number(MOST_ON_PAPER)))
    wrong.raise_if_any(LogBookRefused)


@operation
def make_log_book(*, log_book_id: UUID, at: datetime) -> LogBook | None:
    """Make the file of a log book that was asked for; again changes nothing. None: there is no such book."""
    book = LogBook.objects.select_for_update().filter(id=log_book_id).first()
    if book is None or book.ready_at is not None:
        return book
    content, rows = build(book)
    book.storage_name, book.sha256 = blobs.keep_bytes(content), sha256(content).hexdigest()
    book.rows, book.ready_at = rows, at
    book.save(update_fields=["storage_name", "sha256", "rows", "ready_at"])
    return book
