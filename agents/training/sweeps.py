"""Attempts that nobody handed in, and certificates that end soon: found from the rows, each with its owner."""

from datetime import datetime, time

from django.db.models import Exists, F, OuterRef

from agents.training.models import Attempt, Certificate
from agents.training.operations import ENDING
from agents.training.rules import EXPIRES_SOON
from shared.calendar import at_local, local
from shared.models.oversight import WorkItem
from shared.roles import Role
from shared.transactions import operation


@operation
def close_lapsed(*, at: datetime) -> int:
    """What was not handed in by its time has failed at that time; returns how many."""
    return Attempt.objects.filter(finished_at=None, closes_at__lte=at).update(finished_at=F("closes_at"))


@operation
def remind(*, at: datetime) -> int:
    """Give the outlet's manager an item for each certificate that ends within thirty days; returns how many are new.

    Items whose person has left, or who holds a newer certificate, are closed.
    """
    day = local(at).date()
    newer = Certificate.objects.filter(account=OuterRef("account"), group=OuterRef("group"),
                                       valid_until__gt=OuterRef("valid_until"))
    ending = Certificate.objects.filter(
        ~Exists(newer), account__is_active=True, account__outlet__isnull=False,
        valid_until__lte=day + EXPIRES_SOON).select_related("account__outlet")
    by_id = {str(each.id): each for each in ending}
    waiting = WorkItem.objects.filter(kind=ENDING, closed_at=None)
    waiting.exclude(reference__in=by_id).update(closed_at=at, closed_by="sweep", outcome="settled")
    known = set(WorkItem.objects.filter(kind=ENDING, closed_at=None).values_list("reference", flat=True))
    items = [_item(each, at) for reference, each in by_id.items() if reference not in known]
    return len(WorkItem.objects.bulk_create(items, ignore_conflicts=True))


def _item(certificate: Certificate, at: datetime) -> WorkItem:
    outlet = certificate.account.outlet
    assert outlet is not None  # noqa: S101  # the query asks for one
    return WorkItem(kind=ENDING, reference=str(certificate.id), owner_role=Role.OUTLET_MANAGER, owner_place=outlet.code,
                    opened_at=at, due_at=at_local(certificate.valid_until, time()),
                    detail={"group": certificate.group, "number": certificate.number,
                            "account": str(certificate.account_id)})
