"""Verdicts, reasons and states of claims in the reader's language."""

from typing import Final

from django.utils.translation import gettext_lazy as _

from billing.rules.claims import CLAIM_WORDS, REASONS, ClaimState, Verdict
from billing.rules.compensation import TASKS
from billing.rules.words import Words
from shared.formatting import speaks_vietnamese

VERDICTS: Final = {
    Verdict.ADMITTED: _("Admitted"), Verdict.REDUCED: _("Admitted in part"), Verdict.REJECTED: _("Rejected"),
    Verdict.LOOK: _("To look at"),
}


def said(words: Words) -> str:
    return words.vi if speaks_vietnamese() else words.en


def reason_words(code: str) -> str:
    """A few words for a reason; empty for none."""
    return said(REASONS[code].title) if code in REASONS else ""


def reason_help(code: str) -> str:
    return said(REASONS[code].help) if code in REASONS else ""


def state_words(state: str) -> str:
    return said(CLAIM_WORDS[ClaimState(state)])


def verdict_words(verdict: str) -> str:
    return str(VERDICTS[Verdict(verdict)])


def item_words(item: str) -> str:
    return said(TASKS[item]) if item in TASKS else said(Words("Cước", "Postage"))
