"""Whom billing asks for the events behind a line: it never reaches up itself, so the house tells it."""

from collections.abc import Collection, Iterator
from datetime import datetime
from uuid import UUID

from billing.outlet_money.own_sources import register_own
from billing.outlet_money.sources import SourceEvent, covered, register_source
from billing.pictures.naming import register_names
from billing.rules.words import Words
from delivery.indemnities.models import Indemnity
from delivery.models.events import TrackingEvent
from delivery.operations.ingest import source_of
from delivery.rules.codes import EVENT_CODES
from intake.models.dossiers import DossierStep
from intake.models.procedures import Procedure
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


def of_indemnity(indemnity_id: UUID) -> list[SourceEvent]:
    """How an operator came to owe it: what the carrier told of the parcel, and what was proposed and settled."""
    indemnity = Indemnity.objects.select_related("parcel").filter(id=indemnity_id).first()
    if indemnity is None:
        return []
    return [*of_parcel(indemnity.parcel_id), *_settled(indemnity)]


def _settled(indemnity: Indemnity) -> Iterator[SourceEvent]:
    number = indemnity.parcel.number
    yield _ours(indemnity.opened_at, "proposed", Words("Tính khoản bồi thường theo luật", "Worked out by law"), number)
    if indemnity.owed_at is not None:
        yield _ours(indemnity.owed_at, "owed", Words("Thống nhất hoặc quyết định: phải trả", "Agreed or decided: owed"),
                    number)


def _ours(at: datetime, code: str, words: Words, place: str) -> SourceEvent:
    return SourceEvent(at, at, "wardpost", code, words.vi, words.en, place)


def names_of(codes: Collection[str]) -> dict[str, Words]:
    """What procedures are called: by their newest version."""
    rows = Procedure.objects.filter(code__in=list(codes)).order_by("code", "valid_from")
    return {code: Words(vi, en) for code, vi, en in rows.values_list("code", "name_vi", "name_en")}


register_source("parcel", of_parcel)
register_source("dossier", of_dossier)
register_source("indemnity", of_indemnity)
register_own()
register_names(names_of)
