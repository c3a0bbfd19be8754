"""What is entered about a filing at the counter: read from the form, from a draft, and handed to the operation."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final
from uuid import UUID, uuid4

from django.http import QueryDict

from delivery import public as delivery
from intake.records import AddressCheck, DeliveryAddress, DocumentRef, PlaceChoice, SubmissionInput
from intake.rules.catalogue import ResultChoice
from intake.rules.collecting import COLLECT_REASONS, OTHER
from intake.views.place_entries import PlaceEntry, read_place

CHANNELS: Final = ("online", "post", "refer")


@dataclass(frozen=True, slots=True)
class Entries:
    """The form as it stands. Numbers stay text until they are handed over, so that nothing typed is lost."""

    client_ref: UUID
    procedure_code: str = ""
    procedure_q: str = ""
    copies: str = "1"
    pages: str = "1"
    place: PlaceEntry = field(default_factory=lambda: PlaceEntry("place", "", None))
    channel: str = ""
    result_choice: str = ResultChoice.HOME.value
    collect_reason: str = ""
    street: str = ""
    home: PlaceEntry = field(default_factory=lambda: PlaceEntry("home", "", None))
    name: str = ""
    phone: str = ""
    landmark: str = ""
    pin: str = ""
    is_read_back: bool = False
    group: str = ""
    receiving: str = ""
    note: str = ""
    shown: frozenset[str] = frozenset()
    documents: tuple[tuple[str, UUID], ...] = ()
    """Component and document, in the order they were uploaded."""
    dated: tuple[tuple[str, str], ...] = ()
    """Component and the day on the paper as it was typed."""
    opened: str = ""
    """When the page was opened for this dossier, ISO; the server says it, the form carries it."""
    draft_version: str = ""
    """The version of the draft that this form shows; empty: none was kept yet."""

    @property
    def there(self) -> tuple[str, ...]:
        """Components that are scanned or were shown."""
        return (*dict.fromkeys(component for component, _id in self.documents), *sorted(self.shown))

    def as_filing(self, citizen_id: UUID) -> SubmissionInput:
        """For the operations; what is no number becomes 0, which they refuse in words."""
        days = {component: day_or_none(typed) for component, typed in self.dated}
        papers = [DocumentRef(component, document_id, days.get(component)) for component, document_id in self.documents]
        scanned = {component for component, _id in self.documents}
        papers += [DocumentRef(component, dated_on=days.get(component)) for component in sorted(self.shown)
                   if component not in scanned]
        return SubmissionInput(
            client_ref=self.client_ref, citizen_id=citizen_id, procedure_code=self.procedure_code,
            channel=self.channel, result_choice=self.result_choice, place=self.place.choice, documents=tuple(papers),
            delivery=self._delivery(), address_check=self._check(),
            collect_reason=self.collect_reason, copies=number(self.copies),
            pages=number(self.pages), priority_group=self.group, receiving_centre_id=uuid_or_none(self.receiving),
            note=self.note)

    def _delivery(self) -> DeliveryAddress | None:
        """None, the citizen's own address, unless another was entered."""
        if self.result_choice != ResultChoice.HOME or not (self.street or self.home.is_settled):
            return None
        choice = self.home.choice
        return DeliveryAddress(self.street, choice.commune_code, self.name, self.phone, choice.former_commune_code)

    def _check(self) -> AddressCheck:
        if self.result_choice != ResultChoice.HOME:
            return AddressCheck()
        return AddressCheck(self.landmark, self.pin, self.is_read_back)


def number(typed: str, most_digits: int = 5) -> int:
    """What was typed as a whole number; 0 for anything else, and for what is too long."""
    digits = typed.strip()
    return int(digits) if digits.isascii() and digits.isdecimal() and len(digits) <= most_digits else 0


def day_or_none(typed: str) -> date | None:
    try:
        return date.fromisoformat(typed)
    except ValueError:
        return None


def moment_or_none(typed: str) -> datetime | None:
    """An aware moment; anything else is nothing."""
    try:
        moment = datetime.fromisoformat(typed)
    except ValueError:
        return None
    return moment if moment.tzinfo is not None else None


def uuid_or_none(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def read_entries(posted: QueryDict, province_code: str) -> Entries:
    """The form as posted. The browser makes the client_ref; without script the first answer did."""
    get = posted.get
    texts = {name: str(get(name, "")).strip() for name in (
        "street", "name", "phone", "landmark", "pin", "group", "receiving", "note", "procedure_q", "opened",
        "draft_version")}
    home = read_place(posted, "home", province_code)
    if posted.get("take_apart"):
        texts["street"], home = taken_apart(posted.get("take_apart", ""), texts["street"], province_code)
    if posted.get("drop_procedure"):
        procedure_code = ""
    else:
        procedure_code = get("pick_procedure") or get("procedure_code", "")
    return Entries(
        client_ref=uuid_or_none(get("client_ref", "")) or uuid4(), procedure_code=procedure_code,
        copies=get("copies", "1"), pages=get("pages", "1"), place=read_place(posted, "place", province_code),
        channel=get("channel", "") if get("channel", "") in CHANNELS else "",
        result_choice=get("result_choice", ResultChoice.HOME.value), home=home,
        is_read_back=get("is_read_back") == "1" and not posted.get("take_apart"),
        shown=frozenset(posted.getlist("shown")), collect_reason=_collect_reason(posted),
        dated=tuple(sorted((name.removeprefix("dated-"), str(typed)) for name, typed in posted.items()
                           if name.startswith("dated-") and typed)),
        documents=_documents(posted.getlist("document"), get("drop_document")), **texts)


def taken_apart(value: str, street: str, province_code: str) -> tuple[str, PlaceEntry]:
    """A whole address in the field of the street, with the commune that was picked of what it may mean."""
    reading = delivery.read_address(street, province_code=province_code)
    return reading.street or street, read_place({"home": value}, "home", province_code)


def _collect_reason(posted: QueryDict) -> str:
    """A reason of the list by its code, else what was written beside it."""
    written = str(posted.get("collect_reason", "")).strip()
    chosen = str(posted.get("collect_code", ""))
    return chosen if chosen in COLLECT_REASONS and chosen != OTHER else written


def _documents(posted: Iterable[str], dropped: str | None) -> tuple[tuple[str, UUID], ...]:
    """Each posted as "component:id"."""
    found = []
    for each in posted:
        component, _colon, text = each.partition(":")
        document_id = uuid_or_none(text)
        if document_id is not None and each != dropped:
            found.append((component, document_id))
    return tuple(dict.fromkeys(found))


def entries_of(filing: SubmissionInput, province_code: str) -> Entries:
    """The form as a draft left it."""
    given = filing.delivery
    home = PlaceChoice(given.commune_code, given.former_commune_code) if given is not None else PlaceChoice()
    values: Mapping[str, str] = {"place": _value(filing.place), "home": _value(home)}
    check = filing.address_check
    return Entries(
        client_ref=filing.client_ref, procedure_code=filing.procedure_code, copies=str(filing.copies),
        pages=str(filing.pages), place=read_place(values, "place", province_code), channel=filing.channel,
        result_choice=filing.result_choice, collect_reason=filing.collect_reason,
        street=given.street if given else "", home=read_place(values, "home", province_code),
        name=given.name if given else "", phone=given.phone if given else "",
        landmark=check.landmark, pin=check.pin, is_read_back=check.is_verified, group=filing.priority_group,
        receiving=str(filing.receiving_centre_id or ""), note=filing.note,
        shown=frozenset(paper.component for paper in filing.documents if paper.is_presented),
        dated=tuple(sorted({(paper.component, paper.dated_on.isoformat()) for paper in filing.documents
                            if paper.dated_on is not None})),
        documents=tuple((paper.component, paper.document_id) for paper in filing.documents if paper.document_id))


def _value(place: PlaceChoice) -> str:
    if place.former_commune_code:
        return f"{place.commune_code}/{place.former_commune_code}"
    return place.commune_code
