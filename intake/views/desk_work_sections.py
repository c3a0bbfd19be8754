"""Sections of the desk about the work itself: the steps inside the handling, and corrections."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from intake.models.corrections import Correction, CorrectionState
from intake.queries.desk import Desk
from intake.rules.corrections import FIELDS
from intake.rules.interim import SHARES, StepReading
from intake.rules.wording import Words
from shared.api import WardpostRequest

type Facts = Mapping[str, Any] | None


@dataclass(frozen=True, slots=True)
class ShownStep:
    """A step with its times in words."""

    reading: StepReading
    spent_words: str
    planned_words: str

    @property
    def number(self) -> int:
        return self.reading.number

    @property
    def name(self) -> Words:
        return self.reading.name

    @property
    def state(self) -> str:
        return self.reading.state

    @property
    def officer(self) -> str:
        return self.reading.officer

    @property
    def is_over(self) -> bool:
        return self.reading.is_over


def hours(minutes: int) -> str:
    """`3 h`, `1 h 30`: internal processes are written in hours."""
    whole, rest = divmod(minutes, 60)
    return _("%(hours)s h") % {"hours": whole} if not rest else _("%(hours)s h %(minutes)02d") % {
        "hours": whole, "minutes": rest}


def steps_section(desk: Desk, request: WardpostRequest, now: datetime) -> Facts:
    """The steps inside, once it was received; `hint` names the one under way."""
    if not desk.steps:
        return None
    shown = [ShownStep(step, hours(step.spent), hours(step.planned)) for step in desk.steps]
    current = next((step for step in desk.steps if step.state == "now"), None)
    hint = "" if current is None else f"{current.number}/{len(desk.steps)} {current.name}"
    is_typical = [step.name.vi for step in desk.steps] == [name.vi for _share, name in SHARES]
    return {"steps": shown, "is_typical": is_typical, "hint": hint}


@dataclass(frozen=True, slots=True)
class ShownChange:
    words: Words
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class ShownCorrection:
    """A correction as it is read; `may_decide`: the reader is another person than its proposer."""

    id: UUID
    changes: tuple[ShownChange, ...]
    reopens: bool
    reason: str
    state: str
    proposed_by_name: str
    proposed_at: datetime
    decided_by_name: str
    decided_at: datetime | None
    decision_note: str
    may_decide: bool

    @property
    def is_open(self) -> bool:
        return self.state == CorrectionState.PROPOSED


def shown_correction(row: Correction, reader_id: str) -> ShownCorrection:
    changes = tuple(ShownChange(FIELDS[change["field"]].words, change["before"], change["after"])
                    for change in row.changes)
    return ShownCorrection(
        row.id, changes, row.reopens, row.reason, row.state, row.proposed_by_name, row.proposed_at,
        row.decided_by_name, row.decided_at, row.decision_note, row.proposed_by != reader_id)


def corrections_section(desk: Desk, request: WardpostRequest, now: datetime) -> Facts:
    """Corrections with before and after; open while one waits for its approval."""
    if not desk.corrections:
        return None
    rows = [shown_correction(row, request.actor.id) for row in reversed(desk.corrections)]
    waiting = sum(row.is_open for row in rows)
    hint = ngettext("%(n)s waits for approval", "%(n)s wait for approval", waiting) % {"n": waiting} if waiting else ""
    return {"rows": rows, "is_open": bool(waiting), "hint": hint}
