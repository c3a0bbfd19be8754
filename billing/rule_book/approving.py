"""Another person approves a proposed rule, and it comes into force; or turns it down and says why."""

from datetime import datetime
from uuid import UUID

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from billing.errors import DraftChanged, DraftRefused, SecondPersonNeeded
from billing.events import RuleApproved
from billing.models.ledger import Charge
from billing.models.rule_book import RuleDraft
from billing.models.statements import Statement, StatementState
from billing.operations.periods import hold_open
from billing.queries import rates
from billing.rule_book.drafting import locked, settle
from billing.rule_book.in_force import put_in_force
from billing.rule_book.terms import BudgetTerms, Terms, first_day, kept
from billing.rule_book.versions import place_of
from billing.rules.rule_book import DraftAction, DraftState, next_state
from shared import audit
from shared.actors import Actor, ActorKind
from shared.errors import ErrorCollector
from shared.outbox.publishing import publish
from shared.transactions import operation

# Approvals take their turn: two versions of one rule are never put in force at the same moment.
_TURN = "SELECT pg_advisory_xact_lock(hashtextextended('billing-rule-book', 0))"


@operation
def approve(*, draft_id: UUID, digest: str, by: Actor, at: datetime, note: str = "") -> RuleDraft:
    """Put the rule in force as `digest` names it: the version before it ends on its first day.

    Where lines of open months were written already for days it now holds, a worker writes them anew by reversal.

    Raises:
        DraftNotFound, DraftNotThere: none of this city, or not proposed.
        SecondPersonNeeded: the one who wrote or proposed it, or a machine.
        DraftChanged: `digest` is not what stands there.
        PeriodClosed, RuleInForce, DraftRefused: it cannot come into force any more.
    """
    with connection.cursor() as cursor:
        cursor.execute(_TURN)
    draft = locked(draft_id, by)
    next_state(DraftState(draft.state), DraftAction.APPROVE)
    if by.kind != ActorKind.PERSON or by.id in {draft.proposed_by, draft.drafted_by}:
        raise SecondPersonNeeded(_("Whoever wrote or proposed a rule does not approve it."))
    if draft.digest != digest:
        raise DraftChanged
    terms = kept(draft.terms)
    _hold_months(terms, draft.province_code)
    place = place_of(terms, draft.province_code, at=at)
    _decide(draft, DraftAction.APPROVE, note, by=by, at=at)
    put_in_force(draft, terms, place, at=at)
    draft.to_recharge = _is_written_already(terms, draft.province_code)
    draft.save()
    _tell(draft, "approve_rule", note, by=by, at=at)
    publish(RuleApproved(draft.id, draft.kind, draft.province_code, draft.code, draft.valid_from, approved_at=at))
    transaction.on_commit(rates.forget)
    return draft


@operation
def reject(*, draft_id: UUID, note: str, by: Actor, at: datetime) -> RuleDraft:
    """Turn the proposal down and say why.

    Raises:
        DraftNotFound, DraftNotThere: none of this city, or not proposed.
        DraftRefused: no reason is given.
    """
    draft = locked(draft_id, by)
    wrong = ErrorCollector()
    if not note.strip():
        wrong.add("/note", "missing", _("Say why."))
    wrong.raise_if_any(DraftRefused)
    _decide(draft, DraftAction.REJECT, note, by=by, at=at)
    draft.save()
    _tell(draft, "reject_rule", note, by=by, at=at)
    return draft


def _decide(draft: RuleDraft, action: DraftAction, note: str, *, by: Actor, at: datetime) -> None:
    draft.state = next_state(DraftState(draft.state), action)
    draft.decided_by, draft.decided_by_name, draft.decided_at = by.id, by.name, at
    draft.decision_note = note.strip()[:500]


def _tell(draft: RuleDraft, action: str, note: str, *, by: Actor, at: datetime) -> None:
    settle(draft, str(draft.state), by=by, at=at)
    audit.record(actor=by, action=action, object_type="rule_draft", object_id=draft.id, at=at, reason=note.strip(),
                 after={"state": str(draft.state), "code": draft.code, "digest": draft.digest})


def _hold_months(terms: Terms, province_code: str) -> None:
    """Keep the open months that the rule reaches open until it stands, so that none is closed in between."""
    if isinstance(terms, BudgetTerms):
        return
    months = Statement.objects.filter(state=StatementState.OPEN, period__gte=first_day(terms).replace(day=1))
    if province_code:
        months = months.filter(province_id=province_code)
    for province, operator, period in months.order_by("province_id", "operator_code", "period").values_list(
            "province_id", "operator_code", "period"):
        hold_open(province_code=province, operator_code=operator, period=period)


def _is_written_already(terms: Terms, province_code: str) -> bool:
    """Whether a line stands in an open month for an event of the rule's days: only a city's own rules reach back."""
    if isinstance(terms, BudgetTerms) or not province_code:
        return False
    month = first_day(terms).replace(day=1)
    return Charge.objects.filter(province_code=province_code, period__gte=month).exists()
