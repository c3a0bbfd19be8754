"""Helping a citizen to an account of her own: each step with who, when and what shows it; never a secret."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import IntegrityError, transaction

from intake.errors import (
    AccountHelpChanged,
    AccountHelpNotFound,
    AccountHelpRefused,
    CitizenNotFound,
    NotAnOutlet,
)
from intake.models.account_help import AccountHelp, AccountHelpStep
from intake.models.citizens import Citizen
from intake.models.documents import Document
from intake.rules import clock, names
from intake.rules.account_help import ACCOUNT_HELP, FINAL_HELP, AccountKind, HelpAction, HelpState
from intake.rules.faults import Fault
from intake.wording import field_error
from shared import audit
from shared.actors import Actor
from shared.errors import FieldError
from shared.models.oversight import WorkItem
from shared.roles import Role
from shared.transactions import operation
from shared.working_days import work_calendar

KIND: Final = "account-help-left-lying"
LEFT_LYING_DAYS: Final = 10
"""Working days after which a help that does not move becomes work for the outlet's manager."""
# What a one-time code or a password that is being spelled out looks like in a note.
_SECRET: Final = re.compile(
    r"(?i)\b(?:otp|mật khẩu|mat khau|password|pass|mã xác (?:thực|nhận))\b\W{0,3}(?:là|is|=|:)?\s*\S*\d{4,}")


@dataclass(frozen=True, slots=True)
class StepInput:
    """One step as entered. A booking says for when; any step may carry a note and a photo."""

    action: str
    note: str = ""
    document_id: UUID | None = None
    booked_for: datetime | None = None


@operation
def open_help(*, citizen_id: UUID, kind: str, by: Actor, at: datetime) -> AccountHelp:
    """Begin to help a citizen to an account. One that is open already is the same one.

    Raises:
        NotAnOutlet, CitizenNotFound: nobody whom the actor's outlet knows.
        AccountHelpRefused: there is no such kind of account.
    """
    if by.outlet_id is None:
        raise NotAnOutlet
    if kind not in set(AccountKind):
        raise AccountHelpRefused(errors=(field_error("/kind", Fault("not-a-choice")),))
    if not Citizen.objects.seen_by(by).filter(id=citizen_id).exists():
        raise CitizenNotFound
    running = AccountHelp.objects.filter(citizen_id=citizen_id, kind=kind).exclude(state__in=FINAL_HELP)
    known = running.seen_by(by).first()
    if known is not None:
        return known
    try:
        with transaction.atomic():
            made = AccountHelp.objects.create(citizen_id=citizen_id, outlet_id=by.outlet_id, kind=kind,
                                              opened_by=by.id, opened_at=at, moved_at=at)
    except IntegrityError:
        raise AccountHelpChanged from None
    audit.record(actor=by, action="account_help.open", object_type="citizen", object_id=citizen_id, at=at,
                 after={"help": str(made.id), "kind": kind})
    return made


@operation
def take_help_step(*, help_id: UUID, step: StepInput, by: Actor, at: datetime) -> AccountHelp:
    """Record the next step with its proof.

    Raises:
        AccountHelpNotFound: unknown, or of another outlet.
        AccountHelpChanged: the step does not follow from where the help stands.
        AccountHelpRefused: entries are wrong; a note with a code or password in it is refused, not kept.
    """
    found = AccountHelp.objects.seen_by(by).select_for_update().filter(id=help_id).first()
    if found is None:
        raise AccountHelpNotFound
    note = _checked(step, by, at)
    before = HelpState(found.state)
    found.state = _after(before, step.action)
    found.moved_at, found.version = at, found.version + 1
    if step.booked_for is not None:
        found.booked_for = step.booked_for
    found.save(update_fields=["state", "moved_at", "booked_for", "version"])
    AccountHelpStep.objects.create(
        help=found, action=step.action, from_state=before.value, to_state=found.state, at=at, actor_id=by.id,
        actor_name=by.name, note=note, document_id=step.document_id)
    audit.record(actor=by, action=f"account_help.{step.action}", object_type="citizen", object_id=found.citizen_id,
                 at=at, before={"state": before.value}, after={"help": str(found.id), "state": found.state})
    return found


def _after(before: HelpState, action: str) -> HelpState:
    try:
        return ACCOUNT_HELP[before, HelpAction(action)]
    except (KeyError, ValueError):
        raise AccountHelpChanged(state=before.value, action=action) from None


def _checked(step: StepInput, by: Actor, at: datetime) -> str:
    """The note in its kept form; raises AccountHelpRefused."""
    faults: list[FieldError] = []
    note = names.check_text(step.note, 300)
    if isinstance(note, Fault):
        faults.append(field_error("/note", note))
    elif _SECRET.search(note):
        faults.append(field_error("/note", Fault("secret")))
    if step.action == HelpAction.BOOK and step.booked_for is None:
        faults.append(field_error("/booked_for", Fault("moment-form")))
    if step.booked_for is not None and step.booked_for <= at:
        faults.append(field_error("/booked_for", Fault("booked-in-the-past")))
    proof = Document.objects.filter(id=step.document_id).first() if step.document_id is not None else None
    if step.document_id is not None and (proof is None or proof.outlet_id != by.outlet_id):
        faults.append(field_error("/document_id", Fault("unknown-document")))
    if faults:
        raise AccountHelpRefused(errors=tuple(faults), data_kept=True)
    return names.mask_numbers(str(note))


@operation
def watch_account_helps(*, at: datetime) -> int:
    """Open work for the manager where a help does not move, close what has moved; returns how many it opened."""
    since = clock.moment_before(at, LEFT_LYING_DAYS * clock.DAY_MINUTES, work_calendar())
    lying = AccountHelp.objects.exclude(state__in=FINAL_HELP).filter(moved_at__lt=since).select_related("outlet")
    waiting = {str(found.id): found for found in lying}
    open_items = WorkItem.objects.filter(kind=KIND, closed_at=None)
    open_items.exclude(reference__in=list(waiting)).update(closed_at=at, closed_by="sweep", outcome="settled")
    due_at = clock.due_after_pause(clock.DAY_MINUTES, at, work_calendar())
    known = set(open_items.values_list("reference", flat=True))
    items = [WorkItem(kind=KIND, reference=reference, owner_role=Role.OUTLET_MANAGER, owner_place=found.outlet.code,
                      opened_at=at, due_at=due_at, detail={"state": found.state})
             for reference, found in waiting.items() if reference not in known]
    return len(WorkItem.objects.bulk_create(items, ignore_conflicts=True))
