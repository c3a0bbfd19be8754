"""Sending a citizen to where she must appear: with a slip that says where, when and with what, and a follow-up."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from agents import public as agents
from intake.errors import (
    AccountHelpNotFound,
    CitizenNotFound,
    NotAnOutlet,
    ReferralNotFound,
    ReferralRefused,
)
from intake.models.account_help import AccountHelp, Referral
from intake.models.citizens import Citizen
from intake.models.procedures import Procedure
from intake.queries.catalogue import get_procedure
from intake.rules import clock, names
from intake.rules.account_help import ReferralOutcome
from intake.rules.faults import Fault
from intake.rules.wording import Words
from intake.wording import field_error
from shared import audit, places
from shared.actors import Actor
from shared.calendar import local
from shared.errors import FieldError
from shared.identifiers import spoken_code
from shared.models.oversight import WorkItem
from shared.roles import Role
from shared.transactions import operation
from shared.working_days import work_calendar

KIND: Final = "referral-to-follow-up"
FOLLOW_UP_DAYS: Final = 2
"""Working days after the booked moment, or five after an open one, until somebody asks what became of it."""
OPEN_DAYS: Final = 5
IN_PERSON: Final = Words("Cấp thẻ căn cước, định danh điện tử mức độ 2", "ID card, electronic identity level 2")
CARD: Final = ({"vi": "Thẻ căn cước, hoặc giấy tờ tuỳ thân khác", "en": "ID card, or another identity paper"},
               {"vi": "Điện thoại của chính người dân", "en": "The citizen’s own phone"})
POLICE_FIELD: Final = "identity_residence"
"""The field of the catalogue whose procedures the police of a commune handle."""
OFFICE_HOURS: Final = "Giờ hành chính, thứ Hai đến thứ Sáu"


@dataclass(frozen=True, slots=True)
class ReferralInput:
    """Where to. Without `centre_id`: the centre of the citizen's commune, or its police for identity and residence."""

    citizen_id: UUID
    procedure_code: str = ""
    centre_id: UUID | None = None
    account_help_id: UUID | None = None
    place_address: str = ""
    place_hours: str = ""
    place_phone: str = ""
    booked_for: datetime | None = None
    note: str = ""


@operation
def refer_citizen(typed: ReferralInput, *, by: Actor, at: datetime) -> Referral:
    """Tell the citizen where to appear, with what and when.

    Raises:
        NotAnOutlet, CitizenNotFound, ProcedureNotFound, AccountHelpNotFound.
        ReferralRefused: entries are wrong, or there is no matter to go for.
    """
    if by.outlet_id is None:
        raise NotAnOutlet
    citizen = Citizen.objects.seen_by(by).select_related("commune").filter(id=typed.citizen_id).first()
    if citizen is None:
        raise CitizenNotFound
    help_ = _help(typed.account_help_id, citizen, by)
    procedure = get_procedure(typed.procedure_code, local(at).date()) if typed.procedure_code else None
    texts = _checked(typed, at, has_matter=procedure is not None or help_ is not None)
    referral = Referral.objects.create(
        code=spoken_code(), citizen=citizen, outlet_id=by.outlet_id, procedure=procedure, account_help=help_,
        **_place(_where(typed, citizen, procedure, at), citizen, texts), **_matter(procedure),
        booked_for=typed.booked_for, note=texts["note"],
        made_by=by.id, made_by_name=by.name, made_at=at)
    audit.record(actor=by, action="citizen.refer", object_type="citizen", object_id=citizen.id, at=at,
                 after={"referral": str(referral.id), "procedure": typed.procedure_code, "to": referral.place_kind})
    return referral


def _help(help_id: UUID | None, citizen: Citizen, by: Actor) -> AccountHelp | None:
    if help_id is None:
        return None
    found = AccountHelp.objects.seen_by(by).filter(id=help_id, citizen=citizen).first()
    if found is None:
        raise AccountHelpNotFound
    return found


def _checked(typed: ReferralInput, at: datetime, *, has_matter: bool) -> dict[str, str]:
    faults: list[FieldError] = []
    texts: dict[str, str] = {}
    for field, most in (("place_address", 200), ("place_hours", 160), ("place_phone", 20), ("note", 300)):
        text = names.check_text(getattr(typed, field), most)
        if isinstance(text, Fault):
            faults.append(field_error(f"/{field}", text))
        else:
            texts[field] = names.mask_numbers(text)
    if not has_matter:
        faults.append(field_error("/procedure_code", Fault("required")))
    if typed.booked_for is not None and typed.booked_for <= at:
        faults.append(field_error("/booked_for", Fault("booked-in-the-past")))
    if faults:
        raise ReferralRefused(errors=tuple(faults), data_kept=True)
    return texts


def _where(typed: ReferralInput, citizen: Citizen, procedure: Procedure | None, at: datetime) -> UUID | None:
    """The centre that was named, or the commune's own; none for what the police handle."""
    if typed.centre_id is not None or procedure is None or procedure.field == POLICE_FIELD:
        return typed.centre_id
    own = agents.centre_of_commune(citizen.commune_id, local(at).date())
    if own is None:
        raise ReferralRefused(errors=(field_error("/centre_id", Fault("unknown-centre")),))
    return own.id


def _place(centre_id: UUID | None, citizen: Citizen, texts: dict[str, str]) -> dict[str, Any]:
    """The centre with its own address; or the police of the commune of residence, as far as it is known."""
    if centre_id is None:
        name = f"Công an {citizen.commune.full_name}, {places.province_name(citizen.commune.province_id)}"
        return {"place_kind": "police", "place_name": name, "place_address": texts["place_address"],
                "place_hours": texts["place_hours"] or OFFICE_HOURS, "place_phone": texts["place_phone"]}
    try:
        centre = agents.get_centre(centre_id)
    except agents.CentreNotFound:
        raise ReferralRefused(errors=(field_error("/centre_id", Fault("unknown-centre")),)) from None
    return {"place_kind": "centre", "centre_id": centre.id, "place_name": centre.name,
            "place_address": texts["place_address"] or centre.address,
            "place_hours": texts["place_hours"] or OFFICE_HOURS, "place_phone": texts["place_phone"] or centre.phone}


def _matter(procedure: Procedure | None) -> dict[str, Any]:
    if procedure is None:
        return {"matter_vi": IN_PERSON.vi, "matter_en": IN_PERSON.en, "bring": list(CARD)}
    papers = [{"vi": paper["name_vi"], "en": paper["name_en"]} for paper in procedure.documents
              if paper["required"] in {"always", "by_post"}]
    return {"matter_vi": procedure.name_vi, "matter_en": procedure.name_en, "bring": [CARD[0], *papers]}


@operation
def record_outcome(*, referral_id: UUID, outcome: str, note: str = "", by: Actor, at: datetime) -> Referral:
    """Write down what became of a referral. The same word again changes nothing.

    Raises:
        ReferralNotFound: unknown, or of another outlet.
        ReferralRefused: no such outcome.
    """
    referral = Referral.objects.seen_by(by).select_for_update(of=("self",)).filter(id=referral_id).first()
    if referral is None:
        raise ReferralNotFound
    text = names.check_text(note, 300)
    if outcome not in set(ReferralOutcome):
        raise ReferralRefused(errors=(field_error("/outcome", Fault("not-a-choice")),))
    if isinstance(text, Fault):
        raise ReferralRefused(errors=(field_error("/note", text),))
    before = referral.outcome
    referral.outcome, referral.outcome_note = outcome, names.mask_numbers(text)
    referral.outcome_by, referral.outcome_at = by.id, at
    referral.save(update_fields=["outcome", "outcome_note", "outcome_by", "outcome_at"])
    audit.record(actor=by, action="referral.outcome", object_type="citizen", object_id=referral.citizen_id, at=at,
                 before={"outcome": before}, after={"referral": str(referral.id), "outcome": outcome})
    return referral


@operation
def watch_referrals(*, at: datetime) -> int:
    """Open work where nobody has asked what became of a referral, close what was; returns how many it opened."""
    calendar = work_calendar()
    booked = clock.moment_before(at, FOLLOW_UP_DAYS * clock.DAY_MINUTES, calendar)
    made = clock.moment_before(at, OPEN_DAYS * clock.DAY_MINUTES, calendar)
    lying = Referral.objects.filter(outcome="").select_related("outlet")
    late = [*lying.filter(booked_for__lt=booked), *lying.filter(booked_for=None, made_at__lt=made)]
    waiting = {str(referral.id): referral for referral in late}
    open_items = WorkItem.objects.filter(kind=KIND, closed_at=None)
    open_items.exclude(reference__in=list(waiting)).update(closed_at=at, closed_by="sweep", outcome="settled")
    known = set(open_items.values_list("reference", flat=True))
    due_at = clock.due_after_pause(clock.DAY_MINUTES, at, calendar)
    items = [WorkItem(kind=KIND, reference=reference, owner_role=Role.OUTLET_CLERK, owner_place=referral.outlet.code,
                      opened_at=at, due_at=due_at, detail={"code": referral.code})
             for reference, referral in waiting.items() if reference not in known]
    return len(WorkItem.objects.bulk_create(items, ignore_conflicts=True))
