"""People's names and free text as typed at a counter, in many keyboards and fonts."""

import re
import unicodedata
from typing import Final

from intake.rules.faults import Fault, fault
from shared.text import clean, hidden_character, looks_like_wrong_font

LONGEST_NAME: Final = 120
LONGEST_NOTE: Final = 2000

_BREAKS: Final = re.compile(r"[\t\n\v\f\r]")
# Between letters of one name; H'Hen is a name, and so is Jean-Paul.
_JOINERS: Final = frozenset(" '’ʼ-")
# Twelve digits, in groups or not: what a national ID number looks like inside a sentence.
_TWELVE_DIGITS: Final = re.compile(r"(?<!\d)(?:\d[ .\-]?){11}\d(?!\d)", re.ASCII)


def check_name(typed: str) -> str | Fault:
    """The name in NFC with single spaces; "Hoà" and "Hòa" stay as typed, one letter and apostrophes are names."""
    spaced = _BREAKS.sub(" ", typed)
    hidden = hidden_character(spaced)
    if hidden is not None:
        return fault("hidden-character", position=hidden + 1)
    name = clean(spaced)
    if not name:
        return Fault("required")
    if len(name) > LONGEST_NAME:
        return fault("too-long", most=LONGEST_NAME, length=len(name))
    return _strange_letter(name) or name


def _strange_letter(name: str) -> Fault | None:
    if any(letter.isdigit() for letter in name):
        return Fault("digits")
    if looks_like_wrong_font(name):
        return Fault("wrong-font")
    for position, letter in enumerate(name, start=1):
        if not _belongs_to_a_name(letter):
            return fault("strange-character", character=letter, position=position)
    return None if any(letter.isalpha() for letter in name) else Fault("required")


def _belongs_to_a_name(letter: str) -> bool:
    """Latin letters, with marks of minority languages that have no single code point, and what joins them."""
    if letter in _JOINERS or unicodedata.category(letter) == "Mn":
        return True
    return letter.isalpha() and unicodedata.name(letter, "").startswith("LATIN ")


def check_text(typed: str, longest: int) -> str | Fault:
    """A line such as an address: NFC, single spaces, nothing hidden; may be empty."""
    spaced = _BREAKS.sub(" ", typed)
    hidden = hidden_character(spaced)
    if hidden is not None:
        return fault("hidden-character", position=hidden + 1)
    text = clean(spaced)
    if len(text) > longest:
        return fault("too-long", most=longest, length=len(text))
    return Fault("wrong-font") if looks_like_wrong_font(text) else text


def check_note(typed: str) -> str | Fault:
    """A note of several lines, in NFC; any national ID number in it is masked, because notes are read by many."""
    note = unicodedata.normalize("NFC", typed).replace("\r\n", "\n").replace("\r", "\n").strip()
    hidden = hidden_character(note.replace("\n", " ").replace("\t", " "))
    if hidden is not None:
        return fault("hidden-character", position=hidden + 1)
    if len(note) > LONGEST_NOTE:
        return fault("too-long", most=LONGEST_NOTE, length=len(note))
    return mask_numbers(note)


def mask_numbers(text: str) -> str:
    """`text` with the middle of every twelve-digit number hidden: 046•••••4127."""
    return _TWELVE_DIGITS.sub(_masked, text)


def _masked(found: re.Match[str]) -> str:
    digits = re.sub(r"\D", "", found[0])
    return f"{digits[:3]}•••••{digits[-4:]}"
