"""Whom billing asks for the events behind a line: it never reaches up itself, so the house tells it."""

from collections.abc import Iterator
from uuid import UUID

from billing.outlet_money.sources import SourceEvent, covered, register_source
from delivery.models.events import TrackingEvent
from delivery.operations.ingest import source_of
from delivery.rules.codes import EVENT_CODES
from intake.models.dossiers import DossierStep
from intake.rules.state_words import step_words
from shared.models.messages import InboxMessage


def of_parcel(parcel_id: UUID) -> list[SourceEvent]:
    """What carriers told of a parcel, each event with the message it came in."""
    events = list(TrackingEvent.objects.filter(parcel_id=parcel_id).order_by("occurred_at", "id"))
    raw = {(message.source, message.event_id): bytes(message.raw) for message in InboxMessage.objects.filter(
        source__in={source_of(each.carrier) for each in events}, event_id__in=[each.event_id for each in events])}
    return list(_told(events, raw))


def _told(events: list[TrackingEvent], raw: dict[tuple[str, str], bytes]) -> Iterator[SourceEvent]:
    for each in events:
        text, digest = covered(raw[key]) if (key := (source_of(each.carrier), each.event_id)) in raw else ("", "")
        words = EVENT_CODES[each.code]
        yield SourceEvent(each.occurred_at, each.received_at, each.carrier, each.code, words.words_vi, words.words_en,
                          each.office, each.event_id, text, digest)


def of_dossier(dossier_id: UUID) -> list[SourceEvent]:
    """The steps of a dossier: what the centre and the outlet recorded."""
    steps = DossierStep.objects.filter(dossier_id=dossier_id).order_by("at", "id")
    return [_step(each) for each in steps]


def _step(step: DossierStep) -> SourceEvent:
    """Written by us or by the centre's people: nothing came in as a message, so there is no other text than this."""
    words = step_words(step.action)
    return SourceEvent(step.at, step.recorded_at, str(step.actor_kind), step.action, words.vi, words.en, step.place,
                       f"{step.machine}-{step.id}")


register_source("parcel", of_parcel)
register_source("dossier", of_dossier)
