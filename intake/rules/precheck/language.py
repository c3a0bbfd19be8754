"""The little language of the rules: conditions as nested lists, understood here and by `precheck.js` alike.

    ["all", c…] ["any", c…] ["not", c]       of conditions
    ["is", path, value] ["in", path, [values]] ["has", path, value]   a fact is it, is among them, holds it
    ["same", path, path]                      two facts are equal
    ["set", path]                             a fact is neither null, "", 0, false nor empty
    ["outlived", path of a day, path of months, path of a day]   the first day plus the months lies before the other

A path names a fact ("channel") or, in a rule about each paper, one of the paper's ("paper.pages").
"""

import re
from calendar import monthrange
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, Final

type Condition = list[Any]
type Scope = Mapping[str, Any]

_HOLE: Final = re.compile(r"\{([a-z_.]+)\}")


def holds(condition: Condition, scope: Scope) -> bool:
    """Whether the condition is true; raises KeyError for a word that the language does not have."""
    word, *rest = condition
    return _WORDS[word](scope, *rest)


def fill(template: str, scope: Scope) -> str:
    """`template` with every {path} replaced by its fact; a list is told by commas."""
    return _HOLE.sub(lambda hole: _told(fact_of(scope, hole[1])), template)


def fact_of(scope: Scope, path: str) -> Any:
    value: Any = scope
    for name in path.split("."):
        value = value.get(name) if isinstance(value, Mapping) else None
    return value


def add_months(day: date, months: int) -> date:
    """The same day of a later month, or that month's last."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _told(value: Any) -> str:
    if isinstance(value, list | tuple):
        return ", ".join(_told(each) for each in value)
    return "" if value is None else str(value)


def _is_outlived(scope: Scope, day: str, months: str, on: str) -> bool:
    begun, term, today = fact_of(scope, day), fact_of(scope, months), fact_of(scope, on)
    if not begun or term is None or not today:
        return False
    return add_months(date.fromisoformat(begun), term) < date.fromisoformat(today)


_WORDS: Final[Mapping[str, Callable[..., bool]]] = {
    "all": lambda scope, *each: all(holds(one, scope) for one in each),
    "any": lambda scope, *each: any(holds(one, scope) for one in each),
    "not": lambda scope, one: not holds(one, scope),
    "is": lambda scope, path, value: bool(_same(fact_of(scope, path), value)),
    "in": lambda scope, path, values: any(_same(fact_of(scope, path), value) for value in values),
    "has": lambda scope, path, value: any(_same(one, value) for one in fact_of(scope, path) or ()),
    "same": lambda scope, one, other: bool(_same(fact_of(scope, one), fact_of(scope, other))),
    "set": lambda scope, path: bool(fact_of(scope, path)),
    "outlived": _is_outlived,
}


def _same(one: Any, other: Any) -> bool:
    """Equal and of one kind: 0 is not false, here as in the browser."""
    return isinstance(one, bool) == isinstance(other, bool) and bool(one == other)
