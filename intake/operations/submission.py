"""A dossier comes into being: kept as a draft, submitted once for ever under its client_ref."""

from dataclasses import replace
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import connection

from delivery import public as delivery
from delivery.public import AddressRefused
from intake import custody
from intake.admission import must_be_admitted
from intake.client_refs import kept_dossier, one_client_ref
from intake.errors import ClientRefReused, DossierNotFound, NotAnOutlet, SubmissionRefused
from intake.events import DossierSubmitted
from intake.filing import CheckedFiling, check_filing, citizen_of, clerk_of, tidied
from intake.models.counter import EventBundle
from intake.models.dossiers import Dossier
from intake.operations import authority, precedents, takings
from intake.plain_data import filing_as_data, filing_from_data, pricing_as_data
from intake.records import SubmissionInput, route_as_data
from intake.rules.states import Handling, HandlingAction, MoneyAction
from intake.steps import Move, take_first_steps
from shared.actors import Actor
from shared.calendar import local
from shared.identifiers import spoken_code
from shared.money import ZERO
from shared.outbox.publishing import publish
from shared.transactions import operation

_ATTACH: Final = """
    UPDATE intake_document document SET dossier_id = %s, citizen_id = %s, component = named.component
    FROM unnest(%s::uuid[], %s::text[]) AS named (id, component) WHERE document.id = named.id
"""


@operation
def submit_dossier(filing: SubmissionInput, *, by: Actor, at: datetime, opened_at: datetime | None = None) -> Dossier:
    """Submit on the citizen's behalf. The same `client_ref` and content again is the same dossier again.

    `opened_at` is when the counter's page was opened for it, for the time a dossier takes; machines leave it out.

    Raises:
        ClientRefReused: this client_ref is a dossier with other content, or of somebody else.
        CitizenNotFound: nobody the actor knows has this id.
        NotAnOutlet, OutletMayNot, NoOpenSession, ConsentMissing, SubmissionRefused: as check_filing says.
        CertificateMissing: the city asks for a certificate that the clerk does not hold.
    """
    return submit_one(tidied(filing), by=by, at=at, opened_at=opened_at)


def submit_one(asked: SubmissionInput, *, by: Actor, at: datetime, opened_at: datetime | None = None,
               bundle: EventBundle | None = None) -> Dossier:
    """What submit_dossier does, inside the caller's transaction; `bundle` is what it is prepared with."""
    kept = kept_dossier(asked.client_ref, by)
    if kept is not None and kept.handling != Handling.DRAFT:
        return _same(kept, asked)
    checked = _checked(asked, by, at)
    dossier = kept or Dossier(client_ref=asked.client_ref, agent_ref=spoken_code(), created_at=at)
    dossier.bundle = bundle
    entered = _enter(dossier, checked, by, at)
    takings.note_submitted(entered, checked.findings, by=by, at=at, opened_at=opened_at, is_new=kept is None)
    return entered


@operation
def submit_draft(*, dossier_id: UUID, by: Actor, at: datetime) -> Dossier:
    """Submit a draft as it was last saved; once it is submitted, the same dossier again.

    Raises:
        DossierNotFound: unknown, or another outlet's.
        And what submit_dossier raises.
    """
    dossier = Dossier.objects.seen_by(by).select_for_update(of=("self",)).filter(id=dossier_id).first()
    if dossier is None or not dossier.filing:
        raise DossierNotFound
    if dossier.handling != Handling.DRAFT:
        return dossier
    checked = _checked(filing_from_data(dossier.filing), by, at)
    entered = _enter(dossier, checked, by, at)
    takings.note_submitted(entered, checked.findings, by=by, at=at)
    return entered


# --- the parts ------------------------------------------------------------------------------------------------------


def _same(kept: Dossier, asked: SubmissionInput) -> Dossier:
    if filing_from_data(kept.filing) != asked:
        raise ClientRefReused(dossier_id=str(kept.id))
    return kept


def _checked(asked: SubmissionInput, by: Actor, at: datetime) -> CheckedFiling:
    if by.outlet_id is None:
        raise NotAnOutlet
    checked = check_filing(asked, citizen_of(asked.citizen_id, by), by=by, on=local(at).date())
    must_be_admitted(checked.procedure.field, by=by, on=local(at).date())
    return checked


def _fill(dossier: Dossier, checked: CheckedFiling, by: Actor) -> None:
    asked, route, outlet, goes_to = checked.asked, checked.route, checked.outlet, checked.delivery
    dossier.citizen = checked.citizen
    dossier.procedure, dossier.procedure_code = checked.procedure, checked.procedure.code
    dossier.province_code = route.province_code or outlet.province_code
    dossier.outlet_id, dossier.operator_id, dossier.clerk_id = outlet.id, outlet.operator.id, clerk_of(by)
    dossier.session = checked.session
    dossier.receiving_centre_id = route.receiving.id if route.receiving else None
    dossier.authority_centre_id = route.authority.id if route.authority else None
    dossier.filing = filing_as_data(asked)
    dossier.channel, dossier.copies, dossier.result_choice = asked.channel, asked.copies, asked.result_choice
    dossier.collect_reason, dossier.note, dossier.presented = asked.collect_reason, asked.note, checked.presented
    dossier.delivery_name, dossier.delivery_phone = (goes_to.name, goes_to.phone) if goes_to else ("", "")
    dossier.delivery_street = goes_to.street if goes_to else ""
    dossier.delivery_commune_id = goes_to.commune_code if goes_to else None
    dossier.beneficiary_class = asked.priority_group
    dossier.fee, dossier.quote = checked.pricing.fee.amount or ZERO, pricing_as_data(checked.pricing)


def _enter(dossier: Dossier, checked: CheckedFiling, by: Actor, at: datetime) -> Dossier:
    """Save the filled-in dossier and take its first steps."""
    _fill(dossier, checked, by)
    dossier.route = route_as_data(replace(checked.route, as_known_at=local(at)))
    dossier.submitted_at = at
    moves = [Move(HandlingAction.SUBMIT, {"channel": dossier.channel, "rule": checked.route.rule,
                                         "mandates": list(checked.mandates)}, checked.outlet.name)]
    _keep_checked_address(dossier, checked, by, at)
    if owed := checked.pricing.citizen_total:
        moves.append(Move(MoneyAction.CHARGE, {"amount_vnd": owed.amount}))
    with one_client_ref():
        take_first_steps(dossier, moves, by=by, at=at)
    _attach(dossier, checked)
    custody.take_listed(dossier, {paper.component for paper in checked.asked.documents},
                        outlet_name=checked.outlet.name, by=by, at=at)
    if not checked.route.is_clear:
        authority.ask(dossier, checked.route, by=by, at=at)
    precedents.note_uses(checked.route, dossier=dossier, at=at)
    publish(DossierSubmitted(dossier.id, dossier.outlet_id, dossier.procedure_code, dossier.channel, at))
    return dossier


def _keep_checked_address(dossier: Dossier, checked: CheckedFiling, by: Actor, at: datetime) -> None:
    """What the counter found out about the address; nothing is kept where nothing was."""
    address, check = checked.delivery, checked.asked.address_check
    dossier.delivery_address_id = None
    if address is None or not (check.landmark or check.pin or check.is_verified or checked.names_former):
        return
    try:
        kept = delivery.write_address(
            street=address.street, landmark=check.landmark, commune_code=address.commune_code,
            former_commune_code=address.former_commune_code, pin=delivery.pin_in(check.pin),
            is_verified=check.is_verified, by=by, at=at)
    except AddressRefused as refusal:
        raise SubmissionRefused(data_kept=True, errors=tuple(
            replace(error, pointer=f"/delivery{error.pointer}") for error in refusal.errors)) from refusal
    dossier.delivery_street, dossier.delivery_address_id = kept.street, kept.id


def _attach(dossier: Dossier, checked: CheckedFiling) -> None:
    if not checked.documents:
        return
    components = {paper.document_id: paper.component for paper in checked.asked.documents}
    for document in checked.documents:
        document.dossier, document.component = dossier, components[document.id]
        document.citizen = checked.citizen
    ids = [document.id for document in checked.documents]
    with connection.cursor() as cursor:
        cursor.execute(_ATTACH, [dossier.id, checked.citizen.id, ids, [components[each] for each in ids]])
