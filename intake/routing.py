"""The route of a dossier: support point, receiving centre, competent authority, and why.

A pure function of procedure, place, day and the tables as they were on that day, so it can be worked out again years
later. No candidate, or more than one, is an unclear route: a person answers, nothing is guessed.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from django.utils.translation import gettext as _

from agents import public as agents
from intake.errors import RouteRefused
from intake.models.procedures import Procedure
from intake.queries.precedents import PrecedentRef, answers_for
from intake.records import CentreRef, PlaceChoice, Route, RouteStep, SupportPoint
from intake.rules import routing as rules
from intake.rules.bodies import body_name, body_of
from intake.rules.catalogue import PlaceRule, ProcedureLevel
from intake.rules.questions import KEY_WORDS, VERDICT_WORDS, QuestionKey
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
               receiving: agents.CentreInfo | None = None, known_at: datetime | None = None) -> Route:
    """The route of a dossier filed on the local day `on`; `receiving` is a centre the citizen prefers.

    `known_at` works it out again with the precedents that were known at that moment.

    Raises:
        RouteRefused: the preferred receiving centre lies in another province than the competent authority.
    """
    rule = rules.rule_for(procedure.level, procedure.place_rule, on)
    resolved = resolve_place(place)
    draft = _draft(procedure, on=on, rule=rule, resolved=resolved, outlet=outlet, receiving=receiving)
    said = _said_before(procedure, resolved, draft, known_at)
    draft = replace(draft, as_known_at=known_at, advice=tuple(each.id for each in said if each.authority_id is None))
    if not resolved.communes:
        return _unclear(draft, "place-unknown" if rule else "no-rule", resolved, ())
    steps = (*(_place_steps(rule, resolved) if rule else ()), *_advice_steps(said))
    ruling = next((each for each in said if each.key == QuestionKey.COMPETENT_AUTHORITY), None)
    if ruling is not None and ruling.authority_id is not None:
        return _by_precedent(draft, ruling, ruling.authority_id, steps, receiving)
    if rule is None:
        return _unclear(draft, "no-rule", resolved, (), steps)
    candidates = [_named(centre_ref(each), procedure, resolved, on) for each in _candidates(procedure, resolved, on)]
    if _is_split(procedure, resolved):
        return _unclear(draft, "split-unit", resolved, candidates, steps)
    if len(candidates) != 1:
        return _unclear(draft, "several-centres" if candidates else "no-centre", resolved, candidates, steps)
    return _clear(draft, candidates[0], steps, receiving)


def _said_before(procedure: Procedure, resolved: ResolvedPlace, draft: Route,
                 known_at: datetime | None) -> list[PrecedentRef]:
    """What was answered before about this procedure here, the former unit's answers before its successor's.

    A part of a split unit that was chosen by address is never overruled by an answer about the whole unit.
    """
    former = resolved.former.code if resolved.former is not None and not resolved.was_chosen else ""
    present = resolved.communes[0].code if resolved.is_clear else ""
    return answers_for(province_code=draft.province_code, procedure_code=procedure.code, on=draft.on, at=known_at,
                       place_codes=(former, present))


def _advice_steps(said: Sequence[PrecedentRef]) -> tuple[RouteStep, ...]:
    return tuple(
        rules.advice_step(KEY_WORDS[each.key], VERDICT_WORDS[each.verdict], each.legal_basis, each.place_name,
                          each.valid_from)
        for each in said if each.authority_id is None)


def _by_precedent(draft: Route, said: PrecedentRef, authority_id: UUID, steps: tuple[RouteStep, ...],
                  receiving: agents.CentreInfo | None) -> Route:
    centre = centre_ref(agents.get_centre(authority_id))
    told = rules.precedent_step(centre.authority_name, said.legal_basis, said.valid_from, said.source)
    return _clear(replace(draft, precedent=said.id), centre, (*steps, told), receiving)


def _named(centre: CentreRef, procedure: Procedure, resolved: ResolvedPlace, on: date) -> CentreRef:
    """The centre with the name of the body that decides there, where that is not the people's committee."""
    body = body_of(procedure.level, procedure.authority, on)
    if body is None or not resolved.communes:
        return centre
    commune = next((each for each in resolved.communes if each.code == centre.commune_code), resolved.communes[0])
    province = places.province_full_name(commune.province_code)
    return replace(centre, authority_name=body_name(
        body, commune=commune.full_name, province=province, published=procedure.authority))


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
    if procedure.level != ProcedureLevel.COMMUNE:
        provinces = sorted({commune.province_code for commune in resolved.communes})
        found = [agents.provincial_centre(code, on) for code in provinces]
        return [centre for centre in found if centre is not None]
    return agents.centres_of_communes([commune.code for commune in resolved.communes], on)


def _is_split(procedure: Procedure, resolved: ResolvedPlace) -> bool:
    """Whether nobody has said yet which successor it is, and it matters: even one open centre would be a guess."""
    if procedure.level != ProcedureLevel.COMMUNE:
        return len({commune.province_code for commune in resolved.communes}) > 1
    return not resolved.is_clear


def _place_steps(rule: rules.RoutingRule, resolved: ResolvedPlace) -> tuple[RouteStep, ...]:
    named = rules.place_step(rule, resolved.named)
    if resolved.former is None or not resolved.is_clear:
        return (named,)
    became = rules.former_step(resolved.former.full_name, resolved.communes[0].full_name,
                               resolved.former.dissolved_on, was_chosen=resolved.was_chosen)
    return (named, became)


def replay(*, route: Route, procedure: Procedure, receiving_id: UUID | None) -> Route:
    """A kept route worked out again, with the rules and precedents as they were on its day.

    `procedure` is the version that the dossier was filed under; `receiving_id` the centre that was chosen, if any.

    Raises:
        RouteRefused: the chosen centre lies in another province.
    """
    receiving = None if receiving_id is None else agents.get_centre(receiving_id)
    place = PlaceChoice(route.place_code, route.former_place_code)
    outlet = None if route.support_point is None else agents.get_outlet(route.support_point.id)
    return find_route(procedure=procedure, place=place, on=route.on, outlet=outlet, receiving=receiving,
                      known_at=route.as_known_at)


def is_same(kept: Route, again: Route) -> bool:
    """Whether two routes say the same: rule, version, place, cause, who receives and who decides."""
    return _substance(kept) == _substance(again)


def _substance(route: Route) -> tuple[object, ...]:
    """What a person answered later is not what the rules said then."""
    is_answered = bool(route.cause)
    receiving = route.receiving.id if route.receiving and not is_answered else None
    authority = route.authority.id if route.authority and not is_answered else None
    return (route.procedure_code, route.on, route.rule, route.rule_version, route.place_code, route.former_place_code,
            route.cause, route.precedent, authority, receiving)


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
