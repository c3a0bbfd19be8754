"""Notices over the API: the trail of a dossier, how a citizen wants to be told, and the texts."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from django.http import HttpResponse
from django.utils import timezone
from ninja import Query, Router
from pydantic import Field

from agents.auth import allow
from intake.errors import DossierNotFound
from intake.models.dossiers import Dossier
from intake.notices import operations, queries, texts
from intake.notices.models import NoticeChoice, NoticeTemplate
from intake.notices.rules import ORDER, NoticeChannel, NoticeEvent, Text
from shared.api import Asked, In, Out, WardpostRequest, idempotent
from shared.roles import CENTRE_ROLES, OUTLET_ROLES, Role

router = Router(tags=["notices"])

READERS = allow(roles=OUTLET_ROLES | CENTRE_ROLES, scopes={"centre:read", "dossiers:read"})
OUTLETS = allow(roles=OUTLET_ROLES, scopes={"dossiers:write"})
OFFICE = allow(roles={Role.ADMINISTRATOR})

type NoticeWay = Literal["zalo", "sms", "email"]


class NoticeOut(Out):
    event: str
    channel: str
    state: str
    to: str
    """Masked."""
    text: str
    at: datetime


class NoticesOut(Out):
    items: list[NoticeOut]


class ChoiceIn(In):
    refused: Annotated[list[NoticeWay], Field(max_length=3)] = []
    language: Literal["vi", "en"] = "vi"


class NoticeChoiceOut(Out):
    citizen_id: UUID
    refused: list[str]
    language: str


class TemplateIn(In):
    event: Literal["filed", "forwarded", "received", "refused", "supplement", "fee_due", "extended", "stopped",
                   "withdrawn", "resolved", "ready", "on_the_way", "came_back", "delivered", "rate"]
    channel: NoticeWay
    language: Literal["vi", "en"] = "vi"
    subject: Annotated[str, Field(max_length=200)] = ""
    body: Annotated[str, Field(min_length=1, max_length=500)]
    keeps_accents: bool = False


class TemplateOut(Out):
    event: str
    channel: str
    language: str
    version: int
    subject: str
    body: str
    keeps_accents: bool


class PreviewOut(Out):
    subject: str
    body: str
    characters: int
    segments: int
    is_plain: bool


class TemplatesOut(Out):
    items: list[TemplateOut]


class TemplatesAsked(Asked):
    language: Literal["vi", "en"] = "vi"


@router.get("/dossiers/{uuid:dossier_id}/notices", response=NoticesOut, auth=READERS)
def notices_of(request: WardpostRequest, dossier_id: UUID) -> NoticesOut:
    """What the citizen was told about the dossier, newest first."""
    return NoticesOut(items=[
        NoticeOut(event=str(told.event), channel=str(told.channel), state=told.state, to=told.to_masked, text=told.body,
                  at=told.at) for told in queries.trail(dossier_id, actor=request.actor)])


@router.put("/dossiers/{uuid:dossier_id}/notice-choice", response=NoticeChoiceOut, auth=OUTLETS)
def choose_notices(request: WardpostRequest, dossier_id: UUID, body: ChoiceIn) -> HttpResponse:
    """The citizen of this dossier says how she wants to be told."""
    seen = Dossier.objects.seen_by(request.actor).filter(id=dossier_id)
    citizen_id = seen.values_list("citizen_id", flat=True).first()
    if citizen_id is None:
        raise DossierNotFound

    def call() -> NoticeChoice:
        return operations.choose_channels(
            citizen_id=citizen_id, refused=frozenset(NoticeChannel(each) for each in body.refused),
            language=body.language, by=request.actor.id, actor=request.actor, at=timezone.now())

    return idempotent(request, status=200, schema=NoticeChoiceOut, call=call)


@router.get("/notice-templates", response=TemplatesOut, auth=OFFICE)
def notice_templates(request: WardpostRequest, asked: Query[TemplatesAsked]) -> TemplatesOut:
    """The text in force for every event and channel; version 0 is the shipped one."""
    return TemplatesOut(items=[TemplateOut.model_validate(_template(each)) for each in texts.all_templates(
        request.actor.province_code, ORDER, asked.language)])


def _template(each: texts.Template) -> dict[str, Any]:
    return {"event": each.event, "channel": each.channel, "language": each.language, "version": each.version,
            "subject": each.text.subject, "body": each.text.body, "keeps_accents": each.keeps_accents}


@router.post("/notice-templates", response={201: TemplateOut}, auth=OFFICE)
def change_notice_template(request: WardpostRequest, body: TemplateIn) -> HttpResponse:
    """Put a new version of a text in force."""
    return idempotent(request, status=201, schema=TemplateOut, call=lambda: _changed(request, body))


def _changed(request: WardpostRequest, body: TemplateIn) -> NoticeTemplate:
    return operations.change_text(
        event=NoticeEvent(body.event), channel=NoticeChannel(body.channel), language=body.language,
        subject=body.subject, body=body.body, keeps_accents=body.keeps_accents, by=request.actor, at=timezone.now())


@router.post("/notice-templates/previews", response=PreviewOut, auth=OFFICE)
def preview_notice_template(request: WardpostRequest, body: TemplateIn) -> PreviewOut:
    """How a text would be read, and into how many text messages it is cut."""
    keeps = body.keeps_accents or body.channel != "sms"
    tried = texts.Template(NoticeEvent(body.event), NoticeChannel(body.channel), body.language, 0,
                           Text(body.subject, body.body), keeps_accents=keeps)
    made = texts.render(tried, texts.sample_facts())
    return PreviewOut(subject=made.subject, body=made.body, characters=made.length.characters,
                      segments=made.length.segments, is_plain=made.length.is_plain)
