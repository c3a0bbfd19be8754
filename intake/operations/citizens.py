"""What happens to citizens: registered once, corrected, found by number, their number shown."""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import IntegrityError, transaction

from intake import entries
from intake.entries import CheckedCitizen
from intake.errors import (
    CitizenAlreadyRegistered,
    CitizenChanged,
    CitizenMaybeKnown,
    CitizenNotFound,
    CitizenRefused,
    PurposeMissing,
    RevealNotAllowed,
)
from intake.models.citizens import ActingSession, BirthPrecision, Citizen, PriorityClaim
from intake.operations import recognition, searches
from intake.records import CitizenInput, ClaimInput
from intake.rules import names, people
from intake.rules.faults import Fault
from intake.wording import field_error
from shared import audit, crypto
from shared.actors import Actor, ActorKind
from shared.calendar import local
from shared.identifiers import NationalId
from shared.roles import CENTRE_ROLES, Role
from shared.text import fold
from shared.transactions import operation

COLUMN: Final = "citizen.national_id"
REVEAL_WINDOW: Final = timedelta(hours=24)
"""How long after serving a citizen a clerk may still see the whole number."""


def register_citizen(*, typed: CitizenInput, by: Actor, at: datetime) -> Citizen:
    """Register a person at the actor's outlet or centre.

    Raises:
        CitizenRefused: entries are wrong, all of them named.
        CitizenDoubtful: entries do not fit one another and were not confirmed.
        CitizenAlreadyRegistered: a citizen has this number; holding the card counts as having found her.
        CitizenMaybeKnown: somebody registered looks alike and was not said to be somebody else.
    """
    try:
        return _register(typed=typed, by=by, at=at)
    except CitizenMaybeKnown as refusal:
        with transaction.atomic():
            recognition.note_comparison(ids_of(refusal), by=by, at=at)
        raise
    except CitizenAlreadyRegistered as refusal:
        with transaction.atomic():
            _note_finding(refusal.facts["citizen_id"], by=by, at=at, purpose="registration")
        raise


def ids_of(refusal: CitizenMaybeKnown) -> list[str]:
    """Whom the refusal names."""
    candidates = refusal.facts["candidates"]
    return [str(each["id"]) for each in candidates] if isinstance(candidates, list) else []


@operation
def _register(*, typed: CitizenInput, by: Actor, at: datetime) -> Citizen:
    return enter_citizen(typed=typed, by=by, at=at)


def enter_citizen(*, typed: CitizenInput, by: Actor, at: datetime) -> Citizen:
    """What registering does, for operations that register on the way (a centre's counter); raises the same."""
    checked = entries.check_citizen(typed, local(at).date())
    citizen = Citizen(registered_at=at, registered_at_outlet_id=by.outlet_id,
                      registered_at_centre_id=None if by.outlet_id else by.centre_id)
    _fill(citizen, checked)
    _must_not_be_known(citizen)
    try:
        recognition.must_be_new(checked, by, typed.distinct_from)
    except CitizenMaybeKnown:
        _must_not_be_known(citizen)  # registered at another counter between the two looks: the same, not alike
        raise
    _save_once(citizen)
    recognition.note_distinct(citizen.id, typed.distinct_from, by=by, at=at)
    for claim in checked.claims:
        _claim(citizen, claim, by=by, at=at)
    audit.record(actor=by, action="citizen.register", object_type="citizen", object_id=citizen.id, at=at,
                 after={"commune": citizen.commune_id, "claims": len(checked.claims)})
    return citizen


def _fill(citizen: Citizen, checked: CheckedCitizen) -> None:
    citizen.full_name = checked.full_name
    citizen.search_key = fold(checked.full_name)
    citizen.sex, citizen.phone, citizen.email = checked.sex, checked.phone, checked.email
    citizen.street = checked.street
    citizen.commune_id = checked.commune.code
    citizen.former_commune_id = checked.former_commune.code if checked.former_commune else None
    citizen.birth_date = checked.birth.day if checked.birth else None
    is_year_only = checked.birth is not None and checked.birth.is_year_only
    citizen.birth_precision = BirthPrecision.YEAR if is_year_only else BirthPrecision.DAY
    if checked.national_id is not None:
        _seal(citizen, checked.national_id)


def _seal(citizen: Citizen, number: NationalId) -> None:
    citizen.national_id_sealed, citizen.national_id_masked = seal_number(number, COLUMN)
    citizen.national_id_index = crypto.blind_index(number.digits, bound_to=COLUMN)


def seal_number(number: NationalId, column: str) -> tuple[bytes, str]:
    """What may be kept of somebody's number: sealed for `column`, and masked for people."""
    return crypto.encrypt(number.digits, bound_to=column), number.masked


def _must_not_be_known(citizen: Citizen) -> None:
    """The same number is the same person: said before anybody is compared."""
    known = Citizen.objects.filter(national_id_index=citizen.national_id_index) if citizen.national_id_index else None
    twin = known.first() if known is not None else None
    if twin is not None:
        raise CitizenAlreadyRegistered(citizen_id=str(twin.id))


def _save_once(citizen: Citizen) -> None:
    """Save; the unique blind index decides when two counters register one person at once."""
    try:
        with transaction.atomic():
            citizen.save()
    except IntegrityError as error:
        if "citizen_national_id_once" not in str(error):
            raise
        twin = Citizen.objects.get(national_id_index=citizen.national_id_index)
        raise CitizenAlreadyRegistered(citizen_id=str(twin.id)) from None


@operation
def correct_citizen(*, citizen_id: UUID, typed: CitizenInput, version: int, by: Actor, at: datetime) -> Citizen:
    """Replace the entries of a citizen; an empty national ID leaves the kept one as it is. Claims are added apart.

    Raises:
        CitizenNotFound, CitizenRefused, CitizenDoubtful, CitizenAlreadyRegistered.
        CitizenChanged: somebody corrected the citizen since `version`.
    """
    citizen = _locked(citizen_id, by)
    if citizen.version != version:
        raise CitizenChanged(version=citizen.version)
    checked = entries.check_citizen(typed, local(at).date())
    recognition.keep_revision(citizen, ["all"], by=by, at=at)
    _fill(citizen, checked)
    citizen.version += 1
    _save_once(citizen)
    audit.record(actor=by, action="citizen.correct", object_type="citizen", object_id=citizen.id, at=at,
                 before={"version": version}, after={"version": citizen.version, "commune": citizen.commune_id})
    return citizen


def _locked(citizen_id: UUID, by: Actor) -> Citizen:
    citizen = Citizen.objects.seen_by(by).filter(id=citizen_id).first()
    if citizen is None:
        raise CitizenNotFound
    return Citizen.objects.select_for_update(of=("self",)).get(id=citizen_id)


@operation
def claim_priority(*, citizen_id: UUID, claim: ClaimInput, by: Actor, at: datetime) -> PriorityClaim:
    """Record a priority group with the reference of its evidence.

    Raises:
        CitizenNotFound, CitizenRefused.
    """
    citizen = _locked(citizen_id, by)
    made = _claim(citizen, entries.check_claim(claim), by=by, at=at)
    audit.record(actor=by, action="citizen.claim", object_type="citizen", object_id=citizen.id, at=at,
                 after={"group": made.group, "valid_from": made.valid_from.isoformat()})
    return made


def _claim(citizen: Citizen, claim: ClaimInput, *, by: Actor, at: datetime) -> PriorityClaim:
    return PriorityClaim.objects.create(
        citizen=citizen, group=claim.group, evidence_reference=claim.evidence_reference, valid_from=claim.valid_from,
        valid_to=claim.valid_to, recorded_by=UUID(by.id), recorded_at=at)


def find_by_national_id(*, national_id: str, purpose: str, by: Actor, at: datetime) -> Citizen | None:
    """The citizen with exactly this number; every search is written down with its purpose, hit or not.

    An outlet may find whoever stands at its counter; a centre only people of its own dossiers.

    Raises:
        CitizenRefused: this is no national ID number.
        PurposeMissing: no purpose was given.
        TooManySearches: more than a counter needs on one day; a manager is told.
    """
    searches.count_one(by=by, at=at)
    return _find(national_id=national_id, purpose=purpose, by=by, at=at)


@operation
def _find(*, national_id: str, purpose: str, by: Actor, at: datetime) -> Citizen | None:
    number = people.check_national_id(national_id)
    if isinstance(number, Fault):
        raise CitizenRefused(errors=(field_error("/national_id", number),), data_kept=True)
    reason = _purpose(purpose)
    reach = Citizen.objects.all() if by.outlet_id is not None else Citizen.objects.seen_by(by)
    index = crypto.blind_index(number.digits, bound_to=COLUMN)
    citizen = reach.select_related("commune").filter(national_id_index=index).first()
    _note_finding(citizen.id if citizen else "", by=by, at=at, purpose=reason)
    return citizen


def _note_finding(citizen_id: object, *, by: Actor, at: datetime, purpose: str) -> None:
    audit.record(actor=by, action="citizen.find", object_type="citizen", object_id=citizen_id, at=at, reason=purpose,
                 after={"found": bool(citizen_id)})


@operation
def see_citizen(*, citizen_id: UUID, by: Actor, at: datetime) -> Citizen:
    """A citizen within the actor's sight, masked as kept; looking is written down. Raises CitizenNotFound."""
    citizen = Citizen.objects.seen_by(by).select_related("commune").filter(id=citizen_id).first()
    if citizen is None:
        raise CitizenNotFound
    audit.record(actor=by, action="citizen.see", object_type="citizen", object_id=citizen.id, at=at)
    return citizen


@operation
def reveal_national_id(*, citizen_id: UUID, purpose: str, by: Actor, at: datetime) -> str:
    """The whole number, one citizen at a time; each look is written down.

    Raises:
        CitizenNotFound: unknown, or of another place.
        PurposeMissing: no purpose was given.
        RevealNotAllowed: this role may not, or the clerk did not serve this citizen in the last day.
    """
    citizen = Citizen.objects.seen_by(by).filter(id=citizen_id).first()
    if citizen is None or citizen.national_id_sealed is None:
        raise CitizenNotFound
    reason = _purpose(purpose)
    if not _may_reveal(citizen, by, at):
        raise RevealNotAllowed
    audit.record(actor=by, action="citizen.reveal", object_type="citizen", object_id=citizen.id, at=at, reason=reason)
    return crypto.decrypt(bytes(citizen.national_id_sealed), bound_to=COLUMN)


def _may_reveal(citizen: Citizen, by: Actor, at: datetime) -> bool:
    if by.role in {Role.OUTLET_MANAGER} | CENTRE_ROLES:
        return True
    if by.kind != ActorKind.PERSON or by.role != Role.OUTLET_CLERK:
        return False
    since = at - REVEAL_WINDOW
    return ActingSession.objects.filter(citizen=citizen, clerk_id=UUID(by.id), opened_at__gt=since).exists()


def _purpose(typed: str) -> str:
    purpose = names.check_text(typed, 200)
    if isinstance(purpose, Fault):
        raise PurposeMissing(errors=(field_error("/purpose", purpose),))
    if len(purpose) < 3:
        raise PurposeMissing(errors=(field_error("/purpose", Fault("required")),))
    return names.mask_numbers(purpose)
