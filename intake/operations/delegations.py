"""Delegation of signature: a city opens the register, a manager grants, anybody above revokes at once."""

from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from agents import public as agents
from intake.models.delegations import SigningDelegation, SigningPermit
from intake.models.procedures import Procedure
from intake.opinion_errors import DelegationNotAllowed, DelegationNotFound, DelegationRefused
from intake.queries.delegations import delegations_seen_by, is_allowed
from intake.rules import names
from intake.rules.faults import Fault
from shared import audit
from shared.actors import Actor, ActorKind
from shared.calendar import local
from shared.errors import ErrorCollector
from shared.roles import Role
from shared.transactions import operation

LONGEST: Final = timedelta(days=366)
MOST_PROCEDURES: Final = 60


@operation
def open_register(*, province_code: str, legal_basis: str, by: Actor, at: datetime) -> SigningPermit:
    """Let the managers of a city delegate, by a decision of its council; open once.

    Raises:
        DelegationNotAllowed: only the city's administrator opens it.
        DelegationRefused: it is open already, or no decision is named.
    """
    if by.role != Role.ADMINISTRATOR or by.province_code not in {"", province_code}:
        raise DelegationNotAllowed
    wrong = ErrorCollector()
    basis = _basis(legal_basis, wrong)
    wrong.raise_if_any(DelegationRefused)
    try:
        with transaction.atomic():
            permit = SigningPermit.objects.create(
                province_code=province_code, legal_basis=basis, valid_from=local(at).date(), opened_at=at,
                opened_by_name=by.name)
    except IntegrityError:
        wrong.add("/province_code", "open", _("The register is open already."))
        wrong.raise_if_any(DelegationRefused)
        raise
    audit.record(actor=by, action="signing.open", object_type="province", object_id=province_code, at=at, reason=basis)
    return permit


@operation
def close_register(*, province_code: str, by: Actor, at: datetime) -> None:
    """Nobody signs for anybody any more, from this moment.

    Raises:
        DelegationNotAllowed: only the city's administrator closes it.
        DelegationNotFound: it is not open.
    """
    if by.role != Role.ADMINISTRATOR or by.province_code not in {"", province_code}:
        raise DelegationNotAllowed
    closed = SigningPermit.objects.filter(province_code=province_code, closed_at=None).update(
        closed_at=at, closed_by_name=by.name)
    if not closed:
        raise DelegationNotFound
    audit.record(actor=by, action="signing.close", object_type="province", object_id=province_code, at=at)


@operation
def grant(*, delegate_id: UUID, procedure_codes: tuple[str, ...], valid_from: date, valid_to: date, legal_basis: str,
          by: Actor, at: datetime) -> SigningDelegation:
    """Let an officer of one's own centre sign on some procedures for a term. Who signs for another cannot pass it on.

    Raises:
        DelegationNotAllowed: `by` manages no centre, or the city has not allowed delegation.
        DelegationRefused: person, procedures, term or legal basis are wrong.
    """
    if by.role != Role.CENTRE_MANAGER or by.centre_id is None or by.kind != ActorKind.PERSON:
        raise DelegationNotAllowed
    if not is_allowed(by.province_code, at):
        raise DelegationNotAllowed(_("The city's council has not allowed delegation of signature."))
    wrong = ErrorCollector()
    officers = {each.id: each.name for each in agents.staff_of_centre(by.centre_id) if each.role == Role.CENTRE_OFFICER}
    if delegate_id not in officers:
        wrong.add("/delegate_id", "not-an-officer", _("Choose an officer of your own centre."))
    codes = tuple(dict.fromkeys(code.strip() for code in procedure_codes if code.strip()))
    _check_procedures(codes, wrong)
    _check_term(valid_from, valid_to, local(at).date(), wrong)
    basis = _basis(legal_basis, wrong)
    wrong.raise_if_any(DelegationRefused)
    made = SigningDelegation.objects.create(
        centre_id=by.centre_id, delegator_id=UUID(by.id), delegator_name=by.name, delegate_id=delegate_id,
        delegate_name=officers[delegate_id], procedure_codes=list(codes), valid_from=valid_from, valid_to=valid_to,
        legal_basis=basis, granted_at=at)
    audit.record(actor=by, action="signing.grant", object_type="signing_delegation", object_id=made.id, at=at,
                 after={"delegate": str(delegate_id), "procedures": list(codes)}, reason=basis)
    return made


@operation
def revoke(*, delegation_id: UUID, reason: str, by: Actor, at: datetime) -> SigningDelegation:
    """End a delegation at once: by the centre's manager or the city. What was signed stays signed.

    Raises:
        DelegationNotFound: none in force that `by` may end.
        DelegationRefused: no reason was given.
    """
    if by.role not in {Role.CENTRE_MANAGER, Role.ADMINISTRATOR}:
        raise DelegationNotFound
    made = delegations_seen_by(by).select_for_update(of=("self",)).filter(id=delegation_id, revoked_at=None).first()
    if made is None:
        raise DelegationNotFound
    because = names.check_text(reason, 300)
    if isinstance(because, Fault) or not because:
        wrong = ErrorCollector()
        wrong.add("/reason", "required", _("Say why."))
        wrong.raise_if_any(DelegationRefused)
    made.revoked_at, made.revoked_by_name, made.revoked_because = at, by.name, str(because)
    made.save(update_fields=["revoked_at", "revoked_by_name", "revoked_because"])
    audit.record(actor=by, action="signing.revoke", object_type="signing_delegation", object_id=made.id, at=at,
                 reason=str(because))
    return made


def _basis(legal_basis: str, wrong: ErrorCollector) -> str:
    basis = names.check_text(legal_basis, 300)
    if isinstance(basis, Fault) or len(basis) < 3:
        wrong.add("/legal_basis", "required", _("Name the decision that it rests on."))
        return ""
    return basis


def _check_procedures(codes: tuple[str, ...], wrong: ErrorCollector) -> None:
    known = set(Procedure.objects.filter(code__in=codes).values_list("code", flat=True))
    if not codes or len(codes) > MOST_PROCEDURES or set(codes) - known:
        wrong.add("/procedure_codes", "unknown-procedure", _("Name at least one procedure by its code."))


def _check_term(valid_from: date, valid_to: date, today: date, wrong: ErrorCollector) -> None:
    if valid_from < today or valid_from > today + LONGEST:
        wrong.add("/valid_from", "passed", _("A delegation begins today or later."))
    if not valid_from < valid_to <= valid_from + LONGEST:
        wrong.add("/valid_to", "out-of-range", _("It ends after it begins, within a year."))
