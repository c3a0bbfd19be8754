"""A citizen comes to the centre's own counter: filing and reception are one act."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext_lazy as _

from agents import public as agents
from agents.records import CentreInfo
from intake.errors import CitizenNotFound, ClientRefReused, NotYourCentre
from intake.events import DossierSubmitted
from intake.models.citizens import Citizen
from intake.models.dossiers import Dossier
from intake.models.procedures import Procedure
from intake.operations import reception
from intake.plain_data import pricing_as_data
from intake.queries.walk_in import authority_at_counter, counter_procedure, fee_at_counter
from intake.records import CentreRef, Pricing, Route, RouteStep, route_as_data
from intake.rules.catalogue import Channel, ResultChoice
from intake.rules.states import HandlingAction, MoneyAction
from intake.rules.wording import Words
from intake.steps import take_step
from shared.actors import Actor
from shared.calendar import local
from shared.identifiers import spoken_code
from shared.money import ZERO
from shared.outbox.publishing import publish
from shared.transactions import operation

RULE = "COUNTER-OF-CENTRE"
LEGAL_BASIS = "Nghị định 118/2025/NĐ-CP"


@dataclass(frozen=True, slots=True)
class CounterInput:
    """What the officer enters at the counter. The same `client_ref` is the same dossier, for ever."""

    client_ref: UUID
    citizen_id: UUID
    procedure_code: str
    result_choice: str = ResultChoice.COLLECT
    collect_reason: str = ""
    copies: int = 1
    checked: tuple[str, ...] = ()
    """Codes of the papers that were shown and checked; none named: those that are always required."""
    pages: int = 1
    """Pages of one copy, where the fee counts them."""
    note: str = ""


@operation
def receive_at_counter(counter: CounterInput, *, by: Actor, at: datetime) -> Dossier:
    """Take a dossier in from the citizen who stands at the counter of the actor's centre.

    Raises:
        NotYourCentre: `by` does not work at a centre.
        ProcedureNotFound: no such procedure is in force.
        NotACounterProcedure: it is not received directly.
        CitizenNotFound: nobody has this id.
        ClientRefReused: the reference belongs to a dossier with other content.
    """
    if by.centre_id is None:
        raise NotYourCentre(_("Only a centre receives at its own counter."))
    _lock_reference(counter.client_ref)
    known = Dossier.objects.filter(client_ref=counter.client_ref).first()
    if known is not None:
        return _same(known, counter, by.centre_id)
    centre = agents.get_centre(by.centre_id)
    procedure = counter_procedure(counter.procedure_code, at)
    if not Citizen.objects.filter(id=counter.citizen_id).exists():
        raise CitizenNotFound
    dossier = _file(counter, centre, authority_at_counter(centre, procedure, at), procedure, at)
    take_step(dossier, HandlingAction.SUBMIT, by=by, at=at, place=centre.name, also=("submitted_at", "forwarded_at"))
    publish(DossierSubmitted(dossier.id, None, dossier.procedure_code, dossier.channel, at))
    if dossier.fee:
        take_step(dossier, MoneyAction.CHARGE, by=by, at=at)
        take_step(dossier, MoneyAction.PAY, by=by, at=at, place=centre.name)
    reception.take_in(dossier, by=by, at=at, checked=tuple(dossier.presented))
    return dossier


def _lock_reference(client_ref: UUID) -> None:
    """Let two requests with one reference come one after the other."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [str(client_ref)])


def _same(known: Dossier, counter: CounterInput, centre_id: UUID) -> Dossier:
    before = (known.citizen_id, known.procedure_code, known.result_choice, known.copies, known.receiving_centre_id)
    now = (counter.citizen_id, counter.procedure_code, counter.result_choice, counter.copies, centre_id)
    if before != now:
        raise ClientRefReused
    return known


def _file(counter: CounterInput, centre: CentreInfo, authority: CentreInfo, procedure: Procedure,
          at: datetime) -> Dossier:
    fee = fee_at_counter(procedure, centre, at, copies=counter.copies, pages=counter.pages)
    return Dossier.objects.create(
        client_ref=counter.client_ref, agent_ref=spoken_code(), procedure=procedure, procedure_code=procedure.code,
        citizen_id=counter.citizen_id, province_code=centre.province_code, receiving_centre_id=centre.id,
        authority_centre_id=authority.id, route=route_as_data(_route(procedure, centre, authority, at)),
        channel=Channel.DIRECT, copies=counter.copies, result_choice=counter.result_choice,
        collect_reason=counter.collect_reason, fee=fee.amount or ZERO, quote=pricing_as_data(Pricing(fee)),
        presented=list(counter.checked or _always_required(procedure)), note=counter.note,
        created_at=at, submitted_at=at, forwarded_at=at)


def _always_required(procedure: Procedure) -> list[str]:
    return [paper["code"] for paper in procedure.documents if paper["required"] == "always"]


def _route(procedure: Procedure, centre: CentreInfo, authority: CentreInfo, at: datetime) -> Route:
    day = local(at).date()
    words = Words(f"Nhận trực tiếp tại quầy của {centre.name}; {authority.authority_name} quyết định.",
                  f"Received at the counter of {centre.name}; {authority.authority_name} decides.")
    return Route(
        procedure_code=procedure.code, on=day, rule=RULE, rule_version="2025-07-01", legal_basis=LEGAL_BASIS,
        confidence="known", province_code=centre.province_code, place_code=centre.commune_code,
        receiving=_reference(centre), authority=_reference(authority), steps=(RouteStep("receiving", words),))


def _reference(centre: CentreInfo) -> CentreRef:
    return CentreRef(centre.id, centre.agency_code, centre.name, centre.authority_name, centre.level,
                     centre.commune_code)
