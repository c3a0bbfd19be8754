"""Vietnamese text: one form inside the system (NFC), one folded key for search."""

import re
import unicodedata

_SPACES = re.compile(r"\s+")
# What text in the old TCVN3 or VNI fonts looks like when read as Unicode ("NguyÔn", "Nguyeãn"): letters that
# Vietnamese never writes, or never next to one another. Letters of the Ê Đê and other peoples stay possible.
_MOJIBAKE = re.compile(
    r"[¸µ¶·¹¨»¾¼½Æ©ÇË®ÐÏÑ\u00ad×ØÜÞßñ§ª«¬÷þ]"  # TCVN3: letters and signs that Vietnamese does not have
    # VNI: a tone written as a second vowel.
    r"|(?i:[aeo][äå]|a[ëüèéêú]|[aeouyôö][ïûø]|[ae][âàáã]|e[ùõ]|oâ|uõ|öô|[ôö][ùõ])"
)


def clean(text: str) -> str:
    """NFC, trimmed, runs of white space folded into one space. Letters stay as typed ("Hoà" is not made "Hòa")."""
    return _SPACES.sub(" ", unicodedata.normalize("NFC", text)).strip()


def clean_lines(text: str) -> str:
    """As `clean`, line by line: line breaks stay, at most one empty line in a row."""
    lines = (clean(line) for line in text.splitlines())
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def fold(text: str) -> str:
    """The search key of `text`: lower case, no tone or vowel marks, đ as d: `Đoàn` and `doan` are one."""
    decomposed = unicodedata.normalize("NFD", text.lower().replace("đ", "d"))
    bare = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    return _SPACES.sub(" ", bare).strip()


def hidden_character(text: str) -> int | None:
    """Position of the first control, format or surrogate character (NUL, zero-width, direction override), if any."""
    return next((i for i, c in enumerate(text) if unicodedata.category(c) in {"Cc", "Cf", "Cs", "Co", "Cn"}), None)


def looks_like_wrong_font(text: str) -> bool:
    """Whether `text` was typed in an old TCVN3 or VNI font and now reads as broken letters."""
    letters = unicodedata.normalize("NFC", text)
    # "TÊn", "HuÕ": in TCVN3 the small letters lie where Unicode has these capitals.
    inside = any(letter in "ÈÉÊÌÎÒÓÔÕÖÚÝ" and (before.islower() or (before.isupper() and after.islower()))
                 for before, letter, after in zip(letters, letters[1:], letters[2:] + " ", strict=False))
    return inside or _MOJIBAKE.search(letters) is not None


def harmless(cell: str) -> str:
    """A cell of a CSV file so that no spreadsheet takes it for a formula: names are typed by people."""
    return f"'{cell}" if cell.startswith(tuple("=+-@\t\r＝＋－＠")) else cell
