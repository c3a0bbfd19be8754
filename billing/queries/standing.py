"""What the city owes for one event by now: its line, what took it back or wrote it anew, and what corrected it since.

A dispute and a known error may both concern a line. Whoever comes second corrects what is left to correct.
"""

from collections.abc import Collection
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet, Sum

from billing.disputes.models import DisputeLine
from billing.known_errors.models import AffectedLine
from billing.models.ledger import Charge
from billing.rules.plans import base_kind
from shared.money import Money


def owed_by_now(charge: Charge) -> Money:
    """Three queries, each by an index."""
    charged = list(_chargings(charge).values_list("id", flat=True))
    entered = list(_corrections(charged).values_list("id", flat=True))
    every = [*charged, *entered]
    found = Charge.objects.filter(Q(id__in=every) | Q(reverses__in=every)).aggregate(
        subsidy=Sum("city_subsidy"), work=Sum("compensation"))
    return Money(int(found["subsidy"] or 0) + int(found["work"] or 0))


def stands(charge: Charge) -> bool:
    """Whether the event is still charged: its line was not taken back, or was written anew."""
    return _chargings(charge).filter(~Exists(Charge.objects.filter(reverses=OuterRef("id")))).exists()


def _chargings(charge: Charge) -> QuerySet[Charge]:
    """Every line that was written for the event, the first and those after a reversal."""
    base = base_kind(charge.kind)
    return Charge.objects.filter(Q(kind=base) | Q(kind__startswith=f"{base}#"), source_type=charge.source_type,
                                 source_id=charge.source_id, reverses=None)


def correction_on(charge: Charge) -> str:
    """The number of the dispute or known error whose correction stands on the event; empty when none does."""
    charged = list(_chargings(charge).values_list("id", flat=True))
    standing = _corrections(charged).filter(~Exists(Charge.objects.filter(reverses=OuterRef("id"))))
    return standing.order_by("id").values_list("rule", flat=True).first() or ""


def _corrections(charged: Collection[UUID]) -> QuerySet[Charge]:
    """What decisions and known errors have added for these lines, and for the lines that took them back."""
    named = Q(charge__in=charged) | Q(charge__reverses__in=charged)
    disputed = DisputeLine.objects.filter(named).values("id")
    touched = AffectedLine.objects.filter(named).values("id")
    return Charge.objects.filter(Q(source_type="dispute", source_id__in=disputed)
                                 | Q(source_type="known_error", source_id__in=touched), reverses=None)
