"""How far an account reaches: which procedure groups, and until when."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from agents.errors import InvalidAccount
from agents.models.people import StaffAccount
from agents.operations import accounts
from agents.people import leaving
from agents.people.rules import LONGEST_HELP
from shared.actors import Actor
from shared.audit import record
from shared.calendar import local
from shared.errors import ErrorCollector
from shared.problems import told
from shared.procedure_groups import PROCEDURE_GROUPS
from shared.roles import OUTLET_ROLES, Role
from shared.text import clean
from shared.transactions import operation


def clean_groups(groups: Iterable[str]) -> list[str]:
    """Each once, in order. All of them together are no bound, so nothing is kept of them."""
    wanted = set(groups)
    return [] if wanted == PROCEDURE_GROUPS.keys() else sorted(wanted)


def check_reach(role: str, groups: Sequence[str], works_until: date | None, today: date,
                wrong: ErrorCollector) -> None:
    """Groups and an end are for people of outlets; a helper is a clerk, of named groups, for a quarter at most."""
    if unknown := [each for each in groups if each not in PROCEDURE_GROUPS]:
        wrong.add("/procedure_groups", "not-a-choice",
                  told(_("There is no procedure group {names}."), names=", ".join(unknown)[:100]))
    if groups and role not in OUTLET_ROLES:
        wrong.add("/procedure_groups", "not-here", _("Only people of outlets are bound to procedure groups."))
    if works_until is not None:
        _check_help(role, groups, works_until, today, wrong)


def reaches(giver: Actor, groups: Sequence[str]) -> bool:
    """Whether `giver` may give these groups (none: all): nobody gives more than she has."""
    return not giver.groups or (bool(groups) and giver.groups.issuperset(groups))


def check_giver(giver: Actor, groups: Sequence[str], wrong: ErrorCollector) -> None:
    if not reaches(giver, groups):
        wrong.add("/procedure_groups", "beyond-yours",
                  _("Name groups out of your own: nobody gives more than she has."))


def _check_help(role: str, groups: Sequence[str], works_until: date, today: date, wrong: ErrorCollector) -> None:
    if role != Role.OUTLET_CLERK:
        wrong.add("/works_until", "clerks-only", _("Only a clerk of an outlet helps out for a while."))
    if not today < works_until <= today + LONGEST_HELP + timedelta(days=1):
        wrong.add("/works_until", "out-of-range", _("Name a last day from today on, at most three months away."))
    if not groups:
        wrong.add("/procedure_groups", "required", _("Name the procedure groups that the helper takes dossiers of."))


@operation
def set_reach(*, account_id: UUID, procedure_groups: Iterable[str], works_until: date | None, by: Actor, at: datetime,
              reason: str) -> StaffAccount:
    """Bind a person of an outlet to procedure groups (none: all), and to a last day (None: until somebody ends it).

    Raises:
        AccountNotFound: no such account within sight of `by`.
        MayNotGrant, NotToYourself: not hers to settle.
        InvalidAccount: groups, day or reason need correcting.
    """
    account = accounts.locked_account(account_id, by)
    accounts.not_oneself(account, by)
    accounts.must_answer_for(by, account.role, accounts.place_of(account))
    groups, wrong = clean_groups(procedure_groups), ErrorCollector()
    check_reach(account.role, groups, works_until, local(at).date(), wrong)
    check_giver(by, groups, wrong)
    wrong.raise_if_any(InvalidAccount)
    accounts.check_reason(reason)
    before = _said(account)
    account.procedure_groups, account.works_until = groups, works_until
    account.save(update_fields=["procedure_groups", "works_until"])
    record(actor=by, action="set_reach", object_type="staff_account", object_id=account.id, at=at, before=before,
           after=_said(account), reason=clean(reason))
    return account


def _said(account: StaffAccount) -> dict[str, object]:
    return {"groups": account.procedure_groups,
            "works_until": account.works_until.isoformat() if account.works_until else None}


@operation
def end_help(*, by: Actor, at: datetime) -> int:
    """Shut the accounts whose last day is over; returns how many.

    They have had no access since midnight, whenever this runs; here their work is given back and their keys end.
    """
    over = StaffAccount.objects.select_for_update().filter(is_active=True, works_until__lte=local(at).date())
    ended = list(over)
    for account in ended:
        account.is_active = False
        account.save(update_fields=["is_active"])
        leaving.end_access(account, by=by, at=at)
        record(actor=by, action="deactivate_account", object_type="staff_account", object_id=account.id, at=at,
               before={"is_active": True}, after={"is_active": False}, reason="the last day is over")
    return len(ended)
