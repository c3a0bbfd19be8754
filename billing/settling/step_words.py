"""The names of states and steps in the reader's language."""

from typing import Final

from django.utils.translation import gettext_lazy as _

from billing.rules.settling import SETTLING_WORDS, Settling, Step
from shared.formatting import speaks_vietnamese

STEP_TITLES: Final = {
    Step.PREPARE: _("Prepare"), Step.REVIEW: _("Review"), Step.AGREE: _("The operator signs the minutes"),
    Step.APPROVE: _("Approve"), Step.RELEASE: _("Release"), Step.RECONCILE: _("Reconcile with the Treasury"),
    Step.SEND_BACK: _("Send back"),
}


def step_said(step: Step | str) -> str:
    return str(STEP_TITLES[Step(step)])


def state_said(state: str) -> str:
    words = SETTLING_WORDS[Settling(state)]
    return words.vi if speaks_vietnamese() else words.en
