"""Ask an authority once: the question goes out with a due moment, the answer comes back and holds for the next one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from agents import public as agents
from intake.errors import DossierNotFound
from intake.events import OpinionAnswered, OpinionAsked
from intake.models.documents import Document
from intake.models.dossiers import Dossier
from intake.models.opinions import Opinion, OpinionAddressee, OpinionPaper, Precedent
from intake.models.procedures import Procedure
from intake.operations import desk, precedents
from intake.operations.opinion_answers import settle_dossier
from intake.operations.precedents import Ruled, ScopeItem
from intake.opinion_errors import NotAsked, OpinionClosed, OpinionNotFound, OpinionRefused
from intake.rules import names
from intake.rules.faults import Fault
from intake.rules.questions import MOST_DAYS, QuestionKey, Subject, is_repeatable
from intake.wording import field_error
from shared import audit, places, scope, work
from shared.actors import Actor
from shared.calendar import MINUTES_A_DAY
from shared.errors import ErrorCollector
from shared.outbox.publishing import publish
from shared.roles import CENTRE_ROLES, Role
from shared.transactions import operation
from shared.working_days import work_calendar

KIND: Final = "opinion-waiting"
MOST_ADDRESSEES: Final = 8
MOST_PAPERS: Final = 10


@dataclass(frozen=True, slots=True)
class Addressee:
    """A centre of the house, or a department outside it with the contact that the letter goes to."""

    centre_id: UUID | None = None
    name: str = ""
    contact: str = ""


@dataclass(frozen=True, slots=True)
class OpinionInput:
    """A question as it was entered. `days` are working days; `anew` asks although a precedent answers it already."""

    subject: str
    key: str
    question: str
    addressees: tuple[Addressee, ...]
    procedure_code: str = ""
    place_code: str = ""
    dossier_id: UUID | None = None
    days: int = 3
    is_general: bool = True
    document_ids: tuple[UUID, ...] = ()
    anew: bool = False


@operation
def ask(asked: OpinionInput, *, by: Actor, at: datetime) -> Opinion:
    """Put the question to all addressees at once. One that a precedent answers is answered on the spot, asking nobody.

    Raises:
        OpinionRefused: entries are wrong, all of them named.
        DossierNotFound: the actor sees no such dossier.
        NotAsked: only people of a centre and the city's administrator ask.
    """
    if by.role not in {*CENTRE_ROLES, Role.ADMINISTRATOR}:
        raise NotAsked(_("Only a centre or the city's administrator asks for opinions."))
    dossier = _dossier(asked.dossier_id, by)
    addressees = _checked(asked, dossier, by)
    opinion = _opinion(asked, dossier, by, at)
    said = None if asked.anew else _answered_before(opinion)
    opinion.save()
    if said is not None:
        _answer_by(said, opinion, at)
    else:
        _send(opinion, addressees, asked.document_ids, by, at)
    if dossier is not None:
        with scope.everything():
            desk.note_step(dossier, "ask_opinion", by=by, at=at, data={"opinion": str(opinion.id)},
                           note=", ".join(each.name for each in addressees)[:500])
    audit.record(actor=by, action="opinion.ask", object_type="opinion", object_id=opinion.id, at=at,
                 after={"subject": asked.subject, "key": asked.key, "outcome": opinion.outcome})
    publish(OpinionAsked(opinion.id, opinion.dossier_id, at))
    if said is not None:
        if dossier is not None:
            settle_dossier(opinion, said.authority_id, said.legal_basis, by=by, at=at)
        publish(OpinionAnswered(opinion.id, opinion.dossier_id, at))
    return opinion


def _dossier(dossier_id: UUID | None, by: Actor) -> Dossier | None:
    """The dossier in the actor's sight; a manager also reaches one of her province whose authority is unclear."""
    if dossier_id is None:
        return None
    locked = Dossier.objects.select_for_update(of=("self",)).select_related("procedure").filter(id=dossier_id)
    found = locked.filter(id__in=Dossier.objects.seen_by(by).values("id")).first()
    if found is None and by.role in {Role.CENTRE_MANAGER, Role.ADMINISTRATOR}:
        scope.open_until_commit()
        unclear = Dossier.objects.filter(authority_questions__answered_at=None, authority_centre=None)
        if by.province_code:
            unclear = unclear.filter(province_code=by.province_code)
        found = locked.filter(id__in=unclear.values("id")).first()
    if found is None:
        raise DossierNotFound
    return found


def _checked(asked: OpinionInput, dossier: Dossier | None, by: Actor) -> list[OpinionAddressee]:
    """All that is wrong at once; the addressees as rows."""
    wrong = ErrorCollector()
    if asked.subject not in set(Subject):
        wrong.add("/subject", "not-a-choice", _("Say what the opinion is about."))
    if asked.key not in set(QuestionKey):
        wrong.add("/key", "not-a-choice", _("Choose the question, or “another question”."))
    text = names.check_note(asked.question)
    if isinstance(text, Fault) or len(text) < 10:
        wrong.add("/question", "required", _("Write the question out, so that it can be answered without asking back."))
    if not 1 <= asked.days <= MOST_DAYS:
        wrong.add("/days", "out-of-range", _("Give between 1 and 15 working days."))
    if asked.procedure_code and not Procedure.objects.filter(code=asked.procedure_code).exists():
        wrong.add("/procedure_code", "unknown-procedure", _("No procedure has this code."))
    if asked.place_code and not _place_name(asked.place_code):
        wrong.add("/place_code", "unknown-place", _("No commune has this code, today or before."))
    if asked.key == QuestionKey.COMPETENT_AUTHORITY and dossier is None and not (
            asked.procedure_code and asked.place_code):
        wrong.add("/place_code", "required", _("Name the procedure and the place whose authority is asked for."))
    rows = _addressees(asked.addressees, by, wrong)
    if len(asked.document_ids) > MOST_PAPERS:
        wrong.add("/document_ids", "too-many", _("At most 10 papers go with a question."))
    wrong.raise_if_any(OpinionRefused)
    return rows


def _addressees(asked: Sequence[Addressee], by: Actor, wrong: ErrorCollector) -> list[OpinionAddressee]:
    rows: dict[str, OpinionAddressee] = {}
    for index, each in enumerate(asked[:MOST_ADDRESSEES]):
        row = _addressee(each, by)
        if row is None:
            wrong.add(f"/addressees/{index}", "unknown-addressee",
                      _("Choose a centre of the province, or name the department and how to reach it."))
        else:
            rows.setdefault(row.name, row)
    if not asked:
        wrong.add("/addressees", "required", _("Choose whom to ask."))
    elif len(asked) > MOST_ADDRESSEES:
        wrong.add("/addressees", "too-many", _("At most 8 can be asked at once."))
    return list(rows.values())


def _addressee(asked: Addressee, by: Actor) -> OpinionAddressee | None:
    if asked.centre_id is not None:
        try:
            centre = agents.get_centre(asked.centre_id)
        except agents.CentreNotFound:
            return None
        is_ours = not by.province_code or centre.province_code == by.province_code
        return OpinionAddressee(centre_id=centre.id, name=centre.authority_name) if is_ours else None
    name, contact = names.check_text(asked.name, 160), names.check_text(asked.contact, 160)
    if isinstance(name, Fault) or isinstance(contact, Fault) or len(name) < 3 or not contact:
        return None
    return OpinionAddressee(name=name, contact=contact)


def _place_name(code: str) -> str:
    place = places.get_place(code) or places.get_former_place(code)
    return place.full_name if place is not None else ""


def _opinion(asked: OpinionInput, dossier: Dossier | None, by: Actor, at: datetime) -> Opinion:
    route = dossier.route if dossier is not None else {}
    procedure_code = asked.procedure_code or (dossier.procedure_code if dossier is not None else "")
    place_code = asked.place_code or route.get("former_place_code", "") or route.get("place_code", "")
    procedure = Procedure.objects.filter(code=procedure_code).order_by("-valid_from").first()
    question = names.check_note(asked.question)
    province = by.province_code or (dossier.province_code if dossier is not None else "") or _province_of(place_code)
    return Opinion(
        province_code=province, subject=asked.subject, key=asked.key, question=str(question),
        procedure_code=procedure_code, procedure_name=procedure.name_vi if procedure else "",
        place_code=place_code, place_name=_place_name(place_code) if place_code else "",
        is_general=asked.is_general and _holds_on(asked.key, procedure_code, place_code),
        dossier=dossier, dossier_ref=dossier.agent_ref if dossier is not None else "",
        outlet_ref=dossier.outlet_id if dossier is not None else None, asked_by_centre_id=by.centre_id,
        asked_by=by.id, asked_by_name=by.name, asked_at=at,
        due_at=work_calendar().add_working_minutes(at, asked.days * MINUTES_A_DAY))


def _holds_on(key: str, procedure_code: str, place_code: str) -> bool:
    """Whether the answer can hold for the next one; which part of a split unit decides, only its address tells."""
    former = places.get_former_place(place_code) if key == QuestionKey.COMPETENT_AUTHORITY and place_code else None
    return is_repeatable(key, procedure_code, place_code) and not (former is not None and former.is_split)


def _province_of(place_code: str) -> str:
    """For an administrator of no city in particular: the city that the place lies in."""
    place = places.get_place(place_code) if place_code else None
    if place is None and place_code:
        former = places.get_former_place(place_code)
        place = former.successors[0].place if former is not None and former.successors else None
    return place.province_code if place is not None else ""


def ruled_of(opinion: Opinion) -> Ruled:
    """What its answer would settle for the future."""
    return Ruled(opinion.province_code, opinion.key, opinion.question,
                 (ScopeItem(opinion.procedure_code, opinion.place_code),))


def _answered_before(opinion: Opinion) -> Precedent | None:
    if not is_repeatable(opinion.key, opinion.procedure_code, opinion.place_code):
        return None
    return precedents.in_force(ruled_of(opinion))


def _answer_by(said: Precedent, opinion: Opinion, at: datetime) -> None:
    opinion.closed_at, opinion.outcome, opinion.precedent = at, "precedent", said
    opinion.save(update_fields=["closed_at", "outcome", "precedent"])
    precedents.note_use_by(opinion, said, at=at)


def _send(opinion: Opinion, addressees: list[OpinionAddressee], document_ids: Sequence[UUID], by: Actor,
          at: datetime) -> None:
    for row in addressees:
        row.opinion = opinion
    OpinionAddressee.objects.bulk_create(addressees)
    add_papers(opinion, document_ids, by, is_answer=False)
    for row in addressees:
        work.open_item(kind=KIND, reference=str(row.id), owner_role=Role.CENTRE_MANAGER,
                       owner_place=_owner_place(row, opinion), at=at, due_at=opinion.due_at,
                       detail={"opinion_id": str(opinion.id), "name": row.name, "province": opinion.province_code})


def _owner_place(row: OpinionAddressee, opinion: Opinion) -> str:
    """Who is asked owns the answer; for a department outside the house the asking centre goes after it."""
    centre_id = row.centre_id or opinion.asked_by_centre_id
    return agents.get_centre(centre_id).agency_code if centre_id is not None else opinion.province_code


def add_papers(opinion: Opinion, document_ids: Sequence[UUID], by: Actor, *, is_answer: bool) -> None:
    """Lay the actor's own uploads, or papers of the dossier, beside the question or the answer.

    Raises:
        OpinionRefused: one of them is not there, or not hers.
    """
    wanted = set(document_ids)
    own = Document.objects.filter(id__in=wanted, uploaded_by=by.id)
    of_dossier = Document.objects.filter(id__in=wanted, dossier_id=opinion.dossier_id) if opinion.dossier_id else own
    found = {each.id: each for each in (own | of_dossier)} if wanted else {}
    if wanted - set(found):
        raise OpinionRefused(errors=(field_error("/document_ids", Fault("unknown-document")),))
    OpinionPaper.objects.bulk_create([
        OpinionPaper(opinion=opinion, document=each, name=each.original_name, is_answer=is_answer)
        for each in found.values()], ignore_conflicts=True)


@operation
def take_back(*, opinion_id: UUID, reason: str, by: Actor, at: datetime) -> Opinion:
    """The asker no longer needs the answer; what was answered stays.

    Raises:
        OpinionNotFound, NotAsked, OpinionClosed: not the asker's to take back.
        OpinionRefused: no reason was given.
    """
    opinion = Opinion.objects.seen_by(by).select_for_update(of=("self",)).filter(id=opinion_id).first()
    if opinion is None:
        raise OpinionNotFound
    if opinion.asked_by_centre_id != by.centre_id:
        raise NotAsked
    if opinion.closed_at is not None:
        raise OpinionClosed(outcome=opinion.outcome)
    note = names.check_text(reason, 500)
    if isinstance(note, Fault) or not note:
        raise OpinionRefused(errors=(field_error("/reason", note if isinstance(note, Fault) else Fault("required")),))
    opinion.closed_at, opinion.outcome, opinion.outcome_note = at, "withdrawn", note
    opinion.save(update_fields=["closed_at", "outcome", "outcome_note"])
    for row in OpinionAddressee.objects.filter(opinion=opinion, answered_at=None):
        work.close_item(kind=KIND, reference=str(row.id), by=by.id, at=at, outcome="withdrawn")
    audit.record(actor=by, action="opinion.take_back", object_type="opinion", object_id=opinion.id, at=at, reason=note)
    return opinion
