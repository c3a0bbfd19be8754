"""A citizen takes a dossier back, or its handling stops: form 05, with the papers that go back to her."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from intake.errors import DecisionRefused, DecisionTaken, IllegalTransition, SecondPersonNeeded
from intake.events import DossierClosed, DossierStopped, DossierWithdrawn
from intake.models.decisions import StopNotice, SupplementRequest
from intake.models.dossiers import Dossier
from intake.operations import desk
from intake.papers.notices import stop_data
from intake.rules.reasons import NOT_SUPPLEMENTED, STOP_REASONS
from intake.rules.states import Handling, HandlingAction
from intake.steps import take_step
from shared.actors import Actor
from shared.errors import ErrorCollector
from shared.outbox.publishing import publish
from shared.problems import told
from shared.transactions import operation

BY_CITIZEN = "citizen-asked"
BASIS = "Điều 7 Thông tư 03/2025/TT-VPCP"


@operation
def withdraw(*, dossier_id: UUID, reason: str, by: Actor, at: datetime, papers_back: tuple[str, ...] | None = None,
             version: int | None = None) -> Dossier:
    """End the dossier at the citizen's request, possible until a decision is taken (Circular 03/2025, Article 7).

    The outlet that filed it or a centre that has it takes the request. Once received, form 05 says so and which papers
    go back (`papers_back`: codes of the list; None: all that were shown or sent on paper).

    Raises:
        DossierNotFound, DossierChanged: as for every act.
        DecisionTaken: it is decided already.
        DecisionRefused: no reason is given, or a paper is none of this dossier's.
        IllegalTransition: it has ended already.
    """
    dossier = desk.locked(dossier_id, by=by, version=version)
    _must_be_undecided(dossier)
    _check(reason)
    back = _papers_back(dossier, papers_back)
    dossier.closed_at = at
    take_step(dossier, HandlingAction.WITHDRAW, by=by, at=at, note=reason[:500], also=("closed_at",))
    if dossier.code:
        _give_notice(dossier, Stop(BY_CITIZEN, reason, BASIS, back), is_final=True, by=by, at=at)
    publish(DossierWithdrawn(dossier.id, at))
    return dossier


@dataclass(frozen=True, slots=True)
class Stop:
    """Why handling stops. `papers_back` are codes of the procedure's list, or "other"."""

    cause: str
    reason: str
    legal_basis: str
    papers_back: tuple[str, ...] = ()


@operation
def stop(*, dossier_id: UUID, reason: str, legal_basis: str, by: Actor, at: datetime, cause: str = BY_CITIZEN,
         papers_back: tuple[str, ...] = (), version: int | None = None) -> StopNotice:
    """Stop handling (form 05, status 8); the clock stands still until it goes on or the papers are given back.

    Raises:
        DossierNotFound, DossierChanged, NotYourCentre: as for every act of a centre.
        DecisionTaken: it is decided already (Circular 03/2025/TT-VPCP, Article 7).
        SecondPersonNeeded: who asked for the papers says alone that they were not brought.
        DecisionRefused: cause, reason or legal basis are missing, or a paper is none of this dossier's.
        IllegalTransition: it is not being handled.
    """
    dossier = desk.locked(dossier_id, by=by, version=version)
    desk.must_be_authority(dossier, by)
    _must_be_undecided(dossier)
    _check(reason, legal_basis, cause)
    _must_be_second_person(dossier, cause, by)
    asked = Stop(cause, reason, legal_basis, _papers_back(dossier, papers_back))
    paused = desk.pause(dossier, at)
    take_step(dossier, HandlingAction.STOP, by=by, at=at, note=reason[:500], also=paused,
              data={"legal_basis": legal_basis, "cause": cause, "papers_back": list(asked.papers_back)})
    notice = _give_notice(dossier, asked, is_final=False, by=by, at=at)
    publish(DossierStopped(dossier.id, at))
    return notice


@operation
def resume(*, dossier_id: UUID, by: Actor, at: datetime, version: int | None = None) -> Dossier:
    """Go on with a stopped dossier; its clock runs again with what was left, and no papers are awaited any more.

    Raises:
        DossierNotFound, DossierChanged, NotYourCentre: as for every act of a centre.
        IllegalTransition: it is not stopped.
    """
    dossier = desk.locked(dossier_id, by=by, version=version)
    desk.must_be_authority(dossier, by)
    running = desk.run_again(dossier, at)
    take_step(dossier, HandlingAction.RESUME, by=by, at=at, also=running)
    # Going on means that nothing is awaited any more; an open request would bar the next one.
    SupplementRequest.objects.filter(dossier=dossier, answered_at=None).update(answered_at=at, answered_by=by.id)
    return dossier


@operation
def end_stopped(*, dossier_id: UUID, receiver_name: str, by: Actor, at: datetime,
                version: int | None = None) -> Dossier:
    """Give the papers of a stopped dossier back and end it (8 → 10).

    Raises:
        DossierNotFound, DossierChanged, NotYourCentre: as for every act of a centre.
        SecondPersonNeeded: who asked for the papers ends it alone because they were not brought.
        DecisionRefused: nobody is named.
        IllegalTransition: it is not stopped.
    """
    dossier = desk.locked(dossier_id, by=by, version=version)
    desk.must_be_authority(dossier, by)
    wrong = ErrorCollector()
    if not receiver_name.strip():
        wrong.add("/receiver_name", "missing", _("Enter who took the papers."))
    wrong.raise_if_any(DecisionRefused)
    if dossier.handling != Handling.STOPPED:
        raise IllegalTransition(dossier_state=Handling(dossier.handling).name.lower(), action="end_stopped")
    latest = StopNotice.objects.filter(dossier=dossier).order_by("-stopped_at").first()
    _must_be_second_person(dossier, latest.cause if latest else "", by)
    dossier.closed_at = at
    take_step(dossier, HandlingAction.RETURN, by=by, at=at, data={"receiver_name": receiver_name, "papers": True},
              also=("closed_at",))
    publish(DossierClosed(dossier.id, at))
    return dossier


def _must_be_undecided(dossier: Dossier) -> None:
    if dossier.handling in {Handling.RESOLVED, Handling.RETURNED}:
        raise DecisionTaken(_("Circular 03/2025/TT-VPCP, Article 7: only while no decision has been taken."))


def _must_be_second_person(dossier: Dossier, cause: str, by: Actor) -> None:
    """Who asked for more papers does not close as the citizen's fault alone."""
    if cause != NOT_SUPPLEMENTED:
        return
    asker = SupplementRequest.objects.filter(dossier=dossier, requested_by=desk.signer_id(by)).first()
    if asker is not None:
        raise SecondPersonNeeded(told(
            _("{who} asked for the papers; a colleague says whether they were brought. Hand it to one, with a note."),
            who=asker.requested_by_name))


def _papers_back(dossier: Dossier, codes: Sequence[str] | None) -> tuple[str, ...]:
    if codes is None:
        return tuple(dossier.presented) if dossier.channel != "online" else ()
    known = {"other", *(paper["code"] for paper in dossier.procedure.documents)}
    if not set(codes) <= known:
        wrong = ErrorCollector()
        wrong.add("/papers_back", "unknown-paper", _("This paper is not on the list of the procedure."))
        wrong.raise_if_any(DecisionRefused)
    return tuple(codes)


def _give_notice(dossier: Dossier, asked: Stop, *, is_final: bool, by: Actor, at: datetime) -> StopNotice:
    notice = StopNotice(
        dossier=dossier, cause=asked.cause, reason=asked.reason[:500], legal_basis=asked.legal_basis[:300],
        papers_back=list(asked.papers_back), is_final=is_final, stopped_by=by.id, stopped_by_name=by.name,
        stopped_at=at)
    notice.paper = stop_data(dossier, notice)
    notice.save()
    return notice


def _check(reason: str, legal_basis: str = "unused", cause: str = BY_CITIZEN) -> None:
    wrong = ErrorCollector()
    if cause not in STOP_REASONS:
        wrong.add("/cause", "unknown-reason", _("Choose one of the reasons."))
    if not reason.strip():
        wrong.add("/reason", "missing", _("Say why."))
    if not legal_basis.strip():
        wrong.add("/legal_basis", "missing", _("Name the law that the stop rests on."))
    wrong.raise_if_any(DecisionRefused)
