"""What the programme asks of the house above it, which fills it when it starts."""

from collections.abc import Callable, Mapping

from shared.errors import Text

type AskGroups = Callable[[], Mapping[str, Text]]

_groups: list[AskGroups] = []


def register_groups(ask: AskGroups) -> None:
    """`ask()`: procedure groups and what they are called."""
    _groups[:] = [ask]


def groups() -> Mapping[str, Text]:
    return _groups[0]() if _groups else {}
