"""The route of a dossier: support point, receiving centre, competent authority, and why.

A pure function of procedure, place, day and the tables as they were on that day, so it can be worked out again years
later. No candidate, or more than one, is an unclear route: a person answers, nothing is guessed.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from django.utils.translation import gettext as _

from agents import public as agents
from intake.errors import RouteRefused
from intake.models.procedures import Procedure
from intake.records import CentreRef, PlaceChoice, Route, RouteStep, SupportPoint
from intake.rules import routing as rules
from intake.rules.catalogue import PlaceRule, ProcedureLevel
from shared import places
from shared.errors import FieldError


@dataclass(frozen=True, slots=True)
class ResolvedPlace:
    """Where a named place is today. Several `communes`: it was split and nobody has chosen yet."""

    communes: tuple[places.Place, ...] = ()
    former: places.FormerPlace | None = None
    was_chosen: bool = False

    @property
    def is_clear(self) -> bool:
        return len(self.communes) == 1

    @property
    def named(self) -> str:
        """As the citizen names it."""
        if self.former is not None:
            return self.former.full_name
        return self.communes[0].full_name if self.communes else ""


def resolve_place(choice: PlaceChoice) -> ResolvedPlace:
    """The commune or communes of today that `choice` may mean; none when nobody knows the code."""
    present = places.get_place(choice.commune_code) if choice.commune_code else None
    former_code = choice.former_commune_code or (choice.commune_code if present is None else "")
    former = places.get_former_place(former_code) if former_code else None
    if former is None:
        return ResolvedPlace((present,) if present is not None and not former_code else ())
    successors = tuple(successor.place for successor in former.successors)
    if present is None:
        return ResolvedPlace(successors, former)
    is_successor = any(place.code == present.code for place in successors)
    return ResolvedPlace((present,), former, was_chosen=former.is_split) if is_successor else ResolvedPlace()


def default_place(procedure: Procedure, *, residence: PlaceChoice, outlet_commune: str) -> PlaceChoice:
    """The place when none is named; empty where only the citizen can know it (land, building, business, register)."""
    if procedure.place_rule == PlaceRule.RESIDENCE:
        return residence
    if procedure.place_rule in {PlaceRule.ANYWHERE_IN_PROVINCE, PlaceRule.NONE}:
        return PlaceChoice(commune_code=outlet_commune) if outlet_commune else residence
    return PlaceChoice()


def find_route(*, procedure: Procedure, place: PlaceChoice, on: date, outlet: agents.OutletInfo | None = None,
               receiving: agents.CentreInfo | None = None) -> Route:
    """The route of a dossier filed on the local day `on`; `receiving` is a centre the citizen prefers.

    Raises:
        RouteRefused: the preferred receiving centre lies in another province than the competent authority.
    """
    rule = rules.rule_for(procedure.level, procedure.place_rule, on)
    resolved = resolve_place(place)
    draft = _draft(procedure, on=on, rule=rule, resolved=resolved, outlet=outlet, receiving=receiving)
    if rule is None:
        return _unclear(draft, "no-rule", resolved, ())
    if not resolved.communes:
        return _unclear(draft, "place-unknown", resolved, ())
    steps = _place_steps(rule, resolved)
    candidates = [centre_ref(centre) for centre in _candidates(procedure, resolved, on)]
    if _is_split(procedure, resolved):
        return _unclear(draft, "split-unit", resolved, candidates, steps)
    if len(candidates) != 1:
        return _unclear(draft, "several-centres" if candidates else "no-centre", resolved, candidates, steps)
    return _clear(draft, candidates[0], steps, receiving)


def _draft(procedure: Procedure, *, on: date, rule: rules.RoutingRule | None, resolved: ResolvedPlace,
           outlet: agents.OutletInfo | None, receiving: agents.CentreInfo | None) -> Route:
    """What is known whether the authority is clear or not."""
    provinces = {commune.province_code for commune in resolved.communes}
    fallback = outlet.province_code if outlet is not None else receiving.province_code if receiving is not None else ""
    return Route(
        procedure_code=procedure.code, on=on, rule=rule.code if rule else "", rule_version=rule.version if rule else "",
        legal_basis=rule.legal_basis if rule else "", confidence=rule.confidence if rule else "assumed",
        province_code=provinces.pop() if len(provinces) == 1 else fallback,
        place_code=resolved.communes[0].code if resolved.is_clear else "",
        place_name=resolved.communes[0].full_name if resolved.is_clear else "",
        former_place_code=resolved.former.code if resolved.former else "",
        former_place_name=resolved.former.full_name if resolved.former else "",
        support_point=None if outlet is None else SupportPoint(outlet.id, outlet.code, outlet.name),
        receiving=None if receiving is None else centre_ref(receiving))


def _candidates(procedure: Procedure, resolved: ResolvedPlace, on: date) -> Sequence[agents.CentreInfo]:
    """Open centres whose authority may be competent; the question is settled when there is exactly one."""
    if procedure.level == ProcedureLevel.PROVINCE:
        provinces = sorted({commune.province_code for commune in resolved.communes})
        found = [agents.provincial_centre(code, on) for code in provinces]
        return [centre for centre in found if centre is not None]
    return agents.centres_of_communes([commune.code for commune in resolved.communes], on)


def _is_split(procedure: Procedure, resolved: ResolvedPlace) -> bool:
    """Whether nobody has said yet which successor it is, and it matters: even one open centre would be a guess."""
    if procedure.level == ProcedureLevel.PROVINCE:
        return len({commune.province_code for commune in resolved.communes}) > 1
    return not resolved.is_clear


def _place_steps(rule: rules.RoutingRule, resolved: ResolvedPlace) -> tuple[RouteStep, ...]:
    named = rules.place_step(rule, resolved.named)
    if resolved.former is None or not resolved.is_clear:
        return (named,)
    became = rules.former_step(resolved.former.full_name, resolved.communes[0].full_name,
                               resolved.former.dissolved_on, was_chosen=resolved.was_chosen)
    return (named, became)


def _clear(draft: Route, authority: CentreRef, steps: tuple[RouteStep, ...],
           receiving: agents.CentreInfo | None) -> Route:
    if receiving is not None and receiving.province_code != draft.province_code:
        raise RouteRefused(errors=(FieldError("/receiving_centre_id", "other-province", _(
            "This centre lies in another province. Choose a centre of the province whose authority decides.")),))
    received_at = authority if receiving is None else centre_ref(receiving)
    return replace(draft, authority=authority, receiving=received_at, steps=(
        *steps, rules.authority_step(authority), rules.receiving_step(received_at, authority)))


def _unclear(draft: Route, cause: str, resolved: ResolvedPlace, candidates: Sequence[CentreRef],
             steps: tuple[RouteStep, ...] = ()) -> Route:
    names = ([commune.full_name for commune in resolved.communes] if cause == "split-unit"
             else [candidate.name for candidate in candidates])
    return replace(draft, cause=cause, candidates=tuple(candidates),
                   steps=(*steps, rules.unclear_step(cause, resolved.named, names)))


def centre_ref(centre: agents.CentreInfo) -> CentreRef:
    """A centre as a route remembers it."""
    return CentreRef(centre.id, centre.agency_code, centre.name, centre.authority_name, centre.level,
                     centre.commune_code)
