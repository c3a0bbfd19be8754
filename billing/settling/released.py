"""Released statements for whoever pays them: who is paid how much under which digest, and the word that it was paid."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from billing.errors import FiguresChanged, StatementNotFound, StepNotPossible
from billing.models.statements import Statement, StatementPayment, StatementSignature, StatementState
from billing.rules.settling import Step
from billing.settling.step_words import state_said
from billing.settling.workflow import Payment, record_payment, signatures
from shared.actors import Actor, ActorKind
from shared.errors import Forbidden
from shared.money import Money
from shared.transactions import operation


@dataclass(frozen=True, slots=True)
class Released:
    """A statement that five signatures released; its figures never change again."""

    statement_id: UUID
    province_code: str
    operator_code: str
    """Who is paid."""
    period: date
    payable: Money
    digest: str
    """Of the signed figures: what is paid names it."""
    released_at: datetime
    is_reconciled: bool


def released(statement_id: UUID) -> Released | None:
    """The statement, if it is released or reconciled. Two queries; asks nothing about who wants to know."""
    return next(iter(_found([statement_id])), None)


def waiting_for_payment(province_code: str = "", operator_code: str = "") -> list[Released]:
    """Released and not reconciled, the oldest month first; two queries."""
    wanted = {"province_id": province_code, "operator_code": operator_code}
    rows = Statement.objects.filter(state=StatementState.RELEASED, **{
        name: value for name, value in wanted.items() if value}).order_by("period", "province_id", "operator_code")
    return _found(list(rows.values_list("id", flat=True)))


@operation
def mark_reconciled(*, statement_id: UUID, digest: str, reference: str, amount_vnd: int, paid_on: date, by: Actor,
                    at: datetime) -> bool:
    """A payment run or a bank's statement says that the release was paid; says whether the statement is reconciled now.

    For jobs: a person reconciles with `workflow.reconcile`, which compares her with those who signed before. Told again
    with the same reference nothing happens. Another amount becomes a work item of finance, and the statement stays
    released.

    Raises:
        Forbidden: `by` is a person.
        StatementNotFound, StepNotPossible: there is no such statement, or it is not released.
        FiguresChanged: `digest` is not that of the release.
        PaymentRefused: what is wrong stands in its errors.
    """
    if by.kind is ActorKind.PERSON:
        raise Forbidden(_("A person signs this step herself."))
    statement = Statement.objects.select_for_update().filter(id=statement_id).first()
    if statement is None:
        raise StatementNotFound
    if StatementPayment.objects.filter(statement=statement, reference=reference.strip(), amount=amount_vnd).exists():
        return True
    if statement.state != StatementState.RELEASED:
        raise StepNotPossible(state_said(statement.state))
    release = signatures(statement)[Step.RELEASE]
    if release.digest != digest:
        raise FiguresChanged(_("This is not what was released."), digest=release.digest)
    record_payment(statement, release, Payment(reference.strip(), amount_vnd, paid_on), by=by, at=at)
    return statement.state == StatementState.RECONCILED


def _found(ids: list[UUID]) -> list[Released]:
    statements = {row.id: row for row in Statement.objects.filter(
        id__in=ids, state__in=[StatementState.RELEASED, StatementState.RECONCILED])}
    releases = {row.statement_id: row for row in StatementSignature.objects.filter(
        statement__in=statements, step=Step.RELEASE).order_by("round")}  # the last round's is the one that stands
    return [_released(statements[each], releases[each]) for each in ids if each in statements]


def _released(statement: Statement, release: StatementSignature) -> Released:
    return Released(
        statement.id, statement.province_id, statement.operator_code, statement.period,
        Money(int(release.figures["payable"])), release.digest, release.signed_at,
        statement.state == StatementState.RECONCILED)
