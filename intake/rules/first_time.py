"""Whether the centre's reason for sending a dossier back was one that the counter could have seen: then it is ours.

Only what the check before sending can know counts against an outlet: a paper of the published list that was not there,
a paper that had outlived its months, a place outside the province. What needs an officer's eye does not.
"""

from collections.abc import Mapping
from typing import Any, Final

from intake.rules.catalogue import Channel
from intake.rules.precheck.catalogue import checks_for

ABOUT_A_PAPER: Final = frozenset({"missing", "pages-missing", "expired", "illegible", "wrong-form"})


def check_that_could_tell(reason: str, component: str, paper: Mapping[str, Any] | None, channel: str) -> str:
    """The check that could have spared the reason; empty when none could.

    `paper` is the component in the published list, None when the list does not have it.
    """
    checks = checks_for(reason)
    if not checks or (reason in ABOUT_A_PAPER and paper is None):
        return ""
    if reason == "missing" and not _is_required(paper or {}, channel):
        return ""
    if reason == "expired" and not (paper or {}).get("valid_months"):
        return ""
    return checks[0]


def _is_required(paper: Mapping[str, Any], channel: str) -> bool:
    required = paper.get("required")
    return required == "always" or (required == "by_post" and channel == Channel.POST)
