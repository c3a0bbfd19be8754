"""Holds JSON against the annotations of Stripe's own library: what is missing, unknown or of another type."""

import builtins
import importlib
import inspect
import sys
import typing
from functools import cache
from types import UnionType

import stripe
from stripe._object_classes import OBJECT_CLASSES

from billing.simulator.service import public

_SPACE = {name: getattr(stripe, name) for name in dir(stripe)} | {
    "stripe": stripe, "ExpandableField": typing.Union, **vars(typing)}


class _Expandable:
    def __class_getitem__(cls, kind):
        return typing.Union[str, kind]  # noqa: UP007  # the name of a class may be a forward reference


def faults_of(kind: str, told: dict[str, typing.Any]) -> list[str]:
    """What is wrong with an object of the stand-in; the names it keeps for itself begin with "_"."""
    module, name = OBJECT_CLASSES[kind]
    return _of_object(getattr(importlib.import_module(module), name), public(told), kind)


@cache
def _hints(kind: type) -> dict[str, object]:
    space = {**_SPACE, **vars(sys.modules[kind.__module__]), "ExpandableField": _Expandable}
    for part in _owners(kind):
        space |= {name: each for name, each in vars(part).items() if isinstance(each, type)}
    return typing.get_type_hints(kind, globalns=space, localns=_Lenient(space))


class _Lenient(dict[str, object]):
    """Names that only a type checker would see may be anything."""

    def __missing__(self, name):
        if name.startswith("__") or hasattr(builtins, name):
            raise KeyError(name)
        return typing.Any


def _owners(kind: type) -> list[type]:
    found, here = [], sys.modules[kind.__module__]
    for name in kind.__qualname__.split("."):
        here = getattr(here, name)
        found.append(here)
    return found


def _of_object(kind: type, told: dict[str, typing.Any], where: str) -> list[str]:
    hints = {name: hint for name, hint in _hints(kind).items() if not name.startswith("_") and name != "OBJECT_NAME"}
    wrong = [f"{where}.{name}: unknown to the SDK" for name in told if name not in hints]
    for name, hint in hints.items():
        if name in told:
            wrong += _of_value(hint, told[name], f"{where}.{name}")
        elif not _is_optional(hint) and name in _own_annotations(kind):
            wrong.append(f"{where}.{name}: missing")
    return wrong


def _own_annotations(kind: type) -> set[str]:
    return set(inspect.get_annotations(kind))


def _is_optional(hint: object) -> bool:
    return hint is typing.Any or type(None) in typing.get_args(hint)


def _of_value(hint: object, value: object, where: str) -> list[str]:
    origin = typing.get_origin(hint)
    if hint is typing.Any or isinstance(hint, (str, typing.ForwardRef, typing.TypeVar)):
        return []
    if origin in {typing.Union, UnionType}:
        tried = [_of_value(each, value, where) for each in typing.get_args(hint)]
        return [] if any(not each for each in tried) else min(tried, key=len)
    if origin is typing.Literal:
        return [] if value in typing.get_args(hint) else [f"{where}: {value!r} is no value of it"]
    if origin is list:
        if not isinstance(value, list):
            return [f"{where}: no list"]
        return [fault for each in value for fault in _of_value(typing.get_args(hint)[0], each, where)]
    bare = origin or hint
    if isinstance(bare, type) and issubclass(bare, stripe.StripeObject):
        if not isinstance(value, dict):
            return [f"{where}: no object"]
        return [] if bare.__name__ in {"UntypedStripeObject", "ListObject"} else _of_object(bare, value, where)
    if bare in {int, str, bool, type(None)}:
        return [] if type(value) is bare else [f"{where}: {value!r} is no {bare.__name__}"]
    return []
