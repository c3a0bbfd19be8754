"""A centre asks for more papers, once and in full; the citizen brings them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from intake.errors import DecisionRefused, SupplementAskedBefore
from intake.events import SupplementAnswered, SupplementAsked
from intake.models.decisions import SupplementRequest
from intake.models.dossiers import Dossier
from intake.operations import desk
from intake.papers.decisions import supplement_data
from intake.rules.reasons import OTHER, SUPPLEMENT_REASONS
from intake.rules.states import HandlingAction
from intake.steps import take_step
from shared.actors import Actor
from shared.errors import ErrorCollector, FieldError
from shared.outbox.publishing import publish
from shared.transactions import operation


@dataclass(frozen=True, slots=True)
class MissingThing:
    """One thing to bring. `component` is a code of the procedure's list of papers, or "other"."""

    component: str
    reason: str
    text: str = ""


@operation
def ask(*, dossier_id: UUID, reasons: tuple[MissingThing, ...], by: Actor, at: datetime, explanation: str = "",
        again_because: str = "", version: int | None = None) -> SupplementRequest:
    """Ask the citizen to bring more (form 02); the clock stops with what is left of it.

    Everything is asked for at once (Decree 118/2025/NĐ-CP): a second request needs a cause of its own.

    Raises:
        DossierNotFound, DossierChanged: as for every act of a centre.
        NotYourCentre: neither the receiving nor the deciding centre asks.
        DecisionRefused: no reason, or one that is unknown or says nothing.
        SupplementAskedBefore: it was asked once and `again_because` is empty.
        IllegalTransition: the dossier is not being handled.
    """
    dossier = desk.locked(dossier_id, by=by, version=version)
    desk.must_be_centre(dossier, by)
    _check_reasons(dossier, reasons)
    _refuse_to_ask_twice(dossier, again_because)
    paused = desk.pause(dossier, at)
    take_step(dossier, HandlingAction.ASK_SUPPLEMENT, by=by, at=at,
              data={"reasons": [[thing.component, thing.reason] for thing in reasons]}, also=paused)
    request = SupplementRequest(
        dossier=dossier, explanation=explanation, again_because=again_because, requested_by=desk.signer_id(by),
        requested_by_name=by.name, requested_at=at,
        reasons=[{"component": thing.component, "reason": thing.reason, "text": thing.text} for thing in reasons])
    request.paper = supplement_data(dossier, request)
    request.save()
    publish(SupplementAsked(dossier.id, request.id, at))
    return request


def _check_reasons(dossier: Dossier, reasons: Sequence[MissingThing]) -> None:
    wrong = ErrorCollector()
    if not reasons:
        wrong.add("/reasons", "missing", _("Tick at least one thing that is missing."))
    papers = {OTHER, *(paper["code"] for paper in dossier.procedure.documents)}
    for position, thing in enumerate(reasons):
        if thing.component not in papers:
            wrong.add(f"/reasons/{position}/component", "not-published",
                      _("The published procedure does not ask for this paper."))
        reason = SUPPLEMENT_REASONS.get(thing.reason)
        if reason is None:
            wrong.add(f"/reasons/{position}/reason", "unknown-reason", _("Choose a reason from the list."))
        elif reason.needs_text and not thing.text.strip():
            wrong.add(f"/reasons/{position}/text", "missing", _("Say in words what is missing."))
    wrong.raise_if_any(DecisionRefused)


def _refuse_to_ask_twice(dossier: Dossier, again_because: str) -> None:
    earlier = SupplementRequest.objects.filter(dossier=dossier).order_by("-requested_at").first()
    if earlier is not None and not again_because.strip():
        raise SupplementAskedBefore(
            _("A centre may ask once. Say why a second request is needed."),
            errors=(FieldError("/again_because", "missing", _("Say why a second request is needed.")),),
            asked_at=earlier.requested_at.isoformat(), by=earlier.requested_by_name)


@operation
def answer(*, dossier_id: UUID, text: str, by: Actor, at: datetime, version: int | None = None) -> SupplementRequest:
    """The papers were brought: the open request is answered and the clock runs again with what was left.

    Outlet and centre may both say so; the papers themselves are stored as documents of the dossier.

    Raises:
        DossierNotFound, DossierChanged: as for every act.
        IllegalTransition: nothing is awaited.
    """
    dossier = desk.locked(dossier_id, by=by, version=version)
    running = desk.run_again(dossier, at)
    take_step(dossier, HandlingAction.ANSWER_SUPPLEMENT, by=by, at=at, also=running)
    request = SupplementRequest.objects.select_for_update().get(dossier=dossier, answered_at=None)
    request.answered_at, request.answered_by, request.answer = at, by.id, text
    request.save(update_fields=["answered_at", "answered_by", "answer"])
    publish(SupplementAnswered(dossier.id, at))
    return request
