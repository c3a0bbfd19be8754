"""Everything an officer looks at before she decides on one dossier."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db.models import FETCH_RAISE, F
from django.db.models.functions import Coalesce

from delivery import public as delivery
from intake.errors import DossierNotFound
from intake.models.citizens import Citizen
from intake.models.decisions import Refusal, Resolution, SupplementRequest
from intake.models.documents import Document, ScanVerdict
from intake.models.dossiers import Dossier, DossierStep
from intake.models.routing import AuthorityQuestion
from intake.plain_data import pricing_from_data
from intake.queries.centre import CHANNEL_WORDS, deadline_of, minutes_left
from intake.records import Pricing, Route, route_from_data
from intake.rules.catalogue import Channel, ResultChoice
from intake.rules.short_names import short_words
from intake.rules.state_words import state_words, step_words
from intake.rules.states import Handling, MoneyState, ResultState
from intake.rules.wording import Words
from shared.actors import Actor, ActorKind
from shared.deadlines import Deadline

LONGEST_TAB: Final = 26
OTHER_PAPERS: Final = Words("Giấy tờ khác", "Other papers")
BY_ITSELF: Final = Words("Tự động", "Automatic")
RESULT_PAPER: Final = Words("Kết quả", "Result")

RESULT_CHOICE_WORDS: Final = {
    ResultChoice.HOME: Words("Gửi về nhà qua bưu chính", "Sent home by post"),
    ResultChoice.COLLECT: Words("Nhận tại trung tâm", "Fetched at the centre"),
    ResultChoice.ELECTRONIC: Words("Bản điện tử", "Electronic"),
}


@dataclass(frozen=True, slots=True)
class Scan:
    """One uploaded file of a paper."""

    id: UUID
    name: str
    content_type: str
    pages: int | None
    verdict: str

    @property
    def is_picture(self) -> bool:
        return self.content_type.startswith("image/")

    @property
    def is_infected(self) -> bool:
        return self.verdict == ScanVerdict.INFECTED


@dataclass(frozen=True, slots=True)
class Paper:
    """One paper of the published list with what there is of it. `state`: "scanned", "shown" or "missing"."""

    code: str
    name: Words
    note: Words
    kind: str
    is_always_required: bool
    state: str
    scans: tuple[Scan, ...]

    @property
    def short_name(self) -> Words:
        return short_words(self.name.vi, self.name.en, LONGEST_TAB)

    @property
    def pages(self) -> int:
        return sum(scan.pages or 1 for scan in self.scans)


@dataclass(frozen=True, slots=True)
class TrailStep:
    """One step as the timeline shows it."""

    at: datetime
    what: Words
    who: str
    place: str
    action: str
    machine: str


@dataclass(frozen=True, slots=True)
class Desk:
    """One dossier before the officer. The citizen's number is masked; the full one is another, recorded look."""

    id: UUID
    version: int
    reference: str
    code: str
    agent_ref: str
    handling: Handling
    state: Words
    money: MoneyState
    money_words: Words
    result: ResultState
    result_words: Words
    channel: Channel
    channel_words: Words
    citizen: Citizen
    procedure_code: str
    procedure_name: Words
    short_name: Words
    legal_basis: str
    terms: Mapping[str, Any]
    has_same_day_cutoff: bool
    outlet_name: str
    """Empty: filed at the centre's own counter."""
    receiving_id: UUID | None
    receiving_name: str
    deciding_id: UUID | None
    """The centre whose authority decides; the receiving one while nobody has said which."""
    authority_name: str
    officer_id: UUID | None
    officer_name: str
    deadline: Deadline
    submitted_at: datetime | None
    forwarded_at: datetime | None
    handed_over_at: datetime | None
    received_at: datetime | None
    due_at: datetime | None
    minutes_left: int
    """Working minutes of the term; negative when it is past, and while paused what was left."""
    copies: int
    note: str
    result_choice: ResultChoice
    result_choice_words: Words
    delivery_line: str
    route: Route | None
    pricing: Pricing | None
    papers: tuple[Paper, ...]
    trail: tuple[TrailStep, ...]
    requests: tuple[SupplementRequest, ...]
    refusal: Refusal | None
    resolution: Resolution | None
    question: AuthorityQuestion | None
    parcels: tuple[delivery.ParcelInfo, ...]

    @property
    def papers_there(self) -> int:
        return sum(paper.state != "missing" for paper in self.papers)


def find_desk(dossier_id: UUID, *, actor: Actor, now: datetime) -> Desk:
    """The dossier as it lies before `actor`; a constant number of queries.

    Raises:
        DossierNotFound: `actor` sees no such dossier.
    """
    scope = Dossier.objects.seen_by(actor).select_related("procedure", "citizen__commune", "citizen__former_commune",
                                                          "delivery_commune", "refusal", "resolution")
    named = scope.annotate(
        outlet_name=F("outlet__name"), receiving_name=F("receiving_centre__name"),
        officer_name=F("officer__display_name"),
        authority_name=Coalesce(F("authority_centre__authority_name"), F("receiving_centre__authority_name")))
    dossier: Any = named.fetch_mode(FETCH_RAISE).filter(id=dossier_id).first()
    if dossier is None:
        raise DossierNotFound
    return _desk(dossier, now)


def _desk(dossier: Any, now: datetime) -> Desk:
    procedure, handling = dossier.procedure, Handling(dossier.handling)
    money, result = MoneyState(dossier.money), ResultState(dossier.result)
    channel, choice = Channel(dossier.channel), ResultChoice(dossier.result_choice)
    return Desk(
        id=dossier.id, version=dossier.version, reference=dossier.code or dossier.agent_ref, code=dossier.code or "",
        agent_ref=dossier.agent_ref, handling=handling, state=state_words(handling), money=money,
        money_words=state_words(money), result=result, result_words=state_words(result), channel=channel,
        channel_words=CHANNEL_WORDS[channel], citizen=dossier.citizen, procedure_code=dossier.procedure_code,
        procedure_name=Words(procedure.name_vi, procedure.name_en),
        short_name=short_words(procedure.name_vi, procedure.name_en), legal_basis=procedure.legal_basis,
        terms=procedure.terms, has_same_day_cutoff=procedure.has_same_day_cutoff,
        outlet_name=dossier.outlet_name or "", receiving_id=dossier.receiving_centre_id,
        receiving_name=dossier.receiving_name or "",
        deciding_id=dossier.authority_centre_id or dossier.receiving_centre_id,
        authority_name=dossier.authority_name or "", officer_id=dossier.officer_id,
        officer_name=dossier.officer_name or "",
        deadline=deadline_of(dossier, now), submitted_at=dossier.submitted_at, forwarded_at=dossier.forwarded_at,
        handed_over_at=dossier.handed_over_at, received_at=dossier.received_at, due_at=dossier.due_at,
        minutes_left=minutes_left(dossier, now), copies=dossier.copies,
        note=dossier.note, result_choice=choice,
        result_choice_words=RESULT_CHOICE_WORDS[choice], delivery_line=_delivery_line(dossier),
        route=route_from_data(dossier.route), pricing=pricing_from_data(dossier.quote),
        papers=_papers(procedure.documents, _scans(dossier.id), set(dossier.presented)), trail=trail(dossier.id),
        requests=tuple(SupplementRequest.objects.filter(dossier=dossier).order_by("requested_at")),
        refusal=getattr(dossier, "refusal", None), resolution=getattr(dossier, "resolution", None),
        question=AuthorityQuestion.objects.filter(dossier=dossier, answered_at=None).first(),
        parcels=tuple(delivery.parcels_of_dossier(dossier.id)))


def _delivery_line(dossier: Any) -> str:
    parts = (dossier.delivery_street, dossier.delivery_commune.full_name if dossier.delivery_commune else "")
    return ", ".join(part for part in parts if part)


def _scans(dossier_id: UUID) -> Mapping[str, Sequence[Scan]]:
    found: dict[str, list[Scan]] = {}
    for document in Document.objects.filter(dossier_id=dossier_id).order_by("uploaded_at", "id"):
        found.setdefault(document.component, []).append(
            Scan(document.id, document.original_name, document.content_type, document.pages, document.verdict))
    return found


def _papers(listed: Iterable[Mapping[str, Any]], scans: Mapping[str, Sequence[Scan]],
            shown: set[str]) -> tuple[Paper, ...]:
    """The published list first, in its order, then what else was handed in."""
    papers = [
        Paper(paper["code"], Words(paper["name_vi"], paper["name_en"]),
              Words(paper.get("note_vi", ""), paper.get("note_en", "")), paper["kind"], paper["required"] == "always",
              _paper_state(paper["code"], scans, shown), tuple(scans.get(paper["code"], ())))
        for paper in listed]
    known = {paper.code for paper in papers}
    for component, files in scans.items():
        if component not in known:
            name = RESULT_PAPER if component == "result" else OTHER_PAPERS
            papers.append(Paper(component, name, Words(), "copy", False, "scanned", tuple(files)))
    return tuple(papers)


def _paper_state(code: str, scans: Mapping[str, Sequence[Scan]], shown: set[str]) -> str:
    if scans.get(code):
        return "scanned"
    return "shown" if code in shown else "missing"


def trail(dossier_id: UUID) -> tuple[TrailStep, ...]:
    """The steps of handling, money and result in the order they happened; synchronisation is the machines' own."""
    steps = DossierStep.objects.filter(dossier_id=dossier_id).exclude(machine="sync").order_by("at", "id")
    return tuple(TrailStep(step.at, step_words(step.action), _who(step), step.place, step.action, step.machine)
                 for step in steps)


def _who(step: DossierStep) -> str:
    """A person's name; our own jobs have none worth reading."""
    return str(BY_ITSELF) if step.actor_kind == ActorKind.JOB else step.actor_name
