"""A citizen's entries, checked one by one so that a person corrects all of them in one go."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from billing import public as billing
from intake.errors import CitizenDoubtful, CitizenRefused
from intake.models.citizens import Sex
from intake.records import CitizenInput, ClaimInput, PlaceChoice
from intake.routing import ResolvedPlace, resolve_place
from intake.rules import names, people
from intake.rules.faults import Fault, fault
from intake.rules.people import Birth
from intake.wording import field_error
from shared import places
from shared.errors import FieldError
from shared.identifiers import NationalId

LONGEST_STREET = 200
LONGEST_EVIDENCE = 120


@dataclass(frozen=True, slots=True)
class CheckedCitizen:
    """Entries that are right; a former commune when the card still names one."""

    full_name: str
    commune: places.Place
    former_commune: places.FormerPlace | None
    national_id: NationalId | None
    birth: Birth | None
    sex: str
    phone: str
    email: str
    street: str
    claims: tuple[ClaimInput, ...]


@dataclass(slots=True)
class _Desk:
    """Takes entries and keeps what is wrong with them."""

    faults: list[FieldError] = field(default_factory=list)
    facts: dict[str, Any] = field(default_factory=dict)

    def take[T](self, pointer: str, checked: T | Fault) -> T | None:
        if isinstance(checked, Fault):
            self.faults.append(field_error(pointer, checked))
            return None
        return checked

    def take_if_given[T](self, pointer: str, typed: str, check: Callable[[str], T | Fault]) -> T | None:
        return self.take(pointer, check(typed)) if typed.strip() else None


def check_citizen(typed: CitizenInput, today: date) -> CheckedCitizen:
    """The entries in their kept form.

    Raises:
        CitizenRefused: with one error for each entry that is wrong; `candidates` when a split commune must be chosen.
        CitizenDoubtful: entries that do not fit one another and were not confirmed.
    """
    desk = _Desk()
    full_name = desk.take("/full_name", names.check_name(typed.full_name))
    place = _take_place(desk, typed)
    number = desk.take_if_given("/national_id", typed.national_id, people.check_national_id)
    birth = desk.take_if_given("/birth", typed.birth, lambda text: people.check_birth(text, today))
    sex = desk.take("/sex", typed.sex if typed.sex in Sex.values else Fault("not-a-choice"))
    phone = desk.take_if_given("/phone", typed.phone, people.check_phone) or ""
    email = desk.take_if_given("/email", typed.email, _check_email) or ""
    street = desk.take("/street", names.check_text(typed.street, LONGEST_STREET)) or ""
    claims = tuple(_take_claim(desk, f"/claims/{i}", claim) for i, claim in enumerate(typed.claims))
    if desk.faults or full_name is None or place is None or sex is None:
        raise CitizenRefused(errors=tuple(desk.faults), data_kept=True, **desk.facts)
    _ask_about_doubts(number, birth, sex, is_confirmed=typed.is_confirmed)
    return CheckedCitizen(full_name, place.communes[0], place.former, number, birth, sex, phone, email, street, claims)


def _check_email(typed: str) -> str | Fault:
    try:
        validate_email(typed.strip())
    except ValidationError:
        return Fault("email")
    return typed.strip()


def _take_place(desk: _Desk, typed: CitizenInput) -> ResolvedPlace | None:
    if not typed.commune_code and not typed.former_commune_code:
        return desk.take("/commune_code", Fault("required"))
    found = resolve_place(PlaceChoice(typed.commune_code, typed.former_commune_code))
    desk.facts |= _candidates(found)
    return desk.take("/commune_code", check_place(found, PlaceChoice(typed.commune_code, typed.former_commune_code)))


def check_place(found: ResolvedPlace, choice: PlaceChoice) -> ResolvedPlace | Fault:
    """`found` when it is one commune; otherwise what is wrong with the choice."""
    if found.is_clear:
        return found
    if found.former is not None:
        return fault("split-unit", former=found.former.full_name, candidates=_listed(found.communes))
    former = places.get_former_place(choice.former_commune_code) if choice.former_commune_code else None
    commune = places.get_place(choice.commune_code) if choice.commune_code else None
    if former is None or commune is None:
        return Fault("place-unknown")
    successors = _listed(tuple(successor.place for successor in former.successors))
    return fault("not-a-successor", former=former.full_name, commune=commune.full_name, candidates=successors)


def _listed(communes: tuple[places.Place, ...]) -> str:
    return ", ".join(commune.full_name for commune in communes)


def _candidates(found: ResolvedPlace) -> dict[str, Any]:
    """For machines and forms: what a split unit became."""
    if found.former is None or found.is_clear:
        return {}
    return {"candidates": [{"code": commune.code, "name": commune.full_name} for commune in found.communes]}


def _take_claim(desk: _Desk, pointer: str, claim: ClaimInput) -> ClaimInput:
    known = {code for code, _vi, _en in billing.known_beneficiary_classes()}
    if claim.group not in known:
        desk.take(f"{pointer}/group", Fault("not-a-choice"))
    if claim.valid_to is not None and claim.valid_to <= claim.valid_from:
        desk.take(f"{pointer}/valid_to", Fault("period"))
    reference = desk.take(f"{pointer}/evidence_reference", _check_evidence(claim.evidence_reference)) or ""
    return ClaimInput(claim.group, reference, claim.valid_from, claim.valid_to)


def _check_evidence(typed: str) -> str | Fault:
    """A number or title of a decision or card; a national ID number has no place in it."""
    text = names.check_text(typed, LONGEST_EVIDENCE)
    if isinstance(text, Fault):
        return text
    return names.mask_numbers(text) if text else Fault("required")


def check_claim(claim: ClaimInput) -> ClaimInput:
    """Raises CitizenRefused."""
    desk = _Desk()
    checked = _take_claim(desk, "", claim)
    if desk.faults:
        raise CitizenRefused(errors=tuple(desk.faults), data_kept=True)
    return checked


def _ask_about_doubts(number: NationalId | None, birth: Birth | None, sex: str, *, is_confirmed: bool) -> None:
    doubts = [] if number is None or is_confirmed else people.doubts_of(number, birth, sex)
    if doubts:
        raise CitizenDoubtful(errors=tuple(field_error("/national_id", doubt) for doubt in doubts), data_kept=True)
