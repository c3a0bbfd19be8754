"""Operators in a programme: admitted with evidence and by two people, their agreements, and what is delegated."""

import re
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from agents.models.organisations import Operator, OperatorClass
from agents.programme import admission
from agents.programme.errors import InvalidProgramme, ProgrammeStepImpossible, SecondPersonNeeded
from agents.programme.kept import (
    OPERATOR_WAITS,
    entry_of,
    keep_step,
    officer,
    programme_of,
    reason_of,
    words,
)
from agents.programme.models import ConformanceCheck, OperatorAgreement, ProgrammeOperator
from agents.programme.rules import (
    CONFORMANCE,
    OPERATOR_MOVES,
    OWNER,
    WATCHED,
    WITH_REASON,
    OperatorState,
    OperatorStep,
    Outcome,
    unmet,
)
from shared import work
from shared.actors import Actor
from shared.calendar import local
from shared.errors import ErrorCollector
from shared.text import clean
from shared.transactions import operation

_CODE: Final = re.compile(r"[A-Z0-9]{2,12}", re.ASCII)


@dataclass(frozen=True, slots=True)
class NewOperator:
    """An operator by its code; the rest is read only when the house does not know it yet."""

    code: str
    name: str = ""
    operator_class: str = OperatorClass.OTHER_POST
    carrier_code: str = ""
    hotline: str = ""


@dataclass(frozen=True, slots=True)
class Evidence:
    item: str
    outcome: str
    evidence: str
    evidence_on: date


@operation
def enter_operator(*, operator: NewOperator, by: Actor, at: datetime) -> ProgrammeOperator:
    """Make an operator a candidate of the city's programme.

    Raises:
        NotYourRole, ProgrammeNotFound, InvalidProgramme.
        ProgrammeStepImpossible: it takes part already.
    """
    officer(by)
    programme = programme_of(by)
    made = ProgrammeOperator(programme=programme, province_code=programme.province_code, changed_at=at,
                             operator=_known(operator))
    try:
        with transaction.atomic():
            made.save(force_insert=True)
    except IntegrityError as error:
        raise ProgrammeStepImpossible(_("This operator takes part already.")) from error
    keep_step(made, "enter", by, at, after=made.state)
    _watch(made, at)
    return made


def _known(operator: NewOperator) -> Operator:
    code = clean(operator.code).upper()
    found = Operator.objects.filter(code=code).first() if _CODE.fullmatch(code) else None
    if found is not None:
        return found
    wrong = ErrorCollector()
    name = words(wrong, "/name", operator.name, most=120)
    if not _CODE.fullmatch(code):
        wrong.add("/code", "wrong-form", _("2 to 12 capital letters and digits, such as VNPOST."))
    if operator.operator_class not in OperatorClass.values:
        wrong.add("/operator_class", "not-a-choice", _("Choose what kind of enterprise it is."))
    if operator.operator_class == OperatorClass.PUBLIC_POST:
        wrong.add("/operator_class", "only-one", _("There is one designated public operator, and it is known."))
    carrier = clean(operator.carrier_code).lower()
    if not re.fullmatch(r"[a-z0-9-]{2,12}", carrier, re.ASCII):
        wrong.add("/carrier_code", "wrong-form", _("2 to 12 small letters and digits: the carrier of its parcels."))
    if len(clean(operator.hotline)) > 20:
        wrong.add("/hotline", "too-long", _("At most 20 characters."))
    wrong.raise_if_any(InvalidProgramme)
    return Operator.objects.create(code=code, name=name, operator_class=operator.operator_class, carrier_code=carrier,
                                   hotline=clean(operator.hotline))


@operation
def record_evidence(*, entry_id: UUID, found: Evidence, by: Actor, at: datetime) -> ConformanceCheck:
    """Write down what shows an item of the checklist, or that it is not met.

    Raises:
        NotYourRole, ProgrammeNotFound, InvalidProgramme.
        ProgrammeStepImpossible: it was handed in, or its part has ended.
    """
    officer(by)
    entry = entry_of(entry_id, by)
    if entry.state in {OperatorState.SUBMITTED, OperatorState.ENDED}:
        raise ProgrammeStepImpossible(_("Return it first; what is handed in does not change."), state=entry.state)
    wrong = ErrorCollector()
    said = words(wrong, "/evidence", found.evidence, least=10, most=500)
    if found.item not in CONFORMANCE:
        wrong.add("/item", "not-a-choice", _("Choose an item of the list."))
    if found.outcome not in set(Outcome):
        wrong.add("/outcome", "not-a-choice", _("Choose whether the item is met."))
    if found.evidence_on > local(at).date():
        wrong.add("/evidence_on", "out-of-range", _("Evidence is not of a day to come."))
    wrong.raise_if_any(InvalidProgramme)
    made = ConformanceCheck.objects.create(
        entry=entry, province_code=entry.province_code, operator_id=entry.operator_id, item=found.item,
        outcome=found.outcome, evidence=said, evidence_on=found.evidence_on, at=at, by=by.id, by_name=by.name)
    keep_step(entry, "record_evidence", by, at, reason=f"{found.item}: {found.outcome}")
    return made


@operation
def take_operator_step(*, entry_id: UUID, step: OperatorStep, by: Actor, at: datetime,
                       reason: str = "") -> ProgrammeOperator:
    """Hand in, return, approve, suspend, resume or end an operator's part.

    Raises:
        NotYourRole, ProgrammeNotFound, InvalidProgramme: a reason is missing.
        ProgrammeStepImpossible: not from its present state; the checklist or the agreement is not complete.
        SecondPersonNeeded: who handed it in, or recorded evidence that counts, does not approve it.
    """
    officer(by)
    entry = entry_of(entry_id, by)
    before, said = entry.state, reason_of(reason) if step in WITH_REASON else clean(reason)[:500]
    after = OPERATOR_MOVES.get((OperatorState(before), step))
    if after is None:
        raise ProgrammeStepImpossible(_("Look at its present state first."), state=before, step=step.value)
    if step in {OperatorStep.SUBMIT, OperatorStep.APPROVE}:
        _check_complete(entry, local(at).date())
    if step is OperatorStep.SUBMIT:
        entry.submitted_by = by.id
    if step in {OperatorStep.APPROVE, OperatorStep.RETURN}:
        _second(entry, by, strictly=step is OperatorStep.APPROVE)
    entry.state, entry.changed_at, entry.reason = after, at, said
    entry.save()
    work.close_item(kind=OPERATOR_WAITS, reference=str(entry.id), by=by.id, at=at, outcome=step.value)
    _watch(entry, at)
    keep_step(entry, step.value, by, at, reason=said, before=before, after=after)
    admission.forget_after_commit()
    return entry


def newest_checks(entry: ProgrammeOperator) -> dict[str, ConformanceCheck]:
    """The evidence that counts, by item."""
    return {row.item: row for row in ConformanceCheck.objects.filter(entry=entry).order_by("at", "id")}


def _check_complete(entry: ProgrammeOperator, on: date) -> None:
    missing = unmet({item: row.outcome for item, row in newest_checks(entry).items()})
    if missing:
        raise ProgrammeStepImpossible(_("Evidence is missing for items of the checklist."), items=missing)
    agreements = OperatorAgreement.objects.filter(entry=entry)
    if not any(each.valid_until is None or each.valid_until > on for each in agreements):
        raise ProgrammeStepImpossible(_("There is no agreement that holds or will hold."), items=["agreement"])


def _second(entry: ProgrammeOperator, by: Actor, *, strictly: bool) -> None:
    took_part = {entry.submitted_by}
    if strictly:
        took_part |= {row.by for row in newest_checks(entry).values()}
    if by.id in took_part:
        raise SecondPersonNeeded


def _watch(entry: ProgrammeOperator, at: datetime) -> None:
    within = WATCHED.get(OperatorState(entry.state))
    if within is not None:
        work.open_item(kind=OPERATOR_WAITS, reference=str(entry.id), owner_role=OWNER,
                       owner_place=entry.province_code, at=at, due_at=at + within,
                       detail={"operator": entry.operator.code, "state": entry.state})
