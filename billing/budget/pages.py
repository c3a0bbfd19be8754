"""What the finance month says of its budget, and the sentence that tells when a line will be used up."""

from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from billing.budget.queries import LineState, line_states
from billing.models.budget import BudgetLine
from billing.queries.books import CITY_ROLES
from billing.rule_book.describing import WHEN_EMPTY
from shared.actors import Actor
from shared.calendar import local
from shared.formatting import full_day, money


def budget_of(actor: Actor, period: date) -> dict[str, Any]:
    """The lines of the month's year, each with what is left and when it ends; an operator is not told."""
    if actor.role not in CITY_ROLES:
        return {"shows_budget": False}
    lines = BudgetLine.objects.filter(province_id=actor.province_code, year=period.year)
    found = line_states(lines, today=local(timezone.now()).date())
    return {"shows_budget": True, "budget": [(line, money(line.left.amount), sentence(line)) for line in found]}


def sentence(line: LineState) -> str:
    """When the line will be used up, in one sentence, with its band."""
    if line.stop is not None:
        return _("Used up since %(day)s: %(rule)s.") % {"day": full_day(line.stop.valid_from),
                                                       "rule": WHEN_EMPTY[line.stop.when_empty]}
    found = line.forecast
    if found is None:
        return _("Too few weeks to forecast from.")
    if found.expected.used_up_on is not None:
        latest = found.slow.used_up_on
        return _("At this pace used up on %(day)s; between %(first)s and %(last)s.") % {
            "day": full_day(found.expected.used_up_on),
            "first": full_day(found.fast.used_up_on or found.expected.used_up_on),
            "last": full_day(latest) if latest is not None else _("after the year's end")}
    if found.fast.used_up_on is not None:
        return _("At this pace it lasts the year; at that of the dearest weeks it is used up on %(day)s.") % {
            "day": full_day(found.fast.used_up_on)}
    return _("It lasts the year, even at the pace of the dearest weeks.")
