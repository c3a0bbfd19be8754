"""A filing, checked in every respect before anything is written; all that is wrong is said at once."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final
from uuid import UUID

from agents import public as agents
from intake.entries import check_place
from intake.errors import (
    CitizenNotFound,
    ConsentMissing,
    NoOpenSession,
    NotAnOutlet,
    OutletMayNot,
    ProcedureNotFound,
    SubmissionRefused,
)
from intake.mandates import others_papers
from intake.models.citizens import ActingSession, Citizen, ConsentPurpose, PriorityClaim
from intake.models.documents import Document
from intake.models.procedures import Procedure
from intake.pricing import PricedFiling, former_home, price
from intake.queries.catalogue import checklist, get_procedure
from intake.queries.precheck import Filing, facts_of
from intake.queries.sessions import consents_of
from intake.records import DeliveryAddress, PlaceChoice, Pricing, Route, SubmissionInput
from intake.routing import default_place, find_route, resolve_place
from intake.rules import names, people
from intake.rules.catalogue import AgentMode, Channel, ResultChoice
from intake.rules.faults import Fault, fault
from intake.rules.precheck import catalogue as precheck
from intake.rules.precheck.check import Finding
from intake.rules.wording import Words
from intake.wording import field_error
from shared import places
from shared.actors import Actor, ActorKind
from shared.errors import FieldError

MOST_COPIES: Final = 200
MOST_PAGES: Final = 2000
MOST_FILES: Final = 40
MOST_FILE_BYTES: Final = 200 * 1024 * 1024
TASKS: Final = {Channel.ONLINE: "file_online", Channel.POST: "forward_paper"}
MODES: Final = {Channel.ONLINE: AgentMode.ONLINE, Channel.POST: AgentMode.PAPER}


@dataclass(frozen=True, slots=True)
class CheckedFiling:
    """A filing in which everything is right; `route` may still be unclear."""

    asked: SubmissionInput
    citizen: Citizen
    procedure: Procedure
    outlet: agents.OutletInfo
    session: ActingSession
    route: Route
    pricing: Pricing
    delivery: DeliveryAddress | None
    documents: tuple[Document, ...]
    findings: tuple[Finding, ...] = ()
    """What the check before sending warns of; what stops a filing is refused."""
    mandates: tuple[str, ...] = ()
    """Kinds that the filing itself brings about."""

    @property
    def names_former(self) -> bool:
        """Whether another address than the citizen's own still goes by a dissolved name."""
        given, brought = self.asked.delivery, self.delivery
        return given is not None and brought is not None and (
            bool(given.former_commune_code) or given.commune_code != brought.commune_code)

    @property
    def presented(self) -> list[str]:
        return [paper.component for paper in self.asked.documents if paper.is_presented]


@dataclass(slots=True)
class _Faults:
    found: list[FieldError] = field(default_factory=list)

    def add(self, pointer: str, what: Fault) -> None:
        self.found.append(field_error(pointer, what))

    def raise_if_any(self) -> None:
        if self.found:
            raise SubmissionRefused(errors=tuple(self.found), data_kept=True)


def check_filing(asked: SubmissionInput, citizen: Citizen, *, by: Actor, on: date) -> CheckedFiling:
    """`asked` with everything it needs, for the local day `on`.

    Raises:
        NotAnOutlet, OutletMayNot: the actor's outlet may not do this.
        NoOpenSession, ConsentMissing: the citizen is not being acted for, or has not agreed.
        SubmissionRefused: entries are wrong, all of them named.
    """
    outlet = acting_outlet(by)
    faults = _Faults()
    procedure = _procedure(asked, on, faults)
    session = acting_session(citizen, asked, by)
    must_be_delegated(outlet, asked.channel, on, group=procedure.field)
    faults.found.extend(_plain_faults(asked))
    group = asked.priority_group if _is_proven(asked.priority_group, citizen, on, faults) else ""
    delivery, home = _delivery(asked, citizen, faults)
    documents = _documents(asked, outlet, procedure, faults)
    route = _route(asked, citizen=citizen, procedure=procedure, outlet=outlet, on=on, faults=faults)
    for what in channel_faults(procedure, asked.channel, route.province_code):
        faults.add("/channel", what)
    faults.found.extend(others_papers(session, documents))
    faults.raise_if_any()
    must_be_agreed(session, asked.result_choice)
    pricing = price(PricedFiling(
        procedure=procedure, channel=asked.channel, result_choice=asked.result_choice, on=on,
        province_code=route.province_code, outlet=outlet, receiving=route.receiving, home=home, copies=asked.copies,
        home_former=delivery.former_commune_code if delivery is not None else "",
        pages=asked.pages, beneficiary_class=group))
    filing = Filing(asked, citizen, procedure, outlet, route, pricing.fee, documents, on, session)
    findings = _precheck(filing, by)
    return CheckedFiling(asked, citizen, procedure, outlet, session, route, pricing, delivery, documents, findings,
                         filing.mandates)


def _precheck(filing: Filing, by: Actor) -> tuple[Finding, ...]:
    """The rules that the counter's browser runs, run again: a warning is kept, anything worse is refused."""
    findings = precheck.check(facts_of(filing, by=by))
    stops = [FieldError(found.pointer, found.code, f"{found.words}. {found.advice}".replace("..", "."))
             for found in findings if found.is_stop]
    if stops:
        raise SubmissionRefused(errors=tuple(stops), data_kept=True)
    return findings


def citizen_of(citizen_id: UUID, by: Actor) -> Citizen:
    """Somebody the actor's place knows; raises CitizenNotFound."""
    citizen = Citizen.objects.seen_by(by).select_related("commune").filter(id=citizen_id).first()
    if citizen is None:
        raise CitizenNotFound
    return citizen


def clerk_of(by: Actor) -> UUID | None:
    return UUID(by.id) if by.kind == ActorKind.PERSON else None


def draft_findings(asked: SubmissionInput, citizen: Citizen, procedure: Procedure, *, by: Actor,
                   on: date) -> tuple[Finding, ...]:
    """What is still wrong with a draft; nothing is refused."""
    outlet = acting_outlet(by)
    residence = PlaceChoice(citizen.commune_id, citizen.former_commune_id or "")
    place = asked.place or default_place(procedure, residence=residence, outlet_commune=outlet.commune_code)
    route = find_route(procedure=procedure, place=place, on=on, outlet=outlet) if place else None
    wanted = [paper.document_id for paper in asked.documents if paper.document_id]
    documents = tuple(Document.objects.filter(id__in=wanted, outlet_id=outlet.id)) if wanted else ()
    return precheck.check(facts_of(
        Filing(asked, citizen, procedure, outlet, route, None, documents, on), by=by))


def acting_outlet(by: Actor) -> agents.OutletInfo:
    if by.outlet_id is None:
        raise NotAnOutlet
    return agents.get_outlet(by.outlet_id)


def must_be_delegated(outlet: agents.OutletInfo, channel: str, on: date, *, group: str) -> None:
    """Raises OutletMayNot unless the outlet is active and its agreement of that day, and its city's programme where
    that holds, cover the channel's task for the procedure group.
    """
    task = TASKS.get(Channel(channel)) if channel in set(Channel) else None
    if task is not None and not agents.may_do(outlet, task, group, on):
        raise OutletMayNot(outlet=outlet.code, task=task)


def acting_session(citizen: Citizen, asked: SubmissionInput, by: Actor) -> ActingSession:
    """The open session in which the actor acts for this citizen; raises NoOpenSession."""
    sessions = ActingSession.objects.filter(citizen=citizen, closed_at=None)
    if by.kind == ActorKind.PERSON:
        session = sessions.filter(clerk_id=UUID(by.id)).first()
    elif asked.session_id is not None and by.outlet_id is not None:
        session = sessions.filter(id=asked.session_id, outlet_id=by.outlet_id).first()
    else:
        session = None
    if session is None:
        raise NoOpenSession
    return session


def must_be_agreed(session: ActingSession, result_choice: str) -> None:
    """Raises ConsentMissing unless the citizen said yes to the filing, and to her address being passed on."""
    agreed = consents_of(session)
    needed = [ConsentPurpose.ASSIST_FILING.value]
    if result_choice == ResultChoice.HOME:
        needed.append(ConsentPurpose.DELIVER_HOME.value)
    for purpose in needed:
        if purpose not in agreed:
            raise ConsentMissing(purpose=purpose)


# --- the parts ------------------------------------------------------------------------------------------------------


def _procedure(asked: SubmissionInput, on: date, faults: _Faults) -> Procedure:
    try:
        return get_procedure(asked.procedure_code, on)
    except ProcedureNotFound:
        faults.add("/procedure_code", Fault("unknown-procedure"))
        faults.raise_if_any()
        raise


def channel_faults(procedure: Procedure, channel: str, province_code: str) -> Iterator[Fault]:
    """Why an outlet cannot file the procedure in this way; nothing when it can."""
    if channel == Channel.DIRECT or procedure.channels == [Channel.DIRECT]:
        yield Fault("direct-only")
    elif channel not in procedure.channels:
        yield Fault("channel-not-offered")
    elif MODES[Channel(channel)] not in procedure.agent_modes:
        reason = Words(procedure.refer_reason_vi, procedure.refer_reason_en)
        yield fault("refer-only", reason=reason) if reason else Fault("channel-not-offered")
    elif channel == Channel.POST and (procedure.is_paper_forbidden or province_code in procedure.paper_forbidden_in):
        yield Fault("paper-forbidden")


def _plain_faults(asked: SubmissionInput) -> Iterator[FieldError]:
    if not 1 <= asked.copies <= MOST_COPIES:
        yield field_error("/copies", fault("copies", most=MOST_COPIES))
    if not 1 <= asked.pages <= MOST_PAGES:
        yield field_error("/pages", fault("pages", most=MOST_PAGES))
    if asked.result_choice == ResultChoice.COLLECT and not asked.collect_reason:
        yield field_error("/collect_reason", Fault("collect-reason"))


def tidied(asked: SubmissionInput) -> SubmissionInput:
    """The filing with its free texts in their kept form; raises SubmissionRefused."""
    faults = _Faults()
    texts = {"collect_reason": names.check_text(asked.collect_reason, 200), "note": names.check_note(asked.note)}
    for name, text in texts.items():
        if isinstance(text, Fault):
            faults.add(f"/{name}", text)
    if asked.channel not in set(Channel):
        faults.add("/channel", Fault("not-a-choice"))
    if asked.result_choice not in set(ResultChoice):
        faults.add("/result_choice", Fault("not-a-choice"))
    delivery = None if asked.delivery is None else _tidied_address(asked.delivery, faults)
    faults.raise_if_any()
    kept = {name: names.mask_numbers(text) for name, text in texts.items() if isinstance(text, str)}
    return replace(asked, collect_reason=kept["collect_reason"], note=kept["note"], delivery=delivery)


def _tidied_address(typed: DeliveryAddress, faults: _Faults) -> DeliveryAddress:
    name = names.check_name(typed.name) if typed.name.strip() else ""
    phone = people.check_phone(typed.phone) if typed.phone.strip() else ""
    street = names.check_text(typed.street, 200)
    for pointer, checked in (("name", name), ("phone", phone), ("street", street)):
        if isinstance(checked, Fault):
            faults.add(f"/delivery/{pointer}", checked)
    return DeliveryAddress(str(street), typed.commune_code.strip(), str(name), str(phone),
                           typed.former_commune_code.strip())


def _is_proven(group: str, citizen: Citizen, on: date, faults: _Faults) -> bool:
    if not group:
        return False
    if group in proven_groups(citizen, on):
        return True
    faults.add("/priority_group", Fault("unproven-group"))
    return False


def proven_groups(citizen: Citizen, on: date) -> list[str]:
    """Groups of the citizen with evidence that holds on that day, the newest first."""
    claims = PriorityClaim.objects.filter(citizen=citizen, valid_from__lte=on).exclude(valid_to__lte=on)
    return list(dict.fromkeys(claims.order_by("-valid_from", "-id").values_list("group", flat=True)))


def _delivery(asked: SubmissionInput, citizen: Citizen,
              faults: _Faults) -> tuple[DeliveryAddress | None, places.Place | None]:
    """Where the result goes, with the citizen's own entries where nothing else was said."""
    if asked.result_choice != ResultChoice.HOME:
        return None, None
    given = asked.delivery or DeliveryAddress(
        citizen.street, citizen.commune_id, former_commune_code=citizen.former_commune_id or "")
    if not given.street:
        faults.add("/delivery/street", Fault("address-needed"))
    choice = PlaceChoice(given.commune_code, given.former_commune_code)
    found = check_place(resolve_place(choice), choice)
    if isinstance(found, Fault):
        faults.add("/delivery/commune_code", found)
        return None, None
    home = found.communes[0]
    former = found.former.code if found.former is not None else former_home(citizen, home.code)
    return DeliveryAddress(given.street, home.code, given.name or citizen.full_name, given.phone or citizen.phone,
                           former), home


def _documents(asked: SubmissionInput, outlet: agents.OutletInfo, procedure: Procedure,
               faults: _Faults) -> tuple[Document, ...]:
    """The uploaded files, all of this outlet and not part of another dossier; required papers are there."""
    _check_papers(asked, procedure, faults)
    wanted = {paper.document_id: index for index, paper in enumerate(asked.documents) if paper.document_id}
    waiting = Document.objects.filter(id__in=wanted, outlet_id=outlet.id)
    found = {document.id: document for document in waiting.filter(
        dossier=None) | waiting.filter(dossier__client_ref=asked.client_ref)} if wanted else {}
    for document_id, index in wanted.items():
        if document_id not in found:
            faults.add(f"/documents/{index}/document_id", Fault("unknown-document"))
    if len(found) > MOST_FILES or sum(document.size_bytes for document in found.values()) > MOST_FILE_BYTES:
        faults.add("/documents", fault("too-many-files", most=MOST_FILES, megabytes=MOST_FILE_BYTES // 1024 ** 2))
    return tuple(found.values())


def _check_papers(asked: SubmissionInput, procedure: Procedure, faults: _Faults) -> None:
    listed = {paper["code"] for paper in procedure.documents} | {"other"}
    ids = [paper.document_id for paper in asked.documents]
    for index, paper in enumerate(asked.documents):
        if paper.component not in listed:
            faults.add(f"/documents/{index}/component", fault("unknown-paper", paper=paper.component))
        if paper.document_id is not None and ids.count(paper.document_id) > 1:
            faults.add(f"/documents/{index}/document_id", Fault("paper-twice"))
    for missing in missing_papers(procedure, asked.channel, [paper.component for paper in asked.documents]):
        faults.add("/documents", missing)


def missing_papers(procedure: Procedure, channel: str, there: Sequence[str]) -> Iterator[Fault]:
    for item in checklist(procedure, channel, there):
        if item.is_required and not item.is_there:
            yield fault("paper-missing", paper=item.name, component=item.code)


def _route(asked: SubmissionInput, *, citizen: Citizen, procedure: Procedure, outlet: agents.OutletInfo, on: date,
           faults: _Faults) -> Route:
    residence = PlaceChoice(citizen.commune_id, citizen.former_commune_id or "")
    place = asked.place or default_place(procedure, residence=residence, outlet_commune=outlet.commune_code)
    route = find_route(procedure=procedure, place=place, on=on, outlet=outlet, receiving=_receiving(asked, faults))
    if not place:
        faults.add("/place/commune_code", Fault("place-needed"))
    elif route.cause == "place-unknown":
        wrong = check_place(resolve_place(place), place)
        faults.add("/place/commune_code", wrong if isinstance(wrong, Fault) else Fault("place-unknown"))
    return route


def _receiving(asked: SubmissionInput, faults: _Faults) -> agents.CentreInfo | None:
    if asked.receiving_centre_id is None:
        return None
    try:
        return agents.get_centre(asked.receiving_centre_id)
    except agents.CentreNotFound:
        faults.add("/receiving_centre_id", Fault("unknown-centre"))
        return None
