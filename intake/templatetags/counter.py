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
