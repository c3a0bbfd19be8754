"""One state machine as a diagram and a table."""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from enum import IntEnum, StrEnum
from typing import Any, Protocol

from django.utils import translation

from billing.rules.words import Words as BillingWords
from intake.rules.wording import Words
from shared.errors import Text


class Labelled(Protocol):
    """A face: how a state looks on screens."""

    @property
    def label(self) -> Text: ...


type Said = Words | BillingWords | Labelled | Text
type Moves = Mapping[tuple[Any, Any], Any]
"""(state, action) → state."""


@dataclass(frozen=True, slots=True)
class Owner:
    """Who answers for what stays in a state, and what notices that it does."""

    role: str
    sweep: str


@dataclass(frozen=True, slots=True)
class Machine:
    """`moves` and words are the code's own; `owners` names every state that is not final."""

    title: str
    kind: type[IntEnum | StrEnum]
    moves: Moves
    final: AbstractSet[Any]
    words: Mapping[Any, Any]
    owners: Mapping[Any, Owner] = field(default_factory=dict)
    hatched: AbstractSet[Any] = frozenset()
    intro: str = ""
    level: str = "##"


def drawn(machine: Machine) -> str:
    """Its chapter in Markdown."""
    head = [f"{machine.level} {machine.title}", "", *([machine.intro, ""] if machine.intro else [])]
    return "\n".join([*head, *_diagram(machine), "", *table(machine), ""])


def _diagram(machine: Machine) -> list[str]:
    first = next(iter(machine.kind))
    arrows = [f"    {before.name} --> {after.name}: {action}" for (before, action), after in machine.moves.items()]
    names = [f'    state "{label(state, machine.words)}" as {state.name}' for state in machine.kind]
    ends = [f"    {state.name} --> [*]" for state in machine.kind
            if state in machine.final and not _leads_on(state, machine.moves)]
    stopped = [state.name for state in machine.kind if state in machine.hatched]
    marks = ["    classDef hatched stroke-dasharray: 5 5", f"    class {','.join(stopped)} hatched"] if stopped else []
    return ["```mermaid", "stateDiagram-v2", *names, f"    [*] --> {first.name}", *arrows, *ends, *marks, "```"]


def _leads_on(state: object, moves: Moves) -> bool:
    return any(before == state for before, _ in moves)


def label(state: IntEnum | StrEnum, words: Mapping[Any, Any]) -> str:
    """The Vietnamese word, behind the national code where there is one."""
    code = f"{state.value} " if isinstance(state, IntEnum) else ""
    return f"{code}{both(words[state])[0]}"


def table(machine: Machine) -> Sequence[str]:
    rows = ["| state | Vietnamese | English | who answers for it | sweep |", "| --- | --- | --- | --- | --- |"]
    for state in machine.kind:
        owner = machine.owners.get(state)
        who = "final" if state in machine.final else (owner.role.replace("_", " ") if owner else "nobody")
        vietnamese, english = both(machine.words[state])
        code = f"{state.value} `{state.name.lower()}`" if isinstance(state, IntEnum) else f"`{state.value}`"
        rows.append(f"| {code} | {vietnamese} | {english} | {who} | {owner.sweep if owner else ''} |")
    return rows


def both(said: Any) -> tuple[str, str]:
    """Vietnamese and English, however an app keeps its words."""
    if isinstance(said, Words | BillingWords):
        return said.vi, said.en
    text = getattr(said, "label", said)
    with translation.override("vi"):
        vietnamese = str(text)
    with translation.override("en"):
        return vietnamese, str(text)
