"""Words of disputes for their templates: `{% load disputes %}`."""

from collections.abc import Mapping
from typing import Any

from django import template

from billing.disputes import wording
from billing.disputes.models import DisputeEntry
from billing.disputes.rules import CAUSES, OUTCOMES, Cause
from billing.models.ledger import Charge
from billing.wording import reason_title

register = template.Library()


@register.filter
def entry_words(entry: DisputeEntry) -> str:
    return wording.entry_words(entry)


@register.filter
def side_words(side: str) -> str:
    return str(wording.SIDES.get(side, side))


@register.filter
def outcome_words(code: str) -> str:
    return wording.words(OUTCOMES[code]) if code in OUTCOMES else ""


@register.filter
def cause_words(code: str) -> str:
    return wording.words(CAUSES[Cause(code)]) if code in set(Cause) else ""


@register.filter
def hindrance_words(code: str) -> str:
    return str(wording.HINDRANCES.get(code, ""))


@register.filter
def line_title(charge: Charge) -> str:
    return reason_title(charge)


@register.filter
def get(mapping: Mapping[str, Any], key: object) -> Any:
    return mapping.get(str(key), "") if mapping else ""


@register.filter
def typed(entered: Mapping[str, Any], line_id: object) -> str:
    """What was chosen for a line before the form came back."""
    return str(entered.get(f"outcome-{line_id}", "")) if entered else ""


@register.filter
def typed_amount(entered: Mapping[str, Any], line_id: object) -> str:
    return str(entered.get(f"amount-{line_id}", "")) if entered else ""
