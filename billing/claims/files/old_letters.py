"""Letters of the two Vietnamese font encodings from before Unicode: TCVN 5712:1993 (ABC fonts) and VNI for Windows."""

import re
import unicodedata
from collections.abc import Mapping
from typing import Final

_TCVN3_LETTERS: Final = {
    0xA1: "ĂÂÊÔƠƯĐăâêôơưđ", 0xB5: "àảãáạ", 0xBB: "ằẳẵắ", 0xC6: "ặầẩẫấậè", 0xCE: "ẻẽéẹềểễếệìỉ", 0xDC: "ĩíịò",
    0xE1: "ỏõóọồổỗốộờởỡớợù", 0xF1: "ủũúụừửữứựỳỷỹýỵ",
}


def _unknown() -> dict[int, str]:
    """Bytes above ASCII that have no letter: a lone surrogate that keeps the byte."""
    return {byte: chr(0xDC00 + byte) for byte in range(0x80, 0x100)}


def _tcvn3() -> dict[int, str]:
    letters = {first + at: letter for first, run in _TCVN3_LETTERS.items() for at, letter in enumerate(run)}
    return _unknown() | {0xA0: " "} | letters


TCVN3: Final[Mapping[int, str]] = _tcvn3()

_GRAVE, _ACUTE, _HOOK, _TILDE, _DOT = "\u0300", "\u0301", "\u0309", "\u0303", "\u0323"
_HAT, _BREVE, _HORN = "\u0302", "\u0306", "\u031b"
# A second letter that stands for the marks of the first.
_MARKS: Final = {
    "ø": _GRAVE, "ù": _ACUTE, "û": _HOOK, "õ": _TILDE, "ï": _DOT, "â": _HAT, "ê": _BREVE,
    "à": _HAT + _GRAVE, "á": _HAT + _ACUTE, "å": _HAT + _HOOK, "ã": _HAT + _TILDE, "ä": _HAT + _DOT,
    "è": _BREVE + _GRAVE, "é": _BREVE + _ACUTE, "ú": _BREVE + _HOOK, "ü": _BREVE + _TILDE, "ë": _BREVE + _DOT,
}
_HORNED: Final = {"ô": "ơ", "ö": "ư", "Ô": "Ơ", "Ö": "Ư"}
_SINGLE: Final[Mapping[str, str]] = {
    **_HORNED, "ì": "ì", "í": "í", "æ": "ỉ", "ó": "ĩ", "ò": "ị", "î": "ỵ", "ñ": "đ", "Ì": "Ì", "Í": "Í", "Æ": "Ỉ",
    "Ó": "Ĩ", "Ò": "Ị", "Î": "Ỵ", "Ñ": "Đ", "\u00a0": " "}
_VNI: Final = re.compile(r"[aeouyAEOUYôöÔÖ][øùûõïâêàáåãäèéúüëØÙÛÕÏÂÊÀÁÅÃÄÈÉÚÜË]|[\x80-\xff]")


def from_vni(text: str) -> str:
    """`text` is the file's bytes read as Latin-1."""
    return _VNI.sub(_letter, text)


def _letter(found: re.Match[str]) -> str:
    old = found[0]
    if len(old) == 1:
        return _SINGLE.get(old, chr(0xDC00 + ord(old)))
    return unicodedata.normalize("NFC", _HORNED.get(old[0], old[0]) + _MARKS[old[1].lower()])
