"""Reading a JSON body: strict UTF-8 and RFC 8259, no name twice, not too deep, not too large."""

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

import orjson
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from ninja.parser import Parser

from shared.problems import BodyTooLarge, MalformedJson, UnsupportedMediaType, told

LARGEST_BODY: Final = 1_048_576
DEEPEST: Final = 32
_BOM: Final = b"\xef\xbb\xbf"


class StrictParser(Parser):
    """ninja's parser, refusing what a lenient one would guess at."""

    def parse_body(self, request: HttpRequest) -> Any:
        """The body's value.

        Raises:
            UnsupportedMediaType: it does not call itself JSON.
            BodyTooLarge: it has more than a mebibyte.
            MalformedJson: it is not JSON, names something twice or nests too deep.
        """
        if request.content_type != "application/json":
            raise UnsupportedMediaType
        return read(request.body)


def read(body: bytes) -> Any:
    """The value of a JSON text; raises as `StrictParser.parse_body` does."""
    if len(body) > LARGEST_BODY:
        raise BodyTooLarge(_("A body may have at most 1 MB; send papers as documents."))
    if body.startswith(_BOM):
        raise MalformedJson(_("Leave out the byte order mark at the beginning."))
    # Cheap bound first: most bodies cannot be deep at all.
    if body.count(b"[") + body.count(b"{") > DEEPEST and _depth(body) > DEEPEST:
        raise MalformedJson(told(_("Nothing here nests deeper than {deepest} levels."), deepest=DEEPEST))
    try:
        value = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise MalformedJson(told(_("Line {line}, column {column} cannot be read; send UTF-8 JSON."),
                                 line=error.lineno, column=error.colno)) from error
    if isinstance(value, dict | list):
        json.loads(body, object_pairs_hook=_unique)
    return value


def _unique(pairs: Sequence[tuple[str, Any]]) -> Mapping[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _value in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise MalformedJson(told(_("“{name}” is given twice; give it once."), name=twice[:80]))
    return found


def _depth(body: bytes) -> int:
    """How deep brackets nest outside of strings; runs over at most a mebibyte once."""
    deepest = depth = 0
    in_string = escaped = False
    for byte in body:
        if in_string:
            escaped, in_string = (False, True) if escaped else (byte == 0x5C, byte != 0x22)
        elif byte == 0x22:
            in_string = True
        elif byte in b"[{":
            depth += 1
            deepest = max(deepest, depth)
        elif byte in b"]}":
            depth -= 1
    return deepest
