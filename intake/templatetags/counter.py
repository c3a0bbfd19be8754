"""Words of the counter's templates: `{% load counter %}`."""

from typing import Any

from django import template

from intake.rules import calling

register = template.Library()


@register.simple_tag
def called(citizen: Any) -> str:
    """`bà Lài`, `Ms Lài`."""
    return str(calling.called(citizen.full_name, citizen.sex))


@register.simple_tag
def called_in_full(citizen: Any) -> str:
    """`bà Hồ Thị Lài`."""
    return str(calling.called_in_full(citizen.full_name, citizen.sex))


@register.filter
def has_code(choices: list[tuple[str, object]], value: str) -> bool:
    """Whether `value` is the code of one of (code, words)."""
    return value in {code for code, _words in choices}


@register.filter
def minutes_seconds(seconds: int) -> str:
    """`1:05`."""
    return f"{seconds // 60}:{seconds % 60:02d}"
