"""Template tags and filters of the visual language: `{% load wardpost %}`."""

from __future__ import annotations

from datetime import date, datetime
from typing import Final

from django import template
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

from shared import formatting
from shared.deadlines import Deadline, deadline

register = template.Library()


@register.simple_tag
def icon(name: str, size: str = "", label: str = "") -> SafeString:
    """Draw an icon of the sprite: `{% icon "store" %}`, `{% icon "store" "i-l" %}`.

    With `label` the icon speaks for itself; without it is decoration beside a word.
    """
    url = f"{static('wardpost/icons/icons.svg')}#i-{name}"
    classes = f"i {size}".strip()
    if label:
        return format_html('<svg class="{}" role="img" aria-label="{}"><use href="{}"/></svg>', classes, label, url)
    return format_html('<svg class="{}" aria-hidden="true" focusable="false"><use href="{}"/></svg>', classes, url)


_TONE_ICONS: Final = {"ok": "circle-check", "soon": "hourglass", "late": "octagon-alert", "pause": "circle-pause"}


@register.simple_tag
def tone_icon(tone: str) -> SafeString:
    """Draw the sign of a badge's tone, so that no state is told by colour alone; a badge without tone needs none."""
    name = _TONE_ICONS.get(tone)
    return icon(name) if name else SafeString("")


@register.inclusion_tag("components/deadline.html")
def deadline_bar(*, used: int, allowed: int, paused: bool = False, done: bool = False) -> dict[str, Deadline]:
    """Write what is left and draw the bar under it; `used` and `allowed` in working minutes."""
    return {"deadline": deadline(used=used, allowed=allowed, paused=paused, done=done)}


@register.simple_tag
def deadline_of(*, used: int, allowed: int, paused: bool = False, done: bool = False) -> Deadline:
    """Return the deadline itself, for a page that lays it out on its own: `{% deadline_of … as d %}`."""
    return deadline(used=used, allowed=allowed, paused=paused, done=done)


@register.simple_tag
def stamp_from(value: datetime, now: datetime) -> str:
    """Write a moment as people say it on the day: `Hôm nay 07:40`, `14/01 16:35`."""
    return formatting.stamp_from(value, now)


@register.filter
def money(value: int | None) -> str:
    return "" if value is None else formatting.money(int(value))


@register.filter
def amount(value: int | None) -> str:
    """An amount without its unit, for columns whose result carries it."""
    return "" if value is None else formatting.number(int(value))


@register.filter
def percent(value: float | None, digits: int = 0) -> str:
    return "" if value is None else formatting.percent(float(value), digits)


@register.filter
def clock(value: datetime | None) -> str:
    return "" if value is None else formatting.clock(value)


@register.filter
def day(value: date | None) -> str:
    return "" if value is None else formatting.day(value)


@register.filter
def full_day(value: date | None) -> str:
    return "" if value is None else formatting.full_day(value)


@register.filter
def named_day(value: date | None) -> str:
    return "" if value is None else formatting.named_day(value)


@register.filter
def named_full_day(value: date | None) -> str:
    return "" if value is None else formatting.named_full_day(value)


@register.filter
def moment(value: datetime | None) -> str:
    return "" if value is None else formatting.moment(value)


@register.filter
def stamp(value: datetime | None) -> str:
    return "" if value is None else formatting.stamp(value)


@register.filter
def full_stamp(value: datetime | None) -> str:
    return "" if value is None else formatting.full_stamp(value)


@register.filter
def working_time(minutes: int | None) -> str:
    return "" if minutes is None else formatting.working_time(int(minutes))


@register.filter
def mask_national_id(value: str | None) -> str:
    return formatting.mask_national_id(value or "")


@register.filter
def phone(value: str | None) -> str:
    return formatting.phone(value or "")


@register.filter
def mask_phone(value: str | None) -> str:
    return formatting.mask_phone(value or "")


@register.filter
def short_digest(value: str | None) -> str:
    return formatting.short_digest(value or "")


@register.filter
def initials(value: str | None) -> str:
    return formatting.initials(value or "")


@register.filter
def one_line(value: object) -> str:
    return formatting.one_line(str(value))
