"""Everything an officer looks at before she decides on one dossier."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db.models import FETCH_RAISE, F
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from agents import public as agents
from delivery import public as delivery
from intake.covering import away_today
from intake.errors import DossierNotFound
from intake.models.citizens import Citizen
from intake.models.corrections import Correction, CorrectionState
from intake.models.decisions import Extension, Refusal, Resolution, ResultHandOver, StopNotice, SupplementRequest
from intake.models.desk import Absence
from intake.models.dossiers import Dossier, DossierStep
from intake.models.routing import AuthorityQuestion
from intake.plain_data import pricing_from_data
from intake.queries.centre import CHANNEL_WORDS, calendar_of, deadline_of, minutes_left
from intake.queries.desk_papers import Paper, papers_of, scans_of
from intake.queries.interim import steps_of
from intake.records import Pricing, Route, route_from_data
from intake.rules import extension as rules
from intake.rules.catalogue import Channel, ResultChoice
from intake.rules.corrections import FIELDS
from intake.rules.interim import StepReading
from intake.rules.short_names import short_words
from intake.rules.state_words import state_words, step_words
from intake.rules.states import RUNNING, Handling, MoneyState, ResultState
from intake.rules.wording import Words
from shared.actors import Actor, ActorKind
from shared.calendar import local
from shared.deadlines import Deadline
from shared.formatting import full_day, stamp
from shared.roles import Role

BY_ITSELF: Final = Words("Tự động", "Automatic")

RESULT_CHOICE_WORDS: Final = {
    ResultChoice.HOME: Words("Gửi về nhà qua bưu chính", "Sent home by post"),
    ResultChoice.COLLECT: Words("Nhận tại trung tâm", "Fetched at the centre"),
    ResultChoice.ELECTRONIC: Words("Bản điện tử", "Electronic"),
}


@dataclass(frozen=True, slots=True)
class TrailStep:
    """One step as the timeline shows it."""

    at: datetime
    what: Words
    who: str
    place: str
    action: str
    machine: str
    note: str = ""


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
    extension: Extension | None
    """Form 04: a draft, or sent."""
    send_by: datetime | None
    """The last moment for an apology; None when the clock does not run."""
    proposed_due: datetime | None
    latest_due: datetime | None
    """The last day that an extension may name; None when there can be none any more."""
    why_no_extension: str
    stop_notices: tuple[StopNotice, ...]
    hand_overs: tuple[ResultHandOver, ...]
    corrections: tuple[Correction, ...]
    correctable: Mapping[str, str]
    """Code of intake.rules.corrections.FIELDS → what stands there now."""
    steps: tuple[StepReading, ...]
    """The steps inside the handling; empty before reception."""
    colleagues: tuple[agents.ColleagueInfo, ...]
    away: Absence | None
    """The officer's absence today."""
    parcels: tuple[delivery.ParcelInfo, ...]

    @property
    def has_open_correction(self) -> bool:
        return any(each.state == CorrectionState.PROPOSED for each in self.corrections)

    def is_held_by(self, actor: Actor) -> bool:
        """Whether `actor` is its officer, stands in for her today, or manages the centre."""
        stands_in = self.away is not None and str(self.away.covered_by_id) == actor.id
        return stands_in or str(self.officer_id) == actor.id or actor.role == Role.CENTRE_MANAGER

    @property
    def papers_there(self) -> int:
        return sum(paper.state != "missing" for paper in self.papers)


def find_desk(dossier_id: UUID, *, actor: Actor, now: datetime) -> Desk:
    """The dossier as it lies before `actor`; a constant number of queries.

    Raises:
        DossierNotFound: `actor` sees no such dossier.
    """
    scope = Dossier.objects.seen_by(actor).select_related("procedure", "citizen__commune", "citizen__former_commune",
                                                          "delivery_commune", "refusal", "resolution", "extension")
    named = scope.annotate(
        outlet_name=F("outlet__name"), receiving_name=F("receiving_centre__name"),
        officer_name=F("officer__display_name"),
        authority_name=Coalesce(F("authority_centre__authority_name"), F("receiving_centre__authority_name")))
    dossier: Any = named.fetch_mode(FETCH_RAISE).filter(id=dossier_id).first()
    if dossier is None:
        raise DossierNotFound
    return _desk(dossier, actor, now)


def _desk(dossier: Any, actor: Actor, now: datetime) -> Desk:
    steps = list(DossierStep.objects.filter(dossier_id=dossier.id).exclude(machine="sync").order_by("at", "id"))
    colleagues = agents.staff_of_centre(actor.centre_id) if actor.centre_id is not None else []
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
        papers=papers_of(procedure.documents, scans_of(dossier.id), set(dossier.presented)), trail=trail(steps),
        requests=tuple(SupplementRequest.objects.filter(dossier=dossier).order_by("requested_at")),
        refusal=getattr(dossier, "refusal", None), resolution=getattr(dossier, "resolution", None),
        question=AuthorityQuestion.objects.filter(dossier=dossier, answered_at=None).first(),
        parcels=tuple(delivery.parcels_of_dossier(dossier.id)), extension=getattr(dossier, "extension", None),
        **_extension_facts(dossier, now), correctable=_correctable(dossier),
        **_changes(dossier.id, {step.action for step in steps}),
        steps=steps_of(dossier, [step for step in steps if step.machine == "handling"], now),
        colleagues=tuple(colleagues), away=away_today(dossier.officer_id, now))


def _changes(dossier_id: UUID, actions: set[str]) -> dict[str, Any]:
    """What hangs on a dossier that few have: asked for only where the trace says that there is some."""
    notices = StopNotice.objects.filter(dossier_id=dossier_id).order_by("stopped_at")
    given = ResultHandOver.objects.filter(dossier_id=dossier_id).order_by("handed_at")
    proposed = Correction.objects.filter(dossier_id=dossier_id).order_by("proposed_at")
    return {"stop_notices": tuple(notices) if actions & {"stop", "withdraw"} else (),
            "hand_overs": tuple(given) if "return" in actions else (),
            "corrections": tuple(proposed) if "propose_correction" in actions else ()}


def _extension_facts(dossier: Any, now: datetime) -> dict[str, Any]:
    """Until when an apology is possible, what is proposed, or why there can be none."""
    nothing = {"send_by": None, "proposed_due": None, "latest_due": None}
    if dossier.handling not in RUNNING or dossier.paused_at is not None or dossier.due_at is None:
        return nothing | {"why_no_extension": _("The clock does not run")}
    calendar, extension = calendar_of(dossier), getattr(dossier, "extension", None)
    if extension is not None and extension.sent_at is not None:
        return nothing | {"why_no_extension": _("Extended once already, on %(day)s") % {
            "day": full_day(extension.sent_at)}}
    send_by = rules.send_by(dossier.due_at, calendar)
    if now > send_by:
        return nothing | {"why_no_extension": _("Too late: it had to be out by %(when)s") % {"when": stamp(send_by)}}
    proposed = rules.proposed_due(dossier.due_at, dossier.term_minutes, calendar)
    if extension is not None and extension.due_before == dossier.due_at:
        proposed = extension.due_after
    return {"send_by": send_by, "proposed_due": local(proposed), "why_no_extension": "",
            "latest_due": rules.latest_due(dossier.due_at, dossier.term_minutes, calendar)}


def _correctable(dossier: Any) -> dict[str, str]:
    owners = {"citizen": dossier.citizen, "dossier": dossier, "resolution": getattr(dossier, "resolution", None)}
    return {code: str(getattr(owners[known.owner], known.column)) for code, known in FIELDS.items()
            if owners[known.owner] is not None}


def _delivery_line(dossier: Any) -> str:
    parts = (dossier.delivery_street, dossier.delivery_commune.full_name if dossier.delivery_commune else "")
    return ", ".join(part for part in parts if part)


def trail(steps: Iterable[DossierStep]) -> tuple[TrailStep, ...]:
    """The steps of handling, money and result in the order they happened; synchronisation is the machines' own."""
    return tuple(TrailStep(step.at, _what(step), _who(step), step.place, step.action, step.machine, step.note)
                 for step in steps)


def _what(step: DossierStep) -> Words:
    """The step in words, with to whom a dossier went and which step of the process began."""
    words = step_words(step.action)
    if step.action == "hand_on":
        words = Words(str(step.data.get("name_vi", words.vi)), str(step.data.get("name_en", words.en)))
    name = step.data.get("to_name") if step.action in {"assign", "pass_on", "hand_on"} else ""
    return Words(f"{words.vi}: {name}", f"{words.en}: {name}") if name else words


def _who(step: DossierStep) -> str:
    """A person's name; our own jobs have none worth reading."""
    return str(BY_ITSELF) if step.actor_kind == ActorKind.JOB else step.actor_name
