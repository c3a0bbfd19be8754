"""What a notice says and by which channel it goes, worked out before anything is written; for one dossier or many."""

from datetime import datetime
from typing import Any, Final

from django.conf import settings

from intake.notices import texts
from intake.notices.couriers import channels
from intake.notices.models import Notice, NoticeChoice, NoticeState
from intake.notices.rules import DISTURBING, NoticeChannel, NoticeEvent, quiet_from
from shared.formatting import mask_phone

DRAFTED: Final = ("state", "cause", "language", "template_version", "subject", "body", "segments", "to_masked",
                  "planned_at", "next_at", "is_postponed")
"""What `draft` decides."""


class Wordings:
    """Texts and places that many notices share, each asked for once."""

    def __init__(self) -> None:
        self._templates: dict[tuple[str, NoticeEvent, NoticeChannel, str], texts.Template] = {}
        self._places: texts.Places = {}

    def of(self, dossier: Any, event: NoticeEvent, channel: NoticeChannel, language: str) -> texts.Rendered:
        key = (dossier.province_code, event, channel, language)
        if key not in self._templates:
            self._templates[key] = texts.template_for(*key)
        return texts.render(self._templates[key], texts.facts_of(dossier, event, language, places=self._places))


def draft(dossier: Any, event: NoticeEvent, instance: str, *, choice: NoticeChoice | None, tried: tuple[str, ...],
          at: datetime, planned_at: datetime, words: Wordings) -> Notice:
    """A notice that is not saved yet; skipped, with why, when no channel is left."""
    refused = set(choice.refused) if choice is not None else set()
    open_ones = [each for each in channels() if each not in tried and address_of(dossier, each)]
    channel = next((each for each in open_ones if each not in refused), None)
    if channel is None:
        return skipped(dossier, event, instance, "opted-out" if open_ones else "no-address", planned_at)
    language = choice.language if choice is not None else "vi"
    told = words.of(dossier, event, channel, language)
    due = quiet_from(settings.WARDPOST_NOTICE_QUIET).after(at) if channel in DISTURBING else at
    return Notice(
        dossier=dossier, event=event, instance=instance, channel=channel, language=language,
        template_version=told.version, subject=told.subject, body=told.body, segments=told.length.segments,
        to_masked=masked(address_of(dossier, channel), channel), planned_at=planned_at, next_at=due,
        is_postponed=due > at)


def skipped(dossier: Any, event: NoticeEvent, instance: str, cause: str, at: datetime) -> Notice:
    """What cannot be told is written down, with why."""
    return Notice(dossier=dossier, event=event, instance=instance, channel=NoticeChannel.NONE,
                  state=NoticeState.SKIPPED, cause=cause, planned_at=at, next_at=at)


def address_of(dossier: Any, channel: NoticeChannel) -> str:
    """Her phone or mail address; empty when she gave none."""
    if channel is NoticeChannel.EMAIL:
        return str(dossier.citizen.email or "")
    return str(dossier.citizen.phone or dossier.delivery_phone or "")


def masked(address: str, channel: NoticeChannel) -> str:
    """An address as it may stand on a screen."""
    if channel is not NoticeChannel.EMAIL:
        return mask_phone(address)
    name, _at, host = address.rpartition("@")
    return f"{name[:1]}•••@{host}"[:60]
