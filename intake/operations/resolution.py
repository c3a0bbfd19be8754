"""The authority decides; a result that does not travel by post is handed over."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from intake.errors import DecisionRefused, DocumentQuarantined, IllegalTransition
from intake.events import DossierClosed, DossierResolved
from intake.models.citizens import Citizen
from intake.models.decisions import IdentityProof, Resolution, ResultHandOver
from intake.models.documents import Document
from intake.models.dossiers import Dossier
from intake.operations import desk
from intake.papers.notices import return_data
from intake.queries.delegations import signed_name
from intake.rules import names, people
from intake.rules.catalogue import ResultChoice
from intake.rules.faults import Fault
from intake.rules.states import Handling, HandlingAction, ResultAction, ResultState
from intake.steps import take_step
from intake.wording import field_error
from shared.actors import Actor
from shared.errors import ErrorCollector
from shared.outbox.publishing import publish
from shared.text import fold
from shared.transactions import operation


@operation
def resolve(*, dossier_id: UUID, decision_number: str, summary: str, by: Actor, at: datetime,
            result_document_id: UUID | None = None, version: int | None = None) -> Resolution:
    """Record the authority's decision. The result then goes home by post, or waits to be handed over.

    One that was only received is begun and decided at once, as same-day items are.

    Raises:
        DossierNotFound, DossierChanged: as for every act of a centre.
        NotYourCentre: another authority decides.
        DecisionRefused: number or summary are missing, or the result document is not this dossier's.
        IllegalTransition: the dossier is not being handled.
    """
    dossier = desk.locked(dossier_id, by=by, version=version)
    desk.must_be_authority(dossier, by)
    _check_decision(dossier, decision_number, summary, result_document_id)
    if dossier.handling == Handling.RECEIVED:
        take_step(dossier, HandlingAction.START, by=by, at=at)
    dossier.resolved_at = at
    take_step(dossier, HandlingAction.RESOLVE, by=by, at=at, data={"decision_number": decision_number},
              also=("resolved_at",))
    if dossier.result_choice != ResultChoice.HOME:
        take_step(dossier, ResultAction.KEEP, by=by, at=at)
    resolution = Resolution.objects.create(
        dossier=dossier, decision_number=decision_number, summary=summary, result_document_id=result_document_id,
        resolved_by=desk.signer_id(by), resolved_by_name=signed_name(dossier, by=by, at=at), resolved_at=at,
        was_on_time=dossier.due_at is None or at <= dossier.due_at)
    publish(DossierResolved(dossier.id, dossier.result_choice, at))
    return resolution


def _check_decision(dossier: Dossier, decision_number: str, summary: str, result_document_id: UUID | None) -> None:
    wrong = ErrorCollector()
    if not decision_number.strip():
        wrong.add("/decision_number", "missing", _("Enter the number of the decision or certificate."))
    if not summary.strip():
        wrong.add("/summary", "missing", _("Say in a sentence what was decided."))
    if result_document_id is not None:
        _check_result(dossier, result_document_id, wrong)
    wrong.raise_if_any(DecisionRefused)


def _check_result(dossier: Dossier, document_id: UUID, wrong: ErrorCollector) -> None:
    """A result is what a centre put there as one: no paper of the citizen's, nothing that can never be opened."""
    document = Document.objects.filter(id=document_id, dossier=dossier, component="result").first()
    if document is None:
        wrong.add("/result_document_id", "unknown-document", _("This document does not belong to the dossier."))
    elif document.is_infected:
        wrong.add("/result_document_id", "infected", DocumentQuarantined.title)


@dataclass(frozen=True, slots=True)
class Receiver:
    """Who takes a result at the counter. `identity`: how she showed who she is (IdentityProof).

    `authorisation` names the paper by which she takes it for the citizen; empty: the citizen herself.
    """

    name: str
    identity: str
    phone: str = ""
    authorisation: str = ""


@operation
def hand_over_result(*, dossier_id: UUID, receiver: Receiver, by: Actor, at: datetime,
                     version: int | None = None) -> ResultHandOver:
    """Give a result that does not travel by post to whoever shows who she is; the dossier is closed (status 10).

    Raises:
        DossierNotFound, DossierChanged, NotYourCentre: as for every act of a centre.
        DecisionRefused: nobody is named, the card was not compared, somebody else takes it without authorisation, or
            the result travels by post.
        IllegalTransition: there is no result yet.
    """
    dossier = desk.locked(dossier_id, by=by, version=version)
    desk.must_be_centre(dossier, by)
    citizen_name = Citizen.objects.values_list("full_name", flat=True).get(id=dossier.citizen_id)
    phone = _check_receiver(dossier, receiver, citizen_name)
    if dossier.handling != Handling.RESOLVED:
        raise IllegalTransition(dossier_state=Handling(dossier.handling).name.lower(), action="return")
    if dossier.result == ResultState.CAME_BACK:
        take_step(dossier, ResultAction.KEEP, by=by, at=at)
    dossier.closed_at = at
    take_step(dossier, HandlingAction.RETURN, by=by, at=at, also=("closed_at",), data={
        "receiver_name": receiver.name, "identity": receiver.identity, "is_authorised": bool(receiver.authorisation)})
    given = ResultHandOver(
        dossier=dossier, receiver_name=receiver.name.strip(), receiver_phone=phone, identity=receiver.identity,
        authorisation=names.mask_numbers(receiver.authorisation.strip()), handed_by=by.id, handed_by_name=by.name,
        handed_at=at)
    given.paper = return_data(dossier, given)
    given.save()
    publish(DossierClosed(dossier.id, at))
    return given


def _check_receiver(dossier: Dossier, receiver: Receiver, citizen_name: str) -> str:
    """The telephone in its kept form; raises DecisionRefused with every entry that is wrong."""
    wrong = ErrorCollector()
    if not receiver.name.strip():
        wrong.add("/receiver_name", "missing", _("Enter who took the result."))
    elif fold(receiver.name) != fold(citizen_name) and not receiver.authorisation.strip():
        wrong.add("/authorisation", "missing",
                  _("Somebody else takes it: name the letter of authorisation (number or day)."))
    if receiver.identity not in IdentityProof.values:
        wrong.add("/identity", "missing", _("Compare the card first, then say which one it was."))
    phone = people.check_phone(receiver.phone) if receiver.phone.strip() else ""
    if isinstance(phone, Fault):
        wrong.errors.append(field_error("/receiver_phone", phone))
    if dossier.result_choice == ResultChoice.HOME and dossier.result != ResultState.CAME_BACK:
        wrong.add("/dossier_id", "result-by-post",
                  _("This result goes home by post; the postman records the hand-over."))
    wrong.raise_if_any(DecisionRefused)
    return str(phone)
