"""What anybody may do at an outlet's sign: report something, and ask whether a badge is real. Counted, nameless."""

import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final
from uuid import UUID

from django.conf import settings
from django.db.models import Count
from django.utils.translation import gettext_lazy as _

from agents.accreditation.errors import AccreditationNotFound, InvalidAccreditation, TooManyReports
from agents.accreditation.models import Accreditation, OutletReport, PublicTry, StaffBadge
from agents.accreditation.rules import LICENSED
from agents.errors import AccountNotFound
from agents.models.people import StaffAccount
from agents.scope import accounts_seen_by
from shared import scope, work
from shared.actors import Actor
from shared.audit import record
from shared.errors import ErrorCollector
from shared.identifiers import spoken_code
from shared.roles import OUTLET_ROLES, Role
from shared.text import clean, hidden_character
from shared.transactions import operation

REPORT: Final = "outlet-report"
ANSWERED_WITHIN: Final = timedelta(days=2)
MOST_OF_ADDRESS: Final = 10
MOST_OF_OUTLET: Final = 60
COUNTED_FOR: Final = timedelta(hours=1)
BADGE_LENGTH: Final = 6


def count_try(*, code: str, address: str, at: datetime) -> None:
    """Write the try down before anything is looked at. Must run outside a transaction.

    Raises:
        TooManyReports: this address, or everybody at this outlet, tried too often within an hour.
    """
    keys = {_key("address", address): MOST_OF_ADDRESS, _key("outlet", code): MOST_OF_OUTLET}
    PublicTry.objects.bulk_create([PublicTry(key=key, tried_at=at) for key in keys])
    recent = PublicTry.objects.filter(key__in=list(keys), tried_at__gt=at - COUNTED_FOR)
    counts = {bytes(key): tries for key, tries in recent.values("key").annotate(tries=Count("id")).values_list(
        "key", "tries")}
    if any(counts.get(key, 0) > most for key, most in keys.items()):
        raise TooManyReports


def _key(kind: str, text: str) -> bytes:
    return hmac.digest(settings.SECRET_KEY.encode(), f"outlet-{kind}\x00{text}".encode(), sha256)[:16]


@operation
def report_outlet(*, code: str, text: str, at: datetime) -> OutletReport:
    """Keep what somebody tells about an outlet; the programme's office answers within two days.

    Raises:
        AccreditationNotFound: no outlet under a licence has this code.
        InvalidAccreditation: too short, too long, or with characters that nobody sees.
    """
    with scope.everything():
        found = Accreditation.objects.filter(code=code, state__in=sorted(LICENSED)).first()
        if found is None:
            raise AccreditationNotFound
        wrong, said = ErrorCollector(), clean(text)
        if not 10 <= len(said) <= 1000 or hidden_character(said) is not None:
            wrong.add("/text", "required", _("Say in 10 to 1,000 characters what happened and when."))
        wrong.raise_if_any(InvalidAccreditation)
        report = OutletReport.objects.create(accreditation=found, text=said, at=at)
        work.open_item(kind=REPORT, reference=str(report.id), owner_role=Role.PROGRAMME_OFFICER,
                       owner_place=found.province_code, at=at, due_at=at + ANSWERED_WITHIN,
                       detail={"code": found.code})
        return report


@operation
def settle_report(*, report_id: UUID, outcome: str, by: Actor, at: datetime) -> OutletReport:
    """Say what came of a report.

    Raises:
        AccreditationNotFound: none that waits and that `by` sees.
        InvalidAccreditation: nothing was said.
    """
    seen = Accreditation.objects.seen_by(by)
    waiting = OutletReport.objects.filter(id=report_id, settled_at=None, accreditation__in=seen)
    report = waiting.select_for_update(of=("self",)).first()
    if report is None:
        raise AccreditationNotFound
    wrong = ErrorCollector()
    if not 3 <= len(clean(outcome)) <= 300 or hidden_character(clean(outcome)) is not None:
        wrong.add("/outcome", "required", _("Say what was found and done, in at most 300 characters."))
    wrong.raise_if_any(InvalidAccreditation)
    report.settled_at, report.settled_by_name, report.outcome = at, by.name, clean(outcome)
    report.save(update_fields=["settled_at", "settled_by_name", "outcome"])
    work.close_item(kind=REPORT, reference=str(report.id), by=by.id, at=at, outcome=report.outcome)
    record(actor=by, action="outlet.settle_report", object_type="outlet_report", object_id=report.id, at=at)
    return report


@dataclass(frozen=True, slots=True)
class BadgeAnswer:
    """Whether a badge holds at an outlet; its person only when it does."""

    is_valid: bool
    name: str = ""


def check_badge(*, code: str, number: str) -> BadgeAnswer:
    """Whoever holds the badge works at this outlet now, with an account that is open."""
    with scope.everything():
        badge = StaffBadge.objects.select_related("account").filter(
            number=clean(number).replace(" ", "").replace("-", "").upper()[:12], account__is_active=True,
            account__outlet__code=code, account__role__in=sorted(OUTLET_ROLES)).first()
    return BadgeAnswer(is_valid=badge is not None, name=badge.account.display_name if badge else "")


@operation
def issue_badge(*, account_id: UUID, by: Actor, at: datetime) -> StaffBadge:
    """Give somebody of an outlet the number for her badge; asked again, it is the same.

    Raises:
        AccountNotFound: nobody active of an outlet that `by` answers for.
    """
    rows = accounts_seen_by(by).filter(id=account_id, is_active=True, role__in=sorted(OUTLET_ROLES))
    account: StaffAccount | None = rows.select_for_update(of=("self",)).first()
    if account is None:
        raise AccountNotFound
    known = StaffBadge.objects.filter(account=account).first()
    if known is not None:
        return known
    made = StaffBadge.objects.create(number=spoken_code(BADGE_LENGTH), account=account, issued_at=at,
                                     issued_by_name=by.name)
    record(actor=by, action="staff.issue_badge", object_type="staff_account", object_id=account.id, at=at)
    return made
