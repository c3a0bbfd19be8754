"""Names of causes, verdicts and states in the reader's language."""

from billing.payments.rules.shifts import CAUSE_WORDS, Cause
from billing.rules.words import Words
from shared.formatting import speaks_vietnamese


def cause_said(cause: str) -> str:
    """Why a count differed; empty while nothing differs."""
    if not cause:
        return ""
    return said(CAUSE_WORDS[Cause(cause)])


def said(words: Words) -> str:
    return words.vi if speaks_vietnamese() else words.en
