"""A proposal is corrected before it is decided; outlets that had a licence before are taken over with it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from agents.accreditation.errors import AccreditationStepImpossible, InvalidAccreditation
from agents.accreditation.models import Accreditation, EquipmentNote
from agents.accreditation.rules import LICENSED, PIECES, Equipment, State, licensed_until
from agents.accreditation.steps import Proposal, keep_step, locked
from agents.accreditation.surveying import open_survey
from agents.errors import NotYourRole
from agents.models.organisations import Outlet, OutletStatus
from agents.operations import outlets
from agents.operations.outlets import Agreement
from agents.scope import outlets_seen_by
from shared.actors import Actor, ActorKind
from shared.audit import record
from shared.calendar import local
from shared.errors import ErrorCollector
from shared.problems import told
from shared.roles import Role
from shared.text import clean, hidden_character
from shared.transactions import operation

MOST_AT_ONCE: Final = 500
_CORRECTED_IN: Final = frozenset({State.CANDIDATE, State.RETURNED})
_NOTE_EQUIPMENT: Final = frozenset({Role.OUTLET_MANAGER, Role.OPERATOR_HQ, Role.PROGRAMME_OFFICER})


@operation
def change_proposal(*, accreditation_id: UUID, proposal: Proposal, by: Actor, at: datetime) -> Accreditation:
    """Correct what was proposed; the code stays.

    Raises:
        AccreditationNotFound, NotYourRole: as for every step; only the operator corrects.
        AccreditationStepImpossible: it is decided, or an officer is surveying it.
        InvalidOutlet: entries that no outlet could have.
    """
    found = locked(accreditation_id, by)
    if by.role != Role.OPERATOR_HQ and by.kind is not ActorKind.JOB:
        raise NotYourRole
    if found.state not in _CORRECTED_IN or open_survey(found) is not None:
        raise AccreditationStepImpossible(_("A proposal is corrected before an officer surveys it, or once it was "
                                            "returned."), state=found.state)
    like = outlets.checked(
        code=found.code, name=proposal.name, operator_id=found.operator_id, site=proposal.site, hours=[], by=by,
        agreement=Agreement(proposal.tasks, local(at).date(), None, proposal.phase), phone=proposal.phone)
    for name in ("name", "commune_id", "address", "phone", "latitude", "longitude", "tasks", "phase"):
        setattr(found, name, getattr(like, name))
    if like.commune.province_id != found.province_code:
        raise AccreditationStepImpossible(_("A place in another city is a proposal of its own."))
    found.save()
    keep_step(found, "change", by, at, "")
    return found


@dataclass(frozen=True, slots=True)
class Licence:
    """A licence that outlets had before this system; half-open."""

    licensed_from: date
    licensed_until: date
    legal_basis: str


@operation
def take_over(*, codes: Sequence[str], licence: Licence, by: Actor, at: datetime) -> list[Accreditation]:
    """Bring outlets that work already under accreditation, with the dates and the source of what they were given.

    Raises:
        NotYourRole: another than an officer of the city's programme.
        InvalidAccreditation: no outlet, one that is not seen, works not or has an accreditation; dates or source.
    """
    if by.role != Role.PROGRAMME_OFFICER and by.kind is not ActorKind.JOB:
        raise NotYourRole
    wrong = ErrorCollector()
    rows = _without(codes, by, wrong)
    source = _check_licence(licence, local(at).date(), wrong)
    wrong.raise_if_any(InvalidAccreditation)
    return [_taken_over(outlet, licence, source, by, at) for outlet in rows]


def _without(codes: Sequence[str], by: Actor, wrong: ErrorCollector) -> list[Outlet]:
    wanted = set(codes)
    rows = [row for row in without_accreditation(by) if row.code in wanted]
    if not wanted or len(wanted) > MOST_AT_ONCE:
        wrong.add("/codes", "required", _("Choose 1 to 500 outlets."))
    if missing := sorted(wanted - {row.code for row in rows}):
        wrong.add("/codes", "unknown-outlet", told(_("Not an outlet that works without accreditation: {names}"),
                                                   names=", ".join(missing[:8])))
    return rows


def without_accreditation(by: Actor) -> list[Outlet]:
    """Outlets in sight that work and have no accreditation, by code; a proposal of the same code goes first."""
    rows = outlets_seen_by(by).filter(status=OutletStatus.ACTIVE, accreditation=None)
    return list(rows.exclude(code__in=Accreditation.objects.values("code")).order_by("code"))


def _check_licence(licence: Licence, today: date, wrong: ErrorCollector) -> str:
    source = clean(licence.legal_basis)
    if not 3 <= len(source) <= 300 or hidden_character(source) is not None:
        wrong.add("/legal_basis", "required", _("Name the decision that gave the licence."))
    if licence.licensed_from > today:
        wrong.add("/licensed_from", "out-of-range", _("A licence that an outlet has began in the past."))
    if not today < licence.licensed_until <= licensed_until(today):
        wrong.add("/licensed_until", "out-of-range", _("It ends after today and within two years."))
    return source


def _taken_over(outlet: Outlet, licence: Licence, source: str, by: Actor, at: datetime) -> Accreditation:
    province = outlet.commune.province_id
    made = Accreditation.objects.create(
        state=State.ACTIVE, operator_id=outlet.operator_id, outlet=outlet, province_code=province, code=outlet.code,
        name=outlet.name, commune_id=outlet.commune_id, address=outlet.address, phone=outlet.phone,
        latitude=outlet.latitude, longitude=outlet.longitude, tasks=outlet.tasks, phase=outlet.phase, proposed_at=at,
        changed_at=at, licence_number=f"{province}-{outlet.code}-{licence.licensed_from:%Y}",
        licensed_from=licence.licensed_from, licensed_until=licence.licensed_until, legal_basis=source)
    keep_step(made, "take_over", by, at, source)
    return made


@operation
def note_equipment(*, accreditation_id: UUID, item: str, status: str, note: str, by: Actor,
                   at: datetime) -> EquipmentNote:
    """Say how a piece of equipment does from now on.

    Raises:
        AccreditationNotFound, NotYourRole.
        AccreditationStepImpossible: the place is no outlet under a licence.
        InvalidAccreditation: no such piece or condition, or a fault without a word.
    """
    found = locked(accreditation_id, by)
    if by.kind is not ActorKind.JOB and by.role not in _NOTE_EQUIPMENT:
        raise NotYourRole
    if found.state not in LICENSED:
        raise AccreditationStepImpossible(_("Equipment is noted for outlets under a licence."), state=found.state)
    wrong, said = ErrorCollector(), clean(note)
    if item not in PIECES:
        wrong.add("/item", "not-a-choice", _("Choose a piece of equipment."))
    if status not in set(Equipment):
        wrong.add("/status", "not-a-choice", _("Choose how it does."))
    if (status != Equipment.WORKS and len(said) < 3) or len(said) > 300 or hidden_character(said) is not None:
        wrong.add("/note", "required", _("Say in a few words what is wrong with it, at most 300 characters."))
    wrong.raise_if_any(InvalidAccreditation)
    made = EquipmentNote.objects.create(accreditation=found, item=item, status=status, note=said, at=at,
                                        by_name=by.name or by.id)
    record(actor=by, action="accreditation.note_equipment", object_type="accreditation", object_id=found.id, at=at,
           after={"item": item, "status": status})
    return made
