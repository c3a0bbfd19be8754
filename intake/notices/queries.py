"""What citizens were told, and how it went."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.db.models import Count, F, Min, Q
from django.utils.translation import gettext as _

from intake.errors import DossierNotFound
from intake.models.citizens import Citizen
from intake.models.dossiers import Dossier
from intake.notices.models import Notice, NoticeChoice, NoticeState
from intake.notices.rules import CHANNEL_WORDS, EVENT_WORDS, ORDER, NoticeChannel, NoticeEvent
from intake.rules.wording import Words
from shared.actors import Actor

MOST_ROWS: Final = 100
LOOKS_BACK: Final = timedelta(days=30)
FACES: Final = {
    NoticeState.WAITING: ("clock", "act"), NoticeState.SENT: ("send", ""), NoticeState.DELIVERED: ("check", "ok"),
    NoticeState.FAILED: ("triangle-alert", "late"), NoticeState.SKIPPED: ("minus", ""),
}


@dataclass(frozen=True, slots=True)
class Told:
    """One notice as people read it."""

    id: UUID
    dossier_id: UUID
    reference: str
    event: Words
    channel: Words
    state: str
    state_words: str
    icon: str
    kind: str
    to_masked: str
    body: str
    at: datetime
    is_failed: bool


@dataclass(frozen=True, slots=True)
class Overview:
    waiting: int
    postponed: int
    failed: int
    delivered: int
    skipped: int
    oldest: datetime | None
    rows: tuple[Told, ...]


def trail(dossier_id: UUID, *, actor: Actor) -> tuple[Told, ...]:
    """Everything that was told about one dossier, newest first.

    Raises:
        DossierNotFound: `actor` sees no such dossier.
    """
    if not Dossier.objects.seen_by(actor).filter(id=dossier_id).exists():
        raise DossierNotFound
    rows: list[Any] = list(_named(Notice.objects.filter(dossier_id=dossier_id)).order_by("-planned_at", "-id"))
    return tuple(_told(each) for each in rows)


def overview(actor: Actor, *, now: datetime, only_failed: bool = False) -> Overview:
    """The last month of the actor's dossiers: counts, and the newest rows. Two queries."""
    recent = Notice.objects.seen_by(actor).filter(planned_at__gt=now - LOOKS_BACK)
    state = Q(state=NoticeState.WAITING)
    sums = recent.aggregate(
        waiting=Count("id", filter=state), postponed=Count("id", filter=state & Q(is_postponed=True)),
        failed=Count("id", filter=Q(state=NoticeState.FAILED)),
        delivered=Count("id", filter=Q(state__in=[NoticeState.DELIVERED, NoticeState.SENT])),
        skipped=Count("id", filter=Q(state=NoticeState.SKIPPED)), oldest=Min("next_at", filter=state))
    shown = recent.filter(state=NoticeState.FAILED) if only_failed else recent
    rows: list[Any] = list(_named(shown).order_by("-planned_at", "-id")[:MOST_ROWS])
    return Overview(rows=tuple(_told(each) for each in rows), **sums)


def _named(notices: Any) -> Any:
    return notices.annotate(agent_ref=F("dossier__agent_ref"), code=F("dossier__code"))


def _told(notice: Any) -> Told:
    state = NoticeState(notice.state)
    icon, kind = FACES[state]
    return Told(
        notice.id, notice.dossier_id, notice.code or notice.agent_ref, EVENT_WORDS[NoticeEvent(notice.event)],
        CHANNEL_WORDS[NoticeChannel(notice.channel)], str(state), _state_words(notice, state), icon, kind,
        notice.to_masked, notice.body, notice.delivered_at or notice.sent_at or notice.planned_at,
        state is NoticeState.FAILED)


def _state_words(notice: Any, state: NoticeState) -> str:
    if state is NoticeState.SKIPPED:
        causes = {"no-consent": _("no consent to messages"), "no-address": _("no phone or e-mail"),
                  "opted-out": _("does not want this channel"), "told-else": _("told by another channel")}
        return causes.get(notice.cause, str(notice.cause))
    if state is NoticeState.WAITING and notice.is_postponed:
        return _("waits for the morning")
    return {NoticeState.WAITING: _("waiting"), NoticeState.SENT: _("sent"), NoticeState.DELIVERED: _("delivered"),
            NoticeState.FAILED: _("failed")}[state]


@dataclass(frozen=True, slots=True)
class Choice:
    channel: NoticeChannel
    words: Words
    is_refused: bool


def choices_of(citizen: Citizen) -> tuple[tuple[Choice, ...], str]:
    """Each channel and whether she refused it, and her language."""
    kept = NoticeChoice.objects.filter(citizen=citizen).first()
    refused = set(kept.refused) if kept is not None else set()
    return (tuple(Choice(each, CHANNEL_WORDS[each], str(each) in refused) for each in ORDER),
            kept.language if kept is not None else "vi")


def told_of(event: NoticeEvent, instance: str) -> list[UUID]:
    """The dossiers whose citizens were told of one thing, or would have been had they agreed."""
    rows = Notice.objects.filter(event=event, instance=instance).order_by("dossier_id").values_list(
        "dossier_id", flat=True)
    return list(rows.distinct())
