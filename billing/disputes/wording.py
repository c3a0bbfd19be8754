"""A dispute in its reader's words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from billing.disputes.models import Dispute, DisputeEntry, DisputeFile
from billing.disputes.rules import (
    ANSWERS,
    CAUSES,
    EVIDENCE_STATES,
    OUTCOMES,
    REASONS,
    STATES,
    Cause,
    DisputeState,
    EvidenceState,
    Outcome,
    Reason,
    may_open,
)
from billing.rules.words import Words
from shared.formatting import speaks_vietnamese

KINDS: Final = {
    "raised": _("raised the dispute"), "said": _("said"), "take": _("took it for review"),
    "step_aside": _("gave it back: somebody else should decide"), "ask": _("asked"), "reply": _("answered"),
    "go_on": _("no answer came in time; the review goes on with what is there"), "propose": _("proposed a decision"),
    "send_back": _("was not convinced"), "confirm": _("confirmed the decision"),
    "settle": _("confirmed the decision; the dispute is closed"), "accept": _("agreed with the decision"),
    "appeal": _("appealed"), "lapse": _("the time to appeal is over; nobody is taken to have agreed"),
    "withdraw": _("withdrew the dispute"), "reminded": _("reminded: the day is near"),
    "escalated": _("past its day: the approver and the auditor were told"),
}
SIDES: Final = {"outlet": _("Outlet"), "operator": _("Operator"), "city": _("City"), "system": _("Wardpost")}
HINDRANCES: Final = {
    "signed-the-month": _("You signed this month's statement."), "changed-the-line": _("You changed this line."),
    "judged-the-claim": _("You gave a verdict on this line in the operator's claim."),
    "decided-before": _("You decided on this dispute before."), "no-person": _("A person decides, not a machine."),
}
_LOOK: Final[Mapping[str, tuple[str, str]]] = {
    DisputeState.RAISED: ("inbox", ""), DisputeState.IN_REVIEW: ("scale", "act"),
    DisputeState.ASKED: ("message-square", "pause"), DisputeState.PROPOSED: ("user", "soon"),
    DisputeState.DECIDED: ("stamp", "soon"), DisputeState.APPEALED: ("undo-2", "soon"),
    DisputeState.CLOSED: ("check", "ok"), DisputeState.WITHDRAWN: ("undo-2", ""),
}


@dataclass(frozen=True, slots=True)
class Told:
    """A dispute as a row or a head."""

    dispute: Dispute
    state: str
    icon: str
    look: str
    reason: str
    outcome: str
    cause: str
    answer: str
    outlet: str
    is_late: bool


def words(said: Words) -> str:
    return said.vi if speaks_vietnamese() else said.en


def tell(dispute: Dispute, names: Mapping[UUID | None, str], now: datetime) -> Told:
    icon, look = _LOOK[dispute.state]
    outcome, answer = OUTCOMES.get(dispute.outcome), ANSWERS.get(dispute.answer)
    return Told(
        dispute, words(STATES[DisputeState(dispute.state)]), icon, look, words(REASONS[Reason(dispute.reason)]),
        words(outcome) if outcome and dispute.decided_at else "", words(CAUSES[Cause(dispute.cause)]),
        words(answer) if answer else "", names.get(dispute.outlet_id, ""),
        dispute.is_open and min(dispute.due_at, dispute.decide_by) < now)


@dataclass(frozen=True, slots=True)
class FileTold:
    """A file of evidence, and whether it may be opened."""

    file: DisputeFile
    words: str
    is_open: bool
    is_bad: bool


def tell_file(file: DisputeFile, *, has_engine: bool) -> FileTold:
    state = file.state
    return FileTold(file, words(EVIDENCE_STATES[state]), may_open(state, has_engine=has_engine),
                    state in {EvidenceState.INFECTED, EvidenceState.UNREADABLE})


def entry_words(entry: DisputeEntry) -> str:
    return str(KINDS.get(entry.kind, entry.kind))


@dataclass(frozen=True, slots=True)
class Choices:
    """Codes with words in the reader's language, told when they are drawn."""

    table: Mapping[Any, Words]
    order: Sequence[str]

    def __iter__(self) -> Any:
        return iter([(str(code), words(self.table[code])) for code in self.order])


REASON_CHOICES: Final = Choices(REASONS, [each for each in Reason if each is not Reason.MISSING])
CAUSE_CHOICES: Final = Choices(CAUSES, list(Cause))
OUTCOME_CHOICES: Final = Choices(OUTCOMES, list(Outcome))
