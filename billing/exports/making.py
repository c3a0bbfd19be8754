"""A file of a statement or a claim: asked for by a person, made by a worker, kept for a month."""

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from types import MappingProxyType
from typing import Final
from uuid import UUID

from django.db.models import QuerySet
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from billing.errors import ExportRefused, StatementNotFound
from billing.events import ExportAsked
from billing.exports.claim_columns import ClaimTable
from billing.exports.columns import Cell, Table
from billing.exports.workbooks import MOST_ROWS, workbook
from billing.models.ledger import Charge
from billing.models.statements import ExportFile, ExportFormat, Statement, StatementExport
from billing.papers.statement import statement_pdf
from billing.queries.books import Books, books_of
from billing.queries.lines import view_of
from billing.queries.months import month_lines
from billing.settling.figures import matched_claim
from shared import audit
from shared.actors import Actor
from shared.errors import ErrorCollector
from shared.outbox.publishing import publish
from shared.transactions import operation

SUBJECTS: Final = ("lines", "claim")
KEPT_DAYS: Final = 30
FAILURES: Final = MappingProxyType({
    "too-long": _("More rows than a workbook takes: ask for CSV."),
    "no-claim": _("The claim was discarded meanwhile."),
    "removed": _("Removed after a month: ask for it again."),
    "gave-up": _("It could not be made; the administrator is told."),
})
"""Why there is no file, in words that say what to do."""
TYPES: Final = MappingProxyType({
    ExportFormat.CSV: "text/csv; charset=utf-8", ExportFormat.PDF: "application/pdf",
    ExportFormat.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"})


@dataclass(frozen=True, slots=True)
class MadeFile:
    name: str
    content_type: str
    content: bytes


def exports_of(books: Books) -> QuerySet[StatementExport]:
    return StatementExport.objects.filter(statement__in=Statement.objects.filter(books.statements))


@operation
def ask_export(*, statement_id: UUID, subject: str, format: str, view: str = "", by: Actor,  # noqa: A002
               at: datetime) -> StatementExport:
    """Ask for a file; `view` is a view or a reason as on the screen, empty for everything.

    Raises:
        StatementNotFound: none that `by` may open.
        ExportRefused: there is no claim to export, or no such form.
    """
    statement = Statement.objects.filter(books_of(by).statements, id=statement_id).first()
    if statement is None:
        raise StatementNotFound
    _check(statement, subject, format)
    made = StatementExport.objects.create(
        statement=statement, subject=subject, format=format, view=view[:40], asked_by=by.id, asked_by_name=by.name,
        asked_at=at, language=(translation.get_language() or "vi")[:2])
    audit.record(actor=by, action="statement.export", object_type="statement", object_id=statement.id, at=at,
                 after={"subject": subject, "format": format, "view": view[:40]})
    publish(ExportAsked(made.id))
    return made


def _check(statement: Statement, subject: str, wanted: str) -> None:
    wrong = ErrorCollector()
    if wanted not in ExportFormat.values:
        wrong.add("/format", "not-a-choice", _("Choose PDF, XLSX or CSV."))
    if subject not in SUBJECTS:
        wrong.add("/subject", "not-a-choice", _("Choose the lines of the books or the claim."))
    elif subject == "claim" and wanted == ExportFormat.PDF:
        wrong.add("/format", "not-on-paper", _("A claim comes as XLSX or CSV; on paper there are the joint minutes."))
    elif subject == "claim" and matched_claim(statement) is None:
        wrong.add("/subject", "no-claim", _("No claim of this month has been compared yet."))
    wrong.raise_if_any(ExportRefused)


@operation
def make_export(*, export_id: UUID, at: datetime) -> StatementExport | None:
    """Make the file that was asked for; again changes nothing. None: there is no such export."""
    export = (StatementExport.objects.select_for_update(of=("self",)).select_related("statement__province")
              .filter(id=export_id).first())
    if export is None or export.ready_at is not None or export.failure:
        return export
    with translation.override(export.language):
        content, rows = _content(export, at)
    if isinstance(content, str):
        export.failure = content
        export.save(update_fields=["failure"])
        return export
    ExportFile.objects.create(export=export, content=content)
    export.rows, export.size_bytes, export.sha256 = rows, len(content), sha256(content).hexdigest()
    export.ready_at = at
    export.save(update_fields=["rows", "size_bytes", "sha256", "ready_at"])
    return export


def _content(export: StatementExport, at: datetime) -> tuple[bytes | str, int]:
    """The file and how many rows it has; or why there can be none, a word of FAILURES."""
    if export.subject == "claim" and matched_claim(export.statement) is None:
        return "no-claim", 0
    if export.format == ExportFormat.PDF:
        return statement_pdf(export.statement, dated=at)
    table = _table(export)
    if export.format == ExportFormat.CSV:
        return _csv(table), table.count
    if _rows(export) > MOST_ROWS:
        return "too-long", 0
    with workbook(f"{export.statement.operator_code} {export.statement.period:%Y-%m}", table) as file:
        return file.read(), table.count


def _table(export: StatementExport) -> Table | ClaimTable:
    if export.subject == "claim":
        claim = matched_claim(export.statement)
        if claim is None:
            raise RuntimeError("The claim of this export was discarded.")
        return ClaimTable(claim, export.view)
    return Table(_lines(export))


def _lines(export: StatementExport) -> QuerySet[Charge]:
    month = export.statement
    lines = month_lines(province_code=month.province_id, operator_code=month.operator_code, period=month.period)
    if not export.view:
        return lines
    return lines.filter(view_of(export.view))


def _rows(export: StatementExport) -> int:
    if export.subject == "claim":
        claim = matched_claim(export.statement)
        return claim.rows if claim is not None else 0
    return _lines(export).count()


def _csv(rows: Iterable[Sequence[Cell]]) -> bytes:
    text = io.StringIO(newline="")
    text.write("\ufeff")
    csv.writer(text).writerows(rows)
    return text.getvalue().encode()


@operation
def file_of(*, export: StatementExport, by: Actor, at: datetime) -> MadeFile | None:
    """The file, each fetching written down; None before it is ready and after it was removed."""
    made = ExportFile.objects.filter(export_id=export.id).first()
    if made is None:
        return None
    audit.record(actor=by, action="statement.export_fetched", object_type="statement", object_id=export.statement_id,
                 at=at, after={"export": str(export.id), "sha256": export.sha256})
    month = export.statement
    name = f"wardpost-{month.province_id}-{month.operator_code}-{month.period:%Y-%m}-{export.subject}.{export.format}"
    return MadeFile(name, TYPES[ExportFormat(export.format)], bytes(made.content))


@operation
def forget_old_exports(*, now: datetime) -> int:
    """Remove files older than a month; the row stays and says what there was."""
    old = ExportFile.objects.filter(export__ready_at__lt=now - timedelta(days=KEPT_DAYS))
    StatementExport.objects.filter(file__in=old).update(failure="removed")
    return old.delete()[0]
