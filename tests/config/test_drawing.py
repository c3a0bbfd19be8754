"""docs/states.md is drawn from the tables: all of them, and no state that is not final is nobody's."""

from collections.abc import Iterator, Mapping
from enum import Enum
from importlib import import_module

import pytest
from django.conf import settings

from config.drawing.document import machines, states_document

MACHINES = list(machines())


def test_the_drawing_is_the_tables():
    drawn = (settings.BASE_DIR / "docs" / "states.md").read_text(encoding="utf-8")

    assert drawn == states_document(), "run: python manage.py draw_states"


@pytest.mark.parametrize("machine", MACHINES, ids=lambda machine: machine.title)
def test_every_state_has_words_and_who_answers_for_it_until_it_ends(machine):
    assert [state for state in machine.kind if state not in machine.words] == []
    assert set(machine.kind) - set(machine.final) == set(machine.owners)


def tables() -> Iterator[tuple[str, type]]:
    """Every table (state, action) → state of the rules of any app."""
    for path in settings.BASE_DIR.glob("*/**/rules*/**/*.py"):
        yield from _tables_in(path)
    for path in settings.BASE_DIR.glob("*/**/rules.py"):
        yield from _tables_in(path)


def _tables_in(path) -> Iterator[tuple[str, type]]:
    inside = path.relative_to(settings.BASE_DIR)
    if inside.parts[0] not in {"intake", "delivery", "billing", "agents"}:
        return
    module = import_module(".".join(inside.with_suffix("").parts).removesuffix(".__init__"))
    for name, value in vars(module).items():
        if isinstance(value, Mapping) and value and all(_is_move(*row) for row in value.items()):
            yield f"{module.__name__}.{name}", type(next(iter(value.values())))


def _is_move(key: object, after: object) -> bool:
    return isinstance(key, tuple) and len(key) == 2 and isinstance(key[0], Enum) and type(key[0]) is type(after)


def test_no_table_of_states_is_left_out():
    known = {machine.kind for machine in MACHINES}
    found = list(tables())

    assert len(found) >= 12
    assert [name for name, kind in found if kind not in known] == []
