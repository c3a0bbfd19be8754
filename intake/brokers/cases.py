"""What people do with a case: take it up, propose, confirm, send back, close; and the clock that watches it."""

from datetime import datetime
from typing import Final
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from agents import public as agents
from intake.brokers.errors import (
    BrokerCaseNotFound,
    BrokerStepImpossible,
    InvalidBrokerEntry,
    OwnOutletCase,
    SecondPersonNeeded,
)
from intake.brokers.models import BrokerCase, BrokerReport, BrokerStep
from intake.brokers.rules import (
    BY_ANOTHER,
    BY_HAND,
    DAY,
    FINAL,
    WITH_REASON,
    WITHIN_DAYS,
    CaseState,
    Step,
    next_state,
)
from intake.models.citizens import ActingSession
from intake.models.dossiers import Dossier
from shared import audit, work
from shared.actors import Actor, ActorKind
from shared.errors import ErrorCollector
from shared.identifiers import spoken_code
from shared.masking import without_national_ids
from shared.roles import Role
from shared.text import clean_lines, hidden_character
from shared.transactions import operation
from shared.working_days import work_calendar

LATE: Final = "broker-case-late"
CODE_LENGTH: Final = 6
SHORTEST: Final = 10
LONGEST: Final = 1000


def opened(*, province_code: str, outlet_id: UUID | None, by: Actor, at: datetime, reason: str) -> BrokerCase:
    """A new case; must run inside an operation."""
    case = BrokerCase.objects.create(
        code=spoken_code(CODE_LENGTH), province_code=province_code, outlet_id=outlet_id, opened_at=at, changed_at=at,
        due_at=_due(CaseState.OPENED, at))
    written(case, "open", by, at, "")
    audit.record(actor=by, action="broker-case.open", object_type="broker-case", object_id=case.id, at=at,
                 after={"from": reason})
    return case


def written(case: BrokerCase, name: str, by: Actor, at: datetime, reason: str) -> None:
    """Add a step to the case's trace."""
    BrokerStep.objects.create(case=case, step=name, state=case.state, at=at, by_id=by.id, by_name=by.name,
                              reason=reason)


@operation
def take_step(*, case_id: UUID, step: Step, by: Actor, at: datetime, reason: str = "", answer: str = "") -> BrokerCase:
    """Move a case. `answer` is what whoever reported it may read, asked for when such a case is closed.

    Raises:
        BrokerCaseNotFound: `by` sees no such case.
        BrokerStepImpossible: not from the present state.
        OwnOutletCase: `by` works or worked at the outlet.
        SecondPersonNeeded: who proposed does not confirm.
        InvalidBrokerEntry: no reason, or no answer to the report.
    """
    case = locked(case_id, by)
    after = next_state(CaseState(case.state), step) if step in BY_HAND else None
    if after is None:
        raise BrokerStepImpossible
    refuse_own_outlet(case, by)
    if step in BY_ANOTHER and case.proposed_by == by.id:
        raise SecondPersonNeeded
    report = BrokerReport.objects.filter(case=case).first()
    said, told = kept_text(reason), kept_text(answer)
    _check(step, said, told, must_answer=report is not None and after in FINAL)
    _note_people(case, step, by)
    move(case, after, by=by, at=at, step=step, reason=said)
    if report is not None and after in FINAL:
        report.answer, report.answered_at = told, at
        report.save(update_fields=["answer", "answered_at"])
    return case


def locked(case_id: UUID, by: Actor) -> BrokerCase:
    """The case, for a change. Raises BrokerCaseNotFound."""
    case = BrokerCase.objects.seen_by(by).select_for_update(of=("self",)).filter(id=case_id).first()
    if case is None:
        raise BrokerCaseNotFound
    return case


def move(case: BrokerCase, after: CaseState, *, by: Actor, at: datetime, step: Step, reason: str) -> None:
    """Into `after`, with its clock, trace and audit."""
    before = case.state
    case.state, case.changed_at, case.reason = after, at, reason
    case.due_at = _due(after, at)
    case.closed_at = at if after in FINAL else None
    case.save()
    written(case, step, by, at, reason)
    work.close_item(kind=LATE, reference=str(case.id), by=by.id, at=at, outcome=after)
    audit.record(actor=by, action=f"broker-case.{step}", object_type="broker-case", object_id=case.id, at=at,
                 before={"state": before}, after={"state": after})


def _due(state: CaseState, at: datetime) -> datetime | None:
    days = WITHIN_DAYS.get(state)
    return None if days is None else work_calendar().add_working_minutes(at, days * DAY)


def _note_people(case: BrokerCase, step: Step, by: Actor) -> None:
    match step:
        case Step.LOOK:
            case.owner_id, case.owner_name = by.id, by.name
        case Step.PROPOSE:
            case.proposed_by = by.id
        case Step.CONFIRM:
            case.confirmed_by = by.id
        case Step.SEND_BACK:
            case.proposed_by = ""
        case _:
            pass


def refuse_own_outlet(case: BrokerCase, by: Actor) -> None:
    """Raises OwnOutletCase for whoever works at the outlet, or ever acted for citizens there."""
    if case.outlet_id is None:
        return
    outlet = agents.get_outlet(case.outlet_id)
    if case.outlet_id == by.outlet_id or outlet.operator.id == by.operator_id or (
            by.kind is ActorKind.PERSON and _worked_at(case.outlet_id, by.id)):
        raise OwnOutletCase


def _worked_at(outlet_id: UUID, account: str) -> bool:
    return (ActingSession.objects.filter(outlet_id=outlet_id, opened_by=account).exists()
            or Dossier.objects.filter(outlet_id=outlet_id, clerk_id=UUID(account)).exists())


def kept_text(text: str) -> str:
    """As it is kept: tidied, national ID numbers masked."""
    return without_national_ids(clean_lines(text))[0]


def _check(step: Step, reason: str, answer: str, *, must_answer: bool) -> None:
    wrong = ErrorCollector()
    if step in WITH_REASON and not is_said(reason, LONGEST):
        wrong.add("/reason", "required", _("Say in 10 to 1,000 characters what this rests on."))
    elif len(reason) > LONGEST:
        wrong.add("/reason", "too-long", _("At most 1,000 characters."))
    if must_answer and not is_said(answer, LONGEST):
        wrong.add("/answer", "required", _("Answer whoever reported it, in 10 to 1,000 characters, without names."))
    wrong.raise_if_any(InvalidBrokerEntry)


def is_said(text: str, longest: int) -> bool:
    """Whether a text says something, and nothing that nobody sees."""
    return SHORTEST <= len(text) <= longest and not any(hidden_character(line) is not None
                                                        for line in text.splitlines())


@operation
def note_look(*, case_id: UUID, by: Actor, at: datetime) -> None:
    """Write down that somebody opened a case."""
    audit.record(actor=by, action="broker-case.look", object_type="broker-case", object_id=case_id, at=at)


@operation
def watch_cases(*, at: datetime) -> int:
    """Tell the programme's officers of cases that stay where they are; returns how many."""
    late = BrokerCase.objects.exclude(state__in=sorted(FINAL)).filter(due_at__lt=at)
    rows = list(late.values_list("id", "province_code", "code", "due_at"))
    for case_id, province, code, due_at in rows:
        work.open_item(kind=LATE, reference=str(case_id), owner_role=Role.PROGRAMME_OFFICER, owner_place=province,
                       at=at, due_at=due_at or at, detail={"code": code})
    return len(rows)
