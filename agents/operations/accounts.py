"""Staff accounts: enrolled by whoever answers for the place, never by oneself; every step audited."""

import re
from datetime import datetime
from typing import Final
from uuid import UUID

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from agents.duties.ending import end_of_leaver
from agents.errors import AccountNotFound, InvalidAccount, MayNotGrant, NotToYourself, UsernameTaken
from agents.models.people import StaffAccount
from agents.operations import places
from agents.people import leaving
from agents.records import Workplace
from agents.rules import may_grant
from agents.scope import accounts_seen_by
from shared.actors import Actor, ActorKind
from shared.audit import record
from shared.errors import ErrorCollector
from shared.problems import told
from shared.roles import OUTLET_ROLES, Role
from shared.text import clean, hidden_character, looks_like_wrong_font
from shared.transactions import operation

_USERNAME: Final = re.compile(r"[a-z0-9](?:[a-z0-9._-]{1,58})[a-z0-9]", re.ASCII)
LONGEST_NAME: Final = 120
LONGEST_PASSWORD: Final = 128


@operation
def create_staff_account(*, username: str, display_name: str, role: str, password: str, place: Workplace, by: Actor,
                         at: datetime, email: str = "") -> StaffAccount:
    """Enrol a person at the place where she works; who is bound to procedure groups enrols people bound to the same.

    Raises:
        InvalidAccount: with every entry that needs correcting, the password's too.
        MayNotGrant: `by` may not give this role, or not there.
        UsernameTaken: somebody has this user name.
    """
    account = StaffAccount(username=clean(username).lower(), display_name=clean(display_name), role=role,
                           email=email.strip(), is_staff=role == Role.ADMINISTRATOR, **place.as_columns(),
                           procedure_groups=sorted(by.groups))
    return add(account, password=password, by=by, granted_by=by, at=at)


def add(account: StaffAccount, *, password: str, by: Actor, granted_by: Actor | None, at: datetime) -> StaffAccount:
    """Check and keep a new account, inside the caller's transaction; `granted_by` None: an invitation was the grant.

    Raises:
        InvalidAccount, MayNotGrant, UsernameTaken: as `create_staff_account`.
    """
    place = place_of(account)
    _check(account, place, password)
    if granted_by is not None:
        must_answer_for(granted_by, account.role, place)
    account.set_password(password)
    try:
        with transaction.atomic():
            account.save(force_insert=True)
    except IntegrityError as error:
        if "username" in str(error):
            raise UsernameTaken(_("Choose another user name.")) from error
        raise
    record(actor=by, action="create_staff_account", object_type="staff_account", object_id=account.id, at=at,
           after={"role": account.role, **{kind: str(place.as_columns()[f"{kind}_id"]) for kind in place.kinds}})
    return account


def _check(account: StaffAccount, place: Workplace, password: str) -> None:
    wrong = ErrorCollector()
    if not _USERNAME.fullmatch(account.username):
        wrong.add("/username", "wrong-form", _("Use 3 to 60 small letters without accents, digits, dots and hyphens."))
    check_name(account.display_name, wrong)
    if account.role not in Role.values:
        wrong.add("/role", "not-a-choice", _("There is no such role."))
    else:
        check_place(account.role, place, wrong)
    check_password(account, password, wrong)
    wrong.raise_if_any(InvalidAccount)


def check_name(name: str, wrong: ErrorCollector) -> None:
    if not name:
        wrong.add("/display_name", "required", _("Enter the person's name."))
    elif len(name) > LONGEST_NAME:
        wrong.add("/display_name", "too-long",
                  told(_("At most {max_length} characters are possible."), max_length=LONGEST_NAME))
    elif hidden_character(name) is not None or looks_like_wrong_font(name):
        message = _("The letters are broken (wrong font); please type the name again.")
        wrong.add("/display_name", "broken-letters", message)


def check_place(role: str, place: Workplace, wrong: ErrorCollector) -> None:
    needed = places.PLACE_OF_ROLE[Role(role)]
    if place.kinds != [needed] and not (role == Role.ADMINISTRATOR and not place.kinds):
        wrong.add(f"/{needed}", "place-needed", _("Name the place that this role works at, and no other."))
    elif not places.exists(place):
        wrong.add(f"/{needed}", "unknown-place", _("There is no such place."))


def check_password(account: StaffAccount, password: str, wrong: ErrorCollector) -> None:
    if len(password) > LONGEST_PASSWORD:
        wrong.add("/password", "too-long",
                  told(_("At most {max_length} characters are possible."), max_length=LONGEST_PASSWORD))
        return
    try:
        validate_password(password, user=account)
    except ValidationError as error:
        for each in error.error_list:
            wrong.add("/password", (each.code or "weak").replace("_", "-"), " ".join(each.messages))


def must_answer_for(by: Actor, role: str, place: Workplace) -> None:
    """A job acts for the machine's owner: it alone appoints administrators."""
    if by.kind is ActorKind.JOB:
        return
    if not may_grant(by.role, role) or not places.answers_for(by, place):
        raise MayNotGrant


@operation
def set_password(*, account_id: UUID, password: str, by: Actor, at: datetime) -> StaffAccount:
    """Give the account a new password; everyone logged in with the old one is out at her next request.

    One's own password, or that of somebody whose role one may give (the entry point asks for the old one first).

    Raises:
        AccountNotFound: no such account within sight of `by`.
        MayNotGrant: somebody else's account, whose role `by` may not give.
        InvalidAccount: the password is too weak.
    """
    account = locked_account(account_id, by)
    if by.id != str(account.id):
        must_answer_for(by, account.role, place_of(account))
    wrong = ErrorCollector()
    check_password(account, password, wrong)
    wrong.raise_if_any(InvalidAccount)
    account.set_password(password)
    account.save(update_fields=["password"])
    record(actor=by, action="set_password", object_type="staff_account", object_id=account.id, at=at)
    return account


@operation
def deactivate(*, account_id: UUID, by: Actor, at: datetime, reason: str) -> StaffAccount:
    """Shut the account: with it end her sessions, the keys she has seen, and the invitations she has sent.

    Each is refused from its very next request on. Doing it again changes nothing.

    Raises:
        AccountNotFound, MayNotGrant: as above.
        NotToYourself: one's own account.
        InvalidAccount: no reason was given.
    """
    return _set_active(account_id, active=False, by=by, at=at, reason=reason)


@operation
def reactivate(*, account_id: UUID, by: Actor, at: datetime, reason: str) -> StaffAccount:
    """Open a shut account again; the same refusals."""
    return _set_active(account_id, active=True, by=by, at=at, reason=reason)


def _set_active(account_id: UUID, *, active: bool, by: Actor, at: datetime, reason: str) -> StaffAccount:
    account = locked_account(account_id, by)
    not_oneself(account, by)
    must_answer_for(by, account.role, place_of(account))
    check_reason(reason)
    if account.is_active != active:
        account.is_active = active
        account.save(update_fields=["is_active"])
        if not active:
            leaving.end_access(account, by=by, at=at)
        record(actor=by, action="reactivate_account" if active else "deactivate_account", object_type="staff_account",
               object_id=account.id, at=at, before={"is_active": not active}, after={"is_active": active},
               reason=clean(reason))
    return account


@operation
def assign_role(*, account_id: UUID, role: str, place: Workplace, by: Actor, at: datetime, reason: str) -> StaffAccount:
    """Move a person to another role or place. She holds exactly one, so the former ends with this.

    Raises:
        AccountNotFound, NotToYourself: as above.
        MayNotGrant: `by` may not give the new role there, or did not answer for the former one.
        InvalidAccount: role, place or reason need correcting.
    """
    account = locked_account(account_id, by)
    not_oneself(account, by)
    wrong = ErrorCollector()
    if role not in Role.values:
        wrong.add("/role", "not-a-choice", _("There is no such role."))
    else:
        check_place(role, place, wrong)
    wrong.raise_if_any(InvalidAccount)
    check_reason(reason)
    must_answer_for(by, account.role, place_of(account))
    must_answer_for(by, role, place)
    before, place_before = {"role": account.role}, place_of(account)
    account.role, account.is_staff = role, role == Role.ADMINISTRATOR
    account.works_until = account.works_until if role == Role.OUTLET_CLERK else None
    account.procedure_groups = account.procedure_groups if role in OUTLET_ROLES else []
    for column, value in place.as_columns().items():
        setattr(account, column, value)
    account.save(update_fields=["role", "is_staff", "works_until", "procedure_groups", "outlet", "operator", "centre",
                                "province"])
    if (account.role, place_of(account)) != (before["role"], place_before):
        leaving.take_back_invitations(account, by, at, because="its inviter has another role")
        leaving.revoke_keys(account, by, at, because="its issuer has another role")
        end_of_leaver(account, by=by, at=at)
    if place_of(account) != place_before:
        leaving.leave_place(account, by=by, at=at)
    record(actor=by, action="assign_role", object_type="staff_account", object_id=account.id, at=at, before=before,
           after={"role": role}, reason=clean(reason))
    return account


def check_reason(reason: str) -> None:
    if not clean(reason):
        wrong = ErrorCollector()
        wrong.add("/reason", "required", _("Say why; the audit keeps it."))
        wrong.raise_if_any(InvalidAccount)


def not_oneself(account: StaffAccount, by: Actor) -> None:
    if by.kind is ActorKind.PERSON and by.id == str(account.id):
        raise NotToYourself


def locked_account(account_id: UUID, by: Actor) -> StaffAccount:
    account = accounts_seen_by(by).select_for_update(of=("self",)).filter(id=account_id).first()
    if account is None:
        raise AccountNotFound
    return account


def place_of(account: StaffAccount) -> Workplace:
    return Workplace(account.outlet_id, account.operator_id, account.centre_id, account.province_id or "")
