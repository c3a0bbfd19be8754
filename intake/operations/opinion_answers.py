"""What those who were asked say, what follows for the dossier, and when the answer holds for the next one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from intake.events import OpinionAnswered
from intake.models.dossiers import Dossier
from intake.models.opinions import Opinion, OpinionAddressee
from intake.models.routing import AuthorityQuestion
from intake.operations import authority, desk, precedents
from intake.operations.precedents import Answer, Ruled, ScopeItem
from intake.opinion_errors import NotAsked, OpinionClosed, OpinionNotFound, OpinionRefused
from intake.rules import names
from intake.rules.faults import Fault
from intake.rules.questions import OpinionVerdict, agreed, verdicts_for
from intake.wording import field_error
from shared import audit, scope, work
from shared.actors import Actor
from shared.errors import ErrorCollector
from shared.outbox.publishing import publish
from shared.roles import CENTRE_ROLES, Role
from shared.transactions import operation

KIND: Final = "opinion-waiting"


@dataclass(frozen=True, slots=True)
class AnswerInput:
    """An answer as it was entered. `signed_by`: who signed a letter that came from outside the house."""

    verdict: str
    legal_basis: str
    text: str = ""
    authority_id: UUID | None = None
    signed_by: str = ""
    document_ids: tuple[UUID, ...] = ()


@operation
def answer(said: AnswerInput, *, opinion_id: UUID, addressee_id: int, by: Actor, at: datetime) -> Opinion:
    """Keep the answer of one who was asked. With the last of answers that agree the question is settled: the dossier's
    authority is named, and the answer becomes a precedent unless it was for this dossier alone.

    People of the centre that was asked answer; the answer of a department outside the house is entered by the asker.

    Raises:
        OpinionNotFound, OpinionClosed: none that waits.
        NotAsked: another was asked.
        OpinionRefused: verdict, legal basis or authority are missing.
    """
    opinion = _waiting(opinion_id, by)
    row = _mine(opinion, addressee_id, by)
    checked = _checked(said, opinion)
    _keep(row, checked, said, by, at)
    if said.document_ids:
        _add_papers(opinion, said.document_ids, by)
    work.close_item(kind=KIND, reference=str(row.id), by=by.id, at=at, outcome=checked.verdict)
    audit.record(actor=by, action="opinion.answer", object_type="opinion", object_id=opinion.id, at=at,
                 after={"addressee": row.id, "verdict": checked.verdict}, reason=checked.legal_basis)
    _close_if_agreed(opinion, by, at)
    return opinion


@operation
def conclude(said: AnswerInput, *, opinion_id: UUID, by: Actor, at: datetime) -> Opinion:
    """The asking centre's manager settles a question whose answers differ, or which nobody outside will answer.

    Raises:
        OpinionNotFound, OpinionClosed, NotAsked, OpinionRefused: as for `answer`.
    """
    opinion = _waiting(opinion_id, by)
    if by.role not in {Role.CENTRE_MANAGER, Role.ADMINISTRATOR} or opinion.asked_by_centre_id != by.centre_id:
        raise NotAsked(_("Only the manager of the centre that asked concludes."))
    checked = _checked(said, opinion)
    opinion.outcome_note = checked.text[:500]
    for row in OpinionAddressee.objects.filter(opinion=opinion, answered_at=None):
        work.close_item(kind=KIND, reference=str(row.id), by=by.id, at=at, outcome="concluded")
    audit.record(actor=by, action="opinion.conclude", object_type="opinion", object_id=opinion.id, at=at,
                 after={"verdict": checked.verdict}, reason=checked.legal_basis)
    _settle(opinion, checked, "concluded", by, at)
    return opinion


# --- the parts ------------------------------------------------------------------------------------------------------


def _waiting(opinion_id: UUID, by: Actor) -> Opinion:
    if by.role not in {*CENTRE_ROLES, Role.ADMINISTRATOR}:
        raise OpinionNotFound
    opinion = Opinion.objects.seen_by(by).select_for_update(of=("self",)).filter(id=opinion_id).first()
    if opinion is None:
        raise OpinionNotFound
    if opinion.closed_at is not None:
        raise OpinionClosed(outcome=opinion.outcome)
    return opinion


def _mine(opinion: Opinion, addressee_id: int, by: Actor) -> OpinionAddressee:
    row = OpinionAddressee.objects.select_for_update().filter(opinion=opinion, id=addressee_id).first()
    if row is None:
        raise OpinionNotFound
    answers_for = row.centre_id if row.centre_id is not None else opinion.asked_by_centre_id
    if answers_for != by.centre_id and not (row.centre_id is None and by.role == Role.ADMINISTRATOR):
        raise NotAsked
    if row.answered_at is not None:
        raise OpinionClosed(_("This answer was given already."), outcome="answered")
    return row


def _checked(said: AnswerInput, opinion: Opinion) -> Answer:
    wrong = ErrorCollector()
    text, basis = names.check_note(said.text), names.check_text(said.legal_basis, 300)
    source = names.check_text(said.signed_by, 160)
    if said.verdict not in verdicts_for(opinion.key):
        wrong.add("/verdict", "not-a-choice", _("Choose the answer."))
    if isinstance(basis, Fault) or len(basis) < 3:
        wrong.add("/legal_basis", "required", _("Name the law that the answer rests on."))
    if isinstance(text, Fault):
        wrong.errors.append(field_error("/text", text))
    if isinstance(source, Fault):
        wrong.errors.append(field_error("/signed_by", source))
    if said.verdict == OpinionVerdict.CONDITIONAL and not text:
        wrong.add("/text", "required", _("Say what it depends on."))
    wrong.raise_if_any(OpinionRefused)
    authority_id = None
    if said.verdict == OpinionVerdict.AUTHORITY:
        authority_id = precedents.checked_authority(said.authority_id, opinion.province_code).id
    return Answer(said.verdict, str(basis), str(source), str(text), authority_id)


def _keep(row: OpinionAddressee, checked: Answer, said: AnswerInput, by: Actor, at: datetime) -> None:
    row.answered_at, row.answered_by = at, by.id
    row.answered_by_name = checked.source or by.name
    row.verdict, row.text, row.legal_basis = checked.verdict, checked.text, checked.legal_basis
    row.authority_id = checked.authority_id
    row.save()


def _add_papers(opinion: Opinion, document_ids: Sequence[UUID], by: Actor) -> None:
    from intake.operations.opinions import add_papers  # opinions ask, and settle what a precedent answers

    add_papers(opinion, document_ids, by, is_answer=True)


def _close_if_agreed(opinion: Opinion, by: Actor, at: datetime) -> None:
    rows = list(OpinionAddressee.objects.filter(opinion=opinion).order_by("id"))
    if any(row.answered_at is None for row in rows):
        return
    one = agreed([(row.verdict, row.authority_id) for row in rows])
    if one is None:
        _tell_asker(opinion, at)
        return
    last = rows[-1]
    whole = Answer(one[0], "; ".join(dict.fromkeys(row.legal_basis for row in rows))[:300],
                   ", ".join(row.name for row in rows)[:300], "\n".join(row.text for row in rows if row.text)[:4000],
                   last.authority_id)
    _settle(opinion, whole, "answered", by, at)


def _tell_asker(opinion: Opinion, at: datetime) -> None:
    """The answers differ: the asking centre's manager concludes; until then it is her work."""
    from agents import public as agents

    place = (agents.get_centre(opinion.asked_by_centre_id).agency_code if opinion.asked_by_centre_id
             else opinion.province_code)
    work.open_item(kind="opinion-differs", reference=str(opinion.id), owner_role=Role.CENTRE_MANAGER,
                   owner_place=place, at=at, due_at=max(opinion.due_at, at), detail={"opinion_id": str(opinion.id)})


def _settle(opinion: Opinion, whole: Answer, outcome: str, by: Actor, at: datetime) -> None:
    opinion.closed_at, opinion.outcome = at, outcome
    source = whole.source or by.name
    if opinion.is_general:
        ruled = Ruled(opinion.province_code, opinion.key, opinion.question,
                      (ScopeItem(opinion.procedure_code, opinion.place_code),))
        before = precedents.in_force(ruled)
        opinion.precedent = precedents.make(
            ruled, Answer(whole.verdict, whole.legal_basis, source, whole.text, whole.authority_id), by=by, at=at,
            supersedes=before)
    opinion.save(update_fields=["closed_at", "outcome", "outcome_note", "precedent"])
    work.close_item(kind="opinion-differs", reference=str(opinion.id), by=by.id, at=at, outcome=outcome)
    settle_dossier(opinion, whole.authority_id, whole.legal_basis, by=by, at=at)
    publish(OpinionAnswered(opinion.id, opinion.dossier_id, at))


def settle_dossier(opinion: Opinion, authority_id: UUID | None, basis: str, *, by: Actor, at: datetime) -> None:
    """What the answer means for the dossier it was asked about: a trace, and its authority when that was open."""
    if opinion.dossier_id is None:
        return
    # Who was asked need not see the dossier; that it is this one was said when it was asked.
    scope.open_until_commit()
    dossier = Dossier.objects.select_related("procedure").select_for_update(of=("self",)).get(id=opinion.dossier_id)
    desk.note_step(dossier, "opinion_answered", by=by, at=at, data={"opinion": str(opinion.id)}, note=basis[:300])
    question = AuthorityQuestion.objects.select_for_update().filter(dossier=dossier, answered_at=None).first()
    if question is not None and authority_id is not None:
        question.dossier = dossier
        authority.settle(question, authority_id, basis, by=by, at=at)
