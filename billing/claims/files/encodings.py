"""Which encoding a Vietnamese CSV file is in, guessed with a score that a person sees before she confirms.

UTF-8 and UTF-16 are known by themselves. A file in an old one-byte encoding is read as Windows-1258, TCVN3 (ABC fonts)
and VNI in turn, and the reading with the most Vietnamese in it wins. Bytes that an encoding does not have stay in the
text as lone surrogates, so that the row and column they stand in can be named.
"""

import codecs
import re
import unicodedata
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from billing.claims.files.old_letters import TCVN3, from_vni

_VIETNAMESE: Final = frozenset(
    "àáảãạăằắẳẵặâầấẩẫậèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵđ"
    "ÀÁẢÃẠĂẰẮẲẴẶÂẦẤẨẪẬÈÉẺẼẸÊỀẾỂỄỆÌÍỈĨỊÒÓỎÕỌÔỒỐỔỖỘƠỜỚỞỠỢÙÚỦŨỤƯỪỨỬỮỰỲÝỶỸỴĐ–—’“”…\u00a0")
_MULTI_BYTE: Final = re.compile(rb"[\xc3-\xe1][\x80-\xbf]")
_SURROGATE: Final = re.compile("[\udc80-\udcff]")
_SAMPLE: Final = 200_000


@dataclass(frozen=True, slots=True)
class Decoded:
    text: str
    encoding: str
    score: int
    """Per cent: how sure we are."""


def decode(content: bytes) -> Decoded:
    """The text of `content`; undecodable bytes are lone surrogates (`undecodable` tells them)."""
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return Decoded(content.decode("utf-16", "replace"), "UTF-16", 100)
    if (wide := _wide(content)) is not None:
        return wide
    has_mark = content.startswith(codecs.BOM_UTF8)
    text = content.removeprefix(codecs.BOM_UTF8).decode("utf-8", "surrogateescape")
    strange = len(_SURROGATE.findall(text))
    if not strange:
        return Decoded(unicodedata.normalize("NFC", text), "UTF-8", 100)
    if has_mark or _MULTI_BYTE.search(content):
        # Some of it is UTF-8: the rest is damage, and is named, never guessed.
        return Decoded(unicodedata.normalize("NFC", text), "UTF-8", max(1, 99 - strange))
    return _old(content)


def _wide(content: bytes) -> Decoded | None:
    """UTF-16 without its mark: every second byte of plain letters is zero."""
    head = content[:2000]
    for name, at in (("utf-16-le", 1), ("utf-16-be", 0)):
        if len(head) > 8 and head[at::2].count(0) > len(head) // 4:
            return Decoded(unicodedata.normalize("NFC", content.decode(name, "replace")), "UTF-16", 90)
    return None


def _old(content: bytes) -> Decoded:
    sample = content[:_SAMPLE]
    readings = (("Windows-1258", _windows), ("TCVN3", _tcvn3), ("VNI", _vni))
    scored = [(_score(read(sample)), -at, name, read) for at, (name, read) in enumerate(readings)]
    score, _at, name, read = max(scored, key=lambda each: each[:2])
    return Decoded(read(content), name, score)


def _score(text: str) -> int:
    """How much of what is not plain ASCII is Vietnamese, and does not change case inside a word, in per cent."""
    marked = [letter for letter in text if ord(letter) > 127]
    if not marked:
        return 100
    good = sum(letter in _VIETNAMESE for letter in marked)
    odd = sum(before.islower() and after.isupper() for before, after in pairwise(text))
    return max(0, 100 * (good - odd) // len(marked) - 1)


def _windows(content: bytes) -> str:
    return unicodedata.normalize("NFC", content.decode("cp1258", "surrogateescape"))


def _tcvn3(content: bytes) -> str:
    return content.decode("latin-1").translate(TCVN3)


def _vni(content: bytes) -> str:
    return from_vni(content.decode("latin-1"))


def undecodable(cell: str) -> str:
    """The bytes in `cell` that its encoding does not have, as hexadecimal; empty when there are none."""
    if cell.isascii():
        return ""
    found = [f"{ord(letter) - 0xDC00:02X}" for letter in _SURROGATE.findall(cell)]
    return " ".join(found) or ("FFFD" if "\ufffd" in cell else "")
