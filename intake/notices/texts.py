"""The text in force for a notice, and what is filled in."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.utils import timezone
from django.utils.translation import override

from agents import public as agents
from intake.models.decisions import SupplementRequest
from intake.notices.models import NoticeTemplate
from intake.notices.rules import (
    SENSITIVE_FIELDS,
    USUAL,
    Length,
    NoticeChannel,
    NoticeEvent,
    Text,
    fill,
    length_of,
    without_accents,
)
from intake.papers.codes import tracking_url
from intake.rules.short_names import short_words
from intake.rules.wording import Words
from shared.formatting import clock, full_day

type Places = dict[tuple[UUID | None, str], Mapping[str, str]]
"""Outlet and language → where it goes to, and from when on."""

LONGEST_LIST: Final = 90
A_LIST: Final = Words("giấy tờ ghi trên phiếu yêu cầu", "the papers on the slip")
AT_OUTLET: Final = Words("bưu cục đã giúp bạn", "the post office that helped")
AT_CENTRE: Final = Words("trung tâm hành chính công", "the service centre")
SAMPLE: Final[Mapping[str, str]] = {
    "code": "H57.31-260114-0231", "due": "16/01/2026", "what": "bản sao giấy chứng sinh", "where": "Bưu cục Phong Dinh"}
"""What a preview is filled with."""


@dataclass(frozen=True, slots=True)
class Template:
    """A text with its version; 0 is the shipped one."""

    event: NoticeEvent
    channel: NoticeChannel
    language: str
    version: int
    text: Text
    keeps_accents: bool


@dataclass(frozen=True, slots=True)
class Rendered:
    subject: str
    body: str
    length: Length
    version: int


def template_for(province_code: str, event: NoticeEvent, channel: NoticeChannel, language: str) -> Template:
    """The newest version, else the shipped text."""
    found = NoticeTemplate.objects.filter(province_code=province_code, event=event, channel=channel, language=language)
    return _template(event, channel, language, found.order_by("-version").first())


def all_templates(province_code: str, channels: tuple[NoticeChannel, ...], language: str) -> list[Template]:
    """The text in force for every event and channel. One query."""
    rows = NoticeTemplate.objects.filter(province_code=province_code, language=language).order_by("version")
    newest = {(row.event, row.channel): row for row in rows}
    return [_template(event, channel, language, newest.get((event, channel)))
            for event in NoticeEvent for channel in channels]


def _template(event: NoticeEvent, channel: NoticeChannel, language: str, row: NoticeTemplate | None) -> Template:
    if row is None:
        return Template(event, channel, language, 0, USUAL[language][event], keeps_accents=channel != NoticeChannel.SMS)
    keeps = row.keeps_accents or channel != NoticeChannel.SMS
    return Template(event, channel, language, row.version, Text(row.subject, row.body), keeps_accents=keeps)


def render(template: Template, facts: Mapping[str, str]) -> Rendered:
    """The text as it goes out."""
    subject, body = fill(template.text.subject, facts), fill(template.text.body, facts)
    if not template.keeps_accents:
        subject, body = without_accents(subject), without_accents(body)
    return Rendered(subject[:200], body[:1000], length_of(body), template.version)


def sample_facts() -> Mapping[str, str]:
    return {**SAMPLE, "link": tracking_url(SAMPLE["code"])}


def facts_of(dossier: Any, event: NoticeEvent, language: str, *, places: Places | None = None) -> Mapping[str, str]:
    """What may be told of a dossier: its code, link, due moment, what to bring and where.

    `places` remembers where an outlet is going to, for a move that many are told of.
    """
    reference = dossier.code or dossier.agent_ref
    with override(language):
        if event is NoticeEvent.OUTLET_MOVES:
            return {"code": reference, "link": tracking_url(reference),
                    **_new_place(dossier.outlet_id, language, places if places is not None else {})}
        due = dossier.due_at
        at_what_time = f" {clock(due)}" if due is not None and event is NoticeEvent.RECEIVED else ""
        return {"code": reference, "link": tracking_url(reference),
                "due": f"{full_day(due)}{at_what_time}" if due is not None else "",
                "what": _what(dossier, event), "where": _where(dossier.outlet_id)}


def _new_place(outlet_id: UUID | None, language: str, places: Places) -> Mapping[str, str]:
    """From when on, and where, the outlet is; asked anew once, for it was decided a moment ago."""
    if (outlet_id, language) not in places:
        move = agents.coming_move(outlet_id, timezone.localdate(), fresh=True) if outlet_id is not None else None
        places[outlet_id, language] = ({"due": full_day(move.on), "where": move.there.words} if move is not None
                                       else {"where": _where(outlet_id)})
    return places[outlet_id, language]


def _what(dossier: Any, event: NoticeEvent) -> str:
    if event is not NoticeEvent.SUPPLEMENT or dossier.procedure.field in SENSITIVE_FIELDS:
        return str(A_LIST)
    asked = SupplementRequest.objects.filter(dossier_id=dossier.id, answered_at=None).first()
    names = {paper["code"]: short_words(paper["name_vi"], paper["name_en"]) for paper in dossier.procedure.documents}
    wanted = [str(names[thing["component"]]) for thing in asked.reasons if thing["component"] in names] if asked else []
    told = ", ".join(wanted)
    return told if 0 < len(told) <= LONGEST_LIST else str(A_LIST)


def _where(outlet_id: UUID | None) -> str:
    if outlet_id is None:
        return str(AT_CENTRE)
    try:
        return agents.get_outlet(outlet_id).name
    except agents.OutletNotFound:
        return str(AT_OUTLET)
