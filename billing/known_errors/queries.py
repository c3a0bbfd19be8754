"""What is read of the register of known errors."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Q, Sum

from billing.disputes.queries import outlet_names
from billing.errors import KnownErrorNotFound
from billing.known_errors.models import AffectedLine, ErrorNotice, KnownError, KnownErrorQuerySet, LookBack
from billing.redress.models import Redress
from shared.actors import Actor
from shared.money import Money
from shared.roles import OUTLET_ROLES


@dataclass(frozen=True, slots=True)
class OpenedError:
    """One error; lines, notices and letters as far as the reader may see them."""

    error: KnownError
    lines: int
    held: int
    outlets: int
    amount: Money
    right: Money
    notices: Sequence[tuple[ErrorNotice, str]]
    """Each with the outlet's name; at most MOST."""
    affected: Sequence[AffectedLine]
    look_backs: Sequence[LookBack]
    letters: Sequence[Redress]


MOST = 60


def register_of(actor: Actor) -> KnownErrorQuerySet:
    """Open ones first; an outlet sees which of them touch its own lines."""
    mine = Q(affected__outlet_id=actor.outlet_id) if actor.role in OUTLET_ROLES else Q()
    return (KnownError.objects.seen_by(actor).annotate(line_count=Count("affected", filter=mine))
            .order_by("closed_at", "-found_at"))


def opened_error(actor: Actor, error_id: UUID) -> OpenedError:
    """Raises KnownErrorNotFound."""
    error = KnownError.objects.seen_by(actor).filter(id=error_id).first()
    if error is None:
        raise KnownErrorNotFound
    affected, notices = error.affected.all(), error.notices.all()
    if actor.role in OUTLET_ROLES:
        affected, notices = affected.filter(outlet_id=actor.outlet_id), notices.filter(outlet_id=actor.outlet_id)
    sums = affected.aggregate(lines=Count("id"), held=Count("id", filter=Q(is_open=True)),
                              outlets=Count("outlet_id", distinct=True), amount=Sum("amount"), right=Sum("right"))
    told = list(notices.order_by("told_at", "id")[:MOST])
    names = outlet_names(notice.outlet_id for notice in told)
    return OpenedError(
        error, sums["lines"], sums["held"], sums["outlets"], _money(sums["amount"]), _money(sums["right"]),
        [(notice, names.get(notice.outlet_id, notice.operator_code)) for notice in told],
        list(affected.select_related("charge").order_by("-is_open", "charge__occurred_at")[:MOST]),
        list(error.look_backs.order_by("-looked_at")[:10]),
        list(Redress.objects.seen_by(actor).filter(source="known-error", source_id=error.id).order_by("number")[:MOST]))


def unread_of(actor: Actor) -> int:
    """How many errors an outlet has been told of and nobody there has read."""
    if actor.outlet_id is None:
        return 0
    return ErrorNotice.objects.filter(outlet_id=actor.outlet_id, read_at=None).count()


def _money(value: Money | int | None) -> Money:
    return value if isinstance(value, Money) else Money(int(value or 0))
