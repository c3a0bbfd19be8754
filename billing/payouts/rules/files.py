"""The bank's file of a batch: plain ASCII, its sums told three times, and a digest over all of it.

    H,WARDPOST,1,<batch>,<yyyymmdd>,VND,<orders>,<sum>
    D,<number>,<reference>,<bank's BIN>,<account>,<NAME>,<amount>,<PURPOSE>
    T,<orders>,<sum>,<sum of the digits of all accounts>,<SHA-256 of every line above, each with its CR LF>

Names are capitals without accents, because that is what banks compare; no cell begins with a sign that a spreadsheet
would take for a formula.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Final

from shared.money import Money
from shared.text import fold

LONGEST_NAME: Final = 70
LONGEST_PURPOSE: Final = 70
_NOT_PLAIN: Final = re.compile(r"[^A-Z0-9 .-]+")


@dataclass(frozen=True, slots=True)
class FileRow:
    """One order as the bank reads it."""

    reference: str
    bank_bin: str
    account_number: str
    name: str
    amount: Money
    purpose: str


def ascii_name(text: str, longest: int = LONGEST_NAME) -> str:
    """`text` in plain capitals: "Bưu điện TP. Hà Nội" → "BUU DIEN TP. HA NOI"."""
    plain = _NOT_PLAIN.sub(" ", fold(text).upper())
    return " ".join(plain.split())[:longest].strip(" .-")


def bank_file(number: str, day: date, rows: Sequence[FileRow]) -> bytes:
    """The whole file; the same orders give the same bytes."""
    total = sum(row.amount.amount for row in rows)
    lines = [f"H,WARDPOST,1,{number},{day:%Y%m%d},VND,{len(rows)},{total}"]
    lines += [",".join(("D", str(at), row.reference, row.bank_bin, row.account_number, ascii_name(row.name),
                        str(row.amount.amount), ascii_name(row.purpose, LONGEST_PURPOSE)))
              for at, row in enumerate(rows, start=1)]
    body = "".join(f"{line}\r\n" for line in lines).encode("ascii")
    digits = sum(int(sign) for row in rows for sign in row.account_number if sign.isdecimal())
    return body + f"T,{len(rows)},{total},{digits},{sha256(body).hexdigest()}\r\n".encode("ascii")


def file_fault(content: bytes) -> str:
    """What is wrong with a file that came back; empty when it is whole."""
    body, _, last = content.rstrip(b"\r\n").rpartition(b"\r\n")
    trailer = last.decode("ascii", "replace").split(",")
    if trailer[0] != "T" or len(trailer) != 5:
        return "no-trailer"
    return "" if sha256(body + b"\r\n").hexdigest() == trailer[4] else "altered"
