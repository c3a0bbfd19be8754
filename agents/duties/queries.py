"""What is read of delegated duties."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import F, Q, QuerySet

from agents.backends import accounts
from agents.duties.models import DutyDelegation
from agents.duties.rules import Duty, may_take
from agents.duties.words import act_words
from agents.models.people import StaffAccount
from agents.scope import accounts_seen_by
from shared.actors import Actor
from shared.audit import DELEGATION
from shared.errors import Text
from shared.models.oversight import AuditEntry


def delegations() -> QuerySet[DutyDelegation]:
    return DutyDelegation.objects.select_related("giver", "receiver")


def delegations_seen_by(actor: Actor) -> QuerySet[DutyDelegation]:
    """One's own, given and received, and those of the people one answers for."""
    seen = accounts_seen_by(actor).order_by().values("id")
    return delegations().filter(Q(giver__in=seen) | Q(receiver__in=seen))


def of_person(account_id: UUID) -> list[DutyDelegation]:
    """Given and received, those that run or come first, then the latest."""
    found = delegations().filter(Q(giver=account_id) | Q(receiver=account_id))
    return list(found.order_by(F("ended_at").desc(nulls_first=True), "-until_date", "-id")[:50])


def live_for(account: StaffAccount, today: date) -> list[DutyDelegation]:
    """To her, running or to come, the earliest first: both still at the place, the giver still in her office."""
    found = delegations().filter(receiver=account, ended_at=None, until_date__gt=today, giver__is_active=True,
                                 giver__role=F("giver_role")).order_by("from_date", "given_at", "id")
    return [each for each in found if each.giver.has_access(today) and _same_place(each, account)]


def _same_place(given: DutyDelegation, receiver: StaffAccount) -> bool:
    return all((each.outlet_id, each.centre_id) == (given.outlet_id, given.centre_id)
               for each in (given.giver, receiver))


def may_receive(giver: StaffAccount, duties: Iterable[Duty], today: date) -> list[StaffAccount]:
    """Colleagues of the place to whom all of `duties` may be handed, by name.

    No surge helpers: their role is limited.
    """
    wanted = list(duties)
    place = Q(outlet=giver.outlet_id) & Q(centre=giver.centre_id)
    found = accounts().filter(place, is_active=True, works_until=None).exclude(id=giver.pk).order_by(
        "display_name", "id")
    return [each for each in found
            if wanted and each.has_access(today) and all(may_take(each.role, duty) for duty in wanted)]


@dataclass(frozen=True, slots=True)
class Act:
    """What was done under a delegation."""

    at: datetime
    action: str
    object_type: str

    @property
    def words(self) -> Text:
        return act_words(self.action)


def acts_under(delegation_id: UUID) -> list[Act]:
    """The latest hundred, newest first."""
    rows = AuditEntry.objects.filter(object_type=DELEGATION, object_id=str(delegation_id),
                                     after__has_key="done").order_by("-at", "-id")
    return [Act(row.at, row.action, str(row.after["done"]).partition(":")[0]) for row in rows[:100]]
