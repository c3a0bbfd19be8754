"""How a board writes what has grown or shrunk."""

from django import template

from shared.formatting import number

register = template.Library()


@register.filter
def change(value: int) -> str:
    """With its sign, a true minus: +3, −2, 0."""
    return f"{'+' if value > 0 else '−' if value < 0 else ''}{number(abs(value))}"
