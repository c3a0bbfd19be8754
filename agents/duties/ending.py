"""What ends delegations besides their day: somebody calls one off, or one of the two leaves."""

from datetime import datetime
from uuid import UUID

from django.db.models import Max, Q

from agents.duties.models import DutyDelegation
from agents.models.people import StaffAccount
from shared import scope
from shared.actors import Actor
from shared.audit import DELEGATION, Entry, record_all
from shared.calendar import local


def end_of_leaver(account: StaffAccount, *, by: Actor, at: datetime) -> None:
    """Inside the caller's transaction: what she has given or received ends with her place."""
    # Whoever ends an access may sit where these rows are walled off.
    with scope.everything():
        live = DutyDelegation.objects.select_for_update().filter(
            Q(giver=account) | Q(receiver=account), ended_at=None, until_date__gt=local(at).date())
        found = list(live)
        DutyDelegation.objects.filter(id__in=[each.id for each in found]).update(
            ended_at=at, ended_by_name=by.name[:120])
        for receiver_id in sorted({each.receiver_id for each in found}):
            count_anew(receiver_id, at)
    record_all([Entry(by, "duties.end", DELEGATION, each.id, at, reason="one of the two has left") for each in found])


def count_anew(receiver_id: UUID, at: datetime) -> None:
    """Keep on her account until when she may stand in for anybody, so that nobody else's pages ask for it.

    Her row is locked first: what another transaction has just given her counts.
    """
    StaffAccount.objects.select_for_update().filter(id=receiver_id).first()
    live = DutyDelegation.objects.filter(receiver_id=receiver_id, ended_at=None, until_date__gt=local(at).date())
    StaffAccount.objects.filter(id=receiver_id).update(stands_in_until=live.aggregate(last=Max("until_date"))["last"])
