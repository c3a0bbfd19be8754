"""The lines, one after another along their chain: what each says, what it should say, and that nothing is missing."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any, Final

from billing.verification.arithmetic import Rules
from billing.verification.findings import Finding
from billing.verification.links import Link, Links
from billing.verification.rows import by_keys, one, rows, stream
from billing.verification.texts import GROUP_COLUMNS, LINE_COLUMNS, line_text

BEFORE_THE_FIRST: Final = sha256(b"wardpost/line/1").digest()
_LINE: Final = len(LINE_COLUMNS)
_AT: Final = {name.rpartition(".")[2].partition("::")[0]: place for place, name in enumerate(LINE_COLUMNS)}
_AMOUNTS: Final = slice(_AT["gross"], _AT["other"] + 1)
_FIVE: Final = 5
_LEGS: Final = """LEFT JOIN LATERAL (SELECT string_agg(p.account_id || ':' || p.amount, ',' ORDER BY p.id) AS said
    FROM billing_posting p WHERE p.group_id = c.group_id) legs ON true"""
_JOINS: Final = f"""LEFT JOIN billing_postinggroup g ON g.id = c.group_id
    LEFT JOIN billing_explanation e ON e.id = c.explanation_id {_LEGS}"""
_TAKEN_BACK: Final = "(SELECT r.id FROM billing_charge r WHERE r.reverses_id = c.id)"
"""The line that reversed this one."""
_COLUMNS: Final = ", ".join(
    (*LINE_COLUMNS, *GROUP_COLUMNS, _TAKEN_BACK, "legs.said", "c.group_id", "c.explanation_id"))
_SEALED: Final = f"""
    SELECT s.sequence, s.salt, s.commitment, s.chain, s.line_id, {_COLUMNS}
    FROM billing_lineseal s LEFT JOIN billing_charge c ON c.id = s.line_id {_JOINS}
    WHERE s.sequence > %s ORDER BY s.sequence
"""  # noqa: S608  # our own columns
_UNSEALED: Final = f"""
    SELECT {_COLUMNS} FROM (SELECT c.* FROM billing_charge c WHERE NOT EXISTS (
        SELECT 1 FROM billing_lineseal s WHERE s.line_id = c.id)) c {_JOINS} ORDER BY c.id
"""  # noqa: S608
_SEAL: Final = 5


@dataclass(slots=True)
class LinesRead:
    """How far the lines were read, for whoever looks at the rest."""

    lines: int = 0
    unsealed: int = 0
    last: int = 0
    """Sequence of the last seal."""


@dataclass(slots=True)
class _Reader:
    rules: Rules
    accounts: Mapping[str, str]
    steps: Mapping[int, Sequence[Mapping[str, Any]]]
    explained: dict[tuple[object, ...], bool] = field(default_factory=dict)

    def line(self, row: Sequence[Any]) -> tuple[str, list[list[object]]]:
        """The text of a row of _COLUMNS, and its legs."""
        legs = self._legs(row[-3])
        return line_text(row[:_LINE], row[_LINE:_LINE + len(GROUP_COLUMNS)], legs), legs

    def _legs(self, said: str | None) -> list[list[object]]:
        pairs = (leg.split(":") for leg in said.split(",")) if said else ()
        return [[self.accounts.get(account, ""), int(amount)] for account, amount in pairs]

    def wrong(self, row: Sequence[Any], legs: Sequence[Sequence[Any]], sequence: int | None) -> Iterator[Finding]:
        """What contradicts itself or the rules in one line."""
        name, amounts = str(row[0]), tuple(row[_AMOUNTS])
        for kind, is_wrong in (
            ("legs-off-balance", sum(leg[1] for leg in legs) != 0),
            ("legs-and-line-differ", _debited(legs) != abs(amounts[0] + amounts[4] + amounts[5])),
            ("line-does-not-add-up", amounts[0] != amounts[1] + amounts[2] + amounts[3]),
            ("group-of-another-line", _is_other_group(row)),
        ):
            if is_wrong:
                yield Finding(kind, name, sequence)
        # A line that was reversed answers to its mirror, and a newer rule may have been why.
        if row[_AT["reverses_id"]] is None and row[-4] is None:
            yield from self._recomputed(row, amounts, sequence)
        if not self._is_explained(row[-1], amounts):
            yield Finding("explanation-differs", name, sequence)

    def _recomputed(self, row: Sequence[Any], amounts: tuple[int, ...], sequence: int | None) -> Iterator[Finding]:
        try:
            due = self.rules.due(kind=row[_AT["kind"]], province_code=row[_AT["province_code"]],
                                 occurred_at=row[_AT["occurred_at"]], evidence=row[_AT["evidence"]])
        except (LookupError, ValueError, TypeError) as error:
            yield Finding("evidence-unreadable", str(row[0]), sequence, type(error).__name__)
            return
        if amounts != due.amounts or due.rule != row[_AT["rule"]]:
            yield Finding("line-and-rules-differ", str(row[0]), sequence,
                          f"kept {list(amounts)} by {row[_AT['rule']]}, recomputed {list(due.amounts)} by {due.rule}")

    def _is_explained(self, explanation: int, amounts: tuple[int, ...]) -> bool:
        """Whether the arithmetic in words ends in the amounts of the line."""
        key = (explanation, *amounts)
        if key not in self.explained:
            self.explained[key] = _adds_up(self.steps.get(explanation, ()), amounts)
        return self.explained[key]


_EXPLAINS: Final = {"tariff": (0, 1), "national_reduction": (1, -1), "city_subsidy": (2, -1), "citizen_share": (3, 1),
                    "compensation": (4, 1)}
"""Step to the amount it explains and the sign with which it enters the sum."""


def _adds_up(steps: Sequence[Mapping[str, Any]], amounts: tuple[int, ...]) -> bool:
    if not steps:
        return False
    told = {step["kind"]: step["amount"] for step in steps}
    if "compensation_total" in told:
        told["compensation"] = told["compensation_total"]
    return all(told[kind] * sign == amounts[place] for kind, (place, sign) in _EXPLAINS.items() if kind in told)


def _debited(legs: Sequence[Sequence[Any]]) -> int:
    return sum(leg[1] for leg in legs if leg[1] > 0)


def _is_other_group(row: Sequence[Any]) -> bool:
    """Whether the posting group is of another event, month or rule than its line."""
    group = row[_LINE:_LINE + len(GROUP_COLUMNS)]
    if group[0] is None:
        return row[-2] is not None
    line = (row[_AT["source_type"]], row[_AT["source_id"]], row[_AT["kind"]], row[_AT["rule"]], row[_AT["period"]])
    return tuple(group[1:6]) != line


def _reader() -> _Reader:
    return _Reader(Rules(), {str(key): code for key, code in rows("SELECT id, code FROM billing_account")},
                   {key: json.loads(steps) for key, steps in rows("SELECT id, steps::text FROM billing_explanation")})


def check_lines(read: LinesRead, *, after: int, before: bytes, heads: Mapping[int, bytes]) -> Iterator[Finding]:
    """The sealed lines behind the sequence `after`, whose chain value is `before`; then those without a seal.

    `heads` are the chain values that signed checkpoints name, by sequence.
    """
    reader, links = _reader(), Links("line", after, before, heads)
    with by_keys():
        for row in stream(_SEALED, [after]):
            sequence, salt, commitment, chain, line_id = row[:_SEAL]
            read.lines += 1
            link = Link(sequence, salt, bytes(commitment), bytes(chain), str(line_id))
            if row[_SEAL] is None:
                yield from links.take(link, None)
                continue
            text, legs = reader.line(row[_SEAL:])
            yield from links.take(link, text)
            yield from reader.wrong(row[_SEAL:], legs, sequence)
    yield from links.end()
    read.last = links.sequence
    yield from _unsealed(read, reader)


def _unsealed(read: LinesRead, reader: _Reader) -> Iterator[Finding]:
    signed_at = one("SELECT max(signed_at) - interval '2 hours' FROM billing_checkpoint")
    with by_keys():
        for row in stream(_UNSEALED):
            read.unsealed += 1
            _text, legs = reader.line(row)
            yield from reader.wrong(row, legs, None)
            if signed_at is not None and row[_AT["posted_at"]] < signed_at:
                yield Finding("line-never-sealed", str(row[0]), None, "posted before the last checkpoint")


def check_explanations() -> Iterator[Finding]:
    """An explanation is named by the digest of its words."""
    for key, digest, steps in stream("SELECT id, digest, steps::text FROM billing_explanation ORDER BY id"):
        if sha256(json.dumps(json.loads(steps), ensure_ascii=False, sort_keys=True).encode()).digest() != bytes(digest):
            yield Finding("explanation-changed", str(key))
