"""The steps of an accreditation: the operator proposes and opens, one officer looks, another decides."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from agents.accreditation.errors import (
    AccreditationNotFound,
    AccreditationStepImpossible,
    InvalidAccreditation,
    NotTheSurveyor,
)
from agents.accreditation.models import Accreditation, AccreditationStep, Survey
from agents.accreditation.rules import (
    DECISIONS,
    MOVES,
    PASS_PERCENT,
    SURVEY_HOLDS,
    TAKEN_BY,
    WATCHED,
    WITH_REASON,
    State,
    Step,
    licensed_until,
    readiness,
)
from agents.errors import MayNotRunOutlet, NotYourRole, OutletCodeTaken
from agents.models.organisations import Outlet, OutletStatus
from agents.operations import outlets
from agents.operations.outlets import Agreement, Site
from agents.programme import admission
from agents.programme.admission import Place, refusal
from agents.programme.wording import NOT_NOW
from agents.rules import OutletStep
from shared import work
from shared.actors import Actor, ActorKind, job
from shared.audit import record
from shared.calendar import local
from shared.errors import ErrorCollector
from shared.problems import told
from shared.roles import Role
from shared.text import clean, hidden_character
from shared.transactions import operation

WAITING: Final = "accreditation-waiting"


@dataclass(frozen=True, slots=True)
class Proposal:
    """The place that an operator proposes, and what it is to do there."""

    code: str
    name: str
    site: Site
    tasks: frozenset[str]
    phase: str
    phone: str = ""


@operation
def propose(*, operator_id: UUID, proposal: Proposal, by: Actor, at: datetime) -> Accreditation:
    """Put a place forward.

    Raises:
        InvalidOutlet: entries that no outlet could have.
        MayNotRunOutlet: `by` does not speak for the operator.
        OutletCodeTaken: an outlet or another proposal has the code.
    """
    if by.role not in {Role.OPERATOR_HQ, ""} and by.kind is not ActorKind.JOB:
        raise MayNotRunOutlet
    return _proposed(operator_id, _checked(operator_id, proposal, by, at), by, at, "")


def handed_over(*, operator_id: UUID, proposal: Proposal, by: Actor, at: datetime, reason: str) -> Accreditation:
    """A candidate that the city's own plan names, with the plan's reasons; must run inside an operation.

    Raises:
        InvalidOutlet, OutletCodeTaken: as `propose`.
    """
    return _proposed(operator_id, _checked(operator_id, proposal, job("placement"), at), by, at, reason)


def _proposed(operator_id: UUID, like: Outlet, by: Actor, at: datetime, reason: str) -> Accreditation:
    made = Accreditation(
        operator_id=operator_id, province_code=like.commune.province_id, code=like.code, name=like.name,
        commune_id=like.commune_id, address=like.address, phone=like.phone, latitude=like.latitude,
        longitude=like.longitude, tasks=like.tasks, phase=like.phase, proposed_at=at, changed_at=at)
    try:
        with transaction.atomic():
            made.save(force_insert=True)
    except IntegrityError as error:
        raise OutletCodeTaken from error
    keep_step(made, "propose", by, at, reason)
    return made


def _checked(operator_id: UUID, proposal: Proposal, by: Actor, at: datetime) -> Outlet:
    agreement = Agreement(proposal.tasks, local(at).date(), None, proposal.phase)
    like = outlets.checked(code=proposal.code, name=proposal.name, operator_id=operator_id, site=proposal.site,
                           agreement=agreement, hours=[], by=by, phone=proposal.phone)
    if Outlet.objects.filter(code=like.code).exists():
        raise OutletCodeTaken
    return like


@operation
def take_step(*, accreditation_id: UUID, step: Step, by: Actor, at: datetime, reason: str = "") -> Accreditation:
    """Take any step but the survey, which has its own page.

    Raises:
        AccreditationNotFound: none that `by` sees.
        NotYourRole: the step is another role's.
        NotTheSurveyor: who made the survey does not decide on it.
        AccreditationStepImpossible: not from the present state, or the survey does not carry it.
        InvalidAccreditation: a reason is missing.
    """
    found = locked(accreditation_id, by)
    allow(found, step, by)
    _check_reason(step, reason)
    if step in DECISIONS:
        _decide(found, step, by, at)
    if step is Step.RESUME and found.licensed_until is not None and found.licensed_until <= local(at).date():
        raise AccreditationStepImpossible(_("The licence has ended: survey the outlet and renew it."), step=step.value)
    if step is Step.ACTIVATE:
        _open(found, by, at)
    if found.outlet is not None and step is not Step.ACTIVATE:
        _carry_over(found, step, reason, by, at)
    moved(found, step, by, at, reason=reason)
    return found


def locked(accreditation_id: UUID, by: Actor) -> Accreditation:
    """Raises AccreditationNotFound."""
    seen = Accreditation.objects.seen_by(by).select_related("outlet", "commune", "operator")
    found: Accreditation | None = seen.select_for_update(of=("self",)).filter(id=accreditation_id).first()
    if found is None:
        raise AccreditationNotFound
    return found


def allow(found: Accreditation, step: Step, by: Actor) -> None:
    """Raises NotYourRole or AccreditationStepImpossible."""
    if by.kind is not ActorKind.JOB and by.role not in TAKEN_BY[step]:
        raise NotYourRole
    if (State(found.state), step) not in MOVES:
        raise AccreditationStepImpossible(_("Look at its present state first."), state=found.state, step=step.value)


def moved(found: Accreditation, step: Step, by: Actor, at: datetime, *, reason: str = "") -> None:
    """Write the step down; whoever must act next is told when she lets it lie."""
    before = found.state
    found.state, found.changed_at, found.reason = MOVES[State(before), step], at, clean(reason)
    found.save()
    work.close_item(kind=WAITING, reference=str(found.id), by=by.id, at=at, outcome=step.value)
    if step in {Step.RENEW, Step.CLOSE}:
        work.close_item(kind=RENEWAL, reference=str(found.id), by=by.id, at=at, outcome=step.value)
    keep_step(found, step.value, by, at, found.reason, before=before)


RENEWAL: Final = "accreditation-renewal"


def keep_step(found: Accreditation, step: str, by: Actor, at: datetime, reason: str, *, before: str = "") -> None:
    AccreditationStep.objects.create(accreditation=found, step=step, state=found.state, at=at, by_name=by.name or by.id,
                                     reason=reason)
    record(actor=by, action=f"accreditation.{step}", object_type="accreditation", object_id=found.id, at=at,
           before={"state": before} if before else {}, after={"state": found.state}, reason=reason)
    watched = WATCHED.get(State(found.state))
    if watched is not None:
        place = found.province_code if watched.role == Role.PROGRAMME_OFFICER else found.operator.code
        work.open_item(kind=WAITING, reference=str(found.id), owner_role=watched.role, owner_place=place, at=at,
                       due_at=at + watched.within, detail={"state": found.state, "code": found.code})


def _check_reason(step: Step, reason: str) -> None:
    if step in WITH_REASON and (not 3 <= len(clean(reason)) <= 500 or hidden_character(clean(reason)) is not None):
        wrong = ErrorCollector()
        wrong.add("/reason", "required", _("Say why; the other side reads it."))
        wrong.raise_if_any(InvalidAccreditation)


def _decide(found: Accreditation, step: Step, by: Actor, at: datetime) -> None:
    survey = Survey.objects.filter(accreditation=found).exclude(finished_at=None).order_by("-finished_at").first()
    if survey is None or survey.finished_at is None or survey.finished_at < at - SURVEY_HOLDS:
        raise AccreditationStepImpossible(_("It takes a survey of the last 90 days."), step=step.value)
    if survey.inspector_id == by.id:
        raise NotTheSurveyor
    if step is Step.RETURN:
        return
    result = readiness(dict(survey.marks.values_list("item", "mark")), frozenset(survey.photos.values_list(
        "item", flat=True)))
    if not result.passes:
        raise AccreditationStepImpossible(
            str(told(_("Every required item must be met and {percent} percent reached; return it with reasons."),
                     percent=PASS_PERCENT)), percent=result.percent, unmet=list(result.unmet))
    found.approved_by, found.approved_by_name, found.approved_at = by.id, by.name, at
    if step is Step.RENEW:
        _license(found, at)
    else:
        found.licence_number = f"{found.province_code}-{found.code}-{local(at):%Y}"


def _license(found: Accreditation, at: datetime) -> None:
    found.licensed_from = local(at).date()
    found.licensed_until = licensed_until(found.licensed_from)


def _open(found: Accreditation, by: Actor, at: datetime) -> None:
    """The place becomes an outlet, under an agreement as long as the licence."""
    admission.forget()  # an opening is rare, so it asks the database
    asked = Place(found.province_code, found.commune_id, found.operator_id, found.operator.code)
    if why := refusal(asked, local(at).date()):
        raise AccreditationStepImpossible(NOT_NOW[why], reason=why)
    _license(found, at)
    assert found.licensed_from is not None  # noqa: S101  # set just now
    site = Site(found.commune_id, found.address, found.latitude, found.longitude)
    # The agreement goes on when the licence is renewed; what ends with the licence is the outlet's work.
    agreement = Agreement(frozenset(found.tasks), found.licensed_from, None, found.phase)
    found.outlet = outlets.opened(code=found.code, name=found.name, operator_id=found.operator_id, site=site,
                                  agreement=agreement, hours=[], by=by, at=at, phone=found.phone)


_OUTLET_STEPS: Final = {Step.SUSPEND: OutletStep.SUSPEND, Step.EXPIRE: OutletStep.SUSPEND,
                        Step.RESUME: OutletStep.RESUME, Step.RENEW: OutletStep.RESUME, Step.CLOSE: OutletStep.CLOSE}
_LEADS_TO: Final = {OutletStep.SUSPEND: OutletStatus.SUSPENDED, OutletStep.RESUME: OutletStatus.ACTIVE,
                    OutletStep.CLOSE: OutletStatus.CLOSED}


def _carry_over(found: Accreditation, step: Step, reason: str, by: Actor, at: datetime) -> None:
    """What happens to the licence happens to the outlet, unless it is so already; its operator's own pause stays."""
    outlet_step = _OUTLET_STEPS.get(step)
    if outlet_step is None or found.outlet_id is None or (step is Step.RENEW and found.state != State.SUSPENDED):
        return
    outlet = Outlet.objects.select_for_update().get(id=found.outlet_id)
    if outlet.status != _LEADS_TO[outlet_step]:
        outlets.stepped(outlet, outlet_step, clean(reason) or step.value, by, at)
