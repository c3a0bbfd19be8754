"""Names of causes, verdicts and states in the reader's language."""

from billing.payments.rules.shifts import CAUSE_WORDS, ShiftCause
from billing.rules.words import Words
from shared.formatting import speaks_vietnamese


def cause_said(cause: str) -> str:
    """Why a count differed; empty while nothing differs."""
    if not cause:
        return ""
    return said(CAUSE_WORDS[ShiftCause(cause)])


def said(words: Words) -> str:
    return words.vi if speaks_vietnamese() else words.en
