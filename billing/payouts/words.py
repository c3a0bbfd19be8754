"""Names of states in the reader's language."""

from billing.rules.words import Words
from shared.formatting import speaks_vietnamese


def said(words: Words) -> str:
    return words.vi if speaks_vietnamese() else words.en
