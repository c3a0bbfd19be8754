"""What is entered about the dossiers of one event: read from the form, worked out, handed to the operation."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID, uuid4

from django.http import QueryDict

from agents import public as agents
from intake.models.citizens import Citizen
from intake.queries.catalogue import checklist
from intake.queries.life_events import Event, EventStep
from intake.queries.offers import Offer, Wish, filing_offer
from intake.records import BundleInput, ChannelOption, DocumentRef, PlaceChoice, SubmissionInput
from intake.rules.catalogue import PlaceRule
from intake.views.place_entries import PlaceEntry, read_place
from intake.views.take_entries import uuid_or_none
from shared.calendar import local
from shared.money import ZERO, Money, total

OWN_ANSWER: Final = frozenset({PlaceRule.RESIDENCE, PlaceRule.ANYWHERE_IN_PROVINCE, PlaceRule.NONE})
"""Rules that need no place to be asked for."""


@dataclass(frozen=True, slots=True)
class EventEntries:
    """The form as it stands. `shown` and `documents` name papers as "procedure|paper"."""

    client_ref: UUID
    chosen: frozenset[str]
    place: PlaceEntry
    channels: Mapping[str, str]
    shown: frozenset[str] = frozenset()
    documents: tuple[tuple[str, UUID], ...] = ()
    result_choice: str = "home"
    opened: str = ""


def read_event(posted: QueryDict, event: Event, province_code: str, now: datetime) -> EventEntries:
    """The form as posted; fresh, with what is usual, when nothing was."""
    place = read_place(posted, "place", province_code)
    if "client_ref" not in posted:
        usual = frozenset(step.procedure.code for step in event.steps if step.is_usual and may_file(step))
        return EventEntries(uuid4(), usual, place, {}, opened=now.isoformat())
    channels = {step.procedure.code: posted.get(f"channel-{step.procedure.code}", "") for step in event.steps}
    return EventEntries(
        client_ref=uuid_or_none(posted.get("client_ref", "")) or uuid4(), chosen=frozenset(posted.getlist("step")),
        place=place, channels=channels, shown=frozenset(posted.getlist("shown")),
        documents=tuple(_documents(posted)), opened=posted.get("opened", ""),
        result_choice="electronic" if posted.get("result_choice") == "electronic" else "home")


def _documents(posted: QueryDict) -> list[tuple[str, UUID]]:
    found = []
    for each in posted.getlist("document"):
        name, _colon, text = each.rpartition(":")
        document_id = uuid_or_none(text)
        if document_id is not None and each != posted.get("drop_document"):
            found.append((name, document_id))
    return list(dict.fromkeys(found))


def may_file(step: EventStep) -> bool:
    return bool({"ONLINE", "PAPER"} & set(step.procedure.agent_modes))


@dataclass(frozen=True, slots=True)
class EventPaper:
    """One paper of one procedure. `from_other`: another dossier of the bundle brings it."""

    key: str
    code: str
    name: object
    is_required: bool
    from_other: str
    is_shown: bool
    files: tuple[str, ...]

    @property
    def is_there(self) -> bool:
        return bool(self.from_other or self.is_shown or self.files)


@dataclass(frozen=True, slots=True)
class EventLine:
    """One procedure of the event on the page; `offer` and `option` only when it is chosen."""

    step: EventStep
    is_chosen: bool
    replaced_by: str
    needs_place: bool
    channel: str
    offer: Offer | None
    option: ChannelOption | None
    papers: tuple[EventPaper, ...]

    @property
    def may_file(self) -> bool:
        return may_file(self.step)

    @property
    def open_ways(self) -> list[ChannelOption]:
        options = self.offer.options if self.offer is not None else ()
        return [each for each in options if each.is_allowed and each.channel != "refer"]

    @property
    def lacking(self) -> list[EventPaper]:
        return [paper for paper in self.papers if paper.is_required and not paper.is_there]


def event_lines(event: Event, entries: EventEntries, citizen: Citizen, outlet: agents.OutletInfo,
                now: datetime) -> list[EventLine]:
    """Each procedure of the event, in its order; those chosen are worked out in full."""
    chosen = _really_chosen(event, entries)
    return [_line(step, entries, chosen, citizen=citizen, outlet=outlet, now=now) for step in event.steps]


def _really_chosen(event: Event, entries: EventEntries) -> frozenset[str]:
    """Without what another chosen procedure does at once, and what no outlet files."""
    replaced = {code for step in event.steps if step.procedure.code in entries.chosen for code in step.replaces}
    return frozenset(step.procedure.code for step in event.steps
                     if step.procedure.code in entries.chosen and may_file(step)) - replaced


def _line(step: EventStep, entries: EventEntries, chosen: frozenset[str], *, citizen: Citizen,
          outlet: agents.OutletInfo, now: datetime) -> EventLine:
    code = step.procedure.code
    needs_place = step.procedure.place_rule not in OWN_ANSWER
    if code not in chosen:
        replaced_by = code if code in entries.chosen and may_file(step) else ""
        return EventLine(step, is_chosen=False, replaced_by=replaced_by, needs_place=False, channel="", offer=None,
                         option=None, papers=())
    wish = Wish(citizen=citizen, procedure_code=code, place=entries.place.choice if needs_place else PlaceChoice(),
                result_choice=entries.result_choice)
    offer = filing_offer(wish, outlet=outlet, at=now)
    options = [each for each in offer.options if each.is_allowed and each.channel != "refer"]
    option = next((each for each in options if each.channel == entries.channels.get(code)), None) or next(
        iter(options), None)
    papers = tuple(_papers(step, entries, chosen, option.channel if option is not None else ""))
    return EventLine(step, is_chosen=True, replaced_by="", needs_place=needs_place,
                     channel=option.channel if option is not None else "", offer=offer, option=option, papers=papers)


def _papers(step: EventStep, entries: EventEntries, chosen: frozenset[str], channel: str) -> list[EventPaper]:
    shares = {own: other for own, other, _its in step.shares if other in chosen}
    lines = []
    for item in checklist(step.procedure, channel):
        key = f"{step.procedure.code}|{item.code}"
        files = tuple(str(document_id) for name, document_id in entries.documents if name == key)
        if item.is_required or files or key in entries.shown:
            lines.append(EventPaper(key, item.code, item.name, item.is_required, shares.get(item.code, ""),
                                    key in entries.shown, files))
    return lines


def as_bundle(event: Event, entries: EventEntries, lines: list[EventLine], citizen_id: UUID) -> BundleInput:
    return BundleInput(entries.client_ref, event.code, tuple(
        _filing(line, entries, citizen_id) for line in lines if line.is_chosen))


def _filing(line: EventLine, entries: EventEntries, citizen_id: UUID) -> SubmissionInput:
    papers = [DocumentRef(name.partition("|")[2], document_id) for name, document_id in entries.documents
              if name.partition("|")[0] == line.step.procedure.code]
    scanned = {paper.component for paper in papers}
    papers += [DocumentRef(paper.code) for paper in line.papers
               if (paper.is_shown or paper.from_other) and paper.code not in scanned]
    return SubmissionInput(
        client_ref=entries.client_ref, citizen_id=citizen_id, procedure_code=line.step.procedure.code,
        channel=line.channel or "online", result_choice=entries.result_choice,
        place=entries.place.choice if line.needs_place else PlaceChoice(), documents=tuple(papers))


@dataclass(frozen=True, slots=True)
class ReturnParcel:
    """Results that come home together: from one centre, on one day."""

    centre_name: str
    home_date: date
    names: tuple[object, ...]
    saving: Money
    """Postage of the trips that are not made."""

    @property
    def is_shared(self) -> bool:
        return len(self.names) > 1


def return_parcels(lines: list[EventLine]) -> list[ReturnParcel]:
    """How the results come home, when each is ready on its due day."""
    groups: dict[tuple[object, date, date], list[EventLine]] = {}
    for line in lines:
        option, receiving = line.option, line.offer.route.receiving if line.offer is not None else None
        if option is None or receiving is None or option.result_home_date is None or option.due_at is None:
            continue
        key = (receiving.id, local(option.due_at).date(), option.result_home_date)
        groups.setdefault(key, []).append(line)
    return [_parcel(key[2], some) for key, some in groups.items()]


def _parcel(home_date: date, lines: list[EventLine]) -> ReturnParcel:
    assert lines[0].offer is not None  # noqa: S101  # grouped by it
    assert lines[0].offer.route.receiving is not None  # noqa: S101
    quotes = [line.option.pricing.postage_home for line in lines if line.option is not None and line.option.pricing]
    rest = total(quote.gross for quote in quotes[1:] if quote is not None) if len(quotes) > 1 else ZERO
    return ReturnParcel(lines[0].offer.route.receiving.name, home_date, tuple(line.step.name for line in lines), rest)
