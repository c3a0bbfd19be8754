"""Names of causes in the reader's language."""

from billing.payments.rules.shifts import CAUSE_WORDS, Cause
from shared.formatting import speaks_vietnamese


def cause_said(cause: str) -> str:
    """Why a count differed; empty while nothing differs."""
    if not cause:
        return ""
    words = CAUSE_WORDS[Cause(cause)]
    return words.vi if speaks_vietnamese() else words.en
