"""At its release a statement is divided among its payees, once: what they get adds up to what was released.

Outlets with an approved account of their own get what their work comes to; the operator gets the rest: the postage, and
the work of the outlets that it pays itself.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import OuterRef, Q, Subquery, Sum
from django.utils.translation import gettext_lazy as _

from agents import public as agents
from billing.claims.files.rows import POSTAGE
from billing.models.claims import Claim, ClaimLine
from billing.models.ledger import Charge
from billing.models.statements import Statement
from billing.payouts.errors import PayoutsOnTheirWay
from billing.payouts.models import PayeeAccount, Payout
from billing.payouts.rules.states import PAYOUTS, AccountState, PayoutAction, PayoutState
from billing.queries.months import month_lines
from billing.rules.claims import ClaimState
from billing.settling.withheld import held_of, waiting_of
from shared import audit
from shared.actors import Actor
from shared.money import Money


@dataclass(frozen=True, slots=True)
class Share:
    """What one payee gets of a statement."""

    payee: str
    name: str
    outlet_id: UUID | None
    postage: int
    work: int


def plan_payouts(statement: Statement, payable: int, *, by: Actor, at: datetime) -> list[Payout]:
    """Write down who gets what of `payable` đồng; in the transaction of the release. Told again: nothing new."""
    if payable <= 0 or Payout.objects.filter(statement=statement).exists():
        return []
    operator = next((each for each in agents.operators() if each.code == statement.operator_code), None)
    if operator is None:  # it left the network: the Treasury pays it by an order of its own
        return []
    shares = _shares(statement, payable, operator.name)
    made = [Payout(
        statement=statement, period=statement.period, payee=share.payee, payee_name=share.name,
        outlet_id=share.outlet_id, operator_id=operator.id, operator_code=operator.code,
        province_code=statement.province_id, postage=Money(share.postage), work=Money(share.work),
        amount=Money(share.postage + share.work), due_at=at, state_at=at) for share in shares]
    Payout.objects.bulk_create(made, batch_size=1000)
    audit.record(actor=by, action="payouts.plan", object_type="statement", object_id=statement.id, at=at,
                 after={"payouts": len(made), "payable_vnd": payable})
    return made


def close_payouts(statement: Statement, *, by: Actor, at: datetime) -> None:
    """At the reconciliation: everybody has her money, or nothing was ordered and the Treasury paid by its own order.

    Raises:
        PayoutsOnTheirWay: some were ordered, and not all of them are paid.
    """
    found = Payout.objects.select_for_update().filter(statement=statement)
    states = set(found.order_by("id").values_list("state", flat=True))
    if not states or states == {PayoutState.PAID}:
        return
    if states != {PayoutState.DUE}:
        raise PayoutsOnTheirWay(_("Reconcile when the bank has confirmed each of them."))
    many = found.update(state=PAYOUTS[PayoutState.DUE, PayoutAction.WITHDRAW], state_at=at)
    audit.record(actor=by, action="payouts.withdraw", object_type="statement", object_id=statement.id, at=at,
                 after={"payouts": many})


def _shares(statement: Statement, payable: int, operator_name: str) -> list[Share]:
    work = _work_by_outlet(statement)
    total = sum(work.values())
    direct = _paid_directly(statement, work) if total <= payable else {}
    shares = [Share(f"outlet:{outlet_id}", name, outlet_id, 0, work[outlet_id]) for outlet_id, name in direct.items()]
    rest = payable - sum(share.work for share in shares)
    if rest:
        through = max(0, min(rest, total - sum(share.work for share in shares)))
        shares.append(Share(f"operator:{statement.operator_code}", operator_name, None, rest - through, through))
    return shares


def _work_by_outlet(statement: Statement) -> Mapping[UUID, int]:
    """What the city owes for each outlet's work: as its claim was admitted, or by our books; without what is held."""
    kept = Q(id__in=held_of(statement).lines.values("id")) | Q(id__in=waiting_of(statement).lines.values("id"))
    claimed = ClaimLine.objects.filter(
        claim__in=Claim.objects.filter(province_id=statement.province_id, operator_code=statement.operator_code,
                                       period=statement.period, state=ClaimState.MATCHED)).exclude(item=POSTAGE)
    if claimed.exists():
        outlet = Charge.objects.filter(id=OuterRef("charge_id")).exclude(kept).values("outlet_id")
        rows: Iterable[tuple[Any, ...]] = claimed.annotate(outlet_id=Subquery(outlet)).values_list(
            "outlet_id").annotate(owed=Sum("admitted")).order_by()
    else:
        lines = month_lines(province_code=statement.province_id, operator_code=statement.operator_code,
                            period=statement.period)
        rows = lines.exclude(kept).order_by().values_list("outlet_id").annotate(owed=Sum("compensation"))
    return {outlet_id: int(owed or 0) for outlet_id, owed in rows if outlet_id is not None and int(owed or 0) > 0}


def _paid_directly(statement: Statement, work: Mapping[UUID, int]) -> dict[UUID, str]:
    own = PayeeAccount.objects.filter(
        province_code=statement.province_id, operator_code=statement.operator_code, state=AccountState.APPROVED,
        outlet_id__in=list(work)).order_by("outlet_id")
    return {account.outlet_id: account.payee_name for account in own if account.outlet_id is not None}
