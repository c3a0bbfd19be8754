"""Which form takes a decision down and which operation carries it out, by the decision's code."""

from collections.abc import Callable, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any, Final
from uuid import UUID

from intake.operations import (
    assignment,
    corrections,
    extensions,
    handling,
    interim,
    reception,
    resolution,
    results,
    supplements,
    withdrawal,
)
from intake.operations.documents import store_document
from intake.views import desk_forms, desk_notice_forms, desk_work_forms
from intake.views.desk_forms import DecisionForm
from intake.views.send_again_form import SendAgainForm
from shared.actors import Actor


def _resolve(*, dossier_id: UUID, by: Actor, at: datetime, result_file: Any, **facts: Any) -> object:
    """Keep the result's file first; a decision that is refused afterwards leaves it with the dossier."""
    document_id = None
    if result_file is not None:
        document_id = store_document(chunks=result_file.chunks(), name=result_file.name or "", component="result",
                                     by=by, at=at, dossier_id=dossier_id).id
    return resolution.resolve(dossier_id=dossier_id, by=by, at=at, result_document_id=document_id, **facts)


def _pass_on(*, officer_id: str, **facts: Any) -> object:
    return assignment.pass_on(officer_id=UUID(officer_id), **facts)


def _hand_on(*, officer_id: str | None, **facts: Any) -> object:
    return interim.hand_on(officer_id=UUID(officer_id) if officer_id else None, **facts)


OPERATIONS: Final[Mapping[str, Callable[..., object]]] = MappingProxyType({
    "receive": reception.receive, "refuse": reception.refuse, "supplement": supplements.ask,
    "answer": supplements.answer, "start": handling.start, "claim": assignment.claim,
    "ask-payment": handling.ask_payment, "record-payment": handling.record_payment, "resume": withdrawal.resume,
    "stop": withdrawal.stop,
    "withdraw": withdrawal.withdraw, "resolve": _resolve, "hand-over": resolution.hand_over_result,
    "send-again": results.send_result_again,
    "apology": extensions.apologise, "give-back": withdrawal.end_stopped, "pass-on": _pass_on,
    "release": assignment.release, "hand-on": _hand_on, "correct": corrections.propose,
})
FORMS: Final[Mapping[str, type[DecisionForm]]] = MappingProxyType({
    "receive": desk_forms.ReceiveForm, "refuse": desk_forms.RefuseForm, "supplement": desk_forms.SupplementForm,
    "answer": desk_forms.AnswerForm, "start": DecisionForm, "claim": DecisionForm, "resume": DecisionForm,
    "ask-payment": desk_forms.NoteForm, "record-payment": desk_forms.NoteForm, "resolve": desk_forms.ResolveForm,
    "stop": desk_notice_forms.StopForm, "withdraw": desk_notice_forms.WithdrawForm,
    "send-again": SendAgainForm, "hand-over": desk_notice_forms.HandOverForm, "apology": desk_notice_forms.ApologyForm,
    "give-back": desk_notice_forms.GiveBackForm, "pass-on": desk_work_forms.PassOnForm,
    "release": desk_work_forms.ReleaseForm, "hand-on": desk_work_forms.HandOnForm,
    "correct": desk_work_forms.CorrectForm,
})
