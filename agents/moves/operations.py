"""Asking for an outlet's move, deciding, calling off, and carrying it out on its day."""

from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import Final
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from agents.accreditation.models import Accreditation
from agents.accreditation.rules import LICENSED
from agents.errors import NotYourRole, OutletNotFound
from agents.models.organisations import Outlet, OutletStatus
from agents.moves import places
from agents.moves.errors import InvalidOutletMove, NotTheAsker, OutletMoveImpossible, OutletMoveNotFound
from agents.moves.events import OutletMoveApproved, OutletMoveCalledOff
from agents.moves.models import OutletMove
from agents.moves.rules import (
    ASKERS,
    DECIDERS,
    FARTHEST,
    MOVES,
    OPEN,
    MoveState,
    MoveStep,
    earliest,
    last_to_decide,
)
from agents.moves.surveys import passed_survey
from agents.operations import outlets
from agents.operations.outlets import Site
from agents.programme import admission
from agents.programme.admission import Place, refusal
from agents.programme.wording import NOT_NOW
from agents.scope import outlets_seen_by
from shared import audit, work
from shared.actors import Actor, ActorKind
from shared.calendar import at_local, local
from shared.errors import ErrorCollector
from shared.geo import distance_km
from shared.masking import without_numbers
from shared.outbox.publishing import publish
from shared.problems import told
from shared.roles import Role
from shared.text import clean, hidden_character
from shared.transactions import operation

WAITING: Final = "outlet-move-waiting"
NEAREST_KM: Final = 0.02
"""Closer than that, under the same address, nothing moves."""


@dataclass(frozen=True, slots=True)
class NewPlace:
    """Where to and from when; `phone` empty: it stays."""

    site: Site
    effective_from: date
    phone: str = ""


@operation
def ask_move(*, outlet_id: UUID, place: NewPlace, reason: str, by: Actor, at: datetime) -> OutletMove:
    """Ask that an outlet may stand elsewhere from a day on.

    Raises:
        OutletNotFound: none that `by` sees.
        NotYourRole: only the outlet's manager, its operator and the programme's office ask.
        OutletMoveImpossible: it works not, or a move of it is open.
        InvalidOutletMove: the day is less than a week or more than a year ahead, the place is in another city or
            where the outlet stands, or nothing is said.
        InvalidOutlet: a place where no outlet could be.
    """
    outlet = _outlet(outlet_id, by)
    if by.kind is not ActorKind.JOB and by.role not in ASKERS:
        raise NotYourRole
    made = _asked(outlet, place, reason, by, at)
    try:
        with transaction.atomic():
            made.save(force_insert=True)
    except IntegrityError as error:
        raise OutletMoveImpossible(_("A move of this outlet is open already.")) from error
    work.open_item(kind=WAITING, reference=str(made.id), owner_role=Role.PROGRAMME_OFFICER,
                   owner_place=made.province_code, at=at,
                   due_at=at_local(last_to_decide(made.effective_from), _NOON), detail={"code": outlet.code})
    _record(made, "ask", by, at, reason=made.reason)
    return made


@operation
def decide_move(*, move_id: UUID, step: MoveStep, decision: str, by: Actor, at: datetime) -> OutletMove:
    """Approve or refuse, with what that rests on.

    Raises:
        OutletMoveNotFound: none that `by` sees.
        NotYourRole: only an officer of the programme decides.
        NotTheAsker: she asked for it, or surveyed the new place.
        OutletMoveImpossible: decided already; too late to tell people; no survey of the new place that passes; the
            programme does not let the outlet work there.
        InvalidOutletMove: nothing is said.
    """
    found = _locked(move_id, by)
    if by.role not in DECIDERS or step not in {MoveStep.APPROVE, MoveStep.REFUSE}:
        raise NotYourRole
    must_fit(found, step)
    said = _said(decision, "/decision", _("Name what the decision rests on, in 3 to 300 characters."))
    if found.asked_by == by.id:
        raise NotTheAsker
    if step is MoveStep.APPROVE:
        _may_approve(found, by, at)
    found.decided_at, found.decided_by, found.decided_by_name, found.decision = at, by.id, by.name, said
    _step(found, step, by, at, reason=said)
    if step is MoveStep.APPROVE:
        publish(OutletMoveApproved(found.id, found.outlet_id, found.effective_from, at))
    return found


@operation
def cancel_move(*, move_id: UUID, because: str, by: Actor, at: datetime) -> OutletMove:
    """Call a move off before its day; whoever was told is told again.

    Raises:
        OutletMoveNotFound: none that `by` sees.
        NotYourRole: only who may ask.
        OutletMoveImpossible: it is over, or its day has come.
        InvalidOutletMove: nothing is said.
    """
    found = _locked(move_id, by)
    if by.kind is not ActorKind.JOB and by.role not in ASKERS:
        raise NotYourRole
    must_fit(found, MoveStep.CANCEL)
    if found.state == MoveState.APPROVED and found.effective_from <= local(at).date():
        raise OutletMoveImpossible(_("Its day has come; ask for a move back."), state=found.state)
    said = _said(because, "/because", _("Say why, in 3 to 300 characters; people who were told read it."))
    was_told = found.state == MoveState.APPROVED
    end(found, MoveStep.CANCEL, said, by, at)
    if was_told:
        publish(OutletMoveCalledOff(found.id, found.outlet_id, at))
    return found


# --- the parts ------------------------------------------------------------------------------------------------------

_NOON: Final = datetime.min.time().replace(hour=12)


def _outlet(outlet_id: UUID, by: Actor) -> Outlet:
    seen = outlets_seen_by(by).select_related("commune", "operator").select_for_update(of=("self",))
    found: Outlet | None = seen.filter(id=outlet_id).first()
    if found is None:
        raise OutletNotFound
    if found.status == OutletStatus.CLOSED:
        raise OutletMoveImpossible(_("The outlet is closed for good."))
    if OutletMove.objects.filter(outlet=found, state__in=sorted(OPEN)).exists():
        raise OutletMoveImpossible(_("A move of this outlet is open already."))
    return found


def _asked(outlet: Outlet, place: NewPlace, reason: str, by: Actor, at: datetime) -> OutletMove:
    like = outlets.placed(outlet, place.site)
    wrong = ErrorCollector()
    _check(outlet, like, place, at, wrong)
    if not 3 <= len(clean(reason)) <= 300 or hidden_character(clean(reason)) is not None:
        wrong.add("/reason", "required", _("Say why, in 3 to 300 characters; people read it at the door."))
    wrong.raise_if_any(InvalidOutletMove)
    return OutletMove(
        outlet=outlet, operator_id=outlet.operator_id, province_code=outlet.commune.province_id,
        effective_from=place.effective_from, commune_id=like.commune_id, address=like.address,
        phone=clean(place.phone), latitude=like.latitude, longitude=like.longitude, from_commune_id=outlet.commune_id,
        from_address=outlet.address, from_phone=outlet.phone, from_latitude=outlet.latitude,
        from_longitude=outlet.longitude, reason=without_numbers(clean(reason))[:300],
        wants_survey=_is_licensed(outlet.id), asked_at=at,
        asked_by=by.id, asked_by_name=by.name)


def _check(outlet: Outlet, like: Outlet, place: NewPlace, at: datetime, wrong: ErrorCollector) -> None:
    today = local(at).date()
    if not earliest(today) <= place.effective_from <= today + FARTHEST:
        wrong.add("/effective_from", "out-of-range",
                  _("A move is asked for at least a week and at most a year before its day."))
    if like.commune.province_id != outlet.commune.province_id:
        wrong.add("/commune", "other-city", _("An outlet moves within its city; elsewhere another one is proposed."))
    near = distance_km((outlet.latitude, outlet.longitude), (like.latitude, like.longitude)) < NEAREST_KM
    if near and (outlet.commune_id, outlet.address) == (like.commune_id, like.address):
        wrong.add("/address", "no-difference", _("The outlet stands there already."))
    if len(clean(place.phone)) > 20:
        wrong.add("/phone", "too-long", told(_("At most {max_length} characters are possible."), max_length=20))


def _is_licensed(outlet_id: UUID) -> bool:
    return Accreditation.objects.filter(outlet_id=outlet_id, state__in=sorted(LICENSED)).exists()


def _locked(move_id: UUID, by: Actor) -> OutletMove:
    seen = OutletMove.objects.seen_by(by).select_related("outlet__operator", "commune").select_for_update(of=("self",))
    found: OutletMove | None = seen.filter(id=move_id).first()
    if found is None:
        raise OutletMoveNotFound
    return found


def must_fit(found: OutletMove, step: MoveStep) -> None:
    if (MoveState(found.state), step) not in MOVES:
        raise OutletMoveImpossible(_("Look at its present state first."), state=found.state, step=step.value)


def _may_approve(found: OutletMove, by: Actor, at: datetime) -> None:
    if local(at).date() > last_to_decide(found.effective_from):
        raise OutletMoveImpossible(_("It is too late to tell people of this day; refuse it and have another day "
                                     "asked for."))
    if found.wants_survey:
        found.survey = passed_survey(found, at)
        if found.survey.inspector_id == by.id:
            raise NotTheAsker
    admission.forget()  # a move is rare, so it asks the database
    there = Place(found.province_code, found.commune_id, found.operator_id, found.outlet.operator.code)
    if why := refusal(there, found.effective_from):
        raise OutletMoveImpossible(NOT_NOW[why], reason=why)


def _said(typed: str, pointer: str, what: object) -> str:
    said, wrong = clean(typed), ErrorCollector()
    if not 3 <= len(said) <= 300 or hidden_character(said) is not None:
        wrong.add(pointer, "required", what)  # type: ignore[arg-type]  # a lazy text
    wrong.raise_if_any(InvalidOutletMove)
    return without_numbers(said)[:300]


def _step(found: OutletMove, step: MoveStep, by: Actor, at: datetime, *, reason: str) -> None:
    before = MoveState(found.state)
    found.state = MOVES[before, step]
    found.save()
    work.close_item(kind=WAITING, reference=str(found.id), by=by.id, at=at, outcome=step.value)
    _record(found, step.value, by, at, before=before, reason=reason)
    transaction.on_commit(partial(places.forget))


def end(found: OutletMove, step: MoveStep, because: str, by: Actor, at: datetime) -> None:
    found.ended_at, found.ended_by_name, found.ended_because = at, by.name or by.id, because
    _step(found, step, by, at, reason=because)


def _record(found: OutletMove, step: str, by: Actor, at: datetime, *, before: str = "", reason: str = "") -> None:
    audit.record(actor=by, action=f"outlet-move.{step}", object_type="outlet-move", object_id=found.id, at=at,
                 before={"state": before} if before else {},
                 after={"state": found.state, "outlet": str(found.outlet_id), "on": found.effective_from.isoformat()},
                 reason=reason)
