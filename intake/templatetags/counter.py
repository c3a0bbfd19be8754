"""Words of the counter's templates: `{% load counter %}`."""

from typing import Any

from django import template
from django.utils.translation import gettext as _

from intake.rules import calling
from intake.rules.catalogue import AgentMode, DocumentKind
from intake.rules.state_words import state_words
from intake.rules.states import Handling
from intake.rules.wording import Words

KIND_WORDS = {
    DocumentKind.ORIGINAL: Words("Bản chính", "Original"),
    DocumentKind.CERTIFIED_COPY: Words("Bản sao có chứng thực", "Certified copy"),
    DocumentKind.COPY: Words("Bản chụp", "Copy"), DocumentKind.ELECTRONIC: Words("Bản điện tử", "Electronic"),
    DocumentKind.PRESENT_ONLY: Words("Chỉ xuất trình, không nộp", "Only shown, not handed in"),
}

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


@register.filter
def named(procedure: Any) -> str:
    """A procedure's name in the reader's language."""
    return str(Words(procedure.name_vi, procedure.name_en))


@register.filter
def may_file(procedure: Any) -> bool:
    """Whether an outlet files it, on paper or online."""
    return bool(set(procedure.agent_modes) - {AgentMode.REFER.value})


@register.filter
def agent_words(procedure: Any) -> str:
    """What an outlet may do with it, in a few words."""
    modes = set(procedure.agent_modes)
    if not modes & {AgentMode.ONLINE, AgentMode.PAPER}:
        return _("only at the centre")
    if modes >= {AgentMode.ONLINE, AgentMode.PAPER}:
        return _("online or on paper, with an outlet’s help")
    return _("online, with an outlet’s help") if AgentMode.ONLINE in modes else _("on paper, with an outlet’s help")


@register.filter
def kind_words(kind: str) -> str:
    """How a paper is to be brought."""
    return str(KIND_WORDS.get(DocumentKind(kind), ""))


@register.filter
def handling_words(handling: int) -> str:
    """The state of a dossier in words."""
    return str(state_words(Handling(handling)))
