"""When a second citizen's paper turns up in a session: what it may be, decided by a person."""

from enum import StrEnum
from typing import Final


class StopCause(StrEnum):
    """How the second citizen's paper was noticed."""

    CARD = "card"
    DOCUMENT = "document"


class StopDecision(StrEnum):
    """What the clerk says it is. SESSION_ENDED: nobody decided before the session was over."""

    SWITCH = "switch"
    REPRESENTATIVE = "representative"
    RELATION = "relation"
    COMMON_PAPER = "common_paper"
    MISTAKE = "mistake"
    SESSION_ENDED = "session_ended"


OF_A_CARD: Final = (StopDecision.SWITCH, StopDecision.REPRESENTATIVE, StopDecision.RELATION, StopDecision.MISTAKE)
OF_A_DOCUMENT: Final = (StopDecision.RELATION, StopDecision.COMMON_PAPER, StopDecision.MISTAKE, StopDecision.SWITCH)


def choices_of(cause: str) -> tuple[StopDecision, ...]:
    """What may be decided of a stop with this cause."""
    return OF_A_CARD if cause == StopCause.CARD else OF_A_DOCUMENT


def allows_document(decision: str) -> bool:
    """Whether a file that another citizen's dossier holds may stay after this decision."""
    return decision in {StopDecision.RELATION, StopDecision.COMMON_PAPER}
