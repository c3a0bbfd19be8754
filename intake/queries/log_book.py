"""The rows of a centre's log book (form 07): every dossier that it received in a period, in the order of reception."""

from collections.abc import Iterator
from datetime import date, time, timedelta
from typing import Any
from uuid import UUID

from django.db.models import F, QuerySet
from django.db.models.functions import Coalesce

from intake.models.dossiers import Dossier
from intake.models.papers import LogBook
from shared.actors import Actor
from shared.calendar import at_local

CHUNK = 2000


def _received(centre_id: UUID, from_day: date, until_day: date) -> QuerySet[Dossier]:
    begin, end = at_local(from_day, time()), at_local(until_day + timedelta(days=1), time())
    return Dossier.objects.filter(receiving_centre_id=centre_id, received_at__gte=begin, received_at__lt=end)


def count_rows(centre_id: UUID, from_day: date, until_day: date) -> int:
    """How many dossiers the book of these days holds, the last day included."""
    return _received(centre_id, from_day, until_day).count()


def rows_of(book: LogBook) -> Iterator[dict[str, Any]]:
    """Plain columns of each dossier; streamed, so that a year of a large centre needs little memory."""
    rows = _received(book.centre_id, book.from_day, book.until_day).order_by("received_at", "id")
    columns: Any = rows.values(
        "code", "copies", "received_at", "due_at", "closed_at", "resolved_at", "handling", "result", "result_choice",
        procedure_name=F("procedure__name_vi"), owner=F("citizen__full_name"), phone=F("citizen__phone"),
        street=F("citizen__street"), commune=F("citizen__commune__name"),
        authority=Coalesce(F("authority_centre__authority_name"), F("receiving_centre__authority_name")),
        extended_at=F("extension__sent_at"))
    yield from columns.iterator(CHUNK)


def books_of(actor: Actor) -> QuerySet[LogBook]:
    """The books that the actor's centre asked for, newest first."""
    if actor.centre_id is None:
        return LogBook.objects.none()
    return LogBook.objects.filter(centre_id=actor.centre_id).order_by("-asked_at")
