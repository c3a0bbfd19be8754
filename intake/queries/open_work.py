"""The open dossiers of a centre in the order of their due moments, read through the index whatever their number.

A centre receives some dossiers and decides others; each half has an index of its own (`dossier_queue`,
`dossier_decided_elsewhere`), so each is read in order and cut before the two are put together.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from intake.models.dossiers import RECEIVED_ELSEWHERE, Dossier
from intake.rules.states import PAUSED, RUNNING
from shared.actors import Actor

OPEN = sorted(RUNNING | PAUSED)


def halves(actor: Actor) -> tuple[QuerySet[Dossier], ...]:
    """Open dossiers that the actor's centre receives, and those that it only decides; none is in both."""
    if actor.centre_id is None:
        return (Dossier.objects.seen_by(actor).filter(handling__in=OPEN),)
    rows = Dossier.objects.filter(handling__in=OPEN)
    decided_here = rows.filter(RECEIVED_ELSEWHERE, authority_centre_id=actor.centre_id)
    return rows.filter(receiving_centre_id=actor.centre_id), decided_here


def most_urgent(actor: Actor, narrow: Q, *, most: int, after: tuple[datetime | None, UUID] | None = None,
                ) -> QuerySet[Any]:
    """(id, due_at) of at most `most` open dossiers, by due moment and id; those without a term come last.

    `after` is the last one of the page before: what follows stays right while rows come and go.
    """
    beyond = _beyond(after)
    parts = [half.filter(narrow & beyond).order_by("due_at", "id").values_list("id", "due_at")[:most]
             for half in halves(actor)]
    together = parts[0].union(*parts[1:], all=True) if len(parts) > 1 else parts[0]
    return together.order_by("due_at", "id")[:most] if len(parts) > 1 else together


def _beyond(after: tuple[datetime | None, UUID] | None) -> Q:
    if after is None:
        return Q()
    due_at, last = after
    if due_at is None:
        return Q(due_at=None, id__gt=last)
    return Q(due_at__gt=due_at) | Q(due_at=due_at, id__gt=last) | Q(due_at=None)


def in_order[Row](ids: Iterable[UUID], found: dict[UUID, Row]) -> list[Row]:
    """The rows of `found` in the order of `ids`; one that is gone meanwhile is left out."""
    return [found[each] for each in ids if each in found]
