"""Declared originals as they are kept on the row of their dossier in a parcel."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from delivery.records import DeclaredOriginal
from shared.text import clean


def originals_as_data(originals: Iterable[DeclaredOriginal]) -> list[dict[str, Any]]:
    return [{"name": clean(each.name)[:200], "identifier": clean(each.identifier)[:60], "sheets": each.sheets}
            | ({"original_id": str(each.original_id)} if each.original_id else {}) for each in originals]


def originals_from_data(kept: Sequence[Mapping[str, Any]]) -> tuple[DeclaredOriginal, ...]:
    return tuple(DeclaredOriginal(
        each["name"], each.get("identifier", ""), each.get("sheets", 1),
        UUID(each["original_id"]) if each.get("original_id") else None) for each in kept)
