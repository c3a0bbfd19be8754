"""A month of one operator in one city is fixed: its sums and digest stand, and no line is added any more."""

from datetime import date, datetime

from django.utils.translation import gettext_lazy as _

from billing.errors import PeriodNotOver
from billing.events import StatementPrepared
from billing.models.statements import Statement, StatementState
from billing.operations.month_end import accrue_month
from billing.operations.periods import hold_alone
from billing.queries.months import computed
from billing.rules.periods import month_after, month_of
from billing.settling.workflow import sign_preparation
from shared import audit
from shared.actors import Actor
from shared.outbox.publishing import publish
from shared.transactions import operation


@operation
def prepare_statement(*, province_code: str, operator_code: str, period: date, by: Actor, at: datetime) -> Statement:
    """Fix the month's figures. A statement that is prepared already is answered as it stands.

    Raises:
        PeriodNotOver: the local month has not ended at `at`.
    """
    if month_of(at) < month_after(period):
        raise PeriodNotOver(_("A statement is prepared when its month is over."))
    hold_alone(province_code=province_code, operator_code=operator_code, period=period)
    statement, _created = Statement.objects.select_for_update().get_or_create(
        province_id=province_code, operator_code=operator_code, period=period)
    if statement.state == StatementState.OPEN:
        accrue_month(province_code=province_code, operator_code=operator_code, period=period, at=at)
        _fix(statement, by=by, at=at)
    return statement


def _fix(statement: Statement, *, by: Actor, at: datetime) -> None:
    sums, digest = computed(province_code=statement.province_id, operator_code=statement.operator_code,
                            period=statement.period)
    statement.lines, statement.digest = sums.lines, digest
    statement.gross, statement.national_reduction = sums.gross, sums.national_reduction
    statement.city_subsidy, statement.citizen_share = sums.city_subsidy, sums.citizen_share
    statement.compensation = sums.compensation
    statement.state = StatementState.PREPARED
    statement.prepared_at, statement.prepared_by = at, by.name or by.id
    statement.state_at = at
    statement.save()
    sign_preparation(statement, by=by, at=at)
    audit.record(actor=by, action="prepare_statement", object_type="statement", object_id=statement.id, at=at,
                 after={"lines": sums.lines, "digest": digest})
    publish(StatementPrepared(statement.id, statement.province_id, statement.operator_code, statement.period, digest,
                              prepared_at=at))
