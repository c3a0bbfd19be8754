"""A month of one operator as a file that anybody can check offline, complete or refused.

The file follows the whole chain from one signed checkpoint to another: the month's own lines are opened with their
salts, all others are there as commitments, which tell nothing. So a line that is missing, changed or slipped in is seen
without asking us. The file's last row counts the others; a file without it was cut off.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Any, Final

from django.db import connection
from django.utils.translation import gettext_lazy as _

from billing.chain import said
from billing.errors import ExportIncomplete
from billing.models.seals import Checkpoint
from billing.queries.months import StatementInfo, computed
from shared.problems import told

FORMAT: Final = "wardpost/sealed-export/1"
_AT_ONCE: Final = 5000
_SUMS: Final = ("gross", "national_reduction", "city_subsidy", "citizen_share", "compensation", "other")
_EXTENT: Final = """
    SELECT count(*), count(s.sequence) FILTER (WHERE s.sequence <= %(signed)s),
           min(s.sequence), max(s.sequence) FILTER (WHERE s.sequence <= %(signed)s)
    FROM billing_charge c LEFT JOIN billing_lineseal s ON s.line_id = c.id
    WHERE c.province_code = %(province)s AND c.operator_code = %(operator)s AND c.period = %(period)s
"""
_SUMMED: Final = f"""
    SELECT count(*), {', '.join(f'coalesce(sum(c.{name}), 0)' for name in _SUMS)}
    FROM billing_lineseal s JOIN billing_charge c ON c.id = s.line_id
    WHERE s.sequence > %(after)s AND s.sequence <= %(through)s
    AND c.province_code = %(province)s AND c.operator_code = %(operator)s AND c.period = %(period)s
"""  # noqa: S608  # our own columns
_ROWS: Final = f"""
    SELECT s.sequence, encode(s.commitment, 'hex'), s.salt::text,
           CASE WHEN c.id IS NOT NULL THEN {said.LINE_SAID} END
    FROM billing_lineseal s LEFT JOIN billing_charge c ON c.id = s.line_id AND c.province_code = %(province)s
        AND c.operator_code = %(operator)s AND c.period = %(period)s
    {said.LINE_JOINS}
    LEFT JOIN LATERAL ({said.LEGS} WHERE p.group_id = c.group_id GROUP BY p.group_id) l ON true
    WHERE s.sequence > %(after)s AND s.sequence <= %(through)s ORDER BY s.sequence
"""  # noqa: S608


@dataclass(frozen=True, slots=True)
class SealedExport:
    """What is going to be given out; `rows` gives it, a line of JSON each."""

    head: dict[str, Any]
    after: int
    through: int

    def rows(self) -> Iterator[str]:
        """Raises RuntimeError, and so breaks off, when a row is no longer what was sealed."""
        whole, opened = sha256(), 0
        text = _line(self.head)
        whole.update(text.encode())
        yield text
        for row in self._sealed():
            opened += "said" in row
            text = _line(row)
            whole.update(text.encode())
            yield text
        if opened != self.head["lines"]:
            raise RuntimeError(f"The export opened {opened} lines and promised {self.head['lines']}.")
        yield _line({"end": True, "rows": self.through - self.after, "opened": opened, "sha256": whole.hexdigest()})

    def _sealed(self) -> Iterator[dict[str, Any]]:
        for start in range(self.after, self.through, _AT_ONCE):
            end = min(start + _AT_ONCE, self.through)
            with connection.cursor() as cursor:
                cursor.execute(_ROWS, {**self.head["about"], "province": self.head["about"]["province_code"],
                                       "operator": self.head["about"]["operator_code"], "after": start,
                                       "through": end})
                rows = cursor.fetchall()
            if [row[0] for row in rows] != list(range(start + 1, end + 1)):
                raise RuntimeError(f"The chain has a gap between no. {start + 1} and no. {end}.")
            yield from map(_row, rows)


def sealed_export(info: StatementInfo) -> SealedExport:
    """What a sealed export of this month would hold.

    Raises:
        ExportIncomplete: nothing of it is signed yet; or it is closed, and some of its lines are not, or are no longer
            those it was closed with.
    """
    where: dict[str, str | int | date] = {
        "province": info.province_code, "operator": info.operator_code, "period": info.period}
    last = Checkpoint.objects.order_by("-number").first()
    signed = 0 if last is None else last.lines
    total, covered, first, newest = _one(_EXTENT, {**where, "signed": signed})
    if not covered or (total > covered and not info.is_open):
        raise ExportIncomplete(told(
            _("{lines} of {total} lines are signed. The rest follow with the checkpoint of tonight."),
            lines=covered, total=total))
    if not info.is_open and not _is_as_closed(info):
        raise ExportIncomplete(told(_("The month's lines are no longer those it was closed with.")))
    before = Checkpoint.objects.filter(lines__lt=first).order_by("-number").first()
    through = Checkpoint.objects.filter(lines__gte=newest).order_by("number")[0]
    after = 0 if before is None else before.lines
    opened, *sums = _one(_SUMMED, {**where, "after": after, "through": through.lines})
    head = {
        "format": FORMAT, "about": _about(info), "statement": {"state": info.state, "digest": info.digest},
        "from": None if before is None else _signed(before), "through": _signed(through), "lines": opened,
        "sums": {name: int(amount) for name, amount in zip(_SUMS, sums, strict=True)}, "later": total - opened}
    return SealedExport(head, after, through.lines)


def _about(info: StatementInfo) -> dict[str, str]:
    return {"period": info.period.isoformat(), "province_code": info.province_code,
            "operator_code": info.operator_code}


def _is_as_closed(info: StatementInfo) -> bool:
    _sums, digest = computed(province_code=info.province_code, operator_code=info.operator_code, period=info.period)
    return digest == info.digest


def _signed(checkpoint: Checkpoint) -> dict[str, str]:
    return {"said": checkpoint.said, "signature": bytes(checkpoint.signature).hex(), "code": checkpoint.code}


def _row(row: tuple[int, str, str, str | None]) -> dict[str, Any]:
    sequence, commitment, salt, text = row
    if text is None:
        return {"sequence": sequence, "commitment": commitment}
    if sha256(bytes.fromhex(salt.replace("-", "")) + text.encode()).hexdigest() != commitment:
        raise RuntimeError(f"Line no. {sequence} is no longer what was sealed.")
    return {"sequence": sequence, "commitment": commitment, "salt": salt, "said": text}


def _one(question: str, values: dict[str, str | int | date]) -> tuple[Any, ...]:
    with connection.cursor() as cursor:
        cursor.execute(question, values)
        found: tuple[Any, ...] = cursor.fetchone()
    return found


def _line(data: dict[str, Any]) -> str:
    return json.dumps(data, ensure_ascii=False, separators=(",", ":")) + "\n"
