"""A dossier whose authority the rules cannot tell: asked of a person, answered once, then on its way."""

from dataclasses import replace
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from agents import public as agents
from intake.errors import AnswerRefused, NotYourQuestion, QuestionNotFound
from intake.events import AuthoritySettled
from intake.models.dossiers import Dossier
from intake.models.opinions import Precedent
from intake.models.routing import AuthorityQuestion
from intake.operations import precedents
from intake.records import CentreRef, Route, RouteStep, route_as_data, route_from_data
from intake.routing import centre_ref
from intake.rules import names
from intake.rules.faults import Fault
from intake.rules.questions import ANY_PROCEDURE, KEY_WORDS, OpinionVerdict, QuestionKey
from intake.rules.wording import Words
from intake.wording import field_error
from shared import audit, scope, work
from shared.actors import Actor, ActorKind
from shared.calendar import MINUTES_A_DAY, local
from shared.errors import FieldError
from shared.outbox.publishing import publish
from shared.roles import Role
from shared.transactions import operation
from shared.working_days import work_calendar

KIND: Final = "authority-unclear"
ANSWER_MINUTES: Final = MINUTES_A_DAY
"""One working day: the citizen's clock has not even started."""


def ask(dossier: Dossier, route: Route, *, by: Actor, at: datetime) -> AuthorityQuestion:
    """Put the question to its owner, in the caller's transaction."""
    due_at = work_calendar().add_working_minutes(at, ANSWER_MINUTES)
    question = AuthorityQuestion.objects.create(
        dossier=dossier, cause=route.cause, asked_at=at, due_at=due_at,
        candidates=[{"id": str(centre.id), "name": centre.name} for centre in route.candidates])
    work.open_item(kind=KIND, reference=str(question.id), owner_role=Role.CENTRE_MANAGER,
                   owner_place=_owner_place(dossier, route, at), at=at, due_at=due_at,
                   detail={"dossier_id": str(dossier.id), "agent_ref": dossier.agent_ref, "cause": route.cause,
                           "place": route.former_place_name or route.place_name, "province": dossier.province_code})
    audit.record(actor=by, action="authority.ask", object_type="dossier", object_id=dossier.id, at=at,
                 after={"cause": route.cause, "question": str(question.id)})
    return question


def _owner_place(dossier: Dossier, route: Route, at: datetime) -> str:
    """The receiving centre if one was chosen, else the province's own centre, else the province itself."""
    if route.receiving is not None:
        return route.receiving.agency_code
    provincial = agents.provincial_centre(dossier.province_code, local(at).date())
    return provincial.agency_code if provincial is not None else dossier.province_code


@operation
def answer_authority_question(*, question_id: UUID, centre_id: UUID, legal_basis: str, by: Actor, at: datetime,
                              is_general: bool = False) -> Dossier:
    """Say which centre's authority is competent, and by which rule of law; the dossier then goes on.

    `is_general` makes the answer a precedent for this procedure at this place. Never for a split unit that is not
    chosen: there the address decides, and the next address may lie in another part.

    Raises:
        QuestionNotFound: unknown, answered, or of another province.
        NotYourQuestion: only centre managers of the province and administrators answer.
        AnswerRefused: the centre is unknown or of another province, or no legal basis is given.
    """
    _must_be_answerer(by)
    # The answer may name a centre that is not the answerer's; what she may see is bounded here, by her province.
    scope.open_until_commit()
    question = _locked(question_id, by)
    centre, basis = _answer(question.dossier, centre_id, legal_basis)
    if is_general:
        _make_precedent(question, centre, basis, by=by, at=at)
    return settle(question, centre.id, basis, by=by, at=at)


def settle(question: AuthorityQuestion, centre_id: UUID, basis: str, *, by: Actor, at: datetime) -> Dossier:
    """Name the authority of a waiting dossier and send it on, in the caller's transaction; the question is locked."""
    dossier, centre = question.dossier, centre_ref(agents.get_centre(centre_id))
    question.centre_id, question.legal_basis = centre.id, basis
    question.answered_at, question.answered_by = at, UUID(by.id) if by.kind == ActorKind.PERSON else None
    question.save(update_fields=["centre", "legal_basis", "answered_at", "answered_by"])
    _settle(dossier, centre, basis)
    work.close_item(kind=KIND, reference=str(question.id), by=by.id, at=at, outcome=centre.agency_code)
    audit.record(actor=by, action="authority.answer", object_type="dossier", object_id=dossier.id, at=at, reason=basis,
                 before={"cause": question.cause}, after={"authority": centre.agency_code})
    publish(AuthoritySettled(dossier.id, centre.id, at))
    return dossier


def _make_precedent(question: AuthorityQuestion, centre: CentreRef, basis: str, *, by: Actor, at: datetime) -> None:
    """The answer holds for the next dossier of this procedure at this place."""
    dossier = question.dossier
    place_code = dossier.route.get("former_place_code") or dossier.route.get("place_code") or ""
    if question.cause == "split-unit" or not place_code:
        message = _("The address decides within a split unit; this answer cannot hold for the next one.")
        raise AnswerRefused(errors=(FieldError("/is_general", "split-unit", message),))
    ruled = precedents.Ruled(
        dossier.province_code, QuestionKey.COMPETENT_AUTHORITY, str(KEY_WORDS[QuestionKey.COMPETENT_AUTHORITY].vi),
        (precedents.ScopeItem(dossier.procedure_code, place_code),))
    said = precedents.Answer(OpinionVerdict.AUTHORITY, basis, by.name, authority_id=centre.id)
    made = precedents.make(ruled, said, by=by, at=at, supersedes=precedents.in_force(ruled))
    precedents.note_use_of(made, dossier=dossier, at=at)


@operation
def take_on(*, question_id: UUID, by: Actor, at: datetime, owner_id: UUID | None = None) -> AuthorityQuestion:
    """Give a waiting question a named owner: oneself, or a colleague of one's own centre.

    Raises:
        QuestionNotFound: unknown, answered, or of another province.
        NotYourQuestion: only centre managers of the province and administrators own questions.
        AnswerRefused: the named owner may not answer it.
    """
    _must_be_answerer(by)
    scope.open_until_commit()
    question = _locked(question_id, by)
    chosen = owner_id or UUID(by.id)
    possible = {manager_id for manager_id, _name, _place in agents.centre_managers(question.dossier.province_code)}
    if chosen != UUID(by.id) and chosen not in possible:
        message = _("Choose a centre manager of the province.")
        raise AnswerRefused(errors=(FieldError("/owner_id", "not-an-owner", message),))
    before = str(question.owner_id or "")
    question.owner_id = chosen
    question.save(update_fields=["owner"])
    audit.record(actor=by, action="authority.take_on", object_type="dossier", object_id=question.dossier_id, at=at,
                 before={"owner": before}, after={"owner": str(chosen)})
    return question


@operation
def settle_by_precedent(*, precedent_id: UUID, by: Actor, at: datetime) -> int:
    """Answer every waiting question that the precedent answers too; returns how many. Again: none are left."""
    said = Precedent.objects.filter(id=precedent_id, withdrawn_at=None, verdict=OpinionVerdict.AUTHORITY).first()
    if said is None or said.authority_id is None:
        return 0
    waiting = AuthorityQuestion.objects.select_related("dossier").select_for_update(of=("self",)).filter(
        _same_question(said), answered_at=None).exclude(cause="split-unit", dossier__route__place_code="")
    settled = list(waiting.order_by("id"))
    for question in settled:
        precedents.note_use_of(said, dossier=question.dossier, at=at)
        settle(question, said.authority_id, said.legal_basis, by=by, at=at)
    return len(settled)


def _same_question(said: Precedent) -> Q:
    """Questions of dossiers of a scope's procedure whose place is the scope's, former or of today."""
    same = Q(pk=None)
    for item in said.scopes.all():
        here = Q(dossier__route__former_place_code=item.place_code) | Q(
            dossier__route__former_place_code="", dossier__route__place_code=item.place_code)
        what = Q() if item.procedure_code == ANY_PROCEDURE else Q(dossier__procedure_code=item.procedure_code)
        same |= here & what & Q(dossier__province_code=said.province_code)
    return same


def _must_be_answerer(by: Actor) -> None:
    if by.role not in {Role.CENTRE_MANAGER, Role.ADMINISTRATOR}:
        raise NotYourQuestion


def _locked(question_id: UUID, by: Actor) -> AuthorityQuestion:
    open_ones = AuthorityQuestion.objects.select_related("dossier").select_for_update().filter(answered_at=None)
    if by.role == Role.CENTRE_MANAGER or by.province_code:
        open_ones = open_ones.filter(dossier__province_code=by.province_code)
    question = open_ones.filter(id=question_id).first()
    if question is None:
        raise QuestionNotFound
    return question


def _answer(dossier: Dossier, centre_id: UUID, legal_basis: str) -> tuple[CentreRef, str]:
    basis = names.check_text(legal_basis, 300)
    if isinstance(basis, Fault) or not basis:
        wrong = basis if isinstance(basis, Fault) else Fault("required")
        raise AnswerRefused(errors=(field_error("/legal_basis", wrong),))
    try:
        centre = agents.get_centre(centre_id)
    except agents.CentreNotFound:
        raise AnswerRefused(errors=(field_error("/centre_id", Fault("unknown-centre")),)) from None
    if centre.province_code != dossier.province_code:
        message = _("This centre lies in another province than the dossier.")
        raise AnswerRefused(errors=(FieldError("/centre_id", "other-province", message),))
    return centre_ref(centre), basis


def _settle(dossier: Dossier, centre: CentreRef, basis: str) -> None:
    """The answer becomes part of the route; the centre also receives where none was chosen before."""
    route = route_from_data(dossier.route)
    if route is None:
        raise QuestionNotFound
    answered = RouteStep("answer", Words(f"Đã trả lời: {centre.authority_name} có thẩm quyền. Căn cứ: {basis}.",
                                         f"Answered: {centre.authority_name} is competent. Basis: {basis}."))
    receiving = route.receiving or centre
    dossier.route = route_as_data(replace(route, authority=centre, receiving=receiving, steps=(*route.steps, answered)))
    dossier.authority_centre_id, dossier.receiving_centre_id = centre.id, receiving.id
    dossier.version += 1
    # The answer may give the dossier to a centre whose rows the answering one does not see.
    with scope.everything():
        dossier.save(update_fields=["route", "authority_centre", "receiving_centre", "version"])
