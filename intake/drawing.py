"""docs/states.md, drawn from the tables of intake/rules/states.py so that picture and code cannot differ."""

from collections.abc import Mapping
from enum import IntEnum, StrEnum
from typing import Any, Final

from delivery.indemnities import rules as indemnities
from delivery.searches import rules as searches
from intake.rules import document_states, states
from intake.rules.state_words import STATE_WORDS
from intake.rules.wording import Words

_HEAD: Final = """# States of a dossier

Drawn by `python manage.py draw_states` from `intake/rules/states.py`; a test compares the two. Handling uses the
national status codes 1 to 10 (0, the draft, is ours). Money, result and synchronisation move on their own: a dossier
may be resolved and unpaid, or returned and not yet synchronised.

- In *hatched* states the statutory clock stands still.
- States without an arrow out of them are final; leaving one takes an audited correction.
- Every other state has an owner and a sweep (`intake/sweeps.py`) that notices when a dossier stays in it.
"""

_PAPERS: Final = """# States of a paper

From `intake/rules/document_states.py`. A dossier never waits for this machine, only the opening of a paper does. A
later verdict of the antivirus or a lost file moves even what was clean; the sweeps are in `intake/document_sweeps.py`.
"""


_SEARCHES: Final = """# States of a search

From `delivery/searches/rules.py`: a parcel that is silent, overdue or missed is looked for until it is found or given
up as lost; the sweeps are in `delivery/searches/sweeps.py`.
"""
_SEARCH_WORDS: Final[Mapping[Any, Words]] = {
    searches.SearchState.SEARCHING: Words("Đang tìm", "Being looked for"),
    searches.SearchState.OVERDUE: Words("Quá hạn trả lời", "Answer overdue"),
    searches.SearchState.FOUND: Words("Đã tìm thấy", "Found"),
    searches.SearchState.LOST: Words("Thất lạc", "Lost"),
}


_INDEMNITIES: Final = """# States of an indemnity

From `delivery/indemnities/rules.py`: what an operator owes for a late or lost parcel. While it is objected to or
unanswered the city's finance decides, asked by a work item.
"""
_INDEMNITY_WORDS: Final[Mapping[Any, Words]] = {
    indemnities.IndemnityState.PROPOSED: Words("Chờ doanh nghiệp trả lời", "Operator to answer"),
    indemnities.IndemnityState.OBJECTED: Words("Chờ thành phố quyết định", "City to decide"),
    indemnities.IndemnityState.UNANSWERED: Words("Không trả lời, chờ quyết định", "Not answered, city to decide"),
    indemnities.IndemnityState.OWED: Words("Phải trả", "To be paid"),
    indemnities.IndemnityState.PAID: Words("Đã trả", "Paid"),
    indemnities.IndemnityState.WAIVED: Words("Không phải trả", "Not owed"),
}


def states_document() -> str:
    """The whole text of docs/states.md."""
    parts = [
        _HEAD,
        _machine("Handling", states.HANDLING, states.Handling, states.FINAL_HANDLING),
        _machine("Money", states.MONEY, states.MoneyState, states.FINAL_MONEY),
        _machine("Result", states.RESULT, states.ResultState, states.FINAL_RESULT),
        _machine("Synchronisation", states.SYNC, states.SyncState, states.FINAL_SYNC),
        _papers(),
        _searches(),
        _indemnities(),
    ]
    return "\n".join(parts)


def _machine(title: str, table: Mapping[Any, Any], kind: type[IntEnum | StrEnum],
             final: frozenset[Any]) -> str:
    return "\n".join([f"## {title}", "", *_diagram(table, kind, final), "", *_table(kind, final), ""])


def _papers() -> str:
    kind, final = document_states.DocumentState, document_states.FINAL_DOCUMENT
    words = document_states.DOCUMENT_WORDS
    return "\n".join([
        _PAPERS, *_diagram(document_states.DOCUMENT, kind, final, words), "",
        *_table(kind, final, words, document_states.WATCHED_DOCUMENTS), ""])


def _searches() -> str:
    kind, final = searches.SearchState, searches.FINAL_SEARCH
    watched = {state: states.Watch(watch.owner_role, watch.sweep) for state, watch in searches.WATCHED.items()}
    return "\n".join([
        _SEARCHES, *_diagram(searches.TRANSITIONS, kind, final, _SEARCH_WORDS), "",
        *_table(kind, final, _SEARCH_WORDS, watched), ""])


def _indemnities() -> str:
    kind, final = indemnities.IndemnityState, indemnities.FINAL_INDEMNITY
    watched = {state: states.Watch(watch.owner_role, watch.sweep) for state, watch in indemnities.WATCHED.items()}
    return "\n".join([
        _INDEMNITIES, *_diagram(indemnities.TRANSITIONS, kind, final, _INDEMNITY_WORDS), "",
        *_table(kind, final, _INDEMNITY_WORDS, watched), ""])


def _diagram(table: Mapping[Any, Any], kind: type[IntEnum | StrEnum], final: frozenset[Any],
             said: Mapping[Any, Words] = STATE_WORDS) -> list[str]:
    first = next(iter(kind))
    arrows = [f"    {before.name} --> {after.name}: {action}" for (before, action), after in table.items()]
    names = [f'    state "{_label(state, said)}" as {state.name}' for state in kind]
    ends = [f"    {state.name} --> [*]" for state in kind if state in final and not _leads_on(state, table)]
    stopped = [state.name for state in kind if state in states.PAUSED]
    marks = ["    classDef hatched stroke-dasharray: 5 5", f"    class {','.join(stopped)} hatched"] if stopped else []
    return ["```mermaid", "stateDiagram-v2", *names, f"    [*] --> {first.name}", *arrows, *ends, *marks, "```"]


def _leads_on(state: object, table: Mapping[Any, Any]) -> bool:
    return any(before == state for before, _ in table)


def _label(state: IntEnum | StrEnum, said: Mapping[Any, Words]) -> str:
    code = f"{state.value} " if isinstance(state, IntEnum) else ""
    return f"{code}{said[state].vi}"


def _table(kind: type[IntEnum | StrEnum], final: frozenset[Any], said: Mapping[Any, Words] = STATE_WORDS,
           watched: Mapping[Any, states.Watch] = states.WATCHED) -> list[str]:
    rows = ["| state | Vietnamese | English | who answers for it | sweep |", "| --- | --- | --- | --- | --- |"]
    for state in kind:
        watch = watched.get(state)
        owner = "final" if state in final else (watch.owner_role.replace("_", " ") if watch else "nobody")
        words = said[state]
        code = f"{state.value} `{state.name.lower()}`" if isinstance(state, IntEnum) else f"`{state.value}`"
        rows.append(f"| {code} | {words.vi} | {words.en} | {owner} | {watch.sweep if watch else ''} |")
    return rows
