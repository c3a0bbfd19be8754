"""Apology and extension (form 04): drafted by the system, sent by the officer, or by the system at the last moment."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from agents import public as agents
from intake.errors import DecisionRefused, ExtensionNotPossible
from intake.events import DossierExtended
from intake.models.decisions import Extension
from intake.models.dossiers import Dossier
from intake.operations import desk
from intake.papers.notices import apology_data
from intake.rules import extension as rules
from intake.rules.names import check_note
from intake.rules.reasons import EXTENSION_REASONS
from intake.rules.states import RUNNING
from intake.wording import field_error
from shared import work
from shared.actors import Actor, ActorKind, job
from shared.errors import ErrorCollector
from shared.formatting import full_stamp
from shared.outbox.publishing import publish
from shared.problems import told
from shared.roles import Role
from shared.transactions import operation

TO_SEND: Final = "apology-to-send"
SYSTEM: Final = job("apologies")
DRAFT_REASON: Final = "more-checking"
"""What a draft says until an officer says it better: true of every dossier that is not decided yet."""


@dataclass(frozen=True, slots=True)
class Apology:
    """`due_day` is the new day, a working day; None: the one that the system proposes."""

    reason: str = DRAFT_REASON
    explanation: str = ""
    due_day: date | None = None


@operation
def apologise(*, dossier_id: UUID, apology: Apology, by: Actor, at: datetime,
              version: int | None = None) -> Extension:
    """Send the apology: the citizen is told why and the term is longer, once (form 04).

    Raises:
        DossierNotFound, DossierChanged, NotYourCentre: as for every act of a centre.
        ExtensionNotPossible: the clock stands still, it was extended before, or the day before the due moment is over.
        DecisionRefused: the reason is unknown or says nothing, or the new day is none that can be given.
    """
    dossier = desk.locked(dossier_id, by=by, version=version)
    desk.must_be_authority(dossier, by)
    draft = _must_be_extendable(dossier, at)
    due_after = _check(dossier, apology)
    return _send(dossier, draft, apology, due_after, signed_by=by.name, by=by, at=at)


@operation
def send_drafted(*, extension_id: UUID, at: datetime, by: Actor = SYSTEM) -> Extension | None:
    """Send a draft that no officer has sent, in the name of the centre's manager; None when it is out of place now."""
    dossier_id = Extension.objects.filter(id=extension_id).values_list("dossier_id", flat=True).first()
    if dossier_id is None:
        return None
    dossier = Dossier.objects.select_for_update(of=("self",)).select_related("procedure").filter(id=dossier_id).first()
    draft = Extension.objects.select_for_update().filter(id=extension_id, sent_at=None).first()
    if dossier is None or draft is None or not _is_running(dossier) or draft.due_before != dossier.due_at:
        return None
    if at > draft.send_by:
        return None
    apology = Apology(draft.reason, draft.explanation)
    return _send(dossier, draft, apology, draft.due_after, signed_by=_manager(dossier), by=by, at=at)


def _is_running(dossier: Dossier) -> bool:
    return dossier.handling in RUNNING and dossier.paused_at is None and dossier.due_at is not None


def _must_be_extendable(dossier: Dossier, at: datetime) -> Extension | None:
    """The draft if there is one; raises ExtensionNotPossible with the cause in words."""
    draft = Extension.objects.select_for_update().filter(dossier=dossier).first()
    if draft is not None and draft.sent_at is not None:
        raise ExtensionNotPossible(told(_("It was extended on {when}; a term is extended once."),
                                        when=full_stamp(draft.sent_at)), cause="extended-before")
    if not _is_running(dossier) or dossier.due_at is None:
        raise ExtensionNotPossible(_("Its clock does not run now, so there is nothing to extend."), cause="not-running")
    latest = rules.send_by(dossier.due_at, desk.calendar_of(dossier))
    if at > latest:
        raise ExtensionNotPossible(
            told(_("The apology had to be out by {when}, one working day before it is due."), when=full_stamp(latest)),
            cause="too-late", send_by=latest.isoformat())
    return draft


def _check(dossier: Dossier, apology: Apology) -> datetime:
    """The new due moment; raises DecisionRefused."""
    wrong, calendar = ErrorCollector(), desk.calendar_of(dossier)
    reason = EXTENSION_REASONS.get(apology.reason)
    if reason is None:
        wrong.add("/reason", "unknown-reason", _("Choose a reason from the list."))
    elif reason.needs_text and not apology.explanation.strip():
        wrong.add("/explanation", "missing", _("Say in words why it takes longer."))
    note = check_note(apology.explanation)
    if not isinstance(note, str):
        wrong.errors.append(field_error("/explanation", note))
    assert dossier.due_at is not None  # noqa: S101  # it was seen that the clock runs
    after = rules.proposed_due(dossier.due_at, dossier.term_minutes, calendar)
    if apology.due_day is not None:
        after = rules.on_day(apology.due_day)
        latest = rules.latest_due(dossier.due_at, dossier.term_minutes, calendar)
        if not calendar.is_working(apology.due_day):
            wrong.add("/due_day", "day-off", _("This is a day off; choose a working day."))
        elif not dossier.due_at < after <= latest:
            wrong.add("/due_day", "period", told(_("Choose a day after the present one, at the latest {day}."),
                                                 day=f"{latest:%d/%m/%Y}"))
    wrong.raise_if_any(DecisionRefused)
    return after


def _send(dossier: Dossier, draft: Extension | None, apology: Apology, due_after: datetime, *, signed_by: str,
          by: Actor, at: datetime) -> Extension:
    calendar, due_before = desk.calendar_of(dossier), dossier.due_at
    assert due_before is not None  # noqa: S101
    sent = draft or Extension(dossier=dossier, drafted_by=by.id, drafted_by_name=by.name, drafted_at=at,
                              send_by=rules.send_by(due_before, calendar))
    sent.reason, sent.explanation = apology.reason, str(check_note(apology.explanation))
    sent.due_before, sent.due_after = due_before, due_after
    sent.sent_at, sent.sent_by, sent.signed_by_name = at, by.id, signed_by
    dossier.due_at = due_after
    dossier.term_minutes = (dossier.term_minutes or 0) + calendar.working_minutes_between(due_before, due_after)
    sent.paper = apology_data(dossier, sent)
    sent.save()
    desk.note_step(dossier, "extend", by=by, at=at, also=("due_at", "term_minutes"), data={
        "due_before": due_before.isoformat(), "due_after": due_after.isoformat(), "reason": apology.reason,
        "signed_by": signed_by})
    work.close_item(kind=TO_SEND, reference=str(dossier.id), by=by.id, at=at,
                    outcome="sent by itself" if by.kind == ActorKind.JOB else "sent")
    publish(DossierExtended(dossier.id, due_before, due_after))
    return sent


def _manager(dossier: Dossier) -> str:
    """Who signs what the system sends: the manager of the deciding centre, else the centre itself."""
    centre_id = dossier.authority_centre_id or dossier.receiving_centre_id
    assert centre_id is not None  # noqa: S101  # received somewhere
    staff = agents.staff_of_centre(centre_id)
    manager = next((person.name for person in staff if person.role == Role.CENTRE_MANAGER), "")
    return manager or agents.get_centre(centre_id).name
