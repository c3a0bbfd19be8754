"""A dossier's route beside the same route worked out again with what was known on its day."""

from dataclasses import dataclass
from uuid import UUID

from agents import public as agents
from intake.errors import RouteRefused
from intake.models.dossiers import Dossier
from intake.queries.precedents import PrecedentRow, rows_of
from intake.records import Route, route_from_data
from intake.routing import is_same, replay
from shared.actors import Actor


@dataclass(frozen=True, slots=True)
class Replayed:
    """`again` is None where the dossier has no route that can be worked out again: a draft, or filed at a counter."""

    dossier_id: UUID
    reference: str
    procedure_name: str
    kept: Route
    again: Route | None
    precedents: tuple[PrecedentRow, ...]

    @property
    def is_same(self) -> bool:
        return self.again is not None and is_same(self.kept, self.again)


def replayed(dossier_id: UUID, actor: Actor) -> Replayed | None:
    """None: the actor sees no such dossier, or it has no route yet."""
    dossier = Dossier.objects.seen_by(actor).select_related("procedure").filter(id=dossier_id).first()
    kept = route_from_data(dossier.route) if dossier is not None else None
    if dossier is None or kept is None:
        return None
    named = [*([kept.precedent] if kept.precedent else []), *kept.advice]
    return Replayed(dossier.id, dossier.code or dossier.agent_ref, dossier.procedure.name_vi, kept,
                    again_of(dossier, kept), tuple(rows_of(named)))


def again_of(dossier: Dossier, kept: Route) -> Route | None:
    """The route worked out again under the procedure's version and the precedents of its day."""
    if dossier.outlet_id is None or (not kept.rule and not kept.cause):
        return None
    chosen = dossier.filing.get("receiving_centre_id")
    try:
        return replay(route=kept, procedure=dossier.procedure, receiving_id=UUID(chosen) if chosen else None)
    except (RouteRefused, agents.CentreNotFound, agents.OutletNotFound):
        return None
