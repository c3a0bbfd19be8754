"""Asking, answering, reading, settling; and telling a manager when an answer is late."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db.models import F
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from agents import public as agents
from intake.errors import (
    AnswerClockRefused,
    DossierNotFound,
    InquiryClosed,
    InquiryNotFound,
    MessageRefused,
    NoCentreToAsk,
    NotYourCentre,
    PromotionRefused,
)
from intake.events import AnswerKept, InquiryAnswered, InquiryAsked
from intake.messages.models import AnswerClock, Inquiry, InquiryMessage, PromotedAnswer
from intake.messages.rules import (
    EXPEDITE_REASONS,
    LEAST_MINUTES,
    LONGEST,
    MOST_MINUTES,
    MOST_PAPERS,
    USUAL_MINUTES,
    InquiryKind,
    Side,
    due_at,
)
from intake.models.documents import Document
from intake.models.dossiers import Dossier
from shared import audit, work
from shared.actors import Actor, job
from shared.errors import ErrorCollector, FieldError
from shared.masking import without_national_ids
from shared.outbox.publishing import publish
from shared.roles import Role
from shared.text import clean_lines
from shared.transactions import operation
from shared.working_days import work_calendar

LATE: Final = "inquiry-unanswered"
WATCH: Final = job("watch-inquiries")
MINUTES_TO_SETTLE: Final = 4 * 60


@dataclass(frozen=True, slots=True)
class Sent:
    """What was written. `masked`: how many national ID numbers were covered in it."""

    inquiry: Inquiry
    message: InquiryMessage
    masked: int


def side_of(by: Actor) -> Side:
    """Raises DossierNotFound: neither an outlet's nor a centre's."""
    if by.outlet_id is not None:
        return Side.OUTLET
    if by.centre_id is not None:
        return Side.CENTRE
    raise DossierNotFound


@operation
def ask(*, dossier_id: UUID, text: str, by: Actor, at: datetime, kind: InquiryKind = InquiryKind.QUESTION,
        reason: str = "", documents: Sequence[UUID] = ()) -> Sent:
    """Ask the other side something about a dossier, or ask the centre to hurry; the answer clock starts.

    Raises:
        DossierNotFound: `by` sees no such dossier.
        NoCentreToAsk: nobody knows yet which centre it goes to.
        MessageRefused: nothing said, too long, a paper of another dossier, an expedite request without a reason.
    """
    dossier, side = _seen(dossier_id, by), side_of(by)
    centre_id = dossier.authority_centre_id or dossier.receiving_centre_id
    if centre_id is None or dossier.outlet_id is None:
        raise NoCentreToAsk
    _check_kind(kind, reason, side)
    minutes = _minutes(centre_id, kind)
    inquiry = Inquiry.objects.create(
        dossier=dossier, kind=kind, reason=reason if kind is InquiryKind.EXPEDITE else "", from_side=side,
        centre_id=centre_id, asked_at=at, asked_by_name=by.name, minutes=minutes,
        due_at=due_at(at, minutes, work_calendar()))
    sent = _say(inquiry, side, dossier, text=text, documents=documents, by=by, at=at)
    publish(InquiryAsked(dossier.id, inquiry.id, str(side), at))
    _record("inquiry.ask", inquiry, by, at, kind=str(kind))
    return sent


@operation
def reply(*, inquiry_id: UUID, text: str, by: Actor, at: datetime, documents: Sequence[UUID] = ()) -> Sent:
    """Say more. The other side's words answer it; the asker's own, after an answer, start the clock again.

    Raises:
        InquiryNotFound: `by` sees no such inquiry.
        InquiryClosed: the asker has closed it.
        MessageRefused: as for `ask`.
    """
    inquiry, side = _locked(inquiry_id, by), side_of(by)
    if inquiry.closed_at is not None:
        raise InquiryClosed
    dossier = Dossier.objects.get(id=inquiry.dossier_id)
    sent = _say(inquiry, side, dossier, text=text, documents=documents, by=by, at=at)
    if side != inquiry.from_side:
        _note_answer(inquiry, by, at)
    elif inquiry.answered_at is not None:
        inquiry.asked_at, inquiry.asked_by_name, inquiry.answered_at, inquiry.escalated_at = at, by.name, None, None
        inquiry.due_at = due_at(at, inquiry.minutes, work_calendar())
        inquiry.save()
    _record("inquiry.reply", inquiry, by, at, side=str(side))
    return sent


@operation
def close(*, inquiry_id: UUID, by: Actor, at: datetime) -> Inquiry:
    """The asker needs nothing more; closing twice changes nothing.

    Raises:
        InquiryNotFound: `by` sees no such inquiry, or the other side asked it.
    """
    inquiry = _locked(inquiry_id, by)
    if side_of(by) != inquiry.from_side:
        raise InquiryNotFound
    if inquiry.closed_at is None:
        inquiry.closed_at = at
        inquiry.save(update_fields=["closed_at"])
        work.close_item(kind=LATE, reference=str(inquiry.id), by=by.id, at=at, outcome="closed")
        _record("inquiry.close", inquiry, by, at)
    return inquiry


@operation
def mark_read(*, dossier_id: UUID, by: Actor, at: datetime) -> int:
    """The other side's messages have been on the screen of `by`; returns how many were new.

    Raises:
        DossierNotFound: `by` sees no such dossier.
    """
    dossier = _seen(dossier_id, by)
    unread = InquiryMessage.objects.filter(dossier=dossier, side=side_of(by).other, read_at=None)
    return unread.update(read_at=at, read_by_name=by.name)


@operation
def promote(*, inquiry_id: UUID, question: str, answer: str, legal_source: str, by: Actor,
            at: datetime) -> PromotedAnswer:
    """Keep an answer for the handbook, in general words and with its law; doing it again corrects it.

    Raises:
        InquiryNotFound: `by` sees no such inquiry.
        NotYourCentre: only a centre's staff say what is worth keeping.
        PromotionRefused: something is missing, or nothing was answered yet.
    """
    inquiry = _locked(inquiry_id, by)
    if by.centre_id is None:
        raise NotYourCentre(_("Only a centre’s staff keep answers for the handbook."))
    texts = {"question": question, "answer": answer, "legal_source": legal_source}
    kept = {name: without_national_ids(clean_lines(text))[0] for name, text in texts.items()}
    wrong = ErrorCollector()
    for name, text in kept.items():
        if not text:
            wrong.add(f"/{name}", "missing", _("Fill this in."))
    if inquiry.answered_at is None:
        wrong.add("", "not-answered", _("Answer the question first."))
    wrong.raise_if_any(PromotionRefused)
    dossier = Dossier.objects.only("province_code", "procedure_code").get(id=inquiry.dossier_id)
    made, _is_new = PromotedAnswer.objects.update_or_create(inquiry=inquiry, defaults={
        "province_code": dossier.province_code, "procedure_code": dossier.procedure_code, "promoted_by_name": by.name,
        "promoted_at": at, **kept})
    publish(AnswerKept(inquiry.dossier_id, inquiry.id, at))
    _record("inquiry.promote", inquiry, by, at)
    return made


@operation
def set_answer_clock(*, question_minutes: int, expedite_minutes: int, by: Actor, at: datetime) -> AnswerClock:
    """Say how long the own centre takes for an answer; holds for what is asked from now on.

    Raises:
        NotYourCentre: only a centre's manager.
        AnswerClockRefused: shorter than a quarter of an hour or longer than three working days.
    """
    if by.centre_id is None or by.role != Role.CENTRE_MANAGER:
        raise NotYourCentre(_("Only the manager of the centre sets its answer clock."))
    wrong = ErrorCollector()
    for name, minutes in (("question_minutes", question_minutes), ("expedite_minutes", expedite_minutes)):
        if not LEAST_MINUTES <= minutes <= MOST_MINUTES:
            wrong.add(f"/{name}", "out-of-range", _("Between 15 minutes and three working days (1,440 minutes)."))
    wrong.raise_if_any(AnswerClockRefused)
    clock, _is_new = AnswerClock.objects.update_or_create(centre_id=by.centre_id, defaults={
        "question_minutes": question_minutes, "expedite_minutes": expedite_minutes, "set_by": by.id, "set_at": at})
    audit.record(actor=by, action="answer-clock.set", object_type="centre", object_id=by.centre_id, at=at,
                 after={"question": question_minutes, "expedite": expedite_minutes})
    return clock


@operation
def escalate_late(*, at: datetime) -> int:
    """Tell the manager of whoever owes an answer that it is late, once for each; returns how many."""
    late = Inquiry.objects.waiting().filter(due_at__lt=at, escalated_at=None).select_for_update(
        of=("self",), skip_locked=True)
    rows: list[Any] = list(late.annotate(
        agent_ref=F("dossier__agent_ref"), agency=F("centre__agency_code"),
        outlet_code=Coalesce(F("dossier__outlet__code"), F("dossier__province_code")))[:500])
    due = work_calendar().add_working_minutes(at, MINUTES_TO_SETTLE)
    for inquiry in rows:
        asked_of_centre = inquiry.from_side == Side.OUTLET
        work.open_item(
            kind=LATE, reference=str(inquiry.id), at=at, due_at=due,
            owner_role=Role.CENTRE_MANAGER if asked_of_centre else Role.OUTLET_MANAGER,
            owner_place=inquiry.agency if asked_of_centre else inquiry.outlet_code,
            detail={"agent_ref": inquiry.agent_ref, "dossier": str(inquiry.dossier_id)})
        inquiry.escalated_at = at
    Inquiry.objects.bulk_update(rows, ["escalated_at"])
    return len(rows)


# --- inside ---------------------------------------------------------------------------------------------------------


def _seen(dossier_id: UUID, by: Actor) -> Dossier:
    dossier = Dossier.objects.seen_by(by).filter(id=dossier_id).first()
    if dossier is None:
        raise DossierNotFound
    return dossier


def _locked(inquiry_id: UUID, by: Actor) -> Inquiry:
    inquiry = Inquiry.objects.seen_by(by).select_for_update(of=("self",)).filter(id=inquiry_id).first()
    if inquiry is None:
        raise InquiryNotFound
    return inquiry


def _check_kind(kind: InquiryKind, reason: str, side: Side) -> None:
    if kind is not InquiryKind.EXPEDITE:
        return
    if side is not Side.OUTLET:
        raise MessageRefused(errors=(FieldError("/kind", "not-yours", _("Only an outlet asks to hurry.")),))
    if reason not in EXPEDITE_REASONS:
        raise MessageRefused(errors=(FieldError("/reason", "missing", _("Choose why it is urgent.")),))


def _minutes(centre_id: UUID, kind: InquiryKind) -> int:
    clock = AnswerClock.objects.filter(centre_id=centre_id).first()
    if clock is None:
        return USUAL_MINUTES[kind]
    return clock.question_minutes if kind is InquiryKind.QUESTION else clock.expedite_minutes


def _say(inquiry: Inquiry, side: Side, dossier: Dossier, *, text: str, documents: Sequence[UUID], by: Actor,
         at: datetime) -> Sent:
    said, masked = without_national_ids(clean_lines(text))
    wanted = list(dict.fromkeys(documents))
    wrong = ErrorCollector()
    if not said:
        wrong.add("/text", "missing", _("Write what you want to say."))
    elif len(said) > LONGEST:
        wrong.add("/text", "too-long", _("At most 2,000 characters."))
    if len(wanted) > MOST_PAPERS or Document.objects.filter(dossier=dossier, id__in=wanted).count() != len(wanted):
        wrong.add("/document_ids", "unknown-paper", _("Only papers of this dossier, at most ten."))
    wrong.raise_if_any(MessageRefused)
    message = InquiryMessage.objects.create(
        inquiry=inquiry, dossier=dossier, side=side, author_id=by.id, author_name=by.name, place=_place(by), text=said,
        document_ids=[str(each) for each in wanted], sent_at=at)
    return Sent(inquiry, message, masked)


def _place(by: Actor) -> str:
    if by.outlet_id is not None:
        return agents.get_outlet(by.outlet_id).name
    return agents.get_centre(by.centre_id).name if by.centre_id is not None else ""


def _note_answer(inquiry: Inquiry, by: Actor, at: datetime) -> None:
    if inquiry.answered_at is not None:
        return
    inquiry.answered_at = at
    inquiry.save(update_fields=["answered_at"])
    work.close_item(kind=LATE, reference=str(inquiry.id), by=by.id, at=at, outcome="answered")
    publish(InquiryAnswered(inquiry.dossier_id, inquiry.id, at))


def _record(action: str, inquiry: Inquiry, by: Actor, at: datetime, **after: object) -> None:
    audit.record(actor=by, action=action, object_type="inquiry", object_id=inquiry.id, at=at,
                 after={"dossier": str(inquiry.dossier_id), **after})
