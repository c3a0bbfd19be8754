"""Which tasks an operator's outlets may do, for which procedure group, from when on."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from agents.models.organisations import Task
from agents.programme import admission
from agents.programme.errors import InvalidProgramme, ProgrammeNotFound, ProgrammeStepImpossible
from agents.programme.kept import in_order, keep_step, officer, open_entry, reason_of, words
from agents.programme.models import DelegatedTask
from agents.programme.ports import groups
from shared.actors import Actor
from shared.calendar import local
from shared.errors import ErrorCollector
from shared.transactions import operation


@dataclass(frozen=True, slots=True)
class Delegation:
    """An empty group is all of them."""

    task: str
    group: str
    valid_from: date
    valid_until: date | None
    legal_basis: str


@operation
def delegate(*, entry_id: UUID, delegation: Delegation, by: Actor, at: datetime) -> DelegatedTask:
    """Let the operator's outlets do a task for a procedure group, or for all of them.

    Raises:
        NotYourRole, ProgrammeNotFound, InvalidProgramme.
        ProgrammeStepImpossible: it is delegated already; the operator's part has ended.
    """
    officer(by)
    entry = open_entry(entry_id, by)
    wrong = ErrorCollector()
    made = DelegatedTask(entry=entry, province_code=entry.province_code, operator_id=entry.operator_id,
                         task=delegation.task, group=delegation.group, valid_from=delegation.valid_from,
                         valid_until=delegation.valid_until, kept_at=at, kept_by_name=by.name,
                         legal_basis=words(wrong, "/legal_basis", delegation.legal_basis))
    if delegation.task not in Task.values:
        wrong.add("/task", "not-a-choice", _("Choose a task of the list."))
    if delegation.group and delegation.group not in groups():
        wrong.add("/group", "not-a-choice", _("There is no such procedure group."))
    in_order(wrong, delegation.valid_from, delegation.valid_until, "/valid_until")
    wrong.raise_if_any(InvalidProgramme)
    if _overlapping(made).exists():
        raise ProgrammeStepImpossible(_("This task is delegated for this group in that time already."))
    made.save(force_insert=True)
    keep_step(entry, "delegate", by, at, reason=made.legal_basis, after=f"{made.task} {made.group}".strip())
    admission.forget_after_commit()
    return made


def _overlapping(made: DelegatedTask) -> Any:
    rows = DelegatedTask.objects.filter(Q(valid_until=None) | Q(valid_until__gt=made.valid_from), entry=made.entry,
                                        task=made.task, group=made.group)
    return rows if made.valid_until is None else rows.filter(valid_from__lt=made.valid_until)


@operation
def end_delegation(*, delegation_id: UUID, ends_on: date, reason: str, by: Actor, at: datetime) -> DelegatedTask:
    """From a day on, today or later, the task is not delegated any more; raises as `give_notice`."""
    officer(by)
    found: DelegatedTask | None = DelegatedTask.objects.seen_by(by).select_related("entry").select_for_update(
        of=("self",)).filter(id=delegation_id).first()
    if found is None:
        raise ProgrammeNotFound
    said, wrong = reason_of(reason), ErrorCollector()
    if ends_on < local(at).date() or (found.valid_until is not None and ends_on >= found.valid_until):
        wrong.add("/ends_on", "out-of-range", _("Choose today or a later day, before it ends as it is."))
    wrong.raise_if_any(InvalidProgramme)
    # One that has not begun yet never does: its end is its beginning.
    found.valid_until = max(found.valid_from, ends_on)
    found.save()
    keep_step(found.entry, "end_delegation", by, at, reason=said, after=f"{found.task} {found.group}".strip())
    admission.forget_after_commit()
    return found
