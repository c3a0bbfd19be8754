"""A month as a PDF to print: sums, reasons and the lines themselves, the exceptions first when the month is long."""

from datetime import datetime
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from billing.models.ledger import Charge
from billing.models.statements import Statement, StatementState
from billing.papers.minutes import TYPESETTER
from billing.queries.chain import seal_of_month
from billing.queries.lines import ORDER, VIEWS
from billing.queries.months import ReasonSums, Sums, computed, month_by_reason, month_lines
from billing.settling.step_words import state_said
from billing.wording import REASONS, reason_title
from shared.formatting import day, full_day, number

MOST_ON_PAPER: Final = 3000
"""Lines on paper; a longer month shows its exceptions and says so."""


def statement_pdf(statement: Statement, *, dated: datetime) -> tuple[bytes, int]:
    """The PDF and how many lines stand in it."""
    key: dict[str, Any] = {"province_code": statement.province_id, "operator_code": statement.operator_code,
                           "period": statement.period}
    sums, digest = computed(**key)
    lines, is_whole = month_lines(**key).select_related("explanation").defer("evidence").order_by(*ORDER), True
    if sums.lines > MOST_ON_PAPER:
        lines, is_whole = lines.filter(VIEWS["look"]), False
    rows = [_row(line) for line in lines[:MOST_ON_PAPER]]
    if statement.state != StatementState.OPEN and digest != statement.digest:
        raise RuntimeError(f"Statement {statement.id} no longer has the lines it was prepared with.")
    data = _data(statement, sums, digest, month_by_reason(**key), rows, is_whole=is_whole)
    return TYPESETTER.pdf("statement", data, dated=dated), len(rows)


def _data(statement: Statement, sums: Sums, digest: str, reasons: list[ReasonSums], rows: list[list[str]], *,
          is_whole: bool) -> dict[str, Any]:
    title = _("Statement %(operator)s %(month)s") % {"operator": statement.operator_code,
                                                     "month": f"{statement.period:%m/%Y}"}
    note = "" if is_whole else _("The month has %(lines)s lines; printed are the %(shown)s to look at first. "
                                 "The workbook has all of them.") % {
        "lines": number(sums.lines), "shown": number(len(rows))}
    return {
        "title": title, "state": state_said(statement.state), "digest": digest, "digest_label": _("digest"),
        "short_digest": digest[:16], "seal": _seal(statement), "note": note, "rows": rows,
        "sums": [{"label": label, "value": number(value)} for label, value in (
            (_("Lines"), sums.lines), (_("Postage"), sums.gross.amount),
            (_("National reduction"), sums.national_reduction.amount), (_("Citizens pay"), sums.citizen_share.amount),
            (_("City supports postage"), sums.city_subsidy.amount), (_("Agents' work"), sums.compensation.amount),
            (_("The city owes"), sums.city_owes.amount))],
        "reason_head": [pgettext("finance", "Reason"), _("Lines"), _("Postage"), _("The city owes")],
        "reasons": [_reason(each) for each in reasons],
        "head": [pgettext("finance", "Reason"), _("Dossier"), _("Parcel"), _("Day"), _("Postage"),
                 pgettext("finance", "Reduced"), pgettext("finance", "Citizen"), pgettext("finance", "City")],
    }


def _seal(statement: Statement) -> str:
    """The code to compare with the public page; without one the statement says so."""
    checkpoint = seal_of_month(is_open=statement.state == StatementState.OPEN, prepared_at=statement.prepared_at)
    if checkpoint is None:
        return _("Seal code: not signed yet, follows tonight")
    return _("Seal code %(code)s of %(day)s, published for everybody") % {
        "code": checkpoint.code, "day": full_day(checkpoint.day)}


def _reason(each: ReasonSums) -> dict[str, str]:
    plain = _("Agents' work") if each.is_work else _("Nothing unusual")
    return {"label": str(REASONS.get(each.reason_code, each.reason_code)) if each.reason_code else plain,
            "lines": number(each.sums.lines), "gross": number(each.sums.gross.amount),
            "city": number(each.sums.city_owes.amount)}


def _row(line: Charge) -> list[str]:
    amounts = (line.gross, line.national_reduction, line.citizen_share, line.city_owes)
    return [reason_title(line), line.dossier_code, line.parcel_number, day(line.occurred_at),
            *(number(amount.amount) for amount in amounts)]
