"""docs/states.md, drawn from the tables of intake/rules/states.py so that picture and code cannot differ."""

from collections.abc import Mapping
from enum import IntEnum, StrEnum
from typing import Any, Final

from intake.rules import states
from intake.rules.state_words import STATE_WORDS

_HEAD: Final = """# States of a dossier

Drawn by `python manage.py draw_states` from `intake/rules/states.py`; a test compares the two. Handling uses the
national status codes 1 to 10 (0, the draft, is ours). Money, result and synchronisation move on their own: a dossier
may be resolved and unpaid, or returned and not yet synchronised.

- In *hatched* states the statutory clock stands still.
- States without an arrow out of them are final; leaving one takes an audited correction.
- Every other state has an owner and a sweep (`intake/sweeps.py`) that notices when a dossier stays in it.
"""


def states_document() -> str:
    """The whole text of docs/states.md."""
    parts = [
        _HEAD,
        _machine("Handling", states.HANDLING, states.Handling, states.FINAL_HANDLING),
        _machine("Money", states.MONEY, states.MoneyState, states.FINAL_MONEY),
        _machine("Result", states.RESULT, states.ResultState, states.FINAL_RESULT),
        _machine("Synchronisation", states.SYNC, states.SyncState, states.FINAL_SYNC),
    ]
    return "\n".join(parts)


def _machine(title: str, table: Mapping[Any, Any], kind: type[IntEnum | StrEnum],
             final: frozenset[Any]) -> str:
    return "\n".join([f"## {title}", "", *_diagram(table, kind, final), "", *_table(kind, final), ""])


def _diagram(table: Mapping[Any, Any], kind: type[IntEnum | StrEnum], final: frozenset[Any]) -> list[str]:
    first = next(iter(kind))
    arrows = [f"    {before.name} --> {after.name}: {action}" for (before, action), after in table.items()]
    names = [f'    state "{_label(state)}" as {state.name}' for state in kind]
    ends = [f"    {state.name} --> [*]" for state in kind if state in final and not _leads_on(state, table)]
    stopped = [state.name for state in kind if state in states.PAUSED]
    marks = ["    classDef hatched stroke-dasharray: 5 5", f"    class {','.join(stopped)} hatched"] if stopped else []
    return ["```mermaid", "stateDiagram-v2", *names, f"    [*] --> {first.name}", *arrows, *ends, *marks, "```"]


def _leads_on(state: object, table: Mapping[Any, Any]) -> bool:
    return any(before == state for before, _ in table)


def _label(state: IntEnum | StrEnum) -> str:
    code = f"{state.value} " if isinstance(state, IntEnum) else ""
    return f"{code}{STATE_WORDS[state].vi}"


def _table(kind: type[IntEnum | StrEnum], final: frozenset[Any]) -> list[str]:
    rows = ["| state | Vietnamese | English | who answers for it | sweep |", "| --- | --- | --- | --- | --- |"]
    for state in kind:
        watch = states.WATCHED.get(state)
        owner = "final" if state in final else (watch.owner_role.replace("_", " ") if watch else "nobody")
        words = STATE_WORDS[state]
        code = f"{state.value} `{state.name.lower()}`" if isinstance(state, IntEnum) else f"`{state.value}`"
        rows.append(f"| {code} | {words.vi} | {words.en} | {owner} | {watch.sweep if watch else ''} |")
    return rows
