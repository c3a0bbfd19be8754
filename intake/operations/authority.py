"""A dossier whose authority the rules cannot tell: asked of a person, answered once, then on its way."""

from dataclasses import replace
from datetime import datetime
from typing import Final
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from agents import public as agents
from intake.errors import AnswerRefused, NotYourQuestion, QuestionNotFound
from intake.events import AuthoritySettled
from intake.models.dossiers import Dossier
from intake.models.routing import AuthorityQuestion
from intake.records import CentreRef, Route, RouteStep, route_as_data, route_from_data
from intake.routing import centre_ref
from intake.rules import names
from intake.rules.faults import Fault
from intake.rules.wording import Words
from intake.wording import field_error
from shared import audit, scope, work
from shared.actors import Actor
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
def answer_authority_question(*, question_id: UUID, centre_id: UUID, legal_basis: str, by: Actor,
                              at: datetime) -> Dossier:
    """Say which centre's authority is competent, and by which rule of law; the dossier then goes on.

    Raises:
        QuestionNotFound: unknown, answered, or of another province.
        NotYourQuestion: only centre managers of the province and administrators answer.
        AnswerRefused: the centre is unknown or of another province, or no legal basis is given.
    """
    _must_be_answerer(by)
    # The answer may name a centre that is not the answerer's; what she may see is bounded here, by her province.
    scope.open_until_commit()
    question = _locked(question_id, by)
    dossier = question.dossier
    centre, basis = _answer(dossier, centre_id, legal_basis)
    question.centre_id, question.legal_basis = centre.id, basis
    question.answered_at, question.answered_by = at, UUID(by.id)
    question.save(update_fields=["centre", "legal_basis", "answered_at", "answered_by"])
    _settle(dossier, centre, basis)
    work.close_item(kind=KIND, reference=str(question.id), by=by.id, at=at, outcome=centre.agency_code)
    audit.record(actor=by, action="authority.answer", object_type="dossier", object_id=dossier.id, at=at, reason=basis,
                 before={"cause": question.cause}, after={"authority": centre.agency_code})
    publish(AuthoritySettled(dossier.id, centre.id, at))
    return dossier


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
