"""Work that a person must settle. Opening the same thing twice leaves one item; closing says how it ended."""

from collections.abc import Mapping
from datetime import datetime

from django.db.models import Q

from shared.models.oversight import WorkItem


def open_item(*, kind: str, reference: str, owner_role: str, owner_place: str, at: datetime, due_at: datetime,
              detail: Mapping[str, object] | None = None) -> None:
    """Open an item, or leave the open one of the same kind and reference as it is."""
    WorkItem.objects.bulk_create(
        [WorkItem(kind=kind, reference=reference, owner_role=owner_role, owner_place=owner_place, opened_at=at,
                  due_at=due_at, detail=dict(detail or {}))],
        ignore_conflicts=True,
    )


def close_item(*, kind: str, reference: str, by: str, at: datetime, outcome: str) -> bool:
    """Close the open item, if there is one; says whether there was."""
    waiting = WorkItem.objects.filter(Q(closed_at=None), kind=kind, reference=reference)
    return bool(waiting.update(closed_at=at, closed_by=by[:80], outcome=outcome[:300]))
