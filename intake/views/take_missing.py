"""What keeps a dossier from being sent, and what the main button says: the first missing thing, or the step."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext as _

from intake.models.citizens import ConsentPurpose
from intake.rules.calling import called
from intake.rules.catalogue import ResultChoice
from intake.rules.short_names import shortened

if TYPE_CHECKING:
    from intake.views.take_page import TakePage


LONGEST_LABEL: Final = 30


@dataclass(frozen=True, slots=True)
class Missing:
    """The first thing that keeps the dossier from being sent: what, and the element to go to."""

    label: str
    anchor: str


def first_missing(page: "TakePage") -> Missing | None:
    chosen = page.chosen
    if page.offer is None or chosen is None:
        return Missing(_("Choose the procedure first"), "t-procedure_q")
    if (first := _before_anything(page, chosen.channel)) is not None:
        return first
    if not chosen.option.is_allowed:
        return Missing(_("Choose another way to file"), "t-channel")
    if chosen.channel == "refer":
        return None
    lacking = next((paper for paper in page.papers if paper.state == "missing"), None)
    if lacking is not None:
        words = _("Still missing: %(paper)s") % {"paper": shortened(str(lacking.name), LONGEST_LABEL)}
        return Missing(words, f"paper-{lacking.code}")
    return _missing_for_result(page) or _stopped(page)


def _before_anything(page: "TakePage", channel: str) -> Missing | None:
    """Nobody but the clerk herself can pass her test, so that comes first."""
    if page.is_not_hers and channel != "refer":
        return Missing(_("Not your group of procedures"), "t-gate")
    if page.lacks and channel != "refer":
        return Missing(_("Pass the test first"), "t-gate")
    return Missing(_("Choose the place first"), "t-place_commune_code") if not page.is_place_settled else None


def _stopped(page: "TakePage") -> Missing | None:
    """Whatever else the check before sending stops."""
    line = next((each for each in page.checks if each.is_stop), None)
    return Missing(shortened(line.words, LONGEST_LABEL), line.anchor) if line is not None else None


def _missing_for_result(page: "TakePage") -> Missing | None:
    entries = page.entries
    if entries.result_choice == ResultChoice.COLLECT and not entries.collect_reason:
        return Missing(_("Say why it is collected"), "t-collect_reason")
    if entries.result_choice != ResultChoice.HOME:
        return None
    if not (entries.street or page.citizen.street):
        return Missing(_("Say where the result goes"), "t-delivery_street")
    if ConsentPurpose.DELIVER_HOME not in page.agreed:
        return Missing(_("Ask whether the address may be passed on"), "t-agree")
    return None


def main_label(page: "TakePage") -> str:
    """What the one filled button will do."""
    who = str(called(page.citizen.full_name, page.citizen.sex))
    channel = page.chosen.channel if page.chosen is not None else ""
    if channel == "online":
        return _("%(who)s confirms in VNeID, submit") % {"who": who[:1].upper() + who[1:]}
    if channel == "post":
        return _("Seal the papers, submit")
    return _("Refer %(who)s to the centre") % {"who": who}
