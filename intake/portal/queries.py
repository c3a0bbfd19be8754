"""How far the portal knows what we know."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db.models import Count, F, Min, Q

from intake.errors import DossierNotFound
from intake.models.dossiers import Dossier
from intake.portal.models import PortalCall, PortalComparison, PortalDifference, PortalLane, PortalUpdate
from intake.portal.queueing import is_connected
from intake.portal.rules import CAUSES, DIFFERENCES, Difference
from intake.rules.short_names import short_words
from intake.rules.state_words import state_words, step_words
from intake.rules.states import Handling
from intake.rules.wording import Words
from shared.actors import Actor

MOST_ROWS: Final = 100


@dataclass(frozen=True, slots=True)
class LaneRow:
    """A dossier that the portal does not know completely."""

    dossier_id: UUID
    reference: str
    portal_code: str
    what: Words
    centre_name: str
    cause: str
    since: datetime | None
    tries: int


@dataclass(frozen=True, slots=True)
class DifferenceRow:
    dossier_id: UUID
    reference: str
    portal_code: str
    kind: str
    kind_words: Words
    ours: Words
    theirs: Words
    found_at: datetime


@dataclass(frozen=True, slots=True)
class Situation:
    is_connected: bool
    waiting: int
    sent: int
    parked: int
    oldest: datetime | None
    """Since when the oldest one waits."""
    parked_rows: tuple[LaneRow, ...]
    waiting_rows: tuple[LaneRow, ...]
    differences: tuple[DifferenceRow, ...]
    compared: PortalComparison | None


@dataclass(frozen=True, slots=True)
class UpdateRow:
    happened_at: datetime
    what: Words
    status: int
    sent_at: datetime | None


@dataclass(frozen=True, slots=True)
class Trail:
    """What one dossier's portal knows."""

    dossier_id: UUID
    sync: str
    sync_words: Words
    reference: str
    portal_code: str
    status: Words
    cause: str
    is_parked: bool
    differs: bool
    may_tell_again: bool
    updates: tuple[UpdateRow, ...]
    calls: tuple[PortalCall, ...]


def situation(actor: Actor) -> Situation:
    """Counts and what needs a person, among the dossiers that `actor` sees; a constant number of queries."""
    seen = PortalLane.objects.seen_by(actor)
    waiting, parked = Q(is_waiting=True, parked_at=None), ~Q(parked_at=None)
    sums = seen.aggregate(waiting=Count("pk", filter=waiting), parked=Count("pk", filter=parked),
                          sent=Count("pk", filter=Q(is_waiting=False, parked_at=None)),
                          oldest=Min("waiting_since", filter=waiting))
    differing = PortalDifference.objects.filter(lane__in=seen, settled_at=None).annotate(
        agent_ref=F("lane__dossier__agent_ref"), code=F("lane__dossier__code"), portal_code=F("lane__portal_code"))
    return Situation(
        is_connected(), sums["waiting"], sums["sent"], sums["parked"], sums["oldest"],
        tuple(_lane(each) for each in _named(seen.filter(parked)).order_by("parked_at")[:MOST_ROWS]),
        tuple(_lane(each) for each in _named(seen.filter(waiting)).order_by("waiting_since", "pk")[:MOST_ROWS // 2]),
        tuple(_difference(each) for each in differing.order_by("found_at")[:MOST_ROWS]),
        PortalComparison.objects.order_by("-at").first())


def _named(lanes: Any) -> Any:
    return lanes.annotate(
        agent_ref=F("dossier__agent_ref"), code=F("dossier__code"), name_vi=F("dossier__procedure__name_vi"),
        name_en=F("dossier__procedure__name_en"), centre_name=F("dossier__receiving_centre__name"))


def _lane(lane: Any) -> LaneRow:
    return LaneRow(lane.dossier_id, lane.code or lane.agent_ref, lane.portal_code,
                   short_words(lane.name_vi, lane.name_en), lane.centre_name or "", cause_words(lane.parked_because),
                   lane.parked_at or lane.waiting_since, lane.silences)


def cause_words(cause: str) -> str:
    """A refusal in words, or its code where we know none."""
    return str(CAUSES[cause]) if cause in CAUSES else cause


def _difference(found: Any) -> DifferenceRow:
    theirs = state_words(Handling(found.theirs)) if found.theirs in Handling else Words("–", "–")
    return DifferenceRow(found.lane_id, found.code or found.agent_ref, found.portal_code, found.kind,
                         DIFFERENCES[Difference(found.kind)], state_words(Handling(found.ours)), theirs, found.found_at)


def trail(dossier_id: UUID, *, actor: Actor) -> Trail:
    """Everything the portal was told of one dossier.

    Raises:
        DossierNotFound: `actor` sees no such dossier.
    """
    from intake.rules.states import SyncState

    dossier = Dossier.objects.seen_by(actor).filter(id=dossier_id).first()
    if dossier is None:
        raise DossierNotFound
    lane = PortalLane.objects.filter(pk=dossier_id).first()
    updates = PortalUpdate.objects.filter(lane_id=dossier_id).order_by("step_id")
    calls = PortalCall.objects.filter(lane_id=dossier_id).order_by("-id")[:50]
    differs = PortalDifference.objects.filter(lane_id=dossier_id, settled_at=None).first()
    return Trail(
        dossier.id, dossier.sync, state_words(SyncState(dossier.sync)), dossier.code or dossier.agent_ref,
        lane.portal_code if lane else "", state_words(Handling(lane.portal_status)) if lane else Words(),
        cause_words(lane.parked_because) if lane and lane.parked_at else "",
        is_parked=lane is not None and lane.parked_at is not None, differs=differs is not None,
        may_tell_again=differs is not None and differs.kind != Difference.DOUBLED,
        updates=tuple(UpdateRow(each.happened_at, step_words(each.action), each.to_status, each.sent_at)
                      for each in updates),
        calls=tuple(calls))


def counts(actor: Actor) -> Mapping[str, object]:
    """For the API: how many wait, are known, are parked, and since when the oldest waits."""
    found = situation(actor)
    return {"is_connected": found.is_connected, "waiting": found.waiting, "sent": found.sent, "parked": found.parked,
            "oldest_waiting_since": found.oldest, "differing": len(found.differences),
            "compared_at": found.compared.at if found.compared else None}
