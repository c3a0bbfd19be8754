"""How the planner writes what may be unknown."""

from decimal import Decimal

from django import template

from shared import formatting

register = template.Library()


@register.filter
def share(value: Decimal | None) -> str:
    """A share of 0 to 1 as per cent; a dash where nobody knows."""
    return "–" if value is None else formatting.percent(float(value) * 100, 1)
